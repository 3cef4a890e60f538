-- Turns names into numbers, and answers each unknown one with the nearest that is known.

local text = require "senda.text"
local nearest = require "senda.nearest"
local checker = require "senda.checker"

local resolver = {}
resolver.__index = resolver

---@class senda.Resolver
---@field loader senda.Loader
---@field model senda.Model
---@field lists table<string, table<string, integer[]|false>> lists met before; false: has unknown names

---@param loader senda.Loader
---@param model senda.Model
---@return senda.Resolver
function resolver.new(loader, model)
  return setmetatable({ loader = loader, model = model, lists = {} }, resolver)
end

-- Names that only offers bring can't be missed where they may stand among offers that couldn't be read.
local BROUGHT_BY = { tag = "offer", consent = "offer", kind = "offer" }

--- Whether a name that nothing has may stand in a file that couldn't be read.
---@param of string
---@param name string
---@return boolean
function resolver:is_excused(of, name)
  local registry = self.loader.registry
  if registry:may_have_lost(of, name) then return true end
  if of == "journey" or of == "stage" then return registry.broken.site == true end
  return registry:may_have_lost(BROUGHT_BY[of], name) or of == "kind" and registry:may_have_lost("stage", name)
end

local function known_names(self, of)
  local model = self.model
  if of == "stage" then return model.stage_names, model.by_stage_name end
  if model[of] then return model[of].known_names, model[of].known end
  local shelf = self.loader.registry.shelves[of]
  return shelf.names, shelf.by_name
end

local function plural(of)
  return of:match("[^aeiou]y$") and of:gsub("y$", "ies") or of .. "s"
end

-- "decision, purchase": several names in one text.
local function hint_for_list(record, path, name, of, by_name)
  local bare, quoted, known = {}, {}, false
  for part in name:gmatch("[^,;|]+") do
    part = part:match("^%s*(.-)%s*$")
    known = known or by_name[part] ~= nil
    table.insert(bare, text.escape(part))
    table.insert(quoted, text.quote(part))
  end
  if #bare < 2 or not known then return nil end
  if checker.is_row(record) then return "write a bar between them: " .. table.concat(bare, "|") end
  return string.format("write each %s in quotes of its own: %s = { %s }", of, path[1], table.concat(quoted, ", "))
end

--- Reports a name that nothing has.
---@param record senda.Record
---@param path (string|integer)[]
---@param of string
---@param name string
---@param alone? boolean it's the only one of its list
function resolver:refuse_unknown(record, path, of, name, alone)
  record.failed = true
  if self:is_excused(of, name) or checker.only_counts(self.loader.problems_found, "error", record) then return end
  local finding = { path = path, alone = alone, message = string.format("no %s %s", of, text.quote(name)) }
  local known, by_name = known_names(self, of)
  finding.hint = hint_for_list(record, path, name, of, by_name)
  finding.nearest = not finding.hint and nearest.find(name, known, by_name) or nil
  if not finding.nearest and not finding.hint then
    finding.hint = #known == 0 and string.format("there are no %s yet", plural(of))
      or string.format("known %s: %s", plural(of), text.some(known, 12))
  end
  checker.report(self.loader.problems_found, "error", record, finding)
end

-- The number of a name, and whether anything brings it: kinds and tags have numbers as soon as they're spoken of.
local function find_index(self, of, name)
  local numbered = self.model[of]
  if numbered then return numbered.index[name], numbered.known[name] ~= nil end
  local record = self.loader.registry:find(of, name)
  return record and record.index, record ~= nil
end

-- A kind or tag that nothing has any more is a gap; one that something nearly has is a slip of the pen.
local function refuse_unbrought(self, record, path, of, name, alone)
  if self:is_excused(of, name) then return end
  local numbered = self.model[of]
  local near = nearest.find(name, numbered.known_names, numbered.known)
  if near then return self:refuse_unknown(record, path, of, name, alone) end
  checker.report(self.loader.problems_found, "warning", record, {
    path = path, alone = alone, message = string.format("nothing has the %s %s", of, text.quote(name)),
    hint = #numbered.known_names > 0 and string.format("known %s: %s", plural(of), text.some(numbered.known_names, 12)) or nil,
  })
end

--- The number of a name; nil, and a problem, if nothing has it.
---@param record senda.Record
---@param path (string|integer)[]
---@param of string
---@param name string?
---@return integer?
function resolver:index(record, path, of, name)
  if name == nil then return nil end
  local index, is_brought = find_index(self, of, name)
  if not is_brought then self:refuse_unknown(record, path, of, name) end
  return is_brought and index or nil
end

local function known_list(self, of, key)
  local lists = self.lists[of]
  if not lists then
    lists = {}
    self.lists[of] = lists
  end
  return lists[key], lists
