-- The web, for marketing's five stages. The site sends device and visits; the company's size and its number of plants
-- come with the request or, once known, with the profile.

-- Awareness: explain, sell nothing.

strategy "short-on-a-phone" {
  journey = "five-stages-b2b",
  stage = "awareness",
  placements = WEB,
  because = {
    es = "En el móvil, quizá entre dos tareas: algo corto.",
    en = "On the phone, perhaps between two jobs: something short.",
  },
  when = function(c) return c.context.device == "mobile" end,
  eligible = function(c, o)
    if o.kind == "article" then
      return false, "long reading waits for the desk"
    end
    return true
  end,
  score = function(c, o) return o.kind == "video" and 1.3 or 1 end,
}

strategy "explain-without-selling" {
  journey = "five-stages-b2b",
  stage = "awareness",
  placements = WEB,
  because = {
    es = "Explica el problema con sus palabras.",
    en = "Explains the problem in their own words.",
  },
  score = function(c, o)
    if c:interested_in(o) then
      return 2, "a subject they came for"
    end
    return 1
  end,
  explore = "thompson",   -- which reading serves best is for readers to say; senda reads this and does not act on it yet
}

-- Consideration: something valuable in return for the contact, and it has to look like their factory.

strategy "start-from-what-they-use" {
  journey = "five-stages-b2b",
  stage = "consideration",
  placements = WEB,
  because = {
    es = "Parte de la herramienta que usan hoy.",
    en = "Starts from the tool they use today.",
  },
  when = function(c) return known(c, "tool") ~= nil end,
  eligible = function(c, o)
    return is_about(o, known(c, "tool")), "not about the tool they use"
  end,
}

strategy "help-them-compare" {
  journey = "five-stages-b2b",
  stage = "consideration",
  placements = WEB,
  because = {
    es = "Material para comparar y para reenviar a los compañeros.",
    en = "Material to compare with and to forward to colleagues.",
  },
  eligible = function(c, o)
    if o.kind == "webinar" and c.context.device == "mobile" then
      return false, "no webinars on a phone"
    end
    if has_it_already(c, o) then
      return false, "has one already"
    end
    return true
  end,
  score = function(c, o)
    if is_about(o, known(c, "industry")) then
      return 2.2, "a factory like theirs"
    end
    if c:interested_in(o) then
      return 1.5, "a subject they follow"
    end
    return 1
  end,
}

-- Decision: a workshop buys in an afternoon, a group in a year.

strategy "small-plants-decide-fast" {
  journey = "five-stages-b2b",
  stage = "decision",
  placements = WEB,
  because = {
    es = "En una empresa pequeña decide una persona: precio claro y a probar.",
    en = "In a small company one person decides: a clear price, and try it.",
  },
  when = is_small,
  eligible = fits_their_size,
  score = function(c, o)
    if o:tagged("small") then
      return 3, "made for their size"
    end
    return 1
  end,
}

strategy "groups-need-proof" {
  journey = "five-stages-b2b",
  stage = "decision",
  placements = WEB,
  because = {
    es = "Un grupo no compra por un descuento, sino por pruebas en su propia casa.",
    en = "A group does not buy on a discount but on proof under its own roof.",
  },
  when = is_group,
  eligible = fits_their_size,
  score = function(c, o)
    if o:tagged("group") then
      return 1.6, "made for several plants"
    end
    return 1
  end,
}

strategy "agree-the-next-step" {
  journey = "five-stages-b2b",
  stage = "decision",
  placements = WEB,
  because = {
    es = "Un paso pequeño y concreto que acerque la decisión.",
    en = "One small, definite step towards the decision.",
  },
  eligible = fits_their_size,
  score = function(c, o)
    if o:tagged("small") then
      return 0.3, "not known to be a small company"
    end
    if o.kind == "advice_call" and c.context.device == "mobile" then
      return 1.6, "one tap away"
    end
    return 1
  end,
}

-- Referral: a favour is asked for once, after good news, and never against the customer's own rules on gifts.

strategy "ask-after-good-news" {
  journey = "five-stages-b2b",
  stage = "referral",
  placements = WEB,
  because = {
    es = "Nos ha puesto una buena nota: es el momento de pedirlo.",
    en = "Has given us a good score: this is the moment to ask.",
  },
  when = function(c) return (c.context.score or 0) >= 9 end,
  eligible = may_be_shown,
  score = function(c, o) return o:tagged("favour") and 1.5 or 1 end,
}

strategy "give-before-asking" {
  journey = "five-stages-b2b",
  stage = "referral",
  placements = WEB,
  because = {
    es = "Antes de pedir un favor, algo que le sirva.",
    en = "Before asking a favour, something of use to them.",
  },
  eligible = function(c, o)
    if o:tagged("favour") then
      return false, "no favours without good news first"
    end
    return may_be_shown(c, o)
  end,
}
