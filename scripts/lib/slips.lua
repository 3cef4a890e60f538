-- Knows the slips of a pen by the line they stand on, where Lua's message alone would mislead.

local schema = require "senda.schema"
local operators = require "senda.operators"
local braces = require "senda.braces"

local slips = {}

local UNITS = "numbers stand alone, without a unit before or behind them"
local INVISIBLE, RETYPE = "an invisible sign stands outside of a text", "delete what stands here and type it again"
local DASH, MINUS = "a long dash stands outside of a text, where it has no meaning", "write - for minus, and -- before a comment"
local QUOTES = "a curly quote stands outside of a text; only straight ones begin and end a text"

---@class senda.Slip
---@field said string pattern of Lua's message
---@field written string pattern of the line; its beginning is the place
---@field code? boolean the pattern is looked for outside of texts and comments only
---@field message string
---@field hint string

---@type senda.Slip[] in the order of trying
local SLIPS = {
  { said = "near '?<\\%d+>", written = "\xE2\x80[\x98-\x9F\xB2-\xB6]", code = true, message = QUOTES, hint = 'write straight quotes: "…"' },
  { said = "near '?<\\%d+>", written = "\xC2[\xAB\xBB]", code = true, message = "« and » don't begin and end a text", hint = 'write straight quotes: "…"' },
  { said = "near '?<\\%d+>", written = "\xC2\xA0", code = true, message = "an invisible sign, a non-breaking space, stands outside of a text",
    hint = "delete the blank here and type it again" },
  { said = "near '?<\\%d+>", written = "\xE2\x80[\x80-\x8F\xA8-\xAF]", code = true, message = INVISIBLE, hint = RETYPE },
  { said = "near '?<\\%d+>", written = "\xE2\x81[\xA0-\xA4]", code = true, message = INVISIBLE, hint = RETYPE },
  { said = "near '?<\\%d+>", written = "\xEF\xBB\xBF", code = true, message = INVISIBLE, hint = RETYPE },
  { said = "near '?<\\%d+>", written = "\xC2\xAD", code = true, message = INVISIBLE, hint = RETYPE },
  { said = "near '?<\\%d+>", written = "\xE2\x80[\x90-\x95]", code = true, message = DASH, hint = MINUS },
  { said = "near '?<\\%d+>", written = "\xE2\x88\x92", code = true, message = DASH, hint = MINUS },
  { said = "near '?<\\%d+>", written = "%d%s*€", message = UNITS, hint = "write value = 20, not value = 20 €" },
  { said = "near '?<\\%d+>", written = "€%s*%d", code = true, message = UNITS, hint = "write value = 20, not value = €20" },
  { said = "near '?<\\%d+>", written = "£", code = true, message = UNITS, hint = "write value = 20, not value = £20" },
  { said = "near '!", written = "!=", message = "!= has no meaning here", hint = "write ~= for “is not”" },
  { said = "near '!", written = "!", code = true, message = "! has no meaning here", hint = "write not for “not”, and ~= for “is not”" },
  { said = "near '&", written = "&&", message = "&& has no meaning here", hint = "write and" },
  { said = "near '|", written = "||", message = "|| has no meaning here", hint = "write or" },
  { said = "near '//'", written = "//", code = true, message = "// doesn't begin a comment", hint = "write -- before a comment" },
  { said = "near '#'", written = "^%s*#", message = "# doesn't begin a comment", hint = "write -- before a comment" },
  { said = "near '/'", written = "/%*", code = true, message = "/* doesn't begin a comment", hint = "write -- before each line of a comment" },
  { said = "near '%*'", written = "/%*", code = true, message = "/* doesn't begin a comment", hint = "write -- before each line of a comment" },
  { said = "near '%['", written = "%[", message = "a list stands in braces, not in brackets", hint = 'write { "…", "…" }' },
  { said = "expected near '?else", written = "else%s+if", message = "else if opens a second if, which needs an end of its own",
    hint = "write elseif, in one word" },
  { said = "near '[,}]'", written = "else%s+if", message = "else if opens a second if, which needs an end of its own",
    hint = "write elseif, in one word" },
  { said = "'then' expected", written = "if", message = "then lacks behind the condition of an if", hint = "write if … then … end" },
  { said = "near '[+*/-]", written = "[+*/-]=", message = "this short way of counting isn't known here", hint = "write it out: n = n + 1" },
  { said = "near '%+'", written = "%+%+", message = "++ has no meaning here", hint = "write it out: n = n + 1" },
  { said = "hexadecimal digit expected", written = "\\", message = "a backslash in a text changes the meaning of what follows",
    hint = "write / in addresses, and \\\\ where a backslash is meant" },
  { said = "escape", written = "\\", message = "a backslash in a text changes the meaning of what follows",
    hint = "write / in addresses, and \\\\ where a backslash is meant" },
  { said = "syntax error near ','", written = "[})]%s*,", message = "a comma stands behind a declaration, which needs none",
    hint = "take the comma away" },
  { said = "near '?<\\%d+>", written = "[\xC2-\xF4]", code = true, message = "a letter or sign stands here that Lua doesn't know outside of a text",
    hint = "put texts in quotes" },
}

