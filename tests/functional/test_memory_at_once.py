"""Who asks while others do gets what they would get one after the other: what is left, and never the fallback before it."""

import unittest

from harness import small
from memory import MemoryCase, packed

PAIRS = 50
DISCOUNTS = 20  # more than there are tries of one decision
PLACEMENTS = """
placement "hero" { count = 1, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
"""
BEHIND = 'offer "demo" { kind = "demo", title = "x", value = 1, limit = { impressions = 5, within = "7d" } }\n'
STRATEGY = 'strategy "lucky" { score = function(c, o) return o.value + random() end }\n'


def many(count, kind, more=""):
    return "".join(f'offer "{kind}-{number}" {{ kind = "{kind}", title = "x", value = {1000 - 2 * number}{more} }}\n'
                   for number in range(count))


def policy(times):
    return f'policy "discounts" {{ kinds = {{ "discount" }}, limit = {{ impressions = {times}, within = "7d" }} }}\n'


class AtOnce(MemoryCase):
    def ask(self, requests, connections=1):
        """What each gets, as lists of offers: everything is sent before an answer is read."""
        clients = [self.client_to(self.daemon) for _ in range(connections)]
        for number, client in enumerate(clients):
            client.send(b"".join(packed("recommend", {"placement": "hero", **arguments}, msgid)
                                 for msgid, arguments in enumerate(requests[number::connections])))
        results = [client.receive()[3] for number, client in enumerate(clients) for _ in requests[number::connections]]
        for result in results:
            self.assertIs("house" in self.offer_ids(result), result["fallback"] is not None, result)
        return [self.offer_ids(result) for result in results]

    def check_pairs(self, connections, **site):
        self.daemon = self.remember(small(many(DISCOUNTS, "discount") + BEHIND, placements=PLACEMENTS, policies=policy(1), **site))
        for number in range(PAIRS):
            answers = self.ask([{"customer": f"c{number}"}] * 2, connections)
            self.assertEqual(sorted(answers), [["demo"], ["discount-0"]])

    def test_pairs_on_one_connection(self):
        self.check_pairs(1)

    def test_pairs_on_two_connections(self):
        self.check_pairs(2)

    def test_pairs_whose_strategies_draw(self):
        self.check_pairs(2, strategies=STRATEGY)

    def test_one_after_the_other(self):
        self.daemon = self.remember(small(many(DISCOUNTS, "discount") + BEHIND, placements=PLACEMENTS, policies=policy(1)))
        self.assertEqual(self.ask([{"customer": "ana"}]), [["discount-0"]])
        self.settle()
        self.assertEqual(self.ask([{"customer": "ana"}]), [["demo"]])

    def test_room_that_is_left(self):
        self.daemon = self.remember(small(many(DISCOUNTS, "discount") + BEHIND, placements=PLACEMENTS, policies=policy(3)))
        for number in range(PAIRS):
            who = {"customer": f"c{number}"}
            self.assertEqual(self.ask([who, {**who, "count": 3}]), [["discount-0"], ["discount-0", "discount-1", "demo"]])

    def test_limits_of_their_own(self):
        own = many(24, "guide", ', limit = { decisions = 1, within = "7d" }')
        self.daemon = self.remember(small(own, placements=PLACEMENTS))
        for connections in (1, 4):
            answers = self.ask([{"customer": f"c{connections}"}] * DISCOUNTS, connections)
            self.assertEqual(sorted(answers), sorted([f"guide-{number}"] for number in range(DISCOUNTS)))

    def test_single_pieces(self):
        for connections in (1, 4):
            self.daemon = self.remember(small(many(24, "guide", ", stock = 1"), placements=PLACEMENTS))
            answers = self.ask([{}] * DISCOUNTS, connections)
            self.assertEqual(sorted(answers), sorted([f"guide-{number}"] for number in range(DISCOUNTS)))

    def test_more_than_there_is(self):
        self.daemon = self.remember(small(many(DISCOUNTS, "guide", ", stock = 1"), placements=PLACEMENTS))
        answers = self.ask([{}] * (2 * DISCOUNTS), 4)
        self.assertEqual(sorted(answers), sorted([[f"guide-{number}"] for number in range(DISCOUNTS)] + [["house"]] * DISCOUNTS))

    def test_more_promises_than_an_answer_may_make(self):
        """Each offer makes two; those that make none fill the other slots."""
        limited = many(60, "guide", ', limit = { impressions = 5, within = "7d" }')
        free = many(60, "video", ", weight = -90")
        rule = 'policy "all" { kinds = { "guide" }, limit = { impressions = 1000, within = "7d" } }\n'
        self.daemon = self.remember(small(limited + free, placements=PLACEMENTS, policies=rule))
        for count in (30, 32, 33, 40, 50):
            (answer,) = self.ask([{"customer": f"c{count}", "count": count}])
            kinds = [offer.partition("-")[0] for offer in answer]
            self.assertEqual((kinds.count("guide"), kinds.count("video")), (min(count, 32), max(count - 32, 0)))


if __name__ == "__main__":
    unittest.main()
