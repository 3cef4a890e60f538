-- For those weighing kinds of solution: tools to fill in, fair comparisons, measurements and live sessions.

offer "annual-plan-sheet" {
  kind = "lead_magnet",
  title = { es = "Plan anual de mantenimiento, listo para rellenar", en = "Annual maintenance plan, ready to fill in" },
  url = { es = "/es/herramientas/plan-anual", en = "/en/tools/annual-plan" },
  stages = { "consideration", "learning" },
  tags = { "spreadsheet", "paper" },
  value = 18,
  data = { format = "xlsx", minutes = 40 },
}

offer "criticality-matrix" {
  kind = "lead_magnet",
  title = { es = "¿Qué máquina va primero? Matriz de criticidad en media hora", en = "Which machine comes first? A criticality matrix in half an hour" },
  url = { es = "/es/herramientas/criticidad", en = "/en/tools/criticality" },
  stages = { "consideration", "learning" },
  tags = { "stoppages", "spares" },
  value = 17,
  data = { format = "xlsx", minutes = 30 },
}

offer "choose-without-regrets" {
  kind = "guide",
  title = { es = "Elegir programa de mantenimiento sin arrepentirse", en = "Choosing maintenance software without regrets" },
  url = { es = "/es/guias/elegir", en = "/en/guides/choosing" },
  stages = { "learning" },
  answers = { "hard to compare" },
  value = 20,
  data = { pages = 24 },
}

offer "leaving-the-spreadsheet" {
  kind = "guide",
  title = { es = "Salir de la hoja de cálculo en dos semanas, sin perder el histórico", en = "Leaving the spreadsheet in two weeks without losing the history" },
  url = { es = "/es/guias/salir-de-la-hoja", en = "/en/guides/leaving-the-spreadsheet" },
  stages = { "learning" },
  tags = { "spreadsheet" },
  value = 18,
  data = { pages = 18 },
}

offer "four-ways" {
  kind = "comparison",
  title = {
    es = "Papel, hoja de cálculo, módulo del ERP o programa especializado: cuándo basta cada uno",
    en = "Paper, spreadsheet, ERP module or dedicated software: when each one will do",
  },
  url = { es = "/es/comparativas/cuatro-caminos", en = "/en/comparisons/four-ways" },
  stages = { "consideration", "learning" },
  tags = { "spreadsheet", "paper", "erp" },
  answers = { "hard to compare" },
  value = 17,
}

offer "erp-module-or-afina" {
  kind = "comparison",
  title = {
    es = "El módulo de mantenimiento de un ERP y Afina, función por función",
    en = "An ERP's maintenance module and Afina, feature by feature",
  },
  url = { es = "/es/comparativas/erp", en = "/en/comparisons/erp" },
  stages = { "consideration", "learning", "choosing" },
  tags = { "erp", "several-plants" },
  answers = { "hard to compare" },
  value = 15,
}

offer "sixty-four-plants" {
  kind = "technical_report",
  title = { es = "64 plantas medidas: paradas, horas y repuestos en 2026", en = "64 plants measured: stoppages, hours and spares in 2026" },
  url = { es = "/es/informes/64-plantas", en = "/en/reports/64-plants" },
  stages = { "consideration", "learning" },
  tags = { "stoppages", "cost", "spares" },
  answers = { "promises without figures" },
  value = 17,
  data = { pages = 32, plants = 64 },
}

offer "working-without-coverage" {
  kind = "technical_report",
  title = { es = "Sin cobertura en el sótano: cómo sincroniza Afina", en = "No signal in the basement: how Afina synchronises" },
  url = { es = "/es/informes/sin-cobertura", en = "/en/reports/without-coverage" },
  stages = { "consideration", "learning" },
  personas = { "it-manager", "technician" },
  tags = { "security", "shifts" },
  value = 26,
  data = { pages = 11 },
}

offer "downtime-calculator" {
  kind = "calculator",
  title = { es = "¿Cuánto te cuesta cada parada? Calcúlalo con tus cifras", en = "What does each stoppage cost you? Work it out with your figures" },
  url = { es = "/es/calculadoras/parada", en = "/en/calculators/downtime" },
  stages = { "consideration", "choosing" },
  tags = { "cost", "stoppages" },
  answers = { "promises without figures" },
  value = 18,
  data = { questions = 6 },
}

offer "three-year-cost" {
  kind = "calculator",
  title = { es = "Coste total a tres años, con los supuestos a la vista", en = "Total cost over three years, with every assumption in view" },
  url = { es = "/es/calculadoras/tres-anos", en = "/en/calculators/three-years" },
  stages = { "consideration", "choosing" },
  personas = { "finance-director", "purchasing-officer" },
  tags = { "cost" },
  value = 40,
  data = { questions = 11 },
}

offer "webinar-ninety-days" {
  kind = "webinar",
  title = { es = "Un plan de mantenimiento en noventa días: 10 de diciembre, 12:00", en = "A maintenance plan in ninety days: 10 December, 12:00" },
  url = { es = "/es/seminarios/noventa-dias", en = "/en/webinars/ninety-days" },
  stages = { "consideration", "learning" },
  tags = { "spreadsheet", "paper" },
  value = 24,
  starts = "2027-11-16", ends = "2027-12-10 12:00",
  limit = { impressions = 4, within = "7d", rest = "5d" },
  stock = 300,
  data = { minutes = 45 },
}

offer "webinar-machines-and-it" {
  kind = "webinar",
  title = { es = "Mantenimiento e informática en la misma mesa: 11 de febrero, 16:00", en = "Maintenance and IT at the same table: 11 February, 16:00" },
  url = { es = "/es/seminarios/misma-mesa", en = "/en/webinars/same-table" },
  stages = { "consideration", "learning" },
  tags = { "security", "sensors" },
  answers = { "every department asks for something else" },
  value = 22,
  starts = "2028-01-11", ends = "2028-02-11 16:00",
  limit = { impressions = 4, within = "7d", rest = "5d" },
  stock = 300,
  data = { minutes = 50 },
}

offer "thursday-open-session" {
  kind = "webinar",
  title = { es = "Los jueves a las nueve: preguntas abiertas sobre planificación", en = "Thursdays at nine: open questions on planning" },
  url = { es = "/es/seminarios/jueves", en = "/en/webinars/thursdays" },
  stages = { "consideration", "learning" },
  value = 19,
  data = { minutes = 30 },
}
