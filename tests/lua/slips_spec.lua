-- Specs of scripts/lib/slips.lua.
require "support"
local syntax = require "senda.syntax"
local slips = require "senda.slips"

-- What is told of a source text that Lua refuses: place, hint and message.
local function explain(source)
  local chunk, failure = load(source, "@offers/a.lua", "t")
  assert.is_nil(chunk)
  local line = math.tointeger(tonumber(failure:match(":(%d+):")))
  local saying = syntax.explain(failure, "offers/a.lua", source, line)
  return string.format("%d:%s", saying.line or line, saying.column), saying.hint, saying.message
end

local function assert_slip(place, hint, source)
  local found, what = explain(source)
  assert.same({ place, hint }, { found, what }, source)
end

describe("slips", function()
  it("name signs that word processors make", function()
    local quotes = 'write straight quotes: "…"'
    assert_slip("1:7", quotes, "offer “x” { }")
    assert_slip("1:7", quotes, "offer ‘x’ { }")
    assert_slip("1:7", quotes, "offer «x» { }")
    assert_slip("1:6", "delete the blank here and type it again", 'offer\u{A0}"x" { }')
  end)

  it("name units behind numbers", function()
    assert_slip("2:11", "write value = 20, not value = 20 €", 'offer "x" {\n value = 16€,\n}')
    assert_slip("1:21", "write value = 20, not value = €20", 'offer "x" { value = €16 }')
    assert_slip("1:21", "write value = 20, not value = $20", 'offer "x" { value = $16 }')
    assert_slip("2:11", "write weight = 15 alone, without the %", 'offer "x" {\n weight = 15%,\n}')
    assert_slip("1:21", "write value = 8 alone, without the %", 'offer "x" { value = 8 % }')
    assert_slip("1:24", "write 20 alone, without the %", "f = function(c) return 20% end")
  end)

  it("name what other languages write", function()
    assert_slip("1:10", "write ~= for “is not”", "return x != 3")
    assert_slip("1:10", "write and", "return x && y")
    assert_slip("1:10", "write or", "return x || y")
    assert_slip("1:1", "write -- before a comment", "// says what")
    assert_slip("2:1", "write -- before a comment", "\n# says what")
    assert_slip("1:1", "write -- before each line of a comment", "/* says what */")
    assert_slip("1:11", 'write { "…", "…" }', 'stages = f[ "a" ],[')
    assert_slip("1:6", "write ==", "if x = 3 then end")
    assert_slip("1:12", "write not for “not”, and ~= for “is not”", "return not !x")
    assert_slip("1:1", "write if … then … end", "if x return 1 end")
    assert_slip("1:3", "write it out: n = n + 1", "n += 1")
    assert_slip("1:2", "write it out: n = n + 1", "n++")
    assert_slip("1:41", "write elseif, in one word", "t = { f = function() if x then return 1 else if y then return 2 end end, }")
  end)

  it("point at the quote that is open", function()
    assert_slip("2:9", "add the closing quote", 'offer "x" {\n kind = "discount,\n}')
    assert_slip("1:40", "add the closing quote, here or to a text before it", 'offer "x" { title = "Rolls, u = "/rolls",\n}')
  end)

  it("name backslashes, and commas between declarations", function()
    assert_slip("1:20", "write / in addresses, and \\\\ where a backslash is meant", [[offer "x" { u = "C:\xyz" }]])
    assert_slip("2:1", "take the comma away", 'offer "x" {\n},\noffer "y" { }')
  end)

  it("name the = between a constructor and its name", function()
    assert_slip("1:7", 'write offer "…" { … }', 'offer = "x" { }')
  end)

  it("name an end too many, and arguments without a comma", function()
    local taken = "each function, if, for and while has one end: take this one away"
    assert_slip("1:47", taken, 'strategy "s" { f = function() return true end end }')
    assert_slip("4:2", taken, 'strategy "s" { f = function()\n if c then return true end\n end\n end,\n score = 3 }')
    assert_slip("1:14", "write function(c, o)", "f = function(c o) return 1 end")
  end)

  it("find a quote within a text", function()
    assert_slip("1:20", 'write \\" where a quote is part of the text', 'offer "x" { t = "a "b" c" }')
    assert_slip("1:20", "write \\' where a quote is part of the text", "offer 'x' { t = 'It's yours' }")
  end)

  it("name signs that can't be seen, and long dashes", function()
    local retype, minus = "delete what stands here and type it again", "write - for minus, and -- before a comment"
    assert_slip("1:12", retype, 'offer "x" {\u{200B} value = 1 }')
    assert_slip("1:12", retype, 'offer "x" {\u{FEFF} value = 1 }')
    assert_slip("1:23", minus, 'offer "x" { value = 1 \u{2014} 2 }')
    assert_slip("2:17", minus, 'offer "x" {\n t = "a — b", — so\n}')
    assert_slip("1:21", "put texts in quotes", 'offer "x" { title = él }')
  end)

  it("name comments of other languages wherever they stand", function()
    local comment = "write -- before a comment"
    assert_slip("1:25", comment, 'offer "x" { value = 20, // the value\n}')
    assert_slip("2:24", comment, 'offer "x" {\n u = "http://x", v = 2 // the value\n}')
    assert_slip("2:12", comment, 'offer "x" {\n value = 2 // value\n title = "T" }')
    assert_slip("2:2", comment, 'offer "x" {\n # the value\n}')
    assert_slip("2:2", comment, 'offer "x" {\n # value\n\n title = "T" }')
    assert_slip("2:13", comment, 'offer "x" {\n value = 2, # the value\n}')
    assert_slip("2:12", "write -- before each line of a comment", 'offer "x" {\n value = 2 /* the value */\n}')
  end)

  it("name fields that can't be called so", function()
    local place, hint, message = explain 'offer "x" { value = 1,\n end = "2026-12-31" }'
    assert.same({ "2:2" }, { place, hint })
    assert.truthy(message:find("^end is a word of Lua's own"))
    assert.equal("ends", syntax.explain("x:1: unexpected symbol near 'end'", "x", 'offer "x" { end = 3 }', 1).nearest)
    assert_slip("1:16", 'in free fields, write ["for"] = …', 'data = { a = { for = 1 } }')
    assert_slip("1:28", 'write ["test-ride"] = …', 'test "x" { given = { seen={test-ride="3d"} } }')
    assert_slip("2:2", 'write ["test.ride"] = …', 'data = {\n test.ride = 3 }')
  end)

  it("point at the text that no quote opens", function()
    assert_slip("2:10", 'add the opening quote: title = "…"', 'offer "x" {\n title = Take one home…",\n}')
    assert_slip("2:10", 'add the opening quote: title = "…"', 'offer "x" {\n title = Take",\n}')
  end)

  it("find the condition that lacks its then or do", function()
    assert_slip("2:2", "write if … then … end", 'f = function()\n if a ~= "x"\n  return 1 end end')
    assert_slip("3:2", "write if … then … end", 'f = function()\n if a then x()\n elseif a ~= "x"\n\n  return 1 end end')
    assert_slip("2:2", "write for … do … end", "f = function()\n for i = 1, 2\n  x() end end")
  end)

  it("find values that nothing returns", function()
    for place, body in pairs {
      ["1:18"] = "f = function(c)  c.traits.role == 3 end", ["1:17"] = "f = function(c) c:did(3) and 2 or 1 end", ["1:19"] = "f = function(c)   not c.x end",
      ["1:16"] = "f = function() true end", ["1:21"] = "local f = function()c.traits.vip end", ["2:2"] = "f = function()\n c.traits.vip\nend",
      ["2:3"] = "f = function()\n  c.visits > 2\nend", ["2:4"] = "f = function()\n   c:did(3) and 2\nend",
    } do
      assert_slip(place, "write return before it", body)
    end
  end)

  it("are none where the line shows nothing", function()
    assert.is_nil(slips.find("'}' expected near 'title'", ' kind = "a"\n title = "b"', 2))
    assert.is_nil(slips.find("unexpected symbol near '}'", "} }", 9))
  end)

  it("know words of other languages", function()
    assert.equal("write true, in small letters", slips.hint_for_name "True")
    assert.is_nil(slips.hint_for_name "visits")
  end)
end)
