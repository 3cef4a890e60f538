-- Thanks and rewards for those who come back; the products we suggest to them are in catalogue.csv.

-- The tags say for whom: strategies show these two while a question of theirs is open or an order of theirs is in trouble,
-- and only then.
offer "thanks-for-your-patience" {
  kind = "thank_you",
  title = { es = "Gracias por tu paciencia: seguimos con lo tuyo", en = "Thank you for your patience: we are still on it" },
  url = { es = "/ayuda/mi-consulta", en = "/en/help/my-question" },
  stages = { "retention" },
  placements = { "hero", "sidebar", "account" },
  tags = { "unsolved", "question" },
  value = 6,
}

offer "thanks-for-your-order" {
  kind = "thank_you",
  title = {
    es = "Gracias por tu pedido: mira aquí cómo va y si le falta algo",
    en = "Thank you for your order: see here how it stands and whether it needs anything",
  },
  url = { es = "/pedido", en = "/en/order" },
  stages = { "retention" },
  placements = { "hero", "sidebar", "account" },
  tags = { "unsolved", "order" },
  value = 7,
}

offer "thanks-from-the-roaster" {
  kind = "thank_you",
  title = { es = "Gracias de verdad. Firmado: Julián, el que tuesta", en = "Thank you, and I mean it. Signed: Julián, who roasts" },
  url = { es = "/gracias", en = "/en/thanks" },
  stages = { "retention" },
  answers = { "little contact" },
  value = 6,
  limit = { impressions = 2, within = "14d", rest = "60d" },
}

offer "your-year-in-cups" {
  kind = "thank_you",
  title = { es = "Tu año en tazas: lo que hemos tostado para ti", en = "Your year in cups: what we roasted for you" },
  url = { es = "/tu-ano", en = "/en/your-year" },
  stages = { "retention" },
  answers = { "little contact" },
  value = 6.5,
  starts = "2027-12-15",
  ends = "2028-01-15",
}

offer "a-bag-for-your-points" {
  kind = "loyalty_reward",
  title = { es = "Tus puntos ya dan para una bolsa: elige cuál", en = "Your points are worth a bag: choose which one" },
  url = { es = "/club/puntos", en = "/en/club/points" },
  stages = { "retention" },
  tags = { "club", "beans" },
  answers = { "nothing to come back for" },
  value = 14,
  limit = { impressions = 4, within = "7d", rest = "14d" },
  data = { points = 250 },
}

-- `members`: strategies show it to those of whom we know that they are in the club.
offer "microlot-early-access" {
  kind = "loyalty_reward",
  title = { es = "Sesenta bolsas de un microlote, primero para el club", en = "Sixty bags of a microlot, first for the club" },
  url = { es = "/club/microlote", en = "/en/club/microlot" },
  stages = { "retention" },
  tags = { "club", "members", "beans", "origin" },
  answers = { "nothing to come back for" },
  value = 16,
  stock = 60,
  limit = { impressions = 4, within = "7d", rest = "14d" },
}

offer "birthday-bag" {
  kind = "loyalty_reward",
  title = { es = "Este mes cumples: la bolsa va por nuestra cuenta", en = "It is your birthday month: this bag is on us" },
  url = { es = "/club/cumple", en = "/en/club/birthday" },
  stages = { "retention" },
  tags = { "club", "birthday" },
  answers = { "little contact" },
  value = 18,
  consent = "marketing",
  limit = { clicks = 1, within = "30d", rest = "300d" },
}
