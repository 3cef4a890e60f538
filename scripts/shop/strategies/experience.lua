-- People with something new in the kitchen: one good cup soon, help when it resists, then a little more.

local opening_days = 3

-- The carrier tells us, or else the website does; what we always know is since when they are in this stage.
local function days_since_delivery(c)
  return c:since("delivery") or c.context.days_since_delivery or c:days_in_stage() or 0
end

-- What the website tells of a person may be one text or a list of them.
local function brews_with(c, brewer)
  local told = c.traits.brews_with
  for _, theirs in ipairs(type(told) == "table" and told or { told }) do
    if theirs == brewer then
      return true
    end
  end
  return false
end

-- A lesson about another way of making coffee teaches them nothing, nor does “your first …” after many a parcel. Where we
-- do not know how they make it, we do not guess: `start-with-your-brewer` asks them.
local function teaches_them(c, o)
  if o.data.brewer and not brews_with(c, o.data.brewer) then
    return false, c.traits.brews_with and "about a brewer they do not have" or "about a brewer they may not have"
  end
  if o:tagged("first-time") and (c.traits.orders or c:did("purchase") or 0) > 1 then
    return false, "not their first order"
  end
  return true
end

local function asks_after_the_first_week(o)
  return o.kind == "follow_up" and not o:tagged("troubleshooting")
end

strategy "help-before-anything-else" {
  stage = "experience",
  placements = { "hero", "sidebar", "account", "email", "footer" },
  because = {
    es = "Tiene una incidencia abierta: una persona primero y, si acaso, los remedios de siempre.",
    en = "Something of theirs is unsolved: a person first, then the usual remedies at most.",
  },
  when = waits_for_an_answer,
  eligible = function(c, o)
    if not o:tagged("troubleshooting") then
      return false, "does not solve a problem"
    end
    return teaches_them(c, o)
  end,
  score = function(c, o)
    if o.kind == "follow_up" then
      return 2, "a person first"
    end
    return 1
  end,
}

strategy "one-good-cup-soon" {
  stage = "experience",
  placements = { "hero", "sidebar", "account", "email" },
  because = { es = "Lo acaba de abrir: que la primera taza salga bien.", en = "Just unpacked: the first cup has to turn out well." },
  when = function(c)
    return not waits_for_an_answer(c) and days_since_delivery(c) <= opening_days
  end,
  eligible = function(c, o)
    if o.kind ~= "quick_guide" then
      return false, "comes after the first cup"
    end
    return teaches_them(c, o)
  end,
}

strategy "ask-how-it-went" {
  stage = "experience",
  placements = { "hero", "account", "email" },
  because = { es = "Ya lleva una semana: toca preguntar.", en = "A week has gone by: time to ask." },
  when = function(c)
    local days = days_since_delivery(c)
    return not waits_for_an_answer(c) and days >= 6 and days <= 10
  end,
  eligible = function(c, o)
    return asks_after_the_first_week(o), "not a friendly question"
  end,
}

strategy "teach-a-little-more" {
  stage = "experience",
  placements = { "hero", "sidebar", "account", "email", "footer" },
  because = { es = "Para cuando le apetezca más: el siguiente truco.", en = "For when they feel like more: the next trick." },
  when = function(c)
    return not waits_for_an_answer(c)
  end,
  eligible = function(c, o)
    if asks_after_the_first_week(o) then
      return false, "asked when a week has gone by, and not before or after"
    end
    return teaches_them(c, o)
  end,
  score = function(c, o)
    if c:interested_in(o) then
      return 1.5, "on something they enjoy"
    end
    if o.kind == "tutorial" and days_since_delivery(c) > opening_days then
      return 1.3, "the first days are over"
    end
    return 1
  end,
}
