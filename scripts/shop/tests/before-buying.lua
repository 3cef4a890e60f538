-- What people see before they buy: from the first visit to the comparison.

-- Discovering

test "a first visitor is shown something to read, not a form" {
  given = { stage = "awareness", context = { device = "desktop", visits = 1 } },
  at = "hero",
  expect = { offer = "why-coffee-tastes-flat", strategy = "ask-a-stranger-for-nothing" },
}

test "a first visitor who likes origins gets the film about the farm" {
  given = { stage = "awareness", context = { visits = 1, interests = { "origin" } } },
  at = "hero",
  expect = { offer = "from-cherry-to-cup" },
}

test "the first visit's sidebar asks for no address either" {
  given = { stage = "awareness", context = { visits = 1 } },
  at = "sidebar",
  expect = { not_offer = "flavour-profile", strategy = "ask-a-stranger-for-nothing" },
}

test "who comes back is offered the flavour test" {
  given = { stage = "awareness", context = { visits = 3 } },
  at = "hero",
  expect = { offer = "flavour-profile", kind = "lead_magnet" },
}

test "on the way back the sidebar trades documents for an address" {
  given = { stage = "awareness", context = { visits = 2 }, traits = { brews_with = "espresso", interests = { "espresso" } } },
  at = "sidebar",
  expect = { offer = "recipe-sheet", strategy = "trade-something-useful-for-an-address" },
}

test "who has already given an address goes on reading" {
  given = { stage = "awareness", consents = { marketing = true }, context = { visits = 5, interests = { "labels" } } },
  at = "sidebar",
  expect = { strategy = "let-them-read-on" },
}

test "the footer keeps the curious company" {
  given = { stage = "awareness", context = { visits = 1, interests = { "labels" } } },
  at = "footer",
  expect = { offer = "flavour-map", kind = "infographic" },
}

test "a subscriber is not asked for an address again" {
  given = { stage = "awareness", consents = { marketing = true } },
  at = "email",
  expect = { offer = "one-afternoon-guide", not_offer = "flavour-profile", strategy = "write-only-to-those-who-said-yes" },
}

test "nobody is written to without having said yes" {
  given = { stage = "awareness", consents = { marketing = false } },
  at = "email",
  expect = { offer = "mail-preferences", fallback = "no_offer_fits" },
}

test "a phone is spared the long article" {
  given = { stage = "awareness", persona = "tinkerer", context = { device = "mobile", visits = 1 } },
  at = "hero",
  expect = { offer = "why-coffee-tastes-flat" },
}

test "on a desk the same person gets the long one" {
  given = { stage = "awareness", persona = "tinkerer", context = { device = "desktop", visits = 1 } },
  at = "hero",
  expect = { offer = "what-crema-says" },
}

test "at the till there is nothing for the merely curious" {
  given = { stage = "awareness" },
  at = "checkout",
  expect = { offer = "help-centre", fallback = "no_offer_fits" },
}

-- Comparing

test "who is looking at the grinders' table gets the grinders' table" {
  given = { stage = "consideration", context = { section = "compare", interests = { "grinders" }, device = "desktop" } },
  at = "hero",
  now = "2027-11-25 10:00",
  expect = { offer = "manual-or-electric", strategy = "settle-the-comparison-at-hand" },
}

test "stages answer to their Spanish names" {
  given = { stage = "consideración", context = { section = "compare", interests = { "filter" } } },
  at = "hero",
  now = "2027-11-25 10:00",
  expect = { offer = "cone-press-or-moka" },
}

test "English readers are helped to compare as well" {
  given = { stage = "consideration", locale = "en", context = { section = "compare", interests = { "moka" } } },
  at = "hero",
  expect = { offer = "cone-press-or-moka" },
}

test "a desk gets the laboratory's measurements" {
  given = { stage = "consideration", persona = "tinkerer", context = { section = "compare", device = "desktop", interests = { "espresso" } } },
  at = "sidebar",
  expect = { offer = "one-hour-of-heat", kind = "technical_report" },
}

test "a phone does not get the laboratory's measurements" {
  given = { stage = "consideration", persona = "tinkerer", context = { section = "compare", device = "mobile", interests = { "espresso" } } },
  at = "sidebar",
  expect = { not_offer = "one-hour-of-heat" },
}

test "no live session on a phone" {
  given = { stage = "consideration", context = { device = "mobile", interests = { "origin" } } },
  at = "sidebar",
  now = "2027-11-25 10:00",
  expect = { not_offer = "live-cupping" },
}

test "the same person at a desk is invited to the tasting" {
  given = { stage = "consideration", context = { device = "desktop", interests = { "origin" } } },
  at = "sidebar",
  now = "2027-11-25 10:00",
  expect = { offer = "live-cupping", kind = "webinar" },
}

test "nobody in Vigo is sent to the shop in Madrid" {
  given = { stage = "consideration", traits = { city = "Vigo" }, context = { interests = { "grinders" } } },
  at = "sidebar",
  expect = { offer = "manual-or-electric", not_offer = "try-it-in-madrid" },
}

test "people in Madrid are" {
  given = { stage = "consideration", traits = { city = "Madrid" }, context = { interests = { "grinders" } } },
  at = "sidebar",
  expect = { offer = "try-it-in-madrid" },
}

test "once the tasting is over nobody is invited to it" {
  given = { stage = "consideration", context = { device = "desktop", interests = { "origin" } } },
  at = "sidebar",
  now = "2027-12-02 19:01",
  expect = { not_offer = "live-cupping" },
}

test "who hesitates for days reads about somebody alike" {
  given = { stage = "consideration", persona = "home-office", context = { visits = 4 } },
  at = "hero",
  expect = { offer = "iker-never-runs-out", strategy = "show-somebody-like-them" },
}

test "three days of pondering say as much as four visits" {
  given = { stage = "consideration", persona = "home-office", in_stage_for = "3d", context = { visits = 2 } },
  at = "hero",
  expect = { offer = "iker-never-runs-out", strategy = "show-somebody-like-them" },
}

test "two invitations in a fortnight are enough" {
  given = {
    stage = "consideration", consents = { marketing = true }, context = { interests = { "sweet one day, bitter the next" } },
    seen = { ["espresso-clinic"] = { "3d", "10d" } },
  },
  at = "email",
  expect = { not_offer = "espresso-clinic" },
}

test "the invitation to the clinic reaches espresso people by mail" {
  given = { stage = "consideration", consents = { marketing = true }, context = { interests = { "sweet one day, bitter the next" } } },
  at = "email",
  expect = { offer = "espresso-clinic" },
}

test "the footer helps to tick boxes" {
  given = { stage = "consideration", context = { interests = { "subscription" } } },
  at = "footer",
  expect = { offer = "coffee-rhythm", kind = "calculator" },
}

test "a demo waits until the third visit" {
  given = { stage = "consideration", context = { visits = 3, device = "mobile" } },
  at = "hero",
  expect = { offer = "machine-on-camera", kind = "demo" },
}

test "an account with nothing bought yet shows the corner" {
  given = { stage = "consideration" },
  at = "account",
  expect = { offer = "your-brewing-corner", fallback = "no_offer_fits" },
}
