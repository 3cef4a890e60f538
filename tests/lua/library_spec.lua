-- Specs of the library as a whole: what it stands on, and that nothing in it is unused.
local support = require "support"

-- A fresh copy of the library that sees no more than the daemon gives it: no io, os, package, coroutine.
local function load_apart()
  local loaded = {}
  local globals = {
    assert = assert, error = error, getmetatable = getmetatable, ipairs = ipairs, next = next, pairs = pairs, pcall = pcall,
    rawequal = rawequal, rawget = rawget, rawlen = rawlen, rawset = rawset, select = select, setmetatable = setmetatable,
    tonumber = tonumber, tostring = tostring, type = type, xpcall = xpcall, string = string, table = table, math = math,
    utf8 = utf8, debug = debug,
  }
  function globals.require(name)
    local file = assert(name:match("^senda%.([%w_]+)$"), name)
    if not loaded[name] then
      local path = support.root .. "/scripts/lib/" .. file .. ".lua"
      loaded[name] = assert(load(assert(support.read(path)), "@" .. path, "t", globals))()
    end
    return loaded[name]
  end
  return globals.require("senda.site"), loaded
end

local function library_files()
  local files = {}
  local pipe = assert(io.popen("ls '" .. support.root .. "/scripts/lib'"))
  for name in pipe:lines() do table.insert(files, name) end
  pipe:close()
  return files
end

describe("the library", function()
  it("needs nothing of Lua that the daemon doesn't give it", function()
    local site = load_apart()
    local texts = {
      ["site.lua"] = 'site "shop" { time_zone = "Europe/Madrid" }',
      ["journeys/j.lua"] = 'journey "j" { stage "a" { } }',
      ["placements.lua"] = 'placement "hero" { fallback = "welcome" }',
      ["offers/a.lua"] = 'offer "welcome" { kind = "article", tittle = "Hello", url = "/" }',
      ["offers/b.csv"] = "id,kind,title,url\nx,article,X,\n",
    }
    local loader = site.new(support.host(texts))
    loader:load({ "site.lua", "journeys/j.lua", "placements.lua", "offers/a.lua", "offers/b.csv" })
    assert.equal("offer \"welcome\": unknown field 'tittle'; did you mean 'title'?", loader.problems[1].message)
    assert.equal(37, loader.problems[1].column)
  end)

  it("opens every file with a sentence on its task", function()
    for _, name in ipairs(library_files()) do
      local first = support.read(support.root .. "/scripts/lib/" .. name):match("^[^\n]*")
      assert.truthy(first:find("^%-%- %u"), name)
    end
  end)

  -- The reference page is made with senda.describe; the host asks strategies through senda.driver.
  it("uses every one of its files", function()
    local _, loaded = load_apart()
    for _, name in ipairs(library_files()) do
      local module = "senda." .. name:gsub("%.lua$", "")
      assert.truthy(loaded[module] or module == "senda.describe" or module == "senda.driver", module .. " is not used")
    end
  end)
end)
