-- How often is too often: limits that groups of offers share, and how the kinds of content are called.

-- Six sightings of any price cut in a week and the customer is left in peace for two.
policy "discounts-stay-special" {
  kinds = { "discount" },
  limit = { impressions = 6, within = "7d", rest = "14d" },
}

-- Two refusals of something extra are an answer.
policy "take-no-for-an-answer" {
  kinds = { "cross_sell", "up_sell" },
  limit = { dismissals = 2, within = "30d", rest = "30d" },
}

policy "ask-favours-sparingly" {
  kinds = { "review_request", "referral_programme" },
  limit = { impressions = 5, within = "30d", rest = "30d" },
}

-- Whoever has downloaded two things in a week has enough to read.
policy "let-them-digest" {
  tags = { "download" },
  limit = { clicks = 2, within = "7d", rest = "5d" },
}

policy "one-invitation-to-talk" {
  offers = { "barista-call", "chat-with-us" },
  limit = { dismissals = 1, within = "7d", rest = "10d" },
}

-- `weight` favours a kind, in percent, whatever the offer: people thank us for answers more than for banners.
kind "article"               { names = { es = "artículo", en = "article" } }
kind "video"                 { names = { es = "vídeo", en = "video" } }
kind "infographic"           { names = { es = "infografía", en = "infographic" } }
kind "guide"                 { names = { es = "guía", en = "guide" } }
kind "template"              { names = { es = "plantilla", en = "template" } }
kind "lead_magnet"           { names = { es = "contenido a cambio de contacto", en = "lead magnet" } }
kind "comparison"            { names = { es = "comparativa", en = "comparison" }, weight = 10 }
kind "technical_report"      { names = { es = "informe técnico", en = "technical report" } }
kind "checklist"             { names = { es = "lista de comprobación", en = "checklist" } }
kind "calculator"            { names = { es = "calculadora", en = "calculator" } }
kind "success_story"         { names = { es = "caso real", en = "success story" } }
kind "webinar"               { names = { es = "sesión en directo", en = "live session" } }
kind "demo"                  { names = { es = "demostración", en = "demo" } }
kind "discount"              { names = { es = "descuento", en = "discount" }, weight = -15 }
kind "free_trial"            { names = { es = "prueba gratis", en = "free trial" } }
kind "short_checkout"        { names = { es = "pago rápido", en = "short checkout" } }
kind "guarantee"             { names = { es = "garantía", en = "guarantee" } }
kind "advice_call"           { names = { es = "asesoramiento", en = "advice" } }
kind "order_confirmation"    { names = { es = "confirmación de pedido", en = "order confirmation" } }
kind "delivery_news"         { names = { es = "estado del envío", en = "delivery news" } }
kind "support"               { names = { es = "ayuda", en = "support" } }
kind "quick_guide"           { names = { es = "guía rápida", en = "quick guide" } }
kind "tutorial"              { names = { es = "tutorial", en = "tutorial" } }
kind "follow_up"             { names = { es = "seguimiento", en = "follow-up" } }
kind "complementary_content" { names = { es = "contenido complementario", en = "more to enjoy" } }
kind "thank_you"             { names = { es = "agradecimiento", en = "thank-you" } }
kind "loyalty_reward"        { names = { es = "premio a la fidelidad", en = "loyalty reward" } }
kind "recommendation"        { names = { es = "recomendación personal", en = "recommendation" } }
kind "cross_sell"            { names = { es = "combina con", en = "goes well with" } }
kind "up_sell"               { names = { es = "un paso más", en = "a step up" } }
kind "referral_programme"    { names = { es = "programa de referidos", en = "referral programme" } }
kind "review_request"        { names = { es = "petición de reseña", en = "review request" } }
kind "recognition"           { names = { es = "reconocimiento", en = "recognition" } }
kind "showcase"              { names = { es = "escaparate", en = "showcase" } }
