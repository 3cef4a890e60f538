"""The memory through clients that know nothing of senda: pynvim's and os_ken's MessagePack-RPC, side by side."""

import socket
import unittest

from os_ken.lib import rpc
from pynvim.msgpack_rpc import socket_session

from harness import small
from memory import Remembering

SITE = small("""
offer "guide" { kind = "lead_magnet", title = "x", placements = { "hero" }, limit = { impressions = 2, within = "7d", rest = "10d" } }
offer "letter" { kind = "letter", title = "x", placements = { "letters" }, consent = "marketing" }
offer "last" { kind = "coupon", title = "x", placements = { "coupons" }, stock = 1 }
""", placements="".join(f'placement "{name}" {{ count = 1, fallback = "house" }}\n' for name in ("hero", "letters", "coupons")) +
             'offer "house" { kind = "showcase", title = "Our house", placements = {} }\n',
             journeys__walk='journey "walk" { model = "b2c", stage "first" {}, '
                            'stage "second" { enter = { on = "download", where = { kind = "lead_magnet" } } } }\n')


class Refused(Exception):
    """The error of a reply, as it came."""


class Pynvim:
    def __init__(self, path):
        self.session = socket_session(path)
        self.session.error_wrapper = Refused

    def call(self, method, **arguments):
        return self.session.request(method, arguments)

    def close(self):
        self.session.close()


class OsKen:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.client = rpc.Client(self.socket)

    def call(self, method, **arguments):
        try:
            return self.client.call(method, [arguments])
        except rpc.RPCError as error:
            raise Refused(error.get_value()) from error

    def close(self):
        self.socket.close()


class ThirdParty(Remembering):
    site = SITE

    def setUp(self):
        super().setUp()
        path = self.address.removeprefix("unix:")
        self.tells, self.asks = Pynvim(path), OsKen(path)
        self.addCleanup(self.tells.close)
        self.addCleanup(self.asks.close)

    def shown(self, placement="hero", **arguments):
        return self.offer_ids(self.asks.call("recommend", placement=placement, **arguments))

    def gate_of(self, offer, placement="hero", **arguments):
        decision = self.asks.call("recommend", placement=placement, dry_run=True, explain=True, **arguments)
        return next(entry for entry in decision["trace"] if entry["offer"] == offer)

    def tell(self, event, **arguments):
        return self.tells.call("track", event=event, customer=self.who, **arguments)

    def test_enter(self):
        self.assertEqual(self.tell("page_view")["stage"], "first")
        self.assertEqual(self.asks.call("recommend", placement="hero", customer=self.who)["stage"], "first")
        self.assertIs(self.tell("download", offer="guide")["moved"], True)
        decision = self.asks.call("recommend", placement="hero", customer=self.who)
        self.assertEqual((decision["known"], decision["stage"]), (True, "second"))

    def test_limit_and_rest(self):
        for number in range(2):
            self.assertEqual(self.shown(customer=self.who), ["guide"])
            self.tell("impression", offer="guide", id=str(number))
            self.assertIs(self.tell("impression", offer="guide", id=str(number))["duplicate"], True)
        self.assertEqual(self.shown(customer=self.who), ["house"])
        entry = self.gate_of("guide", customer=self.who)
        self.assertEqual(entry["gate"], "limit")
        self.assertRegex(entry["because"], r"^seen 2 of 2 in 7d.*free again in ")

    def test_stock(self):
        decision = self.asks.call("recommend", placement="coupons", customer=self.who)
        self.assertEqual(self.offer_ids(decision), ["last"])
        self.tell("impression", offer="last", decision=decision["decision"])
        self.assertEqual(self.shown("coupons"), ["house"])
        self.assertEqual(self.gate_of("last", "coupons")["because"], "stock: 1 of 1 given")

    def test_consent(self):
        self.assertEqual(self.shown("letters", customer=self.who), ["house"])
        self.tells.call("profile.set", customer=self.who, consents={"marketing": True})
        self.assertEqual(self.shown("letters", customer=self.who), ["letter"])
        self.tells.call("profile.set", customer=self.who, consents={"marketing": False})
        self.assertEqual(self.shown("letters", customer=self.who), ["house"])

    def test_merge(self):
        visitor = self.who + "-visitor"
        self.tells.call("track", event="download", customer=visitor, offer="guide")
        self.tell("page_view")
        for merged in (True, False):
            self.assertIs(self.tells.call("identify", anonymous=visitor, customer=self.who)["merged"], merged)
        for customer in (visitor, self.who):
            profile = self.asks.call("profile.get", customer=customer)
            self.assertEqual((profile["customer"], profile["stage"], profile["counts"]),
                             (self.who, "second", {"download": 1, "page_view": 1}))

    def test_erase_and_map(self):
        before = {stage["stage"]: stage for stage in self.asks.call("journey.map")["stages"]}
        self.tell("download", offer="guide")
        receipt = self.tells.call("profile.erase", customer=self.who)
        self.assertEqual((receipt["erased"], receipt["removed"]["events"]), (True, 1))
        with self.assertRaisesRegex(Refused, "^NOT_FOUND: "):
            self.asks.call("profile.get", customer=self.who)
        after = {stage["stage"]: stage for stage in self.asks.call("journey.map")["stages"]}
        self.assertEqual(after["first"]["advanced"], before["first"]["advanced"] + 1)
        self.assertEqual(after["second"]["dropped"], before["second"]["dropped"] + 1)
        for stage in after.values():
            self.assertEqual(stage["entered"], stage["advanced"] + stage["dropped"] + stage["inside"])

    def test_explain(self):
        decision = self.asks.call("recommend", placement="letters", customer=self.who)["decision"]
        told = self.asks.call("explain", decision=decision)
        self.assertEqual((told["customer"], self.offer_ids(told)), (self.who, ["house"]))
        self.assertEqual({entry["offer"]: entry["gate"] for entry in told["trace"]}["letter"], "consent")


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # pynvim leaves its transports to the collector
