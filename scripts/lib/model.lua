-- The site seen as a whole, once every file has been read: flat lists with numbers, by which names are looked up.

local names = require "senda.names"

local model = {}

---@class senda.Numbered
---@field names string[] sorted
---@field index table<string, integer>
---@field known table<string, boolean> those that some offer, stage or declaration brings
---@field known_names string[]

---@class senda.PlacedStage
---@field name string
---@field record senda.Record
---@field journey integer
---@field position integer from 1
---@field kind_set? table<string, boolean> nil: every kind

---@class senda.Model
---@field stages senda.PlacedStage[] over all journeys
---@field by_stage_name table<string, integer[]> also by shown names
---@field stage_names string[]
---@field first_stage integer[] by journey
---@field kind senda.Numbered
---@field tag senda.Numbered
---@field consent senda.Numbered
---@field offered table<string, boolean> kinds that some offer has
---@field mentioned { kind: table<string, boolean>, tag: table<string, boolean> } by placements and policies

local function number(set, mentioned)
  local numbered = { names = {}, index = {}, known = set }
  for name in pairs(set) do table.insert(numbered.names, name) end
  table.sort(numbered.names)
  numbered.known_names = table.move(numbered.names, 1, #numbered.names, 1, {})
  for name in pairs(mentioned or {}) do
    if not set[name] then table.insert(numbered.names, name) end
  end
  table.sort(numbered.names)
  for index, name in ipairs(numbered.names) do numbered.index[name] = index end
  return numbered
end

local function to_set(list)
  if not list then return nil end
  local set = {}
  for _, item in ipairs(list) do set[item] = true end
  return set
end

local function note_stage_name(self, name, index, is_wrong)
  if not name then return end -- a stage that lacks its name was complained about
  local known = self.by_stage_name[name]
  if not known then
    known = {}
    self.by_stage_name[name] = known
    if not is_wrong then table.insert(self.stage_names, name) end
  end
  if known[#known] ~= index then table.insert(known, index) end
end

-- A wrong name is told, with the right one that was suggested: others may use that before the stage does.
local function note_own_name(self, name, index)
  local is_wrong = name ~= nil and not names.is_name(name)
  note_stage_name(self, name, index, is_wrong)
  if is_wrong then note_stage_name(self, names.suggest(name), index) end
end

--- The names besides its own by which a stage can be called, in the order of the alphabet.
---@param stage senda.Record
---@return string[]
function model.other_names(stage)
  local called, seen = {}, { [stage.name or ""] = true }
  for _, group in pairs { stage.names or {}, stage.aliases or {} } do
    for _, name in pairs(group) do
      if name and not seen[name] then -- false: a wrong one, which was told
        seen[name] = true
        table.insert(called, name)
      end
    end
  end
  table.sort(called)
  return called
end

local function place_stage(self, record, journey, position)
  local index = #self.stages + 1
  self.stages[index] = {
    name = record.name, record = record, journey = journey, position = position,
    kind_set = to_set(record.no_offer and {} or record.kinds),
  }
  note_own_name(self, record.name, index)
  for _, name in ipairs(model.other_names(record)) do note_stage_name(self, name, index) end
end

-- What placements and policies speak of gets a number too: it may be that the last offer of a kind was taken away.
local function note_mentions(self, registry)
  for _, placement in ipairs(registry:list("placement")) do
    for _, kind in ipairs(placement.kinds or {}) do self.mentioned.kind[kind] = true end
  end
  for _, policy in ipairs(registry:list("policy")) do
    for _, kind in ipairs(policy.kinds or {}) do self.mentioned.kind[kind] = true end
    for _, tag in ipairs(policy.tags or {}) do self.mentioned.tag[tag] = true end
  end
end

--- Lays out journeys and stages; kinds, tags and consents are gathered afterwards, piece by piece.
---@param registry senda.Registry
---@return senda.Model
function model.new(registry)
  local self = {
    stages = {}, by_stage_name = {}, stage_names = {}, first_stage = {}, offered = {},
    kind_set = {}, tag_set = {}, consent_set = {}, mentioned = { kind = {}, tag = {} },
  }
  for index, journey in ipairs(registry:list("journey")) do
    self.first_stage[index] = #self.stages + 1
    for position, stage in ipairs(journey.stages or {}) do place_stage(self, stage, index, position) end
  end
  for _, stage in ipairs(self.stages) do
    for _, kind in ipairs(stage.record.kinds or {}) do self.kind_set[kind] = true end
  end
  for _, kind in ipairs(registry:list("kind")) do
    if kind.name then self.kind_set[kind.name] = true end
  end
  note_mentions(self, registry)
  return self
end

--- Takes in what one offer brings.
---@param self senda.Model
---@param offer senda.Record
function model.note_offer(self, offer)
  if offer.kind then
    self.kind_set[offer.kind] = true
    self.offered[offer.kind] = true
  end
  for _, tag in ipairs(offer.tags or {}) do self.tag_set[tag] = true end
  if offer.consent then self.consent_set[offer.consent] = true end
end

--- Numbers what has been gathered.
---@param self senda.Model
function model.finish(self)
  self.kind, self.tag = number(self.kind_set, self.mentioned.kind), number(self.tag_set, self.mentioned.tag)
  self.consent = number(self.consent_set)
end

return model
