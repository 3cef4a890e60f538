-- Specs of scripts/lib/check_placements.lua.
local support = require "support"

describe("checks of placements", function()
  it("want a fallback, and propose one that lasts", function()
    local loader = support.load_changed { ["placements.lua"] = 'placement "hero" { } placement "mail" { kinds = { "discount" }, fallback = {} }' }
    assert.same({
      'placements.lua:1:1: error: placement "hero": has no fallback: what should be shown when no offer fits?',
      'placements.lua:1:76: error: placement "mail": fallback: has no fallback: what should be shown when no offer fits?',
    }, { loader.problems[1] and support.lines(loader)[1], support.lines(loader)[2] })
    assert.equal('for instance: fallback = "welcome"', loader.problems[1].hint)
    assert.truthy(loader.problems[2].hint:find("write an offer for it", 1, true))
  end)

  it("want a fallback that exists", function()
    assert.same({ "placements.lua:1:31: error: placement \"hero\": fallback: no offer \"welcom\"; did you mean 'welcome'?" },
      support.problems { ["placements.lua"] = 'placement "hero" { fallback = "welcom" } placement "mail" { kinds = { "discount" }, fallback = "welcome" }' })
  end)

  it("warn of a fallback that may stop", function()
    assert.same({ 'placements.lua:1:31: warning: placement "hero": fallback: the offer "x" has "ends": once that stops it, nothing is left to show' },
      support.problems {
        ["placements.lua"] = 'placement "hero" { fallback = "x" } placement "mail" { kinds = { "discount" }, fallback = "welcome" }',
        ["offers/x.lua"] = 'offer "x" { kind = "article", title = "T", url = "/", ends = "2030-01-01" }',
      })
  end)

  it("warn of a placement that only shows its fallback", function()
    assert.same({
      'placements.lua:2:1: warning: placement "foot": no offer can ever be shown here, only the fallback',
    }, support.problems { ["placements.lua"] = [[
placement "hero" { fallback = "welcome" } placement "mail" { kinds = { "discount" }, fallback = "welcome" }
placement "foot" { kinds = { "demo" }, fallback = "welcome" }
]] })
  end)

  it("answer kinds and tags that are nearly right, and warn of those that nothing has", function()
    assert.same({
      'policies.lua:1:24: error: policy "p": tags, item 1: no tag "crn"; did you mean \'crm\'?',
      'policies.lua:1:31: warning: policy "p": tags, item 2: nothing has the tag "summer"',
      'policies.lua:1:53: error: policy "p": kinds: no kind "artcle"; did you mean \'article\'?',
      'policies.lua:1:77: error: policy "p": offers: no offer "guida"; did you mean \'guide\'?',
    }, support.problems { ["policies.lua"] = 'policy "p" { tags = {  "crn", "summer" }, kinds = { "artcle" }, offers = {  "guida" }, limit = { clicks = 1 } }' })
  end)
end)
