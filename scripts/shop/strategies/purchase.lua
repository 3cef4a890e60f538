-- People who wait for an order: say how it stands, own up to what goes wrong, sell nothing.

local everywhere_they_look = { "hero", "sidebar", "checkout", "account", "email" }

-- Not everything beside the news is news: each says what it is there for.
local function what_for(_, o)
  if o.kind == "order_confirmation" then
    return 2, "the answer they are waiting for"
  end
  if o.kind == "support" then
    return 1, "a person at hand, should anything not be right"
  end
  if o.kind == "guarantee" then
    return 1, "covers them while they wait"
  end
  return 1
end

local function is_waiting(c)
  return c.context.order_status == "shipped" or c.context.order_status == "delayed"
end

strategy "mend-the-payment-first" {
  stage = "purchase",
  placements = everywhere_they_look,
  because = { es = "El pago falló: eso va antes que nada.", en = "The payment failed: that comes before anything else." },
  when = function(c)
    return c.context.order_status == "payment_failed"
  end,
  eligible = function(c, o)
    return o:tagged("payment_failed"), "does not mend the payment"
  end,
}

strategy "own-up-to-a-delay" {
  stage = "purchase",
  placements = everywhere_they_look,
  because = { es = "Vamos tarde: se lo decimos nosotros antes de que pregunte.", en = "We are late: better that we say so before they ask." },
  when = function(c)
    return c.context.order_status == "delayed"
  end,
  eligible = function(c, o)
    return o:tagged("delayed"), "does not speak of the delay"
  end,
  score = what_for,
}

strategy "follow-the-parcel" {
  stage = "purchase",
  placements = everywhere_they_look,
  because = { es = "El paquete está de camino: que sepa por dónde va.", en = "The parcel is on its way: let them know where it is." },
  when = function(c)
    return c.context.order_status == "shipped"
  end,
  eligible = function(c, o)
    return o:tagged("shipped"), "not about a parcel on its way"
  end,
  score = what_for,
}

strategy "reassure-while-they-wait" {
  stage = "purchase",
  placements = everywhere_they_look,
  because = { es = "Espera un paquete: que sepa que está cubierto.", en = "They wait for a parcel: let them know they are covered." },
  when = is_waiting,
  eligible = function(c, o)
    return o.kind == "guarantee", "not what someone who waits needs"
  end,
}

strategy "confirm-at-once" {
  stage = "purchase",
  placements = everywhere_they_look,
  because = { es = "Acaba de pagar: lo primero es confirmárselo.", en = "They have just paid: confirming it comes first." },
  when = function(c)
    return c.context.order_status ~= "payment_failed" and not is_waiting(c)
  end,
  eligible = function(c, o)
    local fits = o:tagged("paid") or o.kind == "guarantee"
    return fits, "out of place while we prepare the order"
  end,
  score = what_for,
}
