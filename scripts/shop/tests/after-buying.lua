-- Living with it, coming back, telling others.

-- The first weeks

test "the first cup comes first" {
  given = { stage = "experience", traits = { brews_with = "moka" }, context = { days_since_delivery = 1 } },
  at = "hero",
  expect = { offer = "first-moka", strategy = "one-good-cup-soon" },
}

test "nobody is taught a brewer they do not have" {
  given = { stage = "experience", traits = { brews_with = "filter" }, context = { days_since_delivery = 2 } },
  at = "account",
  expect = { offer = "first-filter", not_offer = "first-espresso" },
}

test "the welcome mail is service and goes to everyone" {
  given = { stage = "experience", traits = { brews_with = "espresso" }, context = { days_since_delivery = 0 } },
  at = "email",
  expect = { offer = "first-espresso", kind = "quick_guide" },
}

test "whose brewer we do not know is asked, not guessed" {
  given = { stage = "experience", context = { days_since_delivery = 1 } },
  at = "hero",
  expect = { offer = "start-with-your-brewer", not_offer = "first-espresso", strategy = "one-good-cup-soon" },
}

test "nor is their espresso put right weeks later" {
  given = { stage = "experience", context = { days_since_delivery = 20 } },
  at = "email", count = 20,
  expect = { offer = "sunday-cleaning", not_offer = "dialling-in" },
}

test "two brewers, two lessons: here the one" {
  given = { stage = "experience", traits = { brews_with = { "moka", "filter" } }, context = { days_since_delivery = 1 } },
  at = "account",
  expect = { offer = "first-moka", not_offer = "first-espresso" },
}

test "and here the other" {
  given = { stage = "experience", traits = { brews_with = { "moka", "filter" } }, context = { days_since_delivery = 1 } },
  at = "account",
  expect = { offer = "first-filter" },
}

test "after a week we ask" {
  given = { stage = "experience", context = { days_since_delivery = 7 } },
  at = "email",
  expect = { offer = "how-was-the-first-week", strategy = "ask-how-it-went" },
}

test "with something broken, only help" {
  given = { stage = "experience", traits = { brews_with = "espresso" }, context = { days_since_delivery = 7, open_ticket = true } },
  at = "hero",
  expect = { offer = "we-look-at-it-together", not_offer = "how-was-the-first-week" },
}

test "beside the page too, it is a person who helps" {
  given = { stage = "experience", context = { days_since_delivery = 7, open_ticket = true } },
  at = "sidebar",
  expect = { offer = "we-look-at-it-together", not_offer = "dialling-in", strategy = "help-before-anything-else" },
}

test "and at the foot of it" {
  given = { stage = "experience", context = { open_ticket = true } },
  at = "footer",
  expect = { offer = "we-look-at-it-together", not_offer = "twelve-desserts" },
}

test "nobody's sidebar asks about the first week" {
  given = { stage = "experience", context = { days_since_delivery = 7 } },
  at = "sidebar", count = 20,
  expect = { offer = "we-look-at-it-together", not_offer = "how-was-the-first-week" },
}

test "later on, the next trick" {
  given = { stage = "experience", traits = { brews_with = "espresso" }, context = { days_since_delivery = 20, interests = { "milk" } } },
  at = "sidebar",
  expect = { offer = "velvet-milk", strategy = "teach-a-little-more" },
}

test "the footer tells where the coffee came from" {
  given = { stage = "experience", traits = { brews_with = "moka" }, context = { days_since_delivery = 20, interests = { "origin" } } },
  at = "footer",
  expect = { offer = "who-grows-our-coffee", kind = "complementary_content" },
}

test "a week after the parcel came we ask, without being told" {
  given = { stage = "experience", did = { purchase = "10d", delivery = "7d" } },
  at = "account",
  expect = { kind = "follow_up", strategy = "ask-how-it-went" },
}

