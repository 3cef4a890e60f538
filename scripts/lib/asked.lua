-- The names that functions compare with what they are given: c.persona == "marta", o:tagged("crm"). Found in the source
-- text, so that a name that nothing has is told before it silently never fits.

local asked = {}

-- What the text is a name of, by what it's compared with.
local FIELDS = {
  customer = { persona = "persona", stage = "stage", journey = "journey" }, offer = { kind = "kind", id = "offer" },
}
local METHODS = { customer = { seen = "offer or kind" }, offer = { tagged = "tag" } }

-- Fields that are lists, and equal to no text.
local LISTS = { tags = true, stages = true, personas = true, placements = true, locales = true, answers = true }

local function is_sign(tokens, index, value)
  return tokens.kinds[index] == "sign" and tokens.values[index] == value
end

local function compares(tokens, index)
  return is_sign(tokens, index, "==") or is_sign(tokens, index, "~=")
end

-- The text that the member whose name is at `index` is compared with; nil if with none.
local function find_compared(tokens, index)
  if compares(tokens, index + 1) and tokens.kinds[index + 2] == "text" then return index + 2 end
  local before = index - 3 -- text == c.persona
  if compares(tokens, before) and tokens.kinds[before - 1] == "text" and not is_sign(tokens, before - 2, "..")
    and not is_sign(tokens, index + 1, "..") then
    return before - 1
  end
  return nil
end

local function find_argument(tokens, index)
  if tokens.kinds[index + 1] == "text" then return index + 1 end
  if not is_sign(tokens, index + 1, "(") or tokens.kinds[index + 2] ~= "text" then return nil end
  return (is_sign(tokens, index + 3, ")") or is_sign(tokens, index + 3, ",")) and index + 2 or nil
end

---@class senda.Asked
---@field token integer of the text
---@field name string
---@field of? string what it should be a name of; nil: it's compared with a list
---@field list? string the list's name

local function read_field(tokens, index, subject)
  local member = tokens.values[index]
  local of, list = FIELDS[subject][member], subject == "offer" and LISTS[member] and member or nil
  local text = (of or list) and find_compared(tokens, index)
  if not text or is_sign(tokens, text + 1, "..") then return nil end
  return { token = text, name = tokens.values[text], of = of, list = list }
end

local function read_method(tokens, index, subject)
  local of = METHODS[subject][tokens.values[index]]
  local text = of and find_argument(tokens, index)
  return text and { token = text, name = tokens.values[text], of = of } or nil
end

--- The names a function asks for.
---@param tokens senda.Tokens
---@param hook { first: integer, last: integer } its tokens, from the word function to its end
---@param subjects table<string, "customer"|"offer"> its variables
---@return senda.Asked[]
function asked.find(tokens, hook, subjects)
  local found = {}
  for index = hook.first, hook.last - 2 do
    local subject = tokens.kinds[index] == "name" and subjects[tokens.values[index]]
    local is_member = subject and not is_sign(tokens, index - 1, ".") and not is_sign(tokens, index - 1, ":") and tokens.kinds[index + 2] == "name"
    if is_member and is_sign(tokens, index + 1, ".") then
      table.insert(found, read_field(tokens, index + 2, subject))
    elseif is_member and is_sign(tokens, index + 1, ":") then
      table.insert(found, read_method(tokens, index + 2, subject))
    end
  end
  return found
end

return asked
