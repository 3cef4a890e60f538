-- The one who suffers the problem and starts the search.

persona "maintenance-manager" {
  name = "Lucía",
  summary = {
    es = "Jefa de mantenimiento en una fábrica de 180 personas. Coordina a nueve técnicos con una hoja de cálculo que solo entiende ella.",
    en = "Head of maintenance in a factory of 180 people. She coordinates nine technicians with a spreadsheet that only she understands.",
  },
  photo = "/photos/lucia.jpg",
  match = function(c)
    local title = string.lower(c.traits.job_title or "")
    return c.traits.role == "maintenance"
      or string.find(title, "maintenance manager", 1, true) ~= nil
      or string.find(title, "jef[ea] de mantenimiento") ~= nil
  end,
  demographics = {
    es = { "entre 38 y 52 años", "ingeniera o técnica con veinte años de taller", "empresa industrial de 50 a 400 empleados" },
    en = { "38 to 52 years old", "engineer, or technician with twenty years in the workshop", "manufacturer with 50 to 400 employees" },
  },
  psychographics = {
    es = { "práctica", "orgullosa de su equipo", "escéptica con lo que llega de las oficinas" },
    en = { "practical", "proud of her team", "sceptical of whatever comes from the office" },
  },
  behaviour = {
    es = { "lee a primera hora, antes del parte", "pregunta a colegas de otras plantas", "prueba antes de creer" },
    en = { "reads early, before the morning report", "asks peers in other plants", "tries before believing" },
  },
  needs = {
    es = { "saber qué toca hoy y quién lo hace", "que el preventivo no se aplace siempre" },
    en = { "to know what is due today and who does it", "preventive work that does not always get put off" },
  },
  pains = {
    es = { "averías que se repiten", "partes en papel que se pierden", "repuestos que faltan el día que hacen falta" },
    en = { "failures that keep coming back", "paper reports that get lost", "spare parts missing on the day they are needed" },
  },
  motivations = {
    es = { "dormir sin el móvil en la mesilla", "que dirección vea su trabajo" },
    en = { "to sleep without the phone on the bedside table", "to have management see the work" },
  },
  goals = {
    es = { "pasar del 30 % al 60 % de trabajo planificado", "bajar las paradas no previstas a la mitad" },
    en = { "go from 30% to 60% planned work", "halve unplanned stoppages" },
  },
  barrier = {
    es = "No tiene tiempo para implantar aquello que le daría tiempo.",
    en = "She has no time to set up the thing that would give her time.",
  },
  insight = {
    es = "No quiere un programa nuevo: quiere un lunes tranquilo.",
    en = "She does not want new software: she wants a quiet Monday.",
  },
  weaknesses = {
    es = { "Acepta urgencias de cualquiera y deja su plan para mañana." },
    en = { "Takes on anyone's emergency and leaves her own plan for tomorrow." },
  },
}
