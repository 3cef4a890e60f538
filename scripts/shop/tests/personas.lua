-- Each persona is recognised by what we know of a person, and is answered in their own terms.

test "capsules mean Lucía, and Lucía wants to know what capsules cost her" {
  given = { stage = "consideration", traits = { brews_with = "capsules" }, context = { section = "compare", interests = { "savings" } } },
  at = "sidebar",
  expect = { offer = "capsule-calculator", kind = "calculator" },
}

test "Lucía reads about Laura" {
  given = { stage = "consideration", traits = { brews_with = "instant" }, context = { visits = 5 } },
  at = "hero",
  expect = { offer = "laura-leaves-capsules" },
}

test "espresso means Andrés, and Andrés reads about Tomás" {
  given = { stage = "consideration", traits = { brews_with = "espresso" }, context = { visits = 5 } },
  at = "hero",
  expect = { offer = "tomas-and-his-notebook" },
}

test "Andrés keeps a moka pot for the holidays, and is Andrés still" {
  given = { stage = "consideration", traits = { brews_with = { "moka", "espresso" } }, context = { visits = 5 } },
  at = "hero",
  expect = { offer = "tomas-and-his-notebook" },
}

test "capsules at work and espresso at home are Andrés, too" {
  given = { stage = "consideration", traits = { brews_with = { "capsules", "espresso" } }, context = { visits = 5 } },
  at = "hero",
  expect = { offer = "tomas-and-his-notebook", not_offer = "laura-leaves-capsules" },
}

test "capsules and instant are Lucía" {
  given = { stage = "consideration", traits = { brews_with = { "capsules", "instant" } }, context = { visits = 5 } },
  at = "hero",
  expect = { offer = "laura-leaves-capsules" },
}

test "Andrés does not get Lucía's sums" {
  given = { stage = "consideration", traits = { brews_with = "espresso" }, context = { section = "compare", interests = { "savings" } } },
  at = "sidebar",
  expect = { not_offer = "capsule-calculator" },
}

test "working from home means Nadia, who worries about the third cup" {
  given = { stage = "awareness", traits = { works_from = "home" }, context = { visits = 1, device = "desktop" } },
  at = "hero",
  expect = { offer = "three-cups-a-day" },
}

test "Nadia is offered the kilo once she buys regularly" {
  given = { stage = "retention", traits = { works_from = "home", orders = 8, interests = { "subscription" } }, context = { days_since_order = 8 } },
  at = "hero",
  expect = { offer = "kilo-every-fortnight", kind = "up_sell" },
}

test "looking at gifts means Carmen, whatever she drinks herself" {
  given = { stage = "consideration", traits = { brews_with = "capsules" }, context = { section = "gifts" } },
  at = "sidebar",
  now = "2028-01-20 10:00",
  expect = { offer = "gifts-by-budget", not_offer = "laura-leaves-capsules" },
}

test "Carmen comes back and finds her planner, not a test of her own taste" {
  given = { stage = "awareness", context = { section = "gifts", visits = 2, interests = { "gifts" } } },
  at = "hero",
  expect = { offer = "gift-planner", not_offer = "flavour-profile" },
}

test "she finds it beside the page before anything else, whatever she looked at before" {
  given = { stage = "awareness", context = { section = "gifts", visits = 2 } },
  at = "sidebar", count = 1,
  expect = { offer = "gift-planner" },
}

test "by mail, what was written for givers comes first" {
  given = { stage = "awareness", persona = "gift-giver", consents = { "marketing" } },
  at = "email", count = 1,
  expect = { offer = "giving-coffee-blind", not_offer = "one-afternoon-guide" },
}

test "Andrés gets his recipe sheet before anything from scratch" {
  given = { stage = "awareness", traits = { brews_with = "espresso" }, context = { visits = 2 } },
  at = "sidebar", count = 1,
  expect = { offer = "recipe-sheet", not_offer = "one-afternoon-guide" },
}

test "water makes up less of an espresso" {
  given = { stage = "awareness", consents = { "marketing" }, context = { visits = 2, interests = { "espresso" } } },
  at = "sidebar",
  expect = { offer = "one-bean-three-brewers", not_offer = "water-guide" },
}

test "Carmen compares presents by what they cost" {
  given = { stage = "consideration", traits = { buys_for = "someone_else" }, context = { section = "compare" } },
  at = "hero",
  expect = { offer = "gifts-by-budget", kind = "comparison" },
}

test "a persona that is told counts for more than one that is guessed" {
  given = { stage = "consideration", persona = "home-office", traits = { brews_with = "espresso" }, context = { visits = 5 } },
  at = "hero",
  expect = { offer = "iker-never-runs-out", not_offer = "tomas-and-his-notebook" },
}

test "a stranger gets nothing made for somebody else" {
  given = { stage = "awareness", context = { visits = 1, interests = { "gifts" } } },
  at = "hero",
  expect = { not_offer = "giving-coffee-blind" },
}
