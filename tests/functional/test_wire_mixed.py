"""Good and bad messages in one stream: every request that can be told by its id is answered once, under that id."""

import random
import struct
import unittest

import msgpack

from harness import small, wait_until
from memory import Remembering, packed
from process import DEADLINE
from rpc import NOTIFICATION, RESPONSE, pack, request

SITE = small('offer "guide" { kind = "lead_magnet", title = "x" }\n')
MIXED = 10000
SEED = 20260301
HUGE = b"\xff\xff\xff\xff"
BOMBS = {"array 32": b"\xdd", "map 32": b"\xdf", "str 32": b"\xdb", "bin 32": b"\xc6", "ext 32": b"\xc9"}


def head(msgid, method):
    """A request up to its params; the id in its widest form."""
    return b"\x94\x00\xce" + struct.pack(">I", msgid) + pack(method)


# What follows the head of a request for recommend, and what becomes of it; {} stands for 5 bytes that announce too much.
PLACES = {
    "params": b"{}",
    "the only argument": b"\x91{}",
    "a second argument": b"\x92\x80{}",
    "a key": b"\x91\x81{}",
    "a key behind others": b"\x91\x82" + pack("placement") + pack("hero") + b"{}",
    "a value": b"\x91\x81" + pack("context") + b"{}",
    "an item": b"\x91\x81" + pack("exclude") + b"\x93\xa1a\xa1b{}",
    "a key deep inside": b"\x91\x81" + pack("context") + b"\x81\xa1a" + b"\x91" * 8 + b"\x81{}",
    "a value deep inside": b"\x91\x81" + pack("context") + b"\x81\xa1a" + b"\x91" * 8 + b"\x81\xa1b{}",
    "a map instead of the array": b"\x81" + pack("placement") + b"{}",
}

# Messages with an id, by what is wrong with them, and the answer that is due: a pattern for the error, None for a result.
GOOD = {
    "ping": (lambda msgid: request("ping", {}, msgid), None),
    "recommend": (lambda msgid: request("recommend", {"placement": "hero"}, msgid), None),
    "bare map": (lambda msgid: pack([0, msgid, b"recommend", {b"placement": b"hero"}]), None),
    "event": (lambda msgid: packed("track", {"event": "x", "customer": "c%d" % (msgid % 7), "id": "e%d" % msgid}, msgid), None),
    "batch": (lambda msgid: pack([0, msgid, "track", [[{"event": "x", "customer": "c"}, {"evnt": 1}]]]), None),
}
BAD = {
    "unknown method": (lambda msgid: request("pingg", {}, msgid), "^UNKNOWN_METHOD: .*'ping'"),
    "unknown argument": (lambda msgid: request("recommend", {"placment": "hero"}, msgid), "^INVALID: placment: "),
    "wrong type": (lambda msgid: request("recommend", {"placement": 5}, msgid), "^INVALID: placement: "),
    "not UTF-8": (lambda msgid: request("recommend", {"placement": b"\xff"}, msgid), "^INVALID: placement: "),
    "ext": (lambda msgid: request("recommend", {"placement": msgpack.ExtType(42, b"x")}, msgid), "^INVALID: .*type 42"),
    "unused byte": (lambda msgid: head(msgid, "ping") + b"\xc1", "^INVALID: message: .*0xc1"),
    "three elements": (lambda msgid: pack([0, msgid, "ping"]), "^INVALID: message: "),
    "too deep": (lambda msgid: head(msgid, "ping") + b"\x91" * 16 + b"\xc0", "^TOO_LARGE: message: nested"),
    "too many": (lambda msgid: pack([0, msgid, "ping", [0] * 4093]), "^TOO_LARGE: message: more than 4096 values"),
    "number as key": (lambda msgid: pack([0, msgid, "recommend", [{5: 1}]]), "^INVALID: params: "),
}
SILENT = [
    pack([NOTIFICATION, "ping", []]), pack([NOTIFICATION, "pingg", [{}]]), pack([NOTIFICATION, "track", [{"evnt": 5}]]),
    pack([RESPONSE, 7, None, None]), pack([NOTIFICATION, 5, {}]),
]