test "without either, the days in the stage tell" {
  given = { stage = "experience", in_stage_for = "7d" },
  at = "account",
  expect = { kind = "follow_up", strategy = "ask-how-it-went" },
}

test "three weeks later nobody asks about the first week" {
  given = { stage = "experience", traits = { brews_with = "moka" }, context = { days_since_delivery = 20 } },
  at = "email", count = 20,
  expect = { offer = "sunday-cleaning", not_offer = "how-was-the-first-week" },
}

test "nor on the first day" {
  given = { stage = "experience", traits = { brews_with = "moka" }, context = { days_since_delivery = 0 } },
  at = "email", count = 20,
  expect = { offer = "first-moka", not_offer = "how-was-the-first-week" },
}

test "the sixth parcel does not hold a first espresso" {
  given = { stage = "experience", traits = { brews_with = "espresso", orders = 6 }, context = { days_since_delivery = 1 } },
  at = "account", count = 20,
  expect = { offer = "set-your-grinder", not_offer = "first-espresso" },
}

test "nor does the second, though nobody counted" {
  given = { stage = "experience", traits = { brews_with = "moka" }, did = { purchase = { "4d", "60d" }, delivery = { "1d", "57d" } } },
  at = "account", count = 20,
  expect = { not_offer = "first-moka", strategy = "one-good-cup-soon" },
}

-- Coming back

test "thanks come before sales" {
  given = { stage = "retention", traits = { orders = 6 }, did = { purchase = { "2d", "40d" } } },
  at = "hero",
  now = "2027-11-25 09:00",
  expect = { offer = "thanks-from-the-roaster", strategy = "thank-before-selling" },
}

test "an order by telephone is thanked for as well" {
  given = { stage = "retention", context = { days_since_order = 2 } },
  at = "hero",
  now = "2027-11-25 09:00",
  expect = { offer = "thanks-from-the-roaster", strategy = "thank-before-selling" },
}

test "around New Year the thanks come with their year in cups" {
  given = { stage = "retention", traits = { orders = 2 }, did = { purchase = "1d" } },
  at = "account",
  now = "2027-12-30 09:00",
  expect = { offer = "your-year-in-cups", kind = "thank_you" },
}

test "a week later it is time for what goes with it" {
  given = { stage = "retention", traits = { orders = 6, brews_with = "filter" }, did = { purchase = { "8d", "40d" } } },
  at = "account",
  now = "2027-11-25 09:00",
  expect = { strategy = "suggest-what-goes-with-theirs" },
}

test "what goes with espresso is no kettle" {
  given = { stage = "retention", traits = { brews_with = "espresso" }, context = { days_since_order = 10 } },
  at = "checkout",
  expect = { offer = "pocket-scale", not_offer = "gooseneck-kettle", strategy = "suggest-what-goes-with-theirs" },
}

test "a kettle is shown to strangers without a word of what they have at home" {
  given = { stage = "retention", context = { days_since_order = 10 } },
  at = "checkout",
  expect = { offer = "gooseneck-kettle", strategy = "suggest-what-may-please" },
}

test "a bag is suggested before the last one runs out" {
  given = { stage = "retention", traits = { orders = 3, interests = { "decaf" } }, did = { purchase = { "19d", "80d" } } },
  at = "hero",
  now = "2028-04-10 09:00",
  expect = { offer = "evening-decaf", strategy = "refill-before-it-runs-out" },
}

test "espresso is refilled with coffee for espresso" {
  given = { stage = "retention", traits = { brews_with = "espresso" }, context = { days_since_order = 20 } },
  at = "hero",
  now = "2026-12-10 09:00",
  expect = { offer = "huila-sweet", strategy = "refill-before-it-runs-out" },
}

test "a moka pot with the winter roast" {
  given = { stage = "retention", traits = { brews_with = "moka" }, context = { days_since_order = 20 } },
  at = "hero",
  now = "2026-12-10 09:00",
  expect = { offer = "winter-roast", strategy = "refill-before-it-runs-out" },
}

