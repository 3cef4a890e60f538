-- For those who trust people more than tables: real stories, live sessions and machines to touch.

offer "laura-leaves-capsules" {
  kind = "success_story",
  title = { es = "Laura cambió las cápsulas por una moka y no ha vuelto a ellas", en = "Laura swapped capsules for a moka pot and never looked back" },
  url = { es = "/historias/laura", en = "/en/stories/laura" },
  stages = { "consideration" },
  personas = { "newcomer" },
  tags = { "moka", "savings" },
  answers = { "contradictory opinions", "capsules cost a fortune" },
  value = 9,
  data = { minutes = 4 },
}

offer "tomas-and-his-notebook" {
  kind = "success_story",
  title = { es = "La libreta de Tomás: 61 espressos hasta dar con el suyo", en = "Tomás's notebook: 61 espressos until he found his own" },
  url = { es = "/historias/tomas", en = "/en/stories/tomas" },
  stages = { "consideration" },
  personas = { "tinkerer" },
  tags = { "espresso", "grinders" },
  answers = { "sweet one day, bitter the next" },
  value = 9,
  data = { minutes = 8 },
}

offer "iker-never-runs-out" {
  kind = "success_story",
  title = { es = "Iker trabaja en casa y lleva dos años sin quedarse sin café", en = "Iker works from home and has not run out of coffee in two years" },
  url = { es = "/historias/iker", en = "/en/stories/iker" },
  stages = { "consideration" },
  personas = { "home-office" },
  tags = { "subscription", "filter" },
  answers = { "runs out midweek" },
  value = 9,
  data = { minutes = 5 },
}

offer "a-present-for-dad" {
  kind = "success_story",
  title = { es = "El regalo de jubilación que ahora hace el café de cada desayuno", en = "The retirement present that now makes every breakfast's coffee" },
  url = { es = "/historias/jubilacion", en = "/en/stories/retirement" },
  stages = { "consideration" },
  personas = { "gift-giver" },
  tags = { "gifts" },
  answers = { "contradictory opinions" },
  value = 9,
  data = { minutes = 3 },
}

offer "live-cupping" {
  kind = "webinar",
  title = { es = "Cata en directo: tres cafés de Huila, jueves 2 de diciembre", en = "Live tasting: three coffees from Huila, Thursday 2 December" },
  url = { es = "/en-directo/cata-huila", en = "/en/live/huila-tasting" },
  stages = { "consideration" },
  tags = { "beans", "origin" },
  answers = { "contradictory opinions" },
  value = 10.5,
  starts = "2027-11-10",
  ends = "2027-12-02 19:00",
  stock = 80,                            -- seats
  data = { minutes = 50, seats = 80 },
}

offer "espresso-clinic" {
  kind = "webinar",
  title = { es = "Clínica de espresso: trae tu problema y sal con una receta", en = "Espresso clinic: bring your problem, leave with a recipe" },
  url = { es = "/en-directo/clinica", en = "/en/live/clinic" },
  stages = { "consideration" },
  tags = { "espresso" },
  answers = { "sweet one day, bitter the next" },
  value = 9.8,
  limit = { impressions = 4, within = "14d", rest = "14d" },
  data = { minutes = 45 },
}

offer "machine-on-camera" {
  kind = "demo",
  title = { es = "Te enseñamos la máquina por videollamada, gratis", en = "We show you the machine on a video call, free of charge" },
  url = { es = "/demostracion", en = "/en/demo" },
  stages = { "consideration" },
  tags = { "espresso" },
  answers = { "hard to compare" },
  value = 11.5,
  data = { minutes = 20 },
}

offer "try-it-in-madrid" {
  kind = "demo",
  title = { es = "Prueba cuatro molinillos en nuestra tienda de Madrid", en = "Try four grinders at our shop in Madrid" },
  url = { es = "/tienda-madrid", en = "/en/madrid-shop" },
  stages = { "consideration" },
  tags = { "grinders", "shop" },
  answers = { "contradictory opinions" },
  value = 8.6,
}
