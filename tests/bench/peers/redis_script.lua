-- The reference strategy as a Redis script, called by EVALSHA with a request as MessagePack. A script keeps nothing
-- between calls, so the candidates of a request are one packed value, unpacked each time; items are kept encoded.

local request = cmsgpack.unpack(ARGV[1])
local context, locale = request.context, request.locale
local key = "offers:" .. request.stage .. ":" .. request.placement .. ":" .. request.persona .. ":" .. locale
local packed = redis.call("GET", key)
if not packed then return redis.error_reply("no candidates at " .. key) end

local candidates = cmsgpack.unpack(packed)
local time = redis.call("TIME")
local now, seen, interest = tonumber(time[1]), context.seen or 0, context.interest
local first, second, third
local first_score, second_score, third_score = 0, 0, 0

for i = 1, #candidates do
  local offer = candidates[i] -- worth, cap, language, tags, starts, ends, item
  if offer[5] <= now and now < offer[6] and seen < offer[2] then
    local interesting, special, tags = false, false, offer[4]
    for t = 1, #tags do
      local tag = tags[t]
      if tag == interest then interesting = true end
      if tag == "special" then special = true end
    end
    if interesting or not special then
      local score = 1
      if offer[3] == locale then score = score * 1.2 end
      if interesting then score = score * 1.5 end
      score = offer[1] * score
      if score > first_score then
        third, third_score = second, second_score
        second, second_score = first, first_score
        first, first_score = offer[7], score
      elseif score > second_score then
        third, third_score = second, second_score
        second, second_score = offer[7], score
      elseif score > third_score then
        third, third_score = offer[7], score
      end
    end
  end
end

local head = cmsgpack.pack(
  "decision", "r" .. time[1] .. "-" .. time[2], "known", false, "journey", "reference", "stage", request.stage,
  "persona", request.persona, "placement", request.placement, "strategy", "most-useful",
  "version", redis.call("GET", "version"), "experiments")

-- A map of eleven pairs; "\128" is the empty map of experiments; an item is a map of eight, its score last.
local function item(pairs_packed, score)
  return "\136" .. pairs_packed .. cmsgpack.pack("score", score)
end

if third then
  return "\139" .. head .. "\128\168fallback\192\165items\147" .. item(first, first_score)
    .. item(second, second_score) .. item(third, third_score)
elseif second then
  return "\139" .. head .. "\128\168fallback\192\165items\146" .. item(first, first_score)
    .. item(second, second_score)
elseif first then
  return "\139" .. head .. "\128\168fallback\192\165items\145" .. item(first, first_score)
end
local fallback = redis.call("GET", "fallback:" .. request.placement .. ":" .. locale)
return "\139" .. head .. "\128\168fallback\173no_offer_fits\165items\145" .. item(fallback, 1)
