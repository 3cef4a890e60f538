÷-- How often Afina may insist. A committee has six members: six people seeing the same banner is already a lot.

policy "leave-room-to-think" {
  kinds = { "demo", "advice_call", "reference_call", "quote" },
  limit = { impressions = 4, within = "7d", rest = "7d" },
}

policy "one-price-argument-at-a-time" {
  kinds = { "discount", "coupon" },
  limit = { impressions = 5, within = "14d", rest = "30d" },
}

policy "ask-few-favours" {
  tags = { "favour" },
  limit = { decisions = 3, within = "30d", rest = "60d" },
}

policy "sell-softly-to-customers" {
  kinds = { "up_sell" },
  limit = { dismissals = 1, within = "90d", rest = "90d" },
}

policy "questions-tire" {
  kinds = { "survey" },
  limit = { impressions = 2, within = "30d", rest = "90d" },
}
