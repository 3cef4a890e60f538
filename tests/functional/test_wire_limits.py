"""Limits of a message, at the edge and over it: the requests around one that is refused are answered."""

import unittest

from harness import SharedDaemon, TestCase, small
from rpc import RESPONSE, pack, request

BYTES, DEPTH, ITEMS = 256 * 1024, 16, 4096


def nested(levels):
    """A recommendation with this many levels of nesting: the envelope, params, its map, the context, and lists."""
    value = []
    for _ in range(levels - 5):
        value = [value]
    return request("recommend", {"placement": "hero", "context": {"deep": value}}, 2)


def of_bytes(total, kind=str):
    """A recommendation of this many bytes."""
    arguments = {"placement": "hero", "context": {"text": kind()}}
    filler = "x" if kind is str else b"x"
    size = total
    while len(request("recommend", {**arguments, "context": {"text": filler * size}}, 2)) > total:
        size -= 1
    return request("recommend", {**arguments, "context": {"text": filler * size}}, 2)


def of_items(total):
    """A recommendation of this many values, the envelope and every key counted."""
    fixed = 1 + 4 - 1 + 1 + 1 + 4  # envelope and its type, id, method; params; map; two keys, placement, context
    return request("recommend", {"placement": "hero", "context": {"list": [0] * (total - fixed - 2)}}, 2)


class Limits(SharedDaemon):
    def answers_around(self, message):
        """The errors of three requests in one write, the second being `message`, whose id is 2."""
        client = self.open()
        client.send(request("ping", {}, 1) + message + request("ping", {}, 3))
        client.end()
        replies = client.receive_all()
        self.assertEqual([reply[:2] for reply in replies], [[RESPONSE, 1], [RESPONSE, 2], [RESPONSE, 3]])
        self.assertEqual((replies[0][2], replies[2][2]), (None, None))
        return replies[1][2]

    def assert_taken(self, message):
        self.assertIsNone(self.answers_around(message))

    def assert_refused_alone(self, message, pattern):
        self.assertRegex(self.answers_around(message), pattern)

    def test_bytes_up_to_the_limit(self):
        for kind in (str, bytes):
            message = of_bytes(BYTES, kind)
            self.assertEqual(len(message), BYTES)
            self.assert_taken(message)

    def test_one_byte_more_is_too_large(self):
        for kind in (str, bytes):
            message = of_bytes(BYTES + 1, kind)
            self.assertEqual(len(message), BYTES + 1)
            self.assert_refused_alone(message, r"^TOO_LARGE: message: .*262144 bytes")

    def test_a_megabyte_is_refused_and_passed_over(self):
        self.assert_refused_alone(of_bytes(1 << 20), r"^TOO_LARGE: ")

    def test_nesting_up_to_the_limit(self):
        self.assert_taken(nested(DEPTH))

    def test_one_level_more_is_too_large(self):
        self.assert_refused_alone(nested(DEPTH + 1), r"^TOO_LARGE: message: nested deeper than 16")

    def test_a_thousand_levels_are_too_large(self):
        self.assert_refused_alone(b"\x94\x00\x02" + pack("ping") + b"\x91" * 1000 + b"\xc0", r"^TOO_LARGE: ")

    def test_items_up_to_the_limit(self):
        self.assert_taken(of_items(ITEMS))

    def test_one_item_more_is_too_large(self):
        self.assert_refused_alone(of_items(ITEMS + 1), r"^TOO_LARGE: message: more than 4096 values")

    def test_a_map_counts_its_keys_too(self):
        entries = {str(number): number for number in range(2040)}
        self.assert_taken(request("recommend", {"placement": "hero", "context": entries}, 2))
        entries.update({"x%d" % number: number for number in range(100)})
        self.assert_refused_alone(request("recommend", {"placement": "hero", "context": entries}, 2), r"^TOO_LARGE: ")

    def test_several_messages_over_the_limit_in_turn(self):
        client = self.open()
        for _ in range(5):
            client.send(of_bytes(BYTES + 1) + request("ping", {}, 3) + nested(DEPTH + 1) + of_items(ITEMS + 1))
        client.end()
        self.assertEqual([reply[1] for reply in client.receive_all()], [2, 3, 2, 2] * 5)

    def test_a_refusal_comes_before_the_rest_of_the_message(self):
        client = self.open()
        message = of_bytes(BYTES + 1000)
        client.send(message[:200])
        self.assertRegex(client.receive()[2], r"^TOO_LARGE: ")
        client.send(message[200:] + request("ping", {}, 3))
        self.assertEqual(client.receive(), [RESPONSE, 3, None, {"pong": True}])