test "a birthday comes before a grinder" {
  given = {
    stage = "retention", consents = { "marketing" }, traits = { orders = 6, points = 300, birthday_month = true },
    context = { days_since_order = 40 },
  },
  at = "hero",
  expect = { offer = "birthday-bag", strategy = "give-before-selling" },
}

test "so does a bag that is paid for with points" {
  given = { stage = "retention", traits = { orders = 6, points = 300 }, context = { days_since_order = 40 } },
  at = "hero",
  expect = { offer = "a-bag-for-your-points", strategy = "give-before-selling" },
}

test "who has too few points is sold something" {
  given = { stage = "retention", traits = { orders = 6, points = 90 }, context = { days_since_order = 40 } },
  at = "hero",
  expect = { offer = "step-up-grinder", strategy = "suggest-what-may-please" },
}

test "in a mail, what is theirs comes first as well" {
  given = { stage = "retention", consents = { "marketing" }, traits = { orders = 6, points = 300 } },
  at = "email", count = 1,
  expect = { offer = "a-bag-for-your-points", not_offer = "step-up-grinder" },
}

test "first for the club means the club" {
  given = { stage = "retention", consents = { "marketing" }, traits = { orders = 6 } },
  at = "email", count = 30,
  expect = { not_offer = "microlot-early-access", kind = "recommendation" },
}

test "its members hear of it first" {
  given = { stage = "retention", did = { club_join = "10d" }, context = { days_since_order = 40 } },
  at = "account", count = 30,
  expect = { offer = "microlot-early-access" },
}

test "as do those whose points we know" {
  given = { stage = "retention", traits = { points = 10 }, context = { days_since_order = 40 } },
  at = "account", count = 30,
  expect = { offer = "microlot-early-access", not_offer = "a-bag-for-your-points" },
}

test "after half a year nobody is told that they have little coffee left" {
  given = { stage = "retention", context = { days_since_order = 200 } },
  at = "hero",
  expect = { strategy = "suggest-what-may-please" },
}

test "four weeks after the order its coffee is gone, and no refill is too late" {
  given = { stage = "retention", did = { purchase = "28d" } },
  at = "account",
  expect = { strategy = "suggest-what-may-please" },
}

test "the winter roast is not sold before it is roasted" {
  given = { stage = "retention", context = { days_since_order = 19 } },
  at = "account",
  now = "2026-11-14 23:59",
  expect = { not_offer = "winter-roast" },
}

test "nor when winter is over" {
  given = { stage = "retention", context = { days_since_order = 19 } },
  at = "account", count = 20,
  now = "2027-03-21 00:01",
  expect = { offer = "huila-sweet", not_offer = "winter-roast" },
}

test "a kettle goes with filter coffee" {
  given = { stage = "retention", traits = { interests = { "filter" } }, context = { days_since_order = 10 } },
  at = "checkout",
  expect = { offer = "gooseneck-kettle", kind = "cross_sell" },
}

test "what they own is not sold to them again" {
  given = { stage = "retention", traits = { owns = { "kettle" }, interests = { "filter" } }, context = { days_since_order = 10 } },
  at = "checkout",
  expect = { offer = "pocket-scale", not_offer = "gooseneck-kettle" },
}

test "a single thing may be told without a list" {
  given = { stage = "retention", traits = { owns = "kettle", interests = "filter" }, context = { days_since_order = 10 } },
  at = "checkout",
  expect = { offer = "pocket-scale", not_offer = "gooseneck-kettle", strategy = "suggest-what-may-please" },
}

test "nor does it stop the sidebar" {
  given = { stage = "retention", traits = { owns = "scale" } },
  at = "sidebar", count = 30,
  expect = { not_offer = "pocket-scale", strategy = "find-out-what-they-fancy" },
}

