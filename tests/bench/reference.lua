-- The reference catalogue: what the benchmark's site, requests and peers are all made from. The same at every run.
--
-- The first CORE offers are the ones that can be shown. However many more are asked for, those are refused by what
-- is declared of them (dates, personas, locales, stages), so a request finds the same candidates at every size.

local reference = {}

local CORE = 400
local SEED = 20260101

reference.locales = { "es", "en" }
reference.refused_locale = "fr"
reference.stages = { "awareness", "interest", "consideration", "decision", "purchase", "retention", "advocacy" }
reference.other_stages = { "application", "training", "certification" }
reference.placements = { "hero", "sidebar", "banner", "newsletter" }
reference.personas = { "it-manager", "owner", "sales-lead", "analyst" }
reference.refused_personas = { "wholesaler", "franchisee" }
reference.tags = {
  "crm", "billing", "stock", "payroll", "analytics", "security", "backup", "email", "support", "training",
}
reference.slots = 3
reference.journey = "reference"
reference.other_journey = "partners"
reference.because = { es = "lo más útil para usted en este momento", en = "the most useful to you right now" }

local KINDS = { "article", "guide", "webinar", "comparison", "demo", "discount", "success_story" }
local KIND_TITLES = {
  article = { es = "Artículo", en = "Article" },
  guide = { es = "Guía", en = "Guide" },
  webinar = { es = "Seminario", en = "Webinar" },
  comparison = { es = "Comparativa", en = "Comparison" },
  demo = { es = "Demostración", en = "Demo" },
  discount = { es = "Descuento", en = "Discount" },
  success_story = { es = "Caso de éxito", en = "Success story" },
}
local AUTHORS = { "Marta Ruiz", "Jon Etxeberria", "Ana Costa", "Luis Vega", "Sara Molina" }

local function one_of(list)
  return list[math.random(#list)]
end

-- `count` different members of the list, in the list's order.
local function some_of(list, count)
  local chosen, needed = {}, count
  for i, value in ipairs(list) do
    if math.random(#list - i + 1) <= needed then
      chosen[#chosen + 1], needed = value, needed - 1
    end
  end
  return chosen
end

local function base_offer(id, pair)
  local stages, placements = reference.stages, reference.placements
  local kind, topic = one_of(KINDS), one_of(reference.tags)
  return {
    id = id,
    kind = kind,
    title = {
      es = ("%s %s: %s para su empresa"):format(KIND_TITLES[kind].es, id, topic),
      en = ("%s %s: %s for your company"):format(KIND_TITLES[kind].en, id, topic),
    },
    url = ("/%s/%s"):format(kind:gsub("_", "-"), id),
    stage = stages[pair % #stages + 1],
    placement = placements[pair // #stages + 1],
    tags = some_of(reference.tags, math.random(3)),
    value = math.random(500, 9999) / 100,
    weight = math.random(-20, 60),
    data = {
      cap = math.random(1, 8),
      pages = math.random(4, 96),
      minutes = math.random(3, 60),
      language = one_of(reference.locales),
      author = one_of(AUTHORS),
    },
  }
end

-- Every fifth offer of a pair is for everyone, so that each request finds at least three.
local function core_offer(number)
  local pairs_count = #reference.stages * #reference.placements
  local offer = base_offer(("offer-%03d"):format(number), (number - 1) % pairs_count)
  local place = (number - 1) // pairs_count
  if place % 5 == 0 then
    offer.data.cap = 10
    return offer
  end
  local personas = math.random(0, 3)
  if personas > 0 then offer.personas = some_of(reference.personas, personas) end
  if math.random(5) == 1 then offer.tags[#offer.tags + 1] = "special" end
  if math.random(3) == 1 then offer.starts, offer.ends = "2024-01-01", "2099-12-31" end
  return offer
end

local REFUSALS = {
  function(offer) offer.starts, offer.ends = "2021-01-01", ("2023-%02d-28"):format(math.random(12)) end,
  function(offer) offer.personas = some_of(reference.refused_personas, math.random(2)) end,
  function(offer) offer.locales = { reference.refused_locale } end,
  function(offer) offer.stage, offer.journey = one_of(reference.other_stages), reference.other_journey end,
}

local function refused_offer(number)
  local offer = base_offer(("other-%06d"):format(number), (number - 1) % (#reference.stages * #reference.placements))
  REFUSALS[math.random(#REFUSALS)](offer)
  return offer
end

-- What is shown where nothing fits: one offer for each placement, of no place of its own.
function reference.fallback(placement)
  return {
    id = placement .. "-fallback",
    kind = "article",
    title = { es = "Lo más leído", en = "Most read" },
    url = "/most-read/" .. placement,
    tags = {},
    value = 1,
    weight = 0,
    data = { cap = 1000, pages = 1, minutes = 1, language = "es", author = AUTHORS[1] },
  }
end

-- Iterates over `count` offers in order of declaration; the core ones are spread evenly among the rest.
function reference.offers(count)
  math.randomseed(SEED)
  local core, core_count = {}, math.min(count, CORE)
  for number = 1, core_count do
    core[number] = core_offer(number)
  end
  local position, taken = 0, 0
  return function()
    position = position + 1
    if position > count then return nil end
    if position * core_count // count > taken then
      taken = taken + 1
      return core[taken]
    end
    return refused_offer(position - taken)
  end
end

-- Whether a site of `count` offers has any but the core ones, and so needs what those refer to.
function reference.has_refused(count)
  return count > CORE
end

local DEVICES = { "mobile", "desktop", "tablet" }
local REFERRERS = { "https://search.example/?q=crm", "https://news.example/today", "direct", "newsletter" }

local function context()
  return {
    device = one_of(DEVICES),
    visits = math.random(1, 40),
    interest = one_of(reference.tags),
    seen = math.random(0, 6),
    hour = math.random(0, 23),
    referrer = one_of(REFERRERS),
  }
end

-- How many customers ask for each stage, placement, persona and locale: their contexts all differ.
local CONTEXTS = 40

local function shuffle(list)
  for last = #list, 2, -1 do
    local other = math.random(last)
    list[last], list[other] = list[other], list[last]
  end
  return list
end

-- Requests for every stage, placement, persona and locale, in an order that mixes them.
function reference.requests()
  math.randomseed(SEED + 1)
  local requests = {}
  for number = 0, #reference.stages * #reference.placements * #reference.personas * #reference.locales * CONTEXTS - 1 do
    local rest = number // CONTEXTS
    local function take(list)
      local item = list[rest % #list + 1]
      rest = rest // #list
      return item
    end
    table.insert(requests, {
      stage = take(reference.stages), placement = take(reference.placements), persona = take(reference.personas),
      locale = take(reference.locales), context = context(),
    })
  end
  return shuffle(requests)
end

return reference
