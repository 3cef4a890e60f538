"""Never a fourth: stock and limits are exact however many ask at once; what nobody saw is free again."""

import unittest

from harness import small, wait_until
from memory import MemoryCase, Remembering, packed
from rpc import Client

REQUESTS = 1000
CONNECTIONS = 50
PLACEMENTS = """
placement "hero" { count = 1, kinds = { "demo" }, fallback = "house" }
placement "few" { count = 1, kinds = { "coupon" }, fallback = "house" }
placement "rare" { count = 1, kinds = { "webinar" }, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
"""
OFFERS = """
offer "three-in-all" { kind = "demo", title = "x", stock = 3 }
offer "three-times" { kind = "coupon", title = "x", limit = { decisions = 3, within = "7d" } }
offer "seen-thrice" { kind = "webinar", title = "x", limit = { impressions = 3, within = "7d" } }
"""
POLICY = 'policy "few" { kinds = { "demo", "coupon", "webinar" }, limit = { impressions = 3, within = "7d" } }\n'


def ask_at_once(daemon, requests):
    """Sends all requests over many connections before it reads an answer; the results in no order."""
    clients = [Client(daemon.address) for _ in range(CONNECTIONS)]
    try:
        for number, client in enumerate(clients):
            client.send(b"".join(packed("recommend", arguments, msgid)
                                 for msgid, arguments in enumerate(requests[number::CONNECTIONS])))
        return [client.receive()[3] for number, client in enumerate(clients) for _ in requests[number::CONNECTIONS]]
    finally:
        for client in clients:
            client.close()


def given(decisions, offer):
    return [decision for decision in decisions if offer in [item["offer"] for item in decision["items"]]]


