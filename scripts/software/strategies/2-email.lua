-- Nothing goes out by e-mail without consent: those who gave none are shown where to say what they want, which sells nothing.

local function days_as_customer(c)
  return c:since("contract_signed") or c.context.days_as_customer or 180
end

-- What must be true of the reader. Each file has its own functions, so this repeats what holds in the product and on the web.
local function may_be_sent(c, o)
  if o:tagged("their-orders") and not c.context.orders_read then
    return false, "nobody has gone through their orders"
  end
  if o.kind == "onboarding" and days_as_customer(c) > 45 then
    return false, "long past the start"
  end
  if o.kind == "up_sell" and days_as_customer(c) <= 45 then
    return false, "not before the first result"
  end
  if o.kind == "webinar" and c:did("webinar_signup", "30d") then
    return false, "has a seat already"
  end
  return true
end

local function may_be_asked(c, o)
  if o:tagged("reward") and c.traits.gifts == "forbidden" then
    return false, "their company forbids gifts"
  end
  if o:tagged("favour") and (c.context.score or 0) < 9 then
    return false, "no favours without good news first"
  end
  if o.kind == "review_request" and (c.traits.reviewed or c:did("review")) then
    return false, "has written a review already"
  end
  return may_be_sent(c, o)
end

strategy "write-only-to-those-who-agreed" {
  placements = { "email" },
  because = {
    es = "Ha aceptado recibir noticias nuestras.",
    en = "Has agreed to hear from us.",
  },
  when = function(c) return c:consents_to("marketing") end,
  eligible = may_be_asked,
  score = function(c, o)
    if o.kind == "personal_message" then
      return 1.5, "a letter is the place for it"
    end
    if c:interested_in(o) then
      return 1.8, "a subject they follow"
    end
    return 1
  end,
}
