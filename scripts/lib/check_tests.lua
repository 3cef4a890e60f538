-- Checks tests: that what they name exists, and that what they expect can come true.

local text = require "senda.text"
local reach = require "senda.reach"
local checker = require "senda.checker"
local check_site = require "senda.check_site"
local check_offers = require "senda.check_offers"

local check_tests = {}

local function refuse(whole, test, path, message, hint)
  checker.report(whole.problems, "error", test, { path = path, message = message, hint = hint })
end

-- The stages a test's customer may stand in; nil if it isn't said.
local function look_up_given(whole, test, given)
  local resolve = whole.resolver
  local journey = given.journey and resolve:index(test, { "given", "journey" }, "journey", given.journey) or whole.site.journey_index
  resolve:index(test, { "given", "persona" }, "persona", given.persona)
  if given.locale and not whole.locales[given.locale] then
    check_site.refuse_locale(whole, "error", test, { "given", "locale" }, given.locale)
  end
  if not given.stage then return nil end
  local homes = journey and not given.stage:find("/", 1, true) and { [journey] = true } or nil
  return resolve:stages_named(test, { "given", "stage" }, given.stage, homes)[1]
end

-- A kind is no offer: it's one of its offers that somebody saw.
local function refuse_kind(whole, test, path, kind)
  local found = {}
  for _, offer in ipairs(whole.registry:list("offer")) do
    if offer.kind == kind then found[#found + 1] = offer.name end
    if #found > 12 then break end
  end
  refuse(whole, test, path, string.format("no offer %s", text.quote(kind)),
    string.format("that is a kind of offers; name one of them%s", #found > 0 and ": " .. text.some(found, 12) or ""))
end

local OF_OFFERS = { "seen", "clicked", "dismissed" }

local function look_up_history(whole, test, given)
  for _, field in ipairs(OF_OFFERS) do
    for name in pairs(given[field] or {}) do
      local path = { "given", field, name }
      if not whole.registry:find("offer", name) and whole.model.kind.known[name] then
        refuse_kind(whole, test, path, name)
      else
        whole.resolver:index(test, path, "offer", name)
      end
    end
  end
end

local function look_up_expected(whole, test, expect)
  local resolve = whole.resolver
  local offer = resolve:index(test, { "expect", "offer" }, "offer", expect.offer)
  resolve:index(test, { "expect", "not_offer" }, "offer", expect.not_offer)
  resolve:index(test, { "expect", "kind" }, "kind", expect.kind)
  resolve:index(test, { "expect", "strategy" }, "strategy", expect.strategy)
  return offer and whole.registry:list("offer")[offer]
end

local function check_dates(whole, test, offer, now)
  if not now then return end
  if offer.starts and now < offer.starts then
    refuse(whole, test, { "now" }, string.format("the offer %s hasn't started by then", text.quote(offer.name)))
  elseif offer.ends and now >= offer.ends then
    refuse(whole, test, { "now" }, string.format("the offer %s has ended by then", text.quote(offer.name)))
  end
end

local function includes(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then return true end
  end
  return false
end

-- Why an offer can't be what this placement shows in this stage; nil if it can.
local function why_impossible(whole, offer, placement, stage)
  local shown = text.quote(offer.name)
  if placement.fallback_indexes and includes(placement.fallback_indexes, offer.index) then return nil end
  if offer.placement_indexes and not includes(offer.placement_indexes, placement.index) then
    return string.format("the offer %s isn't for the placement %s", shown, text.quote(placement.name))
  elseif not reach.placement_takes(placement, offer.kind) then
    return string.format("the placement %s doesn't take the kind of %s, %s", text.quote(placement.name), shown, text.quote(offer.kind))
  elseif not stage then
    return nil
  elseif offer.stage_indexes and not includes(offer.stage_indexes, stage) then
    return string.format("the offer %s isn't for that stage", shown)
  elseif not reach.stage_takes(whole.model.stages[stage], offer.kind) then
    return string.format("that stage doesn't take the kind of %s, %s", shown, text.quote(offer.kind))
  end
  return nil
end

--- Checks one test.
---@param whole senda.Whole
---@param test senda.Record
function check_tests.check(whole, test)
  local expect = test.expect or {}
  local placement = whole.resolver:index(test, { "at" }, "placement", test.at)
  local stage = look_up_given(whole, test, test.given or {})
  look_up_history(whole, test, test.given or {})
  local offer = look_up_expected(whole, test, expect)
  test.now = check_offers.seconds_of(whole, test, { "now" }, test.now)
  if not offer or not placement or test.failed or offer.failed then return end
  check_dates(whole, test, offer, test.now)
  local why = why_impossible(whole, offer, whole.registry:list("placement")[placement], stage)
  if why then refuse(whole, test, { "expect", "offer" }, "this can't come true: " .. why) end
end

return check_tests
