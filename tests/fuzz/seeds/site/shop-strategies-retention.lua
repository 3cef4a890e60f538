�-- People who come back: thanks before sales, refills in time, and never a thing they already own.

local a_bag_lasts = 18           -- days
local enough_orders_to_grow = 4

-- What senda has not seen itself, such as an order by telephone, the website may tell.
local function days_since_order(c)
  return c:since("purchase") or c.context.days_since_order
end

local function owns(c, product)
  for _, owned in ipairs(c.traits.owns or {}) do
    if owned == product then
      return true
    end
  end
  return false
end

local function makes_sense(c, o)
  if o.data.product and owns(c, o.data.product) then
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

local function to_their_taste(c, o)
  if c:interested_in(o) then
    return 1.5, "to their taste"
  end
  if c.traits.brews_with and o:tagged(c.traits.brews_with) then
    return 1.2, "for the way they make coffee"
  end
  return 1
end

strategy "thank-before-selling" {
  stage = "retention",
  placements = { "hero", "account" },
  because = { es = "Acaba de repetir: primero, las gracias.", en = "They have just bought again: thanks come first." },
  when = function(c)
    return (days_since_order(c) or 99) <= 5
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

strategy "refill-before-it-runs-out" {
  stage = "retention",
  placements = { "hero", "account" },
  because = { es = "Por sus fechas, le queda café para tres días.", en = "Going by the dates, they have three days of coffee left." },
  when = function(c)
    return (days_since_order(c) or 0) >= a_bag_lasts
  end,
  eligible = function(c, o)
    return o.kind == "recommendation", "not coffee"
  end,
  score = function(c, o)
    if c:interested_in(o) then
      return 1.6, "the kind of coffee they like"
    end
    return 1
  end,
}

-- The sidebar is where we find out: any of these may please, so let the answers of customers decide.
strategy "find-out-what-they-fancy" {
  stage = "retention",
  placements = { "sidebar" },
  explore = "thompson",
  because = { es = "Probamos qué le apetece más a quien ya nos conoce.", en = "Trying out what those who know us fancy most." },
  eligible = makes_sense,
}

strategy "suggest-what-suits-them" {
  stage = "retention",
  placements = { "hero", "checkout", "account" },
  because = { es = "Combina con lo que ya tiene en casa.", en = "It goes with what they have at home." },
  eligible = makes_sense,
  score = to_their_taste,
}

strategy "write-to-those-who-come-back" {
  stage = "retention",
  placements = { "email" },
  because = { es = "Es de la casa y le gusta tener noticias.", en = "One of ours, and likes to hear from us." },
  when = function(c)
    return c:consents_to("marketing") and not c.context.open_ticket
  end,
  eligible = makes_sense,
  score = to_their_taste,
}
