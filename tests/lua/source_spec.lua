-- Specs of scripts/lib/source.lua.
require "support"
local source = require "senda.source"

local CONSTRUCTORS = { offer = true, journey = true, stage = true, site = true }

local function locate(text, construct, name, line, path, at, nth)
  local declaration = { construct = construct, name = name, line = line, file = "x.lua", nth = nth }
  return { source.new(text, CONSTRUCTORS):locate(declaration, path, at) }
end

describe("source", function()
  local TEXT = [[
-- offer "spring" { title = "not this one" }
offer "spring" {
  title = "Spring", value = "12 €", ["kind"] = 3,
  limit = { impressions = 3, within = 7 }, stages = { "a", "b" },
  when = function(c) local x, y = 1, { title = 2 } if x then return 1 end return y end,
  last = 9,
}
offer "a" { title = 1 } offer "b" { title = 2 } offer "a" { title = 3 }
]]

  it("finds declarations", function()
    assert.same({ 2, 1 }, locate(TEXT, "offer", "spring", 2))
    assert.same({ 8, 25 }, locate(TEXT, "offer", "b", 8))
  end)

  it("finds fields and values", function()
    assert.same({ 3, 3 }, locate(TEXT, "offer", "spring", 2, { "title" }, "key"))
    assert.same({ 3, 11 }, locate(TEXT, "offer", "spring", 2, { "title" }))
    assert.same({ 3, 29 }, locate(TEXT, "offer", "spring", 2, { "value" }))
    assert.same({ 3, 50 }, locate(TEXT, "offer", "spring", 2, { "kind" }))
    assert.same({ 4, 39 }, locate(TEXT, "offer", "spring", 2, { "limit", "within" }))
    assert.same({ 4, 60 }, locate(TEXT, "offer", "spring", 2, { "stages", 2 }))
  end)

  it("passes over functions between fields", function()
    assert.same({ 6, 10 }, locate(TEXT, "offer", "spring", 2, { "last" }))
    assert.same({ 5, 10 }, locate(TEXT, "offer", "spring", 2, { "when" }))
  end)

  it("tells declarations on one line apart", function()
    assert.same({ 8, 21 }, locate(TEXT, "offer", "a", 8, { "title" }))
    assert.same({ 8, 69 }, locate(TEXT, "offer", "a", 8, { "title" }, nil, 2))
  end)

  it("stops at the last step that is written there", function()
    local text = 'local common = { within = 7 }\noffer "x" { limit = common }\n'
    assert.same({ 2, 21 }, locate(text, "offer", "x", 2, { "limit", "within" }))
    assert.same({ 2, 1 }, locate(text, "offer", "x", 2, { "elsewhere" }))
  end)

  it("finds declarations whose names are computed", function()
    assert.same({ 1, 46 }, locate('for i = 1, 9 do offer("x-" .. i) { title = { i } } end', "offer", "x-3", 1, { "title", 1 }))
  end)

  it("reads calls with brackets", function()
    assert.same({ 1, 24 }, locate('offer("x", { title =   3 })', "offer", "x", 1, { "title" }))
    assert.same({ 1, 22 }, locate('offer("x")({ title = 3 })', "offer", "x", 1, { "title" }))
  end)

  it("goes into stages of journeys", function()
    local text = 'journey "j" {\n  model = "b2c",\n  stage "a" { goal = 1 }, stage "b" { goal = 2 },\n  "loose",\n}\n'
    assert.same({ 3, 46 }, locate(text, "stage", "b", 3, { "goal" }))
    assert.same({ 4, 3 }, locate(text, "journey", "j", 1, { 3 }))
  end)

  it("finds a declaration without a name", function()
    assert.same({ 1, 15 }, locate('site { name = 3 }', "site", nil, 1, { "name" }))
  end)

  it("says nothing of what isn't there", function()
    assert.same({}, locate(TEXT, "offer", "spring", 99))
  end)

  it("finds fields that are given twice", function()
    local function repeats(text)
      local said = {}
      for _, found in ipairs(source.new(text, CONSTRUCTORS):repeats()) do
        table.insert(said, string.format("%s %s %s %d:%d %d", found.construct, found.name, found.path, found.line, found.column, found.first_line))
      end
      table.sort(said)
      return said
    end
    assert.same({ "offer x value 3:2 1" }, repeats 'offer "x" { value = 1,\n kind = 2,\n value = 3 }')
    assert.same({ "offer x data.b.a 1:35 1" }, repeats 'offer "x" { data = { b = { a = 1, a = 2 } } }')
    assert.same({ "offer x a 1:20 1" }, repeats 'offer "x" { a = 1, ["a"] = 2 }')
    assert.same({ "journey j model 2:2 1", "stage s goal 1:51 1" }, repeats 'journey "j" { model = 1, stage "s" { goal = "a",  goal = "b" },\n model = 2 }')
    assert.same({}, repeats(TEXT))
    assert.same({}, repeats 'offer "x" { enter = { { on = 1 }, { on = 2 } }, { 1, 1 }, f = function() local t = { a = 1, a = 2 } end, a = b == c, b = 1 }')
    assert.same({}, repeats 'local t = { a = 1, a = 2 }')
  end)

  it("finds a word on a line", function()
    local cut = source.new(TEXT, CONSTRUCTORS)
    assert.equal(21, cut:find_on_line(3, "value"))
    assert.is_nil(cut:find_on_line(3, "nothing"))
  end)
end)
