-- Writes the request mix: MessagePack maps of `recommend` arguments, one after the other, to the file named.
--
--   lua5.4 make_requests.lua FILE

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

local function packed(request)
  local map = named(FIELDS, request)
  map[#map + 1] = { "context", msgpack.map(named(CONTEXT_FIELDS, request.context)) }
  return msgpack.pack(msgpack.map(map))
end

local path = arg[1] or error("usage: lua5.4 make_requests.lua FILE", 0)
local file = assert(io.open(path, "wb"))
for _, request in ipairs(reference.requests()) do
  assert(file:write(packed(request)))
end
assert(file:close())
