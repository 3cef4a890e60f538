-- Days and moments as authors write them: "2026-11-01", "2026-11-01 09:30", in the site's time zone.

local instant = {}

instant.expected_day = 'a day such as "2026-11-01"'
instant.expected_moment = 'a day such as "2026-11-01", or a moment such as "2026-11-01 09:30"'

local DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function days_of(year, month)
  if month == 2 and (year % 4 == 0 and year % 100 ~= 0 or year % 400 == 0) then return 29 end
  return DAYS[month]
end

---@class senda.Moment
---@field year integer
---@field month integer
---@field day integer
---@field hour? integer nil: the day as a whole
---@field minute? integer

--- Reads a day or a moment; second result: why not ("no such day"), nil where it isn't even shaped like one.
---@param value any
---@return senda.Moment?
---@return string?
function instant.parse(value)
  if type(value) ~= "string" or #value > 16 then return nil end
  local year, month, day, rest = value:match("^(%d%d%d%d)-(%d%d)-(%d%d)(.*)$")
  if not year then return nil end
  local hour, minute
  if rest ~= "" then
    hour, minute = rest:match("^ (%d%d):(%d%d)$")
    if not hour then return nil end
  end
  local moment = {
    year = math.tointeger(tonumber(year)), month = math.tointeger(tonumber(month)),
    day = math.tointeger(tonumber(day)), hour = math.tointeger(tonumber(hour or "")),
    minute = math.tointeger(tonumber(minute or "")),
  }
  if moment.month < 1 or moment.month > 12 then return nil, "there is no month " .. month end
  if moment.day < 1 or moment.day > days_of(moment.year, moment.month) then
    return nil, string.format("there is no such day: %s-%s has %d days", year, month, days_of(moment.year, moment.month))
  end
  if hour and (moment.hour > 23 or moment.minute > 59) then return nil, "there is no such time of day" end
  return moment
end

--- The day after, at midnight.
---@param moment senda.Moment
---@return senda.Moment
function instant.next_day(moment)
  local year, month, day = moment.year, moment.month, moment.day + 1
  if day > days_of(year, month) then
    day, month = 1, month + 1
  end
  if month > 12 then
    month, year = 1, year + 1
  end
  return { year = year, month = month, day = day }
end

--- Seconds since the epoch; nil if the zone has no such moment (a clock that was put forward).
---@param host senda.Host
---@param zone string
---@param moment senda.Moment
---@return integer?
function instant.seconds(host, zone, moment)
  return host.instant(zone, moment.year, moment.month, moment.day, moment.hour or 0, moment.minute or 0, 0)
end

local function guess_day(year, month, day)
  local guess = string.format("%04d-%02d-%02d", tonumber(year), tonumber(month), tonumber(day))
  return instant.parse(guess) and guess or nil
end

local MONTHS = {}
for number, names in ipairs {
  "jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic",
} do
  for name in names:gmatch("%a+") do MONTHS[name] = number end
end

-- Year, month and day as they are written, whatever stands between them; month nil: it can't be told.
local function read_day(value)
  local year, month, day = value:match("^%s*(%d%d%d%d)[-/.](%d%d?)[-/.](%d%d?)")
  if year then return year, month, day end
  day, month, year = value:match("^%s*(%d%d?)[-/. ]+(%w+)%.?[-/. ]+(%d%d%d?%d?)%f[^%d]")
  if not year or #year == 3 then return nil end
  local named = not month:find("%d") and MONTHS[month:lower():sub(1, 3)]
  if not named and not month:find("^%d%d?$") then return nil end
  return #year == 2 and "20" .. year or year, named or month, day, not named
end

-- A spreadsheet's own count of days, of this century.
local function guess_count(value)
  local days = value:match("^%s*(%d%d%d%d%d)%s*$")
  days = math.tointeger(tonumber(days or ""))
  if not days or days < 36526 or days > 73050 then return nil end
  local moment, left = { year = 2000, month = 1, day = 1 }, days - 36526
  while left >= days_of(moment.year, moment.month) do
    left = left - days_of(moment.year, moment.month)
    moment = instant.next_day { year = moment.year, month = moment.month, day = days_of(moment.year, moment.month) }
  end
  return guess_day(moment.year, moment.month, left + 1)
end

--- How the author may have meant a wrong value ("1/11/2026" → "2026-11-01"); nil if that can't be told. The second result
--- is what it is if the month comes first, where that can be.
---@param value any
---@return string?
---@return string?
function instant.guess(value)
  if type(value) ~= "string" or #value > 40 then return nil end
  local year, month, day, may_be_swapped = read_day(value)
  if not year then return guess_count(value) end
  local guess, other = guess_day(year, month, day), may_be_swapped and tonumber(day) ~= tonumber(month) and guess_day(year, day, month) or nil
  local hour, minute = value:match("[T ](%d%d?):(%d%d)")
  if not guess then guess, other = other, nil end
  if not guess or not hour then return guess, other end
  guess = string.format("%s %02d:%s", guess, tonumber(hour), minute)
  return instant.parse(guess) and guess or nil
end

return instant
