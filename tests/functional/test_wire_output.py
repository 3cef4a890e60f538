"""What the daemon sends: shapes that any MessagePack library and any language can hold."""

import re
import struct
import unittest

from harness import SHOP, SharedDaemon
from rpc import pack, request

DECISION = {"decision": str, "known": bool, "journey": str, "stage": str, "persona": (str, type(None)), "placement": str,
            "strategy": (str, type(None)), "version": str, "items": list, "fallback": (str, type(None)),
            "experiments": dict, "because": (str, type(None))}
ITEM = {"offer": str, "kind": str, "title": str, "url": (str, type(None)), "score": (int, float),
        "propensity": (int, float), "because": str, "data": dict}
TRACE = {"offer": str, "gate": (str, type(None)), "because": str, "score": (int, float), "propensity": (int, float)}
GATES = {"placement", "stage", "persona", "locale", "dates", "consent", "limit", "stock", "rested", "excluded", "strategy",
         "rank", None}
PLACEMENTS = ["hero", "sidebar", "checkout", "email", "account", "footer"]
STAGES = ["awareness", "consideration", "decision", "purchase", "experience", "retention", "advocacy"]


class Strict:
    """Reads MessagePack and accepts only what the daemon may send."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        self.at += count
        if self.at > len(self.data):
            raise AssertionError("the reply ends too early")
        return self.data[self.at - count:self.at]

    def number(self, layout):
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def value(self):
        first = self.take(1)[0]
        if first < 0x80 or first >= 0xE0:
            return struct.unpack("b", bytes([first]))[0]
        if first < 0x90:
            return self.map(first & 15)
        if first < 0xA0:
            return [self.value() for _ in range(first & 15)]
        if first < 0xC0:
            return self.take(first & 31).decode("utf-8")
        constants = {0xC0: None, 0xC2: False, 0xC3: True}
        if first in constants:
            return constants[first]
        numbers = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h",
                   0xD2: ">i", 0xD3: ">q"}
        if first in numbers:
            return self.within(self.number(numbers[first]))
        strings = {0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}
        if first in strings:
            return self.take(self.number(strings[first])).decode("utf-8")
        if first in (0xDC, 0xDD):
            return [self.value() for _ in range(self.number(">H" if first == 0xDC else ">I"))]
        if first in (0xDE, 0xDF):
            return self.map(self.number(">H" if first == 0xDE else ">I"))
        raise AssertionError(f"the byte {first:#x}: bin, ext or nothing that is MessagePack")

    def within(self, number):
        if not -2**53 <= number <= 2**53:
            raise AssertionError(f"{number} is not within 2^53")
        return number

    def map(self, count):
        result = {}
        for _ in range(count):
            key = self.value()
            if not isinstance(key, str) or key in result:
                raise AssertionError(f"the key {key!r} is no text, or there twice")
            result[key] = self.value()
        return result


class Output(SharedDaemon):
    def replies(self, data):
        """The replies to these requests, read strictly."""
        with self.open() as client:
            client.send(data)
            client.end()
            answer = client.receive_bytes()
        reader, found = Strict(answer), []
        while reader.at < len(answer):
            self.assertEqual(answer[reader.at:reader.at + 2], b"\x94\x01", "the envelope of a response is a fixarray")
            found.append(reader.value())
        return found

    def assert_fields(self, fields, value):
        self.assertEqual(set(value), set(fields))
        for name, types in fields.items():
            self.assertIsInstance(value[name], types, name)

    def assert_decision(self, decision, explained=False):
        self.assert_fields(DECISION | ({"trace": list} if explained else {}), decision)
        self.assertRegex(decision["decision"], r"\A[A-Za-z0-9_.~-]{1,160}\Z")
        self.assertIn(decision["fallback"], [None, "no_offer_fits"])
        for item in decision["items"]:
            self.assert_fields(ITEM, item)
            self.assertTrue(0 < item["propensity"] <= 1)
            self.assertNotEqual(item["title"], "")
        if not decision["items"]:
            self.assertTrue(decision["because"])
        if explained:
            self.assert_trace(decision)

    def assert_trace(self, decision):
        offers = [entry["offer"] for entry in decision["trace"]]
        self.assertEqual(len(offers), len(set(offers)))
        for entry in decision["trace"]:
            self.assert_fields(TRACE, entry)
            self.assertIn(entry["gate"], GATES)
            self.assertNotEqual(entry["because"], "")
        chosen = {entry["offer"] for entry in decision["trace"] if entry["gate"] is None}
        self.assertLessEqual(chosen, {item["offer"] for item in decision["items"]})

    def test_every_placement_and_stage(self):
        asked = [{"placement": placement, "stage": stage, "locale": locale, "explain": explain, "count": 50}
                 for placement in PLACEMENTS for stage in STAGES for locale in ("es", "en") for explain in (False, True)]
        replies = self.replies(b"".join(request("recommend", arguments, number) for number, arguments in enumerate(asked)))
        self.assertEqual(len(replies), len(asked))
        for _, number, error, decision in replies:
            self.assertIsNone(error)
            self.assert_decision(decision, asked[number]["explain"])

    def test_the_other_methods(self):
        calls = [("ping", {}), ("hello", {"client": "test", "version": "1"}), ("stats", {})]
        ping, hello, stats = (reply[3] for reply in self.replies(b"".join(request(*call) for call in calls)))
        self.assertEqual(ping, {"pong": True})
        self.assertLessEqual({"recommend", "stats", "ping", "hello", "auth"}, set(hello["methods"]))
        self.assertEqual(hello["server"], "senda")
        self.assertRegex(hello["version"], r"^\d+\.\d+")
        self.assertEqual(hello["site"], stats["site"]["version"])
        self.assertLessEqual({"requests", "recommends", "errors"}, set(stats["counters"]))

    def test_errors_are_one_text_with_a_code_in_front(self):
        wrong = [("recommend", {}), ("recommend", {"placement": "x"}), ("nothing", {}), ("reload", {}), ("stats", {"a": 1}),
                 ("recommend", {"placement": b"\xff"}), ("hello", {"errors": "x"})]
        replies = self.replies(b"".join(request(*call) for call in wrong))
        self.assertEqual(len(replies), len(wrong))
        for _, _, error, result in replies:
            self.assertRegex(error, r"\A(INVALID|UNKNOWN_METHOD|UNAUTHORIZED): .+\Z")
            self.assertIsNone(result)

    def test_refusals_of_messages_are_errors_like_others(self):
        too_deep = b"\x94\x00\x05" + pack("ping") + b"\x91" * 20 + b"\xc0"
        (_, msgid, error, result), = self.replies(too_deep)
        self.assertEqual((msgid, result), (5, None))
        self.assertRegex(error, r"\ATOO_LARGE: .+\Z")

    def test_every_decision_has_an_id_of_its_own(self):
        replies = self.replies(b"".join(request("recommend", {"placement": "hero"}, number) for number in range(1000)))
        self.assertEqual(len({reply[3]["decision"] for reply in replies}), 1000)

    def test_the_reply_says_what_was_asked_of_it(self):
        (_, _, _, decision), = self.replies(request("recommend", {
            "placement": "sidebar", "stage": "decisión", "persona": "tinkerer", "journey": "seven-stages", "customer": "ana"}))
        self.assertEqual([decision[name] for name in ("placement", "stage", "persona", "journey", "known")],
                         ["sidebar", "decision", "tinkerer", "seven-stages", False])


class Site(unittest.TestCase):
    def test_the_placements_asked_for_are_those_of_the_shop(self):
        with open(SHOP + "/placements.lua") as file:
            self.assertEqual(re.findall(r'^placement "(\w+)"', file.read(), re.M), PLACEMENTS)


if __name__ == "__main__":
    unittest.main()
