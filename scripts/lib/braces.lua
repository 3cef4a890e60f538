-- Finds the brace that was never closed, which Lua misses only lines below, by how the file is laid out.

local lexer = require "senda.lexer"
local schema = require "senda.schema"

local braces = {}

local function indent_of(tokens, index)
  local line, column = lexer.place(tokens, index)
  return column - 1, line
end

-- Whether the token is the first of its line.
local function begins_line(tokens, index)
  return index == 1 or tokens.starts[index - 1] < tokens.lines[(lexer.place(tokens, index))]
end

-- The line of the declaration at the edge that stands before another one.
local function first_line_of_declaration(content, before)
  local at, line, found = 1, 1, 1
  while at and line < before do
    local construct = string.match(content, "^(%a+)%s*[\"'(]", at)
    if construct and schema.constructs[construct] then found = line end
    at, line = string.find(content, "\n", at, true), line + 1
    at = at and at + 1
  end
  return found
end

-- What stands behind a brace within another one is indented farther than the line that opens it. Where it isn't, and the
-- line doesn't close the brace either, the } lacks: gives the line that opens it, and the one where it is missed.
local function find_inner_brace(content, opened, last)
  local tokens, open = lexer.cut(content), {}
  for index = 1, tokens.count do
    local sign = tokens.kinds[index] == "sign" and tokens.values[index]
    local indent, line = indent_of(tokens, index)
    if line >= last then return nil end
    local inner = #open > 1 and open[#open]
    if inner and sign ~= "}" and line > inner.line and indent <= inner.indent and begins_line(tokens, index) then
      return inner.line, line, indent + 1
    end
    if sign == "{" and line >= opened then
      local first = string.find(content, "[^ \t]", tokens.lines[line])
      table.insert(open, { line = line, indent = first - tokens.lines[line] })
    elseif sign == "}" then
      table.remove(open)
    end
  end
  return nil
end

local function say_inner_brace(content, behind)
  local inner, missed, column = find_inner_brace(content, first_line_of_declaration(content, behind), behind)
  return inner and {
    message = string.format("the { of line %d is still open here", inner), line = missed, column = column,
    hint = string.format("add the missing } to line %d, or before this one", inner),
  }
end

-- The line of the first declaration at the edge behind a line, and its construct.
local function next_declaration(content, opened)
  local at, line = 1, 1
  while true do
    at = string.find(content, "\n", at, true)
    if not at then return nil end
    at, line = at + 1, line + 1
    local construct = line > opened and string.match(content, "^(%a+)%s*[\"'(]", at)
    if construct and schema.constructs[construct] then return line, construct end
  end
end

--- The brace that lacks, by a message of Lua's: where a declaration begins at the edge while one is still open, it lacks
--- before that, wherever Lua stumbles.
---@param said string Lua's message without its place
---@param content string the file
---@return senda.SlipFound?
function braces.find(said, content)
  local opened, word = said:match("'}' expected %(to close '{' at line (%d+)%) near '?([%w_<>]+)")
  opened = math.tointeger(tonumber(opened or ""))
  if not opened or not (word == "<eof>" or schema.constructs[word]) then return nil end
  local line, construct = next_declaration(content, opened)
  return say_inner_brace(content, line or math.huge) or line and {
    message = string.format("%s begins here while the { of line %d, or one inside of it, is still open", construct, opened),
    line = line, column = 1, hint = "add the missing } before this line",
  }
end

return braces
