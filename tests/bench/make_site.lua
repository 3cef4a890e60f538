-- Writes the reference site of the benchmark, in the language that marketers write.
--
--   lua5.4 make_site.lua [OFFERS] DIRECTORY [limits]      OFFERS defaults to 400
--
-- With `limits` every other offer may be seen so often and then rests.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path

local reference = require("reference")

local DEFAULT_OFFERS = 400
local FILE_LIMIT = 60 * 1024 -- bytes; a source file may have 64 KiB

local function arguments()
  local count, directory, limited = arg[1], arg[2], arg[3] == "limits"
  if not directory then count, directory = DEFAULT_OFFERS, arg[1] end
  count = math.tointeger(tonumber(count))
  if not directory or not count or count < 1 then
    error("usage: lua5.4 make_site.lua [OFFERS] DIRECTORY [limits]", 0)
  end
  return count, directory, limited
end

local function write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  assert(file:close())
end

local function make_folders(directory)
  for _, folder in ipairs({ "journeys", "personas", "offers", "strategies" }) do
    local quoted = "'" .. (directory .. "/" .. folder):gsub("'", "'\\''") .. "'"
    assert(os.execute("mkdir -p " .. quoted))
  end
end

local function texts(list)
  local quoted = {}
  for i, text in ipairs(list) do
    quoted[i] = ("%q"):format(text)
  end
  return "{ " .. table.concat(quoted, ", ") .. " }"
end

local function site_text(extended)
  local locales = { table.unpack(reference.locales) }
  if extended then locales[#locales + 1] = reference.refused_locale end
  return ([[
site "reference" {
  locale = %q,
  locales = %s,
  time_zone = "UTC",
  journey = %q,
}
]]):format(locales[1], texts(locales), reference.journey)
end

local function stage_text(name)
  return ([[
  stage %q {
    goal = "Finds what is useful now.",
    enter = { on = "page_view", where = { section = %q } },
  },
]]):format(name, name)
end

local function journey_text(name, stages)
  local parts = {}
  for i, stage in ipairs(stages) do
    parts[i] = stage_text(stage)
  end
  return ("journey %q {\n  model = \"b2b\",\n%s}\n"):format(name, table.concat(parts))
end

local function persona_text(name)
  return ("persona %q { match = function(c) return c.traits.role == %q end }\n"):format(name, name)
end

local function personas_text(names)
  local parts = {}
  for i, name in ipairs(names) do
    parts[i] = persona_text(name)
  end
  return table.concat(parts)
end

local function placements_text()
  local parts = {}
  for i, name in ipairs(reference.placements) do
    parts[i] = ("placement %q { count = %d, fallback = %q }\n"):format(
      name, reference.slots, reference.fallback(name).id)
  end
  return table.concat(parts)
end

local function strategy_text()
  return ([[
-- Shows what is worth most among what the customer has not seen too often; what is special, only to who asks for it.
strategy "most-useful" {
  because = { es = %q, en = %q },

  eligible = function(c, o)
    if (c.context.seen or 0) >= o.data.cap then
      return false, "seen often enough"
    end
    return o:tagged(c.context.interest) or not o:tagged("special")
  end,

  score = function(c, o)
    local score = 1
    if o.data.language == c.locale then score = score * 1.2 end
    if o:tagged(c.context.interest) then score = score * 1.5 end
    return score
  end,
}
]]):format(reference.because.es, reference.because.en)
end

local count, directory, limited = arguments()

local function where_text(offer)
  if not offer.stage then return "placements = {}" end
  local stage = offer.journey and offer.journey .. "/" .. offer.stage or offer.stage
  local text = ("stages = { %q }, placements = { %q }"):format(stage, offer.placement)
  if offer.personas then text = text .. ", personas = " .. texts(offer.personas) end
  if offer.locales then text = text .. ", locales = " .. texts(offer.locales) end
  return text
end

local function title_text(offer, extended)
  local text = ("es = %q, en = %q"):format(offer.title.es, offer.title.en)
  return extended and ("%s, %s = %q"):format(text, reference.refused_locale, offer.title.en) or text
end

local LIMIT = '  limit = { impressions = 40, within = "7d", rest = "10d" },\n'

local function limit_text(offer)
  local number = tonumber(offer.id:match("^offer%-(%d+)$"))
  return limited and number and number % 2 == 0 and LIMIT or ""
end

local function offer_text(offer, extended)
  local dates = offer.ends and ("  starts = %q, ends = %q,\n"):format(offer.starts, offer.ends) or ""
  local data = offer.data
  return ([[
offer %q {
  kind = %q, title = { %s },
  url = %q,
  %s, tags = %s,
  value = %.14g, weight = %d,
%s%s  data = { cap = %d, pages = %d, minutes = %d, language = %q, author = %q },
}
]]):format(offer.id, offer.kind, title_text(offer, extended), offer.url, where_text(offer),
    texts(offer.tags), offer.value, offer.weight, dates, limit_text(offer), data.cap, data.pages, data.minutes, data.language, data.author)
end

-- Offers in files below the limit, numbered so that byte order is order of declaration.
local function write_offers(folder, offers, extended)
  local parts, size, files = {}, 0, 0
  local function flush()
    files = files + 1
    write(("%s/offers/%05d.lua"):format(folder, files), table.concat(parts))
    parts, size = {}, 0
  end
  for offer in reference.offers(offers) do
    local text = offer_text(offer, extended)
    if size + #text > FILE_LIMIT then flush() end
    parts[#parts + 1], size = text, size + #text
  end
  flush()
end

local function fallbacks_text(extended)
  local parts = {}
  for i, placement in ipairs(reference.placements) do
    parts[i] = offer_text(reference.fallback(placement), extended)
  end
  return table.concat(parts)
end

local extended = reference.has_refused(count)
make_folders(directory)
write(directory .. "/site.lua", site_text(extended))
write(directory .. "/journeys/reference.lua", journey_text(reference.journey, reference.stages))
write(directory .. "/personas/customers.lua", personas_text(reference.personas))
if extended then
  write(directory .. "/journeys/partners.lua", journey_text(reference.other_journey, reference.other_stages))
  write(directory .. "/personas/partners.lua", personas_text(reference.refused_personas))
end
write(directory .. "/placements.lua", placements_text())
write(directory .. "/strategies/most_useful.lua", strategy_text())
write(directory .. "/offers/fallback.lua", fallbacks_text(extended))
write_offers(directory, count, extended)
