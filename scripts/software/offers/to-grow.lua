-- For customers with a habit: results to show, news that concerns them, people to meet, and only then something more.

offer "quarterly-results" {
  kind = "business_review",
  title = { es = "Revisión trimestral: tus resultados en tres gráficas para dirección", en = "Quarterly review: your results in three charts for management" },
  url = { es = "/es/resultados", en = "/en/results" },
  stages = { "retention", "satisfaction" },
  tags = { "results" },
  value = 35,
  data = { minutes = 45 },
}

offer "what-is-missing" {
  kind = "survey",
  title = { es = "¿Qué echas en falta? Tres preguntas y te contamos qué haremos", en = "What is missing? Three questions, and we tell you what we will do about it" },
  url = { es = "/es/encuesta", en = "/en/survey" },
  stages = { "retention", "satisfaction" },
  value = 16,
  data = { questions = 3 },
}

offer "autumn-news" {
  kind = "release_notes",
  title = { es = "Novedades: el relevo de turno se dicta y queda escrito", en = "What's new: dictate the shift handover and have it in writing" },
  url = { es = "/es/novedades/relevo-dictado", en = "/en/news/dictated-handover" },
  stages = { "satisfaction" },
  tags = { "shifts" },
  value = 18,
}

-- In the month of the anniversary: strategies ask how long they have been customers.
offer "a-year-together" {
  kind = "thank_you",
  title = { es = "Un año juntos: lo que vuestro equipo ha conseguido, y gracias", en = "A year together: what your team has achieved, and thank you" },
  url = { es = "/es/gracias", en = "/en/thank-you" },
  stages = { "satisfaction" },
  placements = { "in_app", "hero" },
  tags = { "anniversary" },
  value = 14,
}

offer "spares-module" {
  kind = "up_sell",
  title = { es = "Módulo de repuestos: que la pieza esté antes que la avería", en = "Spares module: have the part before the breakdown" },
  url = { es = "/es/modulos/repuestos", en = "/en/modules/spares" },
  stages = { "retention" },
  tags = { "spares" },
  value = 38,
  data = { euros_a_month = 120 },
}

offer "group-plan" {
  kind = "up_sell",
  title = { es = "Plan Grupo: todas las plantas en el mismo tablero", en = "Group plan: every plant on the same board" },
  url = { es = "/es/precios/grupo", en = "/en/pricing/group" },
  stages = { "retention" },
  personas = { "plant-manager", "it-manager", "finance-director" },
  tags = { "group" },
  value = 44,
}

offer "user-day" {
  kind = "user_group",
  title = { es = "Encuentro de usuarios en Vitoria: 18 de mayo, visita a planta incluida", en = "User day in Vitoria: 18 May, plant visit included" },
  url = { es = "/es/encuentro", en = "/en/user-day" },
  stages = { "referral", "satisfaction" },
  value = 42,
  starts = "2028-03-01", ends = "2028-05-18",
  stock = 120,
  data = { city = "Vitoria-Gasteiz" },
}

offer "monthly-round-table" {
  kind = "user_group",
  title = { es = "Mesa mensual entre plantas: una hora, un problema, diez colegas", en = "Monthly round table: one hour, one problem, ten peers" },
  url = { es = "/es/mesa-mensual", en = "/en/round-table" },
  stages = { "referral", "satisfaction" },
  tags = { "no-reward" },
  value = 30,
  data = { seats = 10 },
}
