-- Specs of scripts/lib/checker.lua.
local support = require "support"
local checker = require "senda.checker"

describe("checker", function()
  it("reads paths out", function()
    assert.equal("limit.within", checker.read_path({ "limit", "within" }))
    assert.equal("stages, item 2", checker.read_path({ "stages", 2 }))
    assert.equal("item 3", checker.read_path({ 3 }))
    assert.equal("data, item true", checker.read_path({ "data", true }))
  end)

  it("says where it stands, what was expected and what it got", function()
    local check, messages = support.checker()
    check:enter("limit")
    check:enter("within")
    check:wrong({ name = "within", help = "the time over which it is counted" }, "a span of time", 7)
    check:leave()
    check:leave()
    check:refuse { message = "is wrong" }
    assert.same({
      'offer "x": is wrong',
      'offer "x": limit.within: expected a span of time (the time over which it is counted), got 7',
    }, (function(list) table.sort(list) return list end)(messages()))
  end)

  it("marks what has an error, not what has a warning", function()
    local check = support.checker()
    checker.report(check.problems, "warning", check.declaration, { message = "w" })
    assert.is_nil(check.declaration.failed)
    checker.report(check.problems, "error", check.declaration, { message = "e" })
    assert.is_true(check.declaration.failed)
  end)
end)
