#!lua name=senda_bench

-- The reference strategy as a Redis function, called by FCALL with a request as MessagePack. Unlike a script, a
-- library keeps what it has unpacked, so each list of candidates is read once; items are kept encoded.

local lists = {} -- key → candidates, unpacked, with tags as a set
local version

local function read_candidates(key)
  local packed = redis.call("GET", key)
  if not packed then return nil end
  local candidates = {}
  for i, row in ipairs(cmsgpack.unpack(packed)) do
    local tagged = {}
    for _, tag in ipairs(row[4]) do
      tagged[tag] = true
    end
    candidates[i] = {
      worth = row[1], cap = row[2], language = row[3], tagged = tagged, starts = row[5], ends = row[6], item = row[7],
    }
  end
  lists[key] = candidates
  return candidates
end

local function eligible(context, offer)
  if (context.seen or 0) >= offer.cap then return false end
  return offer.tagged[context.interest] or not offer.tagged.special
end

local function score_of(context, locale, offer)
  local score = 1
  if offer.language == locale then score = score * 1.2 end
  if offer.tagged[context.interest] then score = score * 1.5 end
  return score
end

local function choose(candidates, context, locale, now)
  local first, second, third
  local first_score, second_score, third_score = 0, 0, 0
  for i = 1, #candidates do
    local offer = candidates[i]
    if offer.starts <= now and now < offer.ends and eligible(context, offer) then
      local score = offer.worth * score_of(context, locale, offer)
      if score > first_score then
        third, third_score = second, second_score
        second, second_score = first, first_score
        first, first_score = offer.item, score
      elseif score > second_score then
        third, third_score = second, second_score
        second, second_score = offer.item, score
      elseif score > third_score then
        third, third_score = offer.item, score
      end
    end
  end
  return first, first_score, second, second_score, third, third_score
end

-- An item is a map of eight pairs, its score last.
local function item(pairs_packed, score)
  return "\136" .. pairs_packed .. cmsgpack.pack("score", score)
end

-- The pairs `fallback` and `items`.
local function answer(request, first, first_score, second, second_score, third, third_score)
  if third then
    return "\168fallback\192\165items\147" .. item(first, first_score) .. item(second, second_score)
      .. item(third, third_score)
  elseif second then
    return "\168fallback\192\165items\146" .. item(first, first_score) .. item(second, second_score)
  elseif first then
    return "\168fallback\192\165items\145" .. item(first, first_score)
  end
  local fallback = redis.call("GET", "fallback:" .. request.placement .. ":" .. request.locale)
  return "\168fallback\173no_offer_fits\165items\145" .. item(fallback, 1)
end

local function recommend(_, args)
  local request = cmsgpack.unpack(args[1])
  local key = "offers:" .. request.stage .. ":" .. request.placement .. ":" .. request.persona .. ":"
    .. request.locale
  local candidates = lists[key] or read_candidates(key)
  if not candidates then return redis.error_reply("no candidates at " .. key) end
  version = version or redis.call("GET", "version")
  local time = redis.call("TIME")
  local head = cmsgpack.pack(
    "decision", "r" .. time[1] .. "-" .. time[2], "known", false, "journey", "reference", "stage", request.stage,
    "persona", request.persona, "placement", request.placement, "strategy", "most-useful", "version", version,
    "experiments")
  return "\139" .. head .. "\128"
    .. answer(request, choose(candidates, request.context, request.locale, tonumber(time[1])))
end

redis.register_function("recommend", recommend)
