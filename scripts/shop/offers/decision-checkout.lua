-- Nothing in the way: short ways to pay, and promises that take the worry out of it.

offer "two-step-checkout" {
  kind = "short_checkout",
  title = { es = "Paga en dos pasos, sin crear cuenta", en = "Pay in two steps, no account needed" },
  url = { es = "/pago/rapido", en = "/en/checkout/quick" },
  stages = { "decision" },
  answers = { "long forms", "slow or confusing checkout" },
  value = 18,
}

offer "pay-with-one-tap" {
  kind = "short_checkout",
  title = { es = "Paga con el móvil de un toque", en = "Pay on your phone with one tap" },
  url = { es = "/pago/movil", en = "/en/checkout/phone" },
  stages = { "decision" },
  tags = { "phone" },
  answers = { "long forms", "slow or confusing checkout" },
  value = 20,
}

offer "straight-to-their-door" {
  kind = "short_checkout",
  title = { es = "Envíalo a su casa con dedicatoria y sin precio", en = "Send it to their door with a note and no price tag" },
  url = { es = "/pago/regalo", en = "/en/checkout/gift" },
  stages = { "decision" },
  personas = { "gift-giver" },
  tags = { "gifts" },
  answers = { "long forms" },
  value = 21,
}

offer "thirty-days-at-home" {
  kind = "guarantee",
  title = { es = "30 días para probarlo en casa y devolución gratis", en = "30 days to try it at home, and returns are free" },
  url = { es = "/garantias/devoluciones", en = "/en/guarantees/returns" },
  stages = { "decision" },
  tags = { "returns" },
  answers = { "unsure whether it can be exchanged" },
  value = 14,
}

offer "card-never-kept" {
  kind = "guarantee",
  title = { es = "Pago cifrado: tu tarjeta no se guarda en ningún sitio", en = "Encrypted payment: your card is not kept anywhere" },
  url = { es = "/garantias/pago", en = "/en/guarantees/payment" },
  stages = { "decision" },
  tags = { "payment" },
  answers = { "worry about payment" },
  value = 13,
}

offer "three-year-workshop" {
  kind = "guarantee",
  title = { es = "Tres años de garantía y taller propio en Getafe", en = "Three-year warranty and our own workshop in Getafe" },
  url = { es = "/garantias/taller", en = "/en/guarantees/workshop" },
  stages = { "decision", "purchase" },
  tags = { "espresso", "grinders", "warranty" },
  value = 12.5,
  data = { years = 3 },
}

offer "fresh-or-free" {
  kind = "guarantee",
  title = { es = "Si no llega recién tostado, no lo pagas", en = "If it does not arrive freshly roasted, you do not pay" },
  url = { es = "/garantias/frescura", en = "/en/guarantees/freshness" },
  stages = { "decision", "purchase" },
  tags = { "beans", "subscription" },
  answers = { "worry about payment" },
  value = 11,
}
