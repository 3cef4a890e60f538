-- The stages that marketing follows, from the first symptom to the recommendation.

test "someone who just noticed the problem gets something that explains" {
  given = { stage = "awareness" },
  at = "hero",
  expect = { strategy = "explain-without-selling", not_offer = "demo-with-your-machines" },
}

test "a phone gets the short version first" {
  given = { stage = "awareness", context = { device = "mobile" } },
  at = "hero",
  expect = { kind = "video", strategy = "short-on-a-phone" },
}

test "long articles wait for the desk" {
  given = { stage = "awareness", context = { device = "mobile" } },
  at = "hero",
  expect = { not_offer = "why-mondays", offer = "too-much-grease" },
}

test "the blog's column for a phone holds a video and no article" {
  given = { stage = "awareness", context = { device = "mobile" } },
  at = "sidebar",
  expect = { offer = "night-with-ines", not_offer = "hour-of-downtime" },
}

test "those on a spreadsheet are given a better spreadsheet to begin with" {
  given = { stage = "consideration", context = { tool = "spreadsheet" } },
  at = "sidebar", now = "2027-11-30 10:00",
  expect = { offer = "annual-plan-sheet", strategy = "start-from-what-they-use" },
}

test "those on an ERP are shown how it compares" {
  given = { stage = "consideration", traits = { tool = "erp" } },
  at = "resources",
  expect = { offer = "erp-module-or-afina" },
}

test "whoever uses both is shown both" {
  given = { stage = "consideration", context = { tool = { "paper", "erp" } } },
  at = "resources", count = 10,
  expect = { offer = "erp-module-or-afina", strategy = "start-from-what-they-use" },
}

test "a tool nobody wrote about falls through to the general comparison" {
  given = { stage = "consideration", context = { tool = "whiteboard" } },
  at = "hero",
  expect = { strategy = "help-them-compare" },
}

test "a cannery reads about a cannery" {
  given = { stage = "consideration", traits = { industry = "food" } },
  at = "hero",
  expect = { offer = "story-ria-baixa", strategy = "help-them-compare" },
}

test "the Spanish name of a stage will do as well" {
  given = { stage = "consideración", locale = "es", context = { industry = "metal" } },
  at = "hero",
  expect = { offer = "story-arrieta" },
}

test "whoever has a seat in a webinar is not invited again" {
  given = { stage = "consideration", did = { webinar_signup = "4d" } },
  at = "resources", count = 10, now = "2027-11-25 10:00",
  expect = { not_offer = "webinar-ninety-days", strategy = "help-them-compare" },
}

test "no webinars on a phone" {
  given = { stage = "consideration", context = { device = "mobile" } },
  at = "resources", now = "2027-12-01 09:00",
  expect = { not_offer = "webinar-ninety-days", kind = "lead_magnet" },
}

test "the pricing page answers those who are considering with a figure" {
  given = { stage = "consideration" },
  at = "pricing",
  expect = { offer = "downtime-calculator" },
}

test "a workshop of twenty gets the workshop rate" {
  given = { stage = "decision", traits = { company_size = 20 } },
  at = "pricing", now = "2027-11-25 10:00",
  expect = { offer = "small-workshop-rate", strategy = "small-plants-decide-fast" },
}

test "a group of four plants is offered proof" {
  given = { stage = "decision", traits = { plants = 4, company_size = 900 } },
  at = "hero",
  expect = { offer = "one-line-pilot", strategy = "groups-need-proof" },
}

test "a group is never won with a discount, not even in December" {
  given = { stage = "decision", context = { plants = 4 } },
  at = "pricing", now = "2027-12-15 10:00",
  expect = { not_offer = "year-end-annual-plan" },
}

test "of a medium-sized plant we ask one definite step" {
  given = { stage = "decision", traits = { company_size = 180 } },
  at = "pricing", now = "2027-11-25 10:00",
  expect = { offer = "demo-with-your-machines", strategy = "agree-the-next-step" },
}

test "nor do we show it the workshop's rate" {
  given = { stage = "decision", traits = { company_size = 180 } },
  at = "pricing", count = 20,
  expect = { not_offer = "small-workshop-rate", kind = "demo" },
}

test "a group finds no discount at the end of the list either" {
  given = { stage = "decision", context = { plants = 4 } },
  at = "pricing", count = 20, now = "2027-12-15 10:00",
  expect = { not_offer = "year-end-annual-plan", kind = "pilot" },
}

test "on the phone a call is one tap away" {
  given = { stage = "decision", context = { device = "mobile" } },
  at = "pricing", now = "2027-11-25 10:00",
  expect = { offer = "thirty-minutes-with-an-engineer" },
}

test "a contented customer is given something before being asked" {
  given = { stage = "referral" },
  at = "sidebar", now = "2027-11-25 10:00",
  expect = { offer = "monthly-round-table", not_offer = "introduce-a-colleague", strategy = "give-before-asking" },
}

test "after good news we dare to ask" {
  given = { stage = "referral", context = { score = 10 } },
  at = "hero",
  expect = { offer = "introduce-a-colleague", strategy = "ask-after-good-news" },
}

test "whoever has written a review is not asked for another" {
  given = { stage = "referral", did = { review = "3d" }, context = { score = 10 } },
  at = "sidebar", count = 20,
  expect = { offer = "introduce-a-colleague", not_offer = "two-minute-review" },
}

test "beside the blog nobody is told that their idea was built" {
  given = { stage = "referral" },
  at = "sidebar", count = 20,
  expect = { not_offer = "first-name-in-the-credits", kind = "user_group" },
}

test "a company that forbids gifts is not tempted with one" {
  given = { stage = "referral", traits = { gifts = "forbidden" }, consents = { "marketing" } },
  at = "sidebar",
  expect = { not_offer = "a-day-for-both-plants", kind = "user_group" },
}

test "the same company may still speak for us" {
  given = { stage = "referral", traits = { gifts = "forbidden" }, consents = { "marketing" }, context = { score = 9 } },
  at = "sidebar",
  expect = { offer = "two-minute-review", not_offer = "a-day-for-both-plants" },
}
