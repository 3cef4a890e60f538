-- What may be written where: every construct of the language with its fields, their types and meaning. Used to check
-- declarations and, printed, as their documentation.

local schema = {}

---@class senda.Field
---@field name string
---@field type string a name in senda.types
---@field help string what it means, as a phrase
---@field required? boolean
---@field default? any taken where it is left out
---@field as? string the key it is kept under (its name)
---@field of? string what a name refers to: a construct, "tag" or "consent"
---@field choices? (string|number)[]
---@field min? number
---@field max? number
---@field integer? boolean
---@field record? string the schema of a nested table

---@class senda.Construct
---@field name string
---@field help? string
---@field example? string
---@field nameless? boolean may be written without a name
---@field fields senda.Field[]
---@field by_name table<string, senda.Field>
---@field names string[] of the fields
---@field required senda.Field[]
---@field defaults senda.Field[]
---@field positional? senda.Field what may be listed without a field name

--- In the order in which they are best explained.
schema.order = { "site", "kind", "journey", "stage", "persona", "placement", "offer", "policy", "strategy", "test" }

---@type table<string, senda.Construct>
schema.constructs = {}

--- Tables nested inside of constructs.
---@type table<string, senda.Construct>
schema.records = {}

local function complete(name, construct)
  construct.name = name
  construct.by_name, construct.names, construct.required, construct.defaults = {}, {}, {}, {}
  for _, field in ipairs(construct.fields) do
    construct.by_name[field.name] = field
    table.insert(construct.names, field.name)
    if field.required then table.insert(construct.required, field) end
    if field.default ~= nil then table.insert(construct.defaults, field) end
  end
  return construct
end

for _, part in ipairs { "site", "journey", "persona", "offer", "strategy" } do
  for name, construct in pairs(require("senda.fields_" .. part)) do
    if name ~= "records" then
      schema.constructs[name] = complete(name, construct)
    else
      for record_name, record in pairs(construct) do
        schema.records[record_name] = complete(record_name, record)
      end
    end
  end
end

return schema
