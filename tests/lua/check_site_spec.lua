-- Specs of scripts/lib/check_site.lua.
local support = require "support"

describe("checks of the site", function()
  it("do without a site.lua, taking the folder's name", function()
    local loader = support.load_changed { ["site.lua"] = false }
    assert.same({ name = "my-site", locale = "en", locales = { "en" }, time_zone = "UTC", journey = 1 }, loader.result.site)
  end)

  it("take a name among the fields", function()
    local loader = support.load_changed { ["site.lua"] = 'site { name = "shop", locale = "es", locales = { "es", "en" } }' }
    assert.same({}, support.lines(loader))
    assert.equal("shop", loader.result.site.name)
  end)

  it("want one site, in site.lua", function()
    assert.same({ 'placements.lua:1:1: error: site "b": the site is declared in site.lua, nowhere else',
      'placements.lua:1:1: error: site "b": there is one site already, in site.lua line 1' }, support.problems {
      ["placements.lua"] = 'site "b" { locale = "es" } placement "hero" { fallback = "welcome" } placement "mail" { kinds = { "discount" }, fallback = "welcome" }',
    })
  end)

  it("load the journeys it asks for, and name those that ship", function()
    local shipped = { walk = 'journey "walk" { stage "start" { } }', other = 'journey "other" { stage "begin" { } }' }
    local loader = support.load_changed({
      ["site.lua"] = 'site "shop" { locale = "es", locales = { "es", "en" }, journey = "walk", journeys = { "other", "road" } }',
      ["offers/x.lua"] = 'offer "x" { kind = "discount", title = "T", url = "/", stages = { "start", "begin" } }',
    }, shipped)
    assert.same({}, support.lines(loader))
    assert.same({ 2, "road", "walk", "other" }, { loader.result.site.journey, loader.result.journeys[1].name, loader.result.journeys[2].name,
      loader.result.journeys[3].name })
    assert.equal("shipped/journeys/walk.lua", loader.result.journeys[2].file)
    loader = support.load_changed({ ["site.lua"] = 'site "shop" { locale = "es", locales = { "es", "en" }, journey = "wakl" }' }, shipped)
    assert.same({ "site.lua:1:66: error: site \"shop\": journey: no journey \"wakl\"; did you mean 'walk'?" }, support.lines(loader))
    assert.equal("known journeys: other, walk and road", loader.problems[1].hint)
  end)

  it("want a journey", function()
    local loader = support.load_changed({ ["journeys/road.lua"] = false, ["offers/all.lua"] = 'offer "welcome" { kind = "article", title = "T", url = "/" }',
      ["placements.lua"] = 'placement "hero" { fallback = "welcome" }' }, { walk = "" })
    assert.same({ 'site.lua:1:1: error: site "shop": the site has no journey for its customers to walk' }, support.lines(loader))
    assert.equal('write in site.lua: site "shop" { journey = "walk" }; these ship with senda: walk', loader.problems[1].hint)
  end)

  it("warn of a site with nothing to show", function()
    assert.same({
      'site.lua:1:1: warning: site "shop": the site has no offers yet: nothing can be shown',
      'site.lua:1:1: warning: site "shop": the site has no placements yet: nothing can be shown',
    }, support.problems { ["placements.lua"] = false, ["offers/all.lua"] = false })
  end)

  it("take a field among languages for a brace that lacks", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { kind = "article", title = { es = "T", en = "T", url = "/x" } }' }
    assert.equal("if url is a field of its own, the } of title is missing before it", loader.problems[2].hint)
  end)
end)
