-- Checks placements and policies: what they name, and that a placement always has something to show.

local text = require "senda.text"
local checker = require "senda.checker"

local check_placements = {}

local function report(whole, severity, record, finding)
  checker.report(whole.problems, severity, record, finding)
end

local function to_set(list)
  if not list then return nil end
  local set = {}
  for _, item in ipairs(list) do set[item] = true end
  return set
end

-- An offer that would do as a fallback: for everyone, everywhere, always.
local function find_lasting_offer(whole, placement)
  for index, offer in ipairs(whole.registry:list("offer")) do
    if index > 1000 then return nil end
    if offer.name and offer.kind and not (offer.stages or offer.journeys or offer.personas or offer.locales or offer.ends or offer.starts
      or offer.limit or offer.stock or offer.consent) and (not placement.kinds or to_set(placement.kinds)[offer.kind]) then
      return offer.name
    end
  end
  return nil
end

local function refuse_without_fallback(whole, placement)
  local candidate = find_lasting_offer(whole, placement)
  report(whole, "error", placement, {
    path = placement.fallback and { "fallback" } or nil,
    message = "has no fallback: what should be shown when no offer fits?", expected = 'fallback = "…"',
    hint = candidate and string.format('for instance: fallback = "%s"', text.escape(candidate))
      or 'write an offer for it, offer "welcome" { kind = "article", title = "…", placements = {} }, and here: fallback = "welcome"',
  })
end

local MAY_STOP = { "ends", "stock", "limit", "consent" }

local function warn_of_stops(whole, placement, indexes)
  for position, index in ipairs(indexes) do
    local offer = whole.registry:list("offer")[index]
    for _, field in ipairs(MAY_STOP) do
      if offer[field] then
        report(whole, "warning", placement, {
          path = { "fallback", position }, alone = #indexes == 1,
          message = string.format("the offer %s has %s: once that stops it, nothing is left to show", text.quote(offer.name), text.quote(field)),
          hint = "a fallback should be free of ends, stock, limit and consent",
        })
        break
      end
    end
  end
end

--- Looks up the names a placement uses.
---@param whole senda.Whole
---@param placement senda.Record
function check_placements.look_up(whole, placement)
  placement.kind_indexes = whole.resolver:list(placement, { "kinds" }, "kind", placement.kinds)
  placement.fallback_indexes = whole.resolver:list(placement, { "fallback" }, "offer", placement.fallback)
  placement.kind_set = to_set(placement.kinds)
  for _, index in ipairs(placement.fallback_indexes or {}) do whole.reach.fallbacks[index] = true end
  if placement.failed then whole.reach.unsure_of_fallbacks = true end
  if not placement.failed and not (placement.fallback_indexes and #placement.fallback_indexes > 0) then
    refuse_without_fallback(whole, placement)
  else
    warn_of_stops(whole, placement, placement.fallback_indexes or {})
  end
end

local function can_show(whole, placement)
  for stage in ipairs(whole.model.stages) do
    if whole.reach:has_offer(stage, placement.index) then return true end
  end
  return false
end

--- Warns of a placement that only ever shows its fallback.
---@param whole senda.Whole
---@param placement senda.Record
function check_placements.check(whole, placement)
  if placement.failed or whole.problems.counts.error > 0 or can_show(whole, placement) then return end
  report(whole, "warning", placement, {
    message = "no offer can ever be shown here, only the fallback",
    hint = placement.kinds and "it takes the kinds " .. text.some(placement.kinds, 12) or nil,
  })
end

--- Looks up the names a policy uses.
---@param whole senda.Whole
---@param policy senda.Record
function check_placements.look_up_policy(whole, policy)
  policy.offer_indexes = whole.resolver:list(policy, { "offers" }, "offer", policy.offers)
  policy.kind_indexes = whole.resolver:list(policy, { "kinds" }, "kind", policy.kinds)
  policy.tag_indexes = whole.resolver:list(policy, { "tags" }, "tag", policy.tags)
end

return check_placements
