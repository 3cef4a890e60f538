-- Finds where in a source text a declaration's field or value stands. Works on the text alone and only when asked,
-- so that sites without mistakes pay nothing for it.

local lexer = require "senda.lexer"

local source = {}
source.__index = source

---@class senda.Source
---@field tokens senda.Tokens
---@field calls table<integer, integer[]> line → the tokens that name a constructor called there

-- The token that opens or ends a nested piece, and how it changes the depth.
local DEPTH = {
  ["{"] = 1, ["("] = 1, ["["] = 1, ["}"] = -1, [")"] = -1, ["]"] = -1,
  ["function"] = 1, ["do"] = 1, ["if"] = 1, ["repeat"] = 1, ["end"] = -1, ["until"] = -1,
}

local function depth_change(tokens, index)
  local kind = tokens.kinds[index]
  if kind == "text" or kind == "number" then return 0 end
  return DEPTH[tokens.values[index]] or 0
end

local function is_sign(tokens, index, value)
  return tokens.kinds[index] == "sign" and tokens.values[index] == value
end

local function is_call(tokens, index)
  if index > 1 and tokens.kinds[index - 1] == "sign" then
    local before = tokens.values[index - 1]
    if before == "." or before == ":" then return false end
  end
  return tokens.kinds[index + 1] == "text" or is_sign(tokens, index + 1, "(") or is_sign(tokens, index + 1, "{")
end

local function find_calls(tokens, constructors)
  local calls = {}
  for index = 1, tokens.count do
    if tokens.kinds[index] == "name" and constructors[tokens.values[index]] and is_call(tokens, index) then
      local line = lexer.place(tokens, index)
      calls[line] = calls[line] or {}
      table.insert(calls[line], index)
    end
  end
  return calls
end

---@param content string
---@param constructors table<string, any> names of the constructors as keys
---@return senda.Source
function source.new(content, constructors)
  local tokens = lexer.cut(content)
  return setmetatable({ tokens = tokens, calls = find_calls(tokens, constructors) }, source)
end

-- The name given in a call: `offer "x"`, `offer("x")`; nil where it's computed.
local function name_of_call(tokens, index)
  if tokens.kinds[index + 1] == "text" then return tokens.values[index + 1] end
  if is_sign(tokens, index + 1, "(") and tokens.kinds[index + 2] == "text"
    and (is_sign(tokens, index + 3, ")") or is_sign(tokens, index + 3, ",")) then
    return tokens.values[index + 2]
  end
  return nil
end

-- The token of the constructor by which the declaration was made; computed names match any declaration of their line.
local function find_call(self, declaration)
  local computed, latest
  local nth = declaration.nth or 1
  for _, index in ipairs(self.calls[declaration.line] or {}) do
    if self.tokens.values[index] == declaration.construct then
      local name = name_of_call(self.tokens, index)
      if name == declaration.name then
        nth = nth - 1
        if nth == 0 then return index end
        latest = index
      end
      if not name then computed = computed or index end
    end
  end
  return computed or latest
end

-- The first token behind the piece that opens at `index`.
local function skip_piece(tokens, index)
  local depth = 0
  repeat
    depth = depth + depth_change(tokens, index)
    index = index + 1
  until depth <= 0 or index > tokens.count
  return index
end

-- The opening brace of the fields of a call, nil if there's none.
local function find_fields(tokens, index)
  index = index + 1
  if is_sign(tokens, index, "{") then return index end
  if tokens.kinds[index] == "text" then
    index = index + 1
  elseif is_sign(tokens, index, "(") then
    local stop = skip_piece(tokens, index)
    if is_sign(tokens, stop - 2, "}") and not is_sign(tokens, stop, "{") then
      local inner = index + 1
      while inner < stop and not is_sign(tokens, inner, "{") do inner = inner + 1 end
      return inner < stop and inner or nil
    end
    index = stop
  end
  if is_sign(tokens, index, "(") then index = index + 1 end
  return is_sign(tokens, index, "{") and index or nil
end

local function read_key(tokens, index)
  if tokens.kinds[index] == "name" and is_sign(tokens, index + 1, "=") then
    return tokens.values[index], index + 2
  end
  if is_sign(tokens, index, "[") and is_sign(tokens, index + 2, "]") and is_sign(tokens, index + 3, "=") then
    local value = tokens.values[index + 1]
    if tokens.kinds[index + 1] == "number" then value = math.tointeger(tonumber(value)) or value end
    return value, index + 4
  end
  return nil, index
end

local function is_separator(tokens, index)
  return is_sign(tokens, index, ",") or is_sign(tokens, index, ";")
end

-- Calls visit(key, key's token, value's token) for each entry of the table that opens at `brace`.
local function each_entry(tokens, brace, visit)
  local index, item = brace + 1, 0
  while index <= tokens.count and not is_sign(tokens, index, "}") do
    local name, value = read_key(tokens, index)
    if name == nil then
      item = item + 1
      name = item
    end
    visit(name, index, value)
    index = value
    while index <= tokens.count and not is_separator(tokens, index) and not is_sign(tokens, index, "}") do
      index = depth_change(tokens, index) > 0 and skip_piece(tokens, index) or index + 1
    end
    if is_separator(tokens, index) then index = index + 1 end
  end
end

