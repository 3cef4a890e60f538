-- The first weeks with us: friendly questions, a hand when something resists, and ideas to enjoy it more.

offer "how-was-the-first-week" {
  kind = "follow_up",
  title = { es = "¿Qué tal la primera semana? Cuéntanoslo en un minuto", en = "How was the first week? Tell us in a minute" },
  url = { es = "/que-tal", en = "/en/how-is-it-going" },
  stages = { "experience" },
  answers = { "lack of support" },
  value = 6.2,
  limit = { impressions = 2, within = "7d", rest = "30d" },
}

offer "we-look-at-it-together" {
  kind = "follow_up",
  title = { es = "¿Se te resiste? Lo vemos juntos por videollamada", en = "Is it giving you trouble? Let us look at it together on a video call" },
  url = { es = "/ayuda/videollamada", en = "/en/help/video-call" },
  stages = { "experience" },
  tags = { "troubleshooting" },
  answers = { "lack of support", "technical problems" },
  value = 6,
  data = { minutes = 15 },
}

offer "twelve-desserts" {
  kind = "complementary_content",
  title = { es = "Doce postres que piden café", en = "Twelve desserts that call for coffee" },
  url = { es = "/ideas/postres", en = "/en/ideas/desserts" },
  stages = { "experience" },
  tags = { "recipes" },
  value = 4.5,
  data = { recipes = 12 },
}

offer "who-grows-our-coffee" {
  kind = "complementary_content",
  title = { es = "Rosa Elvira, que cultiva nuestro café de Huila", en = "Rosa Elvira, who grows our coffee from Huila" },
  url = { es = "/ideas/rosa-elvira", en = "/en/ideas/rosa-elvira" },
  stages = { "experience" },
  tags = { "origin", "beans" },
  value = 5.2,
  data = { minutes = 7 },
}

offer "coffee-on-ice" {
  kind = "complementary_content",
  title = { es = "Café con hielo que no sabe a agua: tres recetas", en = "Iced coffee that does not taste of water: three recipes" },
  url = { es = "/ideas/con-hielo", en = "/en/ideas/on-ice" },
  stages = { "experience" },
  tags = { "recipes", "filter" },
  value = 4.8,
  data = { recipes = 3 },
}
