-- People about to buy: clear the way, calm the worry, and lower a price only for those who hesitate.

local a_big_purchase = 400   -- euros in the cart

local function hesitates(c)
  return (c.context.visits or 1) >= 3 or c.context.cart_abandoned == true or (c:days_in_stage() or 0) >= 2
end

local function can_be_used(c, o)
  if o:tagged("phone") and c.context.device ~= "mobile" then
    return false, "only works on a phone"
  end
  if o:tagged("welcome") and ((c.traits.orders or 0) > 0 or c:did("purchase")) then
    return false, "only for a first order"
  end
  if o:tagged("cart") and not c.context.cart_abandoned then
    return false, "no cart was left behind"
  end
  return true
end

local function worth_a_nudge(c, o)
  if o.kind == "discount" and not hesitates(c) then
    return false, "no price cut for those who do not hesitate"
  end
  if o.kind == "short_checkout" and not c.context.cart_value then
    return false, "the cart is empty"
  end
  return can_be_used(c, o)
end

local function by_interest(c, o)
  if c:interested_in(o) then
    return 1.5, "for what they have been looking at"
  end
  return 1
end

strategy "bring-back-the-forgotten-cart" {
  stage = "decision",
  placements = { "hero" },
  because = {
    es = "Dejó el carrito a medias: se lo guardamos y le ahorramos el envío.",
    en = "Left a cart behind: we keep it and spare them the delivery cost.",
  },
  when = function(c)
    return c.context.cart_abandoned == true
  end,
  eligible = function(c, o)
    return o:tagged("cart"), "has nothing to do with the cart"
  end,
}

strategy "offer-a-person-for-a-big-purchase" {
  stage = "decision",
  placements = { "hero", "sidebar", "checkout" },
  because = {
    es = "Es mucho dinero: que pueda hablar con alguien y, si no le convence, devolverlo.",
    en = "It is a lot of money: let them talk to someone, and return it if it disappoints.",
  },
  when = function(c)
    return (c.context.cart_value or 0) >= a_big_purchase
  end,
  eligible = function(c, o)
    local calms = o.kind == "advice_call" or o.kind == "guarantee" or o.kind == "free_trial"
    return calms, "does not make a big purchase safer"
  end,
  score = function(c, o)
    if o.kind == "advice_call" then
      return 1.5, "a conversation settles a big purchase"
    end
    if o:tagged("warranty") or o:tagged("returns") then
      return 1.4, "covers what worries them most"
    end
    return 1
  end,
}

strategy "leave-the-till-in-peace" {
  stage = "decision",
  placements = { "checkout" },
  because = { es = "Está pagando: menos pasos y más tranquilidad.", en = "They are paying: fewer steps and peace of mind." },
  eligible = function(c, o)
    if o.kind ~= "short_checkout" and o.kind ~= "guarantee" then
      return false, "would distract from paying"
    end
    return can_be_used(c, o)
  end,
  score = function(c, o)
    if c.context.checkout_step == "payment" and o:tagged("payment") then
      return 3, "the card is what worries them at this step"
    end
    return 1
  end,
}

strategy "give-a-reason-to-decide" {
  stage = "decision",
  placements = { "hero", "sidebar", "footer" },
  because = { es = "Tiene un favorito: le damos un motivo para no esperar.", en = "They have a favourite: here is a reason not to wait." },
  eligible = worth_a_nudge,
  score = by_interest,
}

strategy "remind-of-the-cart" {
  stage = "decision",
  placements = { "email" },
  because = { es = "Dejó algo en el carrito y nos permitió escribirle.", en = "Left something in the cart and allowed us to write." },
  when = function(c)
    return c:consents_to("marketing") and c.context.cart_abandoned == true
  end,
  eligible = function(c, o)
    return o:tagged("cart") or o.kind == "guarantee", "does not help to finish the order"
  end,
  score = function(c, o)
    if o:tagged("cart") then
      return 1.5, "it is about their own cart"
    end
    return 1
  end,
}

strategy "write-about-their-favourite" {
  stage = "decision",
  placements = { "email" },
  because = { es = "Está a punto de decidirse y quiere saber de nosotros.", en = "About to decide, and wants to hear from us." },
  when = function(c)
    return c:consents_to("marketing")
  end,
  eligible = function(c, o)
    if o.kind == "short_checkout" then
      return false, "nothing to pay in a mail"
    end
    return worth_a_nudge(c, o)
  end,
  score = by_interest,
}
