-- Specs of scripts/lib/resolver.lua.
local support = require "support"

local BASE = 'kind = "article", title = "T", url = "/", '

local SECOND = { ["journeys/second.lua"] = 'journey "second" { stage "decision" { }, stage "care" { names = { es = "cuidado" }, enter = { on = "x" } } }' }

local function stages_of(fields)
  local changes = { ["offers/x.lua"] = 'offer "x" { ' .. BASE .. fields .. " }" }
  for path, content in pairs(SECOND) do changes[path] = content end
  local loader = support.load_changed(changes)
  local errors = {}
  for _, line in ipairs(support.lines(loader)) do
    if line:find(": error: ", 1, true) then table.insert(errors, line) end
  end
  return loader.result and loader.result.offers[4].stages, errors
end

describe("resolver", function()
  it("finds stages by name, shown name, journey and both", function()
    assert.is_nil((stages_of ""))
    assert.same({ 1, 2, 3 }, (stages_of 'stages = { "decision", "awareness" }'))
    assert.same({ 1 }, (stages_of 'stages = { "descubrimiento", "awareness" }'))
    assert.same({ 1, 4 }, (stages_of 'stages = { "cuidado", "road/awareness" }'))
    assert.same({ 3, 4 }, (stages_of 'journeys = { "second" }'))
    assert.same({ 3 }, (stages_of 'stages = { "decision" }, journeys = { "second" }'))
    assert.same({ 3 }, (stages_of 'stages = { "second/decision" }'))
  end)

  it("answers unknown stages", function()
    local function message(fields) return select(2, stages_of(fields))[1] end
    assert.equal("offers/x.lua:1:66: error: offer \"x\": stages: no stage \"descubrimento\"; did you mean 'descubrimiento'?",
      message 'stages = { "descubrimento" }')
    assert.equal("offers/x.lua:1:66: error: offer \"x\": stages: no journey \"secnd\"; did you mean 'second'?",
      message 'stages = { "secnd/decision" }')
    assert.equal("offers/x.lua:1:66: error: offer \"x\": stages: no stage \"carre\"; did you mean 'care'?",
      message 'stages = { "second/carre" }')
    assert.equal('offers/x.lua:1:66: error: offer "x": stages: no stage "care" in that journey; it belongs to second',
      message 'stages = { "care" }, journeys = { "road" }')
    assert.equal("offers/x.lua:1:68: error: offer \"x\": journeys: no journey \"sekond\"; did you mean 'second'?",
      message 'journeys = { "sekond" }')
  end)

  it("answers every other unknown name, and lists the known ones where none is near", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { ' .. BASE .. 'personas = { "it-manger" }, placements = { "basement" } }' }
    assert.same({
      "offers/x.lua:1:68: error: offer \"x\": personas: no persona \"it-manger\"; did you mean 'it-manager'?",
      'offers/x.lua:1:98: error: offer "x": placements: no placement "basement"',
    }, support.lines(loader))
    assert.equal("known placements: hero and mail", loader.problems[2].hint)
  end)

  it("takes each name once, and the same names as the same table", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'for i = 1, 3 do offer("x-" .. i) { ' .. BASE .. 'placements = { "hero", "mail", "hero" }, tags = { "crm" } } end',
      ["placements.lua"] = 'placement "hero" { fallback = "welcome" } placement "mail" { fallback = "welcome" }' }
    local offers = loader.result.offers
    assert.same({ 1, 2 }, offers[4].placements)
    assert.equal(offers[4].placements, offers[6].placements)
  end)

  it("says how several names are written, in Lua and in tables", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { ' .. BASE .. 'stages = { "awareness;decision" } }',
      ["offers/y.csv"] = 'id,kind,title,url,stages\ny,article,Y,/y,"awareness,decision"\n' }
    assert.equal('write each stage in quotes of its own: stages = { "awareness", "decision" }', loader.problems[1].hint)
    assert.equal("write a bar between them: awareness|decision", loader.problems[2].hint)
  end)

  it("answers what will have another name by that name", function()
    assert.same({
      'journeys/z.lua:1:15: error: stage "Big Stage": a name has small letters, digits, - and _ only, and at most 64 of them; did you mean \'big-stage\'?',
      'offers/x.lua:1:1: error: offer "Big Offer": a name has small letters, digits, - and _ only, and at most 64 of them; did you mean \'big-offer\'?',
      "tests/t.lua:2:44: error: test \"u\": expect.offer: no offer \"big-ofer\"; did you mean 'big-offer'?",
    }, support.problems {
      ["journeys/z.lua"] = 'journey "z" { stage "Big Stage" {} }',
      ["offers/x.lua"] = 'offer "Big Offer" { ' .. BASE .. 'stages = { "big-stage" } }',
      ["tests/t.lua"] = 'test "t" { at = "hero", expect = { offer = "big-offer" } }\ntest "u" { at = "hero", expect = { offer = "big-ofer" } }',
    })
  end)

  it("answers every use of an unknown name, not only the first", function()
    local lines = support.problems { ["offers/x.lua"] = 'for i = 1, 3 do offer("x-" .. i) { ' .. BASE .. 'personas = { "nobody" } } end' }
    assert.equal(3, #lines)
  end)

  it("keeps quiet about names that a broken file may declare", function()
    assert.same({ "personas/marta.lua:1:39: error: something is missing before mach (Lua says: '}' expected near 'mach')" }, support.problems {
      ["personas/marta.lua"] = 'persona "it-manager" { name = "Marta" mach = 3 }',
      ["offers/x.lua"] = 'offer "x" { ' .. BASE .. 'personas = { "it-manager" } }',
    })
  end)

  it("answers names that the text of a broken file doesn't have", function()
    local function told(change, broken)
      local lines = support.problems {
        ["offers/broken.lua"] = broken or 'offer "lost" { kind = "novelty", title = "T" url = "/" }', ["policies.lua"] = change,
      }
      return table.concat(lines, "\n", 2)
    end
    local function policy(offer) return string.format('policy "p" { offers = { "%s" }, limit = { clicks = 1 } }', offer) end
    assert.equal("", told(policy "lost"))
    assert.equal("policies.lua:1:25: error: policy \"p\": offers: no offer \"guied\"; did you mean 'guide'?", told(policy "guied"))
    assert.equal("", told('policy "p" { kinds = { "novelty" }, limit = { clicks = 1 } }'))
    assert.equal("policies.lua:1:24: error: policy \"p\": kinds: no kind \"artcle\"; did you mean 'article'?",
      told 'policy "p" { kinds = { "artcle" }, limit = { clicks = 1 } }')
    assert.equal("", told(policy "guied", 'for i = 1, 3 do offer("gui" .. i) { kind = "article" title = "T" } end'))
  end)
end)
