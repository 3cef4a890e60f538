-- Writes the MessagePack values that the benchmark's requests and data consist of.

local msgpack = {}

-- A map keeps the order in which its pairs are given: msgpack.map{ {key, value}, … }.
local MAP = {}

function msgpack.map(pairs_in_order)
  return setmetatable(pairs_in_order, MAP)
end

local function sized(length, fix_limit, fix, one, two, four)
  if length < fix_limit then return string.char(fix + length) end
  if one and length < 0x100 then return string.pack(">BB", one, length) end
  if length < 0x10000 then return string.pack(">BI2", two, length) end
  return string.pack(">BI4", four, length)
end

local function integer(value)
  if value >= 0 and value < 0x80 then return string.char(value) end
  if value < 0 and value >= -0x20 then return string.pack("b", value) end
  if value < 0 then return string.pack(">Bi8", 0xd3, value) end
  if value < 0x100 then return string.pack(">BB", 0xcc, value) end
  if value < 0x10000 then return string.pack(">BI2", 0xcd, value) end
  if value < 0x100000000 then return string.pack(">BI4", 0xce, value) end
  return string.pack(">BI8", 0xcf, value)
end

local function number(value)
  local whole = math.tointeger(value)
  return whole and integer(whole) or string.pack(">Bd", 0xcb, value)
end

local function map(value)
  local parts = { sized(#value, 16, 0x80, nil, 0xde, 0xdf) }
  for _, pair in ipairs(value) do
    parts[#parts + 1] = msgpack.pack(pair[1]) .. msgpack.pack(pair[2])
  end
  return table.concat(parts)
end

local function list(value)
  local parts = { sized(#value, 16, 0x90, nil, 0xdc, 0xdd) }
  for _, item in ipairs(value) do
    parts[#parts + 1] = msgpack.pack(item)
  end
  return table.concat(parts)
end

local packers = {
  ["nil"] = function() return "\xc0" end,
  boolean = function(value) return value and "\xc3" or "\xc2" end,
  number = number,
  string = function(value) return sized(#value, 32, 0xa0, 0xd9, 0xda, 0xdb) .. value end,
  table = function(value) return getmetatable(value) == MAP and map(value) or list(value) end,
}

function msgpack.pack(value)
  return packers[type(value)](value)
end

return msgpack
