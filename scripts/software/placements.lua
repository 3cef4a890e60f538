-- Where Afina can show something: five places on the web and in the product, the e-mail, and the sales desk.

placement "hero" {
  names = { es = "Cabecera de la portada", en = "Top of the home page" },
  touchpoint = "site",
  fallback = "meet-afina",
}

placement "sidebar" {
  names = { es = "Columna del blog", en = "Blog sidebar" },
  touchpoint = "blog",
  count = 2,
  fallback = "monthly-letter",
}

placement "resources" {
  names = { es = "Centro de recursos", en = "Resource centre" },
  touchpoint = "site",
  count = 4,
  kinds = {
    "article", "infographic", "video", "guide", "ebook", "lead_magnet", "comparison", "technical_report",
    "checklist", "calculator", "testimonial", "success_story", "webinar", "business_case", "security_pack",
    "complementary_content", "tutorial", "release_notes",
  },
  fallback = { "monthly-letter", "meet-afina" },
}

placement "pricing" {
  names = { es = "Página de precios", en = "Pricing page" },
  touchpoint = "site",
  kinds = {
    "calculator", "comparison", "demo", "free_trial", "pilot", "discount", "quote", "business_case",
    "advice_call", "guarantee", "implementation_plan", "up_sell",
  },
  fallback = "ask-a-person",
}

placement "in_app" {
  names = { es = "Aviso dentro del producto", en = "Notice inside the product" },
  touchpoint = "product",
  kinds = {
    "onboarding", "training", "tutorial", "complementary_content", "business_review", "release_notes", "survey",
    "thank_you", "coupon", "up_sell", "user_group", "review_request", "recognition",
  },
  fallback = "help-centre",
}

placement "email" {
  names = { es = "Correo quincenal", en = "Fortnightly e-mail" },
  touchpoint = "e-mail",
  count = 2,
  fallback = "mail-preferences",
}

placement "sales_desk" {
  names = { es = "Mesa de ventas", en = "Sales desk" },
  touchpoint = "sales meeting",
  count = 3,
  kinds = {
    "article", "ebook", "guide", "comparison", "technical_report", "checklist", "calculator", "testimonial",
    "success_story", "webinar", "demo", "pilot", "security_pack", "reference_call", "quote", "business_case",
    "advice_call", "guarantee", "implementation_plan", "support", "onboarding", "training", "business_review",
    "referral_request",
  },
  fallback = "company-overview",
}
