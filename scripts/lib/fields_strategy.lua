-- The fields of `strategy` and `test`, and of what tests give and expect.

return {
  strategy = {
    help = "How to choose among the offers that fit, for some stages and placements. Asked in the order of the files.",
    example = 'strategy "help-them-compare" { stage = "consideration", score = function(c, o) return c:interested_in(o) and 1.5 or 1 end }',
    fields = {
      { name = "journey", type = "name", of = "journey", help = "the journey it is for; left out: every one" },
      { name = "stage", type = "names", of = "stage", as = "stages", help = "the stage it is for, or a list; left out: every one" },
      { name = "placements", type = "names", of = "placement", help = "the placements it is for; left out: every one" },
      { name = "when", type = "hook", help = "function(c): whether the strategy is for this customer" },
      { name = "eligible", type = "hook", help = "function(c, o): whether the offer may be shown, and if not, why" },
      { name = "score", type = "hook", help = "function(c, o): a number that multiplies the offer's priority, and why" },
      { name = "explore", type = "choice", choices = { "none", "thompson", "linear" }, default = "none", help = "how it learns from what customers do" },
      { name = "because", type = "words", help = "the reason told with each decision to those who run the site" },
    },
  },
  test = {
    help = "What a given customer should get. Run by `sendactl test`.",
    example = 'test "a phone visitor gets the guide" { given = { stage = "consideration" }, at = "hero", expect = { offer = "crm-guide" } }',
    fields = {
      { name = "given", type = "record", record = "given", help = "the customer, and where they stand" },
      { name = "at", type = "name", of = "placement", required = true, help = "the placement that asks" },
      { name = "now", type = "moment", help = "the moment the test assumes" },
      { name = "count", type = "number", integer = true, min = 1, max = 50, help = "how many offers are asked for; left out: the placement's count" },
      { name = "expect", type = "record", record = "expect", required = true, help = "what should come back" },
    },
  },
  records = {
    given = {
      fields = {
        { name = "journey", type = "name", of = "journey", help = "the journey the customer is on" },
        { name = "stage", type = "name", of = "stage", help = "the stage the customer is in" },
        { name = "persona", type = "name", of = "persona", help = "the persona the customer is like" },
        { name = "locale", type = "locale", help = "the customer's language" },
        { name = "touchpoint", type = "text", help = "where the customer is met" },
        { name = "customer", type = "text", help = "the customer's id" },
        { name = "context", type = "data", help = "what the page tells" },
        { name = "traits", type = "data", help = "what is known of the customer" },
        { name = "consents", type = "consents", help = "what the customer has agreed to: { \"marketing\" } or { marketing = true }" },
        { name = "did", type = "history", help = "what the customer did: any event" },
        { name = "seen", type = "history", of = "offer", help = "what the customer was shown" },
        { name = "clicked", type = "history", of = "offer", help = "what the customer clicked on" },
        { name = "dismissed", type = "history", of = "offer", help = "what the customer waved away" },
        { name = "in_stage_for", type = "duration", help = "how long the customer has been in the stage" },
      },
    },
    expect = {
      fields = {
        { name = "offer", type = "name", of = "offer", help = "this offer is among them" },
        { name = "kind", type = "name", of = "kind", help = "an offer of this kind is among them" },
        { name = "not_offer", type = "name", of = "offer", help = "this offer is not among them" },
        { name = "none", type = "boolean", help = "nothing comes back" },
        {
          name = "fallback", type = "true_or_choice", help = "the fallback comes back: true, or for this very reason",
          choices = { "no_offer_fits", "strategy_error", "deadline", "store_unavailable", "restricted", "holdout" },
        },
        { name = "strategy", type = "name", of = "strategy", help = "the strategy that chose" },
      },
    },
  },
}
