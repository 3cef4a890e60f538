-- Which offers can ever be shown where: kinds against what stages and placements take.

local reach = {}
reach.__index = reach

---@class senda.Reach
---@field whole senda.Whole
---@field cells table<integer, boolean> by stage and placement: some offer can be shown there
---@field verdicts table memory of what has been found, by kind, stages and placements
---@field fallbacks table<integer, boolean> offers that are some placement's fallback
---@field unsure_of_fallbacks? boolean some placement has an error: its fallback may be any offer

---@param whole senda.Whole
---@return senda.Reach
function reach.new(whole)
  return setmetatable({ whole = whole, cells = {}, verdicts = {}, fallbacks = {} }, reach)
end

--- Whether a stage takes a kind.
function reach.stage_takes(stage, kind)
  return stage.kind_set == nil or stage.kind_set[kind] == true
end

--- Whether a placement takes a kind.
function reach.placement_takes(placement, kind)
  return placement.kind_set == nil or placement.kind_set[kind] == true
end

-- The members of `all` (or of those numbered) that take the kind.
local function takers(all, indexes, takes, kind)
  local found = {}
  if indexes then
    for _, index in ipairs(indexes) do
      if takes(all[index], kind) then found[#found + 1] = index end
    end
  else
    for index, member in ipairs(all) do
      if takes(member, kind) then found[#found + 1] = index end
    end
  end
  return found
end

local function mark(self, stages, placements)
  local width = #self.whole.registry:list("placement")
  for _, stage in ipairs(stages) do
    for _, placement in ipairs(placements) do self.cells[(stage - 1) * width + placement] = true end
  end
end

---@class senda.Verdict
---@field stages integer[] that take the offer
---@field placements integer[]

local function memory(self, kind, stages, placements)
  local by_kind = self.verdicts[kind] or {}
  self.verdicts[kind] = by_kind
  local by_stages = by_kind[stages or "all"] or {}
  by_kind[stages or "all"] = by_stages
  return by_stages, placements or "all"
end

--- Where an offer can be shown, by its kind, its stages and its placements. Remembered: thousands of offers share few answers.
---@param offer senda.Record
---@return senda.Verdict
function reach:judge(offer)
  local known, key = memory(self, offer.kind, offer.stage_indexes, offer.placement_indexes)
  local verdict = known[key]
  if verdict then return verdict end
  verdict = {
    stages = takers(self.whole.model.stages, offer.stage_indexes, reach.stage_takes, offer.kind),
    placements = takers(self.whole.registry:list("placement"), offer.placement_indexes, reach.placement_takes, offer.kind),
  }
  known[key] = verdict
  mark(self, verdict.stages, verdict.placements)
  return verdict
end

--- Whether some offer can be shown in a stage at a placement.
---@param stage integer
---@param placement integer
---@return boolean
function reach:has_offer(stage, placement)
  return self.cells[(stage - 1) * #self.whole.registry:list("placement") + placement] == true
end

return reach
