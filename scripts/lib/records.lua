-- Checks a table of fields against its schema, nested tables included.

local text = require "senda.text"
local nearest = require "senda.nearest"
local schema = require "senda.schema"
local types = require "senda.types_map"

local records = {}

-- Fields that authors write where another word is due, with what to tell them.
local ASIDES = {
  journey = { stages = 'write the stages straight into the journey: journey "…" { stage "…" { … }, stage "…" { … } }' },
  offer = {
    stage = "an offer names its stages in a list: stages = { \"…\" }",
    placement = "an offer names its placements in a list: placements = { \"…\" }",
    id = 'an offer is named before its braces: offer "…" { … }',
    name = 'an offer is named before its braces, and shown by its title: offer "…" { title = "…" }',
  },
  strategy = { stages = 'write stage = { "…", "…" }', placement = 'write placements = { "…" }' },
  test = { placement = 'write at = "…"' },
}

-- Fields of which another word is the right name, however far it is from theirs.
local MEANT = { rule = { event = "on", name = "on" }, offer = { link = "url", href = "url" } }

local function refuse_item(checker, construct, key, value)
  checker:enter(key)
  local shown = type(value) == "string" and text.quote(value) or text.describe(value)
  if type(key) == "number" then
    checker:refuse {
      message = string.format("expected a field before %s, as in %s = …", shown, construct.names[1]),
      hint = type(value) == "number" and "in numbers, write a point where the fraction begins: 16.50"
        or "fields are " .. text.some(construct.names, 12),
    }
  else
    checker:refuse { message = "the name of a field is a text, not " .. text.describe(key) }
  end
  checker:leave()
end

-- Gives the field that was meant, where that can be told.
local function refuse_field(checker, construct, key)
  if checker.only_counts(checker.problems, "error", checker.declaration) then return nil end
  local hint = ASIDES[construct.name] and ASIDES[construct.name][key]
  local near = not hint and (MEANT[construct.name] and MEANT[construct.name][key] or nearest.find(key, construct.names)) or nil
  checker:enter(key)
  checker:refuse {
    message = string.format("unknown field '%s'", text.escape(key)), at = "key", nearest = near,
    hint = hint or not near and "fields are " .. text.some(construct.names, 30) or nil,
  }
  checker:leave()
  return near
end

local function check_field(checker, field, value, kept)
  checker:enter(field.name)
  kept[field.as or field.name] = types[field.type].check(checker, field, value)
  checker:leave()
end

-- Gives whether there are items without a name, and the fields that were meant by wrong names.
local function check_entries(checker, construct, raw, kept)
  local by_name = construct.by_name
  local items, meant = false, {}
  for key, value in pairs(raw) do
    local field = by_name[key]
    if field then
      check_field(checker, field, value, kept)
    elseif type(key) == "number" and construct.positional then
      items = true
    elseif type(key) == "string" then
      meant[refuse_field(checker, construct, key) or ""] = true
    else
      refuse_item(checker, construct, key, value)
    end
  end
  return items, meant
end

local function items_of(raw)
  local items = {}
  for key, value in pairs(raw) do
    if type(key) == "number" then items[key] = value end
  end
  return items
end

--- Checks `raw` against a construct or record and lays what is to be kept into `kept`.
---@param checker senda.Checker
---@param construct senda.Construct
---@param raw table
---@param kept table
---@return table kept
---@return table<string, boolean> meant the fields that were told to be meant by wrong names: nobody misses them
function records.check(checker, construct, raw, kept)
  local has_items, meant = check_entries(checker, construct, raw, kept)
  local positional = construct.positional
  if has_items and positional then
    kept[positional.as] = types[positional.type].check(checker, positional, items_of(raw))
  end
  for _, field in ipairs(construct.required) do
    if raw[field.name] == nil and not meant[field.name] then
      local expected = types[field.type].expected(field)
      checker:refuse {
        message = string.format("the field '%s' is missing; expected %s (%s)", field.name, expected, field.help), expected = expected,
      }
    end
  end
  for _, field in ipairs(construct.defaults) do
    local key = field.as or field.name
    if kept[key] == nil then kept[key] = field.default end
  end
  return kept, meant
end

local function say_fields(field)
  return string.format("fields in braces: { %s = …, … }", schema.records[field.record].names[1])
end

local function check_record(checker, field, value)
  if type(value) ~= "table" then return checker:wrong(field, say_fields(field), value) end
  return (records.check(checker, schema.records[field.record], value, {}))
end

types.record = { expected = say_fields, check = check_record }

-- One record, or a list of them; kept as a list.
types.records = {
  expected = function(field) return say_fields(field) .. ", or a list of such" end,
  check = function(checker, field, value)
    if type(value) ~= "table" then return checker:wrong(field, types.records.expected(field), value) end
    if value[1] == nil then return { check_record(checker, field, value) } end
    local kept = {}
    for index, item in ipairs(value) do
      if index > 1000 then break end
      checker:enter(index)
      kept[#kept + 1] = check_record(checker, field, item)
      checker:leave()
    end
    for key in pairs(value) do
      if math.type(key) ~= "integer" then refuse_item(checker, schema.records[field.record], key, value[key]) end
    end
    return kept
  end,
}

types.persona_card = {
  expected = function() return 'the name of a persona, or { name = "…", summary = "…", … }' end,
  check = function(checker, field, value)
    if type(value) == "string" then return types.name.check(checker, { name = field.name, type = "name", of = "persona", help = field.help }, value) end
    if type(value) ~= "table" then return checker:wrong(field, types.persona_card.expected(), value) end
    return (records.check(checker, schema.records.persona_card, value, {}))
  end,
}

return records
