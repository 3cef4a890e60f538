-- The first weeks with it: one-page starts and short lessons for each way of making coffee.

-- `brewer` in data says which way of making coffee a lesson is about; strategies compare it with what the customer uses.
-- `first-time` is for those who begin: whoever has ordered before is spared it.
offer "first-espresso" {
  kind = "quick_guide",
  title = { es = "Tu primer espresso en cinco pasos", en = "Your first espresso in five steps" },
  url = { es = "/empezar/espresso", en = "/en/start/espresso" },
  stages = { "experience" },
  tags = { "espresso", "first-time" },
  answers = { "technical problems" },
  value = 9,
  data = { brewer = "espresso", minutes = 6 },
}

offer "first-filter" {
  kind = "quick_guide",
  title = { es = "Filtro para dos: vierte, espera y sirve", en = "Filter for two: pour, wait and serve" },
  url = { es = "/empezar/filtro", en = "/en/start/filter" },
  stages = { "experience" },
  tags = { "filter", "first-time" },
  value = 8.5,
  data = { brewer = "filter", minutes = 4 },
}

offer "first-moka" {
  kind = "quick_guide",
  title = { es = "La moka sin amargor: fuego bajo y tapa abierta", en = "A moka pot without bitterness: low heat, open lid" },
  url = { es = "/empezar/moka", en = "/en/start/moka" },
  stages = { "experience" },
  tags = { "moka", "first-time" },
  value = 8,
  data = { brewer = "moka", minutes = 3 },
}

offer "start-with-your-brewer" {
  kind = "quick_guide",
  title = { es = "Dinos qué cafetera usas y te enseñamos a sacarle partido", en = "Tell us what you brew with, and we show you how to get the best out of it" },
  url = { es = "/empezar", en = "/en/start" },
  stages = { "experience" },
  tags = { "espresso", "filter", "moka" },
  answers = { "lack of support" },
  value = 7.8,
  data = { minutes = 3 },
}

offer "set-your-grinder" {
  kind = "quick_guide",
  title = { es = "¿Mueles en casa? Pon a punto el molinillo en dos minutos", en = "Grinding at home? Set your grinder in two minutes" },
  url = { es = "/empezar/molinillo", en = "/en/start/grinder" },
  stages = { "experience" },
  tags = { "grinders" },
  answers = { "technical problems" },
  value = 7.5,
  data = { minutes = 2 },
}

offer "dialling-in" {
  kind = "tutorial",
  title = { es = "¿Amargo o ácido? Corrige tu espresso con una sola rueda", en = "Bitter or sour? Put your espresso right with a single dial" },
  url = { es = "/aprender/calibrar", en = "/en/learn/dialling-in" },
  stages = { "experience" },
  tags = { "espresso", "grinders", "troubleshooting" },
  answers = { "technical problems", "sweet one day, bitter the next" },
  value = 7.2,
  data = { brewer = "espresso", minutes = 12 },
}

offer "velvet-milk" {
  kind = "tutorial",
  title = { es = "Leche aterciopelada en siete desayunos", en = "Velvety milk in seven breakfasts" },
  url = { es = "/aprender/leche", en = "/en/learn/milk" },
  stages = { "experience" },
  tags = { "espresso", "milk" },
  value = 6.8,
  data = { brewer = "espresso", minutes = 15 },
}

offer "pouring-evenly" {
  kind = "tutorial",
  title = { es = "El chorro: cómo verter para que el filtro salga dulce", en = "The pour: how to keep filter coffee sweet" },
  url = { es = "/aprender/verter", en = "/en/learn/pouring" },
  stages = { "experience" },
  tags = { "filter", "troubleshooting" },
  value = 6.6,
  data = { brewer = "filter", minutes = 9 },
}

offer "sunday-cleaning" {
  kind = "tutorial",
  title = { es = "Limpieza de domingo: diez minutos y te dura años", en = "Sunday cleaning: ten minutes now, years of use" },
  url = { es = "/aprender/limpieza", en = "/en/learn/cleaning" },
  stages = { "experience" },
  tags = { "espresso", "moka", "filter", "troubleshooting" },
  answers = { "technical problems" },
  value = 5.9,
  data = { minutes = 10 },
}
