-- What the account manager finds on the desk before a meeting.

test "a committee is met with one paper per sceptic" {
  given = { journey = "buying-process", stage = "choosing", persona = "plant-manager", context = { meeting = "committee" } },
  at = "sales_desk",
  expect = { offer = "talk-to-a-customer", not_offer = "demo-with-your-machines", strategy = "one-paper-per-sceptic" },
}

test "the committee's IT manager finds the security pack among the papers" {
  given = { stage = "decision", persona = "it-manager", context = { meeting = "committee" } },
  at = "sales_desk",
  expect = { offer = "security-pack" },
}

test "one to one, the demo is on the table" {
  given = { journey = "buying-process", stage = "choosing", context = { meeting = "one-to-one" } },
  at = "sales_desk",
  expect = { offer = "demo-with-your-machines", strategy = "never-empty-handed" },
}

test "a first conversation takes a story along" {
  given = { journey = "buying-process", stage = "discovering" },
  at = "sales_desk",
  expect = { kind = "success_story" },
}

test "the signing takes the plan for going live along" {
  given = { journey = "buying-process", stage = "purchasing" },
  at = "sales_desk",
  expect = { offer = "going-live-in-six-weeks" },
}

test "a visit to a happy customer ends with an introduction" {
  given = { stage = "referral" },
  at = "sales_desk",
  expect = { offer = "introduce-a-colleague" },
}
