"""Requests that come again are answered from memory: quickly, alike, under names of their own, and never longer than it holds."""

import unittest

from harness import TestCase, small


def titled(title):
    return small(offers=f'offer "plain" {{ kind = "article", title = "{title}", url = "/" }}\n')


class Again(TestCase):
    def remembered(self, daemon):
        return daemon.ask("stats")["counters"]["recommends_remembered"]

    def asked(self, daemon, times, **arguments):
        with daemon.client() as client:
            return [client.recommend(**arguments) for _ in range(times)]

    def test_the_same_answer_under_other_names(self):
        daemon = self.serve(titled("one"), workers=1)
        decisions = self.asked(daemon, 10, context={"visits": 3})
        self.assertEqual(len({decision.pop("decision") for decision in decisions}), 10)
        self.assertEqual(decisions, decisions[:1] * 10)
        self.assertEqual(self.remembered(daemon), 8)
        counters = daemon.ask("stats")["counters"]
        self.assertEqual((counters["recommends"], counters["items"]), (10, 10))

    def test_none_outlives_a_reload(self):
        daemon = self.serve(titled("one"), workers=1)
        self.asked(daemon, 5)
        before = self.remembered(daemon)
        for number in range(5):
            daemon.write_site(titled(f"title {number}"))
            version = daemon.reload()
            for decision in self.asked(daemon, 5):
                self.assertEqual((decision["items"][0]["title"], decision["version"]), (f"title {number}", version))
        self.assertGreater(self.remembered(daemon), before)

    def test_each_is_in_the_log(self):
        daemon = self.serve(titled("one"), workers=1, state=True)
        names = {decision["decision"] for decision in self.asked(daemon, 20, context={"visits": 3})}
        self.assertEqual(self.remembered(daemon), 18)
        for name in names:
            told = daemon.ask("explain", decision=name)
            self.assertEqual((told["decision"], told["items"][0]["offer"]), (name, "plain"))

    def test_nothing_is_remembered_where_there_is_no_room(self):
        daemon = self.serve(titled("one"), workers=1, flags=["--answer-memory", "0"])
        self.asked(daemon, 10)
        self.assertEqual(self.remembered(daemon), 0)


if __name__ == "__main__":
    unittest.main()
