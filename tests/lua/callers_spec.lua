-- Specs of scripts/lib/callers.lua.
local support = require "support"
local callers = require "senda.callers"

local function line_asked_by(files)
  local line = false
  local environment = { ask = function() line = callers.line_in("a.lua") end }
  for _, file in ipairs(files) do assert(load(file[2], "@" .. file[1], "t", setmetatable({}, {
    __index = function(_, name) return environment[name] or _G[name] end, __newindex = environment,
  })))() end
  return line
end

describe("the caller", function()
  it("is the line of the file, however far it is away", function()
    assert.equal(2, line_asked_by { { "a.lua", "\nask()" } })
    assert.equal(3, line_asked_by { { "shared.lua", "function two() ask() return end" }, { "a.lua", "\n\ntwo()" } })
    assert.equal(1, line_asked_by { { "a.lua", "pcall(function() pcall(ask) return 1 end)" } })
  end)

  it("is not known where a tail call has hidden it, or the file does not run", function()
    assert.is_nil(line_asked_by { { "a.lua", "return ask()" } })
    assert.is_nil(line_asked_by { { "b.lua", "ask() return 1" } })
  end)

  it("is where declarations of shared functions are told", function()
    local problems = support.problems {
      ["shared.lua"] = "\n\n\nfunction give(name)\n  return offer(name) { kind = 'article', title = 'T', url = '/', tittle = 'T' }, 1\nend",
      ["offers/x.lua"] = "\ngive 'x'\ngive 'y'\n",
    }
    assert.same({
      "offers/x.lua:2: error: offer \"x\": unknown field 'tittle'; did you mean 'title'?",
      "offers/x.lua:3: error: offer \"y\": unknown field 'tittle'; did you mean 'title'?",
    }, problems)
  end)
end)
