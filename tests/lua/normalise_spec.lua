-- Specs of scripts/lib/normalise.lua.
local support = require "support"

local SITE = {
  ["site.lua"] = 'site "shop" { locale = "es", locales = { "es", "en" }, time_zone = "Europe/Madrid" }\nkind "demo" { names = { es = "demostración" }, weight = 10 }',
  ["journeys/road.lua"] = [[
journey "road" {
  model = "b2b", names = { en = "Road" }, summary = "s", weight = 5,
  stage "awareness" { names = { es = "descubrimiento" }, offers = { "demo", "article" }, customer = { "looks", basis = "measured" } },
  stage "decision" {
    enter = { { on = "download", where = { pages = 3, kind = "demo" }, times = 2, within = "7d" }, { on = "purchase" } }, re_enter = { cool_down = "30d" }, leave_after = "45d",
    emotion = { "sure", valence = 1 }, objective = { metric = "m", baseline = 0.1, target = 0.2, by = "2027-02-28" },
  },
}
]],
  ["personas/a.lua"] = 'persona "ana" { name = "Ana", needs = { "x" }, match = function() return true end }',
  ["placements.lua"] = 'placement "hero" { kinds = { "demo" }, fallback = { "b", "a" }, names = "Hero", touchpoint = "site", count = 2 }',
  ["offers/a.lua"] = [[
offer "b" { kind = "article", title = "T", url = false, placements = {} }
offer "a" {
  kind = "demo", title = { es = "á", en = "a" }, url = "/a", stages = { "decision" }, personas = { "ana" }, placements = { "hero" },
  locales = { "es" }, tags = { "z", "y" }, answers = { "why" }, value = 3, weight = -5, starts = "2026-11-01", ends = "2026-11-30", data = { x = { 1 } },
}
offer "c" { kind = "demo", title = "T", url = "/", consent = "marketing", stock = 5, limit = { clicks = 1 } }
]],
  ["policies.lua"] = 'policy "p" { kinds = { "demo" }, tags = { "y" }, limit = { impressions = 2, within = "1d" } }',
  ["strategies/s.lua"] = 'strategy "s" { stage = "decision", score = function() return 1 end, because = "why" }',
  ["tests/t.lua"] = 'test "t t" { at = "hero", now = "2026-11-01 12:00", expect = { kind = "demo" } }\n'
    .. 'test "u" { at = "hero", expect = { kind = "demo" }, given = { stage = "decision", context = { x = 1 }, did = { purchase = { "1m", "2m" } },\n'
    .. 'seen = { a = "1d" }, in_stage_for = "5d" } }',
}

describe("normalise", function()
  local result = support.load(SITE).result

  it("site, kinds, tags, consents", function()
    assert.same({ name = "shop", locale = "es", locales = { "es", "en" }, time_zone = "Europe/Madrid", journey = 1 }, result.site)
    assert.same({ { name = "article", weight = 0 }, { name = "demo", weight = 10, names = { es = "demostración" } } }, result.kinds)
    assert.same({ "y", "z" }, result.tags)
    assert.same({ "marketing" }, result.consents)
  end)

  it("journeys and stages", function()
    local journey = result.journeys[1]
    assert.same({ "road", "b2b", 5, 1, 2, "Road" }, { journey.name, journey.model, journey.weight, journey.first, journey.count, journey.names.en })
    assert.same({ ["*"] = "s" }, journey.map.summary)
    assert.same({ "b2b", { en = "Road" } }, { journey.map.model, journey.map.names })
    local first, second = result.stages[1], result.stages[2]
    assert.same({ 1, 1, { "descubrimiento" }, { 2, 1 } }, { first.journey, first.position, first.aliases, first.kinds })
    assert.same({ texts = { ["*"] = { "looks" } }, basis = "measured" }, first.map.customer)
    assert.equal("assumed", first.map.basis)
    assert.same({ "descubrimiento" }, first.map.aliases)
    assert.is_nil(second.map.aliases)
    assert.is_nil(second.kinds)
    assert.same({
      { on = "download", where = { { key = "kind", value = "demo" }, { key = "pages", value = 3 } }, times = 2, within = 604800 },
      { on = "purchase", where = {}, times = 1 },
    }, second.enter)
    assert.same({ { cool_down = 2592000 }, 3888000, 4 }, { second.re_enter, second.leave_after, second.line })
    assert.same({ words = { texts = { ["*"] = { "sure" } } }, valence = 1 }, second.map.emotion)
    assert.same({ { metric = { ["*"] = "m" }, baseline = 0.1, target = 0.2, by = "2027-02-28" } }, second.map.objectives)
  end)

  it("personas and placements", function()
    assert.same({ "ana", "Ana", "function" }, { result.personas[1].name, result.personas[1].title, type(result.personas[1].match) })
    assert.same({ title = "Ana", needs = { texts = { ["*"] = { "x" } } } }, result.personas[1].map)
    assert.same({
      name = "hero", count = 2, kinds = { 2 }, fallback = { 1, 2 }, names = { ["*"] = "Hero" }, touchpoint = "site", file = "placements.lua", line = 1,
    }, result.placements[1])
  end)

  it("offers, every key of them", function()
    assert.same({
      id = "a", kind = 2, titles = { es = "á", en = "a" }, urls = { ["*"] = "/a" }, stages = { 2 }, personas = { 1 }, placements = { 1 },
      locales = { "es" }, tags = { 2, 1 }, tag_names = { "z", "y" }, answers = { "why" }, value = 3, weight = -5,
      starts = 1793487600, ends = 1796079600, data = { x = { 1 } }, limits = { 1 }, file = "offers/a.lua", line = 2,
    }, result.offers[2])
    assert.same({ id = "b", kind = 1, titles = { ["*"] = "T" }, placements = {}, value = 1, weight = 0, file = "offers/a.lua", line = 1 }, result.offers[1])
    assert.same({
      id = "c", kind = 2, titles = { ["*"] = "T" }, urls = { ["*"] = "/" }, value = 1, weight = 0, consent = 1, stock = 5,
      limit = { count_of = "clicks", times = 1 }, limits = { 2, 1 }, file = "offers/a.lua", line = 6,
    }, result.offers[3])
  end)

  it("policies, strategies and tests", function()
    assert.equal(2, result.limit_count)
    assert.same({ name = "p", kinds = { 2 }, tags = { 1 }, limit = { count_of = "impressions", times = 2, within = 86400 }, file = "policies.lua", line = 1 },
      result.policies[1])
    local strategy = result.strategies[1]
    assert.same({ "s", { 2 }, "function", "none", { ["*"] = "why" } }, { strategy.name, strategy.stages, type(strategy.score), strategy.explore, strategy.because })
    assert.is_nil(strategy.placements)
    assert.same({ name = "t t", given = {}, history = {}, at = "hero", now = 1793530800, expect = { kind = "demo" }, file = "tests/t.lua", line = 1 }, result.tests[1])
    assert.same({ stage = "decision", context = { x = 1 } }, result.tests[2].given)
    assert.same({ did = { purchase = { 60, 120 } }, seen = { a = { 86400 } }, in_stage_for = 432000 }, result.tests[2].history)
  end)

  it("holds plain values only", function()
    local function walk(value)
      if type(value) ~= "table" then
        assert.is_true(type(value) ~= "userdata" and type(value) ~= "thread")
        return
      end
      assert.is_nil(getmetatable(value))
      for key, item in pairs(value) do
        assert.is_true(type(key) == "string" or math.type(key) == "integer")
        walk(item)
      end
    end
    walk(result)
  end)
end)
