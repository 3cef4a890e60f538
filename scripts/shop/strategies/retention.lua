-- People who come back: thanks before sales, refills in time, nothing they already own, and no sales while something is broken.

local nearly_empty, long_empty = 18, 28   -- days after an order: its coffee runs low, it has been gone for a week
local enough_orders_to_grow = 4

-- What senda has not seen itself, such as an order by telephone, the website may tell.
local function days_since_order(c)
  return c:since("purchase") or c.context.days_since_order
end

-- What the website tells of a person may be one text or a list of them.
local function is_among(told, wanted)
  for _, one in ipairs(type(told) == "table" and told or { told }) do
    if one == wanted then
      return true
    end
  end
  return false
end

local function goes_with_theirs(c, o)
  for _, tag in ipairs(o.tags) do
    if is_among(c.traits.brews_with, tag) then
      return true
    end
  end
  return false
end

local function is_a_member(c)
  return c.traits.club == true or c.traits.points ~= nil or c:did("club_join") ~= false
end

local function makes_sense(c, o)
  if o:tagged("unsolved") then
    return false, "nothing of theirs is unsolved"
  end
  if o:tagged("members") and not is_a_member(c) then
    return false, "not known to be in the club"
  end
  if o.data.product and is_among(c.traits.owns, o.data.product) then
    return false, "they own it already"
  end
  if o.kind == "up_sell" and (c.traits.orders or 0) < enough_orders_to_grow then
    return false, "too early to suggest something bigger"
  end
  if o:tagged("birthday") and not c.traits.birthday_month then
    return false, "not their birthday month"
  end
  if o.kind == "loyalty_reward" and o.data.points and (c.traits.points or 0) < o.data.points then
    return false, "not enough points yet"
  end
  return true
end

local function by_interest(c, o)
  if c:interested_in(o) then
    return 1.5, "to their taste"
  end
  return 1
end

-- What is theirs already: a birthday's bag, or one that their points are worth.
local function is_theirs(o)
  return o:tagged("birthday") or (o.kind == "loyalty_reward" and o.data.points ~= nil)
end

local function by_mail(c, o)
  if is_theirs(o) then
    return 4, "theirs already, so it comes before anything for sale"
  end
  if goes_with_theirs(c, o) and not c:interested_in(o) then
    return 1.2, "for the way they make coffee"
  end
  return by_interest(c, o)
end

-- All the other strategies of this stage stay silent meanwhile, so nothing is sold in the slots that are left.
strategy "sell-nothing-with-something-unsolved" {
  stage = "retention",
  placements = { "hero", "sidebar", "checkout", "account", "email" },
  because = {
    es = "Tiene una incidencia abierta: hasta que se resuelva, nada de ventas.",
    en = "Something of theirs is unsolved: until it is settled, nothing is sold.",
  },
  when = has_something_unsolved,
  eligible = function(c, o)
    if o:tagged("order") then
      return has_trouble_with_an_order(c), "no order of theirs is in trouble"
    end
    if o:tagged("question") then
      return waits_for_an_answer(c), "no question of theirs is open"
    end
    return false, "sells at a bad moment"
  end,
}

strategy "thank-before-selling" {
  stage = "retention",
  placements = { "hero", "account" },
  because = { es = "Acaba de comprar: primero, las gracias.", en = "They have just bought: thanks come first." },
  when = function(c)
    return not has_something_unsolved(c) and (days_since_order(c) or 99) <= 5
  end,
  eligible = function(c, o)
    if o.kind ~= "thank_you" and o.kind ~= "loyalty_reward" then
      return false, "thanks come before sales"
    end
    return makes_sense(c, o)
  end,
  score = function(c, o)
    if o.kind == "thank_you" then
      return 3, "a word of thanks first of all"
    end
    return 1
  end,
}

strategy "give-before-selling" {
  stage = "retention",
  placements = { "hero", "account" },
  because = {
    es = "Tiene un regalo o un premio: se le da antes de venderle nada.",
    en = "They have a present or a reward coming: it is given before anything is sold.",
  },
  when = function(c)
    return not has_something_unsolved(c)
  end,
  eligible = function(c, o)
    if not is_theirs(o) then
      return false, "not a present or reward of theirs"
    end
    return makes_sense(c, o)
  end,
}

strategy "refill-before-it-runs-out" {
  stage = "retention",
  placements = { "hero", "account" },
  because = {
    es = "Por la fecha de su último pedido, ya le quedará poco café.",
    en = "Going by the date of their last order, they have little coffee left.",
  },
  when = function(c)
    local days = days_since_order(c) or 0
    return not has_something_unsolved(c) and days >= nearly_empty and days < long_empty
  end,
  eligible = function(c, o)
    return o.kind == "recommendation", "not coffee"
  end,
  score = function(c, o)
    if c:interested_in(o) then
      return goes_with_theirs(c, o) and 1.8 or 1.6, "the kind of coffee they like"
    end
    if goes_with_theirs(c, o) then
      return 1.4, "roasted for the way they make coffee"
    end
    return 1
  end,
}

-- Any of these may please. `explore` asks senda to try them out and learn from the answers; it does not do so yet, and
-- until then the one of the highest priority comes first.
strategy "find-out-what-they-fancy" {
  stage = "retention",
  placements = { "sidebar" },
  explore = "thompson",
  because = { es = "Ya nos conoce: que elija lo que le apetezca.", en = "They know us: let them pick what they fancy." },
  when = function(c)
    return not has_something_unsolved(c)
  end,
  eligible = makes_sense,
}

strategy "suggest-what-goes-with-theirs" {
  stage = "retention",
  placements = { "hero", "checkout", "account" },
  because = { es = "Combina con su manera de hacer café.", en = "It goes with the way they make coffee." },
  when = function(c)
    return not has_something_unsolved(c) and c.traits.brews_with ~= nil
  end,
  eligible = function(c, o)
    if not goes_with_theirs(c, o) then
      return false, "not for the way they make coffee"
    end
    return makes_sense(c, o)
  end,
  score = by_interest,
}

-- Of these customers we do not know what they have at home, so the reason claims nothing about it.
strategy "suggest-what-may-please" {
  stage = "retention",
  placements = { "hero", "checkout", "account" },
  because = { es = "Es de la casa: algo que puede gustarle.", en = "One of ours: something they may like." },
  when = function(c)
    return not has_something_unsolved(c)
  end,
  eligible = makes_sense,
  score = by_interest,
}

strategy "write-to-those-who-come-back" {
  stage = "retention",
  placements = { "email" },
  because = { es = "Es de la casa y le gusta tener noticias.", en = "One of ours, and likes to hear from us." },
  when = function(c)
    return c:consents_to("marketing") and not has_something_unsolved(c)
  end,
  eligible = makes_sense,
  score = by_mail,
}
