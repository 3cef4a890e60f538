"""A store beyond the processor's caches: who asks for many customers at once is answered as who asks for each."""

import os
import unittest

from harness import small
from memory import MemoryCase
from rpc import request

OFFERS = """
offer "first" { kind = "guide", title = "x", value = 3, limit = { impressions = 1 } }
offer "second" { kind = "guide", title = "x", value = 2, limit = { impressions = 1 } }
offer "third" { kind = "guide", title = "x", value = 1 }
"""
STRATEGIES = 'strategy "dearest" { score = function(c, o) return o.value end }'
NAMES = ("first", "second", "third")
CUSTOMERS = 3000
FAR = 16 * 1024 * 1024
AT_ONCE = 500


def customer(number):
    return f"customer-{number * 7919 % CUSTOMERS:05}"


class Large(MemoryCase):
    """Each customer has seen none, one or two of the offers, by the last digit of the number."""

    def setUp(self):
        self.state = self.folder()
        self.remember(small(OFFERS, STRATEGIES), state=self.state)
        for number in range(CUSTOMERS):
            self.client.notify("profile.set", {"customer": customer(number), "traits": {"about": "x" * 6000}})
            for name in NAMES[:number % 3]:
                self.client.notify("track", {"customer": customer(number), "event": "impression", "offer": name})
            if number % 50 == 49:  # no more at once than has room on its way to the ledger
                self.settle()

    def pipeline(self, method, arguments):
        """The results, in the order of the requests, which are sent in one piece."""
        self.client.send(b"".join(request(method, one, msgid) for msgid, one in enumerate(arguments)))
        answers = dict((msgid, (error, result)) for _, msgid, error, result in
                       (self.client.receive() for _ in arguments))
        self.assertEqual([error for error, _ in answers.values() if error is not None], [])
        return [answers[msgid][1] for msgid in range(len(arguments))]

    def test_many_at_once(self):
        self.assertGreater(os.path.getsize(os.path.join(self.state, "data.mdb")), FAR)
        asked = [{"placement": "hero", "customer": customer(number), "dry_run": True} for number in range(AT_ONCE)]
        found = [decision["items"][0]["offer"] for decision in self.pipeline("recommend", asked)]
        self.assertEqual(found, [NAMES[number % 3] for number in range(AT_ONCE)])

    def test_many_at_once_while_they_change(self):
        """Each batch sees what the one before it wrote, and nobody is taken for somebody else or unknown."""
        for begin in range(0, 90, 30):
            some = range(begin, begin + 30)
            self.pipeline("track", [{"customer": customer(number), "event": "impression", "offer": name}
                                    for number in some for name in NAMES[:2]])
            asked = [{"placement": "hero", "customer": who, "dry_run": True}
                     for number in some for who in (customer(number), f"stranger-{number}")]
            found = [decision["items"][0]["offer"] for decision in self.pipeline("recommend", asked)]
            self.assertEqual(found, ["third", "first"] * 30)


if __name__ == "__main__":
    unittest.main()
