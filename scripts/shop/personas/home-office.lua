-- Nadia, who works at the kitchen table and gets through a bag of filter coffee a week.

persona "home-office" {
  name = "Nadia",
  photo = "/personas/nadia.jpg",
  summary = {
    es = "Teletrabaja, bebe café de filtro de la mañana a la tarde y odia quedarse sin café un martes.",
    en = "Works from home, drinks filter coffee from morning to afternoon and hates running out on a Tuesday.",
  },
  match = function(c)
    return c.traits.works_from == "home"
  end,
  demographics = {
    es = { "37 años", "traductora autónoma en Valencia" },
    en = { "37", "freelance translator in Valencia" },
  },
  psychographics = {
    es = { "valora el orden y las rutinas", "mira el origen de lo que compra" },
    en = { "values order and routine", "looks at where things come from" },
  },
  behaviour = {
    es = { "hace un litro a las ocho y otro a las doce", "compra siempre desde el ordenador" },
    en = { "brews a litre at eight and another at noon", "always buys from her computer" },
  },
  needs = {
    es = { "que el café llegue solo", "buen precio por taza", "algo suave para la tarde" },
    en = { "coffee that arrives by itself", "a good price per cup", "something gentle for the afternoon" },
  },
  pains = {
    es = { "se queda sin café entre semana", "a partir de la tercera taza se pone nerviosa" },
    en = { "runs out midweek", "the third cup makes her jittery" },
  },
  motivations = {
    es = { "cuidar las pausas", "no pensar en la compra" },
    en = { "proper breaks", "not having to think about shopping" },
  },
  goals = {
    es = { "café fresco todas las semanas, sin pedirlo" },
    en = { "fresh coffee every week without ordering it" },
  },
  barrier = {
    es = "Las suscripciones le suenan a letra pequeña.",
    en = "Subscriptions sound like small print to her.",
  },
  insight = {
    es = "La cafetera es su compañera de oficina: si falla, falla el día.",
    en = "The brewer is her office mate: when it fails, so does the day.",
  },
  weaknesses = {
    es = { "cancela en cuanto algo se complica" },
    en = { "cancels as soon as anything gets complicated" },
  },
}
