-- Deciding and paying: who gets a price cut, who gets a person, and who is simply let through.

test "no price cut for someone who does not hesitate" {
  given = { stage = "decision", context = { visits = 1, cart_value = 45, device = "desktop" } },
  at = "hero",
  now = "2027-11-25 12:00",
  expect = { offer = "first-bag-free", not_offer = "black-week" },
}

test "who hesitates hears of black week" {
  given = { stage = "decision", context = { visits = 3, interests = { "grinders" } } },
  at = "hero",
  now = "2027-11-25 12:00",
  expect = { offer = "black-week", kind = "discount" },
}

test "six price cuts in a week are enough" {
  given = {
    stage = "decision", context = { visits = 3, interests = { "grinders" } },
    seen = { ["black-week"] = { "1h", "1d", "2d", "3d", "4d" }, ["first-order"] = "5d" },
  },
  at = "hero",
  now = "2027-11-25 12:00",
  expect = { not_offer = "black-week" },
}

test "five are not" {
  given = {
    stage = "decision", context = { visits = 3, interests = { "grinders" } },
    seen = { ["black-week"] = { "1h", "1d", "2d", "3d" }, ["first-order"] = "5d" },
  },
  at = "hero",
  now = "2027-11-25 12:00",
  expect = { offer = "black-week" },
}

test "two days without deciding are hesitation too" {
  given = { stage = "decision", in_stage_for = "2d", context = { visits = 1, interests = { "grinders" } } },
  at = "hero",
  now = "2027-11-25 12:00",
  expect = { offer = "black-week", kind = "discount" },
}

test "black week still runs on its last evening" {
  given = { stage = "decision", context = { visits = 3, interests = { "grinders" } } },
  at = "hero",
  now = "2027-11-30 23:30",
  expect = { offer = "black-week" },
}

test "the day after, black week is over" {
  given = { stage = "decision", context = { visits = 3, interests = { "grinders" } } },
  at = "sidebar",
  now = "2027-12-01 00:30",
  expect = { not_offer = "black-week" },
}

test "the anniversary is for those who hesitate about what to give" {
  given = { stage = "decision", persona = "gift-giver", context = { visits = 3, interests = { "gifts" } } },
  at = "hero",
  now = "2027-05-04 11:00",
  expect = { offer = "ten-years", kind = "discount" },
}

test "Christmas boxes wait for December" {
  given = { stage = "decision", persona = "gift-giver", context = { visits = 4, interests = { "gifts" } } },
  at = "sidebar",
  now = "2027-11-28 18:00",
  expect = { not_offer = "christmas-boxes" },
}

test "in December the gift boxes lead" {
  given = { stage = "decision", persona = "gift-giver", context = { visits = 4, interests = { "gifts" } } },
  at = "hero",
  now = "2027-12-05 18:00",
  expect = { offer = "christmas-boxes", strategy = "give-a-reason-to-decide" },
}

test "the welcome discount is for a first order" {
  given = { stage = "decision", traits = { orders = 2 }, context = { visits = 4, interests = { "welcome" } } },
  at = "sidebar",
  now = "2027-11-25 12:00",
  expect = { not_offer = "first-order" },
}

test "after an order, however long ago, there is no first order" {
  given = { stage = "decision", did = { purchase = "300d" }, context = { visits = 4, interests = { "welcome" } } },
  at = "sidebar",
  now = "2027-11-25 12:00",
  expect = { not_offer = "first-order" },
}

test "a forgotten cart comes back with free delivery" {
  given = { stage = "decision", consents = { marketing = true }, context = { visits = 2, cart_abandoned = true, cart_value = 62 } },
  at = "hero",
  expect = { offer = "cart-kept-for-you", strategy = "bring-back-the-forgotten-cart" },
}

test "without consent the cart is not brought up" {
  given = { stage = "decision", context = { visits = 2, cart_abandoned = true, cart_value = 62 } },
  at = "hero",
  now = "2028-03-01 12:00",
  expect = { not_offer = "cart-kept-for-you", strategy = "give-a-reason-to-decide" },
}

test "the cart's reminder goes by mail to those who said yes" {
  given = { stage = "decision", consents = { marketing = true }, context = { cart_abandoned = true } },
  at = "email",
  expect = { offer = "cart-kept-for-you", strategy = "remind-of-the-cart" },
}

test "no cart, no word of a cart" {
  given = { stage = "decision", consents = { marketing = true } },
  at = "email",
  now = "2028-03-01 09:00",
  expect = { not_offer = "cart-kept-for-you", strategy = "write-about-their-favourite" },
}

