"""Dry runs: nothing is counted, and the same one gives the same bytes, whoever answers and whenever."""

import unittest

from harness import TestCase, small
from rpc import request

NOW = 1772700000
LOTTERY = small(
    offers="".join(f'offer "o{number}" {{ kind = "article", title = "x", data = {{ z = 1, a = 2, m = {{ q = 1, b = 2 }} }} }}\n'
                   for number in range(30)),
    strategies="""
strategy "draws" {
  score = function(c, o) return random(), "drawn at " .. string.format("%.6f", now) .. " with " .. random(1, 1000) end,
}
""",
    personas__all='persona "lucky" { name = "L", summary = "x", match = function(c) return random() < 0.5 end }\n',
    placements='placement "hero" { count = 10, fallback = "house" }\n'
               'offer "house" { kind = "showcase", title = "Our house", placements = {} }\n')

# One strategy that can be remembered, one that fails where it is asked about too many, one that draws.
MIXED = small(
    offers="".join(f'offer "o{number}" {{ kind = "article", title = "x", value = {9 - number} }}\n' for number in range(6)),
    strategies="""
strategy "remembered" { eligible = function(c, o) return o.id == "o0" and c.context.visits > 1, "seldom here" end }
strategy "picky" {
  eligible = function(c, o)
    if o.id == "o4" then error("asked about too many") end
    return o.id == "o1" or random() < 0.5, "by lot"
  end,
}
strategy "draws" { score = function(c, o) return random(), "with " .. random(1, 1000) end }
""",
    placements='placement "hero" { count = 1, fallback = "house" }\n'
               'offer "house" { kind = "showcase", title = "Our house", placements = {} }\n')


def dry_run(seed, **arguments):
    return request("recommend", {"placement": "hero", "dry_run": True, "at": NOW, "seed": seed, **arguments}, 5)


class DryRun(TestCase):
    def reply(self, daemon, message):
        with daemon.client() as client:
            client.send(message)
            client.end()
            return client.receive_bytes()

    def replies(self, daemon):
        return [self.reply(daemon, dry_run(seed, **arguments)) for seed in (0, 1, 2**53)
                for arguments in ({}, {"count": 3}, {"customer": "ana", "context": {"a": 1}}, {"explain": True})]

    def test_the_same_bytes_from_every_worker_after_reloads_and_restarts(self):
        daemon = self.serve(LOTTERY, workers=4)
        first = self.replies(daemon)
        self.assertEqual(len(set(first)), 9, "each seed draws differently; who asks is nothing to this strategy")
        for _ in range(5):
            self.assertEqual(self.replies(daemon), first)
        daemon.reload()
        self.assertEqual(self.replies(daemon), first)
        daemon.write_site(small())
        daemon.reload()
        daemon.write_site(LOTTERY)
        daemon.reload()
        self.assertEqual(self.replies(daemon), first)
        self.assert_stops(daemon)
        self.assertEqual(self.replies(self.serve(LOTTERY, workers=1)), first)

    def test_the_same_bytes_whatever_was_answered_before(self):
        daemon = self.serve(LOTTERY, workers=1)
        first = self.reply(daemon, dry_run(4))
        with daemon.client() as client:
            for number in range(200):
                client.recommend(customer=f"c{number}", context={"n": number}, count=1 + number % 50)
        self.assertEqual(self.reply(daemon, dry_run(4)), first)

    def test_explaining_draws_the_same(self):
        client = self.client(self.serve(LOTTERY))
        for seed in range(20):
            plain = client.recommend(dry_run=True, at=NOW, seed=seed)
            explained = client.recommend(dry_run=True, at=NOW, seed=seed, explain=True)
            explained.pop("trace")
            self.assertEqual(plain, explained)

    def test_the_same_bytes_with_and_without_remembered_results(self):
        messages = [dry_run(seed, context={"visits": visits}, count=count)
                    for _ in range(2) for seed in (1, 2) for visits in (0, 1, 9) for count in (1, 2, 4)]
        remembering = self.serve(MIXED, workers=1)
        forgetful = self.serve(MIXED, workers=1, flags=["--memo-memory", "0"])
        self.assertEqual([self.reply(remembering, message) for message in messages],
                         [self.reply(forgetful, message) for message in messages])

    def test_explaining_changes_nothing_else(self):
        """Not even where an explanation that asked more than the decision would meet an error, or draw more."""
        client = self.client(self.serve(MIXED))
        for seed in range(10):
            for count in (1, 2, 4):
                asked = {"dry_run": True, "at": NOW, "seed": seed, "count": count, "context": {"visits": seed}}
                explained = client.recommend(explain=True, **asked)
                explained.pop("trace")
                self.assertEqual(client.recommend(**asked), explained)

    def test_the_clock_is_the_one_assumed(self):
        client = self.client(self.serve(LOTTERY))
        for at in (0, NOW, NOW + 0.25, 253402300799):
            self.assertRegex(client.recommend(dry_run=True, at=at, seed=1)["items"][0]["because"],
                             rf"^drawn at {at:.6f} with ")
        for at in (-1, 253402300800, 2**53):
            self.assert_refused(client, r"^INVALID: at: expected ", placement="hero", dry_run=True, at=at)

    def test_real_decisions_are_drawn_anew(self):
        client = self.client(self.serve(LOTTERY))
        drawn = {tuple(self.offers(client.recommend())) for _ in range(10)}
        self.assertGreater(len(drawn), 5)

    def test_they_are_counted_apart(self):
        daemon = self.serve(LOTTERY)
        client = self.client(daemon)
        for _ in range(5):
            client.recommend(dry_run=True)
        self.assertEqual(client.call("stats")["counters"]["dry_runs"], 5)


if __name__ == "__main__":
    unittest.main()
