"""profile.export: everything held of a customer with all of their decisions, while others go on being answered."""

import os
import select
import unittest

import msgpack

from harness import small
from memory import MemoryCase, Remembering, ago, packed

SITE = small("""
offer "guide" { kind = "lead_magnet", title = "x" }
offer "demo" { kind = "demo", title = "x" }
""", strategies="""
strategy "dice" { score = function(c, o) return random(9), "rolled" end }
""", placements="""
placement "hero" { count = 2, fallback = "house" }
placement "list" { count = 3, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""")
FIELDS = {"decision", "at", "customer", "journey", "stage", "persona", "placement", "locale", "strategy", "version", "fallback",
          "because", "request", "items"}


class Decisions(Remembering):
    site = SITE

    def recommend(self, customer, placement="hero", **arguments):
        return self.client.recommend(placement=placement, customer=customer, **arguments)

    def decisions(self, customer=None):
        export = self.export(customer or self.who)
        self.assertEqual(export["decisions_left_out"], 0)
        return export["decisions"]

    def test_all_of_them_in_order_under_every_id(self):
        visitor = self.who + "-v"
        asked = [self.recommend(visitor, context={"page": 1}), self.recommend(visitor, "list", locale="es")]
        self.recommend(self.who + "-other")
        self.client.recommend()
        self.client.call("identify", anonymous=visitor, customer=self.who)
        asked += [self.recommend(self.who, traits={"size": "L"}, exclude=["guide"]), self.recommend(visitor, "list")]
        for customer in (self.who, visitor):
            told = self.decisions(customer)
            self.assertEqual([one["decision"] for one in told], [one["decision"] for one in asked])
            self.assertEqual([one["request"] for one in told],
                             [{"placement": "hero", "customer": visitor, "context": {"page": 1}},
                              {"placement": "list", "customer": visitor, "locale": "es"},
                              {"placement": "hero", "customer": self.who, "traits": {"size": "L"}, "exclude": ["guide"]},
                              {"placement": "list", "customer": visitor}])
            self.assertEqual([one["customer"] for one in told], [visitor, visitor, self.who, self.who])
            self.assertEqual([one["at"] for one in told], sorted(one["at"] for one in told))

    def test_one_is_told_as_it_was_answered_and_is_explained(self):
        before = ago(1)
        asked = self.recommend(self.who, "list", context={"dice": [1, 2.5, None, True]})
        told, = self.decisions()
        self.assertEqual(told.keys(), FIELDS)
        for field in ("decision", "journey", "stage", "persona", "placement", "strategy", "version", "fallback", "because"):
            self.assertEqual(told[field], asked[field], field)
        self.assertEqual([(item["offer"], item["kind"], item["score"], item["propensity"]) for item in told["items"]],
                         [(item["offer"], item["kind"], item["score"], item["propensity"]) for item in asked["items"]])
        self.assertEqual([(item["offer"] == "house", item["strategy"]) for item in told["items"]],
                         [(False, "dice"), (False, "dice"), (True, None)])
        self.assertEqual(told["locale"], "en")
        self.assertTrue(before < told["at"] < ago(-1))
        explained = self.client.call("explain", decision=told["decision"])
        for field in FIELDS - {"request", "items"}:
            self.assertEqual(told[field], explained[field], field)

    def test_requests_follow_the_rules_for_answers(self):
        """Asked with bin for text, a time as ext, whole floats and a key twice: answered in plain form."""
        stamp = msgpack.Timestamp(1000)
        arguments = msgpack.Packer(use_bin_type=True)
        pairs = [(b"placement", b"hero"), ("customer", self.who.encode()), ("count", 2.0),
                 ("context", {b"twice": 1, "twice": 2, b"when": stamp, "text": b"caf\xc3\xa9", "list": [b"a", 3.0]})]
        packed_map = arguments.pack_map_header(len(pairs)) + b"".join(arguments.pack(part) for pair in pairs for part in pair)
        self.client.send(b"\x94\x00\x07" + arguments.pack("recommend") + b"\x91" + packed_map)
        self.assertIsNone(self.client.receive()[2])
        told, = self.decisions()
        self.assertEqual(told["request"], {"placement": "hero", "customer": self.who, "count": 2,
                                           "context": {"twice": 2, "when": 1000, "text": "café", "list": ["a", 3]}})

    def test_dry_runs_and_refused_requests_are_none(self):
        self.recommend(self.who)
        self.recommend(self.who, dry_run=True)
        self.assert_refused(self.client, "^INVALID: placement: ", placement="heroo", customer=self.who)
        self.assertEqual(len(self.decisions()), 1)

    def test_of_the_restricted_none_is_added(self):
        self.recommend(self.who)
        self.client.call("profile.restrict", customer=self.who, restricted=True)
        self.recommend(self.who)
        self.assertEqual(len(self.decisions()), 1)

    def test_what_was_answered_before_is_there_whoever_asks(self):
        for number in range(1, 21):
            self.recommend(self.who)
            with self.daemon.client() as other:
                self.assertEqual(len(other.call("profile.export", customer=self.who)["decisions"]), number)

    def test_whoever_leaves_is_not_waited_for(self):
        self.recommend(self.who)
        for _ in range(20):
            with self.daemon.client() as other:
                other.send(packed("profile.export", {"customer": self.who}, 1) * 10)
        self.assertEqual(len(self.decisions()), 1)


