-- Specs of scripts/lib/describe.lua.
require "support"
local describe_language = require "senda.describe"
local schema = require "senda.schema"

describe("describe", function()
  it("prints every construct with every field", function()
    local printed = describe_language.language()
    for _, name in ipairs(schema.order) do
      assert.truthy(printed:find("\n## " .. name .. "\n", 1, true) or printed:find("^## " .. name .. "\n"), name)
      for _, field in ipairs(schema.constructs[name].fields) do
        assert.truthy(printed:find("\n| `" .. field.name .. "` |", 1, true), name .. "." .. field.name)
      end
    end
  end)

  it("prints what is required, what is the default, and nested tables", function()
    local printed = describe_language.construct(schema.constructs.offer)
    assert.truthy(printed:find("| `kind` | a name in quotes | required | the sort of content", 1, true))
    assert.truthy(printed:find("| `value` | a number, 0 or more | `1` | what one conversion is worth |", 1, true))
    assert.truthy(printed:find("### limit of an offer", 1, true))
  end)

  it("keeps four columns in every row", function()
    for line in describe_language.language():gmatch("[^\n]+") do
      if line:find("^|") then
        local bars = select(2, line:gsub("\\|", ""):gsub("|", ""))
        assert.equal(5, bars, line)
      end
    end
  end)
end)
