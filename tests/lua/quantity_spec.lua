-- Specs of scripts/lib/quantity.lua.
require "support"
local quantity = require "senda.quantity"

describe("quantities", function()
  it("are read with their units", function()
    for written, number in pairs {
      ["12"] = 12, ["12.5"] = 12.5, ["12,50 €"] = 12.5, ["€ 16,5"] = 16.5, ["20%"] = 20, ["-3 %"] = -3, ["20 euros"] = 20, ["5."] = 5,
      ["1e3"] = 1000, ["0x10"] = 16, ["2e400"] = math.huge,
    } do
      assert.equal(number, (quantity.guess(written)), written)
    end
  end)

  it("are read with signs between their thousands", function()
    for written, number in pairs {
      ["1 000"] = 1000, ["1\u{A0}000 €"] = 1000, ["12 345,6"] = 12345.6, ["1.234,56"] = 1234.56, ["1,234.56"] = 1234.56,
      ["1.200.000"] = 1200000, ["$1,200,000"] = 1200000, ["0,125"] = 0.125, ["1234.567"] = 1234.567,
    } do
      assert.equal(number, (quantity.guess(written)), written)
    end
  end)

  it("are left open where a sign may mean the one or the other", function()
    assert.same({ nil, 2000 }, { quantity.guess "2,000" })
    assert.same({ nil, 1200 }, { quantity.guess "1.200 €" })
  end)

  it("are none where anything else stands there", function()
    for _, written in ipairs { "", "many", "1 or 2", "10-20", "1 00", "1,2,3", "12 34,5", "3x4", "1.2.3,4" } do
      assert.same({}, { quantity.guess(written) }, written)
    end
  end)

  it("are doubted where a point may stand between thousands", function()
    assert.same({ "1200", "1.2" }, { quantity.doubt "1.200" })
    assert.same({ "-12345", "-12.3450" }, { quantity.doubt "-12.345" })
    assert.same({ "1000", "1" }, { quantity.doubt "1.000" })
    for _, written in ipairs { "1.20", "0.125", "1200.000", "1.2000", "1.200,5", "12" } do assert.same({}, { quantity.doubt(written) }, written) end
  end)
end)
