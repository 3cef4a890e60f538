-- Specs of scripts/lib/site.lua.
local support = require "support"
local site = require "senda.site"

describe("site", function()
  it("loads a good site without a word", function()
    local loader = support.load_changed()
    assert.same({}, support.lines(loader))
    assert.equal(3, #loader.result.offers)
  end)

  it("gives no result where there's an error, one where there are warnings only", function()
    assert.is_nil(support.load_changed({ ["offers/x.lua"] = 'offer "x" { }' }).result)
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { kind = "article", title = "T" }' }
    assert.equal("warning", loader.problems[1].severity)
    assert.equal(4, #loader.result.offers)
  end)

  it("runs its files in order, one at a step", function()
    local ran = {}
    local files = { ["site.lua"] = "", ["tests/t.lua"] = "", ["journeys/b.lua"] = "", ["journeys/a.lua"] = "" }
    local host = support.host(files)
    local run = host.run
    function host.run(path, ...)
      table.insert(ran, path)
      return run(path, ...)
    end
    local step = site.new(host):steps({ "tests/t.lua", "journeys/b.lua", "site.lua", "journeys/a.lua" })
    assert.is_true(step())
    assert.same({ "site.lua" }, ran)
    assert.is_true(step())
    assert.same({ "site.lua", "journeys/a.lua" }, ran)
    while step() do assert.is_true(#ran < 5) end
    assert.same({ "site.lua", "journeys/a.lua", "journeys/b.lua", "tests/t.lua" }, ran)
  end)

  it("goes on after a file that can't be read, so that all problems are told at once", function()
    assert.same({
      "offers/a.lua:2:2: error: something is missing before title, inside the { of line 1 (Lua says: '}' expected (to close '{' at line 1) near 'title')",
      "offers/b.lua:1:13: error: unknown name 'ofer'; did you mean 'offer'?",
      "offers/x.lua:1:13: error: offer \"x\": unknown field 'tittle'; did you mean 'title'?",
      "policies.lua:1:14: error: policy \"p\": unknown field 'limt'; did you mean 'limit'?",
    }, (function(lines)
      local kept = {}
      for _, line in ipairs(lines) do
        if not line:find("is missing; expected", 1, true) then table.insert(kept, line) end
      end
      return kept
    end)(support.problems {
      ["offers/a.lua"] = 'offer "a" { kind = "article"\n title = "T" }',
      ["offers/b.lua"] = 'local x = 1 ofer "b" { }',
      ["offers/x.lua"] = 'offer "x" { tittle = "T", kind = "article" }',
      ["policies.lua"] = 'policy "p" { limt = { clicks = 1 }, offers = { "a", "b" } }',
    }))
  end)

  it("reports a file that can't be read at all, and whatever a host says", function()
    assert.same({ "site.lua: error: this file can't be read" }, { support.problems(nil, nil, function(host)
      local source = host.source
      function host.source(path) return path ~= "site.lua" and source(path) or nil end
    end)[1] })
    assert.same({ "policies.lua: error: table: oh" }, support.problems({ ["policies.lua"] = "error({})" }, nil, function(host)
      local run = host.run
      function host.run(path, ...)
        if path == "policies.lua" then return nil, { message = "table: oh" } end
        return run(path, ...)
      end
    end))
  end)

  it("loads again in the same state without remembering", function()
    for _ = 1, 2 do assert.same({}, support.problems()) end
  end)

  it("is no slower than its content: a step stays small, problems stay few", function()
    local files = {
      ["site.lua"] = 'site "big" { locale = "es" }',
      ["journeys/j.lua"] = 'journey "j" { stage "a" { } }',
      ["placements.lua"] = 'placement "hero" { fallback = "o-1" }',
      ["offers/o.lua"] = 'for i = 1, 5000 do offer("o-" .. i) { kind = "article", title = "T", url = "/", tags = { "t" .. i }, personas = { "p" .. i } } end',
    }
    local host = support.host(files)
    local loader = site.new(host)
    local step = loader:steps({ "site.lua", "journeys/j.lua", "placements.lua", "offers/o.lua" })
    local steps = 1
    while step() do steps = steps + 1 end
    assert.is_true(steps > 15, "5,000 offers are checked in pieces")
    assert.equal(201, #loader.problems)
    assert.equal("… and 4800 more errors, not listed", loader.problems[201].message)
  end)
end)
