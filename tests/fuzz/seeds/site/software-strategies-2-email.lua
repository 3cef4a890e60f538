æ-- Nothing goes out by e-mail without consent: those who gave none get their account summary, which sells nothing.

strategy "write-only-to-those-who-agreed" {
  placements = { "email" },
  because = {
    es = "Ha aceptado recibir noticias nuestras.",
    en = "Has agreed to hear from us.",
  },
  when = function(c) return c:consents_to("marketing") end,
  score = function(c, o)
    if o.kind == "personal_message" then
      return 1.5, "a letter is the place for it"
    end
    if o.kind == "onboarding" and (c:since("contract_signed") or c.context.days_as_customer or 180) > 45 then
      return 0.2, "long past the start"
    end
    if c:interested_in(o) then
      return 1.8, "a subject they follow"
    end
    return 1
  end,
}
