-- The right name nearest to a wrong one.

local text = require "senda.text"

local nearest = {}

local MEASURED = 2000 -- sets larger than this are searched by trying the slips of a pen instead of measuring all
local LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"

--- How many slips (one letter wrong, missing, too many, or two swapped) lie between two texts; nil if more than limit.
---@param a string
---@param b string
---@param limit integer
---@return integer?
function nearest.distance(a, b, limit)
  local length_a, length_b = #a, #b
  if math.abs(length_a - length_b) > limit then return nil end
  local before, row = {}, {}
  for j = 0, length_b do row[j] = j end
  for i = 1, length_a do
    local previous = row
    local best = i
    row = { [0] = i }
    local letter, letter_before = a:byte(i), a:byte(i - 1)
    for j = 1, length_b do
      local other = b:byte(j)
      local cost = math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter == other and 0 or 1))
      if i > 1 and j > 1 and letter == b:byte(j - 1) and letter_before == other then
        cost = math.min(cost, before[j - 2] + 1)
      end
      row[j] = cost
      if cost < best then best = cost end
    end
    if best > limit then return nil end
    before = previous
  end
  return row[length_b] <= limit and row[length_b] or nil
end

local function slips_allowed(name)
  if #name <= 4 then return 1 end
  return #name <= 7 and 2 or 3
end

local function measure(name, names)
  local folded = text.fold(name)
  local limit = slips_allowed(name)
  local best, best_distance
  for _, candidate in ipairs(names) do
    local distance = nearest.distance(folded, text.fold(candidate), limit)
    if distance and (not best or distance < best_distance or distance == best_distance and candidate < best) then
      best, best_distance = candidate, distance
      limit = distance
    end
  end
  return best
end

-- In order: letters swapped or too many, then wrong, then missing.
local function try_slips(name, known)
  local length = #name
  for i = 1, length do
    local head, tail = name:sub(1, i - 1), name:sub(i + 1)
    if known[head .. tail] then return head .. tail end
    local swapped = head .. tail:sub(1, 1) .. name:sub(i, i) .. tail:sub(2)
    if known[swapped] then return swapped end
  end
  for i = 1, length + 1 do
    local head, tail = name:sub(1, i - 1), name:sub(i + 1)
    for letter in LETTERS:gmatch(".") do
      if known[head .. letter .. tail] then return head .. letter .. tail end
      local longer = head .. letter .. name:sub(i)
      if known[longer] then return longer end
    end
  end
  return nil
end

--- The name that a single slip away from `name` is right, of names that can only be asked for; case counts.
---@param name string
---@param is_right fun(name: string): boolean
---@return string?
function nearest.ask(name, is_right)
  if #name == 0 or #name > 64 then return nil end
  local capital = name:lower():gsub("%f[%a]%a", string.upper)
  if is_right(capital) then return capital end
  return try_slips(name, setmetatable({}, { __index = function(_, tried) return is_right(tried) end }))
end

-- "lead-magnet" and "lead magnet" for "lead_magnet": more slips than one, yet the same word.
local function try_joints(name, known)
  for _, joint in ipairs { "-", "_", "" } do
    local joined = text.fold(name):gsub("[%s_-]+", joint)
    if joined ~= name and known[joined] then return joined end
  end
  return nil
end

--- The known name nearest to `name`, or nil if none is near.
---@param name any what was written
---@param names string[] the right names
---@param known? table<string, any> the same names as keys, wanted where there may be very many
---@return string?
function nearest.find(name, names, known)
  if type(name) ~= "string" or #name == 0 or #name > 128 then return nil end
  if known then
    local joined = try_joints(name, known)
    if joined then return joined end
  end
  if known and #names > MEASURED then return try_slips(text.fold(name), known) end
  return measure(name, names)
end

return nearest
