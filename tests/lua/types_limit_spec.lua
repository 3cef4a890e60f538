-- Specs of scripts/lib/types_limit.lua.
local support = require "support"
local types = require "senda.types_limit"

local function check(value)
  local checker, messages = support.checker()
  return types.limit.check(checker, { type = "limit", record = "limit", name = "limit", help = "h" }, value), messages()
end

describe("the type of limits", function()
  it("keeps what is counted, how often, over which time, and the rest", function()
    assert.same({ count_of = "impressions", times = 3, within = 604800, rest = 864000 }, (check({ impressions = 3, within = "7d", rest = "10d" })))
    assert.same({ count_of = "dismissals", times = 1 }, (check({ dismissals = 1 })))
  end)

  it("wants exactly one thing counted", function()
    local _, messages = check({ within = "7d" })
    assert.equal('offer "x": says nothing that is counted; expected one of impressions, decisions, clicks, dismissals or conversions', messages[1])
    _, messages = check({ impressions = 1, clicks = 1 })
    assert.equal('offer "x": counts impressions and clicks; expected only one of them', messages[1])
  end)

  it("checks its fields", function()
    local _, messages = check({ impressions = 0 })
    assert.truthy(messages[1]:find("expected a whole number, 1 or more", 1, true))
    _, messages = check(3)
    assert.truthy(messages[1]:find("expected what is counted and for how long", 1, true))
    _, messages = check({ impressions = 1, withn = "7d" })
    assert.truthy(messages[1]:find("unknown field 'withn'; did you mean 'within'?", 1, true))
  end)
end)
