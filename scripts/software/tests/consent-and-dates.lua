-- What law, calendar and good manners decide before any strategy does; and what stands there when nothing fits.

test "no consent, no offers by e-mail" {
  given = { stage = "consideration" },
  at = "email",
  expect = { offer = "mail-preferences", fallback = "no_offer_fits" },
}

test "a refusal counts like silence" {
  given = { stage = "consideration", consents = { marketing = false } },
  at = "email",
  expect = { fallback = true },
}

test "with consent the e-mail brings something to compare with" {
  given = { stage = "consideration", consents = { marketing = true } },
  at = "email",
  expect = { kind = "lead_magnet", strategy = "write-only-to-those-who-agreed" },
}

test "the e-mail follows the subjects they follow" {
  given = { stage = "discovering", journey = "buying-process", consents = { "marketing" }, traits = { interests = { "audit" } } },
  at = "email",
  expect = { offer = "story-ria-baixa" },
}

test "a personal message needs consent" {
  given = { stage = "retention", context = { orders_read = true } },
  at = "hero", count = 20,
  expect = { not_offer = "note-from-your-planner", kind = "training" },
}

test "with consent Maite may write about the orders that she has read" {
  given = { stage = "retention", consents = { "marketing" }, context = { orders_read = true } },
  at = "email",
  expect = { offer = "note-from-your-planner" },
}

test "Maite does not write about orders that nobody has read" {
  given = { stage = "retention", consents = { "marketing" } },
  at = "email", count = 20,
  expect = { not_offer = "note-from-your-planner", kind = "training" },
}

test "nor does she on the home page" {
  given = { stage = "retention", consents = { "marketing" } },
  at = "hero", count = 20,
  expect = { not_offer = "note-from-your-planner", kind = "training" },
}

test "an e-mail asks nobody for a favour without good news" {
  given = { stage = "referral", consents = { "marketing" } },
  at = "email", count = 20,
  expect = { not_offer = "introduce-a-colleague", kind = "user_group" },
}

test "after good news it may" {
  given = { stage = "referral", consents = { "marketing" }, context = { score = 9 } },
  at = "email", count = 20,
  expect = { offer = "introduce-a-colleague" },
}

test "no gift by e-mail where gifts are forbidden" {
  given = { stage = "referral", consents = { "marketing" }, traits = { gifts = "forbidden" } },
  at = "email", count = 20,
  expect = { not_offer = "a-day-for-both-plants", kind = "user_group" },
}

test "nothing is sold by e-mail before the first result" {
  given = { stage = "retention", persona = "plant-manager", consents = { "marketing" }, context = { days_as_customer = 20 } },
  at = "email", count = 20,
  expect = { not_offer = "group-plan", kind = "onboarding" },
}

test "the first line is not offered by e-mail to those who planned it long ago" {
  given = { stage = "retention", consents = { "marketing" }, context = { days_as_customer = 120 } },
  at = "email", count = 20,
  expect = { not_offer = "first-line-in-a-week", kind = "training" },
}

test "whoever has a seat gets no second invitation by e-mail" {
  given = { stage = "consideration", consents = { "marketing" }, did = { webinar_signup = "4d" } },
  at = "email", count = 20, now = "2027-11-25 10:00",
  expect = { not_offer = "webinar-ninety-days", kind = "lead_magnet" },
}

test "the voucher goes to those who agreed" {
  given = { stage = "retention", consents = { "marketing" } },
  at = "hero",
  expect = { offer = "free-seat" },
}

test "the reward for both plants needs consent as well" {
  given = { stage = "referral", context = { score = 10 } },
  at = "sidebar",
  expect = { not_offer = "a-day-for-both-plants", offer = "two-minute-review" },
}

test "the year-end price is not shown in November" {
  given = { stage = "decision" },
  at = "pricing", now = "2027-11-30 23:59",
  expect = { not_offer = "year-end-annual-plan", offer = "demo-with-your-machines" },
}

test "it is shown from the first of December" {
  given = { stage = "decision" },
  at = "pricing", now = "2027-12-01 00:00",
  expect = { offer = "year-end-annual-plan" },
}

test "New Year's Eve still counts, to the last minute" {
  given = { stage = "decision" },
  at = "pricing", now = "2027-12-31 23:59",
  expect = { offer = "year-end-annual-plan" },
}

test "and New Year's Day does not" {
  given = { stage = "decision" },
  at = "pricing", now = "2028-01-01 00:00",
  expect = { not_offer = "year-end-annual-plan", offer = "demo-with-your-machines" },
}

test "a webinar is announced until it begins" {
  given = { stage = "consideration" },
  at = "hero", now = "2027-12-10 11:59",
  expect = { offer = "webinar-ninety-days" },
}

test "and gives way once it has begun" {
  given = { stage = "consideration" },
  at = "hero", now = "2027-12-10 12:01",
  expect = { not_offer = "webinar-ninety-days", offer = "annual-plan-sheet" },
}

test "in spring everyone hears of the user day" {
  given = { journey = "buying-process", stage = "satisfaction" },
  at = "hero", now = "2028-04-12 10:00",
  expect = { offer = "user-day" },
}

test "the kit for August comes out in May" {
  given = { stage = "retention" },
  at = "resources", now = "2028-05-03 10:00",
  expect = { offer = "holiday-cover-kit" },
}

test "a visitor who strays into the product is shown the help centre" {
  given = { stage = "awareness" },
  at = "in_app",
  expect = { offer = "help-centre", fallback = "no_offer_fits" },
}

test "who only wants to understand is not shown a price" {
  given = { stage = "awareness" },
  at = "pricing",
  expect = { offer = "ask-a-person", fallback = true },
}

test "a signing customer finds the letter where nothing else fits" {
  given = { journey = "buying-process", stage = "purchasing", persona = "technician" },
  at = "resources",
  expect = { offer = "monthly-letter", fallback = true },
}
