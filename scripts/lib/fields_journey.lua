-- The fields of `journey` and `stage`, and of the small tables inside them.

local BASIS = { name = "basis", type = "choice", choices = { "assumed", "measured" }, help = "whether this comes from data or is inferred" }

local function row(name, help)
  return { name = name, type = "cell", help = help }
end

return {
  journey = {
    help = "The road a customer walks, stage by stage in the order of time.",
    example = 'journey "four-stages" { model = "b2c", stage "awareness" { … }, stage "consideration" { … } }',
    positional = { as = "stages", type = "stages", help = "its stages, in the order of time" },
    fields = {
      { name = "model", type = "choice", choices = { "b2c", "b2b" }, help = "who buys: people for themselves (b2c) or companies (b2b)" },
      { name = "names", type = "words", help = "the name shown to people, one per language" },
      { name = "summary", type = "words", help = "the customer's situation in a sentence or two" },
      { name = "locale", type = "locale", help = "the language of texts that are written in only one" },
      { name = "weight", type = "number", min = -100, max = 10000, default = 0, help = "favours all offers shown on this journey, in percent; below 0 holds them back" },
      { name = "persona", type = "persona_card", help = "the imagined person who walks it, or the name of a declared persona" },
      { name = "barrier", type = "words", help = "what holds customers back from buying" },
      { name = "insight", type = "words", help = "the truth behind the purchase, as the customer would feel it" },
      { name = "objectives", type = "records", record = "objective", help = "what the whole journey should achieve" },
      row("metrics", "what is watched all along"),
    },
  },
  stage = {
    help = "One stage of a journey: what happens in it, what fits, and what brings a customer here. Stands inside of a journey's { … }.",
    example = 'stage "decision" { names = { es = "decisión" }, offers = { "discount", "demo" }, enter = { on = "add_to_cart" } }',
    fields = {
      { name = "names", type = "words", help = "shown names; each is accepted wherever a stage is named" },
      { name = "aliases", type = "texts", help = "further names that are accepted, and never shown" },
      { name = "phase", type = "choice", choices = { "pre-purchase", "purchase", "post-purchase" }, help = "the part of the journey it belongs to" },
      { name = "description", type = "words", help = "what this stage means here" },
      { name = "goal", type = "words", help = "what has to be true before the customer can move on" },
      row("customer", "what the customer does"),
      row("thinking", "what the customer thinks"),
      row("company", "what the company does and offers"),
      row("needs", "what the customer needs"),
      row("desires", "what the customer wishes for"),
      row("information", "what the customer must know to go on to the next stage"),
      row("frictions", "what makes this stage hard"),
      row("channels", "by which way customers come"),
      row("metrics", "what is watched in this stage"),
      { name = "touchpoints", type = "touchpoints", help = "where company and customer meet: one list, or grouped as online, offline, indirect" },
      { name = "emotion", type = "record", record = "emotion", help = "how the customer feels" },
      { name = "offers", type = "names", of = "kind", as = "kinds", help = "the kinds of offers that fit; left out: every kind; { }: none" },
      { name = "no_offer", type = "words", help = "the reason why nothing is offered in this stage" },
      { name = "enter", type = "records", record = "rule", help = "the events that bring a customer here; any one of them is enough" },
      { name = "re_enter", type = "record", record = "re_enter", help = "whether a customer may come here again, and how soon" },
      { name = "leave_after", type = "duration", help = "a silence that long counts as dropped" },
      { name = "objective", type = "records", record = "objective", as = "objectives", help = "what this stage should achieve" },
      BASIS,
    },
  },
  records = {
    emotion = {
      positional = { as = "words", type = "words_list", help = "the feeling in words" },
      fields = {
        { name = "valence", type = "choice", choices = { -1, 0, 1 }, help = "1 for good, 0 for mixed, -1 for bad" },
        BASIS,
      },
    },
    rule = {
      fields = {
        { name = "on", type = "event", required = true, help = "the event's name, e.g. \"download\"" },
        { name = "where", type = "where", help = "what the event must say, e.g. { kind = \"lead_magnet\" }" },
        { name = "times", type = "number", integer = true, min = 1, max = 10000, default = 1, help = "how often it must happen" },
        { name = "within", type = "duration", help = "the time in which it must happen that often" },
      },
    },
    re_enter = {
      fields = {
        { name = "cool_down", type = "duration", required = true, help = "how long after leaving a customer may come back" },
      },
    },
    objective = {
      fields = {
        { name = "metric", type = "words", required = true, help = "what is measured" },
        { name = "baseline", type = "number", help = "where it stands" },
        { name = "target", type = "number", help = "where it should be" },
        { name = "by", type = "day", help = "the day by which it should be there" },
        { name = "text", type = "words", help = "the objective in a sentence" },
        BASIS,
      },
    },
  },
}
