-- The one who will use it every day, and decides without being asked whether it lives.

persona "technician" {
  name = "Yusef",
  summary = {
    es = "Técnico electromecánico del turno de noche. Si la aplicación le hace perder tiempo, la hoja de papel vuelve en una semana.",
    en = "Electromechanical technician on the night shift. If the app costs him time, the sheet of paper is back within a week.",
  },
  photo = "/photos/yusef.jpg",
  match = function(c)
    local title = string.lower(c.traits.job_title or "")
    return c.traits.role == "technician"
      or string.find(title, "technician", 1, true) ~= nil
      or string.find(title, "técnic", 1, true) ~= nil
  end,
  demographics = {
    es = { "entre 24 y 60 años", "formación profesional", "trabaja a turnos" },
    en = { "24 to 60 years old", "vocational training", "works shifts" },
  },
  psychographics = {
    es = { "resolutivo", "sabe más de la máquina que el manual", "poca paciencia con los formularios" },
    en = { "gets things done", "knows more about the machine than the manual does", "little patience with forms" },
  },
  behaviour = {
    es = { "usa el teléfono con guantes", "aprende mirando a un compañero" },
    en = { "uses the phone with gloves on", "learns by watching a colleague" },
  },
  needs = {
    es = { "la orden, el plano y el repuesto en el mismo sitio", "que funcione sin cobertura" },
    en = { "the order, the drawing and the part in one place", "something that works without a signal" },
  },
  pains = {
    es = { "escribir dos veces lo mismo", "relevos en los que nadie cuenta lo importante" },
    en = { "writing the same thing twice", "handovers where nobody says what matters" },
  },
  motivations = {
    es = { "terminar el turno con el trabajo cerrado" },
    en = { "to end the shift with the job closed" },
  },
  goals = {
    es = { "cerrar cada orden en el momento, al pie de la máquina" },
    en = { "close every order on the spot, beside the machine" },
  },
  barrier = {
    es = "Teme que sea una forma de vigilarle.",
    en = "He fears it is a way of watching him.",
  },
  insight = {
    es = "Adopta lo que le ahorra un viaje al almacén.",
    en = "He adopts whatever saves him a trip to the stores.",
  },
  weaknesses = {
    es = { "Guarda en la cabeza lo que debería quedar escrito." },
    en = { "Keeps in his head what ought to be written down." },
  },
}
