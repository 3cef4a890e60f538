=-- Carmen, who does not drink much coffee but knows somebody who does.

-- Personas are asked in the order of their files; whoever is looking at gifts is first of all somebody who gives.
persona "gift-giver" {
  name = "Carmen",
  photo = "/personas/carmen.jpg",
  summary = {
    es = "Busca un regalo para alguien que sabe de café más que ella, y quiere acertar.",
    en = "Wants a present for someone who knows more about coffee than she does, and wants it to be right.",
  },
  match = function(c)
    return c.context.section == "gifts" or c.traits.buys_for == "someone_else"
  end,
  demographics = {
    es = { "56 años", "profesora en Sevilla", "hijos fuera de casa" },
    en = { "56", "teacher in Seville", "children have moved out" },
  },
  psychographics = {
    es = { "regala con intención", "agradece que la aconsejen" },
    en = { "puts thought into presents", "is glad of advice" },
  },
  behaviour = {
    es = { "compra en diciembre y en cumpleaños", "llama por teléfono si duda" },
    en = { "buys in December and for birthdays", "phones when in doubt" },
  },
  needs = {
    es = { "un presupuesto claro", "que llegue a tiempo y bien envuelto" },
    en = { "a clear budget", "in time and well wrapped" },
  },
  pains = {
    es = { "no sabe qué cafetera tiene", "no sabe si lo podrá cambiar" },
    en = { "does not know which brewer they own", "unsure whether it can be exchanged" },
  },
  motivations = {
    es = { "ver la cara de quien lo abre" },
    en = { "to see their face when they open it" },
  },
  goals = {
    es = { "un regalo que se use, no que se guarde" },
    en = { "a present that gets used, not put away" },
  },
  barrier = {
    es = "Miedo a regalar algo que ya tiene o que no le sirve.",
    en = "Afraid of giving something they already have or cannot use.",
  },
  insight = {
    es = "Regala para decir «me fijo en lo que te gusta».",
    en = "Gives in order to say “I notice what you enjoy”.",
  },
  weaknesses = {
    es = { "deja la compra para los últimos tres días" },
    en = { "leaves it to the last three days" },
  },
}
