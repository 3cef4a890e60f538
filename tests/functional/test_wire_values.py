"""Values of arguments: types, ranges, UTF-8, timestamps and other extensions, numbers in every form."""

import struct
import unittest

import msgpack

from harness import SharedDaemon
from rpc import REQUEST, RESPONSE, pack

NOW = 1772700000

# What each argument of recommend may be; whatever is not of its type is refused with its name.
TEXT, WHOLE, NUMBER, BOOL, MAP, TEXTS = "text", "a whole number", "a number", "true or false", "a map", "a list of texts"
ARGUMENTS = {
    "placement": TEXT, "customer": TEXT, "stage": TEXT, "persona": TEXT, "journey": TEXT, "locale": TEXT,
    "touchpoint": TEXT, "traits": MAP, "consents": MAP, "count": WHOLE, "context": MAP, "exclude": TEXTS,
    "explain": BOOL, "dry_run": BOOL, "at": NUMBER, "seed": WHOLE,
}
SAMPLES = [
    ({TEXT}, "word"), ({TEXT}, b"word"), ({WHOLE, NUMBER}, 3), ({WHOLE, NUMBER}, 3.0), ({NUMBER}, 3.5),
    ({BOOL}, True), ({BOOL}, False), ({MAP}, {"a": 1}), ({MAP}, {}), ({TEXTS}, ["a", b"b"]), ({TEXTS, MAP}, []),
    (set(), [1]), (set(), ["a", None]), (set(), [["a"]]),
    ({NUMBER, WHOLE}, msgpack.Timestamp(3)),
]
LONGEST = {"placement": 64, "customer": 128, "stage": 128, "persona": 64, "journey": 64, "locale": 35, "touchpoint": 64}
BAD_UTF8 = [b"\x80", b"\xff", b"ab\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x28\xa1", b"\xf8\x88\x80\x80\x80"]


def as_str(raw):
    """These bytes as a MessagePack str, well-formed or not."""
    return bytes([0xa0 | len(raw)]) + raw if len(raw) < 32 else b"\xd9" + bytes([len(raw)]) + raw


class Types(SharedDaemon):
    def test_every_wrong_type_of_every_argument_is_refused_by_name(self):
        client = self.open()
        tried = 0
        for name, expected in ARGUMENTS.items():
            for takes, value in SAMPLES:
                if expected in takes:
                    continue
                arguments = {"placement": "hero", "dry_run": True, name: value}
                error, result = client.ask("recommend", arguments)
                self.assertIsNone(result, f"{name} = {value!r} was taken")
                self.assertRegex(error, rf"^INVALID: {name}: expected ")
                tried += 1
        self.assertGreater(tried, 150)
        client.recommend()

    def test_every_right_type_is_taken(self):
        client = self.open()
        for name, value in {
                "customer": "ana", "stage": "decision", "persona": "tinkerer", "journey": "seven-stages", "locale": "es",
                "touchpoint": "site", "traits": {"a": [1, {"b": None}]}, "consents": {"marketing": True}, "count": 2,
                "context": {"a": 1.5}, "exclude": ["x"], "explain": True, "dry_run": False, "at": NOW, "seed": 5}.items():
            arguments = {"placement": "hero", name: value}
            if name in ("at", "seed"):
                arguments["dry_run"] = True
            error, _ = client.ask("recommend", arguments)
            self.assertIsNone(error, f"{name} = {value!r}: {error}")

    def test_the_placement_is_required(self):
        client = self.open()
        self.assert_refused(client, r"^INVALID: placement: missing")
        error, _ = client.ask("recommend")
        self.assertRegex(error, r"^INVALID: placement: missing")

    def test_names_that_the_site_does_not_know_are_told_with_the_nearest(self):
        client = self.open()
        for name, wrong, nearest in [("placement", "heroo", "hero"), ("stage", "desicion", "decision"),
                                     ("persona", "tinkerers", "tinkerer"), ("journey", "seven-stage", "seven-stages")]:
            arguments = {"placement": "hero", name: wrong}
            self.assert_refused(client, rf"^INVALID: {name}: .*'{wrong}'; did you mean '{nearest}'\?$", **arguments)
            arguments = {"placement": "hero", name: "zzzzzzzzzz"}
            self.assert_refused(client, rf"^INVALID: {name}: [^;]*'zzzzzzzzzz'$", **arguments)

    def test_texts_up_to_their_longest(self):
        client = self.open()
        for name, longest in LONGEST.items():
            arguments = {"placement": "hero", name: "x" * longest}
            error, _ = client.ask("recommend", arguments)
            if name in ("customer", "locale", "touchpoint"):
                self.assertIsNone(error)
            else:
                self.assertRegex(error, rf"^INVALID: {name}: no ")
            for wrong in ["x" * (longest + 1), ""]:
                self.assert_refused(client, rf"^INVALID: {name}: expected 1 to {longest} bytes",
                                    **{**arguments, name: wrong})

    def test_a_length_is_counted_in_bytes(self):
        client = self.open()
        self.assertIsNone(client.ask("recommend", {"placement": "hero", "customer": "ñ" * 64})[0])
        self.assert_refused(client, r"^INVALID: customer: ", placement="hero", customer="ñ" * 65)

    def test_count_from_1_to_50(self):
        client = self.open()
        for count in [1, 50, 1.0, 50.0]:
            self.assertLessEqual(len(client.recommend(count=count)["items"]), count)
        for count in [0, -1, 51, 2**31, 2**32, 2**53, 2**63 - 1, 2**64 - 1, -2**63, 1e18, 1e300, 0.0, -0.0]:
            self.assert_refused(client, r"^INVALID: count: expected ", placement="hero", count=count)

    def test_integral_floats_are_integers(self):
        client = self.open()
        seeded = [client.recommend(dry_run=True, at=NOW, seed=seed) for seed in (7, 7.0)]
        self.assertEqual(*seeded)
        client.send(b"\x94\x00\x07" + pack("recommend") + b"\x91\x82" + pack("placement") + pack("hero") + pack("count")
                    + struct.pack(">Bf", 0xca, 2.0))
        self.assertIsNone(client.receive()[2])
        self.assert_refused(client, r"^INVALID: count: expected a whole number", placement="hero", count=2.5)

    def test_numbers_that_are_none_are_refused_wherever_they_are(self):
        client = self.open()
        for number in [float("nan"), float("inf"), float("-inf")]:
            self.assert_refused(client, r"^INVALID: count: ", placement="hero", count=number)
            self.assert_refused(client, r"^INVALID: at: ", placement="hero", dry_run=True, at=number)
            self.assert_refused(client, r"^INVALID: context: ", placement="hero", context={"x": {"y": [number]}})

    def test_integers_of_any_size_may_stand_in_free_maps(self):
        client = self.open()
        for number in [0, -1, 2**31, 2**32, 2**53, 2**63 - 1, 2**64 - 1, -2**63, 1e300, -1e-300]:
            client.recommend(context={"number": number}, traits={"number": [number]})

    def test_at_and_seed_go_with_a_dry_run_only(self):
        client = self.open()
        for name in ("at", "seed"):
            for more in [{}, {"dry_run": False}, {"dry_run": None}]:
                self.assert_refused(client, rf"^INVALID: {name}: only taken with dry_run",
                                    **{"placement": "hero", name: 5, **more})

    def test_consents_are_true_or_false(self):
        client = self.open()
        for value in [1, 0, "yes", [], {}]:
            self.assert_refused(client, r"^INVALID: consents: marketing: expected true or false",
                                placement="hero", consents={"marketing": value})
        client.recommend(consents={"no-such-consent": True})


