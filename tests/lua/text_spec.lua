-- Specs of scripts/lib/text.lua.
require "support"
local text = require "senda.text"

describe("text", function()
  it("escapes what could forge a terminal", function()
    assert.equal("a\\x1b[31m\\nb\\0", text.escape("a\27[31m\nb\0"))
    assert.equal("x\\u{202e}y\\u{9b}", text.escape("x\u{202E}y\u{9B}"))
  end)

  it("keeps letters of every language and shows bytes that are none", function()
    assert.equal("niño 12 €", text.escape("niño 12 €"))
    assert.equal("ni\\xf1o", text.escape("ni\xF1o"))
  end)

  it("cuts long texts between letters", function()
    assert.equal(("ñ"):rep(60) .. "…", text.escape(("ñ"):rep(100000)))
    assert.equal(("é"):rep(3) .. "…", text.escape(("é"):rep(50), 3))
  end)

  it("describes any value", function()
    assert.equal('"12 €"', text.describe("12 €"))
    assert.equal('an empty text ""', text.describe(""))
    assert.equal("12", text.describe(12))
    assert.equal("0.5", text.describe(0.5))
    assert.equal("a number that is none (0/0)", text.describe(0 / 0))
    assert.equal("a function", text.describe(print))
    assert.equal("an empty { }", text.describe({}))
    assert.equal("something that is no plain value", text.describe(io.stdout))
  end)

  it("reads lists out", function()
    assert.equal("", text.join({}))
    assert.equal("a", text.join({ "a" }))
    assert.equal("a, b or c", text.join({ "a", "b", "c" }))
    assert.equal("a, b and 2 more", text.some({ "a", "b", "c", "d" }, 2))
  end)

  it("makes names of texts", function()
    assert.equal("guia-n-1", text.slug(" Guía nº 1!"))
    assert.equal("spring-sale", text.slug("Spring Sale"))
    assert.is_nil(text.slug("¡!"))
  end)
end)
