-- Writes the completion of both programs in bash: the code of completion.bash, and the programs' tables.
--
-- usage: lua5.4 docs/man/completion.lua TABLES CONFIGURATION JOURNEYS OUTPUT
--
-- TABLES is what senda_tables printed; the others are where the configuration and the journeys are installed.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/../../tests/lua/?.lua;" .. package.path
local support = require "support"
local schema = require "senda.schema"
require "senda.constructors"

local tables = dofile(arg[1])

-- What the shell can offer for a placeholder of --help; names of a site are told by the option's own name.
local KINDS = { DIR = "folder", DIRECTORY = "folder", STATE = "folder", FILE = "file", OFFER = "offer", JOURNEY = "journey" }

-- The sorts of addresses that a help text tells: "unix:PATH or tcp:HOST:PORT".
local function schemes(help)
  local found = {}
  for scheme in help:gmatch("%f[%w](%l+):[%w/]+[%w:/]*") do
    if not found[scheme] then table.insert(found, scheme .. ":") end
    found[scheme] = true
  end
  return table.concat(found, " ")
end

local function kind_of(option)
  if not option.argument then return "" end
  if option.argument == "ADDRESS" then return " address " .. schemes(option.help) end
  if option.argument == "LEVEL" then return " word " .. table.concat(tables.levels, " ") end
  local kind = KINDS[option.argument] or schema.constructs[option.name] and option.name or "value"
  return schema.constructs[kind] and " name " .. kind or " " .. kind
end

local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local options, commands, arguments = {}, {}, {}

local function add(list, name, words)
  if #words > 0 then table.insert(list, ("        %s) printf '%%s\\n' %s ;;"):format(quoted(name), table.concat(words, " "))) end
end

local function add_options(name, list)
  local words = {}
  for _, option in ipairs(list) do
    local kind = kind_of(option)
    table.insert(words, quoted("--" .. option.name .. kind))
    if option.letter then table.insert(words, quoted("-" .. option.letter .. kind)) end
  end
  for _, built_in in ipairs { "--help", "--usage", "--version" } do table.insert(words, quoted(built_in)) end
  add(options, name, words)
end

local function add_arguments(name, placeholders)
  local words = {}
  for placeholder in (placeholders or ""):gmatch("%u+") do
    table.insert(words, quoted((kind_of { argument = placeholder }):sub(2)))
  end
  add(arguments, name, words)
end

local function add_commands(name, list, built_in)
  local words = { built_in }
  for _, command in ipairs(list) do
    local whole = name .. " " .. command.name
    table.insert(words, quoted(command.name))
    if command.commands then
      add_commands(whole, command.commands, "--help")
    else
      add_options(whole, command.options)
      add_arguments(whole, command.arguments)
    end
  end
  add(commands, name, words)
end

add_options("sendad", tables.sendad.options)
add_commands("sendactl", tables.sendactl.commands, "--help --version")

local parts = {
  options = table.concat(options, "\n"),
  commands = table.concat(commands, "\n"),
  arguments = table.concat(arguments, "\n"),
  configuration = quoted(arg[2]),
  journeys = quoted(arg[3]),
}
local output = assert(io.open(arg[4], "w"))
assert(output:write((support.read(here .. "/completion.bash"):gsub("{{(.-)}}", parts))))
assert(output:close())