class Bombs(SharedDaemon):
    """A few bytes that announce more than could ever come."""

    HUGE = b"\xff\xff\xff\xff"
    HEADS = {"array": b"\xdd", "map": b"\xdf", "str": b"\xdb", "bin": b"\xc6", "ext": b"\xc9"}

    def test_at_the_top_the_connection_closes_after_earlier_requests_were_answered(self):
        for name, head in self.HEADS.items():
            with self.subTest(name), self.open() as client:
                client.send(request("ping", {}, 1) + request("ping", {}, 2) + head + self.HUGE + b"\x02")
                self.assertEqual([reply[1] for reply in client.receive_all()], [1, 2])

    def test_at_the_top_what_has_an_id_gets_an_error(self):
        with self.open() as client:
            client.send(request("ping", {}, 1) + b"\xdd" + self.HUGE + b"\x00\x07" + pack("ping"))
            replies = client.receive_all()
            self.assertEqual([reply[1] for reply in replies], [1, 7])
            self.assertRegex(replies[1][2], r"^TOO_LARGE: ")

    def test_inside_the_parameters_the_request_gets_an_error(self):
        for name, head in self.HEADS.items():
            with self.subTest(name), self.open() as client:
                client.send(request("ping", {}, 1) + b"\x94\x00\x02" + pack("recommend") + b"\x91" + head + self.HUGE)
                self.assertEqual(client.receive()[1], 1)
                kind, msgid, error, _ = client.receive()
                self.assertEqual((kind, msgid), (RESPONSE, 2))
                self.assertRegex(error, r"^TOO_LARGE: ")
                client.end()
                self.assertEqual(client.receive_all(), [])

    def test_as_method_or_params(self):
        for name, head in self.HEADS.items():
            for before in [b"\x94\x00\x02", b"\x94\x00\x02" + pack("ping")]:
                with self.subTest(name), self.open() as client:
                    client.send(before + head + self.HUGE)
                    self.assertRegex(client.receive()[2], r"^TOO_LARGE: ")

    def test_as_type_or_id_the_connection_closes(self):
        for name, head in self.HEADS.items():
            for before in [b"\x94", b"\x94\x00"]:
                with self.subTest(name), self.open() as client:
                    client.send(request("ping", {}, 1) + before + head + self.HUGE)
                    self.assertEqual([reply[1] for reply in client.receive_all()], [1])

    def test_in_a_notification_the_connection_closes(self):
        with self.open() as client:
            client.send(request("ping", {}, 1) + b"\x93\x02" + pack("recommend") + b"\x91\xdb" + self.HUGE)
            self.assertEqual([reply[1] for reply in client.receive_all()], [1])

    def test_arrays_in_arrays_do_not_multiply(self):
        with self.open() as client:
            client.send(b"\x94\x00\x02" + pack("recommend") + (b"\xdd" + self.HUGE) * 10)
            self.assertRegex(client.receive()[2], r"^TOO_LARGE: ")

    def test_a_thousand_bombs_take_no_memory(self):
        for _ in range(1000):
            with self.open() as client:
                client.send(b"\x94\x00\x02" + pack("recommend") + b"\x91\xdb" + self.HUGE)
                self.assertRegex(client.receive()[2], r"^TOO_LARGE: ")
        self.open().recommend()


class Configured(TestCase):
    def test_limits_are_the_operators_to_set(self):
        daemon = self.serve(small(), flags=["--message-bytes", "2048", "--message-depth", "8", "--message-items", "64"])
        client = self.client(daemon)
        for message, pattern in [(of_bytes(2049), "2048 bytes"), (nested(9), "deeper than 8"), (of_items(65), "64 values")]:
            client.send(message)
            self.assertRegex(client.receive()[2], r"^TOO_LARGE: message: .*" + pattern)
        for message in [of_bytes(2048), nested(8), of_items(64)]:
            client.send(message)
            self.assertIsNone(client.receive()[2])

    def test_a_bomb_is_not_waited_for_longer_than_another_message(self):
        """A declared array may yet be a request, whose id is waited for."""
        client = self.client(self.serve(small(), flags=["--frame-seconds", "1"]))
        client.send(request("ping", {}, 1) + b"\xdd\xff\xff\xff\xff")
        self.assertEqual([reply[1] for reply in client.receive_all()], [1])


if __name__ == "__main__":
    unittest.main()
