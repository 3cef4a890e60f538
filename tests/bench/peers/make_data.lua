-- Writes the reference catalogue as the peers load it: a line of JSON for each offer (Tarantool), and Redis commands.
--
--   lua5.4 make_data.lua OFFERS DIRECTORY      writes DIRECTORY/offers.jsonl and DIRECTORY/offers.resp

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../?.lua;" .. package.path

local msgpack = require("msgpack")
local reference = require("reference")

local DAY = 24 * 60 * 60
local NEVER = 2 ^ 40 -- seconds since the epoch; beyond every date in the data
local ESCAPES = { ['"'] = '\\"', ["\\"] = "\\\\" }

local function epoch(date)
  local year, month, day = date:match("^(%d+)-(%d+)-(%d+)$")
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  if month <= 2 then year, month = year - 1, month + 12 end
  local days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469
  return days * DAY
end

local json

local function json_list(list)
  local parts = {}
  for i, value in ipairs(list) do
    parts[i] = json(value)
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function json_map(map)
  local keys, parts = {}, {}
  for key in pairs(map) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  for i, key in ipairs(keys) do
    parts[i] = json(key) .. ":" .. json(map[key])
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

function json(value)
  if type(value) == "table" then return (#value > 0 and json_list or json_map)(value) end
  if type(value) == "string" then return '"' .. value:gsub('["\\]', ESCAPES) .. '"' end
  if math.type(value) == "float" then return ("%.17g"):format(value) end
  return tostring(value)
end

-- The catalogue as loaded: dates in seconds (an end day is included), and what the whole is called.
local function with_dates(offer)
  offer.starts = offer.starts and epoch(offer.starts) or 0
  offer.ends = math.tointeger(offer.ends and epoch(offer.ends) + DAY or NEVER)
  return offer
end

local function heading(count)
  local fallback = {}
  for _, placement in ipairs(reference.placements) do
    fallback[placement] = with_dates(reference.fallback(placement))
  end
  return {
    version = ("reference-%d"):format(count),
    journey = reference.journey,
    strategy = "most-useful",
    because = reference.because,
    locales = reference.locales,
    personas = reference.personas,
    slots = reference.slots,
    fallback = fallback,
  }
end

local function write_json(path, head, offers)
  local file = assert(io.open(path, "w"))
  assert(file:write(json(head), "\n"))
  for _, offer in ipairs(offers) do
    assert(file:write(json(offer), "\n"))
  end
  assert(file:close())
end

local function data_map(data)
  return msgpack.map({
    { "cap", data.cap },
    { "pages", data.pages },
    { "minutes", data.minutes },
    { "language", data.language },
    { "author", data.author },
  })
end

-- The pairs of one answered item, but for the score, without the map's header.
local function item_pairs(offer, locale, because)
  local fields = {
    "offer", offer.id, "kind", offer.kind, "title", offer.title[locale], "url", offer.url, "propensity", 1,
    "because", because[locale], "data", data_map(offer.data),
  }
  local parts = {}
  for i, field in ipairs(fields) do
    parts[i] = msgpack.pack(field)
  end
  return table.concat(parts)
end

local function has(list, value)
  for _, each in ipairs(list) do
    if each == value then return true end
  end
  return false
end

local function fits(offer, persona, locale)
  return (not offer.personas or has(offer.personas, persona)) and (not offer.locales or has(offer.locales, locale))
end

local function candidate(offer, locale, because)
  local worth = offer.value * (1 + offer.weight / 100)
  local data, item = offer.data, item_pairs(offer, locale, because)
  return { worth, data.cap, data.language, offer.tags, offer.starts, offer.ends, item }
end

-- Adds the offer to the list of every customer it fits.
local function add_to_lists(lists, offer, because)
  for _, persona in ipairs(reference.personas) do
    for _, locale in ipairs(reference.locales) do
      if fits(offer, persona, locale) then
        local key = table.concat({ "offers", offer.stage, offer.placement, persona, locale }, ":")
        lists[key] = lists[key] or {}
        table.insert(lists[key], candidate(offer, locale, because))
      end
    end
  end
end

local function command(...)
  local parts = { ("*%d\r\n"):format(select("#", ...)) }
  for _, word in ipairs({ ... }) do
    parts[#parts + 1] = ("$%d\r\n%s\r\n"):format(#word, word)
  end
  return table.concat(parts)
end

local function fallback_commands(head)
  local parts = {}
  for placement, offer in pairs(head.fallback) do
    for _, locale in ipairs(reference.locales) do
      local key = ("fallback:%s:%s"):format(placement, locale)
      parts[#parts + 1] = command("SET", key, item_pairs(offer, locale, head.because))
    end
  end
  return table.concat(parts)
end

-- What has ended, or belongs to another journey, can never be answered again and is left out, as a loader would.
local function write_redis(path, head, offers)
  local lists, now = {}, os.time()
  for _, offer in ipairs(offers) do
    if offer.ends > now and not offer.journey then add_to_lists(lists, offer, head.because) end
  end
  local file = assert(io.open(path, "wb"))
  for key, list in pairs(lists) do
    assert(file:write(command("SET", key, msgpack.pack(list))))
  end
  assert(file:write(fallback_commands(head), command("SET", "version", head.version)))
  assert(file:close())
end

local count, directory = math.tointeger(tonumber(arg[1])), arg[2]
if not count or not directory then error("usage: lua5.4 make_data.lua OFFERS DIRECTORY", 0) end

local head, offers = heading(count), {}
for offer in reference.offers(count) do
  offers[#offers + 1] = with_dates(offer)
end
write_json(directory .. "/offers.jsonl", head, offers)
write_redis(directory .. "/offers.resp", head, offers)
