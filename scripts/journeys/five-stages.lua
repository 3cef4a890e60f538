-- The private buyer's journey in five stages; for purchases between companies see five-stages-b2b.lua.

journey "five-stages" {
  model = "b2c",
  names = { es = "Cinco etapas", en = "Five stages" },
  summary = {
    es = "La compra de un particular en cinco pasos. Antes de usarlo, decide si vendes a personas o a empresas: son recorridos distintos.",
    en = "A private person's purchase in five steps. Before using it, settle whether you sell to people or to companies: those are different journeys.",
  },
  locale = "es",

  -- Who walks it. A persona is one imagined person with a name; the target audience is everyone you could reach.
  persona = {
    name = "Elena",
    summary = {
      es = "Quiere resolver un problema concreto de su día a día y desconfía de las promesas grandes.",
      en = "Wants to solve one particular everyday problem and distrusts big promises.",
    },
    pains = {
      es = { "ha comprado cosas que acabaron en un cajón", "no sabe a quién preguntar", "pierde tiempo buscando" },
      en = { "has bought things that ended up in a drawer", "does not know whom to ask", "loses time searching" },
    },
    needs = {
      es = { "una respuesta clara", "probar sin arriesgar" },
      en = { "a clear answer", "to try without risk" },
    },
    motivations = {
      es = { "ahorrarse disgustos", "disfrutar de lo que compra" },
      en = { "to spare herself trouble", "to enjoy what she buys" },
    },
    weaknesses = {
      es = { "le cuesta decidirse si hay más de tres opciones" },
      en = { "finds it hard to decide among more than three options" },
    },
  },
  barrier = {
    es = "No cree que esta vez vaya a ser distinto.",
    en = "Does not believe that this time will be different.",
  },
  insight = {
    es = "Confía en quien nombra su problema mejor que ella misma.",
    en = "Trusts whoever names her problem better than she can.",
  },
  objectives = {
    {
      metric = "conversion_rate", baseline = 0.018, target = 0.024, by = "2027-06-30",
      text = { es = "Que compren 24 de cada mil visitantes, en vez de 18.", en = "24 buyers in a thousand visitors, up from 18." },
    },
  },
  metrics = { "conversion_rate", "leads", "recurrence", "recommendations" },

  stage "awareness" {
    names = { es = "descubrimiento", en = "awareness" },
    phase = "pre-purchase",
    description = {
      es = "Nota que algo no va bien y quiere entender qué es.",
      en = "Notices that something is not right and wants to understand what it is.",
    },
    goal = { es = "Le pone nombre a su problema.", en = "Can put a name to the problem." },
    customer = {
      es = { "se da cuenta de un problema", "busca información general" },
      en = { "notices a problem", "looks for generic information" },
    },
    thinking = { es = { "¿Le pasa esto a más gente?" }, en = { "Does this happen to others?" } },
    company = {
      es = { "informa y nada más", "anota por qué canal ha llegado" },
      en = { "informs, nothing else", "notes which channel brought them" },
    },
    touchpoints = {
      online = { es = { "buscadores", "redes sociales", "blog" }, en = { "search engines", "social media", "blog" } },
      indirect = { es = { "recomendación de alguien" }, en = { "someone's recommendation" } },
    },
    channels = {
      es = { "búsqueda", "redes sociales", "publicidad", "boca a boca" },
      en = { "search", "social media", "advertising", "word of mouth" },
    },
    emotion = { { es = "extrañeza y ganas de saber", en = "puzzled and eager to know" }, valence = 0 },
    frictions = {
      es = { "no encuentra las palabras para buscar", "todo suena a anuncio" },
      en = { "lacks the words to search with", "everything sounds like an ad" },
    },
    needs = { es = { "entender lo que ocurre" }, en = { "to understand what is going on" } },
    desires = { es = { "que tenga arreglo" }, en = { "that it can be fixed" } },
    information = { es = { "causas del problema", "señales para reconocerlo" }, en = { "what causes the problem", "signs that tell it apart" } },
    offers = { "article", "infographic" },
    leave_after = "30d",
    metrics = { "visits", "reading_time" },
    objective = {
      metric = "advance_rate", baseline = 0.10, target = 0.14, by = "2027-03-31",
      text = { es = "Que 14 de cada 100 lectores quieran ver soluciones.", en = "14 in 100 readers want to see solutions." },
    },
  },

  stage "consideration" {
    names = { es = "consideración", en = "consideration" },
    phase = "pre-purchase",
    description = {
      es = "Sabe cuál es su problema y mira qué remedios hay.",
      en = "Knows the problem and looks at what could solve it.",
    },
    goal = {
      es = "Nos deja su contacto porque lo que recibe a cambio le sirve.",
      en = "Leaves their contact data because what they get for it is useful.",
    },
    customer = {
      es = { "conoce su problema", "mira soluciones posibles", "se fija en lo que cuentan otros" },
      en = { "knows the problem", "looks at possible solutions", "pays attention to what others say" },
    },
    thinking = { es = { "¿Qué opción va conmigo?" }, en = { "Which option is for me?" } },
    company = {
      es = { "ofrece contenido valioso a cambio de una dirección de correo", "responde a su punto de dolor concreto" },
      en = { "offers valuable content in exchange for an e-mail address", "answers the very pain point they have" },
    },
    touchpoints = {
      online = { es = { "sitio propio", "correo electrónico", "reseñas" }, en = { "own site", "e-mail", "reviews" } },
      offline = { es = { "tienda" }, en = { "shop" } },
    },
    channels = { es = { "visita directa", "correo electrónico" }, en = { "direct visit", "e-mail" } },
    emotion = { { es = "esperanza con reservas", en = "hope, with reservations" }, valence = 1 },
    frictions = {
      es = { "demasiadas opciones parecidas", "no quiere dar sus datos" },
      en = { "too many options that look alike", "does not want to give personal data" },
    },
    needs = { es = { "ordenar las opciones" }, en = { "to sort the options" } },
    desires = { es = { "dar con una que se note" }, en = { "to find one that makes a difference" } },
    information = { es = { "en qué se distinguen las soluciones", "qué resultado dieron a otros" }, en = { "how the solutions differ", "what they did for others" } },
    offers = { "lead_magnet", "ebook", "testimonial", "comparison" },
    enter = {
      { on = "page_view", where = { section = "solutions" } },
      { on = "page_view", where = { section = "product" }, times = 2, within = "7d" },
      { on = "download" },
    },
    re_enter = { cool_down = "30d" },
    leave_after = "45d",
    metrics = { "leads", "returning_visits" },
    objective = {
      metric = "leads", baseline = 0.04, target = 0.07, by = "2027-03-31",
      text = { es = "Que 7 de cada 100 personas dejen su contacto.", en = "7 in 100 people leave their contact data." },
    },
  },

  stage "decision" {
    names = { es = "decisión", en = "decision" },
    phase = "purchase",
    description = {
      es = "Conoce las opciones y elige una.",
      en = "Knows the options and picks one.",
    },
    goal = {
      es = "Entiende nuestra propuesta de valor y nos elige.",
      en = "Understands the value proposition and picks us.",
    },
    customer = {
      es = { "conoce las opciones", "elige" },
      en = { "knows the options", "chooses" },
    },
    thinking = { es = { "¿Por qué precisamente esta?" }, en = { "Why this one, of all?" } },
    company = {
      es = { "presenta su propuesta de valor", "enseña el producto funcionando", "da un motivo para hacerlo hoy" },
      en = { "states the value proposition", "shows the product at work", "gives a reason to do it today" },
    },
    touchpoints = {
      online = { es = { "ficha de producto", "carrito", "chat" }, en = { "product page", "cart", "chat" } },
      offline = { es = { "teléfono", "tienda" }, en = { "phone", "shop" } },
    },
    channels = { es = { "carrito", "correo electrónico" }, en = { "cart", "e-mail" } },
    emotion = { { es = "ganas de resolverlo y miedo a fallar", en = "keen to settle it, afraid to fail" }, valence = 0 },
    frictions = {
      es = { "el precio parece alto sin verlo funcionar", "siempre se puede dejar para mañana" },
      en = { "the price looks high before seeing it work", "it can always wait until tomorrow" },
    },
    needs = { es = { "ver con sus ojos que funciona" }, en = { "to see for themselves that it works" } },
    desires = { es = { "una buena compra" }, en = { "a good buy" } },
    information = { es = { "precio final", "qué pasa si no le convence" }, en = { "the final price", "what happens if it disappoints" } },
    offers = { "discount", "demo" },
    enter = {
      { on = "add_to_cart" },
      { on = "page_view", where = { section = "pricing" } },
      { on = "demo_request" },
    },
    re_enter = { cool_down = "7d" },
    leave_after = "14d",
    metrics = { "conversion_rate", "cart_abandonment" },
    objective = {
      metric = "conversion_rate", baseline = 0.25, target = 0.32, by = "2027-03-31",
      text = { es = "Que compre casi un tercio de quienes llegan a elegir.", en = "Nearly a third of those who get as far as choosing buy." },
    },
  },

  stage "retention" {
    names = { es = "retención", en = "retention" },
    phase = "post-purchase",
    description = {
      es = "Ya es cliente; ahora se decide si lo seguirá siendo.",
      en = "Is a customer now; whether they remain one is decided here.",
    },
    goal = {
      es = "Nota que nos sigue importando después de pagar, y vuelve.",
      en = "Notices that we still care once they have paid, and comes back.",
    },
    customer = {
      es = { "ha comprado", "estrena y valora", "puede encariñarse con la marca" },
      en = { "has bought", "uses it and forms a view", "may grow fond of the brand" },
    },
    thinking = { es = { "¿Se acordarán de mí?" }, en = { "Will they remember me?" } },
    company = {
      es = { "agradece con un cupón", "escribe en persona", "enriquece la compra con contenido", "pregunta qué necesita" },
      en = { "thanks with a coupon", "writes in person", "enriches the purchase with content", "asks what they need" },
    },
    touchpoints = {
      online = { es = { "correo electrónico", "área de cliente" }, en = { "e-mail", "customer's account" } },
      offline = { es = { "paquete", "tienda" }, en = { "parcel", "shop" } },
    },
    channels = { es = { "correo electrónico", "área de cliente" }, en = { "e-mail", "customer's account" } },
    emotion = { { es = "satisfacción tranquila", en = "quiet satisfaction" }, valence = 1 },
    frictions = {
      es = { "solo recibe mensajes para vender", "nadie le pregunta" },
      en = { "only gets messages that sell", "nobody asks them" },
    },
    needs = { es = { "sacar partido a lo comprado" }, en = { "to get the most out of the purchase" } },
    desires = { es = { "un detalle inesperado" }, en = { "an unexpected kindness" } },
    information = { es = { "ideas de uso", "ventajas para clientes" }, en = { "ideas for using it", "benefits for customers" } },
    offers = { "coupon", "personal_message", "complementary_content", "survey" },
    enter = { on = "purchase" },
    re_enter = { cool_down = "30d" },
    leave_after = "180d",
    metrics = { "recurrence", "coupons_used", "satisfaction" },
    objective = {
      metric = "recurrence", baseline = 0.25, target = 0.33, by = "2027-09-30",
      text = { es = "Que uno de cada tres clientes repita.", en = "One customer in three buys again." },
    },
  },

  stage "referral" {
    names = { es = "recomendación", en = "referral" },
    phase = "post-purchase",
    description = {
      es = "Está feliz con su compra y dispuesto a decirlo.",
      en = "Is happy with the purchase and willing to say so.",
    },
    goal = { es = "Trae a alguien más.", en = "Brings someone else." },
    customer = {
      es = { "está contento", "habla bien de la marca" },
      en = { "is happy", "speaks well of the brand" },
    },
    thinking = { es = { "Esto tengo que contarlo" }, en = { "I have to tell someone" } },
    company = {
      es = { "pide la recomendación sin rodeos", "pide una reseña en el momento justo" },
      en = { "asks outright for the recommendation", "asks for a review at the right moment" },
    },
    touchpoints = {
      online = { es = { "redes sociales", "sitios de reseñas", "correo electrónico" }, en = { "social media", "review sites", "e-mail" } },
      indirect = { es = { "boca a boca" }, en = { "word of mouth" } },
    },
    channels = { es = { "correo electrónico" }, en = { "e-mail" } },
    emotion = { { es = "entusiasmo", en = "enthusiasm" }, valence = 1 },
    frictions = {
      es = { "nadie se lo ha pedido", "no sabe dónde opinar" },
      en = { "nobody has asked", "does not know where to leave a review" },
    },
    needs = { es = { "un enlace directo" }, en = { "a direct link" } },
    desires = { es = { "ayudar a alguien cercano" }, en = { "to help someone close" } },
    information = { es = { "cuánto se tarda", "qué recibe la otra persona" }, en = { "how long it takes", "what the other person gets" } },
    offers = { "referral_request", "review_request" },
    enter = {
      { on = "review" },
      { on = "referral" },
      { on = "survey", where = { would_recommend = true } },
      { on = "purchase", times = 3, within = "365d" },
    },
    leave_after = "365d",
    metrics = { "recommendations", "reviews" },
    objective = {
      metric = "recommendations", baseline = 0.06, target = 0.10, by = "2027-09-30",
      text = { es = "Que uno de cada diez clientes nos recomiende.", en = "One customer in ten recommends us." },
    },
  },
}
