-- The authoring library runs in Lua 5.4; what marketers write sees the words of the language and little else.
std = "lua54"
max_line_length = 180

local words = {
  "site", "kind", "journey", "stage", "persona", "placement", "offer", "policy", "strategy", "test",
}
local base = {
  "assert", "error", "ipairs", "pairs", "pcall", "select", "tonumber", "tostring", "type", "string", "table", "math",
  "utf8", "now", "random",
}

-- The words of the language, and those that the site's shared.lua adds.
local function words_of(folder)
  local found = {}
  for index, word in ipairs(words) do found[index] = word end
  local file = io.open("scripts/" .. folder .. "/shared.lua")
  for line in file and file:lines() or function() end do
    found[#found + 1] = line:match("^function ([%w_]+)") or line:match("^([%w_]+) = ")
  end
  if file then file:close() end
  return found
end

for _, folder in ipairs { "journeys", "shop", "software" } do
  files["scripts/" .. folder] = {
    std = { read_globals = base }, read_globals = words_of(folder), max_line_length = false, unused_args = false,
  }
  files["scripts/" .. folder .. "/shared.lua"] = { globals = words_of(folder) }
end

files["tests/lua/**/*_spec.lua"] = { std = "lua54+busted" }

-- What the benchmark loads into its peers runs in Lua 5.1, with what each of them provides.
files["tests/bench/peers/redis_*.lua"] = { std = "lua51", read_globals = { "redis", "cmsgpack", "ARGV" } }
files["tests/bench/peers/tarantool.lua"] = { std = "luajit", read_globals = { "box" } }

-- Scripts that tests give to the daemon, many of them wrong on purpose.
exclude_files = { "tests/unit/script/hostile", "tests/data", "**/node_modules" }
