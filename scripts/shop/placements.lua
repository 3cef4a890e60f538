-- Where the shop can show something, how much fits there, and what to show when nothing else does.

placement "hero" {
  names = { es = "portada", en = "home page banner" },
  touchpoint = "site",
  count = 1,
  kinds = {
    "article", "video", "guide", "template", "lead_magnet",
    "comparison", "success_story", "webinar", "demo",
    "discount", "free_trial", "short_checkout", "guarantee", "advice_call",
    "order_confirmation", "delivery_news", "support",
    "quick_guide", "tutorial", "follow_up",
    "thank_you", "loyalty_reward", "recommendation", "up_sell",
    "referral_programme", "review_request", "recognition",
  },
  fallback = "best-sellers",
}

placement "sidebar" {
  names = { es = "columna lateral", en = "sidebar" },
  touchpoint = "site",
  count = 3,
  kinds = {
    "article", "video", "infographic", "guide", "template", "lead_magnet",
    "comparison", "technical_report", "checklist", "calculator", "success_story", "webinar", "demo",
    "discount", "free_trial", "guarantee", "advice_call",
    "delivery_news", "support",
    "quick_guide", "tutorial", "follow_up", "complementary_content",
    "thank_you", "recommendation", "cross_sell", "up_sell",
    "referral_programme", "review_request", "recognition",
  },
  fallback = { "our-workshop", "help-centre", "house-coffees" },   -- what sells comes last: see strategies/purchase.lua
}

placement "checkout" {
  names = { es = "página de pago", en = "checkout" },
  touchpoint = "site",
  count = 2,
  kinds = {
    "short_checkout", "guarantee", "discount", "advice_call", "free_trial",
    "order_confirmation", "delivery_news", "support",
    "cross_sell",
  },
  fallback = "help-centre",
}

-- No kinds: a mail may carry any of them. Who may be written to is settled in strategies/.
placement "email" {
  names = { es = "correo", en = "e-mail" },
  touchpoint = "email",
  count = 3,
  fallback = "mail-preferences",
}

placement "account" {
  names = { es = "área de cliente", en = "customer's account" },
  touchpoint = "account",
  count = 3,
  kinds = {
    "order_confirmation", "delivery_news", "support", "guarantee",
    "quick_guide", "tutorial", "follow_up", "complementary_content",
    "thank_you", "loyalty_reward", "recommendation", "cross_sell", "up_sell",
    "referral_programme", "review_request", "recognition",
  },
  fallback = "your-brewing-corner",
}

placement "footer" {
  names = { es = "pie de página", en = "footer" },
  touchpoint = "site",
  count = 2,
  kinds = {
    "article", "infographic", "checklist", "calculator", "guarantee", "advice_call", "support",
    "complementary_content", "tutorial", "follow_up", "thank_you", "review_request", "recognition",
  },
  fallback = { "our-workshop", "help-centre" },
}
