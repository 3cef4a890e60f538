-- Specs of scripts/lib/check_offers.lua.
local support = require "support"

local TITLE = 'title = "T", url = "/"'

local function first(fields, change_host)
  return support.problems({ ["offers/x.lua"] = 'offer "x" { ' .. fields .. " }" }, nil, change_host)[1]
end

describe("checks of offers", function()
  it("want the default language", function()
    assert.equal('offers/x.lua:1:50: error: offer "x": title: lacks the site\'s default language "es"',
      first 'url = "/", kind = "article", title = { en = "T" }')
    assert.is_nil(first 'url = "/", kind = "article", title = { en = "T" }, locales = { "en" }')
    assert.equal('offers/x.lua:1:50: error: offer "x": url: lacks the site\'s default language "es"',
      first 'title = "T", kind = "article", url = { en = "/en" }')
  end)

  it("warn of the other languages", function()
    assert.equal('offers/x.lua:1:50: warning: offer "x": title: lacks "en": the one in "es" will be shown',
      first 'url = "/", kind = "article", title = { es = "T" }')
    assert.equal("offers/x.lua:1:72: warning: offer \"x\": title: the site doesn't speak \"eng\", only es and en; did you mean 'en'?",
      first 'url = "/", kind = "article", title = { es = "T", en = "T", eng = "T" }')
  end)

  it("want languages that the site speaks", function()
    assert.equal("offers/x.lua:1:67: error: offer \"x\": locales, item 1: the site doesn't speak \"fr\", only es and en",
      first('kind = "article", ' .. TITLE .. ', locales = { "fr" }'))
  end)

  it("warn of a missing address, unless there is none on purpose", function()
    assert.equal('offers/x.lua:1:1: warning: offer "x": has no url: who clicks on it gets nowhere', first 'kind = "article", title = "T"')
    assert.is_nil(first 'kind = "article", title = "T", url = false')
  end)

  it("want an end after the start", function()
    assert.equal('offers/x.lua:1:85: error: offer "x": ends: it ends (2026-11-01) before it starts (2026-11-02)',
      first('kind = "article", ' .. TITLE .. ', starts = "2026-11-02", ends = "2026-11-01"'))
    assert.is_nil(first('kind = "article", ' .. TITLE .. ', starts = "2026-11-02", ends = "2026-11-02"'))
  end)

  it("warn of an end that is past, where the host tells the time", function()
    local fields = 'kind = "article", ' .. TITLE .. ', ends = "2026-11-01"'
    local function at(now) return function(host) host.now = function() return now end end end
    assert.is_nil(first(fields))
    assert.is_nil(first(fields, at(1793573999)))
    assert.equal('offers/x.lua:1:62: warning: offer "x": ends: it has ended already (2026-11-01): nothing shows it', first(fields, at(1793574000)))
  end)

  it("want moments that the time zone has", function()
    assert.equal('offers/x.lua:1:64: error: offer "x": starts: there is no such moment in Europe/Madrid: "2026-03-29 02:30"',
      first('kind = "article", ' .. TITLE .. ', starts = "2026-03-29 02:30"', function(host) host.instant = function() return nil end end))
  end)

  it("want a stage that takes the kind", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { kind = "artcle", ' .. TITLE .. ', stages = { "awareness" } }' }
    assert.same({ "offers/x.lua:1:63: error: offer \"x\": stages: nothing can show it: none of its stages (\"awareness\") takes the kind \"artcle\"; "
      .. "did you mean 'article'?" }, support.lines(loader))
    assert.equal("they take article", loader.problems[1].hint)
    assert.equal('offers/x.lua:1:20: error: offer "x": kind: nothing can show it: no stage takes the kind "podcast"', first('kind = "podcast", ' .. TITLE))
  end)

  it("want a stage that wants offers", function()
    assert.same({ 'offers/x.lua:1:64: error: offer "x": stages: nothing can show it: its stages ("rest") want no offer' }, support.problems {
      ["journeys/z.lua"] = 'journey "z" { stage "rest" { no_offer = "quiet" } }',
      ["offers/x.lua"] = 'offer "x" { kind = "article", ' .. TITLE .. ', stages = { "rest" } }',
    })
  end)

  it("want a placement that takes the kind", function()
    assert.equal('offers/x.lua:1:68: error: offer "x": placements: nothing can show it: none of its placements ("mail") takes the kind "article"',
      first('kind = "article", ' .. TITLE .. ', placements = { "mail" }'))
  end)

  it("want a fallback where there's nowhere else", function()
    assert.equal('offers/x.lua:1:68: error: offer "x": placements: nothing can show it: `placements = {}` keeps it for fallbacks, '
      .. "and no placement has it as its fallback", first('kind = "article", ' .. TITLE .. ", placements = {}"))
  end)

  it("say nothing of fallbacks while a placement has an error", function()
    assert.same({ "placements.lua:1:31: error: placement \"hero\": fallback: no offer \"welcomme\"; did you mean 'welcome'?" },
      support.problems { ["placements.lua"] = 'placement "hero" { fallback = "welcomme" } placement "mail" { kinds = { "discount" }, fallback = "sale" }' })
  end)

  it("let a fallback be of any kind", function()
    assert.same({}, support.problems { ["placements.lua"] = [[
placement "hero" { fallback = "x" }
placement "mail" { kinds = { "discount" }, fallback = "welcome" }
]], ["offers/x.lua"] = 'offer "x" { kind = "podcast", ' .. TITLE .. " }" })
  end)

  it("warn of an empty stock", function()
    assert.equal('offers/x.lua:1:63: warning: offer "x": stock: there are none of it: nothing shows it', first('kind = "article", ' .. TITLE .. ", stock = 0"))
  end)

  it("say of an empty list what it means", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { kind = "article", title = "T", url = "/x", stages = {} }' }
    assert.same({ 'offers/x.lua:1:65: error: offer "x": stages: nothing can show it: the list is empty, which means no stage at all' }, support.lines(loader))
    assert.equal("leave stages out for every one", loader.problems[1].hint)
  end)
end)
