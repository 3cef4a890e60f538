-- Specs of scripts/lib/check_stages.lua.
local support = require "support"

local function journey_problems(stages)
  return support.problems { ["journeys/road.lua"] = 'journey "road" { stage "awareness" { names = { es = "descubrimiento" } }, stage "decision" { enter = { on = "x" } },\n'
    .. stages .. "}" }
end

describe("checks of stages", function()
  it("warn of a stage that nothing brings customers to", function()
    assert.same({ 'journeys/road.lua:2:1: warning: stage "later": nothing brings customers here: it isn\'t the first stage and has no `enter`' },
      journey_problems 'stage "later" { no_offer = "quiet" }')
  end)

  it("warn of rules that can't come true", function()
    assert.same({
      "journeys/road.lua:2:81: warning: stage \"later\": enter.where.kind: no offer is of the kind \"artcle\"; did you mean 'article'?",
    }, journey_problems 'stage "later" { no_offer = "quiet", enter = { on = "download", where = { kind = "artcle" } } }')
    assert.same({
      "journeys/road.lua:2:103: warning: stage \"later\": enter, item 2.where.offer: no offer \"guyde\": this can't happen; did you mean 'guide'?",
    }, journey_problems 'stage "later" { no_offer = "quiet", enter = { { on = "page_view" }, { on = "click", where = { offer = "guyde" } } } }')
  end)

  it("leave alone what pages tell", function()
    assert.same({}, journey_problems 'stage "later" { no_offer = "quiet", enter = { on = "page_view", where = { offer = "anything", kind = "pricing" } } }')
  end)

  it("leave no slip in them untold", function()
    assert.same({
      "journeys/road.lua:2:87: warning: stage \"later\": enter.where.offer: no offer \"guyde\"; did you mean 'guide'?",
      "journeys/road.lua:2:108: warning: stage \"later\": enter.where.placement: no placement \"heroo\"; did you mean 'hero'?",
    }, journey_problems 'stage "later" { no_offer = "quiet", enter = { on = "page_view", where = { offer =     "guyde", placement = "heroo" } } }')
  end)

  it("warn of kinds that are declared and that no offer has", function()
    local function warned(content) return support.problems { ["policies.lua"] = content } end
    assert.same({ "policies.lua:1:1: warning: kind \"discoun\": no offer is of this kind; did you mean 'discount'?" }, warned 'kind "discoun" { weight = 5 }')
    assert.same({ 'policies.lua:1:1: warning: kind "webinar": no offer is of this kind' }, warned 'kind "webinar" { weight = 5 }')
    assert.same({ "policies.lua:1:1: warning: kind \"demoo\": no offer is of this kind; did you mean 'demo'?" }, warned 'kind "demoo" {}')
    assert.same({}, warned 'kind "discount" {} kind "demo" {}')
  end)

  it("warn of kinds that an offer nearly has", function()
    assert.same({
      'journeys/road.lua:2:1: warning: stage "later": no offer fits this stage of the journey "road": only fallbacks can be shown in it',
      "journeys/road.lua:2:29: warning: stage \"later\": offers, item 1: no offer is of the kind \"articel\"; did you mean 'article'?",
    },
      journey_problems 'stage "later" { offers = {  "articel", "discount" }, enter = { on = "x" } }')
  end)

  it("warn of stages with nothing to show but fallbacks", function()
    assert.same({ 'journeys/road.lua:2:1: warning: stage "later": no offer fits this stage of the journey "road": only fallbacks can be shown in it' },
      journey_problems 'stage "later" { offers = { "podcast" }, enter = { on = "x" } }')
  end)

  it("look up the persona a journey names", function()
    assert.same({ "journeys/b.lua:1:27: error: journey \"b\": persona: no persona \"it-manger\"; did you mean 'it-manager'?" }, support.problems {
      ["journeys/b.lua"] = 'journey "b" { persona =   "it-manger", stage "c" { no_offer = "quiet" } }',
    })
  end)
end)
