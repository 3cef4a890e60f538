"""Contact limits, rest, stock and consent over the socket, with what explain says of them: actual and required."""

import unittest

from harness import small
from memory import DAY, HOUR, Remembering, ago

OFFERS = """
offer "seen" { kind = "demo", title = "x", limit = { impressions = 3, within = "7d", rest = "10d" } }
offer "restless" { kind = "demo", title = "x", limit = { impressions = 3, within = "7d" } }
offer "chosen" { kind = "demo", title = "x", limit = { decisions = 2, within = "7d" } }
offer "clicked" { kind = "demo", title = "x", limit = { clicks = 1, within = "30d" } }
offer "dismissed" { kind = "demo", title = "x", limit = { dismissals = 1, rest = "20d", within = "1d" } }
offer "put-off" { kind = "demo", title = "x", limit = { dismissals = 1, rest = "2h" } }
offer "twice" { kind = "demo", title = "x", limit = { impressions = 2, within = "1d" } }
offer "once-ever" { kind = "demo", title = "x", limit = { impressions = 1 } }
offer "sale-1" { kind = "discount", title = "x" }
offer "sale-2" { kind = "discount", title = "x" }
offer "mail-1" { kind = "webinar", title = "x", tags = { "mail" } }
offer "mail-2" { kind = "article", title = "x", tags = { "mail" } }
offer "named-1" { kind = "video", title = "x" }
offer "named-2" { kind = "video", title = "x" }
offer "free" { kind = "video", title = "x" }
offer "letter" { kind = "video", title = "x", consent = "marketing" }
"""
POLICIES = """
policy "few-sales" { kinds = { "discount" }, limit = { impressions = 2, within = "7d" } }
policy "few-mails" { tags = { "mail" }, limit = { clicks = 2, within = "7d" } }
policy "few-of-these" { offers = { "named-1", "named-2" }, limit = { dismissals = 1, within = "7d" } }
"""
PLACEMENT = """
placement "hero" { count = 50, fallback = "house" }
placement "letters" { count = 1, kinds = { "letter" }, fallback = { "letter", "house" } }
placement "rare" { count = 1, kinds = { "coupon" }, fallback = "house" }
offer "only-two" { kind = "coupon", title = "x", placements = { "rare" }, stock = 2 }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
"""


