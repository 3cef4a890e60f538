-- Specs of scripts/lib/operators.lua.
require "support"
local operators = require "senda.operators"

-- "line:column hint" of what is found in a text that Lua refuses.
local function find(source)
  local _, failure = load(source, "=a", "t")
  local line, said = failure:match("^a:(%d+): (.*)$")
  local found = operators.find(said, source, math.tointeger(tonumber(line)))
  return found and string.format("%s:%d %s", line, found.column, found.hint)
end

describe("operators", function()
  it("that compare are told from those that give a field its value", function()
    assert.equal("1:37 write ==", find 's { when = function(c) return c.who = "a" end }')
    assert.equal("1:33 write ==", find 's { when = function(c) if c.who = "a" then return true end end }')
    assert.equal("2:13 write ==", find 's { when = function(c)\n  if (c.who = "a") then return true end end }')
    assert.equal("2:13 write ==", find "s { when = function(c) return c.a == { b = 1 }\n  and c.who = 3 end }")
    assert.equal("1:39 write ==", find "s { when = function(c) return f(c.who = 3) end }")
    assert.is_nil(find "s { when = function(c) return c.who, score = function(c) return 1 end }")
  end)

  it("of other languages are answered with Lua's", function()
    assert.equal("1:16 write ==", find "return c.who === 3")
    assert.equal("1:12 write >= to compare, and function(c) return … end for a function", find "return c.x => 3")
    assert.equal("1:13 write >= to compare, and function(c) return … end for a function", find "s = { w = c => c.x }")
    assert.equal("1:12 write <=", find "return c.x =< 3")
    assert.equal("1:13 write ~= for “is not”", find "return c.x <> 3")
    assert.equal("1:12 write condition and 1.5 or 1; or if … then return … end", find "return c.x ? 1 : 2")
  end)

  it("in capitals are answered with small letters", function()
    assert.equal("1:12 write and", find "return c.x AND c.y")
    assert.equal("1:8 write or", find "if c.x Or c.y then end")
    assert.equal("1:8 write then", find "if c.x THEN x() end")
  end)

  it("are left alone where Lua means something else", function()
    assert.is_nil(find "s { a = 1 b = 2 }")
    assert.is_nil(find "if x return 1 end")
  end)
end)
