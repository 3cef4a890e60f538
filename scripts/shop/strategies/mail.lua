-- E-mail before the purchase: only to those who said yes. Later stages keep their mails beside their own rules, because
-- what may be written depends on them; messages about an order or a new product are service, and go to everyone.

strategy "write-only-to-those-who-said-yes" {
  stage = { "awareness", "consideration" },
  placements = { "email" },
  because = { es = "Nos pidió que le escribiéramos y esto le puede servir.", en = "They asked us to write, and this may be of use." },
  when = function(c)
    return c:consents_to("marketing")
  end,
  eligible = function(c, o)
    if o.kind == "lead_magnet" then
      return false, "asks for an address that we have"
    end
    if o.kind == "webinar" and (c:seen("webinar", "14d") or 0) >= 2 then
      return false, "has been invited twice this fortnight"
    end
    return true
  end,
  score = function(c, o)
    if c:interested_in(o) then
      return 1.5, "about what they follow"
    end
    if o.personas then
      return 1.3, "made for people like them"
    end
    return 1
  end,
}
