-- What names and languages look like.

local text = require "senda.text"

local names = {}

names.LONGEST = 64
names.expected = "a name in small letters, digits, - and _, in quotes"

---@param value any
---@return boolean
function names.is_name(value)
  return type(value) == "string" and #value <= names.LONGEST and value:find("^[a-z0-9][a-z0-9_-]*$") ~= nil
end

--- Whether it could name a language: "es", "pt-BR".
---@param value any
---@return boolean
function names.is_locale(value)
  return type(value) == "string" and #value <= 35
    and (value:find("^%l%l%l?$") or value:find("^%l%l%l?[-_]%w[%w_-]*$")) ~= nil
end

--- A right name as near as possible to a wrong one.
---@param value any
---@return string?
function names.suggest(value)
  if type(value) ~= "string" then return nil end
  local slug = text.slug(value)
  return slug ~= value and slug or nil
end

return names
