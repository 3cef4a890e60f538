-- Spans of time as authors write them: "30s", "15m", "12h", "7d", "2w".

local duration = {}

local SECONDS = { s = 1, m = 60, h = 3600, d = 86400, w = 604800 }
local LONGEST = 10 * 366 * 86400 -- ten years: anything longer is a slip of the pen

duration.expected = 'a span of time such as "30s", "15m", "12h", "7d" or "2w"'

--- Seconds of a span of time; nil if it's none.
---@param value any
---@return integer?
function duration.parse(value)
  if type(value) ~= "string" then return nil end
  local count, unit = value:match("^(%d+)([smhdw])$")
  if not count or #count > 9 then return nil end
  local seconds = math.tointeger(tonumber(count)) * SECONDS[unit]
  if seconds < 1 or seconds > LONGEST then return nil end
  return seconds
end

--- Whether a wrong value has the form of a span of time: it is too short or too long.
---@param value any
---@return boolean
function duration.looks_right(value)
  return type(value) == "string" and value:find("^%d+[smhdw]$") ~= nil
end

local UNITS = {
  { "^se[cg]", "s" }, { "^min", "m" }, { "^h", "h" }, { "^d", "d" }, { "^w", "w" }, { "^semana", "w" },
}

local function guess(value)
  if type(value) == "number" and value >= 1 and value < 1000 and value == math.floor(value) then
    return string.format("%dd", value)
  end
  if type(value) ~= "string" or #value > 40 then return nil end
  local count, word = value:lower():match("^%s*(%d+)%s*(%a*)")
  if not count or #count > 6 then return nil end
  if word:find("^month") or word:find("^mes") then return string.format("%dd", 30 * tonumber(count)) end
  if word:find("^year") then return string.format("%dd", 365 * tonumber(count)) end
  for _, unit in ipairs(UNITS) do
    if word:find(unit[1]) then return count .. unit[2] end
  end
  if SECONDS[word] then return count .. word end
  return word == "" and count .. "d" or nil
end

--- How the author may have meant a wrong value ("7 days" → "7d"); nil if that can't be told.
---@param value any
---@return string?
function duration.guess(value)
  local guessed = guess(value)
  return duration.parse(guessed) and guessed or nil
end

return duration
