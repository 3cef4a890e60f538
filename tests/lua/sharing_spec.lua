-- Specs of scripts/lib/sharing.lua.
local support = require "support"
local sharing = require "senda.sharing"

local USES = 'strategy "s" { score = is_small }\n'

describe("shared.lua", function()
  it("brings names to the files that are read later", function()
    local changes = { ["shared.lua"] = "function is_small() return 1 end EARLY = 'awareness'" }
    changes["strategies/s.lua"] = 'strategy "s" { stage = EARLY, score = is_small }\n'
    assert.same({}, support.problems(changes))
  end)

  it("declares nothing itself", function()
    assert.same({
      "shared.lua:2: error: shared.lua holds functions and values that other files use; 'offer' declares something, which is for offers/",
    }, support.problems { ["shared.lua"] = 'X = 1\noffer "x" { kind = "article", title = "X" }' })
    assert.same({
      "shared.lua:1: error: shared.lua holds functions and values that other files use; 'policy' declares something, which is for policies.lua",
    }, support.problems { ["shared.lua"] = 'policy "x"' })
  end)

  it("is told once where it is spoilt: names that it may have brought are not missed", function()
    for _, spoilt in ipairs { "function is_small() return\n", "error('oh')\nfunction is_small() end", "-- is_small \xF1\nX = '\xF1'" } do
      local problems = support.problems { ["shared.lua"] = spoilt, ["strategies/s.lua"] = USES }
      assert.equal(1, #problems, spoilt)
      assert.truthy(problems[1]:find("^shared.lua:"), problems[1])
    end
    local problems = support.problems { ["shared.lua"] = "function is_large() return\n", ["strategies/s.lua"] = USES }
    assert.same("strategies/s.lua:1:24: error: unknown name 'is_small'", problems[2])
  end)

  it("is not missed by functions, either", function()
    local function complain(host) host.function_problem = function() return "unknown name 'is_small'", 1 end end
    local changes = { ["strategies/s.lua"] = 'strategy "s" { score = function() return is_small() end }', ["personas/marta.lua"] = false }
    assert.same({ 'strategies/s.lua:1:42: error: strategy "s": score: unknown name \'is_small\'' }, support.problems(changes, nil, complain))
    changes["shared.lua"] = "function is_small() return\n"
    assert.equal(1, #support.problems(changes, nil, complain))
  end)

  it("may bring anything where it can't be read at all", function()
    local function unreadable(host)
      host.unread = function() return { { path = "shared.lua", reason = "not an ordinary file" } } end
    end
    assert.same({ "shared.lua: error: this can't be read: not an ordinary file" },
      support.problems({ ["strategies/s.lua"] = USES }, nil, unreadable))
  end)

  it("has functions whose mistakes are told at their own place, once", function()
    local function complain(host) host.function_problem = function() return "changes 'n'", 2, "shared.lua" end end
    local changes = { ["shared.lua"] = "n = 1\nfunction count() n = n + 1 return n end\n", ["personas/marta.lua"] = false }
    changes["strategies/s.lua"] = 'strategy "s" { score = count } strategy "t" { score = count }'
    assert.same({ 'shared.lua:2:18: error: strategy "s": score: changes \'n\'' }, support.problems(changes, nil, complain))
  end)
end)

describe("names of other files", function()
  local function hint(files, name)
    files["strategies/s.lua"] = 'strategy "s" { score = ' .. (name or "is_small") .. " }\n"
    for _, problem in ipairs(support.load_changed(files).problems) do
      if problem.file == "strategies/s.lua" then return problem.hint end
    end
    error("no problem")
  end

  it("are answered with the way to share them", function()
    local moved = "strategies/a.lua has it for itself: move it to shared.lua, without `local`, and all files see it"
    assert.equal(moved, hint { ["strategies/a.lua"] = "local function is_small() end" })
    assert.equal(moved, hint { ["strategies/a.lua"] = "local x = 1\nis_small = function() end" })
    assert.equal("take `local` away in front of it in shared.lua, so that other files see it",
      hint { ["shared.lua"] = "-- who is_small\nlocal function is_small() end" })
  end)

  it("are declared, not mentioned", function()
    for _, mention in ipairs { "local t = { is_small = 1 }", "-- is_small", "local is_small_too = 1", "local function f() return 1 == is_small end", "local x = 'is_small = 1'" } do
      assert.equal('if it is a text, put it in quotes: "is_small"', hint { ["shared.lua"] = mention }, mention)
    end
  end)

  it("are found in long files of short lines", function()
    local content = ("\n "):rep(30000) .. "is_small = 1"
    assert.truthy(hint({ ["strategies/a.lua"] = content }):find("strategies/a.lua", 1, true))
  end)

  it("are not looked for without end", function()
    local loader = { paths = { "a.lua" }, searched = 0, source_of = function() return "is_small = 1" .. (" "):rep(1 << 20) end }
    local found = 0
    for _ = 1, 20 do
      if sharing.hint(loader, "b.lua", "is_small") then found = found + 1 end
    end
    assert.equal(15, found)
  end)
end)
