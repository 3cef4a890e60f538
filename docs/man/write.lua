-- Writes a manual page in scdoc(5): the prose of a template, and what the programs' tables say where it names them.
--
-- usage: lua5.4 docs/man/write.lua TABLES TEMPLATE
--
-- TABLES is what senda_tables printed. A line {{name}} of the template becomes what `parts` has for that name, and
-- {{file PATH}} the file of that path in the tree.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. here .. "/../../tests/lua/?.lua;" .. package.path
local support = require "support"
local describe = require "senda.describe"
local schema = require "senda.schema"
local scd = require "scd"

local tables = dofile(arg[1])

local function join(list, write)
  local written = {}
  for _, item in ipairs(list) do
    local entry = write(item)
    if entry then table.insert(written, entry) end
  end
  return table.concat(written, "\n\n")
end

-- ---- Options of the daemon ----

local MULTIPLES = { { 1 << 30, "GiB" }, { 1 << 20, "MiB" }, { 1 << 10, "KiB" } }

local function bytes(number)
  for _, multiple in ipairs(MULTIPLES) do
    if number >= multiple[1] and number % multiple[1] == 0 then return number // multiple[1] .. " " .. multiple[2] end
  end
  return tostring(number)
end

-- What an option takes, in words.
local TAKES = {
  path = function() return "a path in quotes" end,
  text = function() return "a text in quotes" end,
  level = function() return "\"" .. table.concat(tables.levels, "\", \"") .. "\"" end,
  address = function() return "an address in quotes" end,
  addresses = function() return "an address in quotes, or a list of them: { \"…\", \"…\" }" end,
  number = function(setting) return ("a whole number from %d to %d"):format(setting.lowest, setting.highest) end,
  bytes = function(setting)
    return ("bytes from %s to %s, as a number or as a text such as \"8 MiB\""):format(bytes(setting.lowest), bytes(setting.highest))
  end,
  mode = function() return "octal digits in quotes" end,
}

-- A name, what it takes and what holds without it.
local function assignment(name, takes, notes)
  local left_out = #notes > 0 and " (" .. scd.escape(table.concat(notes, "; ")) .. ")" or ""
  return scd.bold(name) .. " = " .. scd.under(takes) .. left_out
end

local function setting_entry(setting)
  local notes = {}
  if setting.fallback ~= "" then table.insert(notes, "default: " .. setting.fallback) end
  if setting.secret then table.insert(notes, "no flag") end
  return scd.entry(assignment(setting.name, TAKES[setting.type](setting), notes), scd.escape(setting.help))
end

local function settings_by_flag()
  local found = {}
  for _, setting in ipairs(tables.settings) do found[setting.name:gsub("_", "-")] = setting end
  return found
end

-- ---- Commands of sendactl ----

local function option_entry(option)
  return scd.entry(scd.option(option), scd.escape(option.help))
end

local function select_options(options, common)
  local found = {}
  for _, option in ipairs(options) do
    if option.common == common then table.insert(found, option) end
  end
  return found
end

-- Every command that takes arguments, with its whole name: "profile get".
local function each_command(commands, before, visit)
  for _, command in ipairs(commands) do
    if command.commands then
      each_command(command.commands, before .. command.name .. " ", visit)
    else
      visit(before .. command.name, command)
    end
  end
end

-- What --help says behind the options, without the exit codes that all commands have.
local function own_words(more)
  if not more then return "" end
  local first, last = more:find(tables.exits, 1, true)
  if not first then return more:gsub("Exit codes:", "Exit codes of its own:") end
  return (more:sub(1, first - 1) .. more:sub(last + 1):gsub("^ Here ", "Exit code "):gsub("^ ", ""))
end

local function command_section(name, command)
  local own = select_options(command.options, false)
  local usage = scd.bold("sendactl " .. name) .. " [_OPTION_...] " .. scd.arguments(command.arguments or "")
  local parts = { "## " .. name, usage, scd.help(command.about), join(own, option_entry) }
  if #own < #command.options then table.insert(parts, "Also takes the common options.") end
  table.insert(parts, scd.help(own_words(command.more)))
  local filled = {}
  for _, part in ipairs(parts) do
    if part ~= "" then table.insert(filled, part) end
  end
  return table.concat(filled, "\n\n")
end

local function common_options()
  local found
  each_command(tables.sendactl.commands, "", function(_, command)
    local common = select_options(command.options, true)
    if #common > 0 then found = common end
  end)
  return found
end

-- ---- The language of a site ----

local function row_entry(row)
  local notes = { row.required and "required" or row.default and "default: " .. row.default }
  local head = row.name and assignment(row.name, row.takes, notes) or "Without a name: " .. scd.under(row.takes)
  return scd.entry(head, scd.escape(row.help))
end

local function construct_section(name)
  local construct = schema.constructs[name]
  local parts = { "## " .. name, scd.escape(construct.help), scd.literal(construct.example), join(describe.rows(construct), row_entry) }
  for _, field in ipairs(describe.nested(construct)) do
    table.insert(parts, "In " .. scd.bold(field.name) .. ":")
    table.insert(parts, scd.indent(join(describe.rows(schema.records[field.record]), row_entry)))
  end
  return table.concat(parts, "\n\n")
end

-- ---- What templates may name ----

local parts = {}

function parts.version()
  return tables.version
end

-- Flags that stand for no option of the configuration.
parts["sendad.flags"] = function()
  local settings = settings_by_flag()
  return join(tables.sendad.options, function(option)
    if not settings[option.name] then return option_entry(option) end
  end)
end

parts["sendad.options"] = function()
  local settings = settings_by_flag()
  return join(tables.sendad.options, function(option)
    local setting = settings[option.name]
    if not setting then return nil end
    local fallback = setting.fallback ~= "" and " (default: " .. setting.fallback .. ")" or ""
    return scd.entry(scd.option(option), scd.escape(option.help .. fallback))
  end)
end

parts["sendad.exits"] = function()
  return scd.exits(tables.sendad.more)
end

parts["sendad.settings"] = function()
  return join(tables.settings, setting_entry)
end

parts["sendactl.list"] = function()
  return join(tables.sendactl.commands, function(command)
    return scd.entry(scd.bold(command.name), scd.escape(command.summary))
  end)
end

parts["sendactl.commands"] = function()
  local sections = {}
  each_command(tables.sendactl.commands, "", function(name, command)
    table.insert(sections, command_section(name, command))
  end)
  return table.concat(sections, "\n\n")
end

parts["sendactl.common"] = function()
  return join(common_options(), option_entry)
end

parts["sendactl.exits"] = function()
  return scd.exits(tables.exits)
end

parts["site.constructs"] = function()
  return join(schema.order, construct_section)
end

local function read(path)
  return support.read(path) or error("can't read " .. path)
end

local function fill(name)
  local path = name:match("^file (.*)")
  if path then return scd.literal(read(support.root .. "/" .. path)) end
  return (parts[name] or error(arg[2] .. ": nothing is called {{" .. name .. "}}"))()
end

io.write((read(arg[2]):gsub("{{(.-)}}", fill)))
