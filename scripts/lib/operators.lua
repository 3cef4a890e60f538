-- Signs and words of other languages, or of sums on paper, in the middle of a condition or a result: a single =, =>, AND,
-- ? and the like. Lua says of them only that the function should have ended before.

local lexer = require "senda.lexer"

local operators = {}

-- Words behind which a value is computed: an = that leads back to one of them was meant to compare.
local COMPUTES = { ["return"] = true, ["if"] = true, ["elseif"] = true, ["while"] = true, ["until"] = true, ["and"] = true, ["or"] = true, ["not"] = true }

-- What ends the way back without telling anything.
local STOPS = {
  ["then"] = true, ["do"] = true, ["else"] = true, ["end"] = true, ["local"] = true, ["function"] = true, ["="] = true, [","] = true, [";"] = true,
}

local FARTHEST = 500 -- tokens that are gone back

local OPENS, CLOSES = { ["("] = true, ["{"] = true, ["["] = true }, { [")"] = true, ["}"] = true, ["]"] = true }

local function word_at(tokens, index)
  local kind = tokens.kinds[index]
  return (kind == "name" or kind == "sign") and tokens.values[index] or nil
end

-- What stands before the value that ends at `index`: a word of COMPUTES or STOPS or the bracket that is open; nil: nothing.
local function find_lead(tokens, index)
  local depth, first = 0, index - FARTHEST
  while index >= 1 and index > first do
    local word = word_at(tokens, index)
    if CLOSES[word] then
      depth = depth + 1
    elseif OPENS[word] then
      if depth == 0 then return word end
      depth = depth - 1
    elseif depth == 0 and (COMPUTES[word] or STOPS[word]) then
      return word
    end
    index = index - 1
  end
  return nil
end

local function touches(tokens, index, sign)
  return word_at(tokens, index + 1) == sign and tokens.starts[index + 1] == tokens.starts[index] + 1
end

local ARROW = { message = "=> has no meaning here", hint = "write >= to compare, and function(c) return … end for a function" }

-- What is wrong with the = at `index`; nil if it is a right one.
local function judge_equals(tokens, index)
  local before, lead = word_at(tokens, index - 1), find_lead(tokens, index - 1)
  if before == "==" then return { message = "=== has no meaning here", hint = "write ==" } end
  if touches(tokens, index, ">") then return ARROW end
  if touches(tokens, index, "<") then return { message = "=< has no meaning here", hint = "write <=" } end
  if lead == "(" or COMPUTES[lead] then return { message = "one = gives a value; comparing takes two", hint = "write ==" } end
  return nil
end

local LUAS = {}
for word in ("and break do else elseif end false for function if in local nil not or repeat return then true until while"):gmatch("%l+") do
  LUAS[word] = true
end

local function judge_word(word)
  local small = word:lower()
  if small == word or not LUAS[small] then return nil end
  return { message = word .. " is no word of Lua's, which writes it in small letters", hint = "write " .. small }
end

local SIGNS = {
  ["?"] = { message = "? and : don't choose between two values here", hint = "write condition and 1.5 or 1; or if … then return … end" },
  ["$"] = { message = "numbers stand alone, without a unit before or behind them", hint = "write value = 20, not value = $20" },
}

local function judge(tokens, index, near)
  if near == "=" then return judge_equals(tokens, index) end
  if near == ">" then
    local before = word_at(tokens, index - 1)
    if before == "=" then return ARROW end
    return before == "<" and { message = "<> has no meaning here", hint = "write ~= for “is not”" } or nil
  end
  return SIGNS[near] or judge_word(near)
end

-- The tokens of a line, by number.
local function tokens_of_line(tokens, line)
  local first, behind = tokens.lines[line], tokens.lines[line + 1] or math.huge
  local found = {}
  for index = 1, tokens.count do
    local start = tokens.starts[index]
    if first and start >= first and start < behind then table.insert(found, index) end
  end
  return found
end

--- The slip behind a message of Lua's about such a sign; nil if there's none.
---@param said string Lua's message without its place
---@param content string the file
---@param line integer
---@return senda.SlipFound?
function operators.find(said, content, line)
  local near = said:match(" near '([^']+)'$")
  if not near or not (SIGNS[near] or near == "=" or near == ">" or judge_word(near)) then return nil end
  local tokens = lexer.cut(content)
  for _, index in ipairs(tokens_of_line(tokens, line)) do
    local found = word_at(tokens, index) == near and judge(tokens, index, near)
    if found then
      local _, column = lexer.place(tokens, index)
      return { message = found.message, hint = found.hint, column = column }
    end
  end
  return nil
end

return operators
