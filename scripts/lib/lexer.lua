-- Cuts Lua source text into tokens with their places; never fails, whatever the text.
-- Files' texts are handled with string.find(text, …), not text:find(…), here as in the other modules that see whole files:
-- the methods of texts are the sandbox's, which are bounded to what scripts may handle.

local lexer = {}

---@class senda.Tokens
---@field kinds string[] "name", "text", "number" or "sign"
---@field values string[] the name, the sign, the text without its quotes
---@field starts integer[] offset of the first byte, from 1
---@field lines integer[] offset of each line's first byte
---@field count integer

-- Where a long bracket that opens at `at` ends, and the text inside; nil if none opens there.
local function long_bracket(source, at)
  local level = string.match(source, "^%[(=*)%[", at)
  if not level then return nil end
  local first, last = string.find(source, "]" .. level .. "]", at, true)
  if not first then return #source, string.sub(source, at + #level + 2) end
  return last, (string.sub(source, at + #level + 2, first - 1):gsub("^\r?\n", ""))
end

local ESCAPES = { a = "\a", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", v = "\v" }

-- The text of the escape behind the backslash at `at`, and where it ends.
local function read_escape(body, at)
  local digits = body:match("^x(%x%x)", at + 1)
  if digits then return string.char(tonumber(digits, 16)), at + 3 end
  digits = body:match("^u{(%x%x?%x?%x?%x?%x?)}", at + 1)
  if digits and tonumber(digits, 16) <= 0x10FFFF then return utf8.char(tonumber(digits, 16)), at + #digits + 3 end
  digits = body:match("^%d%d?%d?", at + 1)
  if digits and tonumber(digits) < 256 then return string.char(tonumber(digits)), at + #digits end
  local blank = body:match("^z%s*", at + 1)
  if blank then return "", at + #blank end
  local letter = body:sub(at + 1, at + 1)
  return ESCAPES[letter] or letter, at + 1
end

local function unescape(body)
  local parts, from = {}, 1
  while true do
    local at = body:find("\\", from, true)
    if not at then break end
    local piece, last = read_escape(body, at)
    table.insert(parts, body:sub(from, at - 1))
    table.insert(parts, piece)
    from = last + 1
  end
  table.insert(parts, body:sub(from))
  return table.concat(parts)
end

-- The last byte of a quoted text that opens at `at`; an unfinished one ends with its line.
local function quoted_end(source, at, quote)
  local from = at + 1
  while true do
    local found = string.find(source, '[\\\r\n' .. quote .. "]", from)
    if not found then return #source, #source end
    local byte = string.sub(source, found, found)
    if byte == quote then return found, found - 1 end
    if byte ~= "\\" then return found - 1, found - 1 end
    from = select(2, string.find(source, "^z%s*", found + 1)) or found + 1
    from = from + 1
  end
end

-- Signs that are always alone.
local SINGLE_SIGNS = { ["{"] = true, ["}"] = true, ["("] = true, [")"] = true, ["]"] = true, [","] = true, [";"] = true }

-- First byte → the longer signs that begin with it; others may begin a character of several bytes.
local LONGER_SIGNS = {
  ["."] = "^%.%.%.?", ["="] = "^==", ["~"] = "^~=", ["<"] = "^<[<=]", [">"] = "^>[>=]", ["/"] = "^//", [":"] = "^::",
}

local function sign_end(source, at, byte)
  local pattern = LONGER_SIGNS[byte] or "^[\xC2-\xF4][\x80-\xBF]+"
  return select(2, string.find(source, pattern, at)) or at
end

-- Most texts: in double quotes, on one line, without escapes.
local PLAIN_TEXT = '^"([^"\\\r\n]*)"()'

-- The kind of the token at `at`, its last byte and its value; kind nil for a comment. What is frequent comes first.
local function scan(source, at)
  local value, behind = string.match(source, "^([%a_][%w_]*)()", at)
  if value then return "name", behind - 1, value end
  local byte = string.sub(source, at, at)
  if SINGLE_SIGNS[byte] then return "sign", at, byte end
  if byte == '"' or byte == "'" then
    value, behind = string.match(source, PLAIN_TEXT, at)
    if value then return "text", behind - 1, value end
    local stop, inside = quoted_end(source, at, byte)
    return "text", stop, unescape(string.sub(source, at + 1, inside))
  end
  if byte == "[" then
    local stop, inside = long_bracket(source, at)
    if stop then return "text", stop, inside end
  end
  if byte == "-" and string.find(source, "^%-%-", at) then
    return nil, long_bracket(source, at + 2) or (string.find(source, "\n", at, true) or #source + 1) - 1
  end
  value, behind = string.match(source, "^(%.?%d[%w_.]*)()", at)
  if value then return "number", behind - 1, value end
  local last = sign_end(source, at, byte)
  return "sign", last, string.sub(source, at, last)
end

local function find_lines(source)
  local lines = { 1 }
  for position in string.gmatch(source, "\n()") do
    lines[#lines + 1] = position
  end
  return lines
end

---@param source string
---@return senda.Tokens
function lexer.cut(source)
  local tokens = { kinds = {}, values = {}, starts = {}, lines = find_lines(source), count = 0 }
  local at = string.match(source, "^\xEF\xBB\xBF()") or 1
  at = string.match(source, "^#[^\n]*()", at) or at
  while true do
    at = string.find(source, "%S", at)
    if not at then return tokens end
    local kind, last, value = scan(source, at)
    if kind then
      local count = tokens.count + 1
      tokens.kinds[count], tokens.values[count], tokens.starts[count], tokens.count = kind, value, at, count
    end
    at = last + 1
  end
end

--- Line and column (in bytes, from 1) of a token.
---@param tokens senda.Tokens
---@param index integer
---@return integer line
---@return integer column
function lexer.place(tokens, index)
  local start, lines = tokens.starts[index], tokens.lines
  local low, high = 1, #lines
  while low < high do
    local middle = (low + high + 1) // 2
    if lines[middle] <= start then low = middle else high = middle - 1 end
  end
  return low, start - lines[low] + 1
end

return lexer
