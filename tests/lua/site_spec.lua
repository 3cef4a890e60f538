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

  it("refuses fields that are given twice, with the place of the first", function()
    local loader = support.load_changed {
      ["tests/t.lua"] = 'test "t" {\n at = "hero",\n expect = { offer = "welcome",\n  offer = "guide" } }',
      ["strategies/s.lua"] = 'strategy "s" {\n eligible = function() end,\n eligible = function() end }',
    }
    assert.same({
      "strategies/s.lua:3:2: error: strategy \"s\": the field 'eligible' is there twice: the first one stands in line 2",
      "tests/t.lua:4:3: error: test \"t\": the field 'expect.offer' is there twice: the first one stands in line 3",
    }, support.lines(loader))
    assert.equal("take one of them away", loader.problems[1].hint)
    assert.equal("write a test for each", loader.problems[2].hint)
  end)

  it("tells what can't be read among the other problems, and misses nothing that stands there", function()
    assert.same({
      "offers/sale.lua: error: this can't be read: not an ordinary file",
      "offers/x.lua:1:55: error: offer \"x\": unknown field 'vlue'; did you mean 'value'?",
    }, support.problems({
      ["offers/all.lua"] = 'offer "welcome" { kind = "article", title = "Hola", url = "/", placements = {} }',
      ["offers/x.lua"] = 'offer "x" { kind = "article", title = "X", url = "/", vlue = 3 }',
      ["tests/t.lua"] = 'test "t" { at = "hero", expect = { offer = "sale" } }',
    }, nil, function(host)
      host.unread = function() return { { path = "offers/sale.lua", reason = "not an ordinary file" } } end
    end))
  end)

  it("tells once of a file in another encoding, by its first letter; comments may be in any", function()
    assert.same({ "offers/x.lua:2:39: error: not saved as UTF-8" }, support.problems {
      ["offers/x.lua"] = '-- a\xF1o\noffer "x" { kind = "article", title = "A\xF1o", url = "/x" }\noffer "y" { kind = "article", title = "S\xED", url = "/y" }\n',
    })
    assert.same({}, support.problems { ["offers/x.lua"] = '-- a\xF1o\noffer "x" { kind = "article", title = "Año", url = "/x" } -- s\xED\n' })
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

  it("doubts numbers that may be meant in thousands", function()
    local loader = support.load_changed { ["offers/x.lua"] = 'offer "x" { kind = "article", title = "T", url = "/x",\n'
      .. ' value = 1.200, weight = 12.5, data = { price = 2.000, part = 0.125 } }' }
    assert.same({
      'offers/x.lua:2:10: warning: offer "x": value: a point begins the fraction, so this is 1.2',
      'offers/x.lua:2:49: warning: offer "x": data.price: a point begins the fraction, so this is 2',
    }, support.lines(loader))
    assert.equal("write 1200 if thousands are meant, 1.2 if not", loader.problems[1].hint)
    assert.same({}, support.problems { ["offers/x.lua"] = 'offer "x" { kind = "article", title = "1.200", url = "/x", value = 1.200 * 2, weight = 1.2 }' })
  end)
end)
