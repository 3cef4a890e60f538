-- Checks journeys: that customers can come into every stage, by events that can happen, and find something there.

local text = require "senda.text"
local nearest = require "senda.nearest"
local checker = require "senda.checker"

local check_stages = {}

local function warn(whole, record, finding)
  checker.report(whole.problems, "warning", record, finding)
end

local function sorted_keys(set)
  local list = {}
  for key in pairs(set) do table.insert(list, key) end
  table.sort(list)
  return list
end

-- A kind that no offer has is a gap in the content; one that an offer nearly has is a slip of the pen.
local function warn_of_kind(whole, record, path, kind)
  if whole.model.offered[kind] or whole.registry:find("kind", kind) then return end
  local near = nearest.find(kind, whole.offered_names)
  if near then
    warn(whole, record, { path = path, message = string.format("no offer is of the kind %s", text.quote(kind)), nearest = near })
  end
end

local LOOKED_UP = { offer = "offer", placement = "placement" }
local TOLD_BY_SENDA = { impression = true, click = true, conversion = true, dismiss = true }

-- Events of the website's own may name what is none of the site's: with them only a slip of the pen is told.
local function warn_of_name(whole, record, path, construct, name, near, told_by_senda)
  if not near and not told_by_senda then return end
  warn(whole, record, {
    path = path, message = string.format("no %s %s%s", construct, text.quote(name), told_by_senda and ": this can't happen" or ""), nearest = near,
  })
end

local function check_rule(whole, record, rule, number)
  local where = rule.where or {}
  local function path(key)
    return #record.enter > 1 and { "enter", number, "where", key } or { "enter", "where", key }
  end
  if type(where.kind) == "string" then warn_of_kind(whole, record, path("kind"), where.kind) end
  for key, construct in pairs(LOOKED_UP) do
    local name = where[key]
    if type(name) == "string" and not whole.registry:find(construct, name) and not whole.registry.broken[construct] then
      local shelf = whole.registry.shelves[construct]
      warn_of_name(whole, record, path(key), construct, name, nearest.find(name, shelf.names, shelf.by_name), TOLD_BY_SENDA[rule.on])
    end
  end
end

local function check_stage(whole, stage)
  local record = stage.record
  if not record.enter and stage.position > 1 and not record.failed then
    warn(whole, record, {
      message = "nothing brings customers here: it isn't the first stage and has no `enter`",
      hint = 'say which event does: enter = { on = "download" }',
    })
  end
  if record.shipped then return end
  for number, rule in ipairs(record.enter or {}) do check_rule(whole, record, rule, number) end
  for position, kind in ipairs(record.kinds or {}) do warn_of_kind(whole, record, { "offers", position }, kind) end
end

-- Declaring a kind gives it a name or a weight: that is lost where nothing is of it.
local function check_kind(whole, kind)
  if not kind.name or kind.failed or whole.registry.broken.offer or whole.model.offered[kind.name] then return end
  local near, is_wanted = nearest.find(kind.name, whole.offered_names), whole.wanted_kinds[kind.name] or whole.model.mentioned.kind[kind.name]
  if not near and is_wanted then return end
  near = near or nearest.find(kind.name, sorted_keys(whole.wanted_kinds))
  warn(whole, kind, {
    message = "no offer is of this kind", nearest = near,
    hint = not near and #whole.offered_names > 0 and "offers are of the kinds " .. text.some(whole.offered_names, 12) or nil,
  })
end

local function find_wanted_kinds(whole)
  local wanted = {}
  for _, stage in ipairs(whole.model.stages) do
    for _, kind in ipairs(stage.record.kinds or {}) do wanted[kind] = true end
  end
  return wanted
end

--- Checks every stage and kind, and the personas that journeys name.
---@param whole senda.Whole
function check_stages.check(whole)
  whole.offered_names = sorted_keys(whole.model.offered)
  whole.wanted_kinds = find_wanted_kinds(whole)
  for _, stage in ipairs(whole.model.stages) do check_stage(whole, stage) end
  for _, kind in ipairs(whole.registry:list("kind")) do check_kind(whole, kind) end
  for _, journey in ipairs(whole.registry:list("journey")) do
    if type(journey.persona) == "string" then whole.resolver:index(journey, { "persona" }, "persona", journey.persona) end
  end
end

local function has_offer(whole, index)
  for placement in ipairs(whole.registry:list("placement")) do
    if whole.reach:has_offer(index, placement) then return true end
  end
  return false
end

--- Warns of stages in which nothing but fallbacks can be shown. Only told once all else is right.
---@param whole senda.Whole
function check_stages.check_gaps(whole)
  if whole.problems.counts.error > 0 or whole.registry:is_incomplete() or #whole.registry:list("offer") == 0 then return end
  for index, stage in ipairs(whole.model.stages) do
    if not stage.record.no_offer and not has_offer(whole, index) then
      local kinds = stage.record.kinds
      warn(whole, stage.record, {
        message = string.format("no offer fits this stage of the journey %s: only fallbacks can be shown in it",
          text.quote(whole.registry:list("journey")[stage.journey].name or "?")),
        hint = kinds and "it takes the kinds " .. text.some(kinds, 12) or nil,
      })
    end
  end
end

return check_stages
