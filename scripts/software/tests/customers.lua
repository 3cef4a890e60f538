-- After the signature: the first result, the whole team, the year's end.

test "the first week is for the first line" {
  given = { stage = "retention", context = { days_as_customer = 3 } },
  at = "in_app",
  expect = { offer = "first-line-in-a-week", strategy = "first-result-first" },
}

test "nothing is sold before the first result, however much it is used" {
  given = { stage = "retention", persona = "plant-manager", context = { days_as_customer = 20, seats = 10, active_users = 10 } },
  at = "in_app", count = 5,
  expect = { not_offer = "group-plan", strategy = "first-result-first" },
}

test "three weeks after signing we know it without being told" {
  given = {
    stage = "retention", persona = "plant-manager", did = { contract_signed = "20d" }, context = { seats = 10, active_users = 10 },
  },
  at = "in_app", count = 5,
  expect = { not_offer = "group-plan", strategy = "first-result-first" },
}

test "when half the team stays away we teach" {
  given = { stage = "retention", context = { days_as_customer = 120, seats = 12, active_users = 4 } },
  at = "in_app",
  expect = { kind = "training", strategy = "get-everyone-on-board" },
}

test "a team that uses it and looks at spares hears about the module" {
  given = { stage = "retention", context = { days_as_customer = 200, seats = 10, active_users = 9, interests = { "spares" } } },
  at = "in_app",
  expect = { offer = "spares-module", strategy = "grow-what-works" },
}

test "who waved it away last month does not hear of it again" {
  given = {
    stage = "retention", context = { days_as_customer = 200, seats = 10, active_users = 9, interests = { "spares" } },
    dismissed = { ["spares-module"] = "30d" },
  },
  at = "in_app", count = 5,
  expect = { not_offer = "spares-module" },
}

test "in between we ask what is missing" {
  given = { stage = "retention", context = { days_as_customer = 120, seats = 10, active_users = 6 } },
  at = "in_app", now = "2027-11-25 10:00",
  expect = { offer = "what-is-missing", strategy = "listen-and-enrich" },
}

test "whoever follows lubrication gets the cards to hang up" {
  given = { stage = "retention" },
  at = "resources", now = "2027-11-25 10:00",
  expect = { offer = "lubrication-cards", strategy = "look-after-customers" },
}

test "the planner's own course comes before the general one" {
  given = { stage = "retención", persona = "maintenance-manager", context = { days_as_customer = 90 } },
  at = "hero",
  expect = { offer = "planners-course" },
}

test "each quarter, something to show management" {
  given = { journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 130 } },
  at = "in_app", now = "2027-11-25 10:00",
  expect = { offer = "quarterly-results", strategy = "show-what-was-achieved" },
}

test "after a year we say thank you" {
  given = { journey = "buying-process", stage = "satisfacción", did = { contract_signed = "370d" } },
  at = "in_app",
  expect = { offer = "a-year-together" },
}

test "and not a day before" {
  given = { journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 364 } },
  at = "hero", now = "2027-11-25 10:00",
  expect = { not_offer = "a-year-together", kind = "training" },
}

test "long after the start nobody is offered the first line" {
  given = { journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 700 } },
  at = "in_app", count = 20,
  expect = { not_offer = "first-line-in-a-week", kind = "training" },
}

test "in the second year we no longer celebrate the first" {
  given = { journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 700 } },
  at = "in_app", count = 20,
  expect = { not_offer = "a-year-together", kind = "training" },
}

test "half a year is no year together" {
  given = { journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 180 } },
  at = "in_app", count = 20,
  expect = { not_offer = "a-year-together", kind = "business_review" },
}

test "whoever gave us an idea that was built finds their name" {
  given = { stage = "referral", traits = { idea_built = true } },
  at = "in_app", now = "2027-11-25 10:00",
  expect = { offer = "first-name-in-the-credits" },
}

test "nobody else is told that their idea was built" {
  given = { stage = "referral" },
  at = "in_app", count = 20,
  expect = { not_offer = "first-name-in-the-credits", kind = "user_group" },
}

test "in the product nobody is asked for a review without good news" {
  given = { stage = "referral" },
  at = "in_app", count = 20,
  expect = { not_offer = "two-minute-review", kind = "user_group" },
}

test "in the product we recognise before we ask" {
  given = { stage = "referral", persona = "maintenance-manager" },
  at = "in_app",
  expect = { offer = "plant-of-the-quarter", strategy = "thank-in-the-product" },
}
