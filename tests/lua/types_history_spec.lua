-- Specs of scripts/lib/types_history.lua.
local support = require "support"
local types = require "senda.types_history"

local function check(value)
  local checker, messages = support.checker()
  return types.history.check(checker, { type = "history", name = "did", help = "h" }, value), messages()
end

describe("the type of histories", function()
  it("keeps how many seconds ago each was, always as a list", function()
    assert.same({ purchase = { 259200 }, download = { 86400, 864000 } }, (check { purchase = "3d", download = { "1d", "10d" } }))
    assert.same({ ["black-week"] = { 60 }, ["añadió al carrito"] = { 1 } }, (check { ["black-week"] = "1m", ["añadió al carrito"] = "1s" }))
    local kept, messages = check {}
    assert.same({ {}, {} }, { kept, messages })
  end)

  it("asks how long ago, where only a name is given", function()
    local _, messages = check("purchase")
    assert.same({ 'offer "x": expected events, and how long ago: { purchase = "3d", download = { "1d", "10d" } } (h), got "purchase"' }, messages)
    _, messages = check { "purchase", "download" }
    assert.truthy(messages[1]:find("expected events, and how long ago", 1, true))
    _, messages = check { purchase = true }
    assert.same({ 'offer "x": purchase: expected how long ago, such as "3d", or a list: { "1d", "10d" }, got true' }, messages)
  end)

  it("speaks of offers where these are due", function()
    local checker, messages = support.checker()
    types.history.check(checker, { type = "history", of = "offer", name = "seen", help = "h" }, "x")
    assert.same({ 'offer "x": expected offers, and how long ago: { ["crm-guide"] = "3d", brochure = { "1d", "10d" } } (h), got "x"' }, messages())
  end)

  it("refuses spans of time that are none, each where it stands", function()
    local _, messages = check { purchase = "3 days" }
    assert.same({ 'offer "x": purchase: expected how long ago, such as "3d", or a list: { "1d", "10d" }, got "3 days"' }, messages)
    _, messages = check { purchase = { "1d", "soon", 2 } }
    assert.equal(2, #messages)
    assert.truthy(messages[1]:find('purchase, item 2: expected how long ago', 1, true))
    assert.truthy(messages[2]:find('purchase, item 3: expected how long ago', 1, true))
  end)

  it("refuses lists that are none", function()
    for _, times in ipairs { {}, { a = "1d" }, { "1d", nil, "2d" }, { "1d", a = "2d" }, print } do
      local _, messages = check { purchase = times }
      assert.equal(1, #messages)
    end
  end)

  it("refuses more than can be handed on", function()
    local often, wide = {}, {}
    for index = 1, 100 do
      often[index], wide["event " .. index] = "1d", "1d"
    end
    assert.equal(100, #check { purchase = often }.purchase)
    local _, messages = check(wide)
    assert.same({}, messages)
    wide.purchase = "1d"
    _, messages = check(wide)
    assert.same({ 'offer "x": 100 times in all are the most' }, messages)
    _, messages = check { purchase = often, download = "1d" }
    assert.equal(1, #messages)
    often[101] = "1d"
    _, messages = check { purchase = often }
    assert.equal(1, #messages)
  end)

  it("refuses names that no event can have", function()
    for _, name in ipairs { "", ("x"):rep(129), "a\nb", "\xff", 2, true } do
      local kept, messages = check { [name] = "1d" }
      assert.is_nil(kept)
      assert.equal(1, #messages)
    end
  end)

  it("hints at what to write", function()
    local function hint(value)
      local problems = require("senda.problems").new(function() return nil end, {})
      local checker = require("senda.checker").new(problems, support.host {})
      checker:begin { construct = "test", name = "t", file = "tests/t.lua", line = 1 }
      types.history.check(checker, { type = "history", of = "offer", name = "seen", help = "h" }, value)
      return problems:finish()[1].hint
    end
    assert.equal('say how long ago it was: seen = { ["crm-guide"] = "3d" }', hint "crm-guide")
    assert.equal('say how long ago it was: seen = { guide = "3d" }', hint { "guide" })
    assert.equal('write "2d"', hint { guide = 2 })
    assert.equal('write "3d"', hint { guide = "3 days" })
    assert.is_nil(hint { guide = "yesterday" })
    assert.is_nil(hint(3))
  end)
end)
