-- Specs of scripts/lib/braces.lua.
require "support"
local braces = require "senda.braces"

-- "line:column hint" of what is found in a text that Lua refuses.
local function find(source)
  local _, failure = load(source, "=a", "t")
  local found = braces.find(failure:gsub("^a:%d+: ", ""), source)
  return found and string.format("%d:%d %s", found.line, found.column, found.hint), found and found.message
end

describe("braces", function()
  it("that lack at the end of a declaration are missed before the next one", function()
    local told, message = find 'offer "x" {\n  kind = "a",\n  value = 3,\n\noffer "y" {\n}\noffer "z" {\n}\n'
    assert.equal("5:1 add the missing } before this line", told)
    assert.equal("offer begins here while the { of line 1, or one inside of it, is still open", message)
  end)

  it("that lack inside are missed where what follows isn't indented any more", function()
    local told, message = find 'offer "w" {\n}\noffer "x" {\n  title = { es = "a",\n  url = "/x",\n}\n\noffer "y" {\n}\n'
    assert.equal("5:3 add the missing } to line 4, or before this one", told)
    assert.equal("the { of line 4 is still open here", message)
    assert.equal("5:3 add the missing } to line 2, or before this one",
      (find 'offer "x" {\n  title = {\n    es = "a",\n    en = "b",\n  url = "/x",\n}\noffer "y" {\n}\n'))
    assert.equal("3:1 add the missing } to line 2, or before this one", (find 'offer "x" {\ntags = { "a",\nvalue = 3,\n\noffer "y" {\n}\n'))
  end)

  it("are found in the last declaration too", function()
    assert.equal("3:3 add the missing } to line 2, or before this one", (find 'offer "x" {\n  title = { es = "a",\n  url = "/x",\n}\n'))
    assert.equal("3:3 add the missing } to line 2, or before this one", (find 'journey "j" {\n  stage "a" {\n  stage "b" {\n  },\n}\n'))
    assert.is_nil((find 'offer "x" {\n  title = { es = "a" },\n  url = "/x",\n'))
  end)
end)
