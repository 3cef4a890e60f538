-- Specs of scripts/lib/driver.lua.
local driver = require "senda.driver"

local offers = { { id = "a", worth = 1 }, { id = "b", worth = 2 }, { id = "c", worth = 3 } }

local function ask(hooks, wanted)
  local scores, reasons = {}, {}
  local applies, looked_at = driver.new(hooks.when, hooks.eligible, hooks.score)({ visits = 1 }, offers, #offers, wanted or 3, scores, reasons)
  return applies, looked_at, scores, reasons
end

describe("driver", function()
  it("asks nobody where the strategy does not apply", function()
    local applies = ask { when = function() return false end, score = function() error("asked") end }
    assert.is_false(applies)
  end)

  it("scores what is eligible and keeps the reasons", function()
    local _, looked_at, scores, reasons = ask {
      when = function(c) return c.visits == 1 end,
      eligible = function(_, o) return o.id ~= "b", "not b" end,
      score = function(_, o) return o.worth, "worth " .. o.worth end,
    }
    assert.equal(3, looked_at)
    assert.same({ 1, false, 3 }, scores)
    assert.same({ "worth 1", "not b", "worth 3" }, reasons)
  end)

  it("stops without a score as soon as enough fit", function()
    local asked = 0
    local _, looked_at, scores = ask({ eligible = function(_, o) asked = asked + 1 return o.id ~= "a" end }, 1)
    assert.equal(2, asked)
    assert.equal(2, looked_at)
    assert.same({ false, 1 }, scores)
  end)

  it("keeps no reason for what fits by eligible alone", function()
    local _, _, _, reasons = ask { eligible = function() return true, "why not" end }
    assert.is_nil(reasons[1])
  end)
end)
