-- Checks strategies: their hooks, what they name, and that some offer can ever reach them.

local text = require "senda.text"
local checker = require "senda.checker"
local slips = require "senda.slips"
local sharing = require "senda.sharing"

local check_strategies = {}

local function report(whole, severity, strategy, finding)
  checker.report(whole.problems, severity, strategy, finding)
end

-- Several strategies may share a function: its mistake is told once.
local function is_told(whole, file, message, line)
  whole.told = whole.told or {}
  local key = string.format("%s:%s:%s", file, line, message)
  local told = whole.told[key]
  whole.told[key] = true
  return told
end

-- `found` is the place: the function may be another file's.
local function refuse_hook(whole, record, field, message, found)
  local lead = string.format("%s: %s: ", checker.title(record), field)
  local unknown = message:match("^unknown name '([%w_]+)'")
  if unknown and sharing.may_have_lost(whole.loader, unknown) then return end
  if not found.line or found.line == 0 then
    return whole.problems:add("error", record, { path = { field }, message = lead .. message })
  end
  local file = found.file or record.file
  if is_told(whole, file, message, found.line) then return end
  local name = message:match("^%a[%a ]* '([%w_]+)'")
  local source = name and whole.problems:source_of(file)
  whole.problems:add_at("error", { file = file, line = found.line, column = source and source:find_on_line(found.line, name) }, {
    message = lead .. message, hint = unknown and (slips.hint_for_name(unknown) or sharing.hint(whole.loader, file, unknown)) or nil,
  })
end

--- Has the host look whether hooks are pure.
---@param whole senda.Whole
---@param record senda.Record
---@param fields string[]
function check_strategies.check_hooks(whole, record, fields)
  for _, field in ipairs(fields) do
    local message, line, file = nil, nil, nil
    if record[field] then message, line, file = whole.host.function_problem(record[field]) end
    if message then
      record.failed = true
      refuse_hook(whole, record, field, message, { line = line, file = file })
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

-- Takes every offer that gets as far as a strategy; a score may still say false of one.
local function takes_all(strategy)
  return not (strategy.when or strategy.eligible or strategy.score)
end

-- The first stage and placement in which no strategy before takes everything; nil: there is none. With `mark` it is this
-- one that does. Remembers who takes all by stage and placement.
local function find_free_cell(whole, stages, placements, mark)
  local width = #whole.registry:list("placement")
  whole.taken = whole.taken or {}
  local free
  for _, stage in ipairs(stages) do
    local wants = not whole.model.stages[stage].record.no_offer
    for _, placement in ipairs(placements) do
      local cell = (stage - 1) * width + placement
      if wants and not whole.taken[cell] then
        free = free or cell
        if not mark then return free end
        whole.taken[cell] = mark
      end
    end
  end
  return free
end

local function warn_if_dead(whole, strategy, stages, placements)
  if #stages == 0 or #placements == 0 or find_free_cell(whole, stages, placements, takes_all(strategy) and strategy) then return end
  local before = whole.taken[(stages[#stages] - 1) * #whole.registry:list("placement") + placements[#placements]]
  report(whole, "warning", strategy, {
    message = string.format("never acts: wherever it is for, %s before it leaves nothing to the next (no `when`, `eligible` or `score`)",
      before and "strategy " .. text.quote(before.name or "?") or "another strategy"),
    hint = "let this one stand before it, or give that one a `when` or `eligible`",
  })
end

-- By stage, how many strategies speak in it, at whatever placement.
local function count_speakers(whole)
  local counts, everywhere = {}, 0
  for _, strategy in ipairs(whole.registry:list("strategy")) do
    if not strategy.stage_indexes then everywhere = everywhere + 1 end
    for _, index in ipairs(strategy.stage_indexes or {}) do counts[index] = (counts[index] or 0) + 1 end
  end
  for index in ipairs(whole.model.stages) do counts[index] = (counts[index] or 0) + everywhere end
  return counts
end

-- Where a strategy is the only one of a stage, those whom its `when` passes by get the fallback and nothing else: whoever
-- knows that writes a second one for them.
local function warn_if_alone(whole, strategy, stages)
  if not strategy.when then return end
  whole.speakers = whole.speakers or count_speakers(whole)
  local alone = {}
  for _, index in ipairs(stages) do
    local stage = whole.model.stages[index]
    if not stage.record.no_offer and whole.speakers[index] == 1 then table.insert(alone, text.quote(stage.name)) end
  end
  if #alone == 0 then return end
  report(whole, "warning", strategy, {
    path = { "when" }, message = string.format("everybody else gets the fallback alone%s, as no other strategy is for the stage%s %s",
      strategy.placements and " at " .. text.some(strategy.placements, 5) or "", #alone > 1 and "s" or "", text.some(alone, 5)),
    hint = strategy.stages and string.format('write one without `when` behind it: strategy "for-everybody-else" { stage = %s }', text.quote(strategy.stages[1]))
      or 'write one without `when` behind it: strategy "for-everybody-else" {}',
  })
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
      path = strategy.stages and { "stage" } or nil, message = "never acts: its stages want no offer, so it has nothing to choose",
      hint = "take the stage's no_offer away, or this strategy",
    })
  elseif whole.problems.counts.error == 0 and not reaches(whole, stages, placements) then
    report(whole, "warning", strategy, {
      path = strategy.stages and { "stage" } or nil,
      message = string.format("never acts: no offer can ever be shown in its stages%s",
        strategy.placements and " at " .. text.some(strategy.placements, 5) or ""),
      hint = "write an offer of a kind that these stages and placements take",
    })
  else
    warn_if_dead(whole, strategy, stages, placements)
    warn_if_alone(whole, strategy, stages)
  end
end

return check_strategies
