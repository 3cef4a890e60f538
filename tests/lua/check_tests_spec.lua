-- Specs of scripts/lib/check_tests.lua.
local support = require "support"

local function problems(fields)
  return support.problems { ["tests/t.lua"] = 'test "t" {\n' .. fields .. "\n}" }
end

describe("checks of tests", function()
  it("look up what they name", function()
    assert.same({
      "tests/t.lua:2:6: error: test \"t\": at: no placement \"heroo\"; did you mean 'hero'?",
      "tests/t.lua:3:19: error: test \"t\": given.stage: no stage \"decison\"; did you mean 'decision'?",
      "tests/t.lua:3:40: error: test \"t\": given.persona: no persona \"it-manger\"; did you mean 'it-manager'?",
      'tests/t.lua:3:62: error: test "t": given.locale: the site doesn\'t speak "fr", only es and en',
      "tests/t.lua:4:20: error: test \"t\": expect.offer: no offer \"guida\"; did you mean 'guide'?",
      "tests/t.lua:4:36: error: test \"t\": expect.kind: no kind \"artikle\"; did you mean 'article'?",
    }, problems [[
at = "heroo",
given = { stage = "decison", persona = "it-manger", locale = "fr" },
expect = { offer = "guida", kind = "artikle" },]])
  end)

  it("look up the offers of a history, but no events", function()
    assert.same({
      'tests/t.lua:3:32: error: test "t": given.seen.guida: no offer "guida"; did you mean \'guide\'?',
      'tests/t.lua:3:59: error: test "t": given.clicked.salt: no offer "salt"; did you mean \'sale\'?',
      'tests/t.lua:3:96: error: test "t": given.dismissed.discount: no offer "discount"',
    }, problems [[
at = "hero", expect = { offer = "guide" },
given = { seen = {   guida =   "1d" }, clicked = { salt = { "1d" } }, dismissed = { discount = "2d" }, did = { whatever = "3d" } },]])
    assert.same({}, problems [[
at = "hero", expect = { offer = "guide" },
given = { seen = { guide = { "1d", "2d" } }, clicked = { sale = "1d" }, dismissed = { welcome = "2d" }, in_stage_for = "5d" },]])
  end)

  it("tell a kind from an offer", function()
    local loader = support.load_changed {
      ["tests/t.lua"] = 'test "t" { at = "hero", expect = { offer = "guide" }, given = { seen = { article = "1d" } } }',
    }
    assert.equal("that is a kind of offers; name one of them: welcome and guide", loader.problems[1].hint)
  end)

  it("want a stage of the journey they are on", function()
    assert.same({ 'tests/t.lua:2:37: error: test "t": given.stage: no stage "decision" in that journey; it belongs to road' }, support.problems {
      ["tests/t.lua"] = 'test "t" { at = "hero",\ngiven = { journey = "z",    stage = "decision" }, expect = { none = true } }',
      ["journeys/z.lua"] = 'journey "z" { stage "rest" { no_offer = "quiet" } }',
    })
  end)

  it("want dates on which the offer is shown", function()
    local offer = 'offer "x" { kind = "article", title = "T", url = "/", starts = "2026-11-01", ends = "2026-11-30" }'
    local function at(now)
      return support.problems { ["offers/x.lua"] = offer, ["tests/t.lua"] = 'test "t" { at = "hero", expect = { offer = "x" }, now = "' .. now .. '" }' }
    end
    assert.same({ 'tests/t.lua:1:57: error: test "t": now: the offer "x" hasn\'t started by then' }, at "2026-10-31 23:59")
    assert.same({}, at "2026-11-01")
    assert.same({}, at "2026-11-30 23:59")
    assert.same({ 'tests/t.lua:1:57: error: test "t": now: the offer "x" has ended by then' }, at "2026-12-01")
  end)

  it("refuse what can't come true", function()
    assert.same({ 'tests/t.lua:2:33: error: test "t": expect.offer: this can\'t come true: the placement "mail" doesn\'t take the kind of "guide", "article"' },
      problems 'at = "mail", expect = { offer = "guide" },')
    assert.same({ 'tests/t.lua:2:65: error: test "t": expect.offer: this can\'t come true: the offer "guide" isn\'t for that stage' },
      problems 'at = "hero", given = { stage = "decision" }, expect = { offer = "guide" },')
    assert.same({}, problems 'at = "mail", given = { stage = "decision" }, expect = { offer = "welcome", fallback = true },')
  end)
end)
