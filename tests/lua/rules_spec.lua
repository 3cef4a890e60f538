-- Specs of scripts/lib/rules.lua.
local support = require "support"

local function first(changes)
  return support.problems(changes)[1]
end

local function with_journey(stages)
  return first { ["journeys/road.lua"] = 'journey "road" { ' .. stages .. " }", ["offers/all.lua"] = 'offer "welcome" { kind = "article", title = "Hola", url = "/" }',
    ["placements.lua"] = 'placement "hero" { fallback = "welcome" }' }
end

describe("rules", function()
  it("site: the default language is one of its languages", function()
    assert.equal('site.lua:1:24: error: site "shop": locale: the default language "fr" is not among the site\'s locales (es and en)',
      first { ["site.lua"] = 'site "shop" { locale = "fr", locales = { "es", "en" } }' })
    assert.equal('site.lua:1:25: error: site "shop": locales: the default language "en" is not among the site\'s locales (es)',
      first { ["site.lua"] = 'site "shop" { locales = { "es" } }' })
  end)

  it("stage: wants no offer, or takes kinds, but not both", function()
    assert.equal('journeys/road.lua:1:65: error: stage "a": no_offer: says that nothing is offered in this stage, '
      .. "but `offers` names kinds that fit; expected only one of the two",
      with_journey 'stage "a" { offers = { "article" }, no_offer = "quiet" }')
  end)

  it("stage: without kinds wants no offer, and says so", function()
    local loader = support.load_changed { ["journeys/road.lua"] = [[
journey "road" { stage "awareness" { names = { es = "descubrimiento" } }, stage "decision" { enter = { on = "x" } },
  stage "rest" { offers = {}, enter = { on = "y" } } }]] }
    assert.same({}, support.lines(loader))
    assert.equal("This stage wants no offer.", loader.result.stages[3].no_offer.en)
    assert.same({}, loader.result.stages[3].kinds)
  end)

  it("journey: has stages, each with names of its own", function()
    assert.equal('journeys/road.lua:1:1: error: journey "road": has no stages', with_journey 'model = "b2c"')
    assert.equal('journeys/road.lua:1:33: error: stage "a": the name "a" is taken: another stage of this journey has it, line 1',
      with_journey 'stage "a" { }, stage "a" { }')
    assert.equal('journeys/road.lua:1:33: error: stage "b": the name "a" is taken: another stage of this journey has it, line 1',
      with_journey 'stage "a" { }, stage "b" { names = { es = "a" } }')
  end)

  it("policy: covers something", function()
    assert.equal('policies.lua:1:1: error: policy "p": covers nothing; expected at least one of offers, kinds or tags',
      first { ["policies.lua"] = 'policy "p" { limit = { clicks = 1 } }' })
    assert.equal('policies.lua:1:21: error: policy "p": tags: covers nothing: the list is empty',
      first { ["policies.lua"] = 'policy "p" { tags = {}, limit = { clicks = 1 } }' })
  end)

  it("strategy: is for something", function()
    assert.equal('strategies/s.lua:1:29: error: strategy "s": placements: the list is empty, so the strategy is for nothing; '
      .. "leave the field out to be for all", first { ["strategies/s.lua"] = 'strategy "s" { placements = {} }' })
  end)

  it("test: expects something that can be", function()
    local function with_expect(expect) return first { ["tests/t.lua"] = 'test "t" { at = "hero", expect = { ' .. expect .. " } }" } end
    assert.equal('tests/t.lua:1:34: error: test "t": expect: expects nothing; expected at least one of offer, kind, not_offer, none, fallback or strategy',
      with_expect "")
    assert.equal('tests/t.lua:1:60: error: test "t": expect.none: can\'t expect an offer and none at once', with_expect 'offer = "guide", none = true')
    assert.equal('tests/t.lua:1:65: error: test "t": expect.not_offer: can\'t expect an offer and forbid it at once',
      with_expect 'offer = "guide", not_offer = "guide"')
  end)
end)
