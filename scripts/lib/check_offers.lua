-- Checks each offer against the whole: names, dates, languages, and whether anything can ever show it.

local text = require "senda.text"
local nearest = require "senda.nearest"
local instant = require "senda.instant"
local checker = require "senda.checker"
local check_site = require "senda.check_site"

local check_offers = {}

local function report(whole, severity, offer, finding)
  checker.report(whole.problems, severity, offer, finding)
end

--- The seconds of a moment written in a field; a problem if the site's time zone has no such moment.
---@param whole senda.Whole
---@param record senda.Record
---@param path string[]
---@param written string?
---@param is_end? boolean an end day is included: it ends when the next one begins
---@return integer?
function check_offers.seconds_of(whole, record, path, written, is_end)
  if not written then return nil end
  whole.seconds = whole.seconds or {}
  local key = is_end and written .. "-" or written
  local seconds = whole.seconds[key]
  if seconds then return seconds end
  local moment = instant.parse(written)
  if is_end and not moment.hour then moment = instant.next_day(moment) end
  seconds = instant.seconds(whole.host, whole.site.time_zone, moment)
  if not seconds then
    report(whole, "error", record, {
      path = path, message = string.format("there is no such moment in %s: %s", whole.site.time_zone, text.quote(written)),
    })
  end
  whole.seconds[key] = seconds
  return seconds
end

local function look_up_dates(whole, offer)
  local starts, ends = offer.starts, offer.ends
  offer.starts = check_offers.seconds_of(whole, offer, { "starts" }, starts)
  offer.ends = check_offers.seconds_of(whole, offer, { "ends" }, ends, true)
  if offer.starts and offer.ends and offer.ends <= offer.starts then
    report(whole, "error", offer, {
      path = { "ends" }, message = string.format("it ends (%s) before it starts (%s)", ends, starts),
    })
  elseif offer.ends and whole.host.now and offer.ends <= whole.host.now() then
    report(whole, "warning", offer, { path = { "ends" }, message = string.format("it has ended already (%s): nothing shows it", ends) })
  end
end

--- Looks up the names an offer uses, and its dates.
---@param whole senda.Whole
---@param offer senda.Record
function check_offers.look_up(whole, offer)
  local resolve = whole.resolver
  offer.stage_indexes = resolve:stages(offer, "stages", offer.stages, offer.journeys)
  offer.persona_indexes = resolve:list(offer, { "personas" }, "persona", offer.personas)
  offer.placement_indexes = resolve:list(offer, { "placements" }, "placement", offer.placements)
  offer.tag_indexes = resolve:list(offer, { "tags" }, "tag", offer.tags)
  for position, locale in ipairs(offer.locales or {}) do
    if not whole.locales[locale] then check_site.refuse_locale(whole, "error", offer, { "locales", position }, locale) end
  end
  if offer.starts or offer.ends then look_up_dates(whole, offer) end
end

local function is_shown_in(offer, locale)
  if not offer.locales then return true end
  for _, shown in ipairs(offer.locales) do
    if shown == locale then return true end
  end
  return false
end

local function check_missing(whole, offer, field, by_locale)
  local missing = {}
  for _, locale in ipairs(whole.site.locales) do
    if by_locale[locale] == nil and is_shown_in(offer, locale) then
      if locale == whole.site.locale then
        report(whole, "error", offer, {
          path = { field }, message = string.format("lacks the site's default language %s", text.quote(locale)),
          expected = string.format('%s = { %s = "…" }', field, locale),
        })
      else
        table.insert(missing, text.quote(locale))
      end
    end
  end
  if #missing == 0 then return end
  report(whole, "warning", offer, {
    path = { field }, message = string.format("lacks %s: the one in %s will be shown", text.join(missing, "and"), text.quote(whole.site.locale)),
  })
end

-- Titles and addresses by language: the default one has to be there, the others should.
local function check_languages(whole, offer, field, by_locale)
  if not by_locale or by_locale["*"] or whole.site.failed or whole.registry.broken.site then return end
  for locale in pairs(by_locale) do
    if not whole.locales[locale] then check_site.refuse_locale(whole, "warning", offer, { field, locale }, locale, "key") end
  end
  if next(by_locale) ~= nil then check_missing(whole, offer, field, by_locale) end
