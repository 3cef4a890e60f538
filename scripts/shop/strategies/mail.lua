-- E-mail: only to those who said yes. Messages about an order or a new product are service, and live with their stages.

strategy "remind-of-the-cart" {
  stage = "decision",
  placements = { "email" },
  because = { es = "Dejó algo en el carrito y nos permitió escribirle.", en = "Left something in the cart and allowed us to write." },
  when = function(c)
    return c:consents_to("marketing") and c.context.cart_abandoned == true
  end,
  eligible = function(c, o)
    local helps = o:tagged("cart") or o.kind == "guarantee"
    return helps, "does not help to finish the order"
  end,
  score = function(c, o)
    if o:tagged("cart") then
      return 1.5, "it is about their own cart"
    end
    return 1
  end,
}

strategy "write-only-to-those-who-said-yes" {
  stage = { "awareness", "consideration", "decision", "retention", "advocacy" },
  placements = { "email" },
  because = { es = "Nos pidió que le escribiéramos y esto le puede servir.", en = "They asked us to write, and this may be of use." },
  when = function(c)
    return c:consents_to("marketing") and not c.context.open_ticket
  end,
  eligible = function(c, o)
    if o.kind == "short_checkout" then
      return false, "nothing to pay in a mail"
    end
    if o:tagged("cart") and not c.context.cart_abandoned then
      return false, "no cart was left behind"
    end
    if o:tagged("birthday") and not c.traits.birthday_month then
      return false, "not their birthday month"
    end
    return true
  end,
  score = function(c, o)
    if c:interested_in(o) then
      return 1.5, "about what they follow"
    end
    return 1
  end,
}
