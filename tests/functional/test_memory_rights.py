"""A customer's rights: access, portability, rectification, restriction, erasure with nothing left of them."""

import os
import shutil
import subprocess
import unittest

from harness import busy, small
from memory import DAY, MemoryCase, Remembering, ago, files_with, packed

SITE = small("""
offer "guide" { kind = "lead_magnet", title = "x" }
offer "personal" { kind = "demo", title = "x", personas = { "builder" } }
offer "few" { kind = "coupon", title = "x", stock = 2, placements = { "few" } }
""", placements="""
placement "hero" { count = 2, fallback = "house" }
placement "few" { count = 1, kinds = { "coupon" }, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""", personas__all='persona "builder" { name = "Bea", summary = "x", match = function(c) return c.traits.role == "builder" end }\n',
     journeys__walk='journey "walk" { model = "b2c", stage "first" {}, stage "second" { enter = { on = "download" } } }\n')
# A decision takes much longer than an erasure.
SLOW = small(strategies=busy(1000000))
SLOW_FLAGS = ("--deadline-ms", "10000", "--kill-after-ms", "600000")
MDB_DUMP = shutil.which("mdb_dump")


class Access(Remembering):
    site = SITE

    def live(self):
        """A customer with everything that there is to hold."""
        self.track("click", self.who + "-v", offer="guide", at=ago(2 * DAY))
        self.client.call("identify", anonymous=self.who + "-v", customer=self.who)
        self.set(self.who, traits={"role": "builder", "sizes": [1, 2.5, "L"], "home": {"city": "Vigo"}}, locale="es",
                 consents={"marketing": True, "profiling": False})
        self.track("download", self.who, value=3.5)
        decision = self.client.recommend(customer=self.who)["decision"]
        self.track("impression", self.who, offer="guide", decision=decision)
        self.track("conversion", self.who, offer="guide", value=10)
        self.track("dismiss", self.who, offer="personal")

    def test_access(self):
        self.live()
        profile = self.profile(self.who)
        self.assertEqual(profile.keys(), {"customer", "journey", "stage", "since", "persona", "locale", "traits", "consents",
                                          "restricted", "journeys", "counts", "offers"})
        self.assertEqual((profile["customer"], profile["journey"], profile["stage"]), (self.who, "walk", "second"))
        self.assertEqual(profile["traits"], {"role": "builder", "sizes": [1, 2.5, "L"], "home": {"city": "Vigo"}})
        self.assertEqual(profile["consents"], {"marketing": True, "profiling": False})
        self.assertEqual((profile["locale"], profile["persona"], profile["restricted"]), ("es", None, False))
        self.assertEqual(profile["journeys"], {"walk": {"stage": "second", "since": profile["since"]}})
        self.assertEqual(profile["counts"], {"click": 1, "download": 1, "impression": 1, "conversion": 1, "dismiss": 1})
        guide = dict(profile["offers"]["guide"])
        self.assertAlmostEqual(guide.pop("last"), ago(0), delta=60)
        self.assertEqual(guide, {"decisions": 1, "impressions": 1, "clicks": 1, "dismissals": 0, "conversions": 1})
        self.assertEqual(profile["offers"]["personal"]["dismissals"], 1)

    def test_portability(self):
        self.live()
        export = self.export(self.who)
        profile = self.profile(self.who)
        for field in ("customer", "traits", "persona", "locale", "restricted"):
            self.assertEqual(export[field], profile[field], field)
        self.assertEqual(export["aliases"], [self.who + "-v"])
        self.assertEqual({name: event["count"] for name, event in export["events"].items()}, profile["counts"])
        self.assertEqual(export["events"]["download"]["value"], 3.5)
        self.assertEqual({name: consent["granted"] for name, consent in export["consents"].items()}, profile["consents"])
        self.assertEqual(sorted((touch["offer"], touch["what"]) for touch in export["touches"]),
                         [("guide", "click"), ("guide", "conversion"), ("guide", "decision"), ("guide", "impression"),
                          ("personal", "decision"), ("personal", "dismissal")])
        self.assertEqual(sorted(moment["event"] for moment in export["moments"]), sorted(profile["counts"]))
        self.assertEqual([visit["stage"] for visit in export["visits"]], ["first"])

    def test_rectification(self):
        self.live()
        profile = self.set(self.who, traits={"role": None, "sizes": ["M"]}, persona="builder", stage="first",
                           consents={"marketing": False}, locale="en")
        self.assertEqual(profile, self.profile(self.who))
        self.assertEqual(profile["traits"], {"sizes": ["M"], "home": {"city": "Vigo"}})
        self.assertEqual((profile["persona"], profile["stage"], profile["locale"]), ("builder", "first", "en"))
        self.assertEqual(profile["consents"], {"marketing": False, "profiling": False})

    def test_nobody_knows_who_was_never_seen(self):
        for method in ("profile.get", "profile.export"):
            self.assert_refused(self.client, r"^NOT_FOUND: customer: ", method, customer=self.who)
        self.client.recommend(customer=self.who, dry_run=True)
        self.assert_refused(self.client, r"^NOT_FOUND: customer: ", "profile.get", customer=self.who)

    def restrict(self, restricted=True):
        return self.client.call("profile.restrict", customer=self.who, restricted=restricted)

    def test_of_the_restricted_nothing_is_used(self):
        self.live()
        self.restrict()
        for arguments in ({}, {"traits": {"role": "builder"}}, {"persona": "builder"}):
            decision = self.client.recommend(customer=self.who, **arguments)
            self.assertEqual((self.offer_ids(decision), decision["fallback"]), (["house"], "restricted"))
            self.assertEqual(decision["stage"], "first")

    def test_of_the_restricted_nothing_is_kept(self):
        self.live()
        self.restrict()
        before = self.export(self.who)
        answer = self.track("download", self.who, offer="guide")
        self.assertEqual((answer["accepted"], answer["duplicate"], answer["moved"]), (False, False, False))
        error, answers = self.client.ask("track", [{"event": "x", "customer": self.who + "-v"}])
        self.assertEqual((error, answers[0]["accepted"]), (None, False))
        self.assertRegex(answers[0]["error"], "^INVALID: customer: ")
        self.client.recommend(customer=self.who)
        self.assertEqual(self.export(self.who), before)

    def test_restricted_and_free_again(self):
        self.live()
        before = self.profile(self.who)
        self.assertIs(self.restrict()["restricted"], True)
        self.assertEqual(self.restrict(False), before)
        self.assertIn("personal", self.offer_ids(self.client.recommend(customer=self.who)))
        self.assertIs(self.track("x", self.who)["accepted"], True)

    def test_who_was_never_seen_may_ask_for_it_too(self):
        self.assertIs(self.restrict()["restricted"], True)
        self.assertIs(self.track("x", self.who)["accepted"], False)

    def test_the_restricted_may_still_see_and_correct(self):
        self.live()
        self.restrict()
        self.assertEqual(self.set(self.who, traits={"role": None})["traits"], {"sizes": [1, 2.5, "L"], "home": {"city": "Vigo"}})