class Limits(Remembering):
    site = small(OFFERS, policies=POLICIES, placements=PLACEMENT)

    def assert_gate(self, offer, gate, because=None, **arguments):
        trace = self.trace_of(offer, customer=self.who, **arguments)
        self.assertEqual(trace["gate"], gate, trace)
        if because is not None:
            self.assertRegex(trace["because"], because)
        shown = self.offer_ids(self.client.recommend(customer=self.who, dry_run=True, **arguments))
        self.assertEqual(offer in shown, gate is None)

    def repeat(self, times, event, offer, **arguments):
        for _ in range(times):
            self.track(event, self.who, offer=offer, **arguments)

    def test_impressions(self):
        self.repeat(2, "impression", "seen")
        self.assert_gate("seen", None)
        self.repeat(1, "impression", "seen")
        self.assert_gate("seen", "limit", r"seen 3 of 3 in 7d; free again in (10 d|9 d 23 h)")

    def test_rest_outlasts_the_window(self):
        for days in (9, 8.9, 8.8):
            self.repeat(1, "impression", "seen", at=ago(days * DAY))
        self.assert_gate("seen", "rested", r"resting after 3 of 3 in 7d; free again in 1 d")
        self.repeat(1, "impression", "seen", at=ago(20 * DAY))
        self.assert_gate("seen", "rested")

    def test_rest_ends(self):
        for days in (10.5, 10.4, 10.3):
            self.repeat(1, "impression", "seen", at=ago(days * DAY))
        self.assert_gate("seen", None)

    def test_trailing_windows(self):
        for days in (6.99, 3, 1):
            self.repeat(1, "impression", "restless", at=ago(days * DAY))
        self.assert_gate("restless", "limit")
        other = self.who + "-other"
        for days in (7.01, 3, 1):
            self.track("impression", other, offer="restless", at=ago(days * DAY))
        self.assertIsNone(self.gate("restless", customer=other))

    def test_a_late_impression_counts_when_it_happened(self):
        self.repeat(2, "impression", "seen")
        self.repeat(1, "impression", "seen", at=ago(2 * DAY))
        self.assert_gate("seen", "limit")

    def test_decisions(self):
        for _ in range(2):
            self.assertIn("chosen", self.offer_ids(self.client.recommend(customer=self.who)))
        self.assertNotIn("chosen", self.offer_ids(self.client.recommend(customer=self.who)))
        self.assert_gate("chosen", "limit", r"decided 2 of 2 in 7d; free again in (7 d|6 d 23 h)")

    def test_dry_runs_count_for_nothing(self):
        for _ in range(5):
            self.client.recommend(customer=self.who, dry_run=True)
        self.assert_gate("chosen", None)

    def test_clicks(self):
        self.repeat(5, "impression", "clicked")
        self.assert_gate("clicked", None)
        self.repeat(1, "click", "clicked")
        self.assert_gate("clicked", "limit", r"clicked 1 of 1 in 30d; free again in (30 d|29 d 23 h)")

    def test_dismissals_rest(self):
        self.repeat(1, "dismiss", "dismissed", at=ago(2 * DAY))
        self.assert_gate("dismissed", "rested", r"resting after 1 of 1 in 1d; free again in 1[78] d")
        other = self.who + "-other"
        self.track("dismiss", other, offer="dismissed", at=ago(21 * DAY))
        self.assertIsNone(self.gate("dismissed", customer=other))

    def test_without_a_window_it_is_for_ever(self):
        self.repeat(1, "impression", "once-ever", at=ago(390 * DAY))
        self.assert_gate("once-ever", "limit", r"seen 1 of 1")

    def test_without_a_window_it_counts_anew_behind_a_rest(self):
        self.repeat(1, "dismiss", "put-off", at=ago(3 * HOUR))
        self.assert_gate("put-off", None)
        self.repeat(1, "dismiss", "put-off", at=ago(HOUR / 2))
        self.assert_gate("put-off", "rested", r"resting after 1 of 1; free again in 1 h (30|29) min")

    def test_a_dry_run_in_the_past_knows_no_more_than_was_known(self):
        for seconds in (5000, 4900):
            self.repeat(1, "impression", "twice", at=ago(seconds))
        self.assert_gate("twice", "limit", "seen 2 of 2 in 1d")
        self.assert_gate("twice", None, at=ago(4950))
        self.assert_gate("twice", "limit", "seen 2 of 2 in 1d", at=ago(4800))

    def test_a_policy_by_kind(self):
        self.repeat(1, "impression", "sale-1")
        self.repeat(1, "impression", "sale-2")
        for offer in ("sale-1", "sale-2"):
            self.assert_gate(offer, "limit", r"policy 'few-sales': seen 2 of 2 in 7d; free again in (7 d|6 d 23 h)")

    def test_a_policy_holds_within_one_answer(self):
        self.repeat(1, "impression", "sale-1")
        shown = self.offer_ids(self.client.recommend(customer=self.who, dry_run=True))
        self.assertEqual(len({"sale-1", "sale-2"} & set(shown)), 1)

    def test_a_policy_by_tag(self):
        self.repeat(1, "click", "mail-1")
        self.assert_gate("mail-2", None)
        self.repeat(1, "click", "mail-2")
        for offer in ("mail-1", "mail-2"):
            self.assert_gate(offer, "limit", r"policy 'few-mails': clicked 2 of 2 in 7d")

    def test_a_policy_by_name(self):
        self.repeat(1, "dismiss", "named-2")
        for offer in ("named-1", "named-2"):
            self.assert_gate(offer, "limit", r"policy 'few-of-these': dismissed 1 of 1 in 7d")
        self.assert_gate("free", None)

    def test_what_is_not_the_counted_event_counts_for_nothing(self):
        for event in ("page_view", "impressions", "conversion", "click"):
            self.repeat(3, event, "seen")
        self.assert_gate("seen", None)

    def test_limits_are_each_customers_own(self):
        self.repeat(3, "impression", "seen", at=ago(HOUR))
        self.assertIsNone(self.gate("seen", customer=self.who + "-other"))
        self.assertIsNone(self.gate("seen"))

    def test_what_was_decided_and_not_yet_seen_counts_as_seen(self):
        for _ in range(3):
            self.assertIn("seen", self.offer_ids(self.client.recommend(customer=self.who)))
        self.assertNotIn("seen", self.offer_ids(self.client.recommend(customer=self.who)))
        self.assert_gate("seen", "limit", r"seen 0 of 3 in 7d, 3 more on their way; free again in [45] min")

    def test_what_the_store_does_not_have_yet_is_told_in_the_same_words(self):
        for placement, offer, gate, because in (
                ("hero", "seen", "limit", r"^seen 0 of 3 in 7d, 3 more on their way; free again in [45] min"),
                ("hero", "chosen", "limit", r"^decided 2 of 2 in 7d; free again in (7 d|6 d 23 h)"),
                ("rare", "only-two", "stock", r"^stock: 2 of 2 given$")):
            who = f"{self.who}-{offer}"
            for _ in range(2 if offer != "seen" else 3):
                self.assertIn(offer, self.offer_ids(self.client.recommend(placement, customer=who)))
            for dry in (True, False):
                decision = self.client.recommend(placement, customer=who, explain=True, dry_run=dry)
                trace = next(entry for entry in decision["trace"] if entry["offer"] == offer)
                self.assertEqual(trace["gate"], gate, trace)
                self.assertRegex(trace["because"], because)
                self.assertNotIn(offer, self.offer_ids(decision))

    def test_its_impression_takes_the_place_of_a_decision(self):
        decision = self.client.recommend(customer=self.who)["decision"]
        self.repeat(1, "impression", "seen", decision=decision)
        offer = self.profile(self.who)["offers"]["seen"]
        self.assertEqual((offer["decisions"], offer["impressions"]), (1, 1))
        self.assertNotIn("seen", [one["offer"] for one in self.export(self.who)["reservations"]])
        self.repeat(1, "impression", "seen")
        self.assert_gate("seen", None)

    def test_an_impression_sent_twice_counts_once(self):
        for _ in range(4):
            self.repeat(1, "impression", "seen", id="the-same")
        self.assert_gate("seen", None)