end

local function names_of(members, indexes)
  local list = {}
  for index, member in ipairs(members) do
    if not indexes then table.insert(list, text.quote(member.name or "?")) end
    if indexes and indexes[index] then table.insert(list, text.quote(members[indexes[index]].name or "?")) end
  end
  return list
end

local function kinds_taken(members, indexes)
  local set, list = {}, {}
  local function note(member)
    for kind in pairs(member.kind_set or {}) do
      if not set[kind] then
        set[kind] = true
        table.insert(list, kind)
      end
    end
  end
  if indexes then
    for _, index in ipairs(indexes) do note(members[index]) end
  else
    for _, member in ipairs(members) do note(member) end
  end
  table.sort(list)
  return list
end

-- An offer that no stage, or no placement, of its own takes.
local function refuse_kind(whole, offer, members, indexes, field, noun)
  if checker.only_counts(whole.problems, "error", offer) then return end
  local taken = kinds_taken(members, indexes)
  local shown = names_of(members, indexes)
  local whose = indexes and string.format("none of its %ss (%s)", noun, text.some(shown, 5)) or string.format("no %s", noun)
  report(whole, "error", offer, {
    path = { indexes and field or "kind" },
    message = #taken == 0 and string.format("nothing can show it: its %ss (%s) want no offer", noun, text.some(shown, 5))
      or string.format("nothing can show it: %s takes the kind %s", whose, text.quote(offer.kind)),
    nearest = nearest.find(offer.kind, taken),
    hint = #taken > 0 and string.format("they take %s", text.some(taken, 12)) or nil,
  })
end

-- Lists that name nothing leave an offer nowhere to be shown.
local function refuse_empty(whole, offer)
  for _, field in ipairs { "stages", "journeys" } do
    if offer[field] and #offer[field] == 0 then
      report(whole, "error", offer, {
        path = { field }, message = string.format("nothing can show it: the list is empty, which means no %s at all", field:sub(1, -2)),
        hint = string.format("leave %s out for every one", field),
      })
      return true
    end
  end
  return false
end

local function check_reach(whole, offer)
  local registry, verdict = whole.registry, whole.reach:judge(offer)
  if whole.reach.fallbacks[offer.index] or #registry:list("placement") == 0 or refuse_empty(whole, offer) then return end
  if offer.placement_indexes and #offer.placement_indexes == 0 then
    if registry.broken.placement or whole.reach.unsure_of_fallbacks then return end
    report(whole, "error", offer, {
      path = { "placements" }, message = "nothing can show it: `placements = {}` keeps it for fallbacks, and no placement has it as its fallback",
      hint = "name its placements, or write in placements.lua: fallback = " .. text.quote(offer.name),
    })
  elseif #verdict.stages == 0 and not registry.broken.stage and #whole.model.stages > 0 then
    refuse_kind(whole, offer, whole.model.stages, offer.stage_indexes, "stages", "stage")
  elseif #verdict.placements == 0 and not registry.broken.placement then
    refuse_kind(whole, offer, registry:list("placement"), offer.placement_indexes, "placements", "placement")
  end
end

--- Checks whether an offer can be shown, and in which languages.
---@param whole senda.Whole
---@param offer senda.Record
function check_offers.check(whole, offer)
  if offer.titles then check_languages(whole, offer, "title", offer.titles) end
  if offer.urls then
    check_languages(whole, offer, "url", offer.urls)
  elseif offer.urls == nil and not offer.failed then
    report(whole, "warning", offer, {
      message = "has no url: who clicks on it gets nowhere", hint = checker.is_row(offer) and "fill in its url; one that is only to be read stands in a Lua file, with url = false"
        or 'write url = "…"; or url = false if it is only to be read',
    })
  end
  if offer.stock == 0 then
    report(whole, "warning", offer, { path = { "stock" }, message = "there are none of it: nothing shows it" })
  end
  if offer.kind and not offer.failed then check_reach(whole, offer) end
end

return check_offers
