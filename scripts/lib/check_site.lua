-- Checks the site's own declaration: there is one, in its place, with a journey to walk.

local text = require "senda.text"
local names = require "senda.names"
local schema = require "senda.schema"
local nearest = require "senda.nearest"
local checker = require "senda.checker"

local check_site = {}

local function folder_name(directory)
  local name = directory and directory:match("([^/]+)/*$")
  return name and (names.is_name(name) and name or text.slug(name)) or "site"
end

local function default_site(whole)
  return { construct = "site", name = folder_name(whole.host.directory), file = "site.lua", locale = "en", locales = { "en" }, time_zone = "UTC" }
end

local function refuse_others(whole, list)
  for index = 2, #list do
    checker.report(whole.problems, "error", list[index], {
      message = string.format("there is one site already, in %s line %s", list[1].file, list[1].line or "?"),
    })
  end
  for _, record in ipairs(list) do
    if record.file ~= "site.lua" then
      checker.report(whole.problems, "error", record, { message = "the site is declared in site.lua, nowhere else" })
    end
  end
end

local function check_journeys(whole, site)
  local registry = whole.registry
  if #registry:list("journey") > 0 or registry.broken.journey or registry.broken.site then return end
  local shipped = whole.host.shipped_names()
  local finding = {
    message = "the site has no journey for its customers to walk", expected = "journey = \"…\" in site.lua",
    hint = #shipped > 0 and string.format('write in site.lua: site "%s" { journey = "%s" }; these ship with senda: %s',
      text.escape(site.name), shipped[#shipped], text.join(shipped, "and")) or nil,
  }
  if site.failed then return end
  if site.line then checker.report(whole.problems, "error", site, finding) else whole.problems:add_at("error", { file = "site.lua" }, finding) end
end

-- A site without placements or offers is no mistake on its first day, but nothing to serve either.
local function warn_if_empty(whole, site)
  if whole.registry:is_incomplete() then return end
  for construct, file in pairs { placement = "placements.lua", offer = "offers/" } do
    if #whole.registry:list(construct) == 0 then
      local finding = {
        message = string.format("the site has no %ss yet: nothing can be shown", construct), hint = "they are written in " .. file,
      }
      if site.line then
        checker.report(whole.problems, "warning", site, finding)
      else
        whole.problems:add_at("warning", { file = "site.lua" }, finding)
      end
    end
  end
end

--- Settles the site's record for all other checks.
---@param whole senda.Whole
function check_site.check(whole)
  local list = whole.registry:list("site")
  local site = list[1] or default_site(whole)
  refuse_others(whole, list)
  site.name = site.name or folder_name(whole.host.directory)
  site.locales = site.locales or { site.locale }
  site.journey_index = site.journey and (whole.registry:find("journey", site.journey) or {}).index
    or not site.journey and #whole.registry:list("journey") > 0 and 1 or nil
  whole.site = site
  whole.locales = {}
  for _, locale in ipairs(site.locales) do whole.locales[locale] = true end
  check_journeys(whole, site)
  warn_if_empty(whole, site)
end

-- A field among the languages of another one: the brace between them lacks.
local function hint_for_field(record, path, locale, at)
  local construct = at == "key" and schema.constructs[record.construct]
  if not construct or not construct.by_name[locale] then return nil end
  return string.format("if %s is a field of its own, the } of %s is missing before it", locale, path[1])
end

--- Reports a language that the site doesn't speak.
---@param whole senda.Whole
---@param severity "error"|"warning"
---@param record senda.Record
---@param path (string|integer)[]
---@param locale string
---@param at? "key"|"value"
function check_site.refuse_locale(whole, severity, record, path, locale, at)
  if whole.registry.broken.site or whole.site.failed then return end
  if checker.only_counts(whole.problems, severity, record) then return end
  checker.report(whole.problems, severity, record, {
    path = path, at = at, nearest = nearest.find(locale, whole.site.locales),
    message = string.format("%sthe site doesn't speak %s, only %s", at == "key" and path[1] .. ": " or "", text.quote(locale),
      text.join(whole.site.locales, "and")),
    hint = hint_for_field(record, path, locale, at)
      or string.format('to add a language, write in site.lua: locales = { "%s", "%s" }', table.concat(whole.site.locales, '", "'), text.escape(locale)),
  })
end

return check_site
