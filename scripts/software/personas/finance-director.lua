-- The one who compares this expense with every other.

persona "finance-director" {
  name = "Jorge",
  summary = {
    es = "Director financiero. Nunca ha visto una avería, pero conoce al céntimo lo que cuestan las horas extra.",
    en = "Finance director. He has never seen a breakdown, but knows to the cent what overtime costs.",
  },
  photo = "/photos/jorge.jpg",
  match = function(c)
    local title = string.lower(c.traits.job_title or "")
    return c.traits.role == "finance" or title == "cfo" or string.find(title, "financ", 1, true) ~= nil
  end,
  demographics = {
    es = { "entre 40 y 60 años", "economista o auditor de formación" },
    en = { "40 to 60 years old", "trained as an economist or auditor" },
  },
  psychographics = {
    es = { "metódico", "desconfía de los ahorros redondos", "agradece la brevedad" },
    en = { "methodical", "distrusts round savings", "grateful for brevity" },
  },
  behaviour = {
    es = { "entra una o dos veces, directo al precio", "reenvía las cifras a control de gestión" },
    en = { "visits once or twice, straight to the price", "forwards the figures to management accounting" },
  },
  needs = {
    es = { "coste total a tres años", "supuestos que pueda cambiar" },
    en = { "total cost over three years", "assumptions he can change" },
  },
  pains = {
    es = { "compras urgentes de repuestos fuera de presupuesto", "proyectos que prometen ahorros y nadie los mide" },
    en = { "rush orders of spare parts outside the budget", "projects that promise savings nobody measures" },
  },
  motivations = {
    es = { "un gasto previsible" },
    en = { "predictable spending" },
  },
  goals = {
    es = { "reducir un 15 % el gasto en reparaciones urgentes" },
    en = { "cut emergency repair spending by 15%" },
  },
  barrier = {
    es = "No hacer nada no aparece en ningún presupuesto.",
    en = "Doing nothing shows up in no budget.",
  },
  insight = {
    es = "Se fía de una cifra cuando ha podido estropearla él mismo cambiando un supuesto.",
    en = "He trusts a figure once he has broken it himself by changing an assumption.",
  },
  weaknesses = {
    es = { "Mira el precio por usuario antes que el coste de las paradas." },
    en = { "Looks at the price per user before the cost of downtime." },
  },
}
