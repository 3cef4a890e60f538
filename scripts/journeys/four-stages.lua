-- A compact journey in four stages: inform, compare, offer, and look after people once they have bought.

journey "four-stages" {
  model = "b2c",
  names = { es = "Cuatro etapas", en = "Four stages" },
  summary = {
    es = "El recorrido más corto que sigue siendo útil: conciencia, consideración, decisión y postventa, con los momentos de tienda física incluidos.",
    en = "The shortest journey that is still useful: awareness, consideration, decision and post-sale, the physical shop included.",
  },
  locale = "es",

  -- Divide the audience by what people are, what they do and what they like (traits such as age_group, visits, favourite);
  -- strategies read those. Look at the map every week, change one thing, look again.
  barrier = {
    es = "Comprar por internet lo que en la tienda podría tocar.",
    en = "Buying online what could be touched in a shop.",
  },
  insight = {
    es = "Mira en la pantalla y compra donde mejor le traten.",
    en = "Looks on a screen and buys wherever they are treated best.",
  },
  objectives = {
    {
      metric = "conversion_rate", baseline = 0.020, target = 0.026, by = "2027-05-31",
      text = { es = "Subir la conversión del 2,0 % al 2,6 %.", en = "Lift conversion from 2.0% to 2.6%." },
    },
  },
  metrics = { "conversion_rate", "satisfaction", "recurrence" },

  stage "awareness" {
    names = { es = "conciencia", en = "awareness" },
    phase = "pre-purchase",
    description = {
      es = "Oye hablar de la marca o tropieza con ella mientras hace otra cosa.",
      en = "Hears of the brand, or comes across it while doing something else.",
    },
    goal = { es = "Sabe que existimos y a qué nos dedicamos.", en = "Knows that we exist and what we do." },
    customer = {
      es = { "ve una publicación", "pasa por delante del escaparate", "lee algo por encima" },
      en = { "sees a post", "walks past the window", "skims something" },
    },
    thinking = { es = { "Qué interesante, ¿esto qué es?" }, en = { "Interesting, what is this?" } },
    company = { es = { "cuenta cosas útiles", "cuida el escaparate" }, en = { "shares useful things", "takes care of the window" } },
    touchpoints = {
      online = { es = { "redes sociales", "web" }, en = { "social media", "website" } },
      offline = { es = { "escaparate", "carteles" }, en = { "shop window", "posters" } },
      indirect = { es = { "prensa", "conocidos" }, en = { "press", "acquaintances" } },
    },
    channels = { es = { "redes sociales", "búsqueda", "calle" }, en = { "social media", "search", "the street" } },
    emotion = { { es = "curiosidad ligera", en = "light curiosity" }, valence = 0 },
    frictions = {
      es = { "poca atención disponible", "la marca no le suena" },
      en = { "little attention to spare", "the brand is unknown to them" },
    },
    needs = { es = { "enterarse en pocos segundos" }, en = { "to get the point in seconds" } },
    desires = { es = { "descubrir algo bonito" }, en = { "to discover something nice" } },
    information = { es = { "qué hacemos y para quién" }, en = { "what we do and for whom" } },
    offers = { "article", "video", "infographic", "guide" },
    leave_after = "30d",
    metrics = { "visits", "new_followers" },
    objective = {
      metric = "returning_visits", baseline = 0.15, target = 0.20, by = "2027-02-28",
      text = { es = "Que vuelva a visitarnos una de cada cinco personas.", en = "One in five people visits again." },
    },
  },

  stage "consideration" {
    names = { es = "consideración", en = "consideration" },
    phase = "pre-purchase",
    description = {
      es = "Duda entre varias posibilidades, una de ellas nuestra.",
      en = "Hesitates between several possibilities, ours among them.",
    },
    goal = { es = "Nos tiene entre sus favoritos.", en = "Has us on the short list." },
    customer = {
      es = { "compara precios y calidad", "pregunta en la tienda", "lee opiniones" },
      en = { "compares prices and quality", "asks in the shop", "reads opinions" },
    },
    thinking = { es = { "¿Qué me llevo por ese dinero?" }, en = { "What do I get for that money?" } },
    company = { es = { "compara con honradez", "deja tocar y probar" }, en = { "compares honestly", "lets people touch and try" } },
    touchpoints = {
      online = { es = { "web", "correo electrónico", "reseñas" }, en = { "website", "e-mail", "reviews" } },
      offline = { es = { "tienda física" }, en = { "physical shop" } },
    },
    channels = { es = { "visita directa", "boletín" }, en = { "direct visit", "newsletter" } },
    emotion = { { es = "interés y prudencia", en = "interest and caution" }, valence = 1 },
    frictions = {
      es = { "las características no se pueden comparar", "no se fía de las opiniones" },
      en = { "features that cannot be compared", "does not trust the opinions" },
    },
    needs = { es = { "una tabla clara" }, en = { "a clear table" } },
    desires = { es = { "acertar a la primera" }, en = { "to get it right first time" } },
    information = { es = { "diferencias entre modelos", "coste a un año vista" }, en = { "how models differ", "what it costs over a year" } },
    offers = { "comparison", "calculator", "checklist", "testimonial" },
    enter = {
      { on = "page_view", where = { section = "product" }, times = 2, within = "7d" },
      { on = "download" },
      { on = "shop_visit" },
    },
    re_enter = { cool_down = "30d" },
    leave_after = "45d",
    metrics = { "product_views", "shop_questions" },
    objective = {
      metric = "advance_rate", baseline = 0.12, target = 0.16, by = "2027-02-28",
      text = { es = "Que 16 de cada 100 pasen del «me lo pienso» al carrito.", en = "16 in 100 move from “I will think about it” to the cart." },
    },
  },

  stage "decision" {
    names = { es = "decisión", en = "decision" },
    phase = "purchase",
    description = { es = "Va a comprar; falta saber dónde.", en = "Is going to buy; the question is where." },
    goal = { es = "Compra aquí y hoy.", en = "Buys here and today." },
    customer = {
      es = { "llena el carrito", "pregunta por el envío", "hace cola en caja" },
      en = { "fills the cart", "asks about delivery", "queues at the till" },
    },
    thinking = { es = { "¿Lo encontraré más barato?" }, en = { "Could I find it cheaper?" } },
    company = { es = { "ofrece un buen precio y dice hasta cuándo", "garantiza la compra", "atiende sin prisa" }, en = { "offers a good price and says until when", "guarantees the purchase", "takes time to serve" } },
    touchpoints = {
      online = { es = { "carrito", "chat" }, en = { "cart", "chat" } },
      offline = { es = { "mostrador", "teléfono" }, en = { "counter", "phone" } },
    },
    channels = { es = { "carrito", "tienda" }, en = { "cart", "shop" } },
    emotion = { { es = "decisión con un punto de nervios", en = "resolve, with a touch of nerves" }, valence = 0 },
    frictions = {
      es = { "gastos que aparecen al final", "devolver parece complicado" },
      en = { "costs that show up at the end", "returning looks complicated" },
    },
    needs = { es = { "un precio sin sorpresas" }, en = { "a price without surprises" } },
    desires = { es = { "una ventaja por decidirse ahora" }, en = { "an advantage for deciding now" } },
    information = { es = { "coste total", "plazo de entrega", "condiciones de devolución" }, en = { "total cost", "delivery time", "terms for returns" } },
    offers = { "discount", "free_trial", "guarantee", "advice_call" },
    enter = {
      { on = "add_to_cart" },
      { on = "page_view", where = { section = "delivery" } },
    },
    re_enter = { cool_down = "7d" },
    leave_after = "10d",
    metrics = { "conversion_rate", "cart_abandonment" },
    objective = {
      metric = "cart_abandonment", baseline = 0.68, target = 0.58, by = "2027-03-31",
      text = { es = "Que se abandonen 58 carritos de cada 100, y no 68.", en = "58 carts in 100 abandoned rather than 68." },
    },
  },

  stage "post-sale" {
    names = { es = "postventa", en = "post-sale" },
    phase = "post-purchase",
    description = {
      es = "Tiene el producto; nos toca estar cerca y agradecerlo.",
      en = "Has the product; our part is to stay close and be grateful.",
    },
    goal = { es = "Está bien atendido y tiene motivos para volver.", en = "Is well looked after and has reasons to return." },
    customer = {
      es = { "lo estrena", "consulta dudas", "vuelve o se olvida" },
      en = { "uses it for the first time", "asks when in doubt", "returns or forgets" },
    },
    thinking = { es = { "¿Me ayudarán si algo falla?" }, en = { "Will they help if something fails?" } },
    company = { es = { "da soporte", "enseña", "premia a quien vuelve" }, en = { "supports", "teaches", "rewards those who return" } },
    touchpoints = {
      online = { es = { "atención al cliente", "correo electrónico", "área de cliente" }, en = { "support", "e-mail", "customer's account" } },
      offline = { es = { "mostrador de la tienda", "teléfono" }, en = { "the shop's counter", "phone" } },
    },
    channels = { es = { "correo electrónico", "teléfono" }, en = { "e-mail", "phone" } },
    emotion = { { es = "alivio y cariño, si todo va bien", en = "relief and affection, if all goes well" }, valence = 1 },
    frictions = {
      es = { "cuesta encontrar ayuda", "después de pagar ya nadie escribe" },
      en = { "help is hard to find", "once they have paid, nobody writes any more" },
    },
    needs = { es = { "respuestas rápidas" }, en = { "quick answers" } },
    desires = { es = { "sentirse de la casa" }, en = { "to feel at home with the brand" } },
    information = { es = { "cómo usarlo y cuidarlo", "ventajas por repetir" }, en = { "how to use it and keep it well", "what they gain by returning" } },
    offers = { "support", "quick_guide", "tutorial", "follow_up", "thank_you", "loyalty_reward", "survey" },
    enter = { on = "purchase" },
    re_enter = { cool_down = "30d" },
    leave_after = "180d",
    metrics = { "satisfaction", "recurrence", "answer_time" },
    objective = {
      metric = "satisfaction", baseline = 4.0, target = 4.4, by = "2027-05-31",
      text = { es = "Que la nota media pase de 4,0 a 4,4 sobre 5.", en = "Average rating up from 4.0 to 4.4 out of 5." },
    },
  },
}
