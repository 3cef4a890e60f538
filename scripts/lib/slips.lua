-- Knows the slips of a pen by the line they stand on, where Lua's message alone would mislead.

local schema = require "senda.schema"

local slips = {}

local UNITS = "numbers stand alone, without a unit behind them"
local QUOTES = "a curly quote stands outside of a text; only straight ones begin and end a text"

---@class senda.Slip
---@field said string pattern of Lua's message
---@field written string pattern of the line; its beginning is the place
---@field message string
---@field hint string

---@type senda.Slip[] in the order of trying
local SLIPS = {
  { said = "near '?<\\%d+>", written = "\xE2\x80[\x98-\x9F\xB2-\xB6]", message = QUOTES, hint = 'write straight quotes: "…"' },
  { said = "near '?<\\%d+>", written = "\xC2[\xAB\xBB]", message = "« and » don't begin and end a text", hint = 'write straight quotes: "…"' },
  { said = "near '?<\\%d+>", written = "\xC2\xA0", message = "an invisible sign, a non-breaking space, stands outside of a text",
    hint = "delete the blank here and type it again" },
  { said = "near '?<\\%d+>", written = "%d%s*€", message = UNITS, hint = "write value = 20, not value = 20 €" },
  { said = "near '[,}]'", written = "%d%s*%%", message = UNITS, hint = "write weight = 20, not weight = 20 %" },
  { said = "near '!", written = "!=", message = "!= has no meaning here", hint = "write ~= for “is not”" },
  { said = "near '&", written = "&&", message = "&& has no meaning here", hint = "write and" },
  { said = "near '|", written = "||", message = "|| has no meaning here", hint = "write or" },
  { said = "near '//'", written = "^%s*//", message = "// doesn't begin a comment", hint = "write -- before a comment" },
  { said = "near '#'", written = "^%s*#", message = "# doesn't begin a comment", hint = "write -- before a comment" },
  { said = "near '/'", written = "^%s*/%*", message = "/* doesn't begin a comment", hint = "write -- before each line of a comment" },
  { said = "near '%['", written = "%[", message = "a list stands in braces, not in brackets", hint = 'write { "…", "…" }' },
  { said = "'then' expected near '='", written = "=", message = "one = gives a value; comparing takes two", hint = "write ==" },
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

-- The next declaration begins at the edge while a brace is still open: the brace lacks before it, wherever Lua stumbles.
local function find_open_brace(said, content)
  local opened, word = said:match("'}' expected %(to close '{' at line (%d+)%) near '?([%w_<>]+)")
  opened = math.tointeger(tonumber(opened or ""))
  if not opened or not (word == "<eof>" or schema.constructs[word]) then return nil end
  local at, line = 1, 1
  while true do
    at = string.find(content, "\n", at, true)
    if not at then return nil end
    at, line = at + 1, line + 1
    local construct = line > opened and string.match(content, "^(%a+)%s*[\"'(]", at)
    if construct and schema.constructs[construct] then
      return {
        message = string.format("%s begins here while the { of line %d, or one inside of it, is still open", construct, opened),
        line = line, column = 1, hint = "add the missing } before this line",
      }
    end
  end
end

local function find_slip(said, line)
  for _, slip in ipairs(SLIPS) do
    local at = said:find(slip.said) and line:find(slip.written)
    if at then return { message = slip.message, hint = slip.hint, column = line:find("%S", at) } end
  end
  return nil
end

---@class senda.SlipFound
---@field message string
---@field hint string
---@field line? integer where it isn't the line of Lua's message
---@field column integer

--- The slip behind a message of Lua's; nil if it's none of the known ones.
---@param said string Lua's message without its place
---@param content string the file
---@param line integer
---@return senda.SlipFound?
function slips.find(said, content, line)
  local written = slips.line_of(content, line)
  return find_open_brace(said, content) or find_open_quote(said, written) or find_named_by_equals(said, written) or find_inner_quote(said, written)
    or find_slip(said, written)
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
