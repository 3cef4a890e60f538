-- What stands in each place when nothing better fits. Never chosen on merit: they have no placement of their own.

offer "meet-afina" {
  kind = "showcase",
  title = { es = "Afina: el mantenimiento de tu fábrica, planificado", en = "Afina: your factory's maintenance, planned" },
  url = { es = "/es/producto", en = "/en/product" },
  placements = {},
}

offer "monthly-letter" {
  kind = "newsletter",
  title = { es = "Una carta al mes sobre fábricas que funcionan", en = "One letter a month about factories that run" },
  url = { es = "/es/carta", en = "/en/letter" },
  placements = {},
}

offer "ask-a-person" {
  kind = "showcase",
  title = { es = "¿Dudas con el precio? Escríbenos y contesta una persona", en = "Questions about the price? Write to us and a person will answer" },
  url = { es = "/es/contacto", en = "/en/contact" },
  placements = {},
}

offer "help-centre" {
  kind = "showcase",
  title = { es = "Centro de ayuda: busca, pregunta o llama", en = "Help centre: search, ask or call" },
  url = { es = "/es/ayuda", en = "/en/help" },
  placements = {},
}

offer "mail-preferences" {
  kind = "showcase",
  title = { es = "Tú decides qué te escribimos y cada cuánto", en = "You decide what we write to you, and how often" },
  url = { es = "/es/preferencias", en = "/en/preferences" },
  placements = {},
}

offer "company-overview" {
  kind = "showcase",
  title = { es = "Afina en cinco diapositivas", en = "Afina in five slides" },
  url = { es = "/es/presentacion", en = "/en/slides" },
  placements = {},
}
