-- For those who weigh options: tables, measurements, lists and sums that settle a doubt.

offer "manual-or-electric" {
  kind = "comparison",
  title = { es = "¿Molinillo manual o eléctrico? Cara a cara", en = "Hand grinder or electric? Side by side" },
  url = { es = "/comparar/molinillos", en = "/en/compare/grinders" },
  stages = { "consideration" },
  tags = { "grinders" },
  answers = { "hard to compare" },
  value = 9,
}

offer "machines-side-by-side" {
  kind = "comparison",
  title = { es = "Seis máquinas de espresso, una tabla y ningún adjetivo", en = "Six espresso machines, one table and no adjectives" },
  url = { es = "/comparar/espresso", en = "/en/compare/espresso" },
  stages = { "consideration" },
  personas = { "tinkerer", "newcomer" },
  tags = { "espresso" },
  answers = { "hard to compare", "reviews measure nothing" },
  value = 12,
}

offer "cone-press-or-moka" {
  kind = "comparison",
  title = { es = "Cono, émbolo o moka: cuál va con tus mañanas", en = "Cone, press or moka pot: which suits your mornings" },
  url = { es = "/comparar/cafeteras", en = "/en/compare/brewers" },
  stages = { "consideration" },
  tags = { "filter", "moka" },
  answers = { "hard to compare" },
  value = 8,
}

offer "gifts-by-budget" {
  kind = "comparison",
  title = { es = "Regalos de 20 €, 50 € y 100 €, comparados", en = "Presents for €20, €50 and €100, compared" },
  url = { es = "/comparar/regalos", en = "/en/compare/gifts" },
  stages = { "consideration" },
  personas = { "gift-giver" },
  tags = { "gifts" },
  answers = { "hard to compare", "does not know which brewer they own" },
  value = 11,
}

offer "twelve-grinders-measured" {
  kind = "technical_report",
  title = { es = "Doce molinillos bajo el láser: tamaño de partícula y ruido", en = "Twelve grinders under the laser: particle size and noise" },
  url = { es = "/informes/molinillos.pdf", en = "/en/reports/grinders.pdf" },
  stages = { "consideration" },
  tags = { "grinders", "download" },
  answers = { "contradictory opinions", "reviews measure nothing" },
  value = 7,
  data = { pages = 31 },
}

offer "one-hour-of-heat" {
  kind = "technical_report",
  title = { es = "Una hora encendidas: así mantienen la temperatura ocho máquinas", en = "One hour on: how eight machines hold their temperature" },
  url = { es = "/informes/temperatura.pdf", en = "/en/reports/temperature.pdf" },
  stages = { "consideration" },
  personas = { "tinkerer" },
  tags = { "espresso", "download" },
  answers = { "reviews measure nothing", "sweet one day, bitter the next" },
  value = 9.5,
  data = { pages = 22 },
}

offer "grinder-checklist" {
  kind = "checklist",
  title = { es = "Ocho cosas que mirar antes de comprar un molinillo", en = "Eight things to look at before buying a grinder" },
  url = { es = "/listas/molinillo", en = "/en/checklists/grinder" },
  stages = { "consideration" },
  tags = { "grinders" },
  answers = { "hard to compare" },
  value = 6,
}

offer "will-it-fit" {
  kind = "checklist",
  title = { es = "¿Cabe en tu cocina? Fondo, enchufe, ruido y vapor", en = "Will it fit your kitchen? Depth, socket, noise and steam" },
  url = { es = "/listas/cocina", en = "/en/checklists/kitchen" },
  stages = { "consideration" },
  tags = { "espresso" },
  value = 5.5,
}

offer "before-you-give" {
  kind = "checklist",
  title = { es = "Siete preguntas discretas antes de regalar una cafetera", en = "Seven discreet questions before giving someone a coffee maker" },
  url = { es = "/listas/regalo", en = "/en/checklists/gift" },
  stages = { "consideration" },
  personas = { "gift-giver" },
  tags = { "gifts" },
  answers = { "does not know which brewer they own" },
  value = 7.5,
}

offer "capsule-calculator" {
  kind = "calculator",
  title = { es = "¿Cuánto te cuestan las cápsulas al año? Haz la cuenta", en = "What do capsules cost you in a year? Do the sums" },
  url = { es = "/calcular/capsulas", en = "/en/calculate/capsules" },
  stages = { "consideration" },
  personas = { "newcomer" },
  tags = { "beans", "savings" },
  answers = { "capsules cost a fortune" },
  value = 10,
}

offer "coffee-rhythm" {
  kind = "calculator",
  title = { es = "Calcula tu ritmo: cuántas bolsas al mes, sin que falte ni sobre", en = "Find your rhythm: how many bags a month, without running out or piling up" },
  url = { es = "/calcular/ritmo", en = "/en/calculate/rhythm" },
  stages = { "consideration" },
  tags = { "subscription", "filter", "savings" },
  answers = { "runs out midweek" },
  value = 7.8,
}

offer "grinder-guide" {
  kind = "guide",
  title = { es = "Elegir molinillo: qué compra cada euro de más", en = "Choosing a grinder: what each extra euro buys" },
  url = { es = "/guias/molinillos.pdf", en = "/en/guides/grinders.pdf" },
  stages = { "consideration" },
  tags = { "grinders", "download" },
  answers = { "hard to compare" },
  value = 8.5,
  data = { pages = 24 },
}

offer "first-machine-guide" {
  kind = "guide",
  title = { es = "Tu primera máquina de espresso, sin arrepentirte", en = "Your first espresso machine, without regrets" },
  url = { es = "/guias/primera-maquina.pdf", en = "/en/guides/first-machine.pdf" },
  stages = { "consideration" },
  tags = { "espresso", "download" },
  answers = { "contradictory opinions" },
  value = 8.8,
  data = { pages = 28 },
}

offer "machines-on-one-page" {
  kind = "lead_magnet",
  title = { es = "Catorce máquinas en una sola página, para imprimir", en = "Fourteen machines on a single page, to print" },
  url = { es = "/guias/catorce-maquinas", en = "/en/guides/fourteen-machines" },
  stages = { "consideration" },
  tags = { "espresso", "download" },
  answers = { "hard to compare" },
  value = 8.2,
  limit = { impressions = 4, within = "7d", rest = "14d" },
}
