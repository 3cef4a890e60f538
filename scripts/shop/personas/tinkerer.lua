-- Andrés, who weighs every shot and would rather read measurements than adjectives.

persona "tinkerer" {
  name = "Andrés",
  photo = "/personas/andres.jpg",
  summary = {
    es = "Tiene máquina de espresso, báscula de décimas y una libreta llena de tiempos.",
    en = "Owns an espresso machine, a scale that reads tenths of a gram and a notebook full of timings.",
  },
  match = function(c)
    local told = c.traits.brews_with
    for _, brewer in ipairs(type(told) == "table" and told or { told }) do
      if brewer == "espresso" then
        return true
      end
    end
    return false
  end,
  demographics = {
    es = { "44 años", "ingeniero en Bilbao", "dos hijos adolescentes" },
    en = { "44", "engineer in Bilbao", "two teenagers" },
  },
  psychographics = {
    es = { "disfruta más del proceso que del resultado", "desconfía de lo que no se mide" },
    en = { "enjoys the process more than the result", "distrusts what is not measured" },
  },
  behaviour = {
    es = { "escribe en foros", "lee fichas técnicas en el ordenador, de noche" },
    en = { "posts on forums", "reads data sheets at his desk at night" },
  },
  needs = {
    es = { "datos comparables", "recambios y taller durante años" },
    en = { "figures that compare", "spare parts and repairs for years" },
  },
  pains = {
    es = { "unos días sale dulce y otros amargo", "las reseñas no miden nada" },
    en = { "sweet one day, bitter the next", "reviews measure nothing" },
  },
  motivations = {
    es = { "entender qué cambia en la taza", "enseñar lo que aprende" },
    en = { "to understand what changes the cup", "to teach what he learns" },
  },
  goals = {
    es = { "el mismo espresso perfecto tres mañanas seguidas" },
    en = { "the same perfect espresso three mornings running" },
  },
  barrier = {
    es = "Teme gastar mil euros y notar solo un 10 % de mejora.",
    en = "Fears spending a thousand euros for an improvement of only 10%.",
  },
  insight = {
    es = "Compra control: cada variable que domina es una mañana menos al azar.",
    en = "Buys control: each variable mastered is one morning less left to chance.",
  },
  weaknesses = {
    es = { "se atasca comparando y pospone la compra meses" },
    en = { "gets stuck comparing and postpones for months" },
  },
}
