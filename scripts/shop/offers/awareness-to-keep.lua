-- For those who come back: guides and templates worth leaving an address for.

offer "one-afternoon-guide" {
  kind = "guide",
  title = { es = "Café de especialidad desde cero: la guía de una tarde", en = "Speciality coffee from scratch: a guide for one afternoon" },
  url = { es = "/guias/desde-cero.pdf", en = "/en/guides/from-scratch.pdf" },
  stages = { "awareness" },
  tags = { "beans", "download" },
  answers = { "unclear how to solve the need" },
  value = 4,
  data = { pages = 16 },
}

offer "water-guide" {
  kind = "guide",
  title = { es = "El 98 % de un café de filtro es agua: cómo elegirla", en = "Filter coffee is 98% water: how to choose yours" },
  url = { es = "/guias/agua.pdf", en = "/en/guides/water.pdf" },
  stages = { "awareness" },
  tags = { "filter", "download" },
  value = 3.2,
  data = { pages = 12 },
}

offer "tasting-notebook" {
  kind = "template",
  title = { es = "Cuaderno de cata para imprimir y manchar", en = "A tasting notebook to print and spill on" },
  url = { es = "/plantillas/cuaderno-de-cata.pdf", en = "/en/templates/tasting-notebook.pdf" },
  stages = { "awareness" },
  tags = { "beans", "download" },
  answers = { "coffee labels make no sense" },
  value = 3,
  data = { pages = 20 },
}

offer "recipe-sheet" {
  kind = "template",
  title = { es = "Hoja de recetas: gramos, segundos y qué cambiar mañana", en = "Recipe sheet: grams, seconds and what to change tomorrow" },
  url = { es = "/plantillas/recetas.xlsx", en = "/en/templates/recipes.xlsx" },
  stages = { "awareness" },
  personas = { "tinkerer" },
  tags = { "espresso", "download" },
  answers = { "sweet one day, bitter the next" },
  value = 3.9,
}

offer "gift-planner" {
  kind = "template",
  title = { es = "Planificador de regalos: a quién, qué y para cuándo", en = "Gift planner: for whom, what and by when" },
  url = { es = "/plantillas/regalos.pdf", en = "/en/templates/gifts.pdf" },
  stages = { "awareness" },
  personas = { "gift-giver" },
  tags = { "gifts", "download" },
  value = 3.4,
}

offer "flavour-profile" {
  kind = "lead_magnet",
  title = { es = "Diez preguntas y te decimos qué cafés te gustarán", en = "Ten questions, and we tell you which coffees you will like" },
  url = { es = "/test-de-sabor", en = "/en/flavour-test" },
  stages = { "awareness", "consideration" },
  tags = { "beans" },
  answers = { "unclear how to solve the need", "coffee labels make no sense" },
  value = 5,
  weight = 10,
  limit = { impressions = 5, within = "7d", rest = "10d" },
  data = { questions = 10, minutes = 3 },
}

offer "five-mornings" {
  kind = "lead_magnet",
  title = { es = "Cinco mañanas, cinco mejoras: minicurso por correo", en = "Five mornings, five improvements: a short course by e-mail" },
  url = { es = "/minicurso", en = "/en/short-course" },
  stages = { "awareness" },
  tags = { "filter", "moka" },
  answers = { "too much information" },
  value = 4.5,
  limit = { dismissals = 1, within = "7d", rest = "21d" },
  data = { lessons = 5 },
}
