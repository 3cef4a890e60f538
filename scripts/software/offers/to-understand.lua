-- For those who have named the problem: long reading, and the words of people who had it too.

offer "from-firefighting-to-planning" {
  kind = "ebook",
  title = { es = "De apagar fuegos a planificar: doce meses en una fábrica", en = "From firefighting to planning: twelve months in a factory" },
  url = { es = "/es/libros/doce-meses", en = "/en/books/twelve-months" },
  stages = { "consideration", "discovering" },
  placements = { "hero", "sidebar", "resources", "email", "sales_desk" },
  tags = { "spreadsheet", "paper" },
  value = 14,
  data = { pages = 46 },
}

offer "maintenance-for-those-who-sign" {
  kind = "ebook",
  title = { es = "Mantenimiento para quien firma: treinta páginas sin jerga", en = "Maintenance for those who sign: thirty pages, no jargon" },
  url = { es = "/es/libros/para-quien-firma", en = "/en/books/for-those-who-sign" },
  stages = { "consideration", "discovering" },
  personas = { "plant-manager", "finance-director" },
  tags = { "cost" },
  answers = { "promises without figures" },
  value = 26,
  data = { pages = 30 },
}

offer "olga-stopped-counting" {
  kind = "testimonial",
  title = {
    es = "«Dejé de contar averías y empecé a contar horas libres». Olga, Conservas Ría Baixa",
    en = "“I stopped counting breakdowns and started counting free hours.” Olga, Conservas Ría Baixa",
  },
  url = { es = "/es/clientes/olga", en = "/en/customers/olga" },
  stages = { "consideration", "discovering" },
  tags = { "food", "stoppages" },
  value = 12,
  data = { industry = "food", seconds = 75 },
}

offer "no-more-notebook" {
  kind = "testimonial",
  title = {
    es = "«Mi libreta se jubiló antes que yo». Ramón, técnico en Talleres Arrieta",
    en = "“My notebook retired before I did.” Ramón, technician at Talleres Arrieta",
  },
  url = { es = "/es/clientes/ramon", en = "/en/customers/ramon" },
  stages = { "consideration", "discovering" },
  tags = { "metal", "paper", "shifts" },
  value = 11,
  data = { industry = "metal", seconds = 60 },
}

offer "story-ria-baixa" {
  kind = "success_story",
  title = {
    es = "Conservas Ría Baixa: de 31 a 9 paradas al mes en plena campaña del atún",
    en = "Conservas Ría Baixa: from 31 stoppages a month to 9 in the middle of tuna season",
  },
  url = { es = "/es/casos/ria-baixa", en = "/en/stories/ria-baixa" },
  stages = { "consideration", "discovering", "choosing" },
  tags = { "food", "stoppages", "audit" },
  value = 16,
  data = { industry = "food", months = 7 },
}

offer "story-arrieta" {
  kind = "success_story",
  title = {
    es = "Talleres Arrieta: nueve técnicos, tres turnos y ningún parte en papel",
    en = "Talleres Arrieta: nine technicians, three shifts and not one paper report",
  },
  url = { es = "/es/casos/arrieta", en = "/en/stories/arrieta" },
  stages = { "consideration", "discovering", "choosing" },
  tags = { "metal", "paper", "shifts" },
  value = 16,
  data = { industry = "metal", months = 4 },
}

offer "story-northmoor" {
  kind = "success_story",
  title = {
    es = "Northmoor Ceramics: cuatro plantas que por fin cuentan las horas igual",
    en = "Northmoor Ceramics: four plants that count their hours alike at last",
  },
  url = { es = "/es/casos/northmoor", en = "/en/stories/northmoor" },
  stages = { "consideration", "discovering", "choosing" },
  tags = { "ceramics", "several-plants", "erp" },
  value = 15,
  data = { industry = "ceramics", months = 11 },
}
