-- Specs of scripts/lib/records.lua.
local support = require "support"

local TITLE = 'kind = "article", title = "T", url = "/", '

describe("records", function()
  it("answer unknown fields with the nearest and its place", function()
    assert.same({ "offers/x.lua:1:13: error: offer \"x\": unknown field 'tittle'; did you mean 'title'?" },
      support.offer_problems('tittle = "S", kind = "article", title = "T", url = "/"'))
  end)

  it("tell the right field where authors think of another", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { ' .. TITLE .. 'stage = "decision" }' }
    assert.equal("offer \"x\": unknown field 'stage'", loader.problems[1].message)
    assert.equal('an offer names its stages in a list: stages = { "…" }', loader.problems[1].hint)
  end)

  it("list the fields where none is near", function()
    local loader = support.load_changed { ["placements.lua"] = 'placement "hero" { zzzzzz = 1, fallback = "welcome" }' }
    assert.equal("fields are count, kinds, fallback, names and touchpoint", loader.problems[1].hint)
  end)

  it("tell all that is missing and wrong at once", function()
    assert.same({
      'offers/x.lua:1:1: error: offer "x": the field \'kind\' is missing; expected a name in quotes (the sort of content, e.g. "lead_magnet")',
      'offers/x.lua:1:1: error: offer "x": the field \'title\' is missing; expected a text, or one for each language: '
        .. '{ es = "…", en = "…" } (the title shown, one for all languages or one for each)',
      'offers/x.lua:1:21: error: offer "x": value: expected a number, 0 or more (what one conversion is worth), got "12 €"',
      'offers/x.lua:1:40: error: offer "x": weight: expected a number, -100 or more (favours it, in percent; below 0 holds it back), got true',
    }, support.offer_problems('value = "12 €", weight = true'))
  end)

  it("refuse items without a field and fields that are no text", function()
    assert.same({
      'offers/x.lua:1:1: error: offer "x": item true: the name of a field is a text, not true',
      'offers/x.lua:1:55: error: offer "x": item 1: expected a field before "loose", as in kind = …',
    }, support.offer_problems(TITLE .. '"loose", [true] = 1'))
  end)

  it("find the fields of nested tables", function()
    assert.same({ "offers/x.lua:1:82: error: offer \"x\": unknown field 'wihtin'; did you mean 'within'?" },
      support.offer_problems(TITLE .. 'limit = { impressions = 3, wihtin = "7d" }'))
    assert.same({ 'journeys/road.lua:1:89: error: stage "b": enter, item 3.on: expected the name of an event, '
      .. 'such as "download" or "page_view" (the event\'s name, e.g. "download"), got 3' },
      support.problems {
        ["journeys/road.lua"] = 'journey "road" { stage "a" {}, stage "b" { enter = { { on = "x" }, { on = "y" }, { on = 3 } } } }',
        ["offers/all.lua"] = 'offer "welcome" { kind = "article", title = "Hola", url = "/" }',
        ["placements.lua"] = 'placement "hero" { fallback = "welcome" }',
      })
  end)

  it("take hostile tables without harm", function()
    local lines = support.problems { ["offers/x.lua"] = [[
local cyclic = {}
cyclic.self = cyclic
offer "c" { kind = cyclic, title = cyclic, url = cyclic, stages = cyclic, value = cyclic, limit = cyclic, data = cyclic, starts = cyclic }
offer "d" { [cyclic] = cyclic, [tostring] = tostring, [1.5] = 2, [("k"):rep(5000)] = 3 }
]] }
    assert.is_true(#lines > 10)
    for _, line in ipairs(lines) do
      assert.is_true(#line < 700, line)
      assert.is_nil(line:find("0x", 1, true), line)
    end
  end)

  it("miss no field that stands there under a wrong name, or with a wrong value", function()
    local function one(problem, fields) assert.same({ problem }, support.offer_problems(fields)) end
    one("offers/x.lua:1:31: error: offer \"x\": unknown field 'titel'; did you mean 'title'?", 'kind = "article", titel = "T", url = "/x"')
    one("offers/x.lua:1:66: error: offer \"x\": unknown field 'impresions'; did you mean 'impressions'?",
      'kind = "article", title = "T", url = "/x", limit = { impresions = 3, within = "7d" }')
    local empty = 'offers/x.lua:1:%d: error: offer "x": %s: expected a text, or one for each language: { es = "…", en = "…" } '
      .. '(the title shown, one for all languages or one for each), got an empty text ""'
    one(empty:format(39, "title"), 'kind = "article", title = "", url = "/x"')
    one(empty:format(46, "title.es"), 'kind = "article", title = { es = "", en = "T" }, url = "/x"')
    assert.same({ "journeys/z.lua:1:51: error: stage \"b\": unknown field 'event'; did you mean 'on'?" },
      support.problems { ["journeys/z.lua"] = 'journey "z" { stage "a" {}, stage "b" { enter = { event = "add" } } }' })
  end)
end)
