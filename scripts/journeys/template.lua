-- A blank journey map with every row there is. To draw yours: copy this file, change its name, fill it in, stage by stage.

-- Texts may be one string, or one per language: { es = "…", en = "…" }. Lists may be { "…", "…" } or { es = { … }, en = { … } }.
-- Leave out any row you have nothing for: a map with gaps is better than no map. Where you are guessing, say
-- basis = "assumed"; once you have counted or asked, say basis = "measured". It goes on a stage, or on a single row.

journey "template" {
  model = "b2c",                      -- "b2c" if people buy for themselves, "b2b" if they buy for a company
  names = { es = "Plantilla", en = "Template" },   -- shown names of the map
  summary = {                         -- the customer profile in a sentence or two: who, in which situation
    es = "Persona que se muda a su primer piso y tiene que amueblarlo con poco dinero.",
    en = "Someone moving into their first flat who has to furnish it on a small budget.",
  },
  locale = "es",                      -- language of texts that are written in only one
  weight = 0,                         -- percent: favours (or, if negative, holds back) all offers of this journey

  -- The imagined person whose road this is. A site's own personas/ folder holds them in more detail.
  persona = {
    name = "Irene",                   -- a given name makes it easier to think of a person
    photo = "/personas/irene.jpg",    -- picture for the map
    summary = { es = "28 años, primer contrato fijo, piso vacío.", en = "28, first permanent contract, an empty flat." },
    demographics   = { es = { "vive sola en una ciudad mediana" }, en = { "lives alone in a mid-sized town" } },
    psychographics = { es = { "prefiere poco y bueno" }, en = { "would rather have few things, and good ones" } },
    behaviour      = { es = { "guarda ideas en el móvil durante semanas" }, en = { "collects ideas on her phone for weeks" } },
    needs          = { es = { "una cama antes de fin de mes" }, en = { "a bed before the month is out" } },
    pains          = { es = { "no sabe si cabrá por la escalera" }, en = { "does not know if it will fit up the stairs" } },
    motivations    = { es = { "sentir la casa como suya" }, en = { "to feel at home" } },
    goals          = { es = { "tener el piso listo antes de Navidad" }, en = { "to have the flat ready by Christmas" } },
    weaknesses     = { es = { "aplaza las decisiones caras" }, en = { "puts off expensive decisions" } },
  },

  barrier = {                         -- what holds them back from buying, above all else
    es = "Montar y, si no encaja, devolver un mueble grande.",
    en = "Assembling a large piece of furniture and, if it does not fit, returning it.",
  },
  insight = {                         -- the truth behind the purchase, as they would feel it
    es = "No compra muebles: compra la primera cena con amigos en su casa.",
    en = "She is not buying furniture: she is buying the first dinner with friends at her place.",
  },

  -- What the whole journey should achieve. An objective names a metric, where it stands, where it should be, and by when.
  objectives = {
    {
      metric = "satisfaction",        -- a general aim…
      baseline = 4.0, target = 4.3, by = "2027-12-31",
      text = { es = "Clientes más contentos: de 4,0 a 4,3.", en = "Happier customers: from 4.0 to 4.3." },
    },
    {
      metric = "cart_abandonment",    -- …and a specific one
      baseline = 0.72, target = 0.60, by = "2027-06-30",
      text = { es = "Menos carritos abandonados: del 72 % al 60 %.", en = "Fewer abandoned carts: from 72% to 60%." },
    },
  },
  metrics = { "satisfaction", "conversion_rate", "recurrence", "recommendations" },   -- what you watch, all along

  -- An example, filled in completely. Write one such block for each phase, in the order of time.
  stage "comparing" {
    names = { es = "comparando", en = "comparing" },   -- shown names; each of them works wherever a stage is named
    phase = "pre-purchase",           -- "pre-purchase", "purchase" or "post-purchase"
    description = {                   -- what this phase means in your business; most useful in B2B, where names mislead
      es = "Ha medido la habitación y mira camas en tres tiendas a la vez.",
      en = "Has measured the room and looks at beds in three shops at a time.",
    },
    goal = {                          -- what has to be true before they can move on
      es = "Sabe qué cama le cabe y cuánto le costará puesta en casa.",
      en = "Knows which bed fits and what it costs delivered.",
    },

    -- The audience: what do they do, and what goes through their head?
    customer = { es = { "compara medidas", "lee reseñas de montaje" }, en = { "compares sizes", "reads reviews about assembly" } },
    thinking = { es = { "¿Pasará por el portal?" }, en = { "Will it get through the front door?" } },

    -- You: how can you help, what do you offer, what would convince them to go on?
    company = { es = { "calcula si cabe", "enseña el montaje real" }, en = { "works out if it fits", "shows real assembly" } },

    -- Where you meet. One list, or grouped like this; `indirect` is what happens without you.
    touchpoints = {
      online   = { es = { "ficha de producto", "correo electrónico" }, en = { "product page", "e-mail" } },
      offline  = { es = { "tienda" }, en = { "shop" } },
      indirect = { es = { "vídeos de otras personas" }, en = { "other people's videos" } },
    },
    channels = { es = { "búsqueda", "boletín" }, en = { "search", "newsletter" } },   -- by which way they came

    -- How they feel, in words; valence is 1 for good, 0 for mixed, -1 for bad, and colours the map.
    emotion = { { es = "ilusión con agobio", en = "excited and overwhelmed" }, valence = 0, basis = "assumed" },

    frictions = {                     -- what makes this phase hard; offers say in `answers` which of these they take away
      es = { "medidas confusas" }, en = { "confusing sizes" },
      basis = "measured",             -- this row comes from data, whatever the stage says
    },
    needs   = { es = { "medidas con el embalaje incluido" }, en = { "sizes with the packaging included" } },
    desires = { es = { "una habitación de revista" }, en = { "a room out of a magazine" } },
    information = {                   -- what they must know to go on to the next stage
      es = { "plazo de entrega", "coste del montaje" }, en = { "delivery time", "cost of assembly" },
    },

    -- Kinds of offers that belong here. Left out: every kind. Empty ({}): show nothing at all in this stage,
    -- and then `no_offer = "…"` gives the reason, which is kept with each such decision.
    offers = { "guide", "calculator", "comparison", "advice_call" },

    -- Events that bring a customer here; any one of them is enough. Read: "page_view of a product, 3 times within 7 days".
    -- The first stage of a journey can do without.
    enter = {
      { on = "download" },
      { on = "page_view", where = { section = "product" }, times = 3, within = "7d" },
    },
    re_enter = { cool_down = "30d" }, -- may come here again once this long has passed; left out: only once
    leave_after = "45d",              -- silence that long means we have lost them

    metrics = { "returning_visits", "calculator_uses" },   -- what you watch in this stage
    objective = {                     -- one, or a list of them
      metric = "advance_rate", baseline = 0.10, target = 0.15, by = "2027-06-30",
      text = { es = "Que avancen 15 de cada 100, y no 10.", en = "15 in 100 go on, instead of 10." },
    },
    basis = "assumed",                -- for every row of this stage that does not say otherwise
  },

  -- A second stage with only the essentials, to show how little is enough.
  stage "buying" {
    names = { es = "comprando", en = "buying" },
    phase = "purchase",
    offers = { "short_checkout", "guarantee", "discount" },
    enter = { on = "add_to_cart" },
    leave_after = "10d",
  },

  -- A stage where silence is the right answer: the purchase is fresh and any offer would be noise.
  stage "unpacking" {
    names = { es = "desembalando", en = "unpacking" },
    phase = "post-purchase",
    no_offer = { es = "Está montando la cama; que nadie le venda nada hoy.", en = "The bed is being assembled; nobody should sell anything today." },
    enter = { on = "delivery" },
    leave_after = "7d",
  },
}
