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

  it("finds what has a wrong name by the right one", function()
    local all = registry.new({ "offer", "test" })
    local wrong, right = { construct = "offer", name = "Test Ride" }, { construct = "offer", name = "test-ride" }
    all:add(wrong)
    assert.equal(wrong, all:find("offer", "test-ride"))
    assert.equal(wrong, all:find("offer", "Test Ride"))
    assert.same({ "test-ride" }, all.shelves.offer.names)
    all:add(right)
    assert.equal(right, all:find("offer", "test-ride"))
    all:add({ construct = "test", name = "A sentence." })
    assert.same({ "A sentence." }, all.shelves.test.names)
  end)

  it("notes what a file that could not be read may declare", function()
    local all = registry.new({ "offer", "stage", "journey", "policy" })
    assert.is_false(all:is_incomplete())
    all:note_broken('journey "x" { \n offers = 3')
    assert.is_true(all:is_incomplete())
    assert.same({ journey = true, stage = true }, all.broken)
  end)

  it("takes a word for a declaration where a name or braces follow, not where it is a field or said in a text", function()
    local function declares(content)
      local all = registry.new { "stage" }
      all:note_broken(content)
      return all:is_incomplete()
    end
    for _, content in ipairs { 'stage "x" {', "stage 'x' {", "stage [[x]] {", 'stage("x", {', "stage(name, {", "stage { name", 'stage\n"x"',
      "stage “x” {", 'stage = "x" {', "stage x {", 'stage x" {', ("-"):rep(70000) } do
      assert.is_true(declares(content), content)
    end
    for _, content in ipairs { 'stage = "one"', "stage == 'one'", 'c.stage "one"', "c.stage == 'one'", 'title = "Every stage of it"',
      'stages = { "one" }', 'backstage "x" {', "{ stage = one }", "stage, offer" } do
      assert.is_false(declares(content), content)
    end
  end)

  it("knows which names may be among what was lost", function()
    local all = registry.new { "offer", "stage", "journey" }
    assert.is_false(all:may_have_lost("offer", "a"))
    all:note_broken 'offer "a-sale" { kind = "x" y'
    assert.is_true(all:may_have_lost("offer", "a-sale"))
    assert.is_true(all:may_have_lost(nil, "x"))
    assert.is_false(all:may_have_lost("offer", "guide"))
    all:note_broken 'journey(name .. "x") {'
    assert.is_true(all:may_have_lost("journey", "guide"))
    assert.is_true(all:may_have_lost("stage", "guide"))
    assert.is_false(all:may_have_lost("offer", "guide"))
    all:note_lost_piece("offer", "guide;article")
    assert.is_true(all:may_have_lost("offer", "guide"))
    all:note_lost_piece("offer", ("-"):rep(200000))
    assert.is_true(all:may_have_lost("offer", "any"))
  end)

  it("searches what was lost only so often", function()
    local all = registry.new { "offer" }
    all:note_broken 'offer "a" {'
    for _ = 1, 1000 do assert.is_false(all:may_have_lost("offer", "b")) end
    assert.is_true(all:may_have_lost("offer", "b"))
  end)
end)
