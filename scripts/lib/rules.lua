-- What the fields of one declaration have to do with one another.

local text = require "senda.text"
local report = require "senda.checker"
local model = require "senda.model"

---@type table<string, fun(checker: senda.Checker, record: senda.Record, raw: table)>
local rules = {}

local function includes(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then return true end
  end
  return false
end

function rules.site(checker, record, raw)
  record.name = record.name or record.given_name
  record.locales = record.locales or { record.locale }
  if raw.locales ~= nil and not includes(record.locales, record.locale) then
    checker:refuse {
      path = { raw.locale ~= nil and "locale" or "locales" },
      message = string.format("the default language %s is not among the site's locales (%s)", text.quote(record.locale),
        text.join(record.locales, "and")),
      hint = string.format("add it: locales = { \"%s\", … }; or name another default: locale = \"%s\"", record.locale, record.locales[1] or "es"),
    }
  end
end

local NO_OFFER = { en = "This stage wants no offer.", es = "Esta etapa no quiere ninguna oferta." }

function rules.stage(checker, record)
  local kinds = record.kinds
  if kinds and #kinds > 0 and record.no_offer then
    checker:refuse {
      path = { "no_offer" }, message = "says that nothing is offered in this stage, but `offers` names kinds that fit; expected only one of the two",
    }
  elseif kinds and #kinds == 0 and not record.no_offer then
    record.no_offer = NO_OFFER
  end
end

local function stage_names(stage)
  local called = model.other_names(stage)
  if stage.name then table.insert(called, 1, stage.name) end
  return called
end

local function check_stage_names(checker, record)
  local taken = {}
  for _, stage in ipairs(record.stages) do
    for _, name in ipairs(stage_names(stage)) do
      local first = taken[name]
      if first then
        report.report(checker.problems, "error", stage, {
          message = string.format("the name %s is taken: another stage of this journey has it, line %s", text.quote(name), first.line or "?"),
        })
      end
      taken[name] = first or stage
    end
  end
end

function rules.journey(checker, record)
  record.stages = record.stages or {}
  if #record.stages == 0 and not record.failed then
    checker:refuse { path = {}, message = "has no stages", expected = 'stage "…" { … }', hint = 'write stage "awareness" { … }, inside of its braces' }
  end
  check_stage_names(checker, record)
end

function rules.policy(checker, record, raw)
  if raw.offers == nil and raw.kinds == nil and raw.tags == nil then
    checker:refuse { path = {}, message = "covers nothing; expected at least one of offers, kinds or tags", hint = 'for instance: tags = { "crm" }' }
  end
  for _, group in ipairs { "offers", "kinds", "tags" } do
    if record[group] and #record[group] == 0 and next(raw[group]) == nil then
      checker:refuse { path = { group }, message = "covers nothing: the list is empty" }
    end
  end
end

function rules.strategy(checker, _, raw)
  for _, group in ipairs { "stage", "placements" } do
    if type(raw[group]) == "table" and next(raw[group]) == nil then
      checker:refuse { path = { group }, message = "the list is empty, so the strategy is for nothing; leave the field out to be for all" }
    end
  end
end

local EXPECTS = { "offer", "kind", "not_offer", "none", "fallback", "strategy" }

function rules.test(checker, _, raw)
  if type(raw.expect) ~= "table" then return end
  if next(raw.expect) == nil then
    checker:refuse { path = { "expect" }, message = "expects nothing; expected at least one of " .. text.join(EXPECTS) }
  elseif raw.expect.none == true and (raw.expect.offer ~= nil or raw.expect.kind ~= nil) then
    checker:refuse { path = { "expect", "none" }, message = "can't expect an offer and none at once" }
  elseif raw.expect.offer ~= nil and raw.expect.offer == raw.expect.not_offer then
    checker:refuse { path = { "expect", "not_offer" }, message = "can't expect an offer and forbid it at once" }
  end
end

return rules
