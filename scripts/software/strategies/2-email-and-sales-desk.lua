-- The fortnightly e-mail and the sales desk. Both meet people in every stage, so whatever holds for them on the web and in
-- the product holds here too: nobody reads in a mail what the web would not tell them, or hears it at a meeting.

-- E-mail: nothing goes out without consent. Those who gave none are shown where to say what they want, which sells nothing.

strategy "write-only-to-those-who-agreed" {
  placements = { "email" },
  because = {
    es = "Ha aceptado recibir noticias nuestras.",
    en = "Has agreed to hear from us.",
  },
  when = function(c) return c:consents_to("marketing") end,
  eligible = may_be_shown,
  score = function(c, o)
    if o.kind == "personal_message" then
      return 1.5, "a letter is the place for it"
    end
    if o:tagged("small") then
      return is_small(c) and 3 or 0.3, is_small(c) and "made for their size" or "not known to be a small company"
    end
    if o:tagged("group") and is_group(c) then
      return 1.6, "made for several plants"
    end
    if c:interested_in(o) then
      return 1.8, "a subject they follow"
    end
    return 1
  end,
}

-- The sales desk: what the account manager brings to the next meeting. The CRM sends who will be there: meeting =
-- "committee" or "one-to-one".

strategy "one-paper-per-sceptic" {
  stage = { "decision", "choosing" },
  placements = { "sales_desk" },
  because = {
    es = "En un comité gana quien trae la respuesta a cada objeción.",
    en = "In a committee, whoever brings an answer to each objection wins.",
  },
  when = function(c) return c.context.meeting == "committee" end,
  eligible = function(c, o)
    if o.kind == "demo" then
      return false, "a committee wants answers, the demo comes before"
    end
    return makes_sense(c, o)
  end,
  score = function(c, o)
    if o.kind == "reference_call" or o.kind == "business_case" then
      return 1.4, "what a committee asks for"
    end
    return 1
  end,
}

strategy "never-empty-handed" {
  placements = { "sales_desk" },
  because = {
    es = "Algo útil sobre la mesa para esta etapa.",
    en = "Something useful on the table for this stage.",
  },
  eligible = makes_sense,
}
