-- Checks a site as a whole, piece by piece: first every name is looked up, then what can be shown where.

local model = require "senda.model"
local resolver = require "senda.resolver"
local reach = require "senda.reach"
local check_site = require "senda.check_site"
local check_stages = require "senda.check_stages"
local check_offers = require "senda.check_offers"
local check_placements = require "senda.check_placements"
local check_strategies = require "senda.check_strategies"
local check_functions = require "senda.check_functions"
local check_tests = require "senda.check_tests"

local checks = {}

local ITEMS_A_STEP = 1000

-- Has `visit` called for every record of a construct, a thousand at a step.
local function each(loader, construct, visit)
  local list = loader.registry:list(construct)
  local function go_on(from)
    local last = math.min(#list, from + ITEMS_A_STEP - 1)
    for index = from, last do visit(list[index], index) end
    if last < #list then loader:push(function() go_on(last + 1) end) end
  end
  return function() go_on(1) end
end

---@class senda.Whole
---@field loader senda.Loader
---@field registry senda.Registry
---@field problems senda.Problems
---@field model senda.Model
---@field resolver senda.Resolver
---@field reach senda.Reach
---@field site senda.Record
---@field locales table<string, boolean> of the site

local function begin(loader)
  local whole = { loader = loader, registry = loader.registry, problems = loader.problems_found, host = loader.host }
  whole.model = model.new(loader.registry)
  whole.resolver = resolver.new(loader, whole.model)
  whole.reach = reach.new(whole)
  loader.whole = whole
  check_site.check(whole)
  return whole
end

--- Lines up the checks as further tasks of the loader.
---@param loader senda.Loader
function checks.plan(loader)
  local whole = begin(loader)
  local steps = {
    each(loader, "offer", function(offer) model.note_offer(whole.model, offer) end),
    function() model.finish(whole.model) end,
    each(loader, "offer", function(offer) check_offers.look_up(whole, offer) end),
    each(loader, "placement", function(placement) check_placements.look_up(whole, placement) end),
    each(loader, "policy", function(policy) check_placements.look_up_policy(whole, policy) end),
    each(loader, "persona", function(persona) check_strategies.check_hooks(whole, persona, { "match" }) end),
    each(loader, "strategy", function(strategy) check_strategies.look_up(whole, strategy) end),
    function() check_functions.check(whole) end,
    function() check_stages.check(whole) end,
    each(loader, "offer", function(offer) check_offers.check(whole, offer) end),
    each(loader, "placement", function(placement) check_placements.check(whole, placement) end),
    each(loader, "strategy", function(strategy) check_strategies.check(whole, strategy) end),
    each(loader, "test", function(test) check_tests.check(whole, test) end),
    function() check_stages.check_gaps(whole) end,
  }
  for index = #steps, 1, -1 do loader:push(steps[index]) end
end

return checks
