"""Clients that mean no good: they never finish, never read, come in crowds, or go away in the midst of it."""

import os
import resource
import select
import signal
import socket
import struct
import unittest

from harness import TestCase, small, wait_until
from process import DEADLINE
from rpc import Client, connect, pack, request


def counters(daemon):
    with daemon.client(control=True) as client:
        return client.call("stats")["counters"]


class Slow(TestCase):
    def test_dribbling_bytes_does_not_buy_time(self):
        daemon = self.serve(small(), workers=1, flags=["--frame-seconds", "1"])
        client, bystander = self.client(daemon), self.client(daemon)
        client.call("ping")
        data = iter(request("ping", {"text": "x" * 60000}, 5))
        while not select.select([client.socket], [], [], 0.02)[0]:
            client.send(bytes([next(data)]))
        kind, msgid, error, result = client.receive()
        self.assertEqual((kind, msgid, result), (1, 5, None))
        self.assertEqual(error, "INVALID: message: not whole 1 s after its first byte")
        client.end()
        self.assertEqual(client.receive_all(), [])
        bystander.call("ping")
        self.assertEqual(counters(daemon)["frames_late"], 1)

    def test_who_does_not_read_is_dropped_and_costs_no_more_than_the_limit(self):
        daemon = self.serve(small(), workers=1, flags=["--reader-seconds", "1", "--output-bytes", "65536"])
        client, bystander = self.client(daemon), self.client(daemon)
        client.call("ping")
        client.socket.setblocking(False)
        message = request("hello") * 1000

        def dropped():
            try:
                client.socket.send(message)
            except (BlockingIOError, BrokenPipeError, ConnectionResetError):
                pass
            return counters(daemon)["slow_readers_dropped"] == 1

        wait_until(dropped)
        bystander.call("ping")

    def test_a_half_closed_connection_gets_every_answer(self):
        daemon = self.serve(small(), workers=1, state=True)
        client = self.client(daemon)
        events = [request("track", {"event": "click", "customer": f"c{number}", "id": str(number)}, number) for number in range(300)]
        client.send(b"".join(events) + b"".join(request("recommend", {"placement": "hero"}, 1000 + n) for n in range(300)))
        client.end()
        replies = client.receive_all()
        self.assertEqual(sorted(reply[1] for reply in replies), [*range(300), *range(1000, 1300)])
        self.assertEqual({reply[2] for reply in replies}, {None})


class Rude(TestCase):
    def reset(self, client):
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()

    def test_resets_in_the_midst_of_replies_harm_nobody(self):
        daemon = self.serve(small(), workers=1, tcp=True, state=True)
        bystander = self.client(daemon)
        for number in range(100):
            client = Client(daemon.address if number % 2 else daemon.tcp_address())
            client.send(request("hello") * 2000 + request("track", {"event": "click", "customer": "ana"}, 3) * 10)
            if number % 3:
                client.receive()
            self.reset(client)
        bystander.call("ping")
        wait_until(lambda: counters(daemon)["connections_open"] == 2)
        self.assertEqual(len(daemon.pids()), 1)
        self.assert_stops(daemon)
        self.assertNotIn("process ended", daemon.output().split("msg=stopping")[0])

    def test_one_who_pipelines_without_end_is_one_turn_in_the_way(self):
        daemon = self.serve(small(), workers=1)
        greedy, modest = self.client(daemon), self.client(daemon)
        modest.call("ping")
        greedy.call("ping")
        os.kill(daemon.pids()[0], signal.SIGSTOP)
        greedy.send(request("recommend", {"placement": "hero"}) * 1000)
        modest.send(request("stats"))
        os.kill(daemon.pids()[0], signal.SIGCONT)
        self.assertLessEqual(modest.receive()[3]["counters"]["recommends"], 2 * 64)
        for _ in range(1000):
            self.assertIsNone(greedy.receive()[2])


class Crowds(TestCase):
    def test_there_is_room_for_so_many_and_the_others_are_told(self):
        daemon = self.serve(small(), workers=2, flags=["--connections", "4"])
        inside = [self.client(daemon) for _ in range(4)]
        for client in inside:
            client.call("ping")
        for number in range(20):
            with self.client(daemon) as client:
                client.send(request("recommend", {"placement": "hero"}, number))
                self.assertEqual(client.receive(), [1, number, "OVERLOADED: too many connections; try again later", None])
                self.assertEqual(client.receive_all(), [])
        for client in inside:
            client.call("ping")
        self.assertEqual(counters(daemon)["connections_refused"], 20)
        inside[0].close()
        wait_until(lambda: self.gets_in(daemon) and self.room_is_told(daemon))
        self.assertLessEqual(daemon.output().count("too many connections"), 2)

    def room_is_told(self, daemon):
        daemon.read_available()
        return "there is room for connections again" in daemon.output()

    def gets_in(self, daemon):
        with Client(daemon.address) as client:
            return client.ask("ping", {})[0] is None

    def test_operators_have_room_of_their_own(self):
        daemon = self.serve(small(), workers=1, flags=["--connections", "1"])
        self.client(daemon).call("ping")
        for _ in range(10):
            self.client(daemon, control=True).call("recommend", placement="hero")

    def limit(self, pid, count):
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (count, resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]))

    def test_without_descriptors_the_listener_rests_and_comes_back(self):
        daemon = self.serve(small(), workers=1)
        client, pid = self.client(daemon), daemon.pids()[0]
        client.call("ping")
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)[0]
        self.limit(pid, 1 + max(int(name) for name in os.listdir(f"/proc/{pid}/fd")))
        waiting = connect(daemon.address)
        daemon.wait_log("cannot accept connections now")
        for _ in range(1000):
            client.call("ping")
        waiting.settimeout(DEADLINE)
        self.assertEqual(waiting.recv(1), b"", "whoever cannot be served is not left hanging")
        waiting.close()
        self.limit(pid, before)
        self.client(daemon).call("ping")
        daemon.wait_log("connections are accepted again")
        self.assertEqual(daemon.output().count("cannot accept connections now"), 1)
        self.assert_stops(daemon)

    def test_idle_connections_are_many(self):
        daemon = self.serve(small(), workers=1)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = min(2000, hard - 100)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 100), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(count):
            connection = socket.socket(socket.AF_UNIX)
            self.addCleanup(connection.close)
            connection.connect(daemon.address.partition(":")[2])
            connection.send(b"\x94\x00")
        wait_until(lambda: counters(daemon)["connections_open"] >= count)
        self.client(daemon).recommend()

    def test_the_daemon_takes_all_descriptors_that_it_may_have(self):
        daemon = self.serve(small(), workers=1, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 300)))
        self.assertEqual(resource.prlimit(daemon.pids()[0], resource.RLIMIT_NOFILE), (300, 300))
        clients = [self.client(daemon) for _ in range(300 - 96)]
        for client in clients:
            client.call("ping")
        error, _ = self.client(daemon).ask("ping", {})
        self.assertRegex(error, "^OVERLOADED: too many connections")
        self.assertGreater(counters(daemon)["connections_open"], 200)


class Notifications(TestCase):
    def test_responses_and_notifications_of_guests_are_not_answered(self):
        daemon = self.serve(small(), workers=1, flags=["--connections", "1"])
        self.client(daemon).call("ping")
        guest = self.client(daemon)
        guest.send(pack([2, "ping", [{}]]) + pack([1, 3, None, None]) + request("ping", {}, 8))
        self.assertEqual([reply[1] for reply in guest.receive_all()], [8])


if __name__ == "__main__":
    unittest.main()