def exchange(client, data, count):
    """Sends all of it although replies fill the socket meanwhile; as many replies."""
    client.socket.setblocking(False)
    replies = []
    sent = 0

    def step():
        nonlocal sent
        try:
            sent += client.socket.send(memoryview(data)[sent:])
        except BlockingIOError:
            pass
        try:
            client.unpacker.feed(client.socket.recv(1 << 16))
        except BlockingIOError:
            pass
        replies.extend(client.unpacker)
        return sent == len(data) and len(replies) >= count

    wait_until(step)
    client.socket.settimeout(DEADLINE)
    return replies


class Mixed(Remembering):
    site = SITE

    def assert_answers(self, replies, expected):
        """`expected`: id → pattern or None."""
        self.assertEqual(sorted(reply[1] for reply in replies), sorted(expected))
        for kind, msgid, error, result in replies:
            self.assertEqual(kind, RESPONSE)
            if expected[msgid] is None:
                self.assertIsNone(error, msgid)
                self.assertIsNotNone(result, msgid)
            else:
                self.assertIsNone(result)
                self.assertRegex(error, expected[msgid])

    def test_ten_thousand_good_and_bad_in_one_stream(self):
        chance = random.Random(SEED)
        kinds = list(GOOD.values()) * 3 + list(BAD.values())
        parts, expected = [], {}
        for number in range(MIXED):
            msgid = (number * 429497) % 2 ** 32
            build, pattern = chance.choice(kinds)
            parts.append(build(msgid))
            expected[msgid] = pattern
            if number % 10 == 0:
                parts.append(chance.choice(SILENT))
        self.assertEqual(len(expected), MIXED)
        self.assert_answers(exchange(self.client, b"".join(parts), MIXED), expected)
        self.client.end()
        self.assertEqual(self.client.receive_all(), [])

    def test_every_kind_cut_at_every_place(self):
        for name, (build, pattern) in (GOOD | BAD).items():
            data = request("ping", {}, 1) + build(2 ** 32 - 1) + request("ping", {}, 0)
            cuts = range(1, len(data)) if len(data) < 200 else [*range(1, 40), *range(len(data) - 20, len(data))]
            with self.subTest(name):
                for cut in cuts:
                    with self.open() as client:
                        client.send(data[:cut])
                        client.send(data[cut:])
                        client.end()
                        self.assert_answers(client.receive_all(), {1: None, 2 ** 32 - 1: pattern, 0: None})

    def test_each_bad_one_between_good_ones(self):
        for name, (build, pattern) in BAD.items():
            with self.subTest(name):
                messages = [GOOD["event"][0](1), build(2), GOOD["recommend"][0](3), build(4), GOOD["ping"][0](5)]
                replies = exchange(self.client, b"".join(messages), 5)
                self.assert_answers(replies, {1: None, 2: pattern, 3: None, 4: pattern, 5: None})


class Bombs(Remembering):
    """Five bytes that announce gigabytes, wherever a value may stand."""

    site = SITE

    def test_every_kind_at_every_place(self):
        for name, bomb in BOMBS.items():
            for place, form in PLACES.items():
                with self.subTest(bomb=name, place=place), self.open() as client:
                    client.send(request("ping", {}, 1) + head(2, "recommend") + form.replace(b"{}", bomb + HUGE))
                    self.assertEqual(client.receive()[:3], [RESPONSE, 1, None])
                    kind, msgid, error, result = client.receive()
                    self.assertEqual((kind, msgid, result), (RESPONSE, 2, None))
                    self.assertRegex(error, "^TOO_LARGE: ")
                    client.end()
                    self.assertEqual(client.receive_all(), [])

    def test_in_events_and_batches(self):
        for name, bomb in BOMBS.items():
            for params in (b"\x91\x81" + pack("properties") + bomb, b"\x91\x92\x81" + pack("event") + pack("x") + bomb,
                           b"\x91" + bomb):
                with self.subTest(bomb=name), self.open() as client:
                    client.send(head(2, "track") + params + HUGE)
                    self.assertRegex(client.receive()[2], "^TOO_LARGE: ")
        self.assert_refused(self.client, "^NOT_FOUND: ", "profile.get", customer=self.who)

    def test_of_sixteen_bits_what_cannot_fit_is_refused_at_once(self):
        for bomb in (b"\xdc\xff\xff", b"\xde\xff\xff"):
            with self.open() as client:
                client.send(head(2, "recommend") + b"\x91" + bomb)
                self.assertRegex(client.receive()[2], "^TOO_LARGE: message: more than 4096 values")


