-- Writes the request mix: MessagePack maps of `recommend` arguments, one after the other, to the file named.
--
--   lua5.4 make_requests.lua FILE [known] [dry]
--
-- With `known` each names a customer: the one that `sendactl bench` puts another in place of. With `dry` nothing of it
-- is recorded.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua;" .. package.path

local msgpack = require("msgpack")
local reference = require("reference")

local FIELDS = { "placement", "stage", "persona", "locale" }
local CONTEXT_FIELDS = { "device", "visits", "interest", "seen", "hour", "referrer" }

local function named(fields, values)
  local map = {}
  for _, field in ipairs(fields) do
    map[#map + 1] = { field, values[field] }
  end
  return map
end

local options = {}
for i = 2, #arg do
  options[arg[i]] = true
end

local function packed(request)
  local map = named(FIELDS, request)
  if options.known then map[#map + 1] = { "customer", "bench-0000000" } end
  if options.dry then map[#map + 1] = { "dry_run", true } end
  map[#map + 1] = { "context", msgpack.map(named(CONTEXT_FIELDS, request.context)) }
  return msgpack.pack(msgpack.map(map))
end

local path = arg[1] or error("usage: lua5.4 make_requests.lua FILE [known] [dry]", 0)
local file = assert(io.open(path, "wb"))
for _, request in ipairs(reference.requests()) do
  assert(file:write(packed(request)))
end
assert(file:close())
