�-- What the account manager brings to the next meeting. The CRM sends who will be there: meeting = "committee" or "one-to-one".

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
    return true
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
    es = "Tres cosas útiles sobre la mesa para esta etapa.",
    en = "Three useful things on the table for this stage.",
  },
}