class Erasure(MemoryCase):
    ID = "kunigunde-the-forgotten-one"
    ALIAS = "visitor-of-long-ago-4711"
    TRAIT = "trait-that-nobody-else-has-0815"
    SECRETS = (ID, ALIAS, TRAIT, "kunigunde@example.org", "secret-event-name", "secret-event-id", "secret-context-of-hers")

    def live(self, customer=ID, alias=ALIAS):
        self.track("download", alias, id="secret-event-id-of-before")
        self.client.recommend(customer=alias, context={"note": "secret-context-of-hers"})
        self.client.call("identify", anonymous=alias, customer=customer)
        self.set(customer, traits={"mail": "kunigunde@example.org", "deep": {"er": [self.TRAIT]}}, consents={"marketing": True})
        for number in range(20):
            self.track("secret-event-name", customer, id=f"secret-event-id-{number}", properties={"note": self.TRAIT})
            decision = self.client.recommend(customer=customer, traits={"more": self.TRAIT}, context={"note": "secret-context-of-hers"})
            self.track("click", customer, offer="guide", placement="hero", decision=decision["decision"])
        return decision["decision"]

    def erase(self, customer=ID):
        return self.client.call("profile.erase", customer=customer)

    def live_bytes(self, state):
        if MDB_DUMP is None:
            self.skipTest("mdb_dump of lmdb-utils is not installed: what is live in the store can't be listed")
        return subprocess.run([MDB_DUMP, state], check=True, capture_output=True).stdout

    def assert_in_store(self, state, secret, expected):
        dump = self.live_bytes(state)
        self.assertEqual(secret.encode().hex().encode() in dump, expected, secret)

    def test_the_receipt(self):
        self.remember(SITE)
        self.live()
        receipt = self.erase()
        self.assertEqual((receipt["customer"], receipt["erased"]), (self.ID, True))
        removed = receipt["removed"]
        self.assertEqual((removed["aliases"], removed["consents"], removed["traits"], removed["journeys"]), (1, 1, 1, 1))
        self.assertEqual(removed["counts"], {"download": 1, "secret-event-name": 20, "click": 20})
        self.assertEqual(removed["events"], 41)
        self.assertEqual(removed["decisions"], 21 * 2)

    def test_erased_is_unknown_under_every_name(self):
        self.remember(SITE)
        self.live()
        self.erase(self.ALIAS)
        for customer in (self.ID, self.ALIAS):
            self.assert_refused(self.client, r"^NOT_FOUND: customer: ", "profile.get", customer=customer)
            self.assertIs(self.client.recommend(customer=customer, dry_run=True)["known"], False)
        again = self.erase()
        self.assertEqual((again["removed"]["events"], again["removed"]["aliases"]), (0, 0))

    def test_who_was_erased_may_begin_anew(self):
        self.remember(SITE)
        self.live()
        self.erase()
        self.assertIs(self.track("x", self.ID, id="secret-event-id-1")["duplicate"], False)
        self.assertEqual(self.profile(self.ID)["counts"], {"x": 1})
        self.assertEqual(self.export(self.ID)["aliases"], [])
        self.track("x", self.ALIAS)
        self.assertEqual(self.profile(self.ALIAS)["customer"], self.ALIAS)

    def test_no_byte_is_left_in_the_stores_live_data(self):
        daemon = self.remember(SITE)
        self.live()
        for secret in (self.ID, self.ALIAS, self.TRAIT, "kunigunde@example.org"):
            self.assert_in_store(daemon.state, secret, True)
        self.erase()
        for secret in self.SECRETS:
            self.assert_in_store(daemon.state, secret, False)

    def test_no_byte_is_left_in_the_decision_log(self):
        daemon = self.remember(SITE)
        self.live()
        log = os.path.join(daemon.state, "decisions")
        for secret in (self.ID, self.ALIAS, self.TRAIT, "secret-context-of-hers"):
            self.assertTrue(files_with(log, secret.encode()), secret)
        self.erase()
        for secret in self.SECRETS:
            self.assertEqual(files_with(log, secret.encode()), [], secret)

    def test_no_byte_comes_back_with_a_decision_that_was_under_way(self):
        """By many connections, so that most of the decisions are taken by one worker and the erasure goes through another."""
        daemon = self.remember(SLOW, workers=2, flags=SLOW_FLAGS)
        names = [f"{self.ID}-{number}" for number in range(8)]
        for name in names:
            self.set(name, traits={"deep": self.TRAIT})
        for name in names:
            asking = self.client_to(daemon)
            asking.send(packed("recommend", {"placement": "hero", "customer": name}, 1))
            self.erase(name)
            self.assertIsNone(asking.receive()[2])
            asking.close()
        self.assert_stops(daemon)
        for secret in (self.ID, self.TRAIT):
            self.assertEqual(files_with(os.path.join(daemon.state, "decisions"), secret.encode()), [], secret)

    def test_no_byte_is_left_in_any_file_after_the_next_start(self):
        state = self.folder()
        daemon = self.remember(SITE, state=state)
        self.live()
        self.erase()
        self.assert_stops(daemon)
        self.remember(SITE, state=state)
        for secret in self.SECRETS:
            self.assertEqual(files_with(state, secret.encode()), [], secret)
        self.assertEqual(self.figures("second"), (1, 0, 1, 0))

    def test_no_note_is_left_when_the_log_is_given_up(self):
        state = self.folder()
        daemon = self.remember(SITE, state=state)
        self.live()
        self.settle()
        segment, = os.listdir(os.path.join(state, "decisions"))
        segment = os.path.join(state, "decisions", segment)
        os.unlink(segment)
        os.mkdir(segment)  # can't be erased from
        self.assert_refused(self.client, "^UNAVAILABLE: erased from the store, but not yet from the log", "profile.erase", customer=self.ID)
        self.assert_in_store(state, self.ID, True)
        self.assert_stops(daemon)
        os.rmdir(segment)
        self.remember(SITE, state=state, flags=("--log-bytes", "0"))
        self.settle()
        for secret in self.SECRETS:
            self.assert_in_store(state, secret, False)

    def test_no_receipt_while_something_is_left_of_a_log_that_is_given_up(self):
        state = self.folder()
        daemon = self.remember(SITE, state=state)
        self.live()
        self.settle()
        self.assert_stops(daemon)
        log = os.path.join(state, "decisions")
        stuck = os.path.join(log, "00000000000000000001.log")
        os.mkdir(stuck)  # can't be deleted
        daemon = self.remember(SITE, state=state, flags=("--log-bytes", "0"))
        self.assertEqual(os.listdir(log), [os.path.basename(stuck)])
        self.assert_refused(self.client, "^UNAVAILABLE: erased from the store, but not yet from the log", "profile.erase", customer=self.ID)
        self.assert_in_store(state, self.ID, True)
        os.rmdir(stuck)
        with open(stuck, "wb") as segment:
            segment.write(b"whatever kept it there")
        self.assertTrue(self.erase()["erased"])
        self.assertEqual(os.listdir(log), [])
        self.assert_stops(daemon)
        self.assert_in_store(state, self.ID, False)

    def test_the_decision_itself_stays_without_the_person(self):
        self.remember(SITE)
        decision = self.live()
        before = self.client.call("explain", decision=decision)
        self.assertEqual(before["customer"], self.ID)
        self.erase()
        told = self.client.call("explain", decision=decision)
        self.assertIsNone(told["customer"])
        self.assertEqual(self.offer_ids(told), self.offer_ids(before))
        self.assertNotIn("secret", repr(told))

    def test_others_are_left_alone(self):
        daemon = self.remember(SITE)
        self.live()
        self.track("download", self.ID + "-2")
        self.set(self.ID + "-2", traits={"mine": "somebody-else"})
        self.client.recommend(customer=self.ID + "-2")
        before = self.export(self.ID + "-2")
        self.erase()
        self.assertEqual(self.export(self.ID + "-2"), before)
        self.assert_in_store(daemon.state, "somebody-else", True)

    def test_the_map_is_not_rewritten(self):
        self.remember(SITE)
        self.live()
        before = self.stages_of_map()
        self.erase()
        after = self.stages_of_map()
        for name, stage in before.items():
            self.assertEqual(after[name]["offers"], stage["offers"])
            self.assertEqual((after[name]["entered"], after[name]["advanced"]), (stage["entered"], stage["advanced"]))
        self.assertEqual((before["second"]["inside"], before["second"]["dropped"]), (1, 0))
        self.assertEqual((after["second"]["inside"], after["second"]["dropped"]), (0, 1))

    def test_what_was_reserved_is_free_again(self):
        self.remember(SITE)
        for _ in range(2):
            self.client.recommend("few", customer=self.ID)
        self.assertEqual(self.gate("few", placement="few"), "stock")
        self.erase()
        self.assertIsNone(self.gate("few", placement="few"))

    def test_what_was_seen_stays_given(self):
        self.remember(SITE)
        for _ in range(2):
            decision = self.client.recommend("few", customer=self.ID)["decision"]
            self.track("impression", self.ID, decision=decision, offer="few")
        self.erase()
        self.assertEqual(self.gate("few", placement="few"), "stock")


if __name__ == "__main__":
    unittest.main()
