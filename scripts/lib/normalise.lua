-- Makes of a checked site the plain tables that the daemon is built from: no names to look up, nothing left to check.

local model_names = require "senda.model"
local limits = require "senda.limits"

local normalise = {}

local function pick(record, fields)
  local picked = {}
  for _, field in ipairs(fields) do picked[field] = record[field] end
  return picked
end

local function each(list, convert, ...)
  local converted = {}
  for index, item in ipairs(list) do converted[index] = convert(item, ...) end
  return converted
end

local function kind_of(name, registry)
  local declared = registry:find("kind", name)
  return { name = name, names = declared and declared.names, weight = declared and declared.weight or 0 }
end

local STAGE_ROWS = {
  "names", "phase", "description", "goal", "customer", "thinking", "company", "needs", "desires", "information", "frictions",
  "channels", "metrics", "touchpoints", "emotion", "objectives", "basis",
}

local function kinds_of(names, index)
  local kinds = {}
  for _, name in ipairs(names) do table.insert(kinds, index[name]) end
  return kinds
end

-- What an event must say as a list, always in the same order.
local function rule_of(rule)
  local where = {}
  for key, value in pairs(rule.where or {}) do table.insert(where, { key = key, value = value }) end
  table.sort(where, function(a, b) return a.key < b.key end)
  return { on = rule.on, where = where, times = rule.times, within = rule.within }
end

local function stage_of(placed, model)
  local record = placed.record
  local map, aliases = pick(record, STAGE_ROWS), model_names.other_names(record)
  map.basis = map.basis or "assumed"
  map.aliases = #aliases > 0 and aliases or nil
  return {
    name = record.name, journey = placed.journey, position = placed.position, aliases = aliases,
    kinds = record.kinds and kinds_of(record.kinds, model.kind.index), no_offer = record.no_offer,
    enter = record.enter and each(record.enter, rule_of), re_enter = record.re_enter, leave_after = record.leave_after,
    map = map, file = record.file, line = record.line,
  }
end

local JOURNEY_ROWS = { "names", "model", "summary", "persona", "barrier", "insight", "objectives", "metrics" }

local function journey_of(record, first_stage)
  local journey = pick(record, { "name", "model", "locale", "weight", "names", "file", "line" })
  journey.first, journey.count = first_stage[record.index], #record.stages
  journey.map = pick(record, JOURNEY_ROWS)
  return journey
end

local PERSONA_ROWS = {
  "title", "summary", "photo", "demographics", "psychographics", "behaviour", "needs", "pains", "motivations", "goals",
  "weaknesses", "barrier", "insight",
}

local function persona_of(record)
  local persona = pick(record, { "name", "match", "title", "file", "line" })
  persona.map = pick(record, PERSONA_ROWS)
  return persona
end

local function placement_of(record)
  return {
    name = record.name, count = record.count, kinds = record.kind_indexes, fallback = record.fallback_indexes,
    names = record.names, touchpoint = record.touchpoint, file = record.file, line = record.line,
  }
end

-- In place: there may be a hundred thousand of them.
local function finish_offer(offer, model, numbered)
  offer.limits = limits.of(numbered, offer, model.kind.index[offer.kind])
  offer.id, offer.name, offer.construct, offer.index = offer.name, nil, nil, nil
  offer.kind = model.kind.index[offer.kind]
  offer.urls = offer.urls or nil
  offer.stages, offer.stage_indexes, offer.journeys = offer.stage_indexes, nil, nil
  offer.personas, offer.persona_indexes = offer.persona_indexes, nil
  offer.placements, offer.placement_indexes = offer.placement_indexes, nil
  offer.tag_names, offer.tags, offer.tag_indexes = offer.tags, offer.tag_indexes, nil
  offer.consent = offer.consent and model.consent.index[offer.consent]
  offer.shipped, offer.nth = nil, nil
  return offer
end

local function policy_of(record)
  return {
    name = record.name, offers = record.offer_indexes, kinds = record.kind_indexes, tags = record.tag_indexes, limit = record.limit,
    file = record.file, line = record.line,
  }
end

local function strategy_of(record)
  local strategy = pick(record, { "name", "when", "eligible", "score", "explore", "because", "file", "line" })
  strategy.stages, strategy.placements = record.stage_indexes, record.placement_indexes
  return strategy
end

local GIVEN = { "journey", "stage", "persona", "locale", "touchpoint", "customer", "context", "traits", "consents" }
local HISTORY = { "did", "seen", "clicked", "dismissed", "in_stage_for" }

-- What a request can say stands apart from what is remembered.
local function test_of(record)
  local test = pick(record, { "name", "at", "now", "count", "expect", "file", "line" })
  test.given, test.history = pick(record.given or {}, GIVEN), pick(record.given or {}, HISTORY)
  return test
end

local function site_of(site)
  local picked = pick(site, { "name", "locale", "locales", "time_zone" })
  picked.journey = site.journey_index
  return picked
end

--- Everything but the offers, which are finished in pieces.
---@param loader senda.Loader
---@return table
function normalise.finish(loader)
  local registry, whole = loader.registry, loader.whole
  local model = whole.model
  loader.limits = limits.new(registry:list("policy"))
  return {
    site = site_of(whole.site), kinds = each(model.kind.names, kind_of, registry), tags = model.tag.names, consents = model.consent.names,
    stages = each(model.stages, stage_of, model), journeys = each(registry:list("journey"), journey_of, model.first_stage),
    personas = each(registry:list("persona"), persona_of), placements = each(registry:list("placement"), placement_of),
    offers = registry:list("offer"), policies = each(registry:list("policy"), policy_of),
    strategies = each(registry:list("strategy"), strategy_of), tests = each(registry:list("test"), test_of),
    limit_count = loader.limits.count,
  }
end

--- Finishes one offer.
---@param loader senda.Loader
---@param offer senda.Record
function normalise.offer(loader, offer)
  finish_offer(offer, loader.whole.model, loader.limits)
  loader.result.limit_count = loader.limits.count
end

return normalise
