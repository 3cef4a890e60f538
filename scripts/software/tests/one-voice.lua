-- The same person hears the same on the web, by e-mail and at a meeting.

-- A group

test "a group gets no discount by e-mail either" {
  given = { stage = "decision", traits = { company_size = 900 }, consents = { "marketing" } },
  at = "email", count = 20, now = "2027-12-15 10:00",
  expect = { offer = "one-line-pilot", not_offer = "year-end-annual-plan" },
}

test "four plants are a group, whatever their size" {
  given = { stage = "decision", context = { plants = 4 }, consents = { "marketing" } },
  at = "email", now = "2027-12-15 10:00",
  expect = { offer = "one-line-pilot", not_offer = "year-end-annual-plan" },
}

test "a medium-sized plant may hear of the year-end price" {
  given = { stage = "decision", traits = { company_size = 180 }, consents = { "marketing" } },
  at = "email", count = 20, now = "2027-12-15 10:00",
  expect = { offer = "year-end-annual-plan", not_offer = "small-workshop-rate" },
}

-- A workshop

test "a workshop of twelve is not written about a pilot for groups" {
  given = { stage = "decision", traits = { company_size = 12 }, consents = { "marketing" } },
  at = "email", count = 20, now = "2027-11-25 10:00",
  expect = { offer = "small-workshop-rate", not_offer = "one-line-pilot" },
}

test "the workshop's rate is what it is written about first" {
  given = { stage = "decision", traits = { company_size = 12 }, consents = { "marketing" } },
  at = "email", count = 1, now = "2027-11-25 10:00",
  expect = { offer = "small-workshop-rate" },
}

test "nobody brings the pilot to its table" {
  given = { stage = "decision", traits = { company_size = 12 } },
  at = "sales_desk", count = 20,
  expect = { offer = "demo-with-your-machines", not_offer = "one-line-pilot" },
}

test "nor to its committee" {
  given = { stage = "decision", traits = { company_size = 12 }, context = { meeting = "committee" } },
  at = "sales_desk", count = 20,
  expect = { offer = "quote-in-a-day", not_offer = "one-line-pilot", strategy = "one-paper-per-sceptic" },
}

test "a framework agreement is not for one workshop" {
  given = { journey = "buying-process", stage = "purchasing", traits = { company_size = 12 } },
  at = "pricing", count = 20,
  expect = { offer = "quote-in-a-day", not_offer = "quote-for-a-group" },
}

test "nor is a call to another group, while it chooses" {
  given = { journey = "buying-process", stage = "choosing", traits = { company_size = 12 } },
  at = "hero", count = 20,
  expect = { offer = "story-northmoor", not_offer = "talk-to-a-customer" },
}

test "a workshop that has bought is not sold the plan for groups" {
  given = { stage = "retention", persona = "plant-manager", traits = { company_size = 12 } },
  at = "pricing", count = 20,
  expect = { offer = "spares-module", not_offer = "group-plan" },
}

test "but it may read how a group compares" {
  given = { stage = "consideration", traits = { company_size = 12, tool = "erp" }, consents = { "marketing" } },
  at = "email", count = 20,
  expect = { offer = "erp-module-or-afina" },
}

-- A customer of old

test "after two years nobody brings the first line to the meeting" {
  given = { stage = "retention", context = { days_as_customer = 700 } },
  at = "sales_desk", count = 20,
  expect = { offer = "quarterly-results", not_offer = "first-line-in-a-week" },
}

test "among the resources, nobody explains the first order to them" {
  given = { journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 700 } },
  at = "resources", count = 20,
  expect = { offer = "tutorial-weekly-board", not_offer = "tutorial-first-order" },
}

test "nor in the product" {
  given = { journey = "buying-process", stage = "satisfaction", did = { contract_signed = "700d" } },
  at = "in_app", count = 20,
  expect = { offer = "tutorial-weekly-board", not_offer = "tutorial-first-order" },
}

test "nor by e-mail" {
  given = { journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 700 }, consents = { "marketing" } },
  at = "email", count = 20,
  expect = { offer = "tutorial-weekly-board", not_offer = "tutorial-import-sheet" },
}

test "unless half the team still has to begin" {
  given = {
    journey = "buying-process", stage = "satisfaction", context = { days_as_customer = 700, seats = 12, active_users = 4 },
  },
  at = "in_app", count = 20,
  expect = { offer = "tutorial-first-order", not_offer = "first-line-in-a-week" },
}

test "the first weeks are for the first steps, at the table too" {
  given = { stage = "retention", context = { days_as_customer = 10 } },
  at = "sales_desk",
  expect = { offer = "first-line-in-a-week" },
}

test "a team that stays away is sold nothing by e-mail" {
  given = {
    stage = "retention", context = { days_as_customer = 200, seats = 12, active_users = 4 }, consents = { "marketing" },
  },
  at = "email", count = 20,
  expect = { offer = "morning-in-the-workshop", not_offer = "spares-module" },
}

-- Somebody who has it already

test "a trial under way is not offered by e-mail" {
  given = { journey = "buying-process", stage = "choosing", context = { trial = "running" }, consents = { "marketing" } },
  at = "email", count = 20,
  expect = { offer = "demo-with-your-machines", not_offer = "thirty-days-free" },
}

test "a seat taken is not offered at the table" {
  given = { stage = "consideration", did = { webinar_signup = "4d" } },
  at = "sales_desk", count = 20, now = "2027-11-25 10:00",
  expect = { offer = "sixty-four-plants", not_offer = "webinar-ninety-days" },
}
