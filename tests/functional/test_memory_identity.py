"""identify: two ids turn out to be one person; history, limits, stage and event ids go along, once."""

import unittest

from harness import small
from memory import DAY, Remembering, ago, packed

SITE = small(
    """
offer "once-seen" { kind = "demo", title = "x", limit = { impressions = 2, within = "7d" } }
offer "guide" { kind = "lead_magnet", title = "x" }
""",
    journeys__walk="""
journey "walk" {
  model = "b2c",
  stage "first" {},
  stage "second" { enter = { on = "download" } },
  stage "third" { enter = { on = "page_view", times = 3, within = "7d" } },
  stage "fourth" { enter = { on = "purchase" } },
}
""")


class Identity(Remembering):
    site = SITE

    def setUp(self):
        super().setUp()
        self.visitor = self.who + "-visitor"

    def identify(self, anonymous=None, customer=None):
        return self.client.call("identify", anonymous=anonymous or self.visitor, customer=customer or self.who)

    def test_the_answer(self):
        self.track("download", self.visitor)
        self.assertEqual(self.identify(), {"customer": self.who, "merged": True, "journey": "walk", "stage": "second"})
        self.assertEqual(self.identify(), {"customer": self.who, "merged": False, "journey": "walk", "stage": "second"})

    def test_histories_are_joined_once(self):
        for customer, times in ((self.visitor, 3), (self.who, 2)):
            for _ in range(times):
                self.track("click", customer, offer="guide", placement="hero")
        before = self.figures("first")[3]
        for _ in range(3):
            self.identify()
        profile = self.profile(self.who)
        self.assertEqual((profile["counts"], profile["offers"]["guide"]["clicks"]), ({"click": 5}, 5))
        self.assertEqual(len(self.export(self.who)["touches"]), 5)
        self.assertEqual(self.figures("first")[3], before - 1)

    def test_both_ids_are_one_person_everywhere(self):
        self.track("download", self.visitor)
        self.identify()
        self.assertEqual(self.profile(self.visitor), self.profile(self.who))
        self.assertEqual(self.profile(self.visitor)["customer"], self.who)
        self.assertEqual(self.export(self.visitor), self.export(self.who))
        self.track("click", self.visitor, offer="guide")
        self.set(self.visitor, traits={"city": "Vigo"}, consents={"marketing": True})
        decision = self.client.recommend(customer=self.visitor)
        self.assertEqual((decision["known"], decision["stage"]), (True, "second"))
        profile = self.profile(self.who)
        self.assertEqual((profile["counts"], profile["traits"], profile["consents"]),
                         ({"download": 1, "click": 1}, {"city": "Vigo"}, {"marketing": True}))
        self.assertEqual(profile["offers"]["once-seen"]["decisions"], 1)
        restricted = self.client.call("profile.restrict", customer=self.visitor, restricted=True)
        self.assertEqual((restricted["customer"], restricted["restricted"]), (self.who, True))

    def test_the_position_further_on_stays(self):
        for visitor_event, customer_event, stage in (("purchase", "download", "fourth"), ("download", "purchase", "fourth"),
                                                     ("other", "other", "first")):
            visitor, customer = (f"{self.who}-{visitor_event}-{customer_event}-{part}" for part in "vc")
            self.track(visitor_event, visitor)
            self.track(customer_event, customer)
            self.assertEqual(self.identify(visitor, customer)["stage"], stage)
            self.assertEqual(self.stage(customer), stage)
        self.stages_of_map()

    def test_a_rules_progress_is_joined(self):
        self.track("page_view", self.visitor, at=ago(3 * DAY))
        self.track("page_view", self.who, at=ago(2 * DAY))
        self.identify()
        self.assertEqual(self.track("page_view", self.who)["stage"], "third")

    def test_limits_reach_across(self):
        for customer in (self.visitor, self.who):
            self.assertIsNone(self.gate("once-seen", customer=customer))
            self.track("impression", customer, offer="once-seen")
        self.identify()
        for customer in (self.visitor, self.who):
            self.assertEqual(self.gate("once-seen", customer=customer), "limit")

    def test_open_decisions_reach_across(self):
        for customer in (self.visitor, self.who):
            self.assertEqual(self.offer_ids(self.client.recommend(customer=customer)), ["once-seen"])
        self.identify()
        self.assertEqual(self.gate("once-seen", customer=self.who), "limit")

    def test_a_decision_of_the_visitor_is_the_customers(self):
        decision = self.client.recommend(customer=self.visitor)["decision"]
        self.identify()
        self.assertIs(self.track("click", self.who, decision=decision, offer="once-seen")["accepted"], True)

    def test_an_event_that_is_sent_again_after_joining_is_a_duplicate(self):
        self.track("download", self.visitor, id="event-1")
        self.track("download", self.who, id="event-2")
        self.identify()
        for customer in (self.visitor, self.who):
            for event_id in ("event-1", "event-2"):
                self.assertIs(self.track("download", customer, id=event_id)["duplicate"], True)
        self.assertEqual(self.profile(self.who)["counts"], {"download": 2})

    def test_traits_of_the_customer_win_and_both_consents_hold(self):
        self.set(self.visitor, traits={"city": "Lugo", "size": 1}, consents={"marketing": True, "profiling": True}, locale="es")
        self.set(self.who, traits={"city": "Vigo"}, consents={"marketing": False})
        self.identify()
        profile = self.profile(self.who)
        self.assertEqual((profile["traits"], profile["consents"], profile["locale"]),
                         ({"city": "Vigo", "size": 1}, {"marketing": False, "profiling": True}, "es"))

    def test_one_restriction_is_enough(self):
        self.track("x", self.who)
        self.client.call("profile.restrict", customer=self.visitor, restricted=True)
        self.identify()
        self.assertIs(self.profile(self.who)["restricted"], True)
        self.assertIs(self.track("x", self.who)["accepted"], False)

    def test_a_visitor_never_seen_becomes_an_alias(self):
        self.identify()
        self.track("click", self.visitor, offer="guide")
        self.assertEqual(self.profile(self.who)["counts"], {"click": 1})
        self.assertEqual(self.export(self.who)["aliases"], [self.visitor])

    def test_chains_and_circles(self):
        ids = [f"{self.who}-{number}" for number in range(12)]
        for customer in ids:
            self.track("click", customer, offer="guide")
        for anonymous, customer in zip(ids, ids[1:]):
            self.assertIs(self.identify(anonymous, customer)["merged"], True)
        self.assertIs(self.identify(ids[-1], ids[0])["merged"], False)
        for customer in ids:
            self.assertEqual(self.profile(customer)["counts"], {"click": 12})
            self.assertEqual(self.profile(customer)["customer"], ids[-1])
        self.assertEqual(sorted(self.export(ids[0])["aliases"]), sorted(ids[:-1]))

    def test_nobody_is_joined_with_themselves(self):
        self.assert_refused(self.client, r"^INVALID: anonymous: ", "identify", anonymous=self.who, customer=self.who)

    def test_joined_from_many_connections_at_once(self):
        self.track("click", self.visitor, offer="guide")
        clients = [self.open() for _ in range(12)]
        for number, client in enumerate(clients):
            client.send(packed("identify", {"anonymous": self.visitor, "customer": self.who}, number))
        merged = [client.receive()[3]["merged"] for client in clients]
        self.assertEqual(merged.count(True), 1)
        self.assertEqual(self.profile(self.who)["counts"], {"click": 1})


if __name__ == "__main__":
    unittest.main()