class Utf8(SharedDaemon):
    def assert_refused_raw(self, client, params, pattern):
        client.send(b"\x94\x00\x09" + params)
        kind, msgid, error, _ = client.receive()
        self.assertEqual((kind, msgid), (RESPONSE, 9))
        self.assertRegex(error, pattern)

    def test_ill_formed_text_is_refused_wherever_it_stands_and_the_connection_goes_on(self):
        client = self.open()
        head = pack("recommend") + b"\x91"
        hero = pack("placement") + pack("hero")
        for raw in BAD_UTF8:
            for text in [as_str(raw), pack(raw)]:
                for params, pattern in [
                        (text + b"\x90", r"^INVALID: method: "),
                        (head + b"\x81" + pack("placement") + text, r"^INVALID: placement: .*UTF-8"),
                        (head + b"\x82" + hero + text + b"\x01", r"^INVALID: "),
                        (head + b"\x82" + hero + pack("customer") + text, r"^INVALID: customer: .*UTF-8"),
                        (head + b"\x82" + hero + pack("exclude") + b"\x91" + text, r"^INVALID: exclude: .*UTF-8"),
                        (head + b"\x82" + hero + pack("context") + b"\x81" + text + b"\x01", r"^INVALID: context: .*UTF-8"),
                        (head + b"\x82" + hero + pack("traits") + b"\x81" + pack("a") + b"\x91" + text,
                         r"^INVALID: traits: .*UTF-8")]:
                    self.assert_refused_raw(client, params, pattern)
        client.recommend()

    def test_errors_are_well_formed_whatever_they_quote(self):
        client = self.open()
        for text in ["ñ" * 300, "\x00\x01\x1b[31m", "日本語" * 50, "'\"\\", "a\nb", "\u202e", "😀" * 100, "\x7f"]:
            for method, arguments in [("recommend", {"placement": text[:60]}), (text, {}), ("recommend", {text: 1})]:
                error, _ = client.ask(method, arguments)
                self.assertRegex(error, r"\A[A-Z_]+: [^\x00-\x1f\x7f]+\Z")

    def test_text_with_a_null_byte_is_not_cut_there(self):
        client = self.open()
        self.assert_refused(client, r"^INVALID: placement: ", placement="hero\0")
        self.assert_refused(client, r"^UNKNOWN_METHOD: ", method="ping\0")
        self.assert_refused(client, r"^INVALID: ", **{"placement": "hero", "customer\0": "a"})