test "what goes with two brewers is suggested for either" {
  given = { stage = "retention", traits = { brews_with = { "moka", "filter" } }, context = { days_since_order = 10 } },
  at = "checkout",
  expect = { offer = "gooseneck-kettle", strategy = "suggest-what-goes-with-theirs" },
}

test "a step up waits for the fourth order" {
  given = { stage = "retention", persona = "tinkerer", traits = { orders = 3 }, context = { days_since_order = 10 } },
  at = "account",
  expect = { not_offer = "dual-boiler" },
}

test "the fourth order earns a look at the dual boiler" {
  given = { stage = "retention", persona = "tinkerer", traits = { orders = 4 }, context = { days_since_order = 10 } },
  at = "hero",
  expect = { offer = "dual-boiler", kind = "up_sell" },
}

test "the sidebar finds out what they fancy" {
  given = { stage = "retention", traits = { orders = 5, brews_with = "filter" } },
  at = "sidebar",
  expect = { strategy = "find-out-what-they-fancy" },
}

test "a birthday is remembered by mail" {
  given = { stage = "retention", consents = { marketing = true }, traits = { birthday_month = true, interests = { "birthday" } } },
  at = "email",
  expect = { offer = "birthday-bag", kind = "loyalty_reward" },
}

test "no grinder for four hundred euros in the second order's mail" {
  given = { stage = "retention", consents = { marketing = true }, traits = { orders = 2 } },
  at = "email",
  expect = { not_offer = "step-up-grinder", strategy = "write-to-those-who-come-back" },
}

test "a birthday is not remembered without permission" {
  given = { stage = "retention", traits = { birthday_month = true }, context = { days_since_order = 10 } },
  at = "account",
  expect = { not_offer = "birthday-bag" },
}

test "the footer simply says thank you" {
  given = { stage = "retention" },
  at = "footer",
  now = "2027-11-25 09:00",
  expect = { offer = "thanks-from-the-roaster", kind = "thank_you" },
}

test "nothing is sold on the home page while something is broken" {
  given = { stage = "retention", context = { open_ticket = true } },
  at = "hero",
  now = "2026-11-25 09:00",
  expect = { offer = "thanks-for-your-patience", not_offer = "microlot-early-access" },
}

test "nor beside it" {
  given = { stage = "retention", context = { open_ticket = true } },
  at = "sidebar",
  now = "2026-11-25 09:00",
  expect = { not_offer = "winter-roast", strategy = "sell-nothing-with-something-unsolved" },
}

test "and what stands in beside it sells nothing either" {
  given = { stage = "retention", context = { open_ticket = true } },
  at = "sidebar",
  expect = { offer = "help-centre", not_offer = "house-coffees" },
}

test "nor at the till" {
  given = { stage = "retention", traits = { brews_with = "filter" }, context = { open_ticket = true, days_since_order = 10 } },
  at = "checkout",
  expect = { offer = "help-centre", fallback = "no_offer_fits" },
}

test "nothing is sold over a late order either" {
  given = { stage = "retention", traits = { orders = 6 }, context = { order_status = "delayed", days_since_order = 8 } },
  at = "hero",
  expect = { offer = "thanks-for-your-order", strategy = "sell-nothing-with-something-unsolved" },
}

test "nor at the till, over a failed payment" {
  given = { stage = "retention", traits = { brews_with = "filter" }, context = { order_status = "payment_failed" } },
  at = "checkout", count = 10,
  expect = { offer = "help-centre", not_offer = "gooseneck-kettle" },
}

test "a late order is no open question" {
  given = { stage = "retention", context = { order_status = "delayed" } },
  at = "account", count = 10,
  expect = { offer = "thanks-for-your-order", not_offer = "thanks-for-your-patience" },
}

test "nor is an open question a late order" {
  given = { stage = "retention", context = { open_ticket = true } },
  at = "account", count = 10,
  expect = { offer = "thanks-for-your-patience", not_offer = "thanks-for-your-order" },
}

