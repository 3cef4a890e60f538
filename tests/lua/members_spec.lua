-- Specs of scripts/lib/members.lua.
local support = require "support"
local members = require "senda.members"
local source = require "senda.source"
local schema = require "senda.schema"

local KNOWN = { customer = { "context", "traits", "seen", "interested_in" }, offer = { "kind", "data" } }

-- What is found in the functions of a strategy with these fields: "column message; nearest".
local function find(fields)
  local cut, said = source.new('strategy "s" {' .. fields .. "}", schema.constructs), {}
  for _, hook in ipairs(cut:hooks()) do
    for _, found in ipairs(members.find(cut.tokens, hook, KNOWN)) do
      table.insert(said, string.format("%d %s; %s", cut.tokens.starts[found.token], found.message, found.nearest or found.hint))
    end
  end
  return said
end

describe("members", function()
  it("of a customer and an offer are known by their names", function()
    assert.same({}, find "when = function(c) return c.context.visits and c:seen('x') and c.traits end, score = function(c, o) return o.data.any end")
    assert.same({ "45 a customer has no 'contxt'; context" }, find "when = function(c)   return c.contxt.visits end")
    assert.same({ "50 a customer has no 'intrested_in'; interested_in", "72 an offer has no 'knd'; kind" },
      find "eligible = function(c, o) return c:intrested_in(o) and o.knd end")
    assert.same({ "40 an offer has no 'pages'; its free fields are in o.data" }, find "score = function(_, o) o.pages() end")
  end)

  it("are known whatever the arguments are called", function()
    assert.same({ "54 a customer has no 'kind'; what the website tells is in c.context, what is known in c.traits" },
      find "score = function(who, what) return who.kind + what.kind end")
  end)

  it("are left alone where a name may mean something else", function()
    assert.same({}, find "when = function(c) local c = other return c.anything end")
    assert.same({}, find "when = function(c) for i, c in pairs(x) do f(c.anything) end end")
    assert.same({}, find "when = function(c) return f(function(a, c) return c.anything end) end")
    assert.same({}, find "when = function(c) c = other return c.anything end")
    assert.same({}, find "when = function(c) return x.c.anything or { c = 1 } end")
    assert.same({}, find "when = function() return c.anything end, other = function(c) return c.anything end, score = helper")
  end)

  it("that are not there are warned of, with their place", function()
    local loader = support.load_changed({ ["strategies/s.lua"] = 'strategy "s" {\n  when = function(c) return c.contxt.city end,\n}\nstrategy "t" {}\n' }, nil,
      function(host) host.members = KNOWN end)
    assert.same({ "strategies/s.lua:2:31: warning: strategy \"s\": when: a customer has no 'contxt'; did you mean 'context'?" }, support.lines(loader))
  end)
end)
