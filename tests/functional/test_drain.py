"""Stopping: what was sent before is answered before the connection closes."""

import os
import signal
import unittest

from harness import SHOP, TestCase, small
from process import wait_for_end
from rpc import RESPONSE, request

PIPELINED = 2000


class Drain(TestCase):
    def numbered(self, client):
        """The ids of all replies until the end, each checked to be a result."""
        replies = client.receive_all()
        client.close()
        for kind, _, error, _ in replies:
            self.assertEqual((kind, error), (RESPONSE, None))
        return [reply[1] for reply in replies]

    def recommendations(self, count):
        return b"".join(request("recommend", {"placement": "hero"}, number) for number in range(count))

    def test_requests_already_sent_are_answered(self):
        daemon = self.serve(SHOP)
        clients = [self.client(daemon) for _ in range(20)]
        for client in clients:
            client.call("ping")
        for client in clients:
            client.send(self.recommendations(20))
        daemon.signal(signal.SIGTERM)
        for client in clients:
            self.assertEqual(self.numbered(client), list(range(20)))
        self.assertEqual(daemon.wait_exit(), 0)

    def test_many_pipelined_ones_too(self):
        daemon = self.serve(SHOP)
        client = self.client(daemon)
        client.call("ping")
        client.send(self.recommendations(PIPELINED))
        daemon.signal(signal.SIGTERM)
        self.assertEqual(self.numbered(client), list(range(PIPELINED)))
        self.assertEqual(daemon.wait_exit(), 0)

    def test_connections_that_nobody_accepted_yet_are_answered(self):
        daemon = self.serve(small())
        for pid in daemon.pids().values():
            os.kill(pid, signal.SIGSTOP)
        clients = [self.client(daemon) for _ in range(10)]
        for client in clients:
            client.send(self.recommendations(5))
        daemon.signal(signal.SIGTERM)
        daemon.wait_log("msg=stopping")
        for pid in daemon.pids().values():
            os.kill(pid, signal.SIGCONT)
        for client in clients:
            self.assertEqual(self.numbered(client), list(range(5)))
        self.assertEqual(daemon.wait_exit(), 0)

    def test_who_reads_slowly_gets_everything(self):
        daemon = self.serve(SHOP)
        client = self.client(daemon)
        client.call("ping")
        count = 100
        client.send(b"".join(request("recommend", {"placement": "email", "explain": True}, number) for number in range(count)))
        daemon.signal(signal.SIGTERM)
        daemon.wait_log("msg=stopping")
        self.assertEqual(self.numbered(client), list(range(count)))
        self.assertEqual(daemon.wait_exit(), 0)

    def test_idle_connections_are_closed_and_half_messages_dropped(self):
        daemon = self.serve(small())
        idle, half = self.client(daemon), self.client(daemon)
        idle.call("ping")
        half.call("ping")
        half.send(request("ping")[:5])
        daemon.signal(signal.SIGTERM)
        self.assertEqual(idle.receive_all() + half.receive_all(), [])
        idle.close()
        half.close()
        self.assertEqual(daemon.wait_exit(), 0)

    def test_the_sockets_are_gone_afterwards(self):
        daemon = self.serve(small())
        self.assert_stops(daemon)
        for name in ("socket", "control"):
            self.assertFalse(os.path.exists(daemon.path(name)))

    def test_a_worker_that_is_asked_to_end_drains_too_and_is_replaced(self):
        daemon = self.serve(small())
        client = daemon.client_of(0)
        self.addCleanup(client.close)
        client.send(self.recommendations(500))
        os.kill(daemon.pids()[0], signal.SIGTERM)
        self.assertEqual(self.numbered(client), list(range(500)))
        client.close()
        daemon.wait_log(r'msg="process started" process=worker-0')
        daemon.client_of(0).close()


class Killed(TestCase):
    def test_the_clients_of_other_workers_notice_nothing(self):
        daemon = self.serve(SHOP, workers=3)
        victim = daemon.client_of(0)
        others = [daemon.client_of(1), daemon.client_of(2)]
        for client in [victim, *others]:
            self.addCleanup(client.close)
        version = others[0].recommend()["version"]
        for _ in range(3):
            pid = daemon.pids()[0]
            for other in others:
                other.send(self.one(1))
            os.kill(pid, signal.SIGKILL)
            for other in others:
                other.send(self.one(2))
                self.assertEqual([other.receive()[1], other.receive()[1]], [1, 2])
            wait_for_end(pid)
            daemon.wait_log(r'msg="process started" process=worker-0')
        self.assertRaises((EOFError, ConnectionResetError), victim.receive)
        again = daemon.client_of(0)
        self.addCleanup(again.close)
        self.assertEqual(again.recommend()["version"], version)

    def one(self, number):
        return request("recommend", {"placement": "hero"}, number)

    def test_a_worker_comes_back_with_the_site_that_was_reloaded(self):
        daemon = self.serve(small(), workers=2)
        daemon.write_site(small(offers='offer "fresh" { kind = "article", title = "x" }\n'))
        version = daemon.reload()
        daemon.write_site(small() | {"offers/bad.lua": "offer"})
        os.kill(daemon.pids()[0], signal.SIGKILL)
        daemon.wait_log(r'msg="process started" process=worker-0')
        client = daemon.client_of(0)
        self.addCleanup(client.close)
        self.assertEqual(client.recommend()["version"], version)


if __name__ == "__main__":
    unittest.main()
