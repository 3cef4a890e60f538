-- Free data: copies what authors may put into open fields, and stops at what can't be delivered.

local text = require "senda.text"

local plain = {}

local DEEPEST = 8
local MOST_ITEMS = 1000
local LONGEST_TEXT = 65536 -- bytes
local LARGEST = 1 << 53 -- beyond it whole numbers are no longer told apart by whoever reads them as floats

--- How many items a list has; nil if the table is no list, has holes, or more than `most` items.
---@param value table
---@param most integer
---@return integer?
function plain.list_size(value, most)
  local count = 0
  for key in pairs(value) do
    count = count + 1
    if math.type(key) ~= "integer" or key < 1 or count > most then return nil end
  end
  for index = 1, count do
    if value[index] == nil then return nil end
  end
  return count
end

local REFUSED = {
  ["function"] = "a function can't be delivered", userdata = "this can't be delivered; plain texts and numbers can",
  thread = "this can't be delivered; plain texts and numbers can",
}

-- Why a number can't be delivered, and what to do about it; nil if it can.
local function why_number_refused(value)
  if value ~= value or value == math.huge or value == -math.huge then return "expected a number, got " .. text.describe(value) end
  if value >= -LARGEST and value <= LARGEST then return nil end
  return string.format("this number is too large to be delivered as it is: from -%d to %d they are", LARGEST, LARGEST),
    "put it in quotes if it is not to be reckoned with"
end

-- Why a single value can't be delivered, and what to do about it; nil if it can.
local function why_refused(value)
  local kind = type(value)
  if kind == "string" then
    if #value > LONGEST_TEXT then return string.format("this text has %d bytes; %d are the most", #value, LONGEST_TEXT) end
    return not utf8.len(value) and "this text is not written in UTF-8: " .. text.quote(value) or nil
  end
  if kind == "number" then return why_number_refused(value) end
  return REFUSED[kind]
end

local function why_key_refused(key, is_list)
  if type(key) == "string" then
    if is_list then return "a list can't have fields with names as well" end
    if #key > 256 then return "this field's name is too long" end
    return not utf8.len(key) and "this field's name is not written in UTF-8" or nil
  end
  return not is_list and "expected a field name before this item" or nil
end

local copy_table

local function copy_value(checker, value, state)
  if type(value) == "table" then return copy_table(checker, value, state) end
  local why, hint = why_refused(value)
  if why then
    checker:refuse { message = why, hint = hint }
    return nil
  end
  return value
end

-- Whether one more item and one more level may be taken; complains once of each for the whole.
local function may_go_on(checker, state)
  if state.refused then return false end
  if state.items > MOST_ITEMS then
    checker:refuse { message = string.format("there are more than %d values in all", MOST_ITEMS) }
    state.refused = true
    return false
  elseif state.depth > DEEPEST then
    if not state.too_deep then
      checker:refuse { message = string.format("tables may lie %d deep in one another, no deeper", DEEPEST) }
    end
    state.too_deep = true
    return false
  end
  return true
end

function copy_table(checker, value, state)
  local copy = {}
  local is_list = value[1] ~= nil
  state.depth = state.depth + 1
  for key, item in pairs(value) do
    state.items = state.items + 1
    if not may_go_on(checker, state) then break end
    local why = why_key_refused(key, is_list)
    checker:enter(key)
    if why then checker:refuse { message = why } else copy[key] = copy_value(checker, item, state) end
    checker:leave()
  end
  state.depth = state.depth - 1
  if is_list and not state.refused and not plain.list_size(value, MOST_ITEMS) then
    checker:refuse { message = "this list has gaps (nil) in it" }
  end
  return copy
end

--- A copy of a table of plain values; what can't be delivered is refused, each where it stands.
---@param checker senda.Checker
---@param value table
---@return table
function plain.copy(checker, value)
  return copy_table(checker, value, { depth = 0, items = 0 })
end

return plain