end

--- The numbers of a list of names, each once. The same names give the same table.
---@param record senda.Record
---@param path (string|integer)[]
---@param of string
---@param names string[]?
---@return integer[]?
function resolver:list(record, path, of, names)
  if names == nil then return nil end
  local key = #names == 1 and names[1] or table.concat(names, "\1")
  local found, lists = known_list(self, of, key)
  if found then return found end
  local indexes, seen, complete = {}, {}, true
  for position, name in ipairs(names) do
    local index, is_brought = find_index(self, of, name)
    if not is_brought then
      complete = false
      local refuse = index and refuse_unbrought or self.refuse_unknown
      refuse(self, record, { path[1], position }, of, name, #names == 1)
    end
    if index and not seen[index] then
      seen[index] = true
      indexes[#indexes + 1] = index
    end
  end
  if complete then lists[key] = indexes end
  return indexes
end

local function to_set(list)
  if not list then return nil end
  local set = {}
  for _, item in ipairs(list) do set[item] = true end
  return set
end

local function refuse_elsewhere(self, record, path, name, found, alone)
  record.failed = true
  local homes = {}
  for _, index in ipairs(found) do
    table.insert(homes, self.loader.registry:list("journey")[self.model.stages[index].journey].name)
  end
  checker.report(self.loader.problems_found, "error", record, {
    path = path, alone = alone, message = string.format("no stage %s in that journey; it belongs to %s", text.quote(name), text.join(homes, "and")),
  })
end

-- The stages that a name means: "stage" in any journey, or "journey/stage".
local function find_stages(self, name)
  local found = self.model.by_stage_name[name]
  if found then return found end
  local journey, stage = name:match("^([^/]+)/(.+)$")
  local home = journey and self.loader.registry:find("journey", journey)
  if not home then return nil, journey end
  for _, index in ipairs(self.model.by_stage_name[stage] or {}) do
    if self.model.stages[index].journey == home.index then return { index } end
  end
  return nil
end

local function refuse_stage(self, record, path, name, journey, alone)
  if journey and self.model.by_stage_name[name:sub(#journey + 2)] then
    return self:refuse_unknown(record, path, "journey", journey, alone)
  end
  local stage = name:match("^[^/]+/(.+)$")
  return self:refuse_unknown(record, path, "stage", not journey and stage or name, alone)
end

--- The numbers of the stages that a name means, within the journeys given (nil: in any).
---@param record senda.Record
---@param path (string|integer)[]
---@param name string
---@param journeys? table<integer, boolean>
---@param alone? boolean it's the only one of its list
---@return integer[]
function resolver:stages_named(record, path, name, journeys, alone)
  local found, journey = find_stages(self, name)
  if not found then
    refuse_stage(self, record, path, name, journey, alone)
    return {}
  end
  if not journeys then return found end
  local inside = {}
  for _, index in ipairs(found) do
    if journeys[self.model.stages[index].journey] then table.insert(inside, index) end
  end
  if #inside == 0 then refuse_elsewhere(self, record, path, name, found, alone) end
  return inside
end

local function stages_of_journeys(self, journeys)
  local indexes = {}
  for index, stage in ipairs(self.model.stages) do
    if journeys[stage.journey] then table.insert(indexes, index) end
  end
  return indexes
end

local function collect_stages(self, record, field, names, journeys)
  local indexes, seen = {}, {}
  for position, name in ipairs(names) do
    for _, index in ipairs(self:stages_named(record, { field, position }, name, journeys, #names == 1)) do
      if not seen[index] then
        seen[index] = true
        table.insert(indexes, index)
      end
    end
  end
  table.sort(indexes)
  return indexes
end

--- The numbers of the stages that a declaration is for; nil: every one. The same names give the same table.
---@param record senda.Record
---@param field string in which the stages are named
---@param names string[]?
---@param journeys string[]?
---@param journey_field? string
---@return integer[]?
function resolver:stages(record, field, names, journeys, journey_field)
  if not names and not journeys then return nil end
  local key = table.concat(names or { "\3" }, "\1") .. "\2" .. table.concat(journeys or { "\3" }, "\1")
  local found, lists = known_list(self, "stage", key)
  if found then return found end
  local failed = record.failed
  record.failed = nil
  local homes = to_set(self:list(record, { journey_field or "journeys" }, "journey", journeys))
  local indexes = names and not (homes and next(homes) == nil) and collect_stages(self, record, field, names, homes)
    or not names and stages_of_journeys(self, homes) or {}
  if not record.failed then lists[key] = indexes end
  record.failed = failed or record.failed
  return indexes
end

return resolver
