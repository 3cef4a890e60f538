-- Says in plain language what Lua says of a file that it can't read or run.

local text = require "senda.text"
local nearest = require "senda.nearest"
local schema = require "senda.schema"
local slips = require "senda.slips"

local syntax = {}

-- Pattern of Lua's message → what to tell. In the order of trying; %1 and %2 are what the pattern found.
local SAYINGS = {
  { "unfinished string near", "a text opens with a quote and isn't closed on this line", "add the closing quote" },
  { "unfinished long string", "a text that opens with [[ is never closed", "add ]] at its end" },
  { "malformed number near '(.-)'", "'%1' is no number", "write numbers without units; put everything else in quotes" },
  { "near '?<\\%d+>", "a letter or sign stands here that Lua doesn't know outside of a text", "put texts in quotes" },
  { "unexpected symbol near <eof>", "the file ends in the middle of a declaration", "add the missing }" },
  { "unexpected symbol near '([})%]])'", "a value is missing before %1, or the %1 is one too many", "take it away, or open what it closes" },
  { "unexpected symbol near ','", "there is a comma too many, or a value is missing before it", nil },
  { "'}' expected %(to close '{' at line (%d+)%) near '='", "this can't be the name of a field",
    'a field\'s name is one word with _ for spaces; otherwise write ["lead-magnet"] = …' },
  { "<name> expected near", "a name is missing here, or a colon stands after a field's name", 'write = instead of a colon: title = "…"' },
  { "'}' expected %(to close '{' at line (%d+)%) near <eof>", "the { of line %1 is never closed", "add the missing }" },
  { "'}' expected near <eof>", "a { is never closed", "add the missing }" },
  { "'}' expected %(to close '{' at line (%d+)%) near '?(.-)'?$", "something is missing before %2, inside the { of line %1",
    "is there no comma at the end of the entry before?" },
  { "'}' expected near '?(.-)'?$", "something is missing before %1", "is there no comma after the entry before?" },
  { "'%)' expected %(to close '%(' at line (%d+)%)", "the ( of line %1 is never closed", "add the missing )" },
  { "'end' expected %(to close '(%a+)' at line (%d+)%)", "the %1 of line %2 has no end", "add the missing `end`" },
  { "'end' expected near", "a function has no end", "add the missing `end`" },
  { "<eof> expected near '?([^']+)'?", "%1 is one too many here", "take it away, or open what it closes" },
  { "'=' expected near", "this is no declaration Lua understands", "a declaration looks like: offer \"name\" { … }" },
  { "syntax error near", "this is no declaration Lua understands", "a declaration looks like: offer \"name\" { … }" },
  { "attempt to call a nil value %(global '([%w_]+)'%)", "there is no '%1'", nil },
  { "attempt to call a string value", "two texts or a text and braces follow one another", "is a comma missing between them?" },
  { "attempt to call a table value", "braces follow upon braces", "is a comma missing between them?" },
  { "attempt to index a nil value %(%a+ '([%w_]+)'%)", "'%1' has no value here, so it has no fields either", nil },
  { "attempt to perform arithmetic on an? (%a+) value", "a sum takes numbers, this is a %1 value", nil },
  { "attempt to compare", "only numbers can be compared with numbers, and texts with texts", nil },
  { "stack overflow", "a function calls itself without end", nil },
  { "attempt to call a nil value$", "braces follow upon something that is complete", "is a comma missing between them?" },
}

local function fill(saying, one, two)
  return (saying:gsub("%%([12])", { ["1"] = one or "", ["2"] = two or "" }))
end

-- Lua names the place in front of the message; the problem carries it already.
local function strip_place(message, file)
  if file and message:sub(1, #file + 1) == file .. ":" then
    return (message:sub(#file + 2):gsub("^%d+:%s*", ""))
  end
  return (message:gsub("^%[string [^\n]-%]:%d+:%s*", ""))
end

-- The word at fault as the lexer reads it: a text without its quotes.
local function near_word(message)
  local quoted = message:match("near '\"(.*)\"'$") or message:match("near ''(.*)''$")
  if quoted then return quoted end
  return message:match("near '(.-)'$") or message:match("near '(.-)'") or message:match("global '([%w_]+)'")
    or message:match("unknown name '([%w_]+)'") or message:match("field '([%w_]+)'") or message:match("local '([%w_]+)'")
end

---@class senda.Saying
---@field message string
---@field hint? string
---@field nearest? string
---@field word? string what the message points at, as it stands in the file
---@field unknown? string the name that nothing has
---@field line? integer where that isn't the line of Lua's message
---@field column? integer where the word doesn't tell it

local function explain_slip(message, content, line)
  local slip = slips.find(message, content, line)
  return slip and {
    message = string.format("%s (Lua says: %s)", slip.message, text.escape(message, 500)),
    hint = slip.hint, nearest = slip.nearest, line = slip.line, column = slip.column,
  }
end

-- A name that is called, or given a text or braces, was never meant as a text.
local function hint_for_unknown(name, content, line)
  local foreign = slips.hint_for_name(name)
  local written = content and line and slips.line_of(content, line) or ""
  if foreign or written:find("%f[%w_]" .. name .. "%s*[(\"'{.:]") then return foreign end
  return string.format('if it is a text, put it in quotes: "%s"', name)
end

--- Puts Lua's message into plain words. What Lua said is kept in brackets.
---@param message string
---@param file? string
---@param content? string the file's text
---@param line? integer of the message
---@return senda.Saying
function syntax.explain(message, file, content, line)
  message = strip_place(message, file)
  local slip = content and line and explain_slip(message, content, line)
  if slip then return slip end
  local word = near_word(message)
  message = text.escape(message, 500)
  local unknown = message:match("^unknown name '([%w_]+)'")
  if unknown then
    return {
      message = (message:gsub("; did you mean '[^']*'%?$", "")), word = word, unknown = unknown,
      nearest = message:match("; did you mean '([^']*)'%?$") or nearest.find(unknown, schema.order),
      hint = hint_for_unknown(unknown, content, line),
    }
  end
  for _, saying in ipairs(SAYINGS) do
    local found, _, one, two = message:find(saying[1])
    if found then
      local global = message:match("global '([%w_]+)'")
      return {
        message = string.format("%s (Lua says: %s)", fill(saying[2], one, two), message),
        hint = saying[3] and fill(saying[3], one, two), word = word,
        nearest = global and nearest.find(global, schema.order) or nil,
      }
    end
  end
  return { message = message, word = word }
end

return syntax
