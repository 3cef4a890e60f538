-- Specs of scripts/lib/schema.lua.
require "support"
local schema = require "senda.schema"
local types = require "senda.types_history"
require "senda.constructors"

local function each_field(visit)
  for _, group in ipairs { schema.constructs, schema.records } do
    for name, construct in pairs(group) do
      for _, field in ipairs(construct.fields) do visit(name, field) end
      if construct.positional then visit(name, construct.positional) end
    end
  end
end

describe("schema", function()
  it("has help for every field, as a phrase", function()
    each_field(function(name, field)
      local where = name .. "." .. (field.name or "items")
      assert.is_string(field.help, where)
      assert.is_true(#field.help >= 8, where .. " has hardly any help")
      assert.is_nil(field.help:find("%.$"), where .. ": help is a phrase, without a full stop")
    end)
  end)

  it("knows a type for every field, with what it expects", function()
    each_field(function(name, field)
      local where = name .. "." .. (field.name or "items")
      assert.is_table(types[field.type], where .. ": no type " .. field.type)
      assert.is_true(#types[field.type].expected(field) > 3, where)
      if field.record then assert.is_table(schema.records[field.record], where) end
    end)
  end)

  it("has help and an example for every construct, in an order of all", function()
    local count = 0
    for name, construct in pairs(schema.constructs) do
      count = count + 1
      assert.is_true(#construct.help > 20, name)
      assert.truthy(construct.example:find("^" .. name .. ' "'), name)
    end
    assert.equal(count, #schema.order)
    for _, name in ipairs(schema.order) do assert.is_table(schema.constructs[name], name) end
  end)

  it("names each field once", function()
    for _, group in ipairs { schema.constructs, schema.records } do
      for name, construct in pairs(group) do
        local count = 0
        for _ in pairs(construct.by_name) do count = count + 1 end
        assert.equal(#construct.fields, count, name)
      end
    end
  end)

  it("keeps no field under a name that declarations use themselves", function()
    local reserved = { construct = true, file = true, line = true, nth = true, index = true, failed = true, shipped = true, name = true }
    for name, construct in pairs(schema.constructs) do
      for _, field in ipairs(construct.fields) do
        assert.is_nil(reserved[field.as or field.name], name .. "." .. field.name)
      end
    end
  end)
end)