class Unreadable(Remembering):
    """A message whose id cannot be read ends the connection, after all before it were answered, also those that wait."""

    site = SITE

    def test_events_before_it_are_answered_and_kept(self):
        for rest in (b"\xc1", b"\x07", b"\x94\x00\xa1x\xa4ping\x90", b"\x94\x00\xcf" + b"\xff" * 8 + b"\xa4ping\x90",
                     b"\x93\x02\xa4ping\xdd" + HUGE, b"\x90"):
            customer = f"{self.who}-{rest.hex()[:20]}"
            with self.subTest(rest=rest[:6]), self.open() as client:
                events = [packed("track", {"event": "x", "customer": customer, "id": str(msgid)}, msgid) for msgid in range(50)]
                client.send(b"".join(events) + request("recommend", {"placement": "hero"}, 50) + rest + request("ping", {}, 51))
                replies = client.receive_all()
                self.assertEqual(sorted(reply[1] for reply in replies), list(range(51)))
                self.assertEqual([reply[2] for reply in replies], [None] * 51)
                self.assertEqual(self.profile(customer)["counts"], {"x": 50})


class Values(Remembering):
    """What the envelope and the arguments of the other methods may be, in every form."""

    site = SITE

    def test_timestamps_of_every_width_are_seconds(self):
        for number, stamp in enumerate((b"\xd6\xff" + struct.pack(">I", 1750000000),
                                        b"\xd7\xff" + struct.pack(">Q", 500000000 << 34 | 1750000000),
                                        b"\xc7\x0c\xff" + struct.pack(">Iq", 500000000, 1750000000))):
            customer = f"{self.who}-{number}"
            self.client.send(head(1, "track") + b"\x91\x83" + pack("event") + pack("x") + pack("customer") + pack(customer) +
                             pack("at") + stamp)
            self.assertIsNone(self.client.receive()[2])
            self.assertEqual(self.profile(customer)["counts"], {"x": 1})
            self.client.send(head(2, "profile.set") + b"\x91\x82" + pack("customer") + pack(customer) + pack("traits") +
                             b"\x81\xa1t" + stamp)
            self.assertIsNone(self.client.receive()[2])
            self.assertEqual(self.profile(customer)["traits"], {"t": 1750000000 + (number > 0) * 0.5})

    def test_other_ext_types_are_named_in_every_width(self):
        for type_number in (-128, -2, 0, 1, 127):
            for size in (1, 2, 3, 4, 8, 12, 16, 300):
                value = msgpack.ExtType(type_number & 0x7f, b"\0" * size)
                data = bytearray(packed("track", {"event": "x", "customer": self.who, "properties": {"k": value}}, 1))
                at = len(data) - size - 1
                data[at] = type_number & 0xff
                self.client.send(bytes(data))
                self.assertRegex(self.client.receive()[2], rf"^INVALID: properties: .*type {type_number}\b")
        self.assert_refused(self.client, "^NOT_FOUND: ", "profile.get", customer=self.who)

    def test_of_a_key_that_stands_twice_in_a_free_map_the_last_counts(self):
        self.client.send(head(1, "profile.set") + b"\x91\x82" + pack("customer") + pack(self.who) + pack("traits") +
                         b"\x83\xa1a\x01\xa1b\x02\xc4\x01a\x03")
        self.assertIsNone(self.client.receive()[2])
        self.assertEqual(self.profile(self.who)["traits"], {"a": 3, "b": 2})

    def test_integral_floats_are_integers(self):
        for value in (2, 2.0):
            self.assertIsNotNone(self.client.recommend(count=value))
        self.client.send(head(1, "recommend") + b"\x91\x82" + pack("placement") + pack("hero") + pack("count") +
                         b"\xca" + struct.pack(">f", 2))
        self.assertIsNone(self.client.receive()[2])
        self.assert_refused(self.client, "^INVALID: count: expected a whole number", placement="hero", count=2.5)

    def test_a_method_as_bin_with_params_of_every_form(self):
        for params in ([{}], {}, []):
            self.client.send(pack([0, 7, b"stats", params]))
            self.assertIsNone(self.client.receive()[2])


if __name__ == "__main__":
    unittest.main()
