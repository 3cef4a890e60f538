-- From payment to doorbell: confirmations, news of the parcel and help within minutes.

offer "order-received" {
  kind = "order_confirmation",
  title = { es = "Pedido recibido y pagado: aquí está tu resumen", en = "Order received and paid: here is your summary" },
  url = { es = "/pedido", en = "/en/order" },
  stages = { "purchase" },
  tags = { "paid" },
  answers = { "no confirmation" },
  value = 8,
}

offer "roasted-on-mondays" {
  kind = "order_confirmation",
  title = { es = "Tostamos los lunes: el café que pides sale los martes", en = "We roast on Mondays: the coffee you order leaves on Tuesdays" },
  url = { es = "/pedido/tueste", en = "/en/order/roasting" },
  stages = { "purchase" },
  tags = { "paid", "beans" },
  answers = { "no confirmation" },
  value = 6.5,
}

offer "parcel-on-its-way" {
  kind = "delivery_news",
  title = { es = "Tu paquete ya viaja: míralo en el mapa", en = "Your parcel is on its way: see it on the map" },
  url = { es = "/pedido/seguimiento", en = "/en/order/tracking" },
  stages = { "purchase" },
  tags = { "shipped" },
  answers = { "delays" },
  value = 8,
}

offer "pick-your-time" {
  kind = "delivery_news",
  title = { es = "Elige la franja de entrega que mejor te venga", en = "Pick the delivery time that suits you best" },
  url = { es = "/pedido/franja", en = "/en/order/time-slot" },
  stages = { "purchase" },
  tags = { "shipped" },
  answers = { "delays" },
  value = 6,
}

offer "running-late" {
  kind = "delivery_news",
  title = { es = "Vamos con retraso: nueva fecha y 5 € de disculpa", en = "We are running late: a new date, and €5 to say sorry" },
  url = { es = "/pedido/retraso", en = "/en/order/delay" },
  stages = { "purchase" },
  tags = { "delayed" },
  answers = { "delays" },
  value = 9,
  data = { euros = 5 },
}

offer "talk-to-marta" {
  kind = "support",
  title = { es = "¿Algo no cuadra en tu pedido? Marta lo mira contigo", en = "Something odd about your order? Marta looks into it with you" },
  url = { es = "/ayuda/pedido", en = "/en/help/order" },
  stages = { "purchase" },
  tags = { "delayed", "shipped", "paid" },
  answers = { "technical trouble", "delays" },
  value = 5,
}

-- Where strategies watch over it: never in the footer, where nobody asks whether the payment failed.
offer "payment-failed" {
  kind = "support",
  title = { es = "El pago no se ha completado: tres soluciones de un minuto", en = "The payment did not go through: three one-minute fixes" },
  url = { es = "/ayuda/pago", en = "/en/help/payment" },
  stages = { "purchase" },
  placements = { "hero", "sidebar", "checkout", "account", "email" },
  tags = { "payment_failed" },
  answers = { "technical trouble", "no confirmation" },
  value = 10,
}
