-- The type of contact limits: one thing that is counted, how often, over which time, and how long to rest then.

local schema = require "senda.schema"
local records = require "senda.records"
local text = require "senda.text"
local types = require "senda.types_map"

---@class senda.Limit
---@field count_of "impressions"|"decisions"|"clicks"|"dismissals"|"conversions"
---@field times integer
---@field within? integer seconds; nil: for ever
---@field rest? integer seconds

local COUNTED = { "impressions", "decisions", "clicks", "dismissals", "conversions" }
local EXPECTED = 'what is counted and for how long: { impressions = 3, within = "7d", rest = "10d" }'

-- Those that are there, by their own name or by a wrong one.
local function counted_fields(value, meant)
  local found = {}
  for _, name in ipairs(COUNTED) do
    if value[name] ~= nil or meant[name] then table.insert(found, name) end
  end
  return found
end

local function check_limit(checker, field, value)
  if type(value) ~= "table" then return checker:wrong(field, EXPECTED, value) end
  local kept, meant = records.check(checker, schema.records.limit, value, {})
  local counted = counted_fields(value, meant)
  if #counted ~= 1 then
    return checker:refuse {
      message = #counted == 0 and "says nothing that is counted; expected one of " .. text.join(COUNTED)
        or string.format("counts %s; expected only one of them", text.join(counted, "and")),
      expected = EXPECTED, hint = #counted > 1 and "write a policy for the other one" or nil,
    }
  end
  return { count_of = counted[1], times = kept[counted[1]], within = kept.within, rest = kept.rest }
end

types.limit = { expected = function() return EXPECTED end, check = check_limit }

return types
