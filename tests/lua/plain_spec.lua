-- Specs of scripts/lib/plain.lua.
local support = require "support"
local plain = require "senda.plain"

local function copy(value)
  local check, messages = support.checker()
  local kept = plain.copy(check, value)
  return kept, messages()
end

describe("plain", function()
  it("copies what can be delivered", function()
    local value = { pages = 24, list = { "a", "b" }, deep = { x = { y = true } }, ratio = 0.5 }
    local kept, messages = copy(value)
    assert.same(value, kept)
    assert.not_equal(value.list, kept.list)
    assert.same({}, messages)
  end)

  it("refuses functions, userdata and numbers that are none, each where it stands", function()
    local _, messages = copy({ f = print, u = io.stdout, n = 0 / 0, i = math.huge })
    table.sort(messages)
    assert.same({
      'offer "x": f: a function can\'t be delivered',
      'offer "x": i: expected a number, got an endless number',
      'offer "x": n: expected a number, got a number that is none (0/0)',
      'offer "x": u: this can\'t be delivered; plain texts and numbers can',
    }, messages)
  end)

  it("refuses numbers that would arrive as others", function()
    local value = { a = 1 << 53, b = -(1 << 53), c = 2.0 ^ 53, d = 0.1, e = math.mininteger // 1024 }
    assert.same({ value, {} }, { copy(value) })
    for _, number in ipairs { (1 << 53) + 1, -(1 << 53) - 1, 2.0 ^ 60, -1e300, math.mininteger, math.maxinteger } do
      local kept, messages = copy({ huge = number })
      assert.same({}, kept)
      assert.same({ 'offer "x": huge: this number is too large to be delivered as it is: from -9007199254740992 to 9007199254740992 they are' },
        messages)
    end
  end)

  it("ends with cyclic, deep and huge tables", function()
    local cyclic = { name = "x" }
    cyclic.again, cyclic.more = cyclic, cyclic
    local _, messages = copy(cyclic)
    assert.equal(2, #messages)
    assert.truthy(table.concat(messages):find("8 deep", 1, true))
    local huge = {}
    for index = 1, 100000 do huge[index] = index end
    _, messages = copy({ huge = huge, again = huge })
    assert.equal(1, #messages)
    assert.truthy(messages[1]:find("more than 1000 values", 1, true))
  end)

  it("refuses gaps, mixed keys and keys of other types", function()
    local function first(value) return select(2, copy(value))[1] end
    assert.equal('offer "x": list: this list has gaps (nil) in it', first({ list = { 1, nil, 3 } }))
    assert.equal('offer "x": list.name: a list can\'t have fields with names as well', first({ list = { 1, name = 2 } }))
    assert.equal('offer "x": item 7: expected a field name before this item', first({ [7] = 1 }))
    assert.equal('offer "x": item true: expected a field name before this item', first({ [true] = 1 }))
  end)

  it("refuses texts that are too long or not UTF-8", function()
    local _, messages = copy({ a = ("x"):rep(70000) })
    assert.equal('offer "x": a: this text has 70000 bytes; 65536 are the most', messages[1])
    _, messages = copy({ a = "\xFF" })
    assert.equal('offer "x": a: this text is not written in UTF-8: "\\xff"', messages[1])
  end)

  it("measures lists", function()
    assert.equal(0, plain.list_size({}, 10))
    assert.equal(2, plain.list_size({ "a", "b" }, 10))
    assert.is_nil(plain.list_size({ "a", nil, "c" }, 10))
    assert.is_nil(plain.list_size({ a = 1 }, 10))
    assert.is_nil(plain.list_size({ 1, 2, 3 }, 2))
  end)
end)
