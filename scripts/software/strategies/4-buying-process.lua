-- The web, for the stages that sales follows. The first has no strategy, because there we offer nothing; the last is
-- with the customers.

-- Who holds up the signature, in the words of the reason.
local ANSWERS = {
  legal = "answers what the lawyers ask",
  it = "answers what IT asks",
  finance = "answers what finance asks",
  management = "answers what management asks",
}

strategy "show-they-are-not-alone" {
  journey = "buying-process",
  stage = "discovering",
  placements = WEB,
  because = {
    es = "Quiere saber a quién más le pasa y por qué.",
    en = "Wants to know who else has it, and why.",
  },
  score = function(c, o)
    if is_about(o, known(c, "industry")) then
      return 2.5, "a factory like theirs"
    end
    if c:interested_in(o) then
      return 1.6, "a subject they follow"
    end
    return 1
  end,
}

strategy "compare-fairly" {
  journey = "buying-process",
  stage = "learning",
  placements = WEB,
  because = {
    es = "Compara caminos, también los que no vendemos.",
    en = "Weighs the options, including those we do not sell.",
  },
}

strategy "back-at-the-price" {
  journey = "buying-process",
  stage = "choosing",
  placements = { "pricing" },
  because = {
    es = "Ha vuelto a la página de precios: le falta una cifra propia.",
    en = "Back on the pricing page: what is missing is a figure of their own.",
  },
  when = function(c) return (c.context.visits or 0) >= 3 end,
  eligible = function(c, o)
    if o.kind == "calculator" or o.kind == "business_case" then
      return true
    end
    return false, "only figures here"
  end,
}

strategy "prove-it-on-their-work" {
  journey = "buying-process",
  stage = "choosing",
  placements = WEB,
  because = {
    es = "Se convence quien lo prueba con su propio trabajo.",
    en = "Those who try it on their own work convince themselves.",
  },
  eligible = fits_their_size,
  score = function(c, o)
    local tries = c.context.trial == "running" or c:did("trial_start", "30d")
    if o.kind == "free_trial" and (c.context.device == "mobile" or tries) then
      return 0.2, "not something to start now"
    end
    if o:tagged("phone") and c.context.device == "mobile" then
      return 2, "works on the device in their hand"
    end
    return 1
  end,
}

strategy "clear-the-last-obstacle" {
  journey = "buying-process",
  stage = "purchasing",
  placements = WEB,
  because = {
    es = "Solo falta una firma: resuelve lo que la retiene.",
    en = "One signature to go: settle what holds it up.",
  },
  eligible = fits_their_size,
  score = function(c, o)
    local answers, whom = is_about(o, c.context.waiting_for, "for-")
    if answers then
      return 2, ANSWERS[whom] or "answers those who hold it up"
    end
    return 1
  end,
}