class Extensions(SharedDaemon):
    TIMESTAMPS = {
        4: struct.pack(">I", NOW),
        8: struct.pack(">Q", 250_000_000 << 34 | NOW),
        12: struct.pack(">Iq", 250_000_000, NOW),
    }

    def recommend_at(self, client, data):
        """Error and result of a dry run at the timestamp of these bytes."""
        client.send(b"\x94\x00\x05" + pack("recommend") + b"\x91\x84" + pack("placement") + pack("hero")
                    + pack("dry_run") + b"\xc3" + pack("seed") + b"\x01" + pack("at") + raw_extension(-1, data))
        return client.receive()[2:]

    def test_timestamps_of_all_three_sizes_are_seconds(self):
        client = self.open()
        for size, moment in [(4, NOW), (8, NOW + 0.25), (12, NOW + 0.25)]:
            error, result = self.recommend_at(client, self.TIMESTAMPS[size])
            self.assertIsNone(error)
            self.assertEqual(result, client.recommend(dry_run=True, seed=1, at=moment))

    def test_timestamps_may_stand_in_free_maps(self):
        self.open().recommend(context={"since": msgpack.Timestamp(NOW)}, traits={"list": [msgpack.Timestamp(NOW, 5)]})

    def test_timestamps_that_are_none_are_refused(self):
        client = self.open()
        for data in [b"", b"1", b"12345", struct.pack(">Q", 1_000_000_000 << 34), struct.pack(">Iq", 1_000_000_000, 0),
                     struct.pack(">Iq", 0, -1), struct.pack(">Iq", 0, 2**62)]:
            self.assertRegex(self.recommend_at(client, data)[0], r"^INVALID: at: ")

    def test_other_types_are_refused_by_number_wherever_they_stand(self):
        client = self.open()
        for code in [0, 1, 42, 127, -2, -128]:
            for size in [1, 2, 4, 8, 16, 3, 300, 70000]:
                value = raw_extension(code, bytes(size))
                for where in ["customer", "count", "context", "exclude", "explain", "at"]:
                    client.send(b"\x94\x00\x05" + pack("recommend") + b"\x91\x82" + pack("placement") + pack("hero")
                                + pack(where) + value)
                    error = client.receive()[2]
                    self.assertRegex(error, rf"^INVALID: {where}: .*ext of type {code}$")
        client.send(b"\x94\x00\x05" + pack("recommend") + b"\x91\x82" + pack("placement") + pack("hero") + pack("context")
                    + b"\x81" + pack("deep") + b"\x91" + raw_extension(7, bytes(4)))
        self.assertRegex(client.receive()[2], r"^INVALID: context: .*ext of type 7( under 'deep')?$")

    def test_as_method_params_and_key(self):
        client = self.open()
        for message in [raw_extension(7, bytes(4)) + b"\x90", pack("recommend") + raw_extension(7, bytes(4)),
                        pack("recommend") + b"\x91" + raw_extension(7, bytes(4)),
                        pack("recommend") + b"\x91\x81" + raw_extension(7, bytes(4)) + b"\x01"]:
            client.send(b"\x94\x00\x05" + message)
            self.assertRegex(client.receive()[2], r"^INVALID: .*ext of type 7$")
        self.assertEqual(client.call("ping"), {"pong": True})


def raw_extension(code, data):
    """An extension of that type, in the shortest form."""
    fixed = {1: 0xd4, 2: 0xd5, 4: 0xd6, 8: 0xd7, 16: 0xd8}
    if len(data) in fixed:
        head = bytes([fixed[len(data)]])
    elif len(data) < 1 << 8:
        head = b"\xc7" + bytes([len(data)])
    elif len(data) < 1 << 16:
        head = b"\xc8" + struct.pack(">H", len(data))
    else:
        head = b"\xc9" + struct.pack(">I", len(data))
    return head + struct.pack("b", code) + data


class Methods(SharedDaemon):
    def test_the_other_methods_check_their_arguments_too(self):
        client = self.open()
        for method, arguments, name in [
                ("hello", {"client": 1}, "client"), ("hello", {"version": []}, "version"), ("hello", {"errors": 5}, "errors"),
                ("hello", {"errors": "xml"}, "errors"), ("hello", {"client": ""}, "client"), ("auth", {}, "token"),
                ("auth", {"token": 5}, "token"), ("stats", {"x": 1}, "x")]:
            self.assert_refused(client, rf"^INVALID: {name}: ", method=method, **arguments)

    def test_ping_takes_anything(self):
        client = self.open()
        for params in [[], [{}], {}, None, 5, "text", [1, 2, 3], [{"a": {"b": 1}}], b"\xff"]:
            client.send(pack([REQUEST, 5, "ping", params]))
            self.assertEqual(client.receive(), [RESPONSE, 5, None, {"pong": True}])


if __name__ == "__main__":
    unittest.main()
