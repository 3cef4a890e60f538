?-- For the curious: things to read, watch and look at that ask for nothing in return.

offer "why-coffee-tastes-flat" {
  kind = "article",
  title = { es = "Por qué el café de casa sabe plano (y no es culpa tuya)", en = "Why coffee at home tastes flat (and it is not your fault)" },
  url = { es = "/leer/cafe-plano", en = "/en/read/flat-coffee" },
  stages = { "awareness" },
  tags = { "beans", "grinders" },
  answers = { "unclear how to solve the need" },
  value = 3,
  data = { minutes = 5 },
}

offer "the-date-that-matters" {
  kind = "article",
  title = { es = "La fecha que importa es la del tueste", en = "The date that matters is the roasting date" },
  url = { es = "/leer/fecha-de-tueste", en = "/en/read/roasting-date" },
  stages = { "awareness" },
  tags = { "beans", "labels" },
  answers = { "coffee labels make no sense" },
  value = 2.4,
  data = { minutes = 4 },
}

offer "three-cups-a-day" {
  kind = "article",
  title = { es = "Tres tazas al día y dormir como siempre", en = "Three cups a day and a good night's sleep" },
  url = { es = "/leer/tres-tazas", en = "/en/read/three-cups" },
  stages = { "awareness" },
  personas = { "home-office" },
  tags = { "filter", "decaf" },
  answers = { "the third cup makes her jittery" },
  value = 3.5,
  data = { minutes = 7 },
}

offer "giving-coffee-blind" {
  kind = "article",
  title = { es = "Regalar café sin saber nada de café", en = "Giving coffee when you know nothing about it" },
  url = { es = "/leer/regalar-cafe", en = "/en/read/giving-coffee" },
  stages = { "awareness" },
  personas = { "gift-giver" },
  tags = { "gifts" },
  answers = { "does not know which brewer they own" },
  value = 3.8,
  data = { minutes = 6 },
}

offer "what-crema-says" {
  kind = "article",
  title = { es = "Lo que la crema cuenta de tu espresso y lo que se calla", en = "What crema tells about your espresso, and what it hides" },
  url = { es = "/leer/la-crema", en = "/en/read/crema" },
  stages = { "awareness" },
  personas = { "tinkerer" },
  tags = { "espresso" },
  answers = { "sweet one day, bitter the next" },
  value = 3.6,
  data = { minutes = 9 },
}

offer "from-cherry-to-cup" {
  kind = "video",
  title = { es = "De la cereza a la taza en cuatro minutos", en = "From cherry to cup in four minutes" },
  url = { es = "/ver/de-la-cereza-a-la-taza", en = "/en/watch/cherry-to-cup" },
  stages = { "awareness" },
  tags = { "origin", "beans" },
  answers = { "too much information" },
  value = 2.8,
  data = { minutes = 4 },
}

offer "grinding-in-slow-motion" {
  kind = "video",
  title = { es = "Así se parte un grano: molienda a cámara lenta", en = "How a bean breaks: grinding in slow motion" },
  url = { es = "/ver/molienda-lenta", en = "/en/watch/slow-grinding" },
  stages = { "awareness" },
  tags = { "grinders" },
  value = 2.2,
  data = { minutes = 2 },
}

offer "one-bean-three-brewers" {
  kind = "video",
  title = { es = "Un grano, tres cafeteras, tres sabores", en = "One bean, three brewers, three flavours" },
  url = { es = "/ver/un-grano-tres-cafeteras", en = "/en/watch/one-bean-three-brewers" },
  stages = { "awareness" },
  tags = { "filter", "moka", "espresso" },
  answers = { "unclear how to solve the need" },
  value = 2.6,
  data = { minutes = 6 },
}

offer "flavour-map" {
  kind = "infographic",
  title = { es = "El mapa de sabores: del cacao al jazmín", en = "The flavour map: from cocoa to jasmine" },
  url = { es = "/ver/mapa-de-sabores", en = "/en/see/flavour-map" },
  stages = { "awareness" },
  tags = { "beans", "labels", "origin" },
  answers = { "too much information", "coffee labels make no sense" },
  value = 2.5,
}

offer "which-grind-for-what" {
  kind = "infographic",
  title = { es = "Qué molienda pide cada cafetera, de un vistazo", en = "Which grind each brewer needs, at a glance" },
  url = { es = "/ver/moliendas", en = "/en/see/grind-sizes" },
  stages = { "awareness" },
  tags = { "grinders", "filter", "moka", "espresso" },
  answers = { "too much information" },
  value = 2.1,
}

offer "a-cup-in-figures" {
  kind = "infographic",
  title = { es = "Una buena taza en tres cifras: gramos, grados y minutos", en = "A good cup in three figures: grams, degrees, minutes" },
  url = { es = "/ver/taza-en-cifras", en = "/en/see/cup-in-figures" },
  stages = { "awareness" },
  tags = { "filter" },
  answers = { "unclear how to solve the need" },
  value = 1.9,
}
