-- The one who owns the budget and answers for the output.

persona "plant-manager" {
  name = "Andrés",
  summary = {
    es = "Dirige una planta que trabaja a tres turnos. Cada hora de parada la explica él en la reunión del grupo.",
    en = "Runs a plant on three shifts. He is the one who explains every hour of downtime at the group meeting.",
  },
  photo = "/photos/andres.jpg",
  match = function(c)
    local title = string.lower(c.traits.job_title or "")
    return c.traits.role == "plant"
      or string.find(title, "plant manager", 1, true) ~= nil
      or string.find(title, "directora? de planta") ~= nil
  end,
  demographics = {
    es = { "entre 42 y 58 años", "ha pasado por producción y calidad", "responde de 150 a 600 personas" },
    en = { "42 to 58 years old", "came up through production and quality", "responsible for 150 to 600 people" },
  },
  psychographics = {
    es = { "piensa en indicadores", "impaciente con los detalles", "leal a quien cumple plazos" },
    en = { "thinks in indicators", "impatient with detail", "loyal to those who meet deadlines" },
  },
  behaviour = {
    es = { "lee resúmenes en el móvil", "delega la búsqueda y se reserva la última reunión" },
    en = { "reads summaries on the phone", "delegates the search and keeps the last meeting for himself" },
  },
  needs = {
    es = { "una producción que se pueda prometer", "cifras comparables entre líneas" },
    en = { "output he can promise", "figures that compare across lines" },
  },
  pains = {
    es = { "paradas que nadie vio venir", "enterarse del problema cuando ya lo sabe el cliente" },
    en = { "stoppages nobody saw coming", "hearing of a problem after the customer has" },
  },
  motivations = {
    es = { "que su planta sea el ejemplo del grupo" },
    en = { "to make his plant the group's example" },
  },
  goals = {
    es = { "tres puntos más de disponibilidad en un año", "cero entregas tarde por avería" },
    en = { "three more points of availability in a year", "no late delivery because of a breakdown" },
  },
  barrier = {
    es = "Ya vio fracasar un programa carísimo que acabó usando una sola persona.",
    en = "He has already seen a very expensive system fail and end up with a single user.",
  },
  insight = {
    es = "Aprueba sin dudar lo que puede contar con una gráfica y una frase.",
    en = "He approves without hesitation whatever he can explain with one chart and one sentence.",
  },
  weaknesses = {
    es = { "Decide por la última crisis, no por la más cara." },
    en = { "Decides on the latest crisis rather than the costliest one." },
  },
}
