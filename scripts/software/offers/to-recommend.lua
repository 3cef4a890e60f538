-- For customers who speak well of us: easy to do, never pushed, thanked in public. Some companies forbid gifts.

offer "introduce-a-colleague" {
  kind = "referral_request",
  title = { es = "¿Conoces una planta que siga en papel? Aquí tienes el mensaje, ya escrito", en = "Know a plant that is still on paper? Here is the message, ready to send" },
  url = { es = "/es/presentar", en = "/en/introduce" },
  stages = { "referral" },
  tags = { "favour", "no-reward" },
  answers = { "reluctance to bother a peer" },
  value = 50,
}

offer "a-day-for-both-plants" {
  kind = "referral_programme",
  title = { es = "Trae otra planta: un día de formación para la suya y otro para la tuya", en = "Bring another plant: a day of training for theirs and one for yours" },
  url = { es = "/es/trae-una-planta", en = "/en/bring-a-plant" },
  stages = { "referral" },
  tags = { "reward" },
  consent = "marketing",
  limit = { impressions = 4, within = "30d", rest = "60d" },
  value = 58,
  data = { days = 1 },
}

offer "two-minute-review" {
  kind = "review_request",
  title = { es = "Dos minutos para opinar: el enlace va directo al formulario", en = "Two minutes for a review: the link goes straight to the form" },
  url = { es = "/es/opinar", en = "/en/review" },
  stages = { "referral" },
  tags = { "favour", "no-reward" },
  value = 40,
  data = { minutes = 2 },
}

offer "plant-of-the-quarter" {
  kind = "recognition",
  title = { es = "¿La próxima planta del trimestre? Contamos lo vuestro y lo firmáis vosotros", en = "The next plant of the quarter? We tell your story, under your name" },
  url = { es = "/es/planta-del-trimestre", en = "/en/plant-of-the-quarter" },
  stages = { "referral" },
  personas = { "plant-manager", "maintenance-manager" },
  tags = { "no-reward" },
  value = 40,
}

-- For those whose idea was built: strategies ask the trait `idea_built`.
offer "first-name-in-the-credits" {
  kind = "recognition",
  title = { es = "Tu idea ya está en Afina, y tu nombre en las novedades", en = "Your idea is in Afina, and your name is in the release notes" },
  url = { es = "/es/creditos", en = "/en/credits" },
  stages = { "referral" },
  placements = { "in_app" },
  tags = { "no-reward", "their-idea" },
  value = 24,
}
