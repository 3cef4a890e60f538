-- How a company buys, told from the buyer's side; made for sales and marketing who share one map.
-- The first stage wants no offer at all: nobody can be sold a remedy for a pain they have not named.

journey "buying-process" {
  model = "b2b",
  names = { es = "Proceso de compra", en = "Buying process" },
  summary = {
    es = "De un problema que nadie ha puesto sobre la mesa a un proveedor al que se vuelve a elegir. Sirve para que marketing y ventas entreguen el mismo material en el mismo momento.",
    en = "From a problem nobody has put on the table to a supplier who gets chosen again. It lets marketing and sales hand over the same material at the same moment.",
  },
  persona = {
    name = "Irene",
    summary = {
      es = "Responde de un área que funciona a base de apaños. Nadie le ha pedido que compre nada: primero tiene que convencerse ella y después a los demás.",
      en = "Runs a department held together by workarounds. Nobody has asked her to buy anything: first she has to convince herself, then everyone else.",
    },
    photo = "/photos/irene.jpg",
    pains = {
      es = { "apaga los mismos fuegos cada mes", "el trabajo de su equipo solo se ve cuando falla", "teclea el mismo dato en tres sitios" },
      en = { "puts out the same fires every month", "her team's work is seen only when it fails", "types the same figure in three places" },
    },
    needs = {
      es = { "entender de dónde viene el problema", "pruebas que convenzan a otros departamentos" },
      en = { "to understand where the problem comes from", "proof that convinces other departments" },
    },
    motivations = {
      es = { "dejar el área mejor de como la encontró", "recuperar horas para lo importante" },
      en = { "to leave the department better than she found it", "to win back hours for what matters" },
    },
    weaknesses = {
      es = { "aplaza lo que no es urgente", "le cuesta pedir dinero" },
      en = { "puts off what is not urgent", "finds it hard to ask for money" },
    },
  },
  barrier = {
    es = "Cambiar exige pedir presupuesto, tiempo y confianza a la vez; no hacer nada, en cambio, no necesita la firma de nadie.",
    en = "Change means asking for budget, time and trust all at once; doing nothing needs nobody's signature.",
  },
  insight = {
    es = "No compra la mejor herramienta, sino la decisión que podrá defender delante de sus compañeros dentro de un año.",
    en = "She does not buy the best tool; she buys the decision she can still defend before her colleagues in a year.",
  },
  objectives = {
    {
      metric = "conversion_rate", baseline = 0.02, target = 0.03, by = "2027-06-30",
      text = {
        es = "Que compren tres de cada cien empresas que llegan a «descubrir», en lugar de dos.",
        en = "Three out of every hundred companies that reach discovering buy, instead of two.",
      },
    },
  },
  metrics = {
    es = { "tasa de conversión", "meses hasta la firma", "satisfacción", "renovaciones" },
    en = { "conversion rate", "months to signature", "satisfaction", "renewals" },
  },

  stage "awareness" {
    names = { es = "conciencia", en = "awareness" },
    phase = "pre-purchase",
    no_offer = {
      es = "Todavía no busca soluciones: cualquier oferta llegaría antes de tiempo.",
      en = "Not looking for solutions yet: any offer would come too early.",
    },
    description = {
      es = "El problema existe y cuesta dinero, pero se vive como «lo normal aquí». No hay proyecto, ni presupuesto, ni búsqueda.",
      en = "The problem exists and costs money, but it passes for how things are here. There is no project, no budget and no search.",
    },
    goal = {
      es = "Que nos reconozca como gente que entiende su trabajo el día que decida mirar el problema de frente.",
      en = "Be remembered as people who understand the job on the day they decide to face the problem.",
    },
    customer = {
      es = { "resuelve cada urgencia según llega", "lleva el control en hojas de cálculo", "comenta la molestia con colegas" },
      en = { "deals with each emergency as it comes", "keeps track in spreadsheets", "grumbles about it with colleagues" },
    },
    thinking = {
      es = { "«Siempre ha sido así»", "«Ya lo miraremos cuando haya menos lío»" },
      en = { "“It has always been like this”", "“We'll look into it when things calm down”" },
    },
    company = {
      es = { "escucha qué palabras usa el sector", "cuida su reputación sin perseguir a nadie", "mide y espera" },
      en = { "listens to the words the industry uses", "looks after its reputation without chasing anyone", "measures and waits" },
    },
    needs = {
      es = { "que el día salga adelante" },
      en = { "to get through the day" },
    },
    desires = {
      es = { "menos sobresaltos y salir a su hora" },
      en = { "fewer surprises, and leaving on time" },
    },
    information = {
      es = { "que lo que le pasa tiene nombre y les pasa a otros" },
      en = { "that what is happening to them has a name and happens to others" },
    },
    frictions = {
      es = { "confunde síntomas con causas", "nadie mide lo que cuesta seguir igual" },
      en = { "symptoms are mistaken for causes", "nobody measures what staying put costs" },
    },
    channels = {
      es = { "boca a boca", "prensa del sector" },
      en = { "word of mouth", "trade press" },
    },
    touchpoints = {
      online = { es = { "redes profesionales" }, en = { "professional networks" } },
      offline = { es = { "ferias", "reuniones de la asociación del sector" }, en = { "trade fairs", "industry association meetings" } },
      indirect = { es = { "antiguos compañeros", "consultores que pasan por la casa" }, en = { "former colleagues", "consultants passing through" } },
    },
    emotion = { { es = "resignación, cansancio", en = "resignation, weariness" }, valence = -1, basis = "assumed" },
    leave_after = "180d",
    metrics = { es = { "recuerdo de marca" }, en = { "brand recall" } },
    objective = {
      metric = "advance_rate", baseline = 0.05, target = 0.06, by = "2027-06-30",
      text = {
        es = "Que el 6 % empiece a leer sobre el problema por su propio pie.",
        en = "6% start reading about the problem of their own accord.",
      },
    },
    basis = "assumed",
  },

  stage "discovering" {
    names = { es = "descubrir", en = "discovering" },
    phase = "pre-purchase",
    description = {
      es = "Alguien ha dicho en voz alta «esto hay que arreglarlo» y busca de dónde viene y cómo les fue a otros.",
      en = "Someone has said out loud “this has to be fixed” and looks for where it comes from and how others fared.",
    },
    goal = {
      es = "Entiende las causas de su problema y ve que tiene arreglo.",
      en = "Understands the causes of the problem and sees that it can be solved.",
    },
    customer = {
      es = { "lee sobre las causas", "busca experiencias parecidas a la suya", "pregunta en foros y grupos" },
      en = { "reads about the causes", "looks for experiences like their own", "asks in forums and groups" },
    },
    thinking = {
      es = { "«¿Somos los únicos a los que nos pasa?»", "«¿Cuánto nos está costando?»" },
      en = { "“Are we the only ones?”", "“What is this costing us?”" },
    },
    company = {
      es = { "explica las causas sin hablar de producto", "deja que otros clientes cuenten su caso", "pone cifras al coste de no hacer nada" },
      en = { "explains causes without mentioning a product", "lets other customers tell their story", "puts figures on the cost of doing nothing" },
    },
    needs = {
      es = { "poner nombre al problema", "argumentos para hablarlo con su jefe" },
      en = { "a name for the problem", "arguments to raise it with the boss" },
    },
    desires = {
      es = { "comprobar que no es culpa suya" },
      en = { "to find it is not their own fault" },
    },
    information = {
      es = { "las causas más frecuentes", "qué cambió en empresas como la suya", "el coste aproximado de seguir igual" },
      en = { "the usual causes", "what changed in companies like theirs", "roughly what staying put costs" },
    },
    frictions = {
      es = { "textos que venden en la tercera línea", "ejemplos de empresas que no se parecen a la suya" },
      en = { "texts that start selling in line three", "examples from companies nothing like theirs" },
    },
    channels = {
      es = { "buscadores", "blogs del sector", "colegas" },
      en = { "search engines", "industry blogs", "peers" },
    },
    touchpoints = {
      online = { es = { "blog", "buscador", "redes profesionales" }, en = { "blog", "search", "professional networks" } },
      offline = { es = { "charlas en ferias" }, en = { "talks at trade fairs" } },
      indirect = { es = { "foros", "prensa especializada" }, en = { "forums", "specialist press" } },
    },
    emotion = { { es = "curiosidad, alivio al verse reflejado", en = "curiosity, relief at recognising themselves" }, valence = 0, basis = "assumed" },
    offers = { "article", "ebook", "testimonial", "success_story" },
    enter = {
      { on = "page_view", where = { section = "blog" }, times = 2, within = "30d" },
      { on = "click", where = { kind = "article" } },
      { on = "newsletter_signup" },
    },
    leave_after = "90d",
    metrics = { es = { "lecturas completas", "visitas que vuelven" }, en = { "articles read to the end", "returning visits" } },
    objective = {
      metric = "advance_rate", baseline = 0.18, target = 0.24, by = "2027-06-30",
      text = {
        es = "Que casi una de cada cuatro empresas pase de leer causas a comparar tipos de solución.",
        en = "Almost one company in four moves from reading about causes to weighing kinds of solution.",
      },
    },
    basis = "assumed",
  },

  stage "learning" {
    names = { es = "aprender", en = "learning" },
    phase = "pre-purchase",
    description = {
      es = "Sabe qué le pasa y estudia por qué camino resolverlo: contratar, reorganizarse, hacerlo en casa o comprar.",
      en = "Knows what is wrong and studies which way to solve it: hire, reorganise, build in-house or buy.",
    },
    goal = {
      es = "Elige el tipo de solución y sabe qué pedirle.",
      en = "Settles on a kind of solution and knows what to ask of it.",
    },
    customer = {
      es = { "compara enfoques", "asiste a seminarios web", "reúne a quienes tendrán que opinar" },
      en = { "weighs approaches", "attends webinars", "gathers the people who will have a say" },
    },
    thinking = {
      es = { "«¿De verdad necesitamos una herramienta?»", "«¿Qué se nos está escapando?»" },
      en = { "“Do we really need a tool?”", "“What are we missing?”" },
    },
    company = {
      es = { "compara los caminos con honradez, también los que no vende", "enseña mediciones", "ofrece material para repartir en la reunión" },
      en = { "compares the options fairly, including those it does not sell", "shows measurements", "supplies material to hand round in meetings" },
    },
    needs = {
      es = { "criterios para comparar", "lenguaje común con informática y finanzas" },
      en = { "criteria to compare by", "a common language with IT and finance" },
    },
    desires = {
      es = { "ser quien más sabe del tema en la sala" },
      en = { "to be the best informed in the room" },
    },
    information = {
      es = { "ventajas y límites de cada tipo de solución", "esfuerzo y plazos reales", "requisitos de datos y seguridad" },
      en = { "strengths and limits of each kind of solution", "real effort and time", "data and security requirements" },
    },
    frictions = {
      es = { "comparativas escritas por un fabricante", "vocabulario técnico sin explicar", "cada departamento mira una cosa" },
      en = { "comparisons written by a vendor", "technical terms left unexplained", "each department looks at something else" },
    },
    channels = {
      es = { "web propia", "correo", "seminarios web" },
      en = { "own site", "e-mail", "webinars" },
    },
    touchpoints = {
      online = { es = { "centro de recursos", "seminario web", "correo" }, en = { "resource centre", "webinar", "e-mail" } },
      offline = { es = { "jornadas técnicas", "visitas a otras empresas" }, en = { "technical seminars", "visits to other companies" } },
      indirect = { es = { "analistas", "consultores" }, en = { "analysts", "consultants" } },
    },
    emotion = { { es = "interés creciente, algo de vértigo", en = "growing interest, slightly daunted" }, valence = 0, basis = "assumed" },
    offers = { "guide", "lead_magnet", "comparison", "technical_report", "webinar" },
    enter = {
      { on = "download", where = { kind = "ebook" } },
      { on = "download", where = { kind = "lead_magnet" } },
      { on = "webinar_signup" },
      { on = "page_view", where = { section = "solutions" }, times = 3, within = "21d" },
    },
    leave_after = "90d",
    metrics = { es = { "descargas", "asistentes por empresa" }, en = { "downloads", "attendees per company" } },
    objective = {
      metric = "advance_rate", baseline = 0.22, target = 0.28, by = "2027-06-30",
      text = {
        es = "Que el 28 % llegue a una lista corta en la que estemos.",
        en = "28% reach a short list with us on it.",
      },
    },
    basis = "assumed",
  },

  stage "choosing" {
    names = { es = "elegir", en = "choosing" },
    phase = "purchase",
    description = {
      es = "Quedan dos o tres proveedores. Los prueba, pide referencias y cada miembro del comité busca su propio motivo para decir que no.",
      en = "Two or three suppliers are left. They get tried out, references are asked for, and each committee member looks for a reason of their own to say no.",
    },
    goal = {
      es = "Nos prueba con su propio trabajo y nos recomienda por dentro.",
      en = "Tries us on their own work and recommends us inside the company.",
    },
    customer = {
      es = { "prueba los productos con sus datos", "puntúa a los proveedores", "llama a otros clientes" },
      en = { "tries the products with their own data", "scores the suppliers", "calls other customers" },
    },
    thinking = {
      es = { "«¿Lo usará mi equipo o acabará en un cajón?»", "«¿Y si este proveedor desaparece?»" },
      en = { "“Will my team use it, or will it end up in a drawer?”", "“What if this supplier disappears?”" },
    },
    company = {
      es = { "enseña el producto con el caso del cliente", "responde a cada miembro del comité en su idioma", "pone en contacto con clientes reales" },
      en = { "shows the product on the customer's own case", "answers each committee member in their own terms", "puts them in touch with real customers" },
    },
    needs = {
      es = { "probar sin comprometerse", "pruebas para cada escéptico" },
      en = { "to try without commitment", "proof for every sceptic" },
    },
    desires = {
      es = { "que la elección parezca evidente" },
      en = { "for the choice to look obvious" },
    },
    information = {
      es = { "si encaja con sus sistemas", "cuánto se ahorra y cuándo", "qué dicen quienes ya lo usan" },
      en = { "whether it fits their systems", "how much it saves and when", "what those who use it say" },
    },
    frictions = {
      es = { "demostraciones de guion", "la revisión de seguridad se eterniza", "precios que no se enseñan" },
      en = { "scripted demos", "a security review without end", "prices that are not shown" },
    },
    channels = {
      es = { "demostración", "prueba", "correo", "teléfono" },
      en = { "demo", "trial", "e-mail", "telephone" },
    },
    touchpoints = {
      online = { es = { "página de precios", "entorno de prueba", "videollamada" }, en = { "pricing page", "trial environment", "video call" } },
      offline = { es = { "visita a sus instalaciones", "reunión del comité" }, en = { "visit to their premises", "committee meeting" } },
      indirect = { es = { "portales de opiniones", "clientes de referencia" }, en = { "review sites", "reference customers" } },
    },
    emotion = { { es = "ilusión con cautela, miedo a equivocarse", en = "guarded enthusiasm, fear of getting it wrong" }, valence = 0, basis = "assumed" },
    offers = { "free_trial", "demo", "comparison", "checklist", "calculator", "success_story", "business_case", "security_pack", "reference_call" },
    enter = {
      { on = "demo_request" },
      { on = "trial_start" },
      { on = "page_view", where = { section = "pricing" }, times = 2, within = "14d" },
    },
    leave_after = "60d",
    metrics = { es = { "pruebas activas", "personas que participan por empresa" }, en = { "active trials", "people involved per company" } },
    objective = {
      metric = "advance_rate", baseline = 0.30, target = 0.38, by = "2027-06-30",
      text = {
        es = "Que el 38 % de quienes prueban pida una propuesta.",
        en = "38% of those who try it ask for a proposal.",
      },
    },
    basis = "assumed",
  },

  stage "purchasing" {
    names = { es = "comprar", en = "purchasing" },
    phase = "purchase",
    description = {
      es = "El equipo ya ha elegido; falta que compras, legal y finanzas lo conviertan en un contrato.",
      en = "The team has chosen; procurement, legal and finance have yet to turn it into a contract.",
    },
    goal = {
      es = "Firma sin sorpresas y con la puesta en marcha ya en el calendario.",
      en = "Signs without surprises, with the start already in the calendar.",
    },
    customer = {
      es = { "pide condiciones por escrito", "negocia plazos y alcance", "busca la última firma" },
      en = { "asks for terms in writing", "negotiates dates and scope", "chases the last signature" },
    },
    thinking = {
      es = { "«¿Hay letra pequeña?»", "«¿Cuándo lo tendremos funcionando?»" },
      en = { "“Is there small print?”", "“When will it be up and running?”" },
    },
    company = {
      es = { "da un precio cerrado que se entiende", "ofrece garantías por escrito", "presenta a quien llevará la puesta en marcha" },
      en = { "gives a firm price that can be understood", "puts its guarantees in writing", "introduces the person who will lead the start-up" },
    },
    needs = {
      es = { "documentos listos para compras y legal", "una persona que conteste hoy" },
      en = { "documents ready for procurement and legal", "someone who answers today" },
    },
    desires = {
      es = { "terminar y ponerse a trabajar" },
      en = { "to be done with it and get to work" },
    },
    information = {
      es = { "precio total y condiciones de salida", "plan de puesta en marcha", "quién responde si algo falla" },
      en = { "total price and exit terms", "the plan for going live", "who answers if something fails" },
    },
    frictions = {
      es = { "idas y vueltas del contrato", "costes que aparecen al final", "un firmante que nadie había tenido en cuenta" },
      en = { "contract ping-pong", "costs that turn up at the end", "a signatory nobody had counted on" },
    },
    channels = {
      es = { "correo", "teléfono", "reunión" },
      en = { "e-mail", "telephone", "meeting" },
    },
    touchpoints = {
      online = { es = { "propuesta en línea", "firma electrónica" }, en = { "online proposal", "electronic signature" } },
      offline = { es = { "reunión con compras", "llamada con dirección" }, en = { "meeting with procurement", "call with management" } },
      indirect = { es = { "asesoría jurídica", "informes de solvencia" }, en = { "legal advisers", "credit reports" } },
    },
    emotion = { { es = "confianza, prisa, nervios de última hora", en = "confidence, urgency, last-minute nerves" }, valence = 1, basis = "assumed" },
    offers = { "quote", "business_case", "advice_call", "guarantee", "implementation_plan", "support" },
    enter = {
      { on = "quote_request" },
      { on = "conversion", where = { kind = "quote" } },
      { on = "conversion", where = { kind = "business_case" } },
    },
    leave_after = "45d",
    metrics = { es = { "días hasta la firma", "propuestas aceptadas" }, en = { "days to signature", "proposals accepted" } },
    objective = {
      metric = "advance_rate", baseline = 0.50, target = 0.58, by = "2027-06-30",
      text = {
        es = "Que se firme el 58 % de las propuestas entregadas.",
        en = "58% of the proposals handed over are signed.",
      },
    },
    basis = "assumed",
  },

  stage "satisfaction" {
    names = { es = "satisfacción", en = "satisfaction" },
    phase = "post-purchase",
    description = {
      es = "El contrato está firmado y empieza lo que se prometió. Cada trimestre decide en silencio si volvería a comprarnos.",
      en = "The contract is signed and what was promised begins. Every quarter they quietly decide whether they would buy again.",
    },
    goal = {
      es = "Consigue el resultado por el que compró y nos vuelve a elegir.",
      en = "Gets the result they bought it for and chooses us again.",
    },
    customer = {
      es = { "pone en marcha la solución", "forma a su equipo", "compara lo prometido con lo obtenido" },
      en = { "gets the solution going", "trains the team", "compares what was promised with what they got" },
    },
    thinking = {
      es = { "«¿Le estamos sacando partido?»", "«¿Qué enseño en la próxima reunión de dirección?»" },
      en = { "“Are we making the most of it?”", "“What do I show at the next management meeting?”" },
    },
    company = {
      es = { "acompaña el arranque hasta el primer resultado", "revisa cifras con el cliente", "pregunta antes de que se queje" },
      en = { "stays close until the first result", "goes through the figures with the customer", "asks before they complain" },
    },
    needs = {
      es = { "que el equipo lo use de verdad", "ayuda rápida cuando algo se atasca" },
      en = { "a team that really uses it", "quick help when something gets stuck" },
    },
    desires = {
      es = { "quedar bien por haber elegido bien" },
      en = { "to be given credit for choosing well" },
    },
    information = {
      es = { "qué resultados lleva conseguidos", "qué puede hacer ya y no está haciendo", "qué novedades le afectan" },
      en = { "what results they have so far", "what they could already do and are not doing", "which news concerns them" },
    },
    frictions = {
      es = { "usuarios que vuelven a la hoja de cálculo", "quien lo impulsó cambia de puesto", "solo tiene noticias nuestras al renovar" },
      en = { "users drifting back to the spreadsheet", "the person who drove it changes jobs", "hearing from us only at renewal" },
    },
    channels = {
      es = { "dentro del producto", "correo", "reunión de seguimiento" },
      en = { "inside the product", "e-mail", "review meeting" },
    },
    touchpoints = {
      online = { es = { "producto", "centro de ayuda", "correo" }, en = { "product", "help centre", "e-mail" } },
      offline = { es = { "formación en sus instalaciones", "encuentro de usuarios" }, en = { "on-site training", "user meeting" } },
      indirect = { es = { "opiniones entre colegas" }, en = { "talk among peers" } },
    },
    emotion = { { es = "orgullo, tranquilidad", en = "pride, peace of mind" }, valence = 1, basis = "assumed" },
    offers = { "onboarding", "training", "tutorial", "business_review", "release_notes", "user_group", "survey", "thank_you" },
    enter = {
      { on = "contract_signed" },
      { on = "purchase" },
    },
    re_enter = { cool_down = "90d" },
    leave_after = "365d",
    metrics = { es = { "usuarios activos por semana", "satisfacción", "renovaciones" }, en = { "weekly active users", "satisfaction", "renewals" } },
    objective = {
      metric = "recurrence", baseline = 0.86, target = 0.92, by = "2027-12-31",
      text = {
        es = "Que renueve el 92 % de los clientes, frente al 86 % actual.",
        en = "92% of customers renew, up from 86%.",
      },
    },
    basis = "assumed",
  },
}
