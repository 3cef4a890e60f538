-- For the short list: see it, try it, and an answer for each sceptic on the committee.

offer "demo-with-your-machines" {
  kind = "demo",
  title = { es = "Demostración con tus máquinas: tráenos tres y las planificamos delante de ti", en = "A demo with your machines: bring three and we plan them before your eyes" },
  url = { es = "/es/demo", en = "/en/demo" },
  stages = { "decision", "choosing" },
  answers = { "scripted demos" },
  value = 60,
  data = { minutes = 40 },
}

offer "demo-on-the-phone" {
  kind = "demo",
  title = { es = "Cierra una orden de trabajo desde tu teléfono, ahora mismo", en = "Close a work order on your phone, right now" },
  url = { es = "/es/demo/movil", en = "/en/demo/phone" },
  stages = { "decision", "choosing" },
  personas = { "technician" },
  tags = { "shifts", "phone" },
  value = 66,
  data = { minutes = 3 },
}

offer "thirty-days-free" {
  kind = "free_trial",
  title = { es = "Treinta días con tus datos y sin tarjeta: si tienes una hoja, la importamos", en = "Thirty days with your data and no card: if you have a spreadsheet, we import it" },
  url = { es = "/es/prueba", en = "/en/trial" },
  stages = { "choosing" },
  tags = { "spreadsheet" },
  value = 75,
  data = { days = 30 },
}

offer "one-line-pilot" {
  kind = "pilot",
  title = { es = "Una línea, seis semanas y tres criterios acordados por escrito", en = "One line, six weeks and three criteria agreed in writing" },
  url = { es = "/es/piloto", en = "/en/pilot" },
  stages = { "decision" },
  tags = { "group" },
  answers = { "What if it goes wrong?" },
  value = 70,
  stock = 12,
  data = { weeks = 6 },
}

offer "demo-question-list" {
  kind = "checklist",
  title = { es = "Doce preguntas para cualquier demostración, la nuestra también", en = "Twelve questions for any demo, ours included" },
  url = { es = "/es/listas/doce-preguntas", en = "/en/checklists/twelve-questions" },
  stages = { "choosing" },
  answers = { "scripted demos", "hard to compare" },
  value = 30,
  data = { points = 12 },
}

offer "security-pack" {
  kind = "security_pack",
  title = { es = "Dosier de seguridad: dónde están los datos, quién entra y cómo salen", en = "Security pack: where the data lives, who gets in and how it leaves" },
  url = { es = "/es/seguridad/dosier", en = "/en/security/pack" },
  stages = { "decision", "choosing" },
  personas = { "it-manager" },
  tags = { "security" },
  answers = { "a long security review", "a security review without end" },
  value = 110,
  data = { pages = 19 },
}

offer "talk-to-a-customer" {
  kind = "reference_call",
  title = { es = "Veinte minutos con una fábrica como la tuya, sin nosotros en la llamada", en = "Twenty minutes with a factory like yours, without us on the call" },
  url = { es = "/es/referencias", en = "/en/references" },
  stages = { "decision", "choosing" },
  tags = { "group" },
  answers = { "What if this supplier disappears?" },
  value = 58,
  stock = 40,
  data = { minutes = 20 },
}

offer "one-page-case" {
  kind = "business_case",
  title = { es = "El caso de negocio en una página, con tu logotipo", en = "The business case on one page, with your logo on it" },
  url = { es = "/es/caso-de-negocio", en = "/en/business-case" },
  stages = { "decision", "choosing", "purchasing" },
  personas = { "plant-manager", "finance-director" },
  tags = { "cost", "for-finance" },
  answers = { "I need this on one page" },
  value = 80,
  data = { format = "docx", pages = 1 },
}

offer "figures-for-your-boss" {
  kind = "business_case",
  title = { es = "Tus cifras en un párrafo que dirección entenderá a la primera", en = "Your figures in one paragraph that management will get at once" },
  url = { es = "/es/caso-de-negocio/parrafo", en = "/en/business-case/paragraph" },
  stages = { "decision", "choosing", "purchasing" },
  personas = { "maintenance-manager" },
  tags = { "cost", "for-management" },
  answers = { "promises without figures" },
  value = 54,
}
