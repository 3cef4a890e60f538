"""More is asked than can be answered: what goes beyond is refused at once, what was taken is answered, operators are served."""

import unittest

from harness import TestCase, busy, small, wait_until
from rpc import pack, request

CLIENTS, EACH = 8, 150
TURNS = 50  # that everybody asks for as much; the share of one is a quarter of a request, so that a few are enough

DEAR = busy(20000)  # no sanitizer makes it as slow as its deadline
REFUSAL = "OVERLOADED: more is asked than can be answered; try again later"


class Overload(TestCase):
    def overloaded(self, *flags, **options):
        """A daemon with so much to answer on several connections that it takes seconds."""
        if "--queue-ms" not in flags:
            flags += ("--queue-ms", "5")  # the default, under sanitizers, too
        daemon = self.serve(small(strategies=DEAR), workers=1,
                            flags=["--deadline-ms", "10000", "--kill-after-ms", "60000", *flags], **options)
        clients = [self.client(daemon) for _ in range(CLIENTS)]
        for client in clients:
            client.call("ping")
        for client in clients:
            self.ask_all(client)
        return daemon, clients

    def ask_all(self, client):
        client.send(b"".join(self.recommend(number) for number in range(EACH)))

    def recommend(self, number):
        return request("recommend", {"placement": "hero"}, number)

    def replies(self, clients, count=EACH):
        """Of every client, by id; each has exactly one to every request."""
        found = []
        for client in clients:
            replies = [client.receive() for _ in range(count)]
            self.assertEqual(sorted(reply[1] for reply in replies), list(range(count)))
            found += replies
        return found

    def test_each_request_is_answered_or_refused_once_and_with_its_id(self):
        daemon, clients = self.overloaded()
        replies = self.replies(clients)
        errors = [reply[2] for reply in replies if reply[2] is not None]
        self.assertEqual(set(errors), {REFUSAL})
        self.assertTrue(all(reply[3] is None for reply in replies if reply[2] is not None))
        self.assertTrue(all(reply[3]["items"] for reply in replies if reply[2] is None))
        counters = clients[0].call("stats")["counters"]
        self.assertEqual(counters["requests_refused_overload"], len(errors))
        self.assertEqual(counters["recommends"], len(replies) - len(errors))

    def test_everybody_gets_something(self):
        """Where a share is less than a request they take turns: who got nothing at first does, as long as all ask again."""
        _, clients = self.overloaded()
        hungry = set(clients)
        for _ in range(TURNS):
            hungry -= {client for client in clients if None in {reply[2] for reply in self.replies([client])}}
            if not hungry:
                return
            for client in clients:
                self.ask_all(client)
        self.fail(f"{len(hungry)} of {CLIENTS} got nothing in {TURNS} turns")

    def test_it_is_told_once_when_it_begins_and_once_when_it_ends(self):
        daemon, clients = self.overloaded()
        daemon.wait_log(r"msg=\"overloaded: requests are refused\" microseconds_for_one=\d+")
        self.assertEqual(clients[0].socket.recv(1), b"\x94")
        with daemon.client(control=True) as operator:
            self.assertEqual(operator.call("stats")["counters"]["workers_overloaded"], 1)
        found = daemon.wait_log(r'msg="no longer overloaded" refused=(\d+)')
        with daemon.client(control=True) as operator:
            counters = operator.call("stats")["counters"]
            operator.recommend()
        self.assertEqual(counters["requests_refused_overload"], int(found[1]))
        self.assertEqual(counters["workers_overloaded"], 0)
        self.assertEqual(daemon.output().count("overloaded: requests"), 1)

    def test_operators_and_questions_how_it_goes_are_answered(self):
        daemon, clients = self.overloaded()
        daemon.wait_log("overloaded: requests are refused")
        with daemon.client(control=True) as operator:
            operator.recommend()
            operator.call("reload")
        for client in clients:
            client.send(request("ping", {}, 9001) + request("stats", {}, 9002) + request("hello", {}, 9003))
        for client in clients:
            replies = {reply[1]: reply[2] for reply in (client.receive() for _ in range(EACH + 3))}
            self.assertEqual([replies[number] for number in (9001, 9002, 9003)], [None] * 3)

    def test_notifications_that_are_let_go_are_counted(self):
        daemon, clients = self.overloaded()
        daemon.wait_log("overloaded: requests are refused")
        for client in clients:
            client.send(pack([2, "recommend", [{"placement": "hero"}]]) * 100)
        self.replies(clients)

        def dropped():
            with daemon.client(control=True) as operator:
                return operator.call("stats")["counters"]["notifications_dropped"] > 0

        wait_until(dropped)

    def test_events_are_refused_before_they_are_taken_or_kept(self):
        daemon, clients = self.overloaded(state=True)
        daemon.wait_log("overloaded: requests are refused")
        for number, client in enumerate(clients):
            client.send(b"".join(request("track", {"event": "click", "customer": "ana", "id": f"{number}-{event}"}, 5000 + event)
                                 for event in range(100)))
        taken = 0
        for client in clients:
            replies = [client.receive() for _ in range(EACH + 100)]
            events = [reply for reply in replies if reply[1] >= 5000]
            self.assertEqual(len(events), 100)
            self.assertLessEqual({reply[2] for reply in events}, {None, REFUSAL})
            taken += sum(reply[2] is None for reply in events)
        with daemon.client(control=True) as operator:
            if taken:
                self.assertEqual(operator.call("profile.get", customer="ana")["counts"], {"click": taken})

    def test_who_is_alone_is_never_refused(self):
        daemon = self.serve(small(strategies=DEAR), workers=1, flags=["--deadline-ms", "10000", "--kill-after-ms", "60000"])
        client = self.client(daemon)
        self.ask_all(client)
        self.assertEqual({reply[2] for reply in self.replies([client])}, {None})

    def test_it_can_be_switched_off(self):
        _, clients = self.overloaded("--queue-ms", "0")
        self.assertEqual({reply[2] for reply in self.replies(clients)}, {None})

    def test_what_was_sent_before_the_end_is_answered_before_it(self):
        daemon, clients = self.overloaded("--queue-ms", "0", "--drain-seconds", "60")
        self.assertEqual(clients[0].receive()[2], None)
        daemon.process.terminate()
        replies = [reply for client in clients for reply in client.receive_all()]
        self.assertEqual(len(replies), CLIENTS * EACH - 1)
        self.assertEqual({reply[2] for reply in replies}, {None})


if __name__ == "__main__":
    unittest.main()
