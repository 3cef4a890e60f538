-- The reference strategy as a Tarantool stored procedure: `recommend`, called over the binary protocol.
--
--   tarantool tarantool.lua LISTEN OFFERS.jsonl WORK_DIRECTORY

local fiber = require("fiber")
local json = require("json")

local listen, data_path, work_dir = arg[1], arg[2], arg[3]

-- Durability is off, and the queue of requests is longer than all that the driver keeps under way.
box.cfg({
  listen = listen,
  work_dir = work_dir,
  wal_mode = "none",
  checkpoint_interval = 0,
  memtx_memory = 64 * 1024 * 1024,
  readahead = 128 * 1024,
  net_msg_max = 8192,
  log_level = "error",
})

local EMPTY_MAP = setmetatable({}, { __serialize = "map" })

local head -- what the catalogue says of itself
local index = {} -- stage → placement → persona → locale → candidates, in order of declaration

local function list_at(...)
  local at = index
  for i = 1, select("#", ...) do
    local key = select(i, ...)
    at[key] = at[key] or {}
    at = at[key]
  end
  return at
end

local function set_of(list)
  local set = {}
  for _, value in ipairs(list or {}) do
    set[value] = true
  end
  return set
end

-- The item is answered again and again with another score: nothing yields between choosing and encoding.
local function candidate_new(offer, locale)
  setmetatable(offer.data, nil) -- the JSON reader's mark, which the encoder would look up each time
  return {
    worth = offer.value * (1 + offer.weight / 100),
    tagged = set_of(offer.tags),
    data = offer.data,
    starts = offer.starts,
    ends = offer.ends,
    item = {
      offer = offer.id,
      kind = offer.kind,
      title = offer.title[locale],
      url = offer.url,
      score = offer.value * (1 + offer.weight / 100),
      propensity = 1,
      because = head.because[locale],
      data = offer.data,
    },
  }
end

local function index_offer(offer)
  local personas, locales = set_of(offer.personas or head.personas), set_of(offer.locales or head.locales)
  for _, persona in ipairs(head.personas) do
    for _, locale in ipairs(head.locales) do
      if personas[persona] and locales[locale] then
        table.insert(list_at(offer.stage, offer.placement, persona, locale), candidate_new(offer, locale))
      end
    end
  end
end

-- What has ended, or belongs to another journey, can never be answered again and is not indexed.
local function load(path)
  local now = fiber.time()
  for line in io.lines(path) do
    local row = json.decode(line)
    if not head then
      head = row
    elseif row.ends > now and not row.journey then
      index_offer(row)
    end
  end
  for placement, offer in pairs(head.fallback) do
    head.fallback[placement] = {}
    for _, locale in ipairs(head.locales) do
      head.fallback[placement][locale] = candidate_new(offer, locale).item
    end
  end
end

local function eligible(context, offer)
  if (context.seen or 0) >= offer.data.cap then return false end
  return offer.tagged[context.interest] or not offer.tagged.special
end

local function score_of(context, locale, offer)
  local score = 1
  if offer.data.language == locale then score = score * 1.2 end
  if offer.tagged[context.interest] then score = score * 1.5 end
  return score
end

-- The best three, best first; the one declared first wins a tie.
local function choose(candidates, context, locale)
  local now = fiber.time()
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
  if first then first.score = first_score end
  if second then second.score = second_score end
  if third then third.score = third_score end
  return { first, second, third }
end

local function find_candidates(request)
  local placements = index[request.stage] or error("no stage " .. tostring(request.stage))
  local personas = placements[request.placement] or error("no placement " .. tostring(request.placement))
  local locales = personas[request.persona] or error("no persona " .. tostring(request.persona))
  return locales[request.locale] or error("no locale " .. tostring(request.locale))
end

local decisions = 0

function recommend(request) -- luacheck: ignore 111
  local items = choose(find_candidates(request), request.context, request.locale)
  local fallback = box.NULL
  if not items[1] then
    items[1], fallback = head.fallback[request.placement][request.locale], "no_offer_fits"
  end
  decisions = decisions + 1
  return {
    decision = "t" .. decisions,
    known = false,
    journey = head.journey,
    stage = request.stage,
    persona = request.persona,
    placement = request.placement,
    strategy = head.strategy,
    version = head.version,
    items = items,
    fallback = fallback,
    experiments = EMPTY_MAP,
  }
end

load(data_path)
box.schema.func.create("recommend")
box.schema.user.grant("guest", "execute", "function", "recommend")
io.stderr:write("ready\n")
