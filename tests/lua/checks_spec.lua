-- Specs of scripts/lib/checks.lua.
local support = require "support"
local checks = require "senda.checks"

describe("checks", function()
  it("line up as tasks, a thousand items each", function()
    local loader = support.load_changed { ["offers/o.lua"] = 'for i = 1, 2500 do offer("o-" .. i) { kind = "article", title = "T", url = "/" } end' }
    assert.same({}, support.lines(loader))
    local again, pushed = support.load_changed(), 0
    local push = again.push
    function again:push(task)
      pushed = pushed + 1
      push(self, task)
    end
    checks.plan(again)
    assert.is_true(pushed >= 10)
  end)
end)
