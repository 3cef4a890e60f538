-- The five classic stages when the customer is a company: several people decide, nobody pays out of their own pocket,
-- and the relationship begins where a consumer's would end. For selling to private people take five-stages.

journey "five-stages-b2b" {
  model = "b2b",
  names = { es = "Cinco etapas B2B", en = "Five stages B2B" },
  summary = {
    es = "Del primer síntoma a la recomendación entre colegas, con un comité que decide, un presupuesto que se aprueba y un contrato que se renueva.",
    en = "From the first symptom to a recommendation between peers, with a committee that decides, a budget to be approved and a contract to be renewed.",
  },
  persona = {
    name = "Tomás",
    summary = {
      es = "Lleva años pidiendo medios para su área. Conoce el problema mejor que nadie, pero la firma la tienen otros cuatro.",
      en = "Has been asking for better means for years. Nobody knows the problem better, but four other people hold the signatures.",
    },
    photo = "/photos/tomas.jpg",
    pains = {
      es = { "avisa de los problemas y nadie le escucha hasta que estallan", "cada compra le cuesta meses de reuniones" },
      en = { "warns of problems and goes unheard until they blow up", "every purchase takes months of meetings" },
    },
    needs = {
      es = { "cifras que entienda dirección", "aliados en informática y en finanzas" },
      en = { "figures that management understands", "allies in IT and finance" },
    },
    motivations = {
      es = { "que se reconozca el trabajo de su equipo", "no volver a pasar un agosto como el último" },
      en = { "recognition for the team's work", "never again an August like the last one" },
    },
    weaknesses = {
      es = { "explica con detalles técnicos a quien pide un resumen" },
      en = { "gives technical detail to people who ask for a summary" },
    },
  },
  barrier = {
    es = "Cada miembro del comité puede decir que no, y ninguno puede decir que sí por su cuenta.",
    en = "Every member of the committee can say no, and none can say yes alone.",
  },
  insight = {
    es = "Se decide cuando quien sufre el problema tiene en la mano una página que convence a quien paga.",
    en = "The decision is made when the person with the problem holds one page that convinces the person with the money.",
  },
  objectives = {
    {
      metric = "conversion_rate", baseline = 0.015, target = 0.02, by = "2027-12-31",
      text = {
        es = "Pasar de quince a veinte clientes nuevos por cada mil empresas que nos visitan.",
        en = "Go from fifteen to twenty new customers for every thousand companies that visit us.",
      },
    },
    {
      metric = "recommendations", baseline = 0.08, target = 0.15, by = "2027-12-31",
      text = {
        es = "Que el 15 % de los clientes nos haya presentado a otra empresa.",
        en = "15% of customers have introduced us to another company.",
      },
    },
  },
  metrics = {
    es = { "tasa de conversión", "duración del ciclo de venta", "ingresos por cliente", "recomendaciones" },
    en = { "conversion rate", "length of the sales cycle", "revenue per customer", "recommendations" },
  },

  stage "awareness" {
    names = { es = "descubrimiento", en = "awareness" },
    phase = "pre-purchase",
    description = {
      es = "Alguien de la empresa nota que un trabajo sale caro, lento o mal y busca información general, casi siempre a solas.",
      en = "Someone in the company notices that a piece of work is costly, slow or badly done and looks for general information, nearly always alone.",
    },
    goal = {
      es = "Reconoce el problema y nos asocia con una explicación clara.",
      en = "Recognises the problem and links us with a clear explanation.",
    },
    customer = {
      es = { "busca el síntoma, no la solución", "mira vídeos cortos entre dos tareas", "reenvía lo útil a un compañero" },
      en = { "searches for the symptom, not the remedy", "watches short videos between two jobs", "forwards what helps to a colleague" },
    },
    thinking = {
      es = { "«¿Por qué nos vuelve a pasar?»", "«¿Cómo lo llevan en otras empresas?»" },
      en = { "“Why does this happen to us again and again?”", "“How do other companies cope?”" },
    },
    company = {
      es = { "explica, no vende", "usa las palabras del oficio", "no pide datos a cambio de leer" },
      en = { "explains, does not sell", "speaks the language of the trade", "asks for no data in return for reading" },
    },
    needs = {
      es = { "entender la causa", "cifras con las que medirse" },
      en = { "to understand the cause", "figures to measure themselves against" },
    },
    desires = {
      es = { "que alguien ponga orden en el tema" },
      en = { "someone to bring order to the subject" },
    },
    information = {
      es = { "qué señales delatan el problema", "qué es normal en su sector" },
      en = { "which signs give the problem away", "what is normal in their industry" },
    },
    frictions = {
      es = { "demasiada información y poca del propio sector", "formularios antes de la primera línea útil" },
      en = { "too much information, little about their own industry", "forms before the first useful line" },
    },
    channels = {
      es = { "buscadores", "redes profesionales", "ferias" },
      en = { "search engines", "professional networks", "trade fairs" },
    },
    touchpoints = {
      online = { es = { "blog", "buscador", "vídeos" }, en = { "blog", "search", "videos" } },
      offline = { es = { "ferias", "revistas técnicas" }, en = { "trade fairs", "technical magazines" } },
      indirect = { es = { "proveedores habituales", "colegas de otras plantas u oficinas" }, en = { "regular suppliers", "colleagues at other sites" } },
    },
    emotion = { { es = "inquietud, curiosidad", en = "unease, curiosity" }, valence = 0, basis = "assumed" },
    offers = { "article", "infographic", "video" },
    leave_after = "120d",
    metrics = { es = { "visitas de empresas del sector", "lecturas completas" }, en = { "visits from target companies", "articles read to the end" } },
    objective = {
      metric = "advance_rate", baseline = 0.09, target = 0.13, by = "2027-06-30",
      text = {
        es = "Que el 13 % de los lectores pida después un contenido más profundo.",
        en = "13% of readers later ask for something deeper.",
      },
    },
    basis = "assumed",
  },

  stage "consideration" {
    names = { es = "consideración", en = "consideration" },
    phase = "pre-purchase",
    description = {
      es = "El problema ya es un tema de reunión. Se nombra a alguien para mirar opciones y aparecen los primeros escépticos.",
      en = "The problem is now on the agenda. Someone is told to look at options, and the first sceptics turn up.",
    },
    goal = {
      es = "Conoce las opciones, nos deja sus datos y empieza a implicar a sus compañeros.",
      en = "Knows the options, leaves us their details and starts to involve colleagues.",
    },
    customer = {
      es = { "compara proveedores y alternativas", "descarga material para repartir", "calcula si compensa" },
      en = { "compares suppliers and alternatives", "downloads material to pass round", "works out whether it pays" },
    },
    thinking = {
      es = { "«¿Esto sirve para una empresa como la nuestra?»", "«¿Qué dirá informática?»" },
      en = { "“Does this work for a company like ours?”", "“What will IT say?”" },
    },
    company = {
      es = { "da algo valioso a cambio del contacto", "enseña casos de su tamaño y sector", "prepara respuestas para cada escéptico" },
      en = { "gives something valuable in return for the contact", "shows cases of their size and industry", "prepares answers for each sceptic" },
    },
    needs = {
      es = { "una comparación que pueda reenviar", "un orden de magnitud del ahorro" },
      en = { "a comparison fit to forward", "an order of magnitude for the savings" },
    },
    desires = {
      es = { "que el proyecto lleve su nombre" },
      en = { "a project with their name on it" },
    },
    information = {
      es = { "qué opciones hay y en qué se distinguen", "cuánto se tarda en notar el cambio", "quién lo usa ya" },
      en = { "what options there are and how they differ", "how long until the change shows", "who uses it already" },
    },
    frictions = {
      es = { "difícil de comparar", "cada departamento pide otra cosa", "promesas sin cifras" },
      en = { "hard to compare", "every department asks for something else", "promises without figures" },
    },
    channels = {
      es = { "web propia", "correo", "seminarios web" },
      en = { "own site", "e-mail", "webinars" },
    },
    touchpoints = {
      online = { es = { "centro de recursos", "correo", "seminario web" }, en = { "resource centre", "e-mail", "webinar" } },
      offline = { es = { "jornadas técnicas", "visita comercial" }, en = { "technical seminars", "sales visit" } },
      indirect = { es = { "portales de opiniones", "consultores" }, en = { "review sites", "consultants" } },
    },
    emotion = { { es = "interés, espíritu crítico", en = "interest, a critical eye" }, valence = 0, basis = "assumed" },
    offers = { "lead_magnet", "ebook", "testimonial", "comparison", "calculator", "technical_report", "success_story", "webinar" },
    enter = {
      { on = "page_view", where = { section = "solutions" }, times = 2, within = "21d" },
      { on = "download", where = { kind = "lead_magnet" } },
      { on = "webinar_signup" },
      { on = "newsletter_signup" },
    },
    leave_after = "90d",
    metrics = { es = { "contactos cualificados", "personas por empresa" }, en = { "qualified contacts", "people per company" } },
    objective = {
      metric = "advance_rate", baseline = 0.20, target = 0.27, by = "2027-06-30",
      text = {
        es = "Que el 27 % de los contactos pida ver el producto.",
        en = "27% of contacts ask to see the product.",
      },
    },
    basis = "assumed",
  },

  stage "decision" {
    names = { es = "decisión", en = "decision" },
    phase = "purchase",
    description = {
      es = "Hay presupuesto a la vista y un comité. Se ve el producto, se prueba en pequeño y se discute el precio.",
      en = "A budget is in sight and there is a committee. The product is seen, tried on a small scale, and the price is argued over.",
    },
    goal = {
      es = "El comité nos elige y firma.",
      en = "The committee chooses us and signs.",
    },
    customer = {
      es = { "asiste a demostraciones", "acota una prueba con criterios", "defiende la compra ante dirección" },
      en = { "attends demos", "agrees a pilot with criteria", "argues for the purchase before management" },
    },
    thinking = {
      es = { "«¿Qué pasa si sale mal?»", "«Necesito esto en una página»" },
      en = { "“What if it goes wrong?”", "“I need this on one page”" },
    },
    company = {
      es = { "enseña su propuesta de valor con los datos del cliente", "reduce el riesgo con una prueba acotada", "entrega el caso de negocio ya escrito" },
      en = { "shows its value on the customer's own data", "lowers the risk with a bounded pilot", "hands over a business case already written" },
    },
    needs = {
      es = { "seguridad de que funcionará en su casa", "un precio que se pueda aprobar" },
      en = { "assurance that it will work on their premises", "a price that can be approved" },
    },
    desires = {
      es = { "que nadie le reproche la elección" },
      en = { "a choice nobody will hold against them" },
    },
    information = {
      es = { "coste total a tres años", "cómo se protegen los datos", "qué dicen clientes parecidos" },
      en = { "total cost over three years", "how the data is protected", "what similar customers say" },
    },
    frictions = {
      es = { "revisión de seguridad larga", "presupuesto cerrado hasta enero", "un competidor más barato sobre el papel" },
      en = { "a long security review", "budget closed until January", "a rival cheaper on paper" },
    },
    channels = {
      es = { "demostración", "teléfono", "correo", "reunión" },
      en = { "demo", "telephone", "e-mail", "meeting" },
    },
    touchpoints = {
      online = { es = { "página de precios", "videollamada", "propuesta en línea" }, en = { "pricing page", "video call", "online proposal" } },
      offline = { es = { "visita a sus instalaciones", "comité de compras" }, en = { "visit to their premises", "purchasing committee" } },
      indirect = { es = { "clientes de referencia" }, en = { "reference customers" } },
    },
    emotion = { { es = "confianza con vértigo", en = "confident, but a little daunted" }, valence = 0, basis = "assumed" },
    offers = { "demo", "pilot", "discount", "quote", "business_case", "security_pack", "reference_call", "advice_call" },
    enter = {
      { on = "demo_request" },
      { on = "quote_request" },
      { on = "page_view", where = { section = "pricing" }, times = 3, within = "14d" },
    },
    leave_after = "75d",
    metrics = { es = { "demostraciones con más de dos asistentes", "tasa de cierre" }, en = { "demos with more than two attendees", "win rate" } },
    objective = {
      metric = "advance_rate", baseline = 0.24, target = 0.30, by = "2027-12-31",
      text = {
        es = "Cerrar el 30 % de las oportunidades con demostración.",
        en = "Win 30% of the opportunities that saw a demo.",
      },
    },
    basis = "assumed",
  },

  stage "retention" {
    names = { es = "retención", en = "retention" },
    phase = "post-purchase",
    description = {
      es = "El contrato corre. Quien lo firmó mira resultados; quien lo usa mira si le ahorra trabajo. Hay que cuidar a los dos.",
      en = "The contract is running. Those who signed look at results; those who use it look at whether it saves work. Both need care.",
    },
    goal = {
      es = "Lo usa todo el equipo, se notan los resultados y la renovación no se discute.",
      en = "The whole team uses it, results show, and renewal is not in question.",
    },
    customer = {
      es = { "arranca con los primeros usuarios", "pide ayuda y formación", "informa a dirección de lo conseguido" },
      en = { "starts with the first users", "asks for help and training", "reports to management on what was achieved" },
    },
    thinking = {
      es = { "«¿Lo usamos todos o solo dos?»", "«¿Merece la pena ampliarlo?»" },
      en = { "“Do we all use it, or just two of us?”", "“Is it worth extending?”" },
    },
    company = {
      es = { "pregunta qué les falta", "escribe a cada cliente por su nombre y con sus cifras", "enriquece lo comprado antes de vender más" },
      en = { "asks what they are missing", "writes to each customer by name and with their figures", "enriches what was bought before selling more" },
    },
    needs = {
      es = { "arranque acompañado", "resultados que enseñar" },
      en = { "a start with someone at their side", "results to show" },
    },
    desires = {
      es = { "sentirse un cliente importante" },
      en = { "to feel like a customer who counts" },
    },
    information = {
      es = { "qué mejora ya se ha logrado", "qué funciones no está usando", "qué viene después" },
      en = { "what has improved so far", "which features go unused", "what comes next" },
    },
    frictions = {
      es = { "cambian las personas y se pierde lo aprendido", "el equipo vuelve a sus costumbres", "solo nos ven en la factura" },
      en = { "people move on and what they learnt is lost", "the team slips back into old habits", "they see us only on the invoice" },
    },
    channels = {
      es = { "dentro del producto", "correo", "reunión de resultados" },
      en = { "inside the product", "e-mail", "results meeting" },
    },
    touchpoints = {
      online = { es = { "producto", "centro de ayuda", "correo" }, en = { "product", "help centre", "e-mail" } },
      offline = { es = { "formación presencial", "visita de seguimiento" }, en = { "classroom training", "follow-up visit" } },
      indirect = { es = { "comunidad de usuarios" }, en = { "user community" } },
    },
    emotion = { { es = "satisfacción, alivio", en = "satisfaction, relief" }, valence = 1, basis = "assumed" },
    offers = { "coupon", "personal_message", "complementary_content", "survey", "onboarding", "training", "business_review", "up_sell" },
    enter = {
      { on = "contract_signed" },
      { on = "purchase" },
    },
    leave_after = "365d",
    metrics = { es = { "usuarios activos", "renovaciones", "satisfacción" }, en = { "active users", "renewals", "satisfaction" } },
    objective = {
      metric = "recurrence", baseline = 0.87, target = 0.93, by = "2027-12-31",
      text = {
        es = "Renovar el 93 % de los contratos, frente al 87 % actual.",
        en = "Renew 93% of contracts, up from 87%.",
      },
    },
    basis = "assumed",
  },

  stage "referral" {
    names = { es = "recomendación", en = "referral" },
    phase = "post-purchase",
    description = {
      es = "Está contento y otros de su oficio le preguntan. Recomendar a un proveedor compromete su nombre: hay que ponérselo fácil y agradecerlo.",
      en = "They are happy and others in the trade ask them. Recommending a supplier puts their own name at stake: make it easy and be grateful.",
    },
    goal = {
      es = "Habla bien de nosotros con su nombre y nos presenta a otra empresa.",
      en = "Speaks well of us under their own name and introduces us to another company.",
    },
    customer = {
      es = { "cuenta su caso en público", "atiende llamadas de posibles compradores", "nos presenta a un colega" },
      en = { "tells their story in public", "takes calls from prospective buyers", "introduces us to a peer" },
    },
    thinking = {
      es = { "«Si lo recomiendo, que no me dejen mal»", "«Esto lo hemos conseguido nosotros»" },
      en = { "“If I recommend them, they had better not let me down”", "“We are the ones who achieved this”" },
    },
    company = {
      es = { "pide en el momento de una buena noticia", "da protagonismo al cliente, no al producto", "respeta a quien prefiere callar" },
      en = { "asks at the moment of good news", "puts the customer in the limelight, not the product", "respects those who would rather not" },
    },
    needs = {
      es = { "un texto listo para enviar", "permiso de su empresa para hablar" },
      en = { "a text ready to send", "their company's permission to speak" },
    },
    desires = {
      es = { "reconocimiento entre los de su profesión" },
      en = { "recognition within the profession" },
    },
    information = {
      es = { "qué gana cada parte", "cuánto tiempo le llevará", "qué se publicará exactamente" },
      en = { "what each side gains", "how much time it takes", "what exactly will be published" },
    },
    frictions = {
      es = { "normas internas sobre regalos y citas", "da apuro molestar a un colega", "nadie le dio las gracias la última vez" },
      en = { "in-house rules on gifts and quotes", "reluctance to bother a peer", "nobody said thank you last time" },
    },
    channels = {
      es = { "correo", "eventos", "portales de opiniones" },
      en = { "e-mail", "events", "review sites" },
    },
    touchpoints = {
      online = { es = { "correo", "portal de opiniones", "red profesional" }, en = { "e-mail", "review site", "professional network" } },
      offline = { es = { "encuentro de usuarios", "ponencia en un congreso" }, en = { "user meeting", "talk at a congress" } },
      indirect = { es = { "conversaciones entre colegas" }, en = { "conversations among peers" } },
    },
    emotion = { { es = "orgullo, pertenencia", en = "pride, belonging" }, valence = 1, basis = "assumed" },
    offers = { "referral_request", "referral_programme", "review_request", "recognition", "user_group" },
    enter = {
      { on = "survey", where = { answer = "promoter" } },
      { on = "renewal" },
      { on = "review" },
      { on = "referral" },
    },
    leave_after = "365d",
    metrics = { es = { "presentaciones", "opiniones publicadas" }, en = { "introductions", "reviews published" } },
    objective = {
      metric = "recommendations", baseline = 0.08, target = 0.15, by = "2027-12-31",
      text = {
        es = "Que el 15 % de los clientes en esta etapa nos presente a otra empresa.",
        en = "15% of the customers in this stage introduce us to another company.",
      },
    },
    basis = "assumed",
  },
}
