-- Specs of scripts/lib/syntax.lua.
require "support"
local syntax = require "senda.syntax"

-- What is told of a source text that Lua refuses.
local function explain(source)
  local chunk, failure = load(source, "@offers/a.lua", "t")
  assert.is_nil(chunk)
  return syntax.explain(failure, "offers/a.lua")
end

describe("syntax", function()
  it("says what lacks, in plain words, and keeps what Lua said", function()
    local saying = explain 'offer "x" {\n kind = "a"\n title = "b",\n}'
    assert.equal("something is missing before title, inside the { of line 1 (Lua says: '}' expected (to close '{' at line 1) near 'title')", saying.message)
    assert.equal("is there no comma at the end of the entry before?", saying.hint)
    assert.equal("title", saying.word)
  end)

  it("knows the slips authors make", function()
    local function hint(source) return explain(source).hint end
    assert.equal("add the closing quote", hint 'offer "x')
    assert.equal("put texts in quotes", hint "offer ñ { }")
    assert.equal("write numbers without units; put everything else in quotes", hint 'offer "x" { value = 12eur }')
    assert.equal('write = instead of a colon: title = "…"', hint 'offer "x" {\n kind = "a", title: "b" }')
    assert.equal('a field\'s name is one word with _ for spaces; otherwise write ["lead-magnet"] = …', hint 'offer "x" {\n lead-magnet = 3 }')
    assert.equal("add the missing }", hint 'offer "x" {\n kind = "a",\n')
    assert.equal("add the missing `end`", hint "strategy { when = function(c)\n return 1 }")
    assert.equal("take it away, or open what it closes", hint 'offer "x" { } }')
  end)

  it("names the nearest construct for an unknown name", function()
    assert.equal("journey", syntax.explain("journeys/a.lua:1: unknown name 'jounrey'; did you mean 'journey'?", "journeys/a.lua").nearest)
    local saying = syntax.explain("offers/a.lua:3: unknown name 'ofer'", "offers/a.lua")
    assert.same({ "unknown name 'ofer'", "offer", "ofer", 'if it is a text, put it in quotes: "ofer"' },
      { saying.message, saying.nearest, saying.word, saying.hint })
  end)

  it("takes a name that is called, or has a text behind it, for no text", function()
    local function hint(content, line) return syntax.explain("a.lua:" .. line .. ": unknown name 'ofer'", "a.lua", content, line).hint end
    assert.is_nil(hint('\nofer "x" { }', 2))
    assert.is_nil(hint("ofer(1)", 1))
    assert.equal('if it is a text, put it in quotes: "ofer"', hint('offer "ofer" {\nkind = ofer }', 2))
    assert.equal("write nil for “nothing”", syntax.explain("a.lua:1: unknown name 'null'", "a.lua").hint)
  end)

  it("passes on what it doesn't know", function()
    assert.same({ message = "the script took too long" }, syntax.explain("the script took too long"))
  end)
end)
