-- Which files of a site's folder are read, and in which order.

local nearest = require "senda.nearest"
local text = require "senda.text"
local sharing = require "senda.sharing"

local files = {}

-- In the order of reading. `folder` takes every file of these endings directly in it.
local PLACES = {
  { file = "site.lua" },
  { folder = "journeys", endings = { lua = true } },
  { file = sharing.FILE },
  { folder = "personas", endings = { lua = true } },
  { file = "placements.lua" },
  { folder = "offers", endings = { lua = true } },
  { folder = "offers", endings = { csv = true } },
  { file = "policies.lua" },
  { folder = "strategies", endings = { lua = true } },
  { folder = "tests", endings = { lua = true } },
}

-- What is meant to be declared in each.
local BRINGS = {
  ["site.lua"] = { "site", "kind" }, ["placements.lua"] = { "placement" }, ["policies.lua"] = { "policy", "kind" },
  journeys = { "journey", "stage" }, personas = { "persona" }, offers = { "offer" }, strategies = { "strategy" }, tests = { "test" },
}

local FOLDERS = { "journeys", "personas", "offers", "strategies", "tests" }
-- What these folders and files are called in Spanish: nearly nothing of it is near by its letters.
local TRANSLATED = {
  ofertas = "offers", pruebas = "tests", estrategias = "strategies", recorridos = "journeys", viajes = "journeys",
  sitio = "site", emplazamientos = "placements", ubicaciones = "placements", espacios = "placements", politicas = "policies",
  compartido = "shared", comun = "shared", common = "shared", helpers = "shared", functions = "shared", funciones = "shared",
}

-- The folder of a site's that another one's name means; nil if it means none.
local function meant_folder(name)
  local near = nearest.find(name, FOLDERS)
  if near then return near end
  local translated = TRANSLATED[text.fold(name)]
  for _, folder in ipairs(FOLDERS) do
    if translated == folder then return folder end
  end
  return nil
end

-- The same of a file.
local function meant_file(name)
  local stem = name:match("^(.*)%.%a+$")
  local translated = stem and TRANSLATED[text.fold(stem)]
  return nearest.find(translated and translated .. ".lua" or name, { "placements.lua", "policies.lua", sharing.FILE, "site.lua" })
end

local LAYOUT = "a site has site.lua, shared.lua, placements.lua, policies.lua and the folders journeys, personas, offers, strategies and tests"

local function place_of(path)
  local folder, name = path:match("^([^/]+)/([^/]+)$")
  local ending = (name or path):match("%.([^.]+)$")
  for index, place in ipairs(PLACES) do
    if place.file == path or place.folder and place.folder == folder and place.endings[ending] then return index end
  end
  return nil
end

local SHEETS = { xlsx = true, xls = true, ods = true, numbers = true, tsv = true }

--- The folder, of one that has a site of its own; nil: the path says nothing of one.
---@param path string
---@return string?
function files.other_site(path)
  local folder = path:match("^([^/]+)/site%.lua$") or path:match("^([^/]+)/journeys/$")
  return folder and not meant_folder(folder) and folder or nil
end

-- Lua and CSV files are meant to be read, and folders that nearly have a right name; readme files, pictures and what
-- editors leave behind are not.
local function is_meant(path)
  if files.other_site(path) then return true end
  local name = path:match("[^/]+$") or ""
  local folder, inner = path:match("^([^/]+)/(.*)$")
  if name:find("^%.") then return false end
  if path:find("/$") then return meant_folder(folder) ~= nil end
  local ending = name:lower():match("%.([^.]+)$")
  if ending == "lua" or ending == "csv" then return true end
  local is_renamed = name:lower():find("%.lua%.txt$") ~= nil or name:lower():find("%.csv%.txt$") ~= nil
  if inner == nil then return is_renamed end
  return nearest.find(folder, FOLDERS) == folder and (SHEETS[ending] or is_renamed)
end

local function right_place(path)
  local folder, name = path:match("^([^/]+)/(.+)$")
  if folder then
    local near = meant_folder(folder)
    if near and near ~= folder then return near .. "/" .. name end
    if not near then return meant_file(folder .. ".lua") end
    return nil
  end
  local near = meant_file(path)
  if near then return near end
  local meant = meant_folder((path:gsub("%.%a+$", "")))
  return meant and meant .. "/" .. path or nil
end

---@param path string
---@return senda.Finding
local function why_unread(path)
  local folder, rest = path:match("^([^/]+)/(.+)$")
  local other = files.other_site(path)
  if other then
    return { message = "this is a site of its own, which is not read with the one around it", hint = "name that folder instead: …/" .. text.escape(other) }
  elseif path:find("^[^/]+/$") then
    return { message = "this folder is not read", nearest = meant_folder(path:sub(1, -2)) .. "/" }
  elseif path:lower():find("%.txt$") then
    return { message = "this file is not read: its name ends in .txt", nearest = path:sub(1, -5) }
  elseif SHEETS[path:lower():match("%.([^.]+)$")] then
    return { message = "this file is not read: save it as CSV, in UTF-8" }
  end
  local ending = path:match("%.(%a+)$")
  if ending and ending ~= ending:lower() and place_of(path:sub(1, -#ending - 1) .. ending:lower()) then
    return {
      message = string.format("this file is not read: its name ends in .%s, in capitals", ending), nearest = path:sub(1, -#ending - 1) .. ending:lower(),
    }
  end
  for _, known in ipairs(FOLDERS) do
    if folder == known and rest:find("/", 1, true) then
      return { message = "this file is not read: only files directly in " .. known .. "/ are" }
    elseif folder == known and rest:lower():find("%.csv$") then
      return { message = "this file is not read: only offers can be written as CSV, in offers/" }
    end
  end
  return { message = "this file is not read: " .. LAYOUT, nearest = right_place(path) }
end

--- The constructs that a file, or a folder with its "/", is there for.
---@param path string
---@return string[]
function files.brings(path)
  return BRINGS[path] or BRINGS[path:match("^([^/]+)/")] or {}
end

--- Where a construct is declared: "strategies/" or "policies.lua".
---@param construct string
---@return string
function files.place_for(construct)
  for _, place in ipairs(PLACES) do
    for _, brought in ipairs(BRINGS[place.file or place.folder] or {}) do
      if brought == construct then return place.file or place.folder .. "/" end
    end
  end
  error("no place for " .. construct)
end

--- Sorts a site's files into the order of reading; the others are reported where they look like part of the site.
---@param paths string[]
---@param problems senda.Problems
---@return string[]
function files.order(paths, problems)
  local found, rank = {}, {}
  for _, path in ipairs(paths) do
    local place = place_of(path)
    if place then
      table.insert(found, path)
      rank[path] = place
    elseif is_meant(path) then
      problems:note_file(text.escape(path, 200)) -- told first: what lacks elsewhere may stand in it
      problems:add_at("warning", { file = text.escape(path, 200) }, why_unread(path))
    end
  end
  table.sort(found, function(a, b)
    if rank[a] ~= rank[b] then return rank[a] < rank[b] end
    return a < b
  end)
  return found
end

return files
