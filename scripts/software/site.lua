-- Afina: maintenance planning for factories. The company is invented; its customers and figures too.

site "afina" {
  locale = "en",
  locales = { "en", "es" },
  time_zone = "Europe/Madrid",
  journey = "five-stages-b2b",       -- what marketing follows
  journeys = { "buying-process" },   -- what sales follows
}

-- What people read on the page beside each item. A weight lifts or lowers every offer of the kind, in percent.
kind "article" { names = { es = "Artículo", en = "Article" } }
kind "infographic" { names = { es = "Infografía", en = "Infographic" } }
kind "video" { names = { es = "Vídeo", en = "Video" } }
kind "guide" { names = { es = "Guía", en = "Guide" } }
kind "ebook" { names = { es = "Libro electrónico", en = "E-book" } }
kind "lead_magnet" { names = { es = "Herramienta gratuita", en = "Free tool" }, weight = 10 }
kind "newsletter" { names = { es = "Boletín", en = "Newsletter" } }

kind "comparison" { names = { es = "Comparativa", en = "Comparison" } }
kind "technical_report" { names = { es = "Informe técnico", en = "Technical report" } }
kind "checklist" { names = { es = "Lista de comprobación", en = "Checklist" } }
kind "calculator" { names = { es = "Calculadora", en = "Calculator" } }
kind "testimonial" { names = { es = "Testimonio", en = "Testimonial" } }
kind "success_story" { names = { es = "Caso de cliente", en = "Customer story" } }
kind "webinar" { names = { es = "Seminario web", en = "Webinar" } }
kind "demo" { names = { es = "Demostración", en = "Demo" }, weight = 20 }
kind "free_trial" { names = { es = "Prueba gratuita", en = "Free trial" } }
kind "pilot" { names = { es = "Prueba piloto", en = "Pilot" } }
kind "security_pack" { names = { es = "Dosier de seguridad", en = "Security pack" } }
kind "reference_call" { names = { es = "Llamada de referencia", en = "Reference call" } }

kind "discount" { names = { es = "Descuento", en = "Discount" }, weight = -15 }   -- the last argument, not the first
kind "quote" { names = { es = "Propuesta", en = "Proposal" } }
kind "business_case" { names = { es = "Caso de negocio", en = "Business case" } }
kind "advice_call" { names = { es = "Llamada de asesoramiento", en = "Advice call" } }
kind "guarantee" { names = { es = "Garantía", en = "Guarantee" } }
kind "implementation_plan" { names = { es = "Plan de puesta en marcha", en = "Implementation plan" } }
kind "support" { names = { es = "Ayuda", en = "Support" } }

kind "onboarding" { names = { es = "Puesta en marcha", en = "Onboarding" } }
kind "training" { names = { es = "Formación", en = "Training" } }
kind "tutorial" { names = { es = "Tutorial", en = "Tutorial" } }
kind "complementary_content" { names = { es = "Material para el taller", en = "Workshop material" } }
kind "business_review" { names = { es = "Revisión de resultados", en = "Results review" } }
kind "release_notes" { names = { es = "Novedades", en = "What's new" } }
kind "survey" { names = { es = "Encuesta", en = "Survey" } }
kind "thank_you" { names = { es = "Gracias", en = "Thank you" } }
kind "personal_message" { names = { es = "Mensaje personal", en = "Personal message" } }
kind "coupon" { names = { es = "Vale", en = "Voucher" } }
kind "up_sell" { names = { es = "Ampliación", en = "Upgrade" }, weight = -20 }    -- help first, sell afterwards
kind "user_group" { names = { es = "Encuentro de usuarios", en = "User meeting" } }

kind "referral_request" { names = { es = "Presentación", en = "Introduction" } }
kind "referral_programme" { names = { es = "Programa de recomendación", en = "Referral programme" } }
kind "review_request" { names = { es = "Opinión", en = "Review" } }
kind "recognition" { names = { es = "Reconocimiento", en = "Recognition" } }
kind "showcase" { names = { es = "Quiénes somos", en = "About us" } }
