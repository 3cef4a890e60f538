-- A reason to decide today: prices with a date, things to try first and people to ask.

offer "first-order" {
  kind = "discount",
  title = { es = "Un 10 % menos en tu primer pedido con HOLA10", en = "10% off your first order with HOLA10" },
  url = { es = "/carrito?codigo=HOLA10", en = "/en/cart?code=HOLA10" },
  stages = { "decision" },
  tags = { "beans", "welcome" },
  value = 16,
  limit = { impressions = 5, within = "7d", rest = "7d" },
  data = { code = "HOLA10", percent = 10 },
}

offer "black-week" {
  kind = "discount",
  title = { es = "Semana del Black Friday: molinillos con un 20 % menos hasta el día 30", en = "Black Friday week: 20% off grinders until the 30th" },
  url = { es = "/black-friday", en = "/en/black-friday" },
  stages = { "decision" },
  tags = { "grinders" },
  value = 24,
  starts = "2027-11-22",
  ends = "2027-11-30",
  data = { percent = 20 },
}

offer "christmas-boxes" {
  kind = "discount",
  title = { es = "Lotes de Navidad con un 15 % menos: si los pides hasta el 18, llegan a tiempo", en = "Christmas boxes at 15% off: order by the 18th and they arrive in time" },
  url = { es = "/navidad", en = "/en/christmas" },
  stages = { "decision" },
  tags = { "gifts" },
  value = 22,
  weight = 15,
  starts = "2027-12-01",
  ends = "2027-12-18",
  stock = 300,
  data = { percent = 15 },
}

offer "ten-years" {
  kind = "discount",
  title = { es = "Diez años tostando: un 12 % menos en lotes de cata hasta fin de 2027", en = "Ten years of roasting: 12% off tasting boxes until the end of 2027" },
  url = { es = "/diez-anos", en = "/en/ten-years" },
  stages = { "decision" },
  tags = { "beans", "gifts" },
  value = 18,
  starts = "2026-11-01",
  ends = "2027-12-31",
  data = { percent = 12 },
}

offer "january-filters" {
  kind = "discount",
  title = { es = "Rebajas de enero: cafeteras de filtro con un 25 % menos", en = "January sale: 25% off filter brewers" },
  url = { es = "/rebajas/filtro", en = "/en/sale/filter" },
  stages = { "decision" },
  tags = { "filter" },
  value = 18,
  starts = "2028-01-07",
  ends = "2028-01-31",
  data = { percent = 25 },
}

offer "machine-and-grinder" {
  kind = "discount",
  title = { es = "Máquina y molinillo juntos: 60 € menos", en = "Machine and grinder together: €60 less" },
  url = { es = "/conjuntos/espresso", en = "/en/sets/espresso" },
  stages = { "decision" },
  personas = { "tinkerer", "newcomer" },
  tags = { "espresso", "grinders" },
  value = 26,
  stock = 150,
  data = { euros = 60 },
}

offer "cart-kept-for-you" {
  kind = "discount",
  title = { es = "Tu carrito te espera, y durante 48 horas el envío es gratis", en = "Your cart is waiting, and for 48 hours delivery is free" },
  url = { es = "/carrito?codigo=VUELVO", en = "/en/cart?code=BACK" },
  stages = { "decision" },
  placements = { "hero", "email" },
  tags = { "cart" },
  value = 20,
  limit = { impressions = 3, within = "3d", rest = "30d" },
  consent = "marketing",
  data = { hours = 48 },
}

offer "first-bag-free" {
  kind = "free_trial",
  title = { es = "La primera bolsa de la suscripción la pagamos nosotros", en = "The first bag of the subscription is on us" },
  url = { es = "/suscripcion/prueba", en = "/en/subscription/trial" },
  stages = { "decision" },
  tags = { "subscription", "beans" },
  answers = { "runs out midweek" },
  value = 19,
  data = { grams = 250 },
}

offer "grinder-on-loan" {
  kind = "free_trial",
  title = { es = "Llévate un molinillo dos semanas: si no te convence, lo recogemos", en = "Take a grinder home for two weeks: if it does not win you over, we collect it" },
  url = { es = "/prestamo", en = "/en/loan" },
  stages = { "decision" },
  tags = { "grinders" },
  answers = { "unsure whether it can be exchanged" },
  value = 17,
  stock = 40,
  data = { days = 14 },
}

offer "barista-call" {
  kind = "advice_call",
  title = { es = "Diez minutos con Ainhoa, barista: te ayuda a decidir", en = "Ten minutes with Ainhoa, our barista: she helps you decide" },
  url = { es = "/llamada", en = "/en/call" },
  stages = { "decision" },
  tags = { "espresso", "gifts" },
  answers = { "unsure whether it can be exchanged" },
  value = 15,
  data = { minutes = 10 },
}

offer "chat-with-us" {
  kind = "advice_call",
  title = { es = "¿Una duda rápida? Escríbenos: contesta una persona", en = "A quick question? Write to us: a person will answer" },
  url = { es = "/chat", en = "/en/chat" },
  stages = { "decision" },
  tags = { "beans", "filter" },
  answers = { "slow or confusing checkout" },
  value = 12,
}
