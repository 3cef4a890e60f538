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
  if field.required or field.default == nil then return nil end
  return (text.describe(field.default):gsub('"', ""))
end

local function row_of(field)
  local takes = types[field.type].expected(field)
  return { name = field.name, takes = takes, required = field.required, default = default_of(field), help = field.help }
end

--- What a construct takes: first what stands without a name, if it takes that (its row has none), then every field.
---@param construct senda.Construct
---@return { name?: string, takes: string, required?: boolean, default?: string, help: string }[]
function describe.rows(construct)
  local rows = { construct.positional and row_of(construct.positional) }
  for _, field in ipairs(construct.fields) do table.insert(rows, row_of(field)) end
  return rows
end

local function table_row(row)
  local name = row.name and "`" .. row.name .. "`" or "*(no name)*"
  local left_out = row.required and "required" or row.default and "`" .. row.default .. "`" or ""
  return string.format("| %s | %s | %s | %s |", name, cell(row.takes), left_out, cell(row.help))
end

--- The table of a construct's fields.
---@param construct senda.Construct
---@return string
function describe.fields(construct)
  local lines = { "| field | takes | left out | meaning |", "|---|---|---|---|" }
  for _, row in ipairs(describe.rows(construct)) do table.insert(lines, table_row(row)) end
  return table.concat(lines, "\n")
end

--- The fields of a construct that are tables of their own, in order, one for each kind of table.
---@param construct senda.Construct
---@return senda.Field[]
function describe.nested(construct)
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
  for _, field in ipairs(describe.nested(construct)) do
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
