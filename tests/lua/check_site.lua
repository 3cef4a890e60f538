-- Tries a site's folder with the authoring library alone, no sandbox around it: lua5.4 tests/lua/check_site.lua DIRECTORY [JOURNEYS…]
-- JOURNEYS are further folders in which journeys that ship are looked for.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path
local support = require "support"
local site = require "senda.site"

local function list(directory, pattern)
  local names = {}
  local pipe = assert(io.popen("cd '" .. directory:gsub("'", "'\\''") .. "' 2>/dev/null && find . -type f " .. pattern))
  for name in pipe:lines() do table.insert(names, (name:gsub("^%./", ""))) end
  pipe:close()
  table.sort(names)
  return names
end

local function read_shipped(folders)
  local shipped = {}
  for _, folder in ipairs(folders) do
    for _, name in ipairs(list(folder, "-name '*.lua'")) do
      shipped[name:gsub("%.lua$", "")] = support.read(folder .. "/" .. name)
    end
  end
  return shipped
end

local function print_problems(loader, files)
  for _, problem in ipairs(loader.problems) do
    local content = problem.file and files[problem.file]
    print(site.format(problem, content))
  end
end

local directory = assert(arg[1], "usage: lua5.4 tests/lua/check_site.lua DIRECTORY [JOURNEYS…]")
local folders = { support.root .. "/scripts/journeys", directory .. "/../journeys", table.unpack(arg, 2) }
local files = {}
for _, path in ipairs(list(directory, "")) do files[path] = support.read(directory .. "/" .. path) end

local started = os.clock()
local loader = support.load(files, read_shipped(folders), function(host)
  host.directory = directory
  host.now = os.time
end)
print_problems(loader, files)
local result = loader.result
if not result then
  print(string.format("%s: refused (%.2f s)", directory, os.clock() - started))
  os.exit(1)
end
print(string.format("%s: good: %d journeys, %d stages, %d personas, %d placements, %d offers, %d policies, %d strategies, %d tests (%.2f s)",
  directory, #result.journeys, #result.stages, #result.personas, #result.placements, #result.offers, #result.policies,
  #result.strategies, #result.tests, os.clock() - started))
