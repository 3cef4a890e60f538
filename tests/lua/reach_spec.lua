-- Specs of scripts/lib/reach.lua.
require "support"
local reach = require "senda.reach"

local function whole()
  local placements = { { name = "hero" }, { name = "mail", kind_set = { discount = true } } }
  return {
    model = { stages = { { kind_set = { article = true } }, {}, { kind_set = {} } } },
    registry = { list = function() return placements end },
  }
end

describe("reach", function()
  it("finds where an offer can be shown", function()
    local map = reach.new(whole())
    assert.same({ stages = { 1, 2 }, placements = { 1 } }, map:judge({ kind = "article" }))
    assert.same({ stages = { 2 }, placements = { 2 } }, map:judge({ kind = "discount", placement_indexes = { 2 } }))
    assert.same({ stages = {}, placements = { 1 } }, map:judge({ kind = "article", stage_indexes = { 3 } }))
  end)

  it("remembers what has been found", function()
    local map = reach.new(whole())
    assert.equal(map:judge({ kind = "article" }), map:judge({ kind = "article" }))
  end)

  it("knows where something can be shown at all", function()
    local map = reach.new(whole())
    map:judge({ kind = "article" })
    assert.is_true(map:has_offer(1, 1))
    assert.is_true(map:has_offer(2, 1))
    assert.is_false(map:has_offer(3, 1))
    assert.is_false(map:has_offer(1, 2))
  end)
end)