class Erasure(MemoryCase):
    def test_of_the_erased_none_is_left(self):
        self.remember(SITE)
        for customer in ("ana-v", "ana-v", "bo"):
            self.client.recommend(customer=customer)
        self.client.call("identify", anonymous="ana-v", customer="ana")
        self.client.recommend(customer="ana")
        self.assertEqual(len(self.export("ana")["decisions"]), 3)
        self.client.call("profile.erase", customer="ana")
        for customer in ("ana", "ana-v"):
            self.assert_refused(self.client, "^NOT_FOUND: customer: ", "profile.export", customer=customer)
        self.track("page_view", "ana")
        self.client.recommend(customer="ana-v")
        self.assertEqual(self.export("ana")["decisions"], [])
        self.assertEqual(len(self.export("ana-v")["decisions"]), 1)
        self.assertEqual(len(self.export("bo")["decisions"]), 1)

    def test_erasing_while_many_are_exported(self):
        """Whatever comes first: an answer has all of them, or says that there is nobody."""
        daemon = self.remember(SITE, workers=1)
        for number in range(5):
            customer = f"ana-{number}"
            for _ in range(300):
                self.client.send(packed("recommend", {"placement": "hero", "customer": customer}, 1))
            for _ in range(300):
                self.assertIsNone(self.client.receive()[2])
            with daemon.client() as other:
                other.send(packed("profile.export", {"customer": customer}, 1))
                self.client.call("profile.erase", customer=customer)
                error, result = other.receive()[2:]
            if error is None:
                self.assertEqual(len(result["decisions"]), 300)
            else:
                self.assertRegex(error, "^NOT_FOUND: ")
            self.assert_refused(self.client, "^NOT_FOUND: ", "profile.export", customer=customer)


class Logs(MemoryCase):
    MANY = 3000

    def test_without_a_log_there_are_none(self):
        self.remember(SITE, flags=("--log-bytes", "0"))
        self.client.recommend(customer="ana")
        export = self.export("ana")
        self.assertEqual((export["decisions"], export["decisions_left_out"]), ([], 0))
        self.assertEqual(export["offers"]["guide"]["decisions"], 1)

    def test_they_are_there_after_a_restart(self):
        state = self.folder()
        daemon = self.remember(SITE, state=state)
        asked = [self.client.recommend(customer="ana")["decision"] for _ in range(3)]
        self.settle()
        self.assert_stops(daemon)
        self.remember(SITE, state=state)
        self.assertEqual([one["decision"] for one in self.export("ana")["decisions"]], asked)

    def test_a_log_that_is_not_wanted_any_more_is_deleted(self):
        state = self.folder()
        daemon = self.remember(SITE, state=state)
        self.client.recommend(customer="ana")
        self.settle()
        self.assert_stops(daemon)
        self.assertTrue(os.listdir(os.path.join(state, "decisions")))
        self.remember(SITE, state=state, flags=("--log-bytes", "0"))
        self.assertEqual(os.listdir(os.path.join(state, "decisions")), [])
        self.assertEqual(self.export("ana")["decisions"], [])

    def test_a_small_log_stays_small(self):
        state = self.folder()
        self.remember(SITE, state=state, workers=1, flags=("--log-bytes", "1 MiB"))
        folder, most = os.path.join(state, "decisions"), 0
        for number in range(2000):
            self.client.recommend(customer=f"ana-{number % 300}", context={"text": "x" * 1000})
            if number % 100 == 0:
                self.settle()
                most = max(most, sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder)))
        self.assertGreater(most, 512 * 1024)
        self.assertLess(most, 1280 * 1024)

    def decide_many(self):
        """
        Decisions of one customer among those of others: their ids in the order of asking. At a pace that the ledger keeps
        up with, which writes their whole history down with each: else some would be answered and not recorded.
        """
        asked = []
        for number in range(self.MANY):
            if number % 100 == 0:
                self.settle()
            self.client.send(packed("recommend", {"placement": "hero", "customer": "ana", "context": {"number": number}}, number))
            if number % 3 == 0:
                self.client.send(packed("recommend", {"placement": "hero", "customer": f"bo-{number}"}, self.MANY))
            for _ in range(2 if number % 3 == 0 else 1):
                _, msgid, error, result = self.client.receive()
                self.assertIsNone(error)
                if msgid == number:
                    asked.append(result["decision"])
        self.settle()
        self.assertEqual(self.client.call("stats")["counters"]["decisions_unrecorded"], 0)
        return asked

    def test_others_are_answered_while_many_are_exported(self):
        daemon = self.remember(SITE, workers=1)
        asked = self.decide_many()
        exporter = self.client_to(daemon)
        exporter.send(packed("profile.export", {"customer": "ana"}, 1) + packed("ping", {}, 2))
        self.assertEqual(exporter.receive()[1], 2)
        while not select.select([exporter.socket], [], [], 0)[0]:
            self.assertEqual(self.client.recommend(customer="bo")["placement"], "hero")
        _, msgid, error, export = exporter.receive()
        self.assertEqual((msgid, error), (1, None))
        self.assertEqual([one["decision"] for one in export["decisions"]], asked)
        self.assertEqual([one["request"]["context"]["number"] for one in export["decisions"]], list(range(self.MANY)))

    def test_many_at_once_are_all_answered(self):
        daemon = self.remember(SITE, workers=1)
        self.decide_many()
        exporter = self.client_to(daemon)
        exporter.send(b"".join(packed("profile.export", {"customer": "ana"}, number) for number in range(20)))
        self.assertEqual(sorted(self.check_whole(exporter.receive()) for _ in range(20)), list(range(20)))

    def check_whole(self, message):
        self.assertIsNone(message[2])
        self.assertEqual(len(message[3]["decisions"]), self.MANY)
        return message[1]


if __name__ == "__main__":
    unittest.main()