test "a refill can wait until the question is answered" {
  given = { stage = "retention", context = { open_ticket = true, days_since_order = 20 } },
  at = "account",
  expect = { offer = "thanks-for-your-patience", not_offer = "huila-sweet" },
}

test "a word of thanks for an order can wait as well" {
  given = { stage = "retention", context = { open_ticket = true, days_since_order = 2 } },
  at = "account",
  expect = { offer = "thanks-for-your-patience", not_offer = "thanks-from-the-roaster" },
}

test "who has asked nothing is not thanked for waiting" {
  given = { stage = "retention", context = { days_since_order = 2 } },
  at = "account", count = 10,
  expect = { offer = "thanks-from-the-roaster", not_offer = "thanks-for-your-patience" },
}

-- Telling others

test "who is delighted is given something to share" {
  given = { stage = "advocacy", context = { device = "desktop" } },
  at = "hero",
  expect = { offer = "ten-for-you-ten-for-them", kind = "referral_programme" },
}

test "on a phone a review is quicker" {
  given = { stage = "advocacy", context = { device = "mobile" } },
  at = "hero",
  expect = { offer = "one-minute-review", kind = "review_request" },
}

test "nobody is asked for a second review" {
  given = { stage = "advocacy", traits = { reviewed = true }, context = { device = "mobile" } },
  at = "sidebar",
  expect = { offer = "ten-for-you-ten-for-them", not_offer = "one-minute-review" },
}

test "who has just reviewed us is left in peace as well" {
  given = { stage = "advocacy", did = { review = "2h" }, context = { device = "mobile" } },
  at = "sidebar",
  expect = { offer = "ten-for-you-ten-for-them", not_offer = "one-minute-review" },
}

test "the Saturday tasting is for people nearby" {
  given = { stage = "advocacy", traits = { city = "Vigo" } },
  at = "account",
  expect = { not_offer = "bring-someone-saturday" },
}

test "Madrid may bring a friend on Saturday" {
  given = { stage = "advocacy", traits = { city = "Madrid", reviewed = true } },
  at = "sidebar",
  expect = { offer = "bring-someone-saturday", not_offer = "show-your-corner" },
}

test "no favours while something is unsolved" {
  given = { stage = "advocacy", context = { open_ticket = true, device = "mobile" } },
  at = "hero",
  now = "2027-11-25 09:00",
  expect = { offer = "our-turn", strategy = "ask-no-favours-with-something-unsolved" },
}

test "nor a photo, a name or a vote" {
  given = { stage = "advocacy", context = { open_ticket = true } },
  at = "account", count = 10,
  now = "2028-02-10 09:00",
  expect = { offer = "our-turn", not_offer = "corner-of-the-month" },
}

test "nor while an order of theirs is late" {
  given = { stage = "advocacy", context = { order_status = "delayed" } },
  at = "footer",
  expect = { offer = "our-turn", not_offer = "one-minute-review" },
}

test "who has nothing open is not told otherwise" {
  given = { stage = "advocacy" },
  at = "account", count = 20,
  expect = { offer = "corner-of-the-month", not_offer = "our-turn" },
}

test "nor by mail" {
  given = { stage = "advocacy", consents = { marketing = true }, context = { open_ticket = true } },
  at = "email",
  expect = { offer = "mail-preferences", fallback = "no_offer_fits" },
}

test "an invitation for friends goes by mail" {
  given = { stage = "advocacy", consents = { marketing = true } },
  at = "email",
  expect = { offer = "ten-for-you-ten-for-them", not_offer = "bring-someone-saturday" },
}

test "the footer asks for a word" {
  given = { stage = "advocacy" },
  at = "footer",
  now = "2027-11-25 09:00",
  expect = { offer = "one-minute-review" },
}

test "the spring roast gets its name in February" {
  given = { stage = "advocacy" },
  at = "account", count = 10,
  now = "2028-02-10 09:00",
  expect = { offer = "name-the-spring-roast", kind = "recognition" },
}
