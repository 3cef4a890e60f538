-- The last stretch: price, terms, guarantees and the plan for going live.

offer "year-end-annual-plan" {
  kind = "discount",
  title = { es = "Un 15 % menos en el plan anual, hasta el 31 de diciembre", en = "15% off the annual plan until 31 December" },
  url = { es = "/es/precios/anual", en = "/en/pricing/annual" },
  stages = { "decision" },
  placements = { "pricing", "hero", "email" },
  tags = { "cost" },
  value = 90,
  starts = "2027-12-01", ends = "2027-12-31",
  data = { percent = 15 },
}

offer "small-workshop-rate" {
  kind = "discount",
  title = { es = "Tarifa taller: hasta cinco técnicos por 89 € al mes", en = "Workshop rate: up to five technicians for €89 a month" },
  url = { es = "/es/precios/taller", en = "/en/pricing/workshop" },
  stages = { "decision" },
  tags = { "small" },
  value = 40,
  data = { technicians = 5, euros_a_month = 89 },
}

offer "quote-in-a-day" {
  kind = "quote",
  title = { es = "Propuesta cerrada en un día laborable, lista para reenviar", en = "A firm proposal within one working day, ready to forward" },
  url = { es = "/es/propuesta", en = "/en/proposal" },
  stages = { "decision", "purchasing" },
  answers = { "prices that are not shown", "costs that turn up at the end" },
  value = 62,
  data = { hours = 24 },
}

offer "quote-for-a-group" {
  kind = "quote",
  title = { es = "Acuerdo marco para varias plantas: un contrato, facturas separadas", en = "Framework agreement for several plants: one contract, separate invoices" },
  url = { es = "/es/propuesta/grupo", en = "/en/proposal/group" },
  stages = { "decision", "purchasing" },
  tags = { "group" },
  value = 40,
}

offer "thirty-minutes-with-an-engineer" {
  kind = "advice_call",
  title = { es = "Media hora con un ingeniero de planta, no con un comercial", en = "Half an hour with a plant engineer, not a salesperson" },
  url = { es = "/es/llamada", en = "/en/call" },
  stages = { "decision", "purchasing" },
  value = 48,
  stock = 200,
  data = { minutes = 30 },
}

offer "ninety-day-guarantee" {
  kind = "guarantee",
  title = { es = "Si en noventa días no ves resultados, te devolvemos el dinero", en = "If you see no results in ninety days, you get your money back" },
  url = { es = "/es/garantias/noventa-dias", en = "/en/guarantees/ninety-days" },
  stages = { "purchasing" },
  tags = { "for-management", "for-finance" },
  value = 58,
  data = { days = 90 },
}

offer "your-data-leaves-with-you" {
  kind = "guarantee",
  title = { es = "Tus datos salen contigo: exportación completa y sin coste", en = "Your data leaves with you: full export at no charge" },
  url = { es = "/es/garantias/salida", en = "/en/guarantees/exit" },
  stages = { "purchasing" },
  tags = { "for-it", "for-legal", "security" },
  answers = { "Is there small print?" },
  value = 50,
}

offer "going-live-in-six-weeks" {
  kind = "implementation_plan",
  title = { es = "De la firma a toda la planta en marcha: seis semanas, con nombres y fechas", en = "From signature to the whole plant up and running: six weeks, with names and dates" },
  url = { es = "/es/puesta-en-marcha", en = "/en/going-live" },
  stages = { "purchasing" },
  tags = { "for-it", "for-management" },
  answers = { "When will it be up and running?" },
  value = 60,
  data = { weeks = 6 },
}

offer "contract-desk" {
  kind = "support",
  title = { es = "Rocío contesta hoy: contrato, anexos y alta de proveedor", en = "Rocío answers today: contract, annexes and supplier registration" },
  url = { es = "/es/contratos", en = "/en/contracts" },
  stages = { "purchasing" },
  personas = { "purchasing-officer", "finance-director" },
  tags = { "for-legal" },
  answers = { "contract ping-pong" },
  value = 66,
}
