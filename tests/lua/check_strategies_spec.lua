-- Specs of scripts/lib/check_strategies.lua.
local support = require "support"

local function problems(fields, changes, change_host)
  changes = changes or {}
  changes["strategies/s.lua"] = 'strategy "s" { ' .. fields .. " }"
  return support.problems(changes, nil, change_host)
end

describe("checks of strategies", function()
  it("look up what they name", function()
    assert.same({
      "strategies/s.lua:1:24: error: strategy \"s\": stage: no stage \"decison\"; did you mean 'decision'?",
      "strategies/s.lua:1:58: error: strategy \"s\": placements, item 2: no placement \"heroo\"; did you mean 'hero'?",
    }, problems 'stage = "decison", placements = { "mail", "heroo" }')
  end)

  it("have the host look whether hooks are pure", function()
    local function complain(host) host.function_problem = function() return "changes 'n', a variable outside of the function", 7 end end
    assert.same({ "strategies/s.lua:7: error: strategy \"s\": when: changes 'n', a variable outside of the function" },
      problems("when = function() end", { ["personas/marta.lua"] = false }, complain))
    local function complain_without_line(host) host.function_problem = function() return "is not pure" end end
    assert.same({ 'strategies/s.lua:1:24: error: strategy "s": score: is not pure' },
      problems("score = function() end", { ["personas/marta.lua"] = false }, complain_without_line))
  end)

  it("refuse one for stages that want no offer", function()
    assert.same({ 'strategies/s.lua:1:24: error: strategy "s": stage: never acts: its stages want no offer, so it has nothing to choose' },
      problems('stage = "rest"', { ["journeys/z.lua"] = 'journey "z" { stage "rest" { no_offer = "quiet" } }' }))
  end)

  it("warn of one that no offer can reach", function()
    assert.same({ 'strategies/s.lua:1:24: warning: strategy "s": stage: never acts: no offer can ever be shown in its stages at mail' },
      problems 'stage = "awareness", placements = { "mail" }')
  end)

  it("warn of one to which those before leave nothing", function()
    local function warned(text)
      local names = {}
      for _, problem in ipairs(support.problems { ["strategies/s.lua"] = text }) do
        table.insert(names, problem:match('warning: strategy "(.-)": never acts: wherever it is for, ') or problem)
      end
      return names
    end
    assert.same({
      'strategies/s.lua:2:1: warning: strategy "b": never acts: wherever it is for, strategy "a" before it leaves nothing to the next '
        .. "(no `when`, `eligible` or `score`)",
    }, support.problems { ["strategies/s.lua"] = 'strategy "a" { stage = "decision" }\nstrategy "b" { stage = "decision" }\n' })
    assert.same({ "b", "c" }, warned 'strategy "a" {}\nstrategy "b" { stage = "decision" }\nstrategy "c" { placements = "hero", when = function() end }')
    assert.same({ "c" }, warned 'strategy "a" { placements = "hero" }\nstrategy "b" { placements = "mail", stage = "decision" }\nstrategy "c" { stage = "decision" }')
    for _, field in ipairs { "when", "eligible", "score" } do
      assert.same({}, warned(string.format('strategy "a" { %s = function() end }\nstrategy "b" {}', field)))
    end
    assert.same({}, warned 'strategy "a" { stage = "decision" }\nstrategy "b" {}')
    assert.same({}, warned 'strategy "a" { stage = "decision", placements = "hero" }\nstrategy "b" { stage = "decision" }')
  end)

  it("are content with one that works", function()
    assert.same({}, problems 'stage = { "awareness", "decision" }, placements = { "mail" }, explore = "thompson"')
    assert.same({}, problems 'journey = "road"')
  end)

  it("warn of one with a condition that is alone in its stage", function()
    local function told(text)
      local loader = support.load_changed { ["strategies/s.lua"] = text }
      return support.lines(loader), loader.problems[1] and loader.problems[1].hint
    end
    local lines, hint = told 'strategy "s" { stage = "decision", when = function(c) return c.id end }'
    assert.same({
      'strategies/s.lua:1:43: warning: strategy "s": when: everybody else gets the fallback alone, as no other strategy is for the stage "decision"',
    }, lines)
    assert.equal('write one without `when` behind it: strategy "for-everybody-else" { stage = "decision" }', hint)
    lines, hint = told 'strategy "s" { when = function(c) return c.id end }\nstrategy "t" { stage = "decision" }'
    assert.truthy(lines[1]:find('as no other strategy is for the stage "awareness"', 1, true))
    assert.equal('write one without `when` behind it: strategy "for-everybody-else" {}', hint)
    assert.same({}, (told 'strategy "s" { stage = "decision", when = function(c) return c.id end }\nstrategy "t" { stage = "decision", placements = "mail" }'))
    assert.same({}, (told 'strategy "s" { stage = "decision", eligible = function(c) return c.id end }'))
  end)
end)