test "a machine for a thousand euros deserves a conversation" {
  given = { stage = "decision", persona = "tinkerer", context = { cart_value = 1190 } },
  at = "hero",
  expect = { offer = "barista-call", kind = "advice_call" },
}

test "a big cart has the way back beside it" {
  given = { stage = "decision", context = { cart_value = 600, visits = 2 } },
  at = "sidebar",
  expect = { offer = "thirty-days-at-home", strategy = "offer-a-person-for-a-big-purchase" },
}

test "the till is left in peace" {
  given = { stage = "decision", context = { cart_value = 38, visits = 6, device = "desktop" } },
  at = "checkout",
  now = "2027-11-25 12:00",
  expect = { offer = "two-step-checkout", not_offer = "black-week" },
}

test "a phone pays with one tap" {
  given = { stage = "decision", context = { cart_value = 38, device = "mobile" } },
  at = "checkout",
  expect = { offer = "pay-with-one-tap" },
}

test "a computer has nothing to tap" {
  given = { stage = "decision", context = { cart_value = 38, device = "desktop" } },
  at = "checkout",
  expect = { not_offer = "pay-with-one-tap" },
}

test "with the card in hand, safety comes first" {
  given = { stage = "decision", context = { cart_value = 38, checkout_step = "payment" } },
  at = "checkout",
  expect = { offer = "card-never-kept", kind = "guarantee" },
}

test "a present is sent straight to its owner" {
  given = { stage = "decision", traits = { buys_for = "someone_else" }, context = { cart_value = 52, device = "desktop" } },
  at = "checkout",
  expect = { offer = "straight-to-their-door" },
}

test "the footer of the undecided offers a person" {
  given = { stage = "decision", context = { visits = 1 } },
  at = "footer",
  expect = { offer = "barista-call" },
}

test "a payment is confirmed at once" {
  given = { stage = "purchase", context = { order_status = "paid" } },
  at = "hero",
  expect = { offer = "order-received", strategy = "confirm-at-once" },
}

test "the confirmation page repeats it" {
  given = { stage = "purchase", context = { order_status = "paid" } },
  at = "checkout",
  expect = { offer = "order-received", kind = "order_confirmation" },
}

test "a paid order needs no permission to be confirmed by mail" {
  given = { stage = "purchase", consents = { marketing = false }, context = { order_status = "paid" } },
  at = "email",
  expect = { offer = "order-received" },
}

test "a travelling parcel is shown on the map" {
  given = { stage = "purchase", context = { order_status = "shipped" } },
  at = "sidebar",
  expect = { offer = "parcel-on-its-way", strategy = "follow-the-parcel" },
}

test "a delay is admitted before it is asked about" {
  given = { stage = "purchase", context = { order_status = "delayed" } },
  at = "account",
  expect = { offer = "running-late", strategy = "own-up-to-a-delay" },
}

test "nobody on time hears of a delay" {
  given = { stage = "purchase", context = { order_status = "shipped" } },
  at = "email",
  expect = { not_offer = "running-late" },
}

test "a failed payment is mended, not celebrated" {
  given = { stage = "purchase", context = { order_status = "payment_failed" } },
  at = "checkout",
  expect = { offer = "payment-failed", not_offer = "order-received" },
}

test "nothing is sold beside a failed payment" {
  given = { stage = "purchase", context = { order_status = "payment_failed" } },
  at = "sidebar",
  expect = { offer = "payment-failed", not_offer = "house-coffees" },
}

test "nobody who has paid hears of a failed payment, not even at the foot of the page" {
  given = { stage = "purchase", context = { order_status = "paid" } },
  at = "footer", count = 5,
  expect = { offer = "three-year-workshop", not_offer = "payment-failed" },
}

test "a late order is not confirmed anew" {
  given = { stage = "purchase", context = { order_status = "delayed" } },
  at = "email", count = 10,
  expect = { offer = "fresh-or-free", not_offer = "roasted-on-mondays", strategy = "own-up-to-a-delay" },
}

test "whoever has bought before hears of this order too" {
  given = {
    stage = "purchase", traits = { orders = 7, owns = "kettle" }, did = { purchase = { "1d", "20d", "60d" }, delivery = "18d" },
    context = { order_status = "delayed" },
  },
  at = "checkout",
  expect = { offer = "running-late", not_offer = "gooseneck-kettle" },
}

test "the footer of a buyer holds the guarantees" {
  given = { stage = "purchase", context = { order_status = "paid" } },
  at = "footer",
  expect = { offer = "three-year-workshop", kind = "guarantee" },
}
