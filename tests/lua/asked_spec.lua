-- Specs of scripts/lib/asked.lua.
require "support"
local asked = require "senda.asked"
local members = require "senda.members"
local source = require "senda.source"
local schema = require "senda.schema"

-- The names that the functions of a strategy with these fields ask for: "sort name".
local function find(fields)
  local cut, said = source.new('strategy "s" {' .. fields .. "}", schema.constructs), {}
  for _, hook in ipairs(cut:hooks()) do
    for _, found in ipairs(asked.find(cut.tokens, hook, members.subjects(cut.tokens, hook))) do
      table.insert(said, string.format("%s %s", found.of or found.list, found.name))
      assert.equal(found.name, cut.tokens.values[found.token])
    end
  end
  return said
end

describe("asked names", function()
  it("are those that fields are compared with, on either side", function()
    assert.same({ "persona a", "stage b", "journey c" }, find 'when = function(c) return c.persona == "a" or "b" ~= c.stage or c.journey == "c" end')
    assert.same({ "kind a", "offer b" }, find 'score = function(c, o) return o.kind ~= "a" and o.id == "b" and 1 or 2 end')
    assert.same({ "tags a" }, find 'eligible = function(c, o) return o.tags == "a" end')
  end)

  it("are those that methods are asked with", function()
    assert.same({ "tag a", "tag b", "offer or kind c" }, find 'eligible = function(c, o) return o:tagged("a") or o:tagged "b" or c:seen("c", "7d") end')
  end)

  it("are none that are put together, or asked of something else", function()
    for _, fields in ipairs {
      'when = function(c) return c.context.kind == "a" or c.traits.persona == "b" end', 'when = function(c) return x.persona == "a" or x.c.persona == "a" end',
      'eligible = function(c, o) return o:tagged("a" .. x) or o.kind == "a" .. x end', 'eligible = function(c, o) local o = x return o.kind == "a" end',
      'eligible = function(c, o) return "a" .. x == o.kind or o.data.kind == "a" end', 'eligible = function(c, o) return o.kind == kinds.a or c:did("a") end',
    } do
      assert.same({}, find(fields), fields)
    end
  end)
end)