--- The text of a line; empty where there's none.
---@param content string
---@param wanted integer
---@return string
function slips.line_of(content, wanted)
  local at = 1
  for _ = 2, wanted do
    at = string.find(content, "\n", at, true)
    if not at then return "" end
    at = at + 1
  end
  return (string.match(content, "^[^\r\n]*", at))
end

-- The line with blanks for what stands in texts and in a comment. An unfinished text ends with the line.
local function code_of(line)
  local parts, from = {}, 1
  while true do
    local at = line:find("[\"'-]", from)
    local sign = at and line:sub(at, at)
    if not at or sign == "-" and line:sub(at, at + 1) == "--" then
      table.insert(parts, line:sub(from, (at or #line + 1) - 1))
      return table.concat(parts)
    end
    local last = sign == "-" and at or line:find(sign, at + 1, true) or #line
    table.insert(parts, line:sub(from, at) .. (" "):rep(last - at - 1) .. (last > at and sign or ""))
    from = last + 1
  end
end

-- "title = Take one home": the quote at the end closes what none has opened.
local function find_unopened_quote(said, line)
  if not (said:find("^unfinished string") or said:find("'}' expected", 1, true)) then return nil end
  local name, at = line:match("([%a_][%w_]*)%s*=%s*()[%a\x80-\xFF][^\"'={}]*\"[%s,}]*$")
  if not name then return nil end
  return {
    message = "a text ends with a quote here that none has opened", column = at, hint = string.format('add the opening quote: %s = "…"', name),
  }
end

-- The last quote of the line opens a text; where others stand before it, one of them may be the one that lacks.
local function find_open_quote(said, line)
  local rest = said:match("unfinished string near '[\"'](.*)'$")
  local at = rest and #line - #rest
  if not at or at < 1 or line:sub(at + 1) ~= rest then return nil end
  local before = line:sub(1, at - 1):find(line:sub(at, at), 1, true)
  return {
    message = "a text opens with a quote and isn't closed on this line", column = at,
    hint = before and "add the closing quote, here or to a text before it" or "add the closing quote",
  }
end

-- offer = "x" { … }
local function find_named_by_equals(said, line)
  local construct = said:find("near '{'", 1, true) and line:match("^%s*(%a+)%s*=%s*[\"']")
  if not construct or not schema.constructs[construct] then return nil end
  return {
    message = string.format("no = stands between %s and its name", construct), column = line:find("=", 1, true),
    hint = string.format('write %s "…" { … }', construct),
  }
end

-- A quote inside of a text ends it, so that the next word follows upon it without a blank.
local function find_inner_quote(said, line)
  local word = said:match("'}' expected.- near '([%w_]+)'$")
  if not word then return nil end
  for _, quote in ipairs { '"', "'" } do
    local at = line:find(quote .. word, 1, true)
    if at then
      return {
        message = string.format("the text ends at this %s, and %s follows upon it", quote, word), column = at,
        hint = string.format("write \\%s where a quote is part of the text", quote),
      }
    end
  end
  return nil
end

local function find_slip(said, line)
  for _, slip in ipairs(SLIPS) do
    local at = said:find(slip.said) and (slip.code and code_of(line) or line):find(slip.written)
    if at then return { message = slip.message, hint = slip.hint, column = line:find("%S", at) } end
  end
  return nil
end

-- "weight = 20 %", "return 20%": the % divides, and Lua stumbles over what stands behind it.
local function find_percent(said, content, line)
  local written = said:find("^unexpected symbol near '?[,}e<]") and code_of(slips.line_of(content, line))
  local at, number = (written or ""):match("()%f[%w_]([%d.,]*%d)%s*%%%s*%f[,}e%z]")
  if not at then return nil end
  local field = written:sub(1, at - 1):match("([%a_][%w_]*)%s*=%s*$")
  return {
    message = UNITS, column = at, hint = string.format("write %s%s alone, without the %%", field and field .. " = " or "", number),
  }
end

-- function(c o)
local function find_joined_arguments(said, written)
  local at, first, second = code_of(written):match("function[%s%w_.:]*%(%s*()([%a_][%w_]*)%s+([%a_][%w_]*)")
  if not at or not said:find("^'%)' expected") then return nil end
  return { message = "a comma is missing between the names of a function", column = at, hint = string.format("write function(%s, %s)", first, second) }
end

-- Lua's own words, and the field that is meant where there is one.
local RESERVED = { ["end"] = "ends" }
for word in ("and break do else elseif false for function goto if in local nil not or repeat return then true until while"):gmatch("%l+") do
  RESERVED[word] = false
end

-- end = "2026-12-31"
local function find_reserved_field(said, line)
  local word = said:match("near '(%l+)'$")
  local at = word and code_of(line):find("%f[%w_]" .. word .. "%s*=%s*[^=%s]")
  if not at or RESERVED[word] == nil then return nil end
  local near = RESERVED[word] or nil
  return {
    message = string.format("%s is a word of Lua's own, which can't be the name of a field", word), column = at, nearest = near,
    hint = not near and string.format('in free fields, write ["%s"] = …', word) or nil,
  }
end

-- function(c) return true end end
local function find_second_end(said, written)
  if not said:find("^'}' expected.- near 'end'$") then return nil end
  return {
    message = "this end is one too many, or what it ends never began", column = code_of(written):match(".*()%f[%w_]end%f[^%w_]"),
    hint = "each function, if, for and while has one end: take this one away",
  }
end

-- test-ride = "3d"
local function find_broken_key(said, line)
  if not said:find("'}' expected.- near '='$") then return nil end
  local at, key, sign = code_of(line):match("()%f[%w_]([%a_][%w_]*([-.])[%w_.-]*)%s*=[^=]")
  return at and {
    message = string.format("this can't be the name of a field: it has a %s in it", sign), column = at, hint = string.format('write ["%s"] = …', key),
  }
end

-- The last line from `line` upwards that isn't empty, and its number.
local function line_before(content, line)
  for number = line - 1, math.max(1, line - 20), -1 do
    local written = slips.line_of(content, number)
    if written:find("%S") then return written, number end
  end
  return nil
end

local function find_foreign_comment(written)
  local code = code_of(written)
  local at, sign = code:match("()(//)%s*[%a/]")
  if not at then at, sign = code:match("^%s*()(#)") end
  if not at then at, sign = code:match("[%s,{]()(#)%s+%a") end
  return at, sign
end

-- "value = 20 // note" and "# note", which Lua takes for sums: it stumbles over the word behind them.
local function find_comment(said, content, line)
  if not said:find("'}' expected", 1, true) then return nil end
  local written, number = slips.line_of(content, line), line
  local at, sign = find_foreign_comment(written)
  if not at then
    written, number = line_before(content, line)
    if written then at, sign = find_foreign_comment(written) end
  end
  return at and { message = sign .. " doesn't begin a comment", line = number, column = at, hint = "write -- before a comment" }
end

local OPENERS = { ["then"] = { "elseif", "if" }, ["do"] = { "while", "for" } }

-- Lua tells the line on which it would have wanted the word at the latest.
local function find_missing_word(said, content, line)
  local word, near = said:match("^'(%l+)' expected near '?(.-)'?$")
  if not OPENERS[word] or near == "=" then return nil end
  local written, number = slips.line_of(content, line), line
  while written do
    for _, opener in ipairs(OPENERS[word]) do
      local at = code_of(written):find("%f[%w_]" .. opener .. "%f[^%w_]")
      if at then
        return {
          message = string.format("%s lacks behind the condition of this %s", word, opener), line = number, column = at,
          hint = string.format("write %s … %s … end", opener == "elseif" and "if" or opener, word),
        }
      end
    end
    written, number = line_before(content, number)
  end
  return nil
end

local OPERATORS = {
  ["=="] = true, ["~="] = true, ["<"] = true, [">"] = true, ["<="] = true, [">="] = true, [".."] = true, ["+"] = true, ["-"] = true,
  ["*"] = true, ["/"] = true, ["and"] = true, ["or"] = true, ["end"] = true,
}

-- Whether Lua stumbled over a value that stands alone: `behind` is where a function's body begins on the line, if one does.
local function is_lost(said, code, behind)
  local inside = behind or code:find("^%s")
  local sign = said:match("^syntax error near '(.-)'$")
  if sign then return OPERATORS[sign] and inside end
  if said:find("^unexpected symbol near '[ao]%l+'$") then
    return inside and code:find("%)%s*%f[%w_][ao]n?[dr]%f[^%w_]") and not code:find("%f[%w_]return%f[^%w_]") and not code:find("%f[%w_]if%f[^%w_]")
  end
  local first = behind and said:find("^unexpected symbol near ") and code:match("^%S+", behind)
  return first and (first == "not" or first == "true" or first == "false" or first == "nil" or first:find("^[%d\"'{]"))
end

-- function(c) c.traits.role == "it" end
local function find_missing_return(said, content, line)
  local written = slips.line_of(content, line)
  if said == "syntax error near 'end'" and written:find("^%s*end") then written, line = line_before(content, line) end
  local code = code_of(written or "")
  local behind = code:match("function%s*%b()%s*()")
  if not is_lost(said, code, behind) then return nil end
  return {
    message = "this value is lost: a function answers with what stands behind return", line = line, column = behind or written:find("%S"),
    hint = "write return before it",
  }
end

---@class senda.SlipFound
---@field message string
---@field hint? string
---@field nearest? string the right name
---@field line? integer where it isn't the line of Lua's message
---@field column integer

--- The slip behind a message of Lua's; nil if it's none of the known ones.
---@param said string Lua's message without its place
---@param content string the file
---@param line integer
---@return senda.SlipFound?
function slips.find(said, content, line)
  local written = slips.line_of(content, line)
  return braces.find(said, content) or find_unopened_quote(said, written) or find_open_quote(said, written)
    or find_named_by_equals(said, written) or find_inner_quote(said, written) or find_reserved_field(said, written)
    or find_second_end(said, written) or find_broken_key(said, written) or operators.find(said, content, line)
    or find_percent(said, content, line) or find_joined_arguments(said, written) or find_missing_word(said, content, line)
    or find_missing_return(said, content, line) or find_slip(said, written) or find_comment(said, content, line)
end

-- Words of other languages, and of Lua's that a site's sandbox doesn't have.
local FOREIGN = {
  null = "write nil for “nothing”", None = "write nil for “nothing”", undefined = "write nil for “nothing”",
  True = "write true, in small letters", TRUE = "write true, in small letters",
  False = "write false, in small letters", FALSE = "write false, in small letters",
  os = "scripts can't ask the clock or the machine; the time of the decision is `now`",
  print = "a script has nowhere to print to; give the reason as a second result: return 1, \"why\"",
  require = "files don't see each other; what several strategies need stands above them in their file",
}

--- What to do about a name that nothing has; nil if there's no more to say.
---@param name string
---@return string?
function slips.hint_for_name(name)
  return FOREIGN[name]
end

return slips
