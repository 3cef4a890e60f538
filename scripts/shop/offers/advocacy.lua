-- For those who speak well of us: something for both sides, a link that takes seconds, and credit in public.

offer "ten-for-you-ten-for-them" {
  kind = "referral_programme",
  title = { es = "10 € para quien invites y 10 € para ti", en = "€10 for whoever you invite and €10 for you" },
  url = { es = "/invita", en = "/en/invite" },
  stages = { "advocacy" },
  tags = { "invite" },
  answers = { "hard to share", "no incentive" },
  value = 22,
  data = { euros = 10 },
}

offer "bring-someone-saturday" {
  kind = "referral_programme",
  title = { es = "Trae a alguien a la cata del sábado: su plaza la ponemos nosotros", en = "Bring someone to Saturday's tasting: their seat is on us" },
  url = { es = "/catas/trae-a-alguien", en = "/en/tastings/bring-someone" },
  stages = { "advocacy" },
  tags = { "invite", "shop" },
  answers = { "no incentive" },
  value = 18,
  stock = 24,
}

offer "one-minute-review" {
  kind = "review_request",
  title = { es = "Cuenta qué te parece: un minuto y sin registrarte", en = "Say what you think: one minute and no sign-up" },
  url = { es = "/opinar", en = "/en/review" },
  stages = { "advocacy" },
  answers = { "hard to share" },
  value = 15,
}

offer "show-your-corner" {
  kind = "review_request",
  title = { es = "Una foto de tu rincón del café vale más que cinco estrellas", en = "A picture of your coffee corner is worth more than five stars" },
  url = { es = "/opinar/foto", en = "/en/review/photo" },
  stages = { "advocacy" },
  tags = { "espresso", "photo" },
  answers = { "hard to share", "no recognition" },
  value = 14,
}

-- The only one that asks for nothing. Strategies show it while something of theirs is unsolved, and only then.
offer "our-turn" {
  kind = "recognition",
  title = {
    es = "Gracias por hablar bien de la casa: ahora nos toca a nosotros, y aquí ves lo que queda por resolver",
    en = "Thank you for speaking well of us: now it is our turn, and here you see what is still open",
  },
  url = { es = "/cuenta/pendiente", en = "/en/account/pending" },
  stages = { "advocacy" },
  placements = { "hero", "sidebar", "account", "footer" },
  tags = { "unsolved" },
  value = 10,
}

offer "corner-of-the-month" {
  kind = "recognition",
  title = { es = "El rincón del mes puede ser el tuyo", en = "The corner of the month could be yours" },
  url = { es = "/rincon-del-mes", en = "/en/corner-of-the-month" },
  stages = { "advocacy" },
  tags = { "photo" },
  answers = { "no recognition" },
  value = 11,
}

offer "home-barista-wall" {
  kind = "recognition",
  title = { es = "Pon tu nombre en el muro de los baristas de casa", en = "Put your name on the home baristas' wall" },
  url = { es = "/muro", en = "/en/wall" },
  stages = { "advocacy" },
  tags = { "espresso", "club" },
  answers = { "no recognition" },
  value = 10,
}

offer "name-the-spring-roast" {
  kind = "recognition",
  title = { es = "Ponle nombre al tueste de primavera: tú votas y tú firmas", en = "Name the spring roast: you vote and your name is on it" },
  url = { es = "/tueste-de-primavera", en = "/en/spring-roast" },
  stages = { "advocacy" },
  tags = { "beans", "club" },
  answers = { "no recognition" },
  value = 12,
  starts = "2028-02-01",
  ends = "2028-03-14",
}
