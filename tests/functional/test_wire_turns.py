"""Clients take turns: who sends much that is slow to answer delays the others by little, and loses nothing."""

import unittest

from harness import TestCase, busy, small
from rpc import request

SLOW = 200

SLOWLY = busy(100000)  # no sanitizer makes it as slow as its deadline


class Turns(TestCase):
    def test_slow_requests_in_one_write_let_others_in(self):
        daemon = self.serve(small(strategies=SLOWLY), workers=1,
                            flags=["--deadline-ms", "10000", "--kill-after-ms", "60000"])
        greedy, modest = self.client(daemon), self.client(daemon)
        modest.call("ping")
        greedy.send(b"".join(request("recommend", {"placement": "hero"}, msgid) for msgid in range(SLOW)))
        self.assertEqual(greedy.receive()[1], 0)
        counters = modest.call("stats")["counters"]
        self.assertLess(counters["recommends"], SLOW // 2)
        greedy.end()
        replies = greedy.receive_all()
        self.assertEqual([reply[1] for reply in replies], list(range(1, SLOW)))
        self.assertEqual({reply[3]["fallback"] for reply in replies}, {None})
        self.assert_stops(daemon)


if __name__ == "__main__":
    unittest.main()
