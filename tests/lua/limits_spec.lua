-- Specs of scripts/lib/limits.lua.
local limits = require "senda.limits"

local OWN = { count_of = "clicks", times = 1 }

describe("limits", function()
  it("nothing limits an offer that no policy covers", function()
    assert.is_nil(limits.of(limits.new {}, { index = 1 }, 1))
    local numbered = limits.new { { offer_indexes = { 2 }, kind_indexes = { 2 }, tag_indexes = { 3 } } }
    assert.is_nil(limits.of(numbered, { index = 1, tag_indexes = { 1, 2 } }, 1))
    assert.equal(1, numbered.count)
  end)

  it("a policy covers by name, by kind or by tag", function()
    local numbered = limits.new { { offer_indexes = { 2, 5 } }, { kind_indexes = { 7 } }, { tag_indexes = { 3 } } }
    assert.same({ 1 }, limits.of(numbered, { index = 5 }, 1))
    assert.same({ 2 }, limits.of(numbered, { index = 1 }, 7))
    assert.same({ 3 }, limits.of(numbered, { index = 1, tag_indexes = { 9, 3 } }, 1))
    assert.same({ 1, 2, 3 }, limits.of(numbered, { index = 2, tag_indexes = { 3 } }, 7))
  end)

  it("a policy that covers an offer twice limits it once", function()
    local numbered = limits.new { { offer_indexes = { 1 }, kind_indexes = { 1 }, tag_indexes = { 1, 2 } } }
    assert.same({ 1 }, limits.of(numbered, { index = 1, tag_indexes = { 1, 2 } }, 1))
  end)

  it("offers' own limits are numbered behind the policies, and come first", function()
    local numbered = limits.new { { kind_indexes = { 1 } }, { tag_indexes = { 1 } } }
    assert.same({ 3, 1 }, limits.of(numbered, { index = 1, limit = OWN }, 1))
    assert.same({ 4, 1, 2 }, limits.of(numbered, { index = 2, limit = OWN, tag_indexes = { 1 } }, 1))
    assert.same({ 5 }, limits.of(numbered, { index = 3, limit = OWN }, 2))
    assert.equal(5, numbered.count)
  end)
end)
