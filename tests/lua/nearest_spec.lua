-- Specs of scripts/lib/nearest.lua.
require "support"
local nearest = require "senda.nearest"

describe("nearest", function()
  it("counts slips of the pen", function()
    assert.equal(0, nearest.distance("hero", "hero", 2))
    assert.equal(1, nearest.distance("heor", "hero", 2))
    assert.equal(1, nearest.distance("heroo", "hero", 2))
    assert.equal(2, nearest.distance("tittel", "title", 2))
    assert.is_nil(nearest.distance("hero", "sidebar", 3))
  end)

  it("finds the nearest name, whatever its capitals and accents", function()
    local names = { "awareness", "consideración", "decision" }
    assert.equal("consideración", nearest.find("Consideracion", names))
    assert.equal("decision", nearest.find("decison", names))
    assert.is_nil(nearest.find("retention", names))
  end)

  it("prefers the first in the alphabet among equally near ones", function()
    assert.equal("cat-a", nearest.find("cat-x", { "cat-b", "cat-a" }))
  end)

  it("does not guess at short or odd values", function()
    assert.is_nil(nearest.find("", { "a" }))
    assert.is_nil(nearest.find(12, { "12" }))
    assert.is_nil(nearest.find("de", { "es", "fr" }))
  end)

  it("knows the same word joined otherwise", function()
    local known = { lead_magnet = 1 }
    assert.equal("lead_magnet", nearest.find("Lead Magnet", { "lead_magnet" }, known))
  end)

  it("asks for names that can't be listed", function()
    local function is_right(name) return name == "Europe/Madrid" end
    assert.equal("Europe/Madrid", nearest.ask("Europe/Madird", is_right))
    assert.equal("Europe/Madrid", nearest.ask("Europe/Madri", is_right))
    assert.equal("Europe/Madrid", nearest.ask("europe/madrid", is_right))
    assert.is_nil(nearest.ask("Madrid", is_right))
    assert.is_nil(nearest.ask("", is_right))
    assert.is_nil(nearest.ask(("x"):rep(65), error))
  end)

  it("finds among very many names without measuring them all", function()
    local names, known = {}, {}
    for index = 1, 50000 do
      names[index] = "offer-" .. index
      known[names[index]] = index
    end
    local visited = 0
    local watched = setmetatable({}, { __index = function(_, key) visited = visited + 1 return known[key] end })
    assert.equal("offer-123", nearest.find("ofer-123", names, watched))
    assert.equal("offer-4321", nearest.find("offer-43_21", names, watched))
    assert.is_true(visited < 5000)
  end)
end)