class Exact(MemoryCase):
    def assert_all_answered(self, decisions):
        self.assertEqual(len(decisions), REQUESTS)
        self.assertEqual(len({decision["decision"] for decision in decisions}), REQUESTS)
        for decision in decisions:
            self.assertTrue(decision["items"])

    def test_stock_of_three_for_anonymous_visitors(self):
        daemon = self.remember(small(OFFERS, placements=PLACEMENTS))
        decisions = ask_at_once(daemon, [{"placement": "hero"}] * REQUESTS)
        self.assert_all_answered(decisions)
        self.assertEqual(len(given(decisions, "three-in-all")), 3)
        self.assertEqual(self.gate("three-in-all"), "stock")

    def test_stock_of_three_for_a_thousand_customers(self):
        daemon = self.remember(small(OFFERS, placements=PLACEMENTS))
        decisions = ask_at_once(daemon, [{"placement": "hero", "customer": f"c{number}"} for number in range(REQUESTS)])
        self.assert_all_answered(decisions)
        winners = given(decisions, "three-in-all")
        self.assertEqual(len(winners), 3)
        trace = self.trace_of("three-in-all")
        self.assertEqual((trace["gate"], trace["because"]), ("stock", "stock: 3 of 3 given"))
        offers = {offer["offer"]: offer for offer in self.client.call("journey.map")["offers"]}
        self.assertEqual((offers["three-in-all"]["decisions"], offers["house"]["decisions"]), (3, REQUESTS - 3))

    def check_one_customer(self, placement, offer, **site):
        daemon = self.remember(small(OFFERS, placements=PLACEMENTS, **site))
        decisions = ask_at_once(daemon, [{"placement": placement, "customer": "ana"}] * REQUESTS)
        self.assert_all_answered(decisions)
        self.assertEqual(len(given(decisions, offer)), 3)
        self.assertEqual(self.profile("ana")["offers"][offer]["decisions"], 3)
        self.assertEqual(self.gate(offer, customer="ana", placement=placement), "limit")

    def test_three_decisions_of_one_customer(self):
        self.check_one_customer("few", "three-times")

    def test_three_impressions_of_one_customer(self):
        self.check_one_customer("rare", "seen-thrice")

    def test_three_impressions_of_a_policys_offers_together(self):
        site = small(OFFERS, placements=PLACEMENTS, policies=POLICY)
        daemon = self.remember(site)
        decisions = ask_at_once(daemon, [{"placement": placement, "customer": "ana"}
                                         for placement in ("hero", "few", "rare") * (REQUESTS // 3 + 1)][:REQUESTS])
        self.assert_all_answered(decisions)
        self.assertEqual(sum(len(given(decisions, offer)) for offer in ("three-in-all", "three-times", "seen-thrice")), 3)

    def test_limits_of_a_hundred_customers_at_once(self):
        daemon = self.remember(small(OFFERS, placements=PLACEMENTS))
        decisions = ask_at_once(daemon, [{"placement": "few", "customer": f"c{number % 100}"} for number in range(REQUESTS)])
        self.assert_all_answered(decisions)
        self.assertEqual(len(given(decisions, "three-times")), 300)
        for number in range(100):
            self.assertEqual(self.profile(f"c{number}")["offers"]["three-times"]["decisions"], 3)

    def test_one_person_with_two_names(self):
        daemon = self.remember(small(OFFERS, placements=PLACEMENTS))
        self.client.call("identify", anonymous="visitor", customer="ana")
        decisions = ask_at_once(daemon, [{"placement": "few", "customer": customer} for customer in ("ana", "visitor") * (REQUESTS // 2)])
        self.assertEqual(len(given(decisions, "three-times")), 3)


class Released(Remembering):
    """Decisions hold what they promise for a second only."""

    site = small("""
offer "last-one" { kind = "demo", title = "x", stock = 1 }
offer "last-coupon" { kind = "coupon", title = "x", stock = 1 }
offer "once" { kind = "webinar", title = "x", limit = { impressions = 1, within = "7d" } }
offer "late" { kind = "video", title = "x", stock = 2 }
offer "two" { kind = "ebook", title = "x", stock = 2 }
""", placements="".join(f'placement "{name}" {{ count = 1, kinds = {{ "{kind}" }}, fallback = "house" }}\n' for name, kind in (
        ("demo", "demo"), ("coupon", "coupon"), ("webinar", "webinar"), ("video", "video"), ("ebook", "ebook"))) +
        'offer "house" { kind = "showcase", title = "Our house", placements = {} }\n')
    options = {"state": True, "workers": 4, "flags": ["--reserve-seconds", "1"]}

    def take(self, placement, offer, **arguments):
        """The decision that gives this offer, once there is one."""
        found = []

        def is_given():
            decision = self.client.recommend(placement, **arguments)
            found.append(decision["decision"])
            return self.offer_ids(decision) == [offer]

        wait_until(is_given)
        return found[-1]

    def stock(self, offer, placement):
        because = self.trace_of(offer, placement=placement)["because"] or ""
        return because if because.startswith("stock: ") else "some left"

    def test_stock_is_free_again_when_no_impression_came(self):
        first = self.take("demo", "last-one")
        self.assertEqual(self.stock("last-one", "demo"), "stock: 1 of 1 given")
        second = self.take("demo", "last-one")
        self.assertNotEqual(first, second)

    def test_an_impression_keeps_it(self):
        decision = self.take("coupon", "last-coupon")
        self.track("impression", decision=decision, offer="last-coupon")
        other = self.take("demo", "last-one")
        self.take("demo", "last-one", exclude=[])  # the seconds of the other promise have passed meanwhile
        self.assertNotEqual(other, decision)
        self.assertEqual(self.stock("last-coupon", "coupon"), "stock: 1 of 1 given")

    def test_a_limit_is_free_again_when_no_impression_came(self):
        self.take("webinar", "once", customer=self.who)
        self.assertEqual(self.offer_ids(self.client.recommend("webinar", customer=self.who)), ["house"])
        decision = self.take("webinar", "once", customer=self.who)
        self.track("impression", self.who, decision=decision, offer="once")
        self.assertEqual(self.gate("once", placement="webinar", customer=self.who), "limit")

    def test_a_late_impression_counts_still(self):
        decision = self.take("video", "late", customer=self.who)
        self.take("video", "late", customer=self.who + "-2")
        wait_until(lambda: self.stock("late", "video") == "some left")
        wait_until(lambda: not self.export(self.who)["reservations"])
        self.track("impression", self.who, decision=decision, offer="late")
        self.take("video", "late", customer=self.who + "-3")
        self.assertEqual(self.stock("late", "video"), "stock: 2 of 2 given")

    def test_an_impression_of_nobody_confirms_once(self):
        decision = self.take("ebook", "two")
        for _ in range(3):
            self.track("impression", decision=decision, offer="two", id=self.who)
        self.take("ebook", "two")
        self.assertEqual(self.stock("two", "ebook"), "stock: 2 of 2 given")
        wait_until(lambda: self.stock("two", "ebook") == "some left")


class Unnamed(Remembering):
    """Impressions that leave out what the daemon can tell by itself."""

    site = small("""
offer "two" { kind = "ebook", title = "x", stock = 2, limit = { impressions = 1, within = "7d" } }
offer "plenty" { kind = "demo", title = "x", limit = { impressions = 3, within = "7d" } }
offer "more" { kind = "demo", title = "x" }
""", placements="""
placement "ebook" { count = 1, kinds = { "ebook" }, fallback = "house" }
placement "demos" { count = 2, kinds = { "demo" }, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""")

    def decide(self, placement, customer, *offers):
        decision = self.client.recommend(placement, customer=customer)
        self.assertEqual(sorted(self.offer_ids(decision)), sorted(offers))
        return decision["decision"]

    def test_without_its_decision_it_takes_what_was_promised(self):
        self.decide("ebook", self.who, "two")
        self.track("impression", self.who, offer="two")
        self.decide("ebook", self.who + "-2", "two")
        self.decide("ebook", self.who + "-3", "house")
        self.assertRegex(self.trace_of("two", placement="ebook")["because"], "^stock: 2 of 2 given")

    def test_without_its_offer_it_is_of_all_that_were_shown(self):
        decision = self.decide("demos", self.who, "plenty", "more")
        self.track("impression", self.who, decision=decision)
        offers = self.profile(self.who)["offers"]
        self.assertEqual({offer: counts["impressions"] for offer, counts in offers.items()}, {"plenty": 1, "more": 1})
        self.assertEqual(self.export(self.who)["reservations"], [])
        self.assert_refused(self.client, "^INVALID: offer: ", "track", event="click", customer=self.who, decision=decision)
        self.track("click", self.who, decision=decision, offer="more")
        self.assertEqual(self.profile(self.who)["offers"]["more"]["clicks"], 1)


if __name__ == "__main__":
    unittest.main()
