-- Specs of scripts/lib/strays.lua.
local support = require "support"

local function problems(files)
  local kept = {}
  for _, line in ipairs(support.problems(files)) do table.insert(kept, (line:gsub("^(.-):%d+: error: ", "%1: "))) end
  return kept
end

describe("strays", function()
  it("are told with the nearest word, and their file is read on", function()
    assert.same({
      "offers/x.lua:1: unknown name 'ofer'; did you mean 'offer'?",
      "offers/x.lua:4: unknown name 'oferr'; did you mean 'offer'?",
      "offers/x.lua:6: unknown name 'campaign'",
      "offers/x.lua:7: offer \"z\": unknown field 'tittle'; did you mean 'title'?",
    }, problems {
      ["offers/x.lua"] = 'ofer "x" { kind = "article", title = "X" }\n\n\n'
        .. 'oferr("y", { kind = "article",\n title = "Y" })\ncampaign("c") {}\noffer "z" { kind = "article", title = "Z", tittle = "Z" }',
    })
  end)

  it("bring nothing, so that what refers to them is not complained about, but all else is", function()
    assert.same({
      "offers/x.lua:1: unknown name 'ofer'; did you mean 'offer'?",
      "offers/x.lua:3: offer \"z\": placements: no placement \"zz\"",
    }, problems {
      ["offers/x.lua"] = 'ofer "x" { kind = "article", title = "X" }\nplacement "p" { fallback = "x" }\n'
        .. 'offer "z" { kind = "article", title = "Z", placements = { "zz" } }',
    })
  end)

  it("are told once, however often their line is run", function()
    assert.same({ "offers/x.lua:2: unknown name 'ofer'; did you mean 'offer'?" }, problems {
      ["offers/x.lua"] = 'for i = 1, 3 do\n ofer "x" { }\nend',
    })
  end)

  it("are seen whatever stands between", function()
    for _, form in ipairs { 'ofer"x"{}', "ofer 'x' {}", 'ofer ( "x" , {} )', 'ofer("x") {}', "ofer 'x'\n{}", "ofer ( 'x' ) {}" } do
      assert.truthy(problems({ ["offers/x.lua"] = form })[1]:find("did you mean 'offer'?", 1, true), form)
    end
  end)

  it("inside of a journey leave its other stages", function()
    assert.same({ "journeys/j.lua:2: unknown name 'stge'; did you mean 'stage'?" }, problems {
      ["journeys/j.lua"] = 'journey "j" {\n stge "a" { },\n stage "b" { names = { en = "B" } },\n}',
    })
  end)

  it("are no words that are used in any other way: these end their file", function()
    for _, line in ipairs { 'ofer("x")', 'local x = ofer "x" { }', "ofer.x { }", 'ofer(title, { })', 'ofer "x" .. { }' } do
      assert.equal(1, #problems { ["offers/x.lua"] = line .. '\noffer "z" { tittle = "Z" }' }, line)
    end
  end)
end)
