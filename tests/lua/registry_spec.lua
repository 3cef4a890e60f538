-- Specs of scripts/lib/registry.lua.
require "support"
local registry = require "senda.registry"

describe("registry", function()
  it("keeps declarations in order and by name, and gives the first of a name", function()
    local all = registry.new({ "offer", "stage" })
    local one, two = { construct = "offer", name = "a" }, { construct = "offer", name = "b" }
    local again, nameless = { construct = "offer", name = "a" }, { construct = "offer" }
    assert.is_nil(all:add(one))
    assert.is_nil(all:add(two))
    assert.equal(one, all:add(again))
    assert.is_nil(all:add(nameless))
    assert.equal(one, all:find("offer", "a"))
    assert.same({ "a", "b" }, all.shelves.offer.names)
    assert.equal(4, #all:list("offer"))
    assert.equal(2, two.index)
  end)

  it("notes what a file that could not be read may declare", function()
    local all = registry.new({ "offer", "stage", "journey", "policy" })
    assert.is_false(all:is_incomplete())
    all:note_broken('journey "x" { \n offers = 3')
    assert.is_true(all:is_incomplete())
    assert.same({ journey = true, stage = true }, all.broken)
  end)
end)
