-- Checks strategies: their hooks, what they name, and that some offer can ever reach them.

local text = require "senda.text"
local checker = require "senda.checker"

local check_strategies = {}

local function report(whole, severity, strategy, finding)
  checker.report(whole.problems, severity, strategy, finding)
end

--- Has the host look whether hooks are pure.
---@param whole senda.Whole
---@param record senda.Record
---@param fields string[]
function check_strategies.check_hooks(whole, record, fields)
  for _, field in ipairs(fields) do
    local message, line = nil, nil
    if record[field] then message, line = whole.host.function_problem(record[field]) end
    if message then
      record.failed = true
      local lead = string.format("%s: %s: ", checker.title(record), field)
      if line then
        whole.problems:add_at("error", { file = record.file, line = line }, { message = lead .. message })
      else
        whole.problems:add("error", record, { path = { field }, message = lead .. message })
      end
    end
  end
end

--- Looks up the names a strategy uses.
---@param whole senda.Whole
---@param strategy senda.Record
function check_strategies.look_up(whole, strategy)
  check_strategies.check_hooks(whole, strategy, { "when", "eligible", "score" })
  local journeys = strategy.journey and { strategy.journey }
  strategy.stage_indexes = whole.resolver:stages(strategy, "stage", strategy.stages, journeys, "journey")
  strategy.placement_indexes = whole.resolver:list(strategy, { "placements" }, "placement", strategy.placements)
end

local function numbers(count)
  local list = {}
  for index = 1, count do list[index] = index end
  return list
end

local function reaches(whole, stages, placements)
  for _, stage in ipairs(stages) do
    for _, placement in ipairs(placements) do
      if whole.reach:has_offer(stage, placement) then return true end
    end
  end
  return false
end

local function all_want_nothing(whole, stages)
  for _, index in ipairs(stages) do
    if not whole.model.stages[index].record.no_offer then return false end
  end
  return #stages > 0
end

--- Finds strategies that are never asked, because no offer fits where they stand.
---@param whole senda.Whole
---@param strategy senda.Record
function check_strategies.check(whole, strategy)
  if strategy.failed or whole.registry:is_incomplete() then return end
  local stages = strategy.stage_indexes or numbers(#whole.model.stages)
  local placements = strategy.placement_indexes or numbers(#whole.registry:list("placement"))
  if all_want_nothing(whole, stages) then
    report(whole, "error", strategy, {
      path = strategy.stages and { "stage" } or nil, message = "is dead: its stages want no offer, so it has nothing to choose",
      hint = "take the stage's no_offer away, or this strategy",
    })
  elseif whole.problems.counts.error == 0 and not reaches(whole, stages, placements) then
    report(whole, "warning", strategy, {
      path = strategy.stages and { "stage" } or nil,
      message = string.format("is dead: no offer can ever be shown in its stages%s",
        strategy.placements and " at " .. text.some(strategy.placements, 5) or ""),
      hint = "does an offer of a kind that these stages and placements take lack?",
    })
  end
end

return check_strategies
