-- Specs of scripts/lib/constructors.lua.
local support = require "support"

local TITLE = 'kind = "article", title = "T", url = "/"'

local function problems(content)
  return support.problems { ["offers/x.lua"] = content }
end

describe("constructors", function()
  it("take a name and fields, in every way of calling", function()
    local loader = support.load_changed { ["offers/x.lua"] = string.format([[
offer "a" { %s }
offer("b", { %s })
offer("c")({ %s })
local make = offer "d"
make { %s }
pcall(offer "e", { %s })
]], TITLE, TITLE, TITLE, TITLE, TITLE) }
    assert.same({}, support.lines(loader))
    local lines = {}
    for _, offer in ipairs(loader.result.offers) do lines[offer.id] = offer.line end
    assert.same({ 1, 2, 3, 4, 6 }, { lines.a, lines.b, lines.c, lines.d, lines.e })
  end)

  it("answer fields without a name", function()
    assert.same({ 'offers/x.lua:1:1: error: offer: an offer needs a name before its braces: offer "offer-name" { … }' }, problems("offer { " .. TITLE .. " }"))
  end)

  it("take the name out of the fields, so that nothing else is complained about", function()
    assert.same({ 'offers/x.lua:1:1: error: offer "found": an offer needs a name before its braces: offer "found" { … }' }, support.problems {
      ["offers/x.lua"] = 'offer { id = "found", ' .. TITLE .. " }", ["policies.lua"] = 'policy "p" { offers = { "found" }, limit = { clicks = 1 } }',
    })
  end)

  it("answer a name without fields at the end of the file", function()
    assert.same({ 'offers/x.lua:2:1: error: offer "half": has no { … }; expected offer "half" { … }' }, problems('\noffer "half"\n'))
  end)

  it("answer anything else in the place of the fields or the name", function()
    assert.same({ 'offers/x.lua:1:1: error: offer "a": expected fields in braces { … } after the name, got "b"' }, problems 'offer "a" "b"')
    assert.same({ 'offers/x.lua:1:1: error: offer: expected a name in quotes after offer, got 12' }, problems "offer(12)")
    assert.same({ "offers/x.lua:1:1: error: offer: expected a name in quotes after offer, got nothing" }, problems "offer()")
  end)

  it("answer names that are none, without forging the terminal", function()
    assert.equal('offers/x.lua:1:1: error: offer "Spring Sale": a name has small letters, digits, - and _ only, and at most 64 of them; '
      .. "did you mean 'spring-sale'?", problems('offer "Spring Sale" { ' .. TITLE .. " }")[1])
    assert.truthy(problems('offer "a\\27[31m" { ' .. TITLE .. " }")[1]:find('offer "a\\x1b[31m":', 1, true))
  end)

  it("say where the first of a name is", function()
    assert.same({ 'offers/x.lua:1:1: error: offer "guide": this name is taken: the first offer of that name is in offers/all.lua, line 2' },
      problems('offer "guide" { ' .. TITLE .. " }"))
    assert.same({ 'offers/x.lua:1:56: error: offer "x": this name is taken: the first offer of that name is in line 1' },
      problems('offer "x" { ' .. TITLE .. ' } offer "x" { ' .. TITLE .. " }"))
    assert.same({ 'tests/t.lua:2:1: warning: test "t": another test has this name: tests/t.lua, line 1' }, support.problems {
      ["tests/t.lua"] = 'test "t" { at = "hero", expect = { none = true } }\ntest "t" { at = "hero", expect = { none = true } }',
    })
  end)

  it("complete a declaration once", function()
    assert.same({ 'offers/x.lua:1:14: error: offer "a": this name is taken: the first offer of that name is in line 1' },
      problems('local once = offer "a" once { ' .. TITLE .. " } once { " .. TITLE .. " }"))
  end)

  it("keep copies of what they are given", function()
    local loader = support.load_changed { ["offers/x.lua"] = [[
local common = { kind = "article", title = "One", url = "/", tags = { "crm" }, data = { pages = { 1 } } }
offer "one" (common)
common.title = "Two"
common.data.pages[1] = 2
common.tags[1] = "erp"
offer "two" (common)
]] }
    local one, two = loader.result.offers[4], loader.result.offers[5]
    assert.same({ { ["*"] = "One" }, { ["*"] = "Two" } }, { one.titles, two.titles })
    assert.same({ 1, 2 }, { one.data.pages[1], two.data.pages[1] })
    assert.same({ { "crm" }, { "erp" } }, { one.tag_names, two.tag_names })
  end)

  it("want stages inside of journeys", function()
    assert.same({ 'offers/x.lua:1:1: error: stage "alone": a stage stands inside of a journey\'s braces: journey "…" { stage "…" { … } }' },
      problems 'stage "alone" { }')
    assert.same({
      'journeys/b.lua:1:17: error: journey "b": item 1: expected a stage here, got "awareness"',
      'journeys/b.lua:1:30: error: stage "half": has no { … }; expected stage "half" { … }',
      'journeys/b.lua:1:44: error: stage: a stage needs a name before its braces: stage "stage-name" { … }',
    }, support.problems { ["journeys/b.lua"] = 'journey "b" {   "awareness", stage "half", stage { goal = "x" } }' })
  end)

  it("let journeys share a stage", function()
    local loader = support.load_changed {
      ["journeys/shared.lua"] = 'local s = stage "shared" { offers = { "demo", "article" } }\njourney "b" { s }\njourney "c" { s }',
      ["offers/x.lua"] = 'offer "x" { kind = "demo", title = "T", url = "/" }',
    }
    assert.same({}, support.lines(loader))
    assert.same({ "awareness", "decision", "shared", "shared" }, (function(list)
      for index, stage in ipairs(loader.result.stages) do list[index] = stage.name end
      return list
    end)({}))
  end)

  it("work only while the site is loaded", function()
    local hook
    local loader = support.load_changed({ ["strategies/s.lua"] = 'strategy "s" { when = function() offer "late" { } end } strategy "t" {}' }, nil, function(host)
      host.function_problem = function(f) hook = f end
    end)
    assert.same({}, support.lines(loader))
    local done, message = pcall(hook)
    assert.is_false(done)
    assert.truthy(message:find("'offer' declares something, which only works while the site is loaded", 1, true))
  end)
end)
