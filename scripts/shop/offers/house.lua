-- What the house shows when nothing fits better. `placements = {}`: these never compete, they only stand in.

offer "best-sellers" {
  kind = "showcase",
  title = { es = "Lo que más se lleva la gente cafetera", en = "What fellow coffee drinkers buy most" },
  url = { es = "/mas-vendidos", en = "/en/best-sellers" },
  placements = {},
}

offer "house-coffees" {
  kind = "showcase",
  title = { es = "Los cafés de la casa, tostados los lunes", en = "The house coffees, roasted on Mondays" },
  url = { es = "/cafes", en = "/en/coffees" },
  placements = {},
}

offer "our-workshop" {
  kind = "showcase",
  title = { es = "Quiénes somos: doce personas y una tostadora de 1964", en = "Who we are: twelve people and a roaster from 1964" },
  url = { es = "/nosotros", en = "/en/about" },
  placements = {},
}

offer "help-centre" {
  kind = "showcase",
  title = { es = "Envíos, devoluciones y pagos, explicados claro", en = "Delivery, returns and payment in plain words" },
  url = { es = "/ayuda", en = "/en/help" },
  placements = {},
}

offer "mail-preferences" {
  kind = "showcase",
  title = { es = "Tú decides qué te escribimos y cada cuánto", en = "You decide what we write to you, and how often" },
  url = { es = "/preferencias", en = "/en/preferences" },
  placements = {},
}

offer "your-brewing-corner" {
  kind = "showcase",
  title = { es = "Tu rincón: pedidos, recetas y cafés guardados", en = "Your corner: orders, recipes and saved coffees" },
  url = { es = "/cuenta", en = "/en/account" },
  placements = {},
}
