-- What specs and tools of the authoring library share: finding its files, and a host that stands in for the daemon.

local support = {}

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or "."
support.root = here .. "/../.."

local function search(name)
  local file = name:match("^senda%.([%w_]+)$")
  if not file then return "\n\tno module of the authoring library" end
  local path = support.root .. "/scripts/lib/" .. file .. ".lua"
  local chunk, failure = loadfile(path)
  return chunk or "\n\t" .. failure
end

table.insert(package.searchers, 2, search)

--- The text of a file; nil if there's none.
function support.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local content = file:read("a")
  file:close()
  return content
end

-- Days since the epoch of a day of the calendar we use.
local function count_days(year, month, day)
  local years = month > 2 and year or year - 1
  local era = years // 400
  local of_era = years - era * 400
  local of_year = (153 * (month + (month > 2 and -3 or 9)) + 2) // 5 + day - 1
  return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
end

local OFFSETS = { UTC = 0, ["Europe/Madrid"] = 3600 }

local function quoted_cell(content, at)
  local parts = {}
  while true do
    local stop = content:find('"', at, true)
    if not stop then return nil end
    table.insert(parts, content:sub(at, stop - 1))
    if content:sub(stop + 1, stop + 1) ~= '"' then return table.concat(parts, '"'), stop + 1 end
    at = stop + 2
  end
end

--- Rows of a CSV text with the line on which each begins, and what separates their cells.
function support.read_csv(content)
  local head = content:match("^[^\n]*")
  local separator = select(2, head:gsub(";", "")) > select(2, head:gsub(",", "")) and ";" or ","
  local rows, at, line = { separator = separator }, 1, 1
  while at <= #content do
    local row = { line = line, cells = {} }
    repeat
      local cell, stop
      if content:sub(at, at) == '"' then
        cell, stop = quoted_cell(content, at + 1)
        if not cell then return nil, { message = "a quoted cell is never closed", line = line } end
      else
        stop = content:find("[" .. separator .. "\r\n]", at) or #content + 1
        cell = content:sub(at, stop - 1)
      end
      table.insert(row.cells, cell)
      line = line + select(2, cell:gsub("\n", ""))
      local sign = content:sub(stop, stop)
      at = stop + 1
    until sign ~= separator
    if content:sub(at - 1, at) == "\r\n" then at = at + 1 end
    line = line + 1
    table.insert(rows, row)
  end
  return rows
end

local BASE = {
  assert = assert, error = error, ipairs = ipairs, pairs = pairs, pcall = pcall, select = select, tonumber = tonumber,
  tostring = tostring, type = type, string = string, table = table, math = math, utf8 = utf8,
}

local function run(shared, path, content, environment, shares)
  local own = setmetatable(shares and shared or {}, {
    __index = function(_, name)
      local value = rawget(shared, name)
      if value == nil then value = rawget(environment, name) end
      if value == nil then value = BASE[name] end
      if value == nil then value = environment[name] end
      if value == nil then error(string.format("unknown name '%s'", name), 2) end
      return value
    end,
  })
  local chunk, failure = load(content, "@" .. path, "t", own)
  if chunk then
    local done
    done, failure = pcall(chunk)
    if done then return true end
  end
  local line = tostring(failure):match("^" .. path:gsub("%p", "%%%0") .. ":(%d+):")
  return nil, { message = tostring(failure), file = path, line = math.tointeger(tonumber(line or "")) }
end

--- A host for a site held in memory: { ["site.lua"] = "…", … }.
---@param site_files table<string, string>
---@param shipped? table<string, string>
function support.host(site_files, shipped)
  shipped = shipped or {}
  local shared = {}
  return {
    directory = "/srv/my-site",
    source = function(path) return site_files[path] end,
    shipped = function(name) return shipped[name] end,
    shipped_names = function()
      local names = {}
      for name in pairs(shipped) do table.insert(names, name) end
      table.sort(names)
      return names
    end,
    instant = function(zone, year, month, day, hour, minute, second)
      return count_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - OFFSETS[zone]
    end,
    zone = function(name) return OFFSETS[name] ~= nil end,
    run = function(...) return run(shared, ...) end,
    csv = function(path) return support.read_csv(site_files[path]) end,
    function_problem = function() return nil end,
  }
end

--- Loads a site held in memory to the end.
---@return senda.Loader
function support.load(site_files, shipped, change_host)
  local host = support.host(site_files, shipped)
  if change_host then change_host(host) end
  local loader = require("senda.site").new(host)
  local paths = {}
  for path in pairs(site_files) do table.insert(paths, path) end
  loader:load(paths)
  return loader
end

--- Problems as lines "file:line:column: severity: message", for comparing.
function support.lines(loader)
  local lines = {}
  for _, problem in ipairs(loader.problems) do
    local place = problem.file or ""
    for _, part in ipairs { "line", "column" } do
      if problem[part] then place = place .. ":" .. problem[part] end
    end
    table.insert(lines, place .. ": " .. problem.severity .. ": " .. problem.message)
  end
  return lines
end

-- A small site without a mistake, which specs spoil in one place each.
local SITE = {
  ["site.lua"] = 'site "shop" { locale = "es", locales = { "es", "en" }, time_zone = "Europe/Madrid" }\n',
  ["journeys/road.lua"] = [[
journey "road" {
  stage "awareness" { names = { es = "descubrimiento" }, offers = { "article" } },
  stage "decision" { offers = { "discount", "demo" }, enter = { on = "add_to_cart" } },
}
]],
  ["personas/marta.lua"] = 'persona "it-manager" { name = "Marta", match = function(c) return c.traits.role == "it" end }\n',
  ["placements.lua"] = [[
placement "hero" { fallback = "welcome" }
placement "mail" { count = 3, kinds = { "discount" }, fallback = "welcome" }
]],
  ["offers/all.lua"] = [[
offer "welcome" { kind = "article", title = "Hola", url = "/", placements = {} }
offer "guide" { kind = "article", title = "Guía", url = "/guide", stages = { "descubrimiento" }, tags = { "crm" } }
offer "sale" { kind = "discount", title = { es = "Rebajas", en = "Sale" }, url = "/sale", stages = { "decision" } }
]],
}

--- Loads the small good site with some files replaced or added (false takes one away).
---@param changes? table<string, string|false>
---@return senda.Loader
function support.load_changed(changes, shipped, change_host)
  local site_files = {}
  for path, content in pairs(SITE) do site_files[path] = content end
  for path, content in pairs(changes or {}) do site_files[path] = content or nil end
  return support.load(site_files, shipped, change_host)
end

--- The problems of the small good site with some files changed, as lines.
---@param changes? table<string, string|false>
---@return string[]
function support.problems(changes, shipped, change_host)
  return support.lines(support.load_changed(changes, shipped, change_host))
end

--- Problems of one more offer with these fields, in a file of its own (fields stand on line 1, from column 13).
---@param fields string
---@return string[]
function support.offer_problems(fields)
  return support.problems { ["offers/x.lua"] = 'offer "x" { ' .. fields .. " }\n" }
end

--- A checker over an empty list of problems, for trying single types; its problems' messages come second.
---@return senda.Checker
---@return fun(): string[]
function support.checker()
  local problems = require("senda.problems").new(function() return nil end, {})
  local checker = require("senda.checker").new(problems, support.host({}))
  checker:begin({ construct = "offer", name = "x", file = "offers/x.lua", line = 1 })
  return checker, function()
    local messages = {}
    for _, problem in ipairs(problems:finish()) do table.insert(messages, problem.message) end
    return messages
  end
end

return support
