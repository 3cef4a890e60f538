-- The fields of `offer`, `policy` and `placement`, and of limits.

return {
  placement = {
    help = "A spot on a page, in a mail or an app that asks what to show.",
    example = 'placement "hero" { count = 1, kinds = { "discount", "webinar" }, fallback = "best-sellers" }',
    fields = {
      { name = "count", type = "number", integer = true, min = 1, max = 50, default = 1, help = "how many offers it shows" },
      { name = "kinds", type = "names", of = "kind", help = "the kinds of offers it can show; left out: every kind" },
      { name = "fallback", type = "names", of = "offer", help = "the offer shown when no other fits, or a list of them" },
      { name = "names", type = "words", help = "the name shown to people, one per language" },
      { name = "touchpoint", type = "text", help = "where company and customer meet here, e.g. \"site\" or \"email\"" },
    },
  },
  offer = {
    help = "Something that can be shown to a customer: an article, a webinar, a discount, a thank-you.",
    example = 'offer "crm-guide" { kind = "lead_magnet", title = "How to choose a CRM", url = "/guides/crm.pdf", stages = { "consideration" } }',
    fields = {
      { name = "kind", type = "name", of = "kind", required = true, help = "the sort of content, e.g. \"lead_magnet\"" },
      { name = "title", type = "words", as = "titles", required = true, help = "the title shown, one for all languages or one for each" },
      { name = "url", type = "urls", as = "urls", help = "where it leads, one for all languages or one for each; false if it leads nowhere" },
      { name = "stages", type = "names", of = "stage", help = "the stages it fits; left out: every stage" },
      { name = "journeys", type = "names", of = "journey", help = "the journeys it fits; left out: every journey" },
      { name = "personas", type = "names", of = "persona", help = "the personas it fits; left out: everyone" },
      { name = "placements", type = "names", of = "placement", help = "where it may be shown; left out: everywhere; { }: nowhere but as a fallback" },
      { name = "locales", type = "locales", help = "the languages it is shown in; left out: every one" },
      { name = "tags", type = "names", of = "tag", help = "topics, for strategies and policies" },
      { name = "answers", type = "texts", help = "the frictions, pains or doubts it takes away" },
      { name = "value", type = "number", min = 0, max = 1e12, default = 1, help = "what one conversion is worth" },
      { name = "weight", type = "number", min = -100, max = 10000, default = 0, help = "favours it, in percent; below 0 holds it back" },
      { name = "starts", type = "moment", help = "the first day or moment it is shown" },
      { name = "ends", type = "moment", help = "the last day it is shown, or the moment it ends" },
      { name = "limit", type = "limit", record = "limit", help = "how often one customer gets it" },
      { name = "stock", type = "number", integer = true, min = 0, max = 1e12, help = "how many there are in all" },
      { name = "consent", type = "name", of = "consent", help = "the consent a customer must have given" },
      { name = "data", type = "data", help = "free fields, delivered with the offer" },
    },
  },
  policy = {
    help = "A contact limit for a group of offers: by name, by kind or by tag.",
    example = 'policy "not-too-many-mails" { kinds = { "webinar" }, limit = { impressions = 2, within = "7d" } }',
    fields = {
      { name = "offers", type = "names", of = "offer", help = "the offers it covers" },
      { name = "kinds", type = "names", of = "kind", help = "the kinds it covers" },
      { name = "tags", type = "names", of = "tag", help = "the tags it covers" },
      { name = "limit", type = "limit", record = "limit", required = true, help = "how often one customer gets them, all together" },
    },
  },
  records = {
    limit = {
      fields = {
        { name = "impressions", type = "number", integer = true, min = 1, max = 1e6, help = "seen at most so often" },
        { name = "decisions", type = "number", integer = true, min = 1, max = 1e6, help = "chosen at most so often" },
        { name = "clicks", type = "number", integer = true, min = 1, max = 1e6, help = "clicked at most so often" },
        { name = "dismissals", type = "number", integer = true, min = 1, max = 1e6, help = "dismissed at most so often" },
        { name = "conversions", type = "number", integer = true, min = 1, max = 1e6, help = "led to a conversion at most so often" },
        { name = "within", type = "duration", help = "the time over which it is counted; left out: for ever, or from one rest to the next" },
        { name = "rest", type = "duration", help = "how long it then stays away" },
      },
    },
  },
}