class Consent(Remembering):
    site = small(OFFERS, policies=POLICIES, placements=PLACEMENT)

    def passes(self, **arguments):
        decision = self.client.recommend(customer=self.who, explain=True, **arguments)
        gate = next(entry for entry in decision["trace"] if entry["offer"] == "letter")["gate"]
        self.assertEqual("letter" in self.offer_ids(decision), gate is None)
        self.assertIn(gate, (None, "consent"))
        return gate is None

    def test_never_without_it(self):
        self.assertFalse(self.passes())
        self.track("x", self.who)
        self.assertFalse(self.passes())
        self.set(self.who, consents={"profiling": True})
        self.assertFalse(self.passes())

    def test_given_and_revoked_at_once(self):
        other = self.open()
        for _ in range(10):
            self.set(self.who, consents={"marketing": True})
            self.assertTrue(self.passes())
            other.call("profile.set", customer=self.who, consents={"marketing": False})
            self.assertFalse(self.passes())

    def test_its_dates_are_kept(self):
        self.set(self.who, consents={"marketing": True})
        first = self.export(self.who)["consents"]["marketing"]
        self.assertEqual((first["granted"], first["at"]), (True, first["first"]))
        self.assertAlmostEqual(first["at"], ago(0), delta=60)
        self.set(self.who, consents={"marketing": False})
        revoked = self.export(self.who)["consents"]["marketing"]
        self.assertIs(revoked["granted"], False)
        self.assertGreaterEqual(revoked["at"], revoked["first"])

    def test_the_request_says_more_for_this_decision_alone(self):
        self.assertTrue(self.passes(consents={"marketing": True}))
        self.assertFalse(self.passes())
        self.set(self.who, consents={"marketing": True})
        self.assertFalse(self.passes(consents={"marketing": False}))
        self.assertFalse(self.passes(consents={"marketing": None}))
        self.assertTrue(self.passes())

    def test_not_for_the_restricted(self):
        self.set(self.who, consents={"marketing": True})
        self.client.call("profile.restrict", customer=self.who, restricted=True)
        self.assertFalse("letter" in self.offer_ids(self.client.recommend(customer=self.who)))

    def test_not_as_a_fallback_either(self):
        decision = self.client.recommend("letters", customer=self.who)
        self.assertEqual(self.offer_ids(decision), ["house"])
        self.set(self.who, consents={"marketing": True})
        decision = self.client.recommend("letters", customer=self.who)
        self.assertEqual(self.offer_ids(decision), ["letter"])


if __name__ == "__main__":
    unittest.main()
