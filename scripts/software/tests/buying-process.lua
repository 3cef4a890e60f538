-- The stages that sales follows. The first one is the test of character: say nothing.

test "who is not looking yet is left alone on the home page" {
  given = { journey = "buying-process", stage = "awareness" },
  at = "hero",
  expect = { none = true },
}

test "left alone means no fallback either" {
  given = { journey = "buying-process", stage = "conciencia", locale = "es" },
  at = "sidebar",
  expect = { none = true },
}

test "not even the sales desk gets something to push" {
  given = { journey = "buying-process", stage = "awareness", persona = "plant-manager" },
  at = "sales_desk",
  expect = { none = true },
}

test "not even consent makes an offer welcome too early" {
  given = { journey = "buying-process", stage = "awareness", consents = { "marketing" } },
  at = "email",
  expect = { none = true },
}

test "who has named the need hears others' experience" {
  given = { journey = "buying-process", stage = "discovering" },
  at = "hero",
  expect = { kind = "success_story", strategy = "show-they-are-not-alone" },
}

test "a ceramics maker discovers another ceramics maker" {
  given = { journey = "buying-process", stage = "discovering", context = { industry = "ceramics" } },
  at = "hero",
  expect = { offer = "story-northmoor" },
}

test "an interest counts while discovering" {
  given = { journey = "buying-process", stage = "discovering", context = { interests = { "spreadsheet" } } },
  at = "hero",
  expect = { offer = "from-firefighting-to-planning" },
}

test "who is learning gets a guide that compares fairly" {
  given = { journey = "buying-process", stage = "learning" },
  at = "resources",
  expect = { offer = "choose-without-regrets", strategy = "compare-fairly" },
}

test "on the pricing page the learner sees all the ways, not a price" {
  given = { journey = "buying-process", stage = "aprender" },
  at = "pricing",
  expect = { offer = "four-ways", not_offer = "quote-in-a-day" },
}

test "who is choosing tries it on their own work" {
  given = { journey = "buying-process", stage = "choosing" },
  at = "hero",
  expect = { offer = "thirty-days-free", strategy = "prove-it-on-their-work" },
}

test "a trial is not started on a phone" {
  given = { journey = "buying-process", stage = "choosing", context = { device = "mobile" } },
  at = "hero",
  expect = { offer = "demo-with-your-machines", not_offer = "thirty-days-free" },
}

test "whoever has the trial running is not offered it again" {
  given = { journey = "buying-process", stage = "choosing", context = { trial = "running" } },
  at = "sidebar",
  expect = { offer = "talk-to-a-customer", not_offer = "thirty-days-free" },
}

test "nor to whoever began it on their own ten days ago" {
  given = { journey = "buying-process", stage = "choosing", did = { trial_start = "10d" } },
  at = "sidebar",
  expect = { offer = "talk-to-a-customer", not_offer = "thirty-days-free" },
}

test "a trial of last year is no trial under way" {
  given = { journey = "buying-process", stage = "choosing", did = { trial_start = "300d" } },
  at = "hero",
  expect = { offer = "thirty-days-free" },
}

test "the third visit to the prices is answered with their own figures" {
  given = { journey = "buying-process", stage = "choosing", context = { visits = 3 } },
  at = "pricing",
  expect = { offer = "downtime-calculator", strategy = "back-at-the-price" },
}

test "the first visit to the prices is not" {
  given = { journey = "buying-process", stage = "choosing", context = { visits = 1 } },
  at = "pricing",
  expect = { offer = "thirty-days-free" },
}

test "a purchase starts with a firm price" {
  given = { journey = "buying-process", stage = "purchasing" },
  at = "hero",
  expect = { offer = "quote-in-a-day", strategy = "clear-the-last-obstacle" },
}

test "a contract stuck in the legal department is freed by the exit terms" {
  given = { journey = "buying-process", stage = "purchasing", context = { waiting_for = "legal" } },
  at = "hero",
  expect = { offer = "your-data-leaves-with-you" },
}

test "a contract stuck with IT is freed by the plan" {
  given = { journey = "buying-process", stage = "purchasing", context = { waiting_for = "it" } },
  at = "hero",
  expect = { offer = "going-live-in-six-weeks" },
}

test "a contract stuck in finance is freed by the guarantee" {
  given = { journey = "buying-process", stage = "comprar", context = { waiting_for = "finance" } },
  at = "hero",
  expect = { offer = "ninety-day-guarantee" },
}

test "where two departments hold it up, both are answered" {
  given = { journey = "buying-process", stage = "purchasing", context = { waiting_for = { "legal", "it" } } },
  at = "hero",
  expect = { offer = "going-live-in-six-weeks", strategy = "clear-the-last-obstacle" },
}

test "a factory of two trades discovers either" {
  given = { journey = "buying-process", stage = "discovering", context = { industry = { "metal", "ceramics" } } },
  at = "hero", count = 2,
  expect = { offer = "story-northmoor", strategy = "show-they-are-not-alone" },
}

test "a customer is looked after on the web too" {
  given = { journey = "buying-process", stage = "satisfaction" },
  at = "resources",
  expect = { kind = "tutorial", strategy = "look-after-customers" },
}
