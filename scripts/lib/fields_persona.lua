-- The fields of `persona`, and of the card of a persona inside a journey.

local CARD = {
  { name = "name", type = "text", as = "title", help = "the given name of the imagined person" },
  { name = "summary", type = "words", help = "who they are, in a sentence or two" },
  { name = "photo", type = "url", help = "a picture for the map" },
  { name = "demographics", type = "cell", help = "age, work, household" },
  { name = "psychographics", type = "cell", help = "values, tastes, attitudes" },
  { name = "behaviour", type = "cell", help = "what they do and how they buy" },
  { name = "needs", type = "cell", help = "what they need" },
  { name = "pains", type = "cell", help = "problems, frustrations, inefficiencies" },
  { name = "motivations", type = "cell", help = "what drives them" },
  { name = "goals", type = "cell", help = "what they want to reach" },
  { name = "weaknesses", type = "cell", help = "what gets into their own way" },
  { name = "barrier", type = "words", help = "what holds them back from buying" },
  { name = "insight", type = "words", help = "the truth behind their purchase, as they would feel it" },
}

local function persona_fields()
  local fields = table.move(CARD, 1, #CARD, 1, {})
  table.insert(fields, {
    name = "match", type = "hook", help = "function(c): true for a customer who is like this; left out: only ever set, never guessed",
  })
  return fields
end

return {
  persona = {
    help = "An imagined person who stands for customers alike. Not the target audience, which is everyone in reach.",
    example = 'persona "it-manager" { name = "Marta", summary = "…", match = function(c) return c.traits.role == "it" end }',
    fields = persona_fields(),
  },
  records = { persona_card = { fields = CARD } },
}
