-- Specs of scripts/lib/types_map.lua.
local support = require "support"
local types = require "senda.types_map"

local function check(kind, value)
  local checker, messages = support.checker()
  return types[kind].check(checker, { type = kind, name = "f", help = "h" }, value), messages()
end

describe("types of a journey map", function()
  it("keep lists of texts, in every way of writing them", function()
    assert.same({ texts = { ["*"] = { "a", "b" } } }, (check("cell", { "a", "b" })))
    assert.same({ texts = { ["*"] = { "a" } } }, (check("cell", "a")))
    assert.same({ texts = { es = { "á", "b" }, en = { "a" } } }, (check("cell", { es = { "á", "b" }, en = "a" })))
    assert.same({ texts = { es = { "á" }, en = { "a" } }, basis = "measured" }, (check("cell", { { es = "á", en = "a" }, basis = "measured" })))
  end)

  it("keep touchpoints in groups", function()
    assert.same({ online = { texts = { ["*"] = { "web" } } }, indirect = { texts = { es = { "boca a boca" } } }, basis = "assumed" },
      (check("touchpoints", { online = { "web" }, indirect = { es = { "boca a boca" } }, basis = "assumed" })))
    assert.same({ texts = { ["*"] = { "web" } } }, (check("touchpoints", { "web" })))
  end)

  it("refuse what they cannot show", function()
    local _, messages = check("cell", 3)
    assert.truthy(messages[1]:find("expected a list of texts", 1, true))
    _, messages = check("cell", { "a", 3 })
    assert.truthy(messages[1]:find("item 2: expected a text", 1, true))
    _, messages = check("cell", { "a", basis = "guess" })
    assert.truthy(messages[1]:find('basis: expected "assumed" or "measured"', 1, true))
    _, messages = check("touchpoints", { online = { "a" }, outdoors = { "b" } })
    assert.truthy(messages[1]:find("outdoors: expected the groups online, offline and indirect only", 1, true))
    _, messages = check("touchpoints", { onlin = { "a" } })
    assert.same({ "offer \"x\": expected the groups online, offline and indirect only; did you mean 'online'?" }, messages)
    _, messages = check("cell", { "a", nil, "c" })
    assert.equal(1, #messages)
  end)
end)
