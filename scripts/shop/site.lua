-- Molino Claro: a small roaster that sells coffee, grinders and machines to people who make it at home.

site "shop" {
  locale = "es",
  locales = { "es", "en" },
  time_zone = "Europe/Madrid",   -- dates of offers are read on this clock
  journey = "seven-stages",      -- one of the journeys that come with senda
}