-- Tokens of the key and of the value of one entry of the table that opens at `brace`; nil if it isn't written there.
-- The last one wins where a key is written twice, as it does in Lua.
local function find_entry(tokens, brace, key)
  local found_key, found_value
  each_entry(tokens, brace, function(name, key_token, value_token)
    if name == key then found_key, found_value = key_token, value_token end
  end)
  return found_key, found_value
end

-- Adds the names that are given twice in the table that opens at `brace`, or in tables right inside of it.
local function find_repeats(tokens, brace, found, call, path)
  local first = {}
  each_entry(tokens, brace, function(name, key_token, value_token)
    local named = key_token ~= value_token
    if named and first[name] then
      local line, column = lexer.place(tokens, key_token)
      table.insert(found, {
        construct = tokens.values[call], name = name_of_call(tokens, call), path = path .. tostring(name), line = line, column = column,
        first_line = lexer.place(tokens, first[name]),
      })
    end
    first[name] = first[name] or named and key_token or nil
    if is_sign(tokens, value_token, "{") then
      find_repeats(tokens, value_token, found, call, named and path .. tostring(name) .. "." or path)
    end
  end)
end

---@class senda.Repeat
---@field construct string
---@field name? string of the declaration
---@field path string "expect.offer"
---@field line integer
---@field column integer
---@field first_line integer

--- The fields of declarations that are given more than once: Lua takes the last one without a word.
---@return senda.Repeat[]
function source:repeats()
  local found = {}
  for _, calls in pairs(self.calls) do
    for _, index in ipairs(calls) do
      local brace = find_fields(self.tokens, index)
      if brace then find_repeats(self.tokens, brace, found, index, "") end
    end
  end
  return found
end

-- Adds the numbers that stand for themselves in the table that opens at `brace`, and in tables right inside of it.
local function find_numbers(tokens, brace, found, call, path)
  each_entry(tokens, brace, function(name, key_token, value_token)
    local inner = path .. (key_token ~= value_token and tostring(name) or "item " .. tostring(name))
    local behind = value_token + 1
    if tokens.kinds[value_token] == "number" and (is_separator(tokens, behind) or is_sign(tokens, behind, "}")) then
      local line, column = lexer.place(tokens, value_token)
      table.insert(found, {
        construct = tokens.values[call], name = name_of_call(tokens, call), path = inner, line = line, column = column, written = tokens.values[value_token],
      })
    elseif is_sign(tokens, value_token, "{") then
      find_numbers(tokens, value_token, found, call, inner .. ".")
    end
  end)
end

---@class senda.NumberWritten
---@field construct string
---@field name? string of the declaration
---@field path string "data.price"
---@field line integer
---@field column integer
---@field written string

--- The numbers that are written right into fields of declarations.
---@return senda.NumberWritten[]
function source:numbers()
  local found = {}
  for _, calls in pairs(self.calls) do
    for _, index in ipairs(calls) do
      local brace = find_fields(self.tokens, index)
      if brace then find_numbers(self.tokens, brace, found, index, "") end
    end
  end
  return found
end

---@class senda.Declaration
---@field construct string "offer", …
---@field name? string
---@field file string
---@field line integer
---@field nth? integer which of several of the same name on the same line

---@class senda.Hook
---@field construct string
---@field name? string of the declaration
---@field field string
---@field first integer token of the word function
---@field last integer token of its end

--- The functions that are written right into fields of declarations.
---@return senda.Hook[]
function source:hooks()
  local found, tokens = {}, self.tokens
  for _, calls in pairs(self.calls) do
    for _, index in ipairs(calls) do
      local brace = find_fields(tokens, index)
      if brace then
        each_entry(tokens, brace, function(field, _, value)
          if tokens.kinds[value] ~= "name" or tokens.values[value] ~= "function" then return end
          table.insert(found, {
            construct = tokens.values[index], name = name_of_call(tokens, index), field = field, first = value, last = skip_piece(tokens, value) - 1,
          })
        end)
      end
    end
  end
  return found
end

--- Line and column of a declaration, or of the field or value that a path of keys leads to. Where the path leaves what
--- is written in the declaration (a variable, a function's result), the last known step is given.
---@param declaration senda.Declaration
---@param path? (string|integer)[]
---@param at? "key"|"value" which end of the path's last entry (value)
---@return integer? line nil: the declaration wasn't found
---@return integer? column
function source:locate(declaration, path, at)
  local tokens = self.tokens
  local index = find_call(self, declaration)
  if not index then return nil end
  local best = index
  local brace = find_fields(tokens, index)
  for depth, key in ipairs(path or {}) do
    if not brace then break end
    local key_token, value_token = find_entry(tokens, brace, key)
    if not key_token then break end
    best = at == "key" and depth == #path and key_token or value_token
    brace = is_sign(tokens, value_token, "{") and value_token or nil
  end
  return lexer.place(tokens, best)
end

--- Column of the first token of this spelling on a line, or else of one that begins so; nil if there's none.
---@param line integer
---@param spelling string
---@return integer?
function source:find_on_line(line, spelling)
  local alike
  for index = 1, self.tokens.count do
    local at, column = lexer.place(self.tokens, index)
    if at > line then break end
    if at == line then
      local value = self.tokens.values[index]
      if value == spelling then return column end
      if value:sub(1, #spelling) == spelling then alike = alike or column end
    end
  end
  return alike
end

return source
