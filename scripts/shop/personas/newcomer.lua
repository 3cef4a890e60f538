-- Lucía, who has a capsule machine and has just found out what she has been missing.

persona "newcomer" {
  name = "Lucía",
  photo = "/personas/lucia.jpg",
  summary = {
    es = "Tomó un filtrado estupendo en un bar y desde entonces las cápsulas le saben a cartón.",
    en = "Had a wonderful filter coffee in a bar, and capsules have tasted of cardboard ever since.",
  },
  match = function(c)
    local told, is_new = c.traits.brews_with, false
    for _, brewer in ipairs(type(told) == "table" and told or { told }) do
      is_new = brewer == "capsules" or brewer == "instant"
      if not is_new then   -- whoever has a real brewer besides is past that
        return false
      end
    end
    return is_new
  end,
  demographics = {
    es = { "31 años", "vive en pareja en Zaragoza", "sueldo medio" },
    en = { "31", "lives with her partner in Zaragoza", "average income" },
  },
  psychographics = {
    es = { "le gusta cocinar los fines de semana", "huye de lo esnob" },
    en = { "enjoys cooking at weekends", "steers clear of anything snobbish" },
  },
  behaviour = {
    es = { "guarda vídeos cortos para luego", "compra desde el móvil en el sofá" },
    en = { "saves short videos for later", "buys on her phone from the sofa" },
  },
  needs = {
    es = { "que le digan qué comprar primero", "resultados sin estudiar una carrera" },
    en = { "someone to say what to buy first", "results without taking a degree" },
  },
  pains = {
    es = { "las cápsulas le salen carísimas", "no entiende las etiquetas del café" },
    en = { "capsules cost a fortune", "coffee labels make no sense" },
  },
  motivations = {
    es = { "darse un capricho diario", "tirar menos basura" },
    en = { "a small treat every day", "throwing less away" },
  },
  goals = {
    es = { "repetir en casa el café de aquel bar" },
    en = { "to make that bar's coffee at home" },
  },
  barrier = {
    es = "Cree que hace falta mucho cacharro y mucha paciencia.",
    en = "Believes it takes a lot of gear and a lot of patience.",
  },
  insight = {
    es = "No quiere ser barista; quiere que el primer sorbo del día sea el mejor rato.",
    en = "Does not want to be a barista; wants the first sip to be the best moment of the day.",
  },
  weaknesses = {
    es = { "se rinde si el segundo intento sale mal" },
    en = { "gives up if the second attempt goes wrong" },
  },
}
