"""In which order offers that fit are shown: value, levers, the strategy's score, ties, and how many."""

import unittest

from harness import SharedDaemon, small


class Priority(SharedDaemon):
    allows_running = False
    site = small(
        offers="""
offer "plain" { kind = "article", title = "x" }
offer "worth-ten" { kind = "article", title = "x", value = 10 }
offer "lifted" { kind = "article", title = "x", value = 10, weight = 25 }
offer "lowered" { kind = "article", title = "x", value = 10, weight = -100 }
offer "of-lifted-kind" { kind = "video", title = "x", value = 10, weight = 5 }
offer "worth-nothing" { kind = "article", title = "x", value = 0 }
""",
        strategies="""
strategy "halves-second" {
  stage = "second",
  score = function(c, o) if o.id == "plain" then return 100 end return 0.5 end,
}
strategy "scores-nothing" { stage = "third", score = function(c, o) return 0 end }
""",
        journeys__walk="""
journey "walk" { model = "b2c", weight = 10, stage "first" {}, stage "second" {}, stage "third" {} }
""",
        site='site "small" {}\nkind "video" { weight = 40 }\n')

    # Priority = value × (1 + (journey, kind and offer weights) / 100) × the strategy's score
    PRIORITIES = {"plain": 1.1, "worth-ten": 11, "lifted": 13.5, "lowered": 1, "of-lifted-kind": 15.5, "worth-nothing": 0}

    def scores(self, **arguments):
        decision = self.open().recommend(count=6, dry_run=True, **arguments)
        return [(item["offer"], item["score"]) for item in decision["items"]]

    def assert_scores(self, scores, expected):
        self.assertEqual([offer for offer, _ in scores], [offer for offer, _ in expected])
        for (offer, score), (_, right) in zip(scores, expected):
            self.assertAlmostEqual(score, right, places=9, msg=offer)

    def test_the_formula(self):
        expected = sorted(self.PRIORITIES.items(), key=lambda pair: -pair[1])
        self.assert_scores(self.scores(), expected)

    def test_a_strategys_score_multiplies(self):
        scored = {offer: priority * (100 if offer == "plain" else 0.5) for offer, priority in self.PRIORITIES.items()}
        self.assert_scores(self.scores(stage="second"), sorted(scored.items(), key=lambda pair: -pair[1]))

    def test_a_score_of_nought_ranks_last_but_is_shown(self):
        self.assert_scores(self.scores(stage="third"), [(offer, 0) for offer in self.PRIORITIES])

    def test_the_trace_has_the_same_scores(self):
        decision = self.open().recommend(count=2, dry_run=True, explain=True)
        self.assertEqual(self.offers(decision), ["of-lifted-kind", "lifted"])
        for entry in decision["trace"]:
            if entry["gate"] is None:
                self.assertAlmostEqual(entry["score"], self.PRIORITIES[entry["offer"]])
                self.assertEqual(entry["propensity"], 1)

    def test_propensity_is_one_where_nothing_is_drawn(self):
        for item in self.open().recommend(count=6)["items"]:
            self.assertEqual(item["propensity"], 1)


class Ties(SharedDaemon):
    allows_running = False
    ORDER = [f"offer-{number * 37 % 100:02}" for number in range(100)]
    site = small(
        offers="".join(f'offer "{name}" {{ kind = "article", title = "x", stages = {{ "first", "second" }} }}\n' for name in ORDER[:60]),
        offers__second="".join(f'offer "{name}" {{ kind = "article", title = "x" }}\n' for name in ORDER[60:]),
        strategies='strategy "same" { stage = "second", score = function(c, o) return 3 end }\n',
        placements="""
placement "hero" { count = 2, fallback = "house" }
placement "wide" { count = 50, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""")

    def test_the_offer_declared_first_wins(self):
        client = self.open()
        for stage in ("first", "second"):
            for count in (1, 7, 50):
                self.assertEqual(self.offers(client.recommend(stage=stage, count=count)), self.ORDER[:count])

    def test_the_placement_says_how_many_unless_the_request_does(self):
        client = self.open()
        self.assertEqual(len(client.recommend("hero")["items"]), 2)
        self.assertEqual(len(client.recommend("wide")["items"]), 50)
        for count in (1, 3, 50):
            for placement in ("hero", "wide"):
                self.assertEqual(len(client.recommend(placement, count=count)["items"]), count)

    def test_what_is_excluded_gives_its_slot_to_the_next(self):
        decision = self.open().recommend(count=3, exclude=self.ORDER[1:3])
        self.assertEqual(self.offers(decision), [self.ORDER[0], *self.ORDER[3:5]])


if __name__ == "__main__":
    unittest.main()
