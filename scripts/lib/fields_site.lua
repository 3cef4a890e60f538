-- The fields of `site` and `kind`.

return {
  site = {
    help = "The site as a whole: its languages, its time zone, the journey its customers walk. Stands in site.lua.",
    example = 'site "shop" { locale = "es", locales = { "es", "en" }, time_zone = "Europe/Madrid", journey = "seven-stages" }',
    nameless = true,
    fields = {
      { name = "name", type = "name", as = "given_name", help = "the site's name; left out: the folder's name" },
      { name = "locale", type = "locale", default = "en", help = "the language used where a customer's own is not known" },
      { name = "locales", type = "locales", help = "all languages the site speaks; left out: the default locale alone" },
      { name = "time_zone", type = "zone", default = "UTC", help = "the time zone in which days begin and end" },
      { name = "journey", type = "name", of = "journey", help = "the journey of customers who are on none yet; left out: the first one declared" },
      { name = "journeys", type = "names", of = "journey", help = "further journeys that are wanted, such as those that ship with senda" },
    },
  },
  kind = {
    help = "A sort of content, such as lead_magnet or webinar. Declaring it is only needed to give it a shown name or a weight.",
    example = 'kind "webinar" { names = { es = "seminario en línea", en = "webinar" }, weight = 10 }',
    fields = {
      { name = "names", type = "words", help = "the name shown to people, one per language" },
      { name = "weight", type = "number", min = -100, max = 10000, default = 0, help = "favours all offers of this kind, in percent; below 0 holds them back" },
    },
  },
}
