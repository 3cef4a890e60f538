-- Writes events as Redis would take them, for `redis-cli --pipe`: the id, if it is new, and a count for the customer.
--
--   lua5.4 make_events.lua COUNT CUSTOMERS FILE

local REMEMBERED = tostring(7 * 24 * 60 * 60) -- seconds, as senda remembers ids

local function command(...)
  local parts = { ("*%d\r\n"):format(select("#", ...)) }
  for _, part in ipairs({ ... }) do
    parts[#parts + 1] = ("$%d\r\n%s\r\n"):format(#part, part)
  end
  return table.concat(parts)
end

local count, customers, path = tonumber(arg[1]), tonumber(arg[2]), arg[3]
if not (count and customers and path) then error("usage: lua5.4 make_events.lua COUNT CUSTOMERS FILE", 0) end
math.randomseed(1)
local file = assert(io.open(path, "wb"))
for number = 1, count do
  local customer = ("bench-%07d"):format(math.random(0, customers - 1))
  local id = ("id:%s:bench-event-%016x"):format(customer, number)
  assert(file:write(command("SET", id, "1", "NX", "EX", REMEMBERED), command("HINCRBY", customer, "page_view", "1")))
end
assert(file:close())
