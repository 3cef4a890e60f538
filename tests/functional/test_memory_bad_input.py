"""What cannot be is refused with the field's name, and nobody can fill memory or disk with one customer."""

import os
import unittest

from harness import small
from memory import DAY, Remembering, ago, packed
from rpc import pack

SITE = small('offer "guide" { kind = "lead_magnet", title = "x" }\n',
             personas__all='persona "builder" { name = "Bea", summary = "x" }\n',
             journeys__walk='journey "walk" { model = "b2c", stage "first" {}, stage "second" { enter = '
                            '{ on = "view", where = { section = "pricing" }, times = 1000, within = "7d" } } }\n')
NOT_TEXT = (5, 1.5, True, [], ["x"], {}, {"a": 1})
NOT_A_NUMBER = ("5", True, [], {}, float("nan"), float("inf"), -float("inf"))
NOT_A_MAP = ("x", 5, True, ["x"])


class Fields(Remembering):
    site = SITE

    def assert_invalid(self, method, field, values, **others):
        others = dict({"customer": self.who}, **others)
        for value in values:
            with self.subTest(method=method, field=field, value=value):
                error, result = self.client.ask(method, dict(others, **{field: value}))
                self.assertIsNone(result)
                self.assertRegex(error, f"^INVALID: {field}: ")

    def assert_missing(self, method, field, **others):
        self.assert_refused(self.client, f"^INVALID: {field}: missing", method, **others)

    def test_texts_of_track(self):
        for field, most in (("event", 64), ("customer", 128), ("id", 128), ("decision", 160), ("offer", 64), ("placement", 64),
                            ("touchpoint", 64)):
            self.assert_invalid("track", field, NOT_TEXT + ("", "x" * (most + 1), "ñ" * (most // 2 + 1), b"\xff"),
                                **({} if field == "event" else {"event": "x"}))
        self.assert_missing("track", "event", customer=self.who)

    def test_numbers_of_track(self):
        for field in ("value", "at"):
            self.assert_invalid("track", field, NOT_A_NUMBER + (-1, -0.001, 1e300), event="x")

    def test_absurd_times(self):
        self.assert_invalid("track", "at", (-62135596800, 0, 1, 946684799, 253402300799, 253402300800, 1e15, ago(-DAY - 60),
                                            ago(-10 * 365 * DAY), 2 ** 63, 2 ** 64 - 1), event="x")
        self.assert_refused(self.client, "^NOT_FOUND: ", "profile.get", customer=self.who)
        self.track("x", self.who, at=946684800)
        self.track("x", self.who, at=ago(-DAY + 60))
        self.assertEqual(self.profile(self.who)["counts"], {"x": 2})

    def test_properties(self):
        self.assert_invalid("track", "properties", NOT_A_MAP + ({f"k{number}": 1 for number in range(257)}, {"k": float("nan")},
                                                                {"k": b"\xff"}), event="x")
        self.client.send(packed("track", {"event": "x", "customer": self.who, "properties": {5: 1}}, 1))
        self.assertRegex(self.client.receive()[2], "^INVALID: properties: ")

    def test_unknown_fields_with_the_nearest_name(self):
        for wrong, right in (("evnt", "event"), ("custommer", "customer"), ("propertys", "properties"), ("offerr", "offer")):
            self.assert_refused(self.client, f"^INVALID: {wrong}: unknown argument of track; did you mean '{right}'", "track",
                                **{"event": "x", wrong: "y"})

    def test_fields_given_twice(self):
        self.client.send(b"\x94\x00\x01\xa5track\x91\x82\xa5event\xa1x\xa5event\xa1y")
        self.assertRegex(self.client.receive()[2], "^INVALID: event: given twice")

    def test_identify(self):
        for field in ("anonymous", "customer"):
            self.assert_invalid("identify", field, NOT_TEXT + ("", "x" * 129, b"\xff"),
                                **({} if field == "anonymous" else {"anonymous": "v"}))
            self.assert_missing("identify", field, **{"anonymous" if field == "customer" else "customer": "v"})

    def test_customers_of_profiles(self):
        for method in ("profile.get", "profile.set", "profile.erase", "profile.export"):
            self.assert_invalid(method, "customer", NOT_TEXT + ("", "x" * 129, b"\xff"))
            self.assert_missing(method, "customer")

    def test_restrict(self):
        self.assert_invalid("profile.restrict", "restricted", ("true", 1, 0, [], {}))
        self.assert_missing("profile.restrict", "restricted", customer=self.who)

    def test_set(self):
        for field, values in (("traits", NOT_A_MAP + ({"k": float("inf")}, {"k": "x" * 20000})),
                              ("consents", NOT_A_MAP + ({"marketing": 1}, {"marketing": "yes"}, {"": True}, {"x" * 65: True},
                                                        {f"k{number}": True for number in range(257)})),
                              ("persona", NOT_TEXT + ("", "bilder", "x" * 65)), ("stage", NOT_TEXT + ("", "secnd", "x" * 129)),
                              ("locale", NOT_TEXT + ("", "x" * 36))):
            self.assert_invalid("profile.set", field, values)
        self.assert_invalid("profile.set", "journey", NOT_TEXT + ("", "wlak", "x" * 65), stage="first")
        self.assert_refused(self.client, "^INVALID: journey: only taken with stage", "profile.set", customer=self.who, journey="walk")
        self.assert_refused(self.client, "did you mean 'second'", "profile.set", customer=self.who, stage="secnd")
        self.assert_refused(self.client, "^NOT_FOUND: ", "profile.get", customer=self.who)

    def test_nothing_of_a_refused_command_is_kept(self):
        self.set(self.who, traits={"city": "Vigo"})
        before = self.export(self.who)
        for arguments in ({"traits": {"size": 1}, "stage": "nowhere"}, {"traits": {"size": 1}, "consents": {"marketing": 5}},
                          {"consents": {"marketing": True}, "traits": {"k": "x" * 20000}}):
            self.assertIsNotNone(self.client.ask("profile.set", dict(arguments, customer=self.who))[0])
        self.assertEqual(self.export(self.who), before)

    def test_a_decision_of_another_customer(self):
        decision = self.client.recommend(customer=self.who)["decision"]
        other = self.who + "-other"
        for event in ("impression", "click", "x"):
            self.assert_refused(self.client, "^INVALID: decision: ", "track", event=event, customer=other, decision=decision,
                                offer="guide")
        self.assert_refused(self.client, "^NOT_FOUND: ", "profile.get", customer=other)
        self.assertIs(self.track("impression", self.who, decision=decision, offer="guide")["accepted"], True)

    def test_decisions_that_never_were_are_taken_as_they_are(self):
        self.assertIs(self.track("click", self.who, decision="AAZg1SwC3HL9OkHxEjhF02ZlOTA", offer="guide")["accepted"], True)
        self.assertIs(self.track("click", self.who, decision="AAZg1SwC3HL9OkHxEjhF02ZlOTA")["accepted"], True)
        for decision in ("nonsense", "x" * 160):
            self.assert_refused(self.client, "^INVALID: decision: ", "track", event="click", customer=self.who, decision=decision,
                                offer="guide")

    def test_an_offer_that_was_not_in_the_decision(self):
        decision = self.client.recommend(customer=self.who)
        for offer in ("tool", "no-such-offer"):
            self.assert_refused(self.client, "^INVALID: offer: ", "track", event="click", customer=self.who,
                                decision=decision["decision"], offer=offer)

    def test_the_longest_names_are_kept_whole(self):
        customer, event = "ñ" * 64, "ü" * 32
        self.track(event, customer, offer="ó" * 32)
        profile = self.profile(customer)
        self.assertEqual((profile["customer"], profile["counts"]), (customer, {event: 1}))

    def test_strange_names_are_kept_as_they_are(self):
        for name in ("a\0b", "../../etc/passwd", "'; drop", "\u202e", "%s%n"):
            customer = self.who + name
            self.track(name, customer, id=name, properties={name: name})
            self.assertEqual(self.profile(customer)["counts"], {name: 1})


class Bounds(Remembering):
    """However many different things are told of one customer, what is kept of them stays small."""

    site = SITE
    EXPORT_MOST = 2 * 1024 * 1024  # bytes of everything that the store holds of one customer, as the client gets it
    STORE_MOST = 32 * 1024 * 1024  # bytes of the store's file

    def pipeline(self, events, width=64):
        """Sends all these events and hears the answers, some on their way at any time."""
        sent = heard = 0
        for number, event in enumerate(events):
            self.client.send(packed("track", dict(event, customer=self.who), number))
            sent += 1
            if sent - heard == width:
                self.assert_accepted(self.client.receive())
                heard += 1
        for _ in range(sent - heard):
            self.assert_accepted(self.client.receive())

    def assert_accepted(self, message):
        self.assertIsNone(message[2])
        self.assertIs(message[3]["accepted"], True)

    def assert_bounded(self):
        export = self.export(self.who)
        self.assertLess(len(pack(export)) - len(pack(export["decisions"])), self.EXPORT_MOST)
        self.assertLess(os.stat(os.path.join(self.daemon.state, "data.mdb")).st_size, self.STORE_MOST)
        return export

    def test_a_million_different_properties(self):
        self.pipeline({"event": "view", "properties": {f"key-{256 * number + part}": part for part in range(256)}}
                      for number in range(3907))
        export = self.assert_bounded()
        self.assertLess(len(pack(export)), 8192)
        self.assertEqual(export["events"]["view"]["count"], 3907)

    def test_thousands_of_different_events(self):
        self.pipeline({"event": f"event-{number}"} for number in range(10000))
        events = self.assert_bounded()["events"]
        self.assertLessEqual(len(events), 129)
        self.assertEqual(sum(event["count"] for event in events.values()), 10000)

    def test_thousands_of_different_offers(self):
        self.pipeline({"event": "click", "offer": f"offer-{number}", "placement": f"placement-{number}"} for number in range(10000))
        export = self.assert_bounded()
        self.assertLessEqual(len(export["offers"]), 512)
        self.assertLessEqual(len(export["touches"]), 4096)

    def test_thousands_of_the_same(self):
        self.pipeline({"event": "impression", "offer": "guide", "at": ago(number)} for number in range(10000))
        export = self.assert_bounded()
        self.assertLessEqual(len(export["touches"]), 4096)
        self.assertEqual(export["offers"]["guide"]["impressions"], 10000)

    def test_thousands_of_decisions_that_nobody_saw(self):
        for _ in range(2000):
            self.client.recommend(customer=self.who)
        export = self.assert_bounded()
        self.assertLessEqual(len(export["reservations"]), 512)
        self.assertEqual(export["offers"]["guide"]["decisions"], 2000)
        self.assertEqual(len(export["decisions"]), 2000)

    def test_traits_have_an_end(self):
        refused = 0
        for number in range(400):
            error, _ = self.client.ask("profile.set", {"customer": self.who, "traits": {f"key-{number}": "x" * 100}})
            if error is not None:
                self.assertRegex(error, "^INVALID: traits: ")
                refused += 1
        self.assertGreater(refused, 200)
        self.assertLess(len(pack(self.export(self.who)["traits"])), 16 * 1024 + 1)
        self.assert_bounded()

    def test_consents_have_an_end(self):
        for number in range(1000):
            self.set(self.who, consents={f"consent-{number}": number % 2 == 0})
        self.assertLessEqual(len(self.assert_bounded()["consents"]), 256)

    def test_other_names_have_an_end(self):
        answers = [self.client.ask("identify", {"anonymous": f"{self.who}-{number}", "customer": self.who})[0] for number in range(260)]
        self.assertEqual(answers[:256], [None] * 256)
        for error in answers[256:]:
            self.assertRegex(error, "^INVALID: customer: ")
        self.assertEqual(len(self.assert_bounded()["aliases"]), 256)


if __name__ == "__main__":
    unittest.main()
