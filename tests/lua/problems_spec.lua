-- Specs of scripts/lib/problems.lua.
require "support"
local problems = require "senda.problems"

local function new(texts)
  return problems.new(function(path) return texts and texts[path] end, { offer = true })
end

describe("problems", function()
  it("are sorted by the files' order, then by place", function()
    local list = new()
    list:note_file("offers/b.lua")
    list:note_file("offers/a.lua")
    list:add_at("error", { file = "offers/a.lua", line = 1 }, { message = "third" })
    list:add_at("error", { file = "offers/b.lua", line = 9, column = 4 }, { message = "second" })
    list:add_at("warning", { file = "offers/b.lua", line = 9, column = 2 }, { message = "first" })
    list:add_at("error", {}, { message = "no place" })
    local messages = {}
    for _, problem in ipairs(list:finish()) do table.insert(messages, problem.message) end
    assert.same({ "first", "second", "third", "no place" }, messages)
  end)

  it("carry the nearest name in the message and apart", function()
    local list = new()
    list:add_at("error", { file = "a" }, { message = "no 'x'", nearest = "y", hint = "h", expected = "e" })
    assert.same({ { severity = "error", file = "a", message = "no 'x'; did you mean 'y'?", nearest = "y", hint = "h", expected = "e" } }, list:finish())
  end)

  it("find the place in the source only for those that are listed", function()
    local reads = 0
    local list = problems.new(function() reads = reads + 1 return 'offer "x" { title = 3 }' end, { offer = true })
    list:add("error", { construct = "offer", name = "x", file = "a.lua", line = 1 }, { message = "m", path = { "title" } })
    assert.equal(21, list.list[1].column)
    assert.equal(1, reads)
    for _ = 1, 1000 do list:add_at("warning", { file = "b.lua" }, { message = "m" }) end
    assert.equal(201, #list.list)
  end)

  it("stop at two hundred, errors first, and say how many more there are", function()
    local list = new()
    for index = 1, 5000 do list:add_at("warning", { file = "a.lua", line = index }, { message = "w" }) end
    for index = 1, 250 do list:add_at("error", { file = "z.lua", line = index }, { message = "e" }) end
    local shown = list:finish()
    assert.equal(201, #shown)
    assert.equal("z.lua", shown[200].file)
    assert.equal("… and 50 more errors and 5000 more warnings, not listed", shown[201].message)
    assert.equal("error", shown[201].severity)
  end)

  it("are shown with the source line and a caret under letters, not bytes", function()
    local problem = { severity = "error", file = "a.lua", line = 2, column = 8, message = "m", hint = "h" }
    assert.equal('a.lua:2:8: error: m\n    ñé = 3\n         ^\n    hint: h', problems.format(problem, "x\nñé = 3\r\n"))
    assert.equal("a.lua:2:8: error: m\n    hint: h", problems.format(problem))
    assert.equal("error: m", problems.format({ severity = "error", message = "m" }))
  end)

  it("are shown with a window of a long line, without control characters", function()
    local shown = problems.show_line(("x"):rep(5000) .. "\27y" .. ("z"):rep(5000), 1, 5002)
    assert.equal(124, #shown[1])
    assert.equal(shown[2]:find("^", 1, true), shown[1]:find("y", 1, true))
    assert.is_nil(shown[1]:find("\27", 1, true))
  end)
end)
