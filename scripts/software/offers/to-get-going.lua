-- For customers: the first result soon, the whole team on board, and material that enriches what they bought.

offer "first-line-in-a-week" {
  kind = "onboarding",
  title = { es = "Tu primera línea planificada en una semana, con Iván al teléfono", en = "Your first line planned in a week, with Iván on the phone" },
  url = { es = "/es/arranque", en = "/en/start" },
  stages = { "retention", "satisfaction" },
  tags = { "first-steps" },
  value = 40,
  data = { days = 5 },
}

offer "morning-in-the-workshop" {
  kind = "training",
  title = { es = "Una mañana en tu taller: los técnicos aprenden con sus propias órdenes", en = "A morning in your workshop: technicians learn on their own orders" },
  url = { es = "/es/formacion/taller", en = "/en/training/workshop" },
  stages = { "retention", "satisfaction" },
  tags = { "first-steps", "shifts" },
  value = 36,
  stock = 25,
  data = { hours = 4 },
}

offer "planners-course" {
  kind = "training",
  title = { es = "Curso para planificadores: repartir la semana sin que se rompa el martes", en = "Planners' course: filling the week so that it survives Tuesday" },
  url = { es = "/es/formacion/planificadores", en = "/en/training/planners" },
  stages = { "retention", "satisfaction" },
  personas = { "maintenance-manager" },
  value = 39,
  data = { hours = 6 },
}

offer "lubrication-cards" {
  kind = "complementary_content",
  title = { es = "Fichas de engrase para imprimir y colgar junto a cada máquina", en = "Lubrication cards to print and hang beside each machine" },
  url = { es = "/es/material/fichas-de-engrase", en = "/en/material/lubrication-cards" },
  stages = { "retention" },
  tags = { "lubrication" },
  value = 14,
  data = { cards = 24 },
}

offer "holiday-cover-kit" {
  kind = "complementary_content",
  title = { es = "Agosto sin sobresaltos: plan de parada y relevo de vacaciones", en = "A quiet August: shutdown plan and holiday cover" },
  url = { es = "/es/material/agosto", en = "/en/material/august" },
  stages = { "retention" },
  tags = { "shifts" },
  value = 22,
  starts = "2028-05-01", ends = "2028-07-31",
  data = { pages = 8 },
}

offer "free-seat" {
  kind = "coupon",
  title = { es = "Una plaza gratis en cualquier curso, para quien tú elijas", en = "One free seat on any course, for whoever you choose" },
  url = { es = "/es/vales/plaza", en = "/en/vouchers/seat" },
  stages = { "retention" },
  consent = "marketing",
  limit = { impressions = 3, within = "14d", rest = "60d" },
  value = 38,
  stock = 80,
  data = { code = "SEAT" },
}

-- For those whose orders Maite has gone through: strategies ask `orders_read` in the context.
offer "note-from-your-planner" {
  kind = "personal_message",
  title = { es = "He mirado vuestras órdenes de este mes y tengo una idea. — Maite", en = "I went through your orders this month and have an idea. — Maite" },
  url = { es = "/es/mensajes/maite", en = "/en/messages/maite" },
  stages = { "retention" },
  placements = { "hero", "email" },
  tags = { "their-orders" },
  consent = "marketing",
  limit = { decisions = 1, within = "30d", rest = "30d" },
  value = 34,
}
