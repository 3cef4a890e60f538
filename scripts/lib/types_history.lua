-- The type of what a test's customer did before: names, and for each how long ago, once or several times.

local text = require "senda.text"
local duration = require "senda.duration"
local plain = require "senda.plain"
local types = require "senda.types_limit"

local EXPECTED = 'events, and how long ago: { purchase = "3d", download = { "1d", "10d" } }'
local EXPECTED_OFFERS = 'offers, and how long ago: { ["crm-guide"] = "3d", brochure = { "1d", "10d" } }'
local EXPECTED_AGO = 'how long ago, such as "3d", or a list: { "1d", "10d" }'
local LONGEST_NAME = 128 -- bytes
local MOST_TIMES = 100 -- in all: what a test holds is handed on as a thousand values at most

-- "purchase", or { "purchase" }: the time is missing.
local function hint_for_bare(field, value)
  local name = type(value) == "table" and value[1] or value
  if type(name) ~= "string" or #name > LONGEST_NAME or not utf8.len(name) then return nil end
  local key = name:find("^[%a_][%w_]*$") and name or string.format("[%s]", text.quote(name))
  return string.format('say how long ago it was: %s = { %s = "3d" }', field.name, key)
end

local function say_expected(field)
  return field.of == "offer" and EXPECTED_OFFERS or EXPECTED
end

local function check_ago(checker, field, value)
  local seconds = duration.parse(value)
  if seconds then return seconds end
  local guess = duration.guess(value)
  checker:wrong({ name = field.name }, EXPECTED_AGO, value, guess and string.format('write "%s"', guess))
  return nil
end

-- One time or several, as a list of seconds.
local function check_times(checker, field, value)
  if type(value) ~= "table" then return { check_ago(checker, field, value) } end
  local size = plain.list_size(value, MOST_TIMES)
  if not size or size == 0 then
    checker:wrong({ name = field.name }, EXPECTED_AGO, value)
    return {}
  end
  local kept = {}
  for index = 1, size do
    checker:enter(index)
    kept[#kept + 1] = check_ago(checker, field, value[index])
    checker:leave()
  end
  return kept
end

local function is_event_name(key)
  return type(key) == "string" and key ~= "" and #key <= LONGEST_NAME and utf8.len(key) and not key:find("%c")
end

types.history = {
  expected = say_expected,
  check = function(checker, field, value)
    if type(value) ~= "table" or value[1] ~= nil then return checker:wrong(field, say_expected(field), value, hint_for_bare(field, value)) end
    local kept, count = {}, 0
    for key, times in pairs(value) do
      if not is_event_name(key) then return checker:wrong(field, say_expected(field), value) end
      checker:enter(key)
      kept[key] = check_times(checker, field, times)
      checker:leave()
      count = count + math.max(1, #kept[key])
    end
    if count > MOST_TIMES then return checker:refuse { message = string.format("%d times in all are the most", MOST_TIMES) } end
    return kept
  end,
}

return types
