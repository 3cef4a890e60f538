-- Customers, in the product and on the web: the worst notice is one that has nothing to do with their week.
-- The product sends seats and active_users, and how many days ago the contract began where senda did not see it signed.

local TO_LEARN = { onboarding = true, training = true, tutorial = true, complementary_content = true }

local function days(c)
  return c:since("contract_signed") or c.context.days_as_customer or 180
end

local function use_of_seats(c)
  local seats = c.context.seats or 0
  if seats == 0 then
    return nil
  end
  return (c.context.active_users or 0) / seats
end

local function is_small(c)
  local employees = c.context.company_size or c.traits.company_size or 0
  return employees > 0 and employees < 50
end

local function timeliness(c, o)
  if o:tagged("anniversary") then
    return 4, "a year is worth a thank-you"
  end
  if o.kind == "up_sell" then
    return 1, c:interested_in(o) and "they have been looking at it" or "an addition to what they have"
  end
  return 1
end

-- Whoever has just begun needs the first steps, and so does a team of which few sign in. The others have taken them.
local function is_behind_them(c, o)
  if days(c) <= 45 then
    return false
  end
  local first_lesson = o.kind == "tutorial" and o:tagged("first-steps")
  return o.kind == "onboarding" or (first_lesson and (use_of_seats(c) or 1) >= 0.5)
end

-- Some offers say something about the customer: they go to those of whom it is true. This and the next function hold in
-- every strategy of this file, since what one leaves open the next one fills.
local function is_true_of_them(c, o)
  if o:tagged("anniversary") and (days(c) < 365 or days(c) >= 395) then
    return false, "not the month of their first anniversary"
  end
  if is_behind_them(c, o) then
    return false, "long past the start"
  end
  if o:tagged("their-orders") and not c.context.orders_read then
    return false, "nobody has gone through their orders"
  end
  if o:tagged("their-idea") and not c.traits.idea_built then
    return false, "no idea of theirs has been built"
  end
  return true
end

local function help_before_selling(c, o)
  if o.kind == "up_sell" and days(c) <= 45 then
    return false, "not before the first result"
  end
  if o.kind == "up_sell" and (use_of_seats(c) or 1) < 0.5 then
    return false, "they do not yet use what they pay for"
  end
  if o:tagged("group") and is_small(c) then
    return false, "made for large companies"
  end
  return is_true_of_them(c, o)
end

strategy "first-result-first" {
  stage = { "retention", "satisfaction" },
  placements = { "in_app" },
  because = {
    es = "Los primeros 45 días solo cuenta llegar al primer resultado.",
    en = "For the first 45 days only the first result counts.",
  },
  when = function(c) return days(c) <= 45 end,
  eligible = function(c, o)
    if TO_LEARN[o.kind] then
      return true
    end
    return false, "not before the first result"
  end,
  score = function(c, o)
    if o:tagged("first-steps") then
      return 1.5, "a first step"
    end
    return 1
  end,
}

strategy "get-everyone-on-board" {
  stage = { "retention", "satisfaction" },
  placements = { "in_app" },
  because = {
    es = "Más de la mitad del equipo todavía no entra: lo que toca es enseñar.",
    en = "More than half the team does not sign in yet: time to teach.",
  },
  when = function(c)
    local use = use_of_seats(c)
    return use ~= nil and use < 0.5
  end,
  eligible = help_before_selling,
  score = function(c, o)
    if o.kind == "training" then
      return 2, "the team learns together"
    end
    return timeliness(c, o)
  end,
}

strategy "grow-what-works" {
  stage = "retention",
  placements = { "in_app" },
  because = {
    es = "Casi todo el equipo lo usa: es buen momento para hablar de ampliar.",
    en = "Nearly the whole team uses it: a good moment to talk of more.",
  },
  when = function(c)
    local use = use_of_seats(c)
    return use ~= nil and use >= 0.8
  end,
  eligible = help_before_selling,
  score = function(c, o)
    if o.kind == "up_sell" and c:interested_in(o) then
      return 2.5, "they have been looking at it"
    end
    return timeliness(c, o)
  end,
}

strategy "show-what-was-achieved" {
  stage = "satisfaction",
  placements = { "in_app" },
  because = {
    es = "Cada trimestre decide en silencio si volvería a elegirnos: que lo haga con cifras.",
    en = "Each quarter they quietly decide whether to choose us again: let it be with figures.",
  },
  eligible = is_true_of_them,
  score = function(c, o)
    if o:tagged("first-steps") then
      return 0.4, "they know the first steps"
    end
    if o.kind == "business_review" then
      return 1.3, "something to show management"
    end
    return timeliness(c, o)
  end,
}

strategy "listen-and-enrich" {
  stage = "retention",
  placements = { "in_app" },
  because = {
    es = "Pregunta qué falta y enriquece lo que ya tienen.",
    en = "Asks what is missing and enriches what they already have.",
  },
  eligible = help_before_selling,
  score = function(c, o)
    if o.kind == "survey" or o.kind == "complementary_content" then
      return c:interested_in(o) and 3 or 2.5, "asks or enriches"
    end
    return timeliness(c, o)
  end,
}

strategy "thank-in-the-product" {
  stage = "referral",
  placements = { "in_app" },
  because = {
    es = "Está a gusto con nosotros: algo que disfrute, antes de pedirle nada.",
    en = "Content with us: something to enjoy, before anything is asked.",
  },
  eligible = function(c, o)
    if o:tagged("favour") and (c.context.score or 0) < 9 then
      return false, "no favours without good news first"
    end
    if o.kind == "review_request" and (c.traits.reviewed or c:did("review")) then
      return false, "has written a review already"
    end
    return is_true_of_them(c, o)
  end,
  score = function(c, o)
    if o.kind == "recognition" then
      return 2, "public recognition carries more weight than asking"
    end
    if o:tagged("favour") then
      return 1, "has given us a good score"
    end
    return 1
  end,
}

strategy "look-after-customers" {
  stage = { "retention", "satisfaction" },
  placements = { "hero", "sidebar", "resources", "pricing" },
  because = {
    es = "Ya es cliente: que saque todo el partido a lo que tiene.",
    en = "Already a customer: help them get the most out of what they have.",
  },
  eligible = help_before_selling,
  score = timeliness,
}
