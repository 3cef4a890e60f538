-- Specs of scripts/lib/lexer.lua.
require "support"
local lexer = require "senda.lexer"

local function values(source)
  return lexer.cut(source).values
end

describe("lexer", function()
  it("cuts names, texts, numbers and signs", function()
    local tokens = lexer.cut([[offer "x" { value = 1.5e3, a == b }]])
    assert.same({ "offer", "x", "{", "value", "=", "1.5e3", ",", "a", "==", "b", "}" }, tokens.values)
    assert.equal("text", tokens.kinds[2])
    assert.equal("number", tokens.kinds[6])
  end)

  it("reads every way of writing a text", function()
    assert.same({ "a\"b", "c'd", "e\nf", "g]h", "\65\66\u{20AC}x" }, values([=[
      "a\"b" 'c\'d' [[e
f]] [==[g]h]==] "\65\x42\u{20AC}\z
         x"]=]))
  end)

  it("passes over comments", function()
    assert.same({ "a", "b", "c" }, values("a -- x { } \"\nb --[[ y\n{ ]] c --[==[ z ]]"))
  end)

  it("gives lines and columns in bytes", function()
    local tokens = lexer.cut("\xEF\xBB\xBFa\n  ñ = \"é\" b\r\nc")
    local index = 0
    for number, value in ipairs(tokens.values) do
      if value == "b" then index = number end
    end
    assert.same({ 2, 13 }, { lexer.place(tokens, index) })
    assert.same({ 3, 1 }, { lexer.place(tokens, tokens.count) })
  end)

  it("survives any text", function()
    for _, source in ipairs { "", "\"", "[[", "--[[", "'\\", "\0\1\xFF", "\"\\", "[=", "0x", "...." } do
      assert.is_table(lexer.cut(source))
    end
    math.randomseed(7)
    for _ = 1, 300 do
      local bytes = {}
      for index = 1, 80 do bytes[index] = string.char(math.random(0, 255)) end
      assert.is_table(lexer.cut(table.concat(bytes)))
    end
  end)
end)
