-- The journey of a private buyer in seven stages, from the first curious search to telling friends.

-- Events that move a customer, besides the usual ones (page_view, download, purchase, review, referral, survey):
--   sign_up, add_to_cart, checkout, call_request        while choosing
--   delivery, product_registered                        when the parcel has arrived
--   club_join, coupon_redeemed, share                   when they come back or speak for us
-- A page_view says in its property `section` which part of the site was seen; a delivery in `first_order` whether it holds
-- the customer's first order (true) or a later one (false).
-- Every order is waited for, so every purchase leads to its stage, however often somebody has bought before; it is the
-- parcel that leads on: to the experience the first time, to retention from then on.

journey "seven-stages" {
  model = "b2c",
  names = { es = "Siete etapas", en = "Seven stages" },
  summary = {
    es = "De la primera búsqueda a recomendar la marca: siete momentos en los que una persona necesita cosas distintas.",
    en = "From the first search to speaking for the brand: seven moments at which a person needs different things.",
  },
  locale = "es",
  weight = 0,

  barrier = {
    es = "Teme equivocarse: pagar por algo que luego no sabrá usar o no le gustará.",
    en = "Fears a mistake: paying for something they will not know how to use or will not like.",
  },
  insight = {
    es = "Compra cuando deja de preguntarse «¿y si me equivoco?» y empieza a imaginarse usándolo.",
    en = "Buys on the day “what if I am wrong?” gives way to picturing themselves using it.",
  },

  objectives = {
    {
      metric = "satisfaction", baseline = 4.1, target = 4.4, by = "2027-06-30",
      text = { es = "Que la nota media de quien ya compró pase de 4,1 a 4,4.", en = "Raise the average rating given by buyers from 4.1 to 4.4." },
    },
    {
      metric = "cart_abandonment", baseline = 0.70, target = 0.56, by = "2027-02-28",
      text = { es = "Un 20 % menos de carritos abandonados en tres meses.", en = "20% fewer abandoned carts within three months." },
    },
  },
  metrics = { "satisfaction", "conversion_rate", "recurrence", "recommendations" },

  stage "awareness" {
    names = { es = "descubrimiento", en = "awareness" },
    phase = "pre-purchase",
    description = {
      es = "Algo ha despertado su curiosidad y busca a tientas: aún no conoce la marca ni sabe bien qué necesita.",
      en = "Something has caught their interest and they look around: they do not know the brand yet, nor quite what they need.",
    },
    goal = {
      es = "Entiende su necesidad un poco mejor que antes y se acuerda de quién se la explicó.",
      en = "Understands the need a little better than before, and remembers who explained it.",
    },
    customer = {
      es = { "hace sus primeras búsquedas", "se detiene en publicaciones de redes sociales", "lee blogs", "pide consejo a sus amistades" },
      en = { "searches for the first time", "stops at posts on social media", "reads blogs", "asks friends for advice" },
    },
    thinking = {
      es = { "¿De verdad hay tanta diferencia?", "¿Por dónde se empieza?" },
      en = { "Does it really make that much of a difference?", "Where does one begin?" },
    },
    company = {
      es = { "explica sin vender", "ofrece plantillas y guías útiles a cambio de una dirección de correo" },
      en = { "explains without selling", "offers useful guides and templates in exchange for an e-mail address" },
    },
    touchpoints = {
      online = {
        es = { "buscadores", "redes sociales", "anuncios", "creadores de contenido" },
        en = { "search engines", "social media", "ads", "influencers" },
      },
      indirect = {
        es = { "boca a boca", "blogs de terceros" },
        en = { "word of mouth", "other people's blogs" },
      },
    },
    channels = {
      es = { "búsqueda orgánica", "redes sociales", "publicidad" },
      en = { "organic search", "social media", "advertising" },
    },
    emotion = { { es = "curiosidad mezclada con incertidumbre", en = "curiosity mixed with uncertainty" }, valence = 0, basis = "assumed" },
    frictions = {
      es = { "demasiada información", "no está claro cómo resolver la necesidad" },
      en = { "too much information", "unclear how to solve the need" },
    },
    needs = {
      es = { "una explicación breve y de fiar", "palabras que se entiendan" },
      en = { "a short explanation they can trust", "words they understand" },
    },
    desires = {
      es = { "sentir que empieza con buen pie" },
      en = { "to feel they are starting well" },
    },
    information = {
      es = { "qué tipos de solución existen", "en qué se nota la diferencia" },
      en = { "which kinds of solution exist", "where the difference shows" },
    },
    offers = { "article", "video", "infographic", "guide", "template", "lead_magnet" },
    -- No `enter`: whoever comes for the first time begins here.
    leave_after = "30d",
    metrics = { "visits", "reading_time", "downloads" },
    objective = {
      metric = "advance_rate", baseline = 0.08, target = 0.12, by = "2027-03-31",
      text = {
        es = "Que 12 de cada 100 visitas nuevas den el paso de comparar.",
        en = "12 of every 100 new visitors go on to compare.",
      },
    },
    basis = "assumed",
  },

  stage "consideration" {
    names = { es = "consideración", en = "consideration" },
    phase = "pre-purchase",
    description = {
      es = "Ya sabe lo que busca y pone unas opciones al lado de otras.",
      en = "Knows what they are after and holds one option against another.",
    },
    goal = {
      es = "Conoce sus opciones y ve por qué la nuestra merece la pena.",
      en = "Knows the options and sees what makes ours worth it.",
    },
    customer = {
      es = { "compara opciones", "lee reseñas y testimonios" },
      en = { "compares options", "reads reviews and testimonials" },
    },
    thinking = {
      es = { "¿Cuál me conviene a mí?", "¿Quién dice la verdad?" },
      en = { "Which one suits me?", "Who is telling the truth?" },
    },
    company = {
      es = { "resuelve dudas con datos", "enseña casos reales", "deja probar" },
      en = { "settles doubts with figures", "shows real cases", "lets people try" },
    },
    touchpoints = {
      online = {
        es = { "sitio propio", "blogs especializados", "reseñas", "correo electrónico" },
        en = { "own site", "specialised blogs", "reviews", "e-mail" },
      },
      indirect = {
        es = { "comparadores", "foros de aficionados" },
        en = { "comparison sites", "enthusiasts' forums" },
      },
    },
    channels = {
      es = { "visita directa", "correo electrónico", "enlaces de otros sitios" },
      en = { "direct visit", "e-mail", "links from other sites" },
    },
    emotion = { { es = "interés creciente, mirada crítica, alguna duda", en = "growing interest, a critical eye, some doubts" }, valence = 1, basis = "assumed" },
    frictions = {
      es = { "cuesta comparar", "opiniones contradictorias" },
      en = { "hard to compare", "contradictory opinions" },
    },
    needs = {
      es = { "los mismos criterios para todas las opciones", "la opinión de alguien parecido" },
      en = { "the same yardstick for every option", "the opinion of someone like them" },
    },
    desires = {
      es = { "elegir con criterio propio" },
      en = { "to choose with their own judgement" },
    },
    information = {
      es = { "precio total y lo que incluye", "ventajas e inconvenientes de cada opción", "qué les pasó a otros" },
      en = { "the full price and what it includes", "each option's strengths and weaknesses", "how it went for others" },
    },
    offers = {
      "guide", "technical_report", "checklist", "calculator", "success_story", "webinar", "demo", "comparison", "lead_magnet",
    },
    enter = {
      { on = "download" },
      { on = "sign_up" },
      { on = "page_view", where = { section = "compare" } },
      { on = "page_view", where = { section = "product" }, times = 3, within = "7d" },
    },
    re_enter = { cool_down = "30d" },
    leave_after = "45d",
    metrics = { "comparisons_seen", "demo_requests", "returning_visits" },
    objective = {
      metric = "advance_rate", baseline = 0.10, target = 0.15, by = "2027-02-28",
      text = {
        es = "Que pasen a decidir 15 de cada 100 personas que comparan, en lugar de 10.",
        en = "15 in 100 people who compare go on to decide, up from 10.",
      },
    },
    basis = "assumed",
  },

  stage "decision" {
    names = { es = "decisión", en = "decision" },
    phase = "purchase",
    description = {
      es = "Tiene un favorito, ha empezado el pedido y le queda el último empujón.",
      en = "Has a favourite, has begun the order and stands before the last step.",
    },
    goal = {
      es = "Termina el pedido con tranquilidad y sin tropiezos.",
      en = "Finishes the order at ease and without stumbling.",
    },
    customer = {
      es = { "se decide", "rellena formularios", "está a punto de pagar" },
      en = { "makes up their mind", "fills in forms", "is about to pay" },
    },
    thinking = {
      es = { "¿Y si luego no me convence?", "¿Es seguro pagar aquí?" },
      en = { "What if I change my mind later?", "Is it safe to pay here?" },
    },
    company = {
      es = { "quita pasos", "pone las garantías a la vista", "contesta al momento" },
      en = { "takes steps away", "puts guarantees in plain view", "answers at once" },
    },
    touchpoints = {
      online = {
        es = { "ficha de producto", "pago", "chat", "correo electrónico" },
        en = { "product page", "checkout", "chat", "e-mail" },
      },
      offline = { es = { "teléfono" }, en = { "phone" } },
    },
    channels = {
      es = { "carrito", "correo de carrito pendiente" },
      en = { "cart", "cart reminder by e-mail" },
    },
    emotion = { { es = "confianza creciente, con ansiedad y prisa", en = "growing trust, with anxiety and urgency" }, valence = 0, basis = "assumed" },
    frictions = {
      es = { "formularios largos", "pago lento o confuso", "preocupación por el pago" },
      en = { "long forms", "slow or confusing checkout", "worry about payment" },
    },
    needs = {
      es = { "saber cuánto pagará en total y cuándo llega", "poder echarse atrás" },
      en = { "to know the full cost and the delivery date", "a way back" },
    },
    desires = {
      es = { "acabar pronto", "sentir que ha hecho una buena compra" },
      en = { "to be done soon", "to feel it is a good buy" },
    },
    information = {
      es = { "gastos de envío", "formas de pago", "plazos de devolución" },
      en = { "delivery costs", "ways to pay", "how long returns are accepted" },
    },
    offers = { "short_checkout", "guarantee", "discount", "free_trial", "advice_call" },
    enter = {
      { on = "add_to_cart" },
      { on = "checkout" },
      { on = "call_request" },
      { on = "page_view", where = { section = "pricing" }, times = 2, within = "7d" },
    },
    re_enter = { cool_down = "7d" },
    leave_after = "10d",
    metrics = { "cart_abandonment", "checkout_time", "conversion_rate" },
    objective = {
      {
        metric = "cart_abandonment", baseline = 0.70, target = 0.56, by = "2027-02-28",
        text = { es = "Reducir un 20 % el abandono del carrito en tres meses.", en = "Cut cart abandonment by 20% in three months." },
      },
      {
        metric = "advance_rate", baseline = 0.30, target = 0.38, by = "2027-02-28",
        text = { es = "Que compren 38 de cada 100 personas que llegan hasta aquí.", en = "38 in 100 people who get this far buy." },
      },
    },
    basis = "assumed",
  },

  stage "purchase" {
    names = { es = "compra", en = "purchase" },
    phase = "purchase",
    description = {
      es = "Ha pagado y quiere saber que todo está en marcha.",
      en = "Has paid and wants to know that everything is under way.",
    },
    goal = {
      es = "Sabe en todo momento dónde está su pedido y no necesita preguntar.",
      en = "Knows where the order is at any moment and has no need to ask.",
    },
    customer = {
      es = { "paga", "espera la confirmación", "sigue su pedido" },
      en = { "pays", "waits for the confirmation", "follows the order" },
    },
    thinking = {
      es = { "¿Habrá entrado bien el pedido?", "¿Cuándo llega?" },
      en = { "Did the order go through?", "When does it get here?" },
    },
    company = {
      es = { "confirma en el acto", "avisa de cada paso", "ayuda en minutos si algo falla" },
      en = { "confirms on the spot", "tells of every step", "helps within minutes if something breaks" },
    },
    touchpoints = {
      online = {
        es = { "pago", "página y correo de confirmación", "seguimiento del envío" },
        en = { "checkout", "confirmation page and mail", "parcel tracking" },
      },
      offline = { es = { "mensajería" }, en = { "courier" } },
    },
    channels = {
      es = { "correo de servicio", "área de cliente" },
      en = { "service mail", "customer's account" },
    },
    emotion = { { es = "ilusión, expectativas altas e impaciencia", en = "excitement, high expectations and impatience" }, valence = 1, basis = "assumed" },
    frictions = {
      es = { "retrasos", "falta de confirmación", "problemas técnicos" },
      en = { "delays", "no confirmation", "technical trouble" },
    },
    needs = {
      es = { "una prueba de que el pago se ha hecho", "una fecha de entrega" },
      en = { "proof that the payment went through", "a delivery date" },
    },
    desires = {
      es = { "tenerlo ya en casa" },
      en = { "to have it at home already" },
    },
    information = {
      es = { "número de pedido", "estado del envío", "a quién acudir" },
      en = { "order number", "where the parcel is", "whom to turn to" },
    },
    offers = { "order_confirmation", "delivery_news", "support", "guarantee" },
    enter = { on = "purchase" },
    re_enter = { cool_down = "1h" },
    leave_after = "15d",
    metrics = { "payment_errors", "delivery_time", "where_is_my_order_questions" },
    objective = {
      metric = "where_is_my_order_questions", baseline = 0.18, target = 0.10, by = "2027-03-31",
      text = {
        es = "Que solo 10 de cada 100 pedidos acaben en un «¿dónde está mi paquete?».",
        en = "Only 10 in 100 orders end in a “where is my parcel?”.",
      },
    },
    basis = "assumed",
  },

  stage "experience" {
    names = { es = "experiencia", en = "experience" },
    phase = "post-purchase",
    description = {
      es = "Acaba de estrenarlo: lo usa, busca ayuda y se forma una opinión.",
      en = "It is new in their hands: they use it, look for help and make up their mind about it.",
    },
    goal = {
      es = "Le sale bien desde los primeros días y confirma que acertó.",
      en = "Gets it right within the first days and feels the choice was sound.",
    },
    customer = {
      es = { "usa el producto", "busca ayuda", "valora si acertó" },
      en = { "uses the product", "seeks help", "judges the choice" },
    },
    thinking = {
      es = { "¿Lo estaré haciendo bien?", "¿Esto es normal?" },
      en = { "Am I doing this right?", "Is this normal?" },
    },
    company = {
      es = { "enseña paso a paso", "pregunta qué tal va", "añade ideas para sacarle partido" },
      en = { "teaches step by step", "asks how it is going", "adds ideas to enjoy it more" },
    },
    touchpoints = {
      online = {
        es = { "atención al cliente", "correos de bienvenida", "tutoriales" },
        en = { "support", "welcome mails", "tutorials" },
      },
      offline = { es = { "tarjeta dentro del paquete" }, en = { "card inside the parcel" } },
    },
    channels = {
      es = { "correo de bienvenida", "área de cliente", "código QR del paquete" },
      en = { "welcome mail", "customer's account", "QR code in the parcel" },
    },
    emotion = { { es = "expectación, búsqueda de confirmación, primeras dudas", en = "expectation, wish for validation, first doubts" }, valence = 0, basis = "assumed" },
    frictions = {
      es = { "problemas técnicos", "falta de ayuda" },
      en = { "technical problems", "lack of support" },
    },
    needs = {
      es = { "un primer resultado bueno y rápido", "una persona que conteste" },
      en = { "one good result, soon", "a person who answers" },
    },
    desires = {
      es = { "presumir de lo bien que le sale" },
      en = { "to show off how well it turns out" },
    },
    information = {
      es = { "primeros pasos", "fallos habituales y su arreglo" },
      en = { "first steps", "common faults and how to fix them" },
    },
    offers = { "quick_guide", "tutorial", "follow_up", "complementary_content" },
    enter = {
      { on = "delivery" },
      { on = "product_registered" },
      { on = "page_view", where = { section = "first-steps" } },
    },
    re_enter = { cool_down = "7d" },
    leave_after = "45d",
    metrics = { "returns", "support_requests", "tutorials_finished" },
    objective = {
      metric = "return_rate", baseline = 0.06, target = 0.04, by = "2027-04-30",
      text = { es = "Bajar las devoluciones del 6 % al 4 %.", en = "Bring returns down from 6% to 4%." },
    },
    basis = "assumed",
  },

  stage "retention" {
    names = { es = "retención", en = "retention" },
    aliases = { "fidelización" },
    phase = "post-purchase",
    description = {
      es = "Fidelización: está contento y vuelve si encuentra un motivo.",
      en = "Loyalty: they are content, and come back if they find a reason to.",
    },
    goal = {
      es = "Compra otra vez porque le resulta natural, no porque le insistan.",
      en = "Buys again because it comes naturally, not because of insistence.",
    },
    customer = {
      es = { "vuelve a comprar", "consume más", "aprovecha promociones exclusivas" },
      en = { "buys again", "consumes more", "uses exclusive promotions" },
    },
    thinking = {
      es = { "¿Qué hay de nuevo para mí?", "¿Se acuerdan de quién soy?" },
      en = { "What is new for me?", "Do they remember who I am?" },
    },
    company = {
      es = { "da las gracias", "premia la fidelidad", "recomienda lo que encaja con cada cual" },
      en = { "says thank you", "rewards loyalty", "recommends what suits each of them" },
    },
    touchpoints = {
      online = {
        es = { "boletín", "contenido exclusivo", "programa de fidelidad" },
        en = { "newsletter", "exclusive content", "loyalty programme" },
      },
      offline = { es = { "detalle en el paquete" }, en = { "a gift in the parcel" } },
    },
    channels = {
      es = { "boletín", "área de cliente" },
      en = { "newsletter", "customer's account" },
    },
    emotion = { { es = "satisfacción, confianza, siente que se le valora", en = "satisfaction, trust, feels valued" }, valence = 1, basis = "assumed" },
    frictions = {
      es = { "no hay nada por lo que volver", "poco contacto" },
      en = { "nothing to come back for", "little contact" },
    },
    needs = {
      es = { "novedades que le interesen", "reponer sin esfuerzo" },
      en = { "news that matters to them", "to restock without effort" },
    },
    desires = {
      es = { "un trato especial", "probar cosas nuevas" },
      en = { "special treatment", "to try new things" },
    },
    information = {
      es = { "qué ventajas tiene por seguir", "qué combina con lo que ya tiene" },
      en = { "what they gain by staying", "what goes with what they own" },
    },
    offers = { "thank_you", "loyalty_reward", "recommendation", "cross_sell", "up_sell" },
    enter = {
      { on = "delivery", where = { first_order = false } },
      { on = "club_join" },
      { on = "coupon_redeemed" },
      { on = "survey", where = { satisfied = true } },
    },
    re_enter = { cool_down = "14d" },
    leave_after = "180d",
    metrics = { "recurrence", "days_between_orders", "active_members" },
    objective = {
      metric = "recurrence", baseline = 0.34, target = 0.42, by = "2027-06-30",
      text = {
        es = "Que 42 de cada 100 clientes repitan antes de seis meses.",
        en = "42 in 100 customers buy again within six months.",
      },
    },
    basis = "assumed",
  },

  stage "advocacy" {
    names = { es = "recomendación", en = "advocacy" },
    phase = "post-purchase",
    description = {
      es = "Habla de la marca por gusto y arrastra a otras personas.",
      en = "Speaks of the brand for pleasure and brings others along.",
    },
    goal = {
      es = "Lo cuenta con facilidad y recibe algo a cambio, aunque sea un aplauso.",
      en = "Finds it easy to tell others, and gets something back, if only applause.",
    },
    customer = {
      es = { "recomienda", "escribe reseñas", "entra en el programa de referidos" },
      en = { "recommends", "writes reviews", "joins the referral programme" },
    },
    thinking = {
      es = { "Esto le encantaría a mi hermana", "¿Y yo qué gano?" },
      en = { "My sister would love this", "And what is in it for me?" },
    },
    company = {
      es = { "facilita el enlace justo", "recompensa con claridad", "reconoce en público" },
      en = { "hands over the right link", "rewards clearly", "gives public credit" },
    },
    touchpoints = {
      online = {
        es = { "redes sociales", "sitios de reseñas", "correo electrónico" },
        en = { "social media", "review sites", "e-mail" },
      },
      offline = { es = { "encuentros y catas" }, en = { "events and tastings" } },
      indirect = { es = { "conversaciones con amistades" }, en = { "conversations with friends" } },
    },
    channels = {
      es = { "correo electrónico", "redes sociales" },
      en = { "e-mail", "social media" },
    },
    emotion = { { es = "plena satisfacción, orgullo, pertenencia", en = "full satisfaction, pride, belonging" }, valence = 1, basis = "assumed" },
    frictions = {
      es = { "compartir cuesta", "falta de incentivo", "falta de reconocimiento" },
      en = { "hard to share", "no incentive", "no recognition" },
    },
    needs = {
      es = { "un enlace que se envíe en dos toques", "saber qué recibe cada parte" },
      en = { "a link that goes out in two taps", "to know what either side gets" },
    },
    desires = {
      es = { "que su opinión cuente", "formar parte de un grupo" },
      en = { "an opinion that counts", "to be part of a group" },
    },
    information = {
      es = { "cómo funciona el programa", "dónde dejar la reseña" },
      en = { "how the programme works", "where to leave the review" },
    },
    offers = { "referral_programme", "review_request", "recognition" },
    enter = {
      { on = "referral" },
      { on = "share" },
      { on = "review", where = { rating = 5 } },
      { on = "review", where = { rating = 4 } },
      { on = "survey", where = { would_recommend = true } },
    },
    leave_after = "365d",
    metrics = { "recommendations", "reviews", "referred_customers" },
    objective = {
      metric = "referred_customers", baseline = 0.05, target = 0.09, by = "2027-06-30",
      text = {
        es = "Que 9 de cada 100 clientes nuevos lleguen de la mano de otro.",
        en = "9 in 100 new customers come through another customer.",
      },
    },
    basis = "assumed",
  },
}
