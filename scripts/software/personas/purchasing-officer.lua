-- The one who turns a decision into a contract.

persona "purchasing-officer" {
  name = "Begoña",
  summary = {
    es = "Compradora de servicios y equipos. Le dan una semana para cerrar lo que otros han hablado durante seis meses.",
    en = "Buys services and equipment. She is given a week to close what others have discussed for six months.",
  },
  photo = "/photos/begona.jpg",
  match = function(c)
    local role = c.traits.role
    return role == "purchasing" or role == "procurement" or role == "compras"
  end,
  demographics = {
    es = { "entre 30 y 55 años", "gestiona unos doscientos proveedores" },
    en = { "30 to 55 years old", "manages some two hundred suppliers" },
  },
  psychographics = {
    es = { "ordenada", "directa", "juega limpio con quien juega limpio" },
    en = { "orderly", "direct", "plays fair with those who play fair" },
  },
  behaviour = {
    es = { "escribe correos breves con preguntas numeradas", "pide tres propuestas aunque haya favorita" },
    en = { "writes short e-mails with numbered questions", "asks for three proposals even when there is a favourite" },
  },
  needs = {
    es = { "condiciones por escrito", "una sola persona con quien hablar" },
    en = { "terms in writing", "one person to talk to" },
  },
  pains = {
    es = { "contratos que se renuevan solos", "costes que aparecen después de firmar" },
    en = { "contracts that renew themselves", "costs that turn up after signing" },
  },
  motivations = {
    es = { "cerrar el expediente sin flecos" },
    en = { "to close the file with no loose ends" },
  },
  goals = {
    es = { "contrato firmado en menos de diez días" },
    en = { "a signed contract in under ten days" },
  },
  barrier = {
    es = "Un anexo que falta devuelve el expediente al principio.",
    en = "One missing annex sends the file back to the start.",
  },
  insight = {
    es = "Elige a quien le ahorra correos.",
    en = "She picks whoever spares her e-mails.",
  },
  weaknesses = {
    es = { "Negocia el precio incluso cuando el problema es el plazo." },
    en = { "Bargains over price even when the problem is the date." },
  },
}
