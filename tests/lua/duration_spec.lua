-- Specs of scripts/lib/duration.lua.
require "support"
local duration = require "senda.duration"

describe("duration", function()
  it("reads spans of time", function()
    assert.equal(30, duration.parse("30s"))
    assert.equal(900, duration.parse("15m"))
    assert.equal(43200, duration.parse("12h"))
    assert.equal(604800, duration.parse("7d"))
    assert.equal(1209600, duration.parse("2w"))
  end)

  it("refuses everything else", function()
    for _, value in ipairs { "", "7", "7 d", "7D", "-7d", "1.5d", "0d", "99999999999d", "4000d", 7, true, {} } do
      assert.is_nil(duration.parse(value), tostring(value))
    end
  end)

  it("knows its form, whatever its length", function()
    assert.is_true(duration.looks_right("0d"))
    assert.is_true(duration.looks_right("9999w"))
    assert.is_false(duration.looks_right("7 days"))
    assert.is_false(duration.looks_right(7))
  end)

  it("guesses what was meant", function()
    assert.equal("7d", duration.guess("7 days"))
    assert.equal("7d", duration.guess("7 días"))
    assert.equal("2w", duration.guess("2 semanas"))
    assert.equal("12h", duration.guess("12 hours"))
    assert.equal("60d", duration.guess("2 months"))
    assert.equal("7d", duration.guess(7))
    assert.equal("30s", duration.guess("30 seconds"))
    assert.is_nil(duration.guess("soon"))
    assert.is_nil(duration.guess("0d"))
    assert.is_nil(duration.guess("99 years"))
    assert.is_nil(duration.guess(7.5))
    assert.is_nil(duration.guess({}))
  end)
end)
