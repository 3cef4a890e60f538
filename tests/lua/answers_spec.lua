-- Specs of scripts/lib/answers.lua.
require "support"
local answers = require "senda.answers"
local source = require "senda.source"
local schema = require "senda.schema"

-- What is found in the functions of a strategy with these fields: "column message; hint".
local function find(fields)
  local cut, said = source.new('strategy "s" {' .. fields .. "}", schema.constructs), {}
  for _, hook in ipairs(cut:hooks()) do
    for _, found in ipairs(answers.find(cut.tokens, hook)) do
      table.insert(said, string.format("%d %s; %s", cut.tokens.starts[found.token], found.message, found.hint))
    end
  end
  return said
end

describe("answers", function()
  it("are missed where a function has no return of its own", function()
    assert.same({ "26 answers nothing, as there is no return in it; return true, or return false and why" },
      find 'eligible = function(c, o) o:tagged("certificate") end')
    assert.same({ "22 answers nothing, as there is no return in it; return true for those it is for" }, find "when = function(c) end")
    assert.same({ "23 answers nothing, as there is no return in it; return a number" },
      find "score = function(c, o) local f = function() return 1 end f() end")
  end)

  it("that are never yes are told", function()
    assert.same({ "26 never says yes: no return gives true; end it with return true" },
      find 'eligible = function(c, o) if o.kind == "a" then return false end end')
    assert.same({ "26 never says yes: no return gives true; end it with return true" },
      find 'eligible = function(c, o) if o.a then return false, "a" end if o.b then return nil elseif o.c then return end end')
    assert.same({ "62 answers nothing where this isn't so, which is an error; end it with return 1" },
      find "score = function(c, o) local x = 1             if c.a then return 2 end end")
  end)

  it("that end their number with a comma are told", function()
    local told = "a comma ends the number here: what stands behind it is the reason; in numbers, write a point where the fraction begins: 1.5"
    assert.same({ "79 " .. told }, find "score = function(c, o) return c:interested_in(o)           and 1,5 or 1 end")
    assert.same({ "65 " .. told }, find "score = function(c, o) if o.a then        return 1,5 end return 1 end")
  end)

  it("are left alone where they may be meant so", function()
    for _, fields in ipairs {
      "when = function(c) return c.a end", "when = function(c) if c.a then return true end end", 'eligible = function(c, o) return false, "none" end',
      'eligible = function(c, o) if o.a then return false end return true end', "when = function(c) error('x') end", "other = function(c) end",
      "eligible = function(c, o) if o.a then return false else return true end end", "when = helper",
      "score = function(c, o) if o.a then return 2 else return 1 end end", "score = function(c, o) while true do if o.a then return 2 end end end",
      'score = function(c, o) return f(1, 5), "why" end', "score = function(c, o) return math.max(1,5) end", "match = function(c) return c.a == false end",
      "eligible = function(c, o) for _, t in ipairs(o.tags) do if t == 'a' then return true end end end",
      "eligible = function(c, o) if o.a then return false == o.b end end", "score = function(c, o) return (({ 1,5 })[1]) end",
    } do
      assert.same({}, find(fields), fields)
    end
  end)
end)
