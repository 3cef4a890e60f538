-- Prints the schema as documentation: for each construct, what it is for, an example, and a table of its fields.

local schema = require "senda.schema"
local text = require "senda.text"
local types = require "senda.types_history"
require "senda.constructors"

local describe = {}

local function cell(content)
  return (content:gsub("|", "\\|"))
end

local function default_of(field)
  if field.required then return "required" end
  return field.default ~= nil and "`" .. text.describe(field.default):gsub('"', "") .. "`" or ""
end

local function field_row(field)
  return string.format("| `%s` | %s | %s | %s |", field.name, cell(types[field.type].expected(field)), default_of(field), cell(field.help))
end

--- The table of a construct's fields.
---@param construct senda.Construct
---@return string
function describe.fields(construct)
  local lines = { "| field | takes | left out | meaning |", "|---|---|---|---|" }
  if construct.positional then
    local positional = construct.positional
    table.insert(lines, string.format("| *(no name)* | %s | | %s |", cell(types[positional.type].expected(positional)), cell(positional.help)))
  end
  for _, field in ipairs(construct.fields) do
    table.insert(lines, field_row(field))
  end
  return table.concat(lines, "\n")
end

-- The nested tables of a construct, in the order in which its fields name them.
local function nested_records(construct)
  local list = {}
  local seen = {}
  for _, field in ipairs(construct.fields) do
    if field.record and not seen[field.record] then
      seen[field.record] = true
      table.insert(list, field)
    end
  end
  return list
end

--- A construct as Markdown.
---@param construct senda.Construct
---@return string
function describe.construct(construct)
  local parts = { "## " .. construct.name, construct.help, "```lua\n" .. construct.example .. "\n```", describe.fields(construct) }
  for _, field in ipairs(nested_records(construct)) do
    table.insert(parts, string.format("### %s of %s", field.name, text.with_article(construct.name)))
    table.insert(parts, describe.fields(schema.records[field.record]))
  end
  return table.concat(parts, "\n\n")
end

--- The whole language as Markdown.
---@return string
function describe.language()
  local parts = {}
  for _, name in ipairs(schema.order) do
    table.insert(parts, describe.construct(schema.constructs[name]))
  end
  return table.concat(parts, "\n\n") .. "\n"
end

return describe
