"""Bytes that are no MessagePack-RPC: they end the connection, after every request before them was answered."""

import random
import unittest

from harness import SharedDaemon
from rpc import NOTIFICATION, RESPONSE, pack, request

SEED = 20260301


class Malformed(SharedDaemon):
    def assert_closes(self, rest):
        """Two requests are answered, then the daemon ends the connection without waiting for our end."""
        with self.open() as client:
            client.send(request("ping", {}, 1) + request("recommend", {"placement": "hero"}, 2) + rest)
            self.assertEqual([reply[:3] for reply in client.receive_all()], [[RESPONSE, 1, None], [RESPONSE, 2, None]])

    def test_a_byte_that_messagepack_never_uses(self):
        self.assert_closes(b"\xc1")

    def test_values_that_are_no_array(self):
        for value in [0, -1, None, True, 1.5, "GET / HTTP/1.1", b"\x00\x00", {}, {0: 1}, {"jsonrpc": "2.0"}]:
            with self.subTest(value=value):
                self.assert_closes(pack(value))

    def test_http_spoken_to_the_wrong_port(self):
        self.assert_closes(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def test_arrays_that_are_no_message(self):
        for value in [[], [3, 1, "ping", []], [-1, 1, "ping", []], ["ping"], [None], [[0], 1, "ping", []], [0.5, 1, "a", []],
                      [NOTIFICATION, "ping"], [NOTIFICATION, "ping", [], 0], [RESPONSE, 1], [256, 1, "ping", []],
                      list(range(1, 17))]:
            with self.subTest(value=value):
                self.assert_closes(pack(value))

    def test_ids_that_are_no_u32(self):
        for msgid in [-1, 2**32, 2**64 - 1, "1", None, 1.5, -1.0, 2.0**32, float("nan"), True, [1], {}]:
            with self.subTest(msgid=msgid):
                self.assert_closes(pack([0, msgid, "ping", []]))

    def test_a_wrong_byte_inside_a_request_is_its_own_error(self):
        with self.open() as client:
            client.send(b"\x94\x00\x02" + pack("ping") + b"\xc1" + request("ping", {}, 3))
            kind, msgid, error, _ = client.receive()
            self.assertEqual((kind, msgid), (RESPONSE, 2))
            self.assertRegex(error, r"^INVALID: message: .*0xc1")
            self.assertEqual(client.receive(), [RESPONSE, 3, None, {"pong": True}])

    def test_what_comes_behind_is_not_answered(self):
        self.assert_closes(b"\xc1" + request("ping", {}, 3) * 100)

    def test_a_client_that_writes_on_still_gets_its_replies(self):
        """Closing at once would reset the connection and lose replies that are on their way."""
        with self.open() as client:
            client.send(request("recommend", {"placement": "hero"}, 1) + b"\xc1" + b"\x00" * 100000)
            self.assertEqual([reply[1] for reply in client.receive_all()], [1])

    def test_noise_of_every_length_harms_nobody(self):
        chance = random.Random(SEED)
        witness = self.open()
        for number in range(500):
            with self.open() as client:
                client.send(chance.randbytes(chance.randrange(1, 300)))
                client.end()
                client.receive_bytes()
            if number % 50 == 0:
                witness.recommend()

    def test_requests_with_bytes_changed_harm_nobody(self):
        chance = random.Random(SEED)
        witness = self.open()
        good = request("recommend", {"placement": "hero", "customer": "ana", "context": {"visits": 3, "device": "mobile"},
                                     "exclude": ["x"], "count": 3, "explain": False}, 5)
        for number in range(2000):
            message = bytearray(good)
            for _ in range(chance.randrange(1, 4)):
                message[chance.randrange(len(message))] = chance.randrange(256)
            with self.open() as client:
                client.send(bytes(message))
                client.end()
                for kind, _, error, result in client.receive_all():
                    self.assertEqual(kind, RESPONSE)
                    self.assertNotEqual(error is None, result is None)
            if number % 100 == 0:
                witness.recommend()


if __name__ == "__main__":
    unittest.main()
