-- The one who can stop the purchase with a single question.

persona "it-manager" {
  name = "Nerea",
  summary = {
    es = "Responsable de informática de un grupo con cuatro fábricas. Le llegan las compras cuando ya están medio decididas.",
    en = "IT manager of a group with four factories. Purchases reach her when they are already half decided.",
  },
  photo = "/photos/nerea.jpg",
  match = function(c)
    local role = c.traits.role
    return role == "it" or (role == nil and c.context.section == "security")
  end,
  demographics = {
    es = { "entre 33 y 50 años", "equipo de tres a ocho personas", "trabaja para varias plantas" },
    en = { "33 to 50 years old", "a team of three to eight", "works for several plants" },
  },
  psychographics = {
    es = { "prudente", "valora la documentación bien escrita", "alérgica a las sorpresas" },
    en = { "cautious", "values well-written documentation", "allergic to surprises" },
  },
  behaviour = {
    es = { "va directa a la página de seguridad", "busca la API antes que el precio" },
    en = { "goes straight to the security page", "looks for the API before the price" },
  },
  needs = {
    es = { "acceso con las cuentas de la casa", "saber dónde están los datos y cómo salen" },
    en = { "sign-in with the company's accounts", "to know where the data lives and how it leaves" },
  },
  pains = {
    es = { "programas comprados sin consultarla", "integraciones hechas a mano que se rompen en agosto" },
    en = { "software bought without asking her", "hand-made integrations that break in August" },
  },
  motivations = {
    es = { "que la llamen al principio y no al final" },
    en = { "to be called in at the start, not at the end" },
  },
  goals = {
    es = { "retirar seis hojas de cálculo críticas", "pasar la auditoría de seguridad sin observaciones" },
    en = { "retire six critical spreadsheets", "pass the security audit without remarks" },
  },
  barrier = {
    es = "Un sistema más es un sistema más que vigilar de noche.",
    en = "One more system is one more system to watch at night.",
  },
  insight = {
    es = "Dice que sí cuando alguien contesta a sus preguntas antes de que las haga.",
    en = "She says yes when someone answers her questions before she asks them.",
  },
  weaknesses = {
    es = { "Prefiere esperar otro año a heredar un problema ajeno." },
    en = { "Would rather wait another year than inherit someone else's problem." },
  },
}
