-- Customers, in the product and on the web: the worst notice is one that has nothing to do with their week.
-- The product sends seats and active_users.

local TO_LEARN = { onboarding = true, training = true, tutorial = true, complementary_content = true }

local function timeliness(c, o)
  if o:tagged("anniversary") then
    return 4, "a year is worth a thank-you"
  end
  if o.kind == "up_sell" then
    return 1, c:interested_in(o) and "they have been looking at it" or "an addition to what they have"
  end
  return 1
end

strategy "first-result-first" {
  stage = { "retention", "satisfaction" },
  placements = { "in_app" },
  because = {
    es = "Los primeros 45 días solo cuenta llegar al primer resultado.",
    en = "For the first 45 days only the first result counts.",
  },
  when = is_new_customer,
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
  when = few_sign_in,
  eligible = makes_sense,
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
  eligible = makes_sense,
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
  eligible = makes_sense,
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
  eligible = makes_sense,
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
  eligible = may_be_shown,
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
  placements = WEB,
  because = {
    es = "Ya es cliente: que saque todo el partido a lo que tiene.",
    en = "Already a customer: help them get the most out of what they have.",
  },
  eligible = makes_sense,
  score = timeliness,
}
