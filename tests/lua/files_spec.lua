-- Specs of scripts/lib/files.lua.
local support = require "support"
local files = require "senda.files"

local function order(paths)
  local checker, messages = support.checker()
  return files.order(paths, checker.problems), messages()
end

describe("files", function()
  it("are read in the order of the language, each folder by name", function()
    assert.same({
      "site.lua", "journeys/a.lua", "journeys/b.lua", "shared.lua", "personas/a.lua", "placements.lua", "offers/a.lua", "offers/z.lua", "offers/b.csv",
      "policies.lua", "strategies/s.lua", "tests/t.lua",
    }, (order { "tests/t.lua", "strategies/s.lua", "policies.lua", "offers/b.csv", "offers/z.lua", "offers/a.lua", "placements.lua",
      "personas/a.lua", "shared.lua", "journeys/b.lua", "journeys/a.lua", "site.lua" }))
  end)

  it("in the wrong place are answered with the right one", function()
    local function near(path) return select(2, order { path })[1]:match("did you mean '(.-)'") end
    assert.equal("strategies/a.lua", near "strategy/a.lua")
    assert.equal("offers/a.lua", near "Offers/a.lua")
    assert.equal("placements.lua", near "placement.lua")
    assert.equal("placements.lua", near "placements/hero.lua")
    assert.equal("offers/offers.lua", near "offers.lua")
    for _, name in ipairs { "Shared.lua", "share.lua", "helpers.lua", "común.lua", "compartido.lua" } do
      assert.equal("shared.lua", near(name), name)
    end
  end)

  it("say why they are not read", function()
    local _, messages = order { "offers/2026/a.lua" }
    assert.same({ "this file is not read: only files directly in offers/ are" }, messages)
    _, messages = order { "journeys/a.csv" }
    assert.same({ "this file is not read: only offers can be written as CSV, in offers/" }, messages)
  end)

  it("in folders that are misspelt are missed with their folder, before all else", function()
    assert.same({ "this folder is not read; did you mean 'offers/'?" }, (select(2, order { "offer/" })))
    assert.same({ "this folder is not read; did you mean 'tests/'?" }, (select(2, order { "Tests/" })))
    assert.same({ "test/: warning: this folder is not read; did you mean 'tests/'?" }, { support.problems({ ["test/"] = "" })[1] })
  end)

  it("in Spanish are known by what they mean", function()
    for path, meant in pairs {
      ["ofertas/"] = "offers/", ["Pruebas/"] = "tests/", ["estrategias/"] = "strategies/", ["recorridos/"] = "journeys/", ["sitio.lua"] = "site.lua",
      ["políticas.lua"] = "policies.lua", ["emplazamientos.lua"] = "placements.lua", ["ofertas.lua"] = "offers/ofertas.lua",
    } do
      assert.equal(meant, select(2, order { path })[1]:match("did you mean '(.-)'"), path)
    end
    assert.same({}, (select(2, order { "fotos/", "borradores/" })))
  end)

  it("that end in capitals are told so", function()
    assert.same({ "this file is not read: its name ends in .CSV, in capitals; did you mean 'offers/CURSOS.csv'?" }, (select(2, order { "offers/CURSOS.CSV" })))
    assert.same({ "this file is not read: its name ends in .Lua, in capitals; did you mean 'site.lua'?" }, (select(2, order { "site.Lua" })))
  end)

  it("that programs named otherwise are answered with what to do", function()
    assert.same({ "this file is not read: its name ends in .txt; did you mean 'offers/a.lua'?" }, (select(2, order { "offers/a.lua.txt" })))
    assert.same({ "this file is not read: save it as CSV, in UTF-8" }, (select(2, order { "offers/a.xlsx" })))
    assert.same({ "this file is not read: its name ends in .txt; did you mean 'site.lua'?" }, (select(2, order { "site.lua.txt" })))
    assert.same({ "this file is not read: its name ends in .txt; did you mean 'placements.lua'?" }, (select(2, order { "placements.lua.TXT" })))
    assert.same({}, (select(2, order { "figures.xlsx", "offers/notes.txt", "photos/" })))
  end)

  it("of another site are told, with what to do", function()
    local said = "this is a site of its own, which is not read with the one around it"
    assert.same({ said, said }, (select(2, order { "a/", "a/site.lua", "b/", "b/journeys/" })))
    local loader = support.load_changed { ["other/site.lua"] = "" }
    assert.same({ "other/site.lua: warning: " .. said }, support.lines(loader))
    assert.equal("name that folder instead: …/other", loader.problems[1].hint)
    assert.same({ "this folder is not read; did you mean 'offers/'?" }, (select(2, order { "offer/" })))
  end)

  it("that are none of the site's are passed over", function()
    assert.same({}, (select(2, order { "README.md", "photos/a.jpg", ".git/config", "offers/.#a.lua", "offers/a.lua~", ".hidden.lua" })))
  end)
end)
