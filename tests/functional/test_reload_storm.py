"""Many reloads at once: each is answered, also with a long list of problems, and visitors notice nothing."""

import unittest

from harness import TestCase, small
from rpc import request

WAITING = 60
TOO_MANY = 5000

WRONG = "\n".join(f'offer "n{number}" {{ kind = "article", title = "Number {number}", tittle = "wrong" }}' for number in range(90))


class Storm(TestCase):
    def ask(self, control, count):
        control.send(b"".join(request("reload", {}, msgid) for msgid in range(count)))
        replies = [control.receive() for _ in range(count)]
        self.assertEqual(sorted(reply[1] for reply in replies), list(range(count)))
        return replies

    def assert_no_worker_ended(self, daemon):
        self.assert_stops(daemon)
        self.assertNotRegex(daemon.output(), "killing a process")

    def test_everyone_gets_the_whole_list_of_problems(self):
        daemon = self.serve(small(), workers=1)
        visitor, control = self.client(daemon), self.client(daemon, control=True)
        version = visitor.recommend()["version"]
        daemon.write_site(small(offers=WRONG))
        errors = {reply[2] for reply in self.ask(control, WAITING)}
        self.assertEqual(len(errors), 1)
        self.assertRegex(errors.pop(), r"(?s)^INVALID: .*offers\.lua:1:.*offers\.lua:90:")
        self.assertEqual(visitor.recommend()["version"], version)
        self.assert_no_worker_ended(daemon)

    def test_more_than_anyone_needs_are_refused_and_do_no_harm(self):
        daemon = self.serve(small(), workers=1)
        visitor, control = self.client(daemon), self.client(daemon, control=True)
        replies = self.ask(control, TOO_MANY)
        reloaded = [reply for reply in replies if reply[2] is None]
        self.assertTrue(reloaded)
        self.assertEqual({reply[3]["version"] for reply in reloaded}, {visitor.recommend()["version"]})
        self.assertEqual({reply[2].partition(":")[0] for reply in replies if reply[2]}, {"UNAVAILABLE"})
        self.assert_no_worker_ended(daemon)


if __name__ == "__main__":
    unittest.main()
