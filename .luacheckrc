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

for _, folder in ipairs { "journeys", "shop", "software" } do
  files["scripts/" .. folder] = { std = { read_globals = base }, read_globals = words, max_line_length = false, unused_args = false }
end

files["tests/lua/**/*_spec.lua"] = { std = "lua54+busted" }
