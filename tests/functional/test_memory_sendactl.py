"""sendactl about the memory: track, identify, profile, map, explain and log, for people and as JSON."""

import csv
import datetime
import io
import json
import unittest

from harness import small
from memory import Remembering
from test_recommend_dry_run import LOTTERY
from test_sendactl import NO, OK, REFUSED, USAGE, sendactl

SITE = small('offer "guide" { kind = "lead_magnet", title = "The guide" }\noffer "letter" { kind = "demo", title = "x", consent = "marketing" }\n',
             journeys__walk='journey "walk" { model = "b2c", stage "first" { names = { es = "primera" } }, '
                            'stage "second" { names = { es = "segunda" }, enter = { on = "download", where = { kind = "lead_magnet" } } } }\n')


class Commands(Remembering):
    site = SITE

    def run_on(self, *arguments, code=OK):
        got, output, errors = sendactl(*arguments, "--connect", self.daemon.address)
        self.assertEqual((got, errors), (code, ""), output)
        return output

    def refused(self, pattern, *arguments, code=REFUSED):
        got, output, errors = sendactl(*arguments, "--connect", self.daemon.address)
        self.assertEqual((got, output), (code, ""))
        self.assertRegex(errors, pattern)

    def json(self, *arguments):
        return json.loads(self.run_on(*arguments, "--json"))

    def log(self, *arguments, code=OK):
        self.settle()
        got, output, errors = sendactl("log", "--state", self.daemon.state, "--customer", self.who, *arguments)
        self.assertEqual((got, errors), (code, ""))
        return output

    def test_track(self):
        said = self.run_on("track", "download", "--customer", self.who, "--property", "kind=lead_magnet", "--id", "e1")
        self.assertRegex(said, rf"(?m)^kept.*\n{self.who} .*second.* walk")
        self.assertRegex(self.run_on("track", "download", "--customer", self.who, "--id", "e1"), r"already|before|duplicate|once")
        answer = self.json("track", "click", "--customer", self.who, "--offer", "guide", "--at", "5d", "--value", "2.5",
                           "--placement", "hero", "--touchpoint", "mail")
        self.assertEqual((answer["accepted"], answer["stage"]), (True, "second"))
        profile = self.profile(self.who)
        self.assertEqual((profile["counts"], profile["offers"]["guide"]["clicks"]), ({"download": 1, "click": 1}, 1))

    def test_track_that_is_refused(self):
        self.refused(r"INVALID: at: ", "track", "x", "--customer", self.who, "--at", "2099-01-01")
        self.refused(r"INVALID: customer: ", "track", "x", "--customer", "x" * 129)
        self.refused(r"(?s)^sendactl track: ", "track", "x", "--value", "much", code=USAGE)
        self.refused(r"(?s)^sendactl track: ", "track", code=USAGE)

    def test_track_of_the_restricted_says_no(self):
        self.run_on("profile", "restrict", self.who)
        self.assertRegex(self.run_on("track", "x", "--customer", self.who, code=NO), r"not kept: .*restricted")
        self.assertIs(json.loads(self.run_on("track", "x", "--customer", self.who, "--json", code=NO))["accepted"], False)
        self.run_on("profile", "restrict", self.who, "--off")
        self.run_on("track", "x", "--customer", self.who)

    def test_identify(self):
        self.track("x", self.who + "-v")
        self.assertIn("one person", self.run_on("identify", self.who + "-v", self.who))
        self.assertIs(self.json("identify", self.who + "-v", self.who)["merged"], False)
        self.refused(r"INVALID: anonymous", "identify", self.who, self.who)

    def test_profile(self):
        said = self.run_on("profile", "set", self.who, "--trait", "size=3", "--trait", "city=Vigo", "--consent", "marketing",
                           "--consent", "profiling=no", "--stage", "segunda", "--locale", "es")
        self.assertRegex(said, r"(?m)^Where +second on the journey walk")
        self.assertEqual(self.run_on("profile", "get", self.who), said)
        profile = self.json("profile", "get", self.who)
        self.assertEqual(profile, self.profile(self.who))
        self.assertEqual((profile["traits"], profile["consents"], profile["locale"]),
                         ({"size": 3, "city": "Vigo"}, {"marketing": True, "profiling": False}, "es"))
        self.assertEqual(self.json("profile", "set", self.who, "--remove", "size")["traits"], {"city": "Vigo"})
        self.assertEqual(json.loads(self.run_on("profile", "export", self.who)), self.export(self.who))

    def test_profile_export_has_every_decision(self):
        asked = [self.client.recommend(customer=self.who, context={"number": number})["decision"] for number in range(3)]
        said = self.run_on("profile", "export", self.who)
        self.assertRegex(said, r'(?m)^  "decisions": \[\n    \{\n      "decision": "' + asked[0] + '",$')
        for export in (json.loads(said), self.json("profile", "export", self.who)):
            self.assertEqual([one["decision"] for one in export["decisions"]], asked)
            self.assertEqual([one["request"]["context"] for one in export["decisions"]], [{"number": number} for number in range(3)])

    def test_profile_of_nobody(self):
        for command in ("get", "export"):
            self.refused(r"NOT_FOUND: customer: ", "profile", command, self.who)
        self.refused(r"INVALID: stage: .*second", "profile", "set", self.who, "--stage", "secnd")

    def test_erase_wants_to_be_meant(self):
        self.track("x", self.who)
        self.refused(r"--yes", "profile", "erase", self.who, code=USAGE)
        self.assertEqual(self.profile(self.who)["counts"], {"x": 1})
        self.assertRegex(self.run_on("profile", "erase", self.who, "--yes"), r"(?m)^erased +yes")
        self.refused(r"NOT_FOUND", "profile", "get", self.who)
        self.assertEqual(self.json("profile", "erase", self.who, "--yes")["removed"]["events"], 0)

    def test_map(self):
        self.track("x", self.who)
        said = self.run_on("map")
        self.assertRegex(said, r"(?m)^walk, from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, days of UTC$")
        self.assertRegex(said, r"(?m)^first +[1-9]\d* ")
        self.assertRegex(self.run_on("map", "walk", "--locale", "es", "--from", "2d"), r"(?m)^primera +[1-9]")
        self.assertEqual(self.json("map"), self.client.call("journey.map"))
        self.assertEqual(self.json("map", "--from", "2026-01-01", "--to", "2026-01-31")["to"], "2026-01-31")
        self.refused(r"INVALID: journey: .*walk", "map", "wlak")

    def test_explain(self):
        decision = self.client.recommend(customer=self.who, explain=True)
        told = self.json("explain", decision["decision"])
        self.assertEqual(told, self.client.call("explain", decision=decision["decision"]))
        self.assertEqual(told["trace"], decision["trace"])
        said = self.run_on("explain", decision["decision"])
        self.assertRegex(said, rf"(?m)^Who +{self.who}")
        self.assertRegex(said, r"(?m)^letter +consent .*marketing")
        self.refused(r"NOT_FOUND: decision: ", "explain", "never-was")

    def test_log(self):
        decisions = [self.client.recommend(customer=self.who, context={"page": number})["decision"] for number in range(5)]
        self.client.recommend(customer=self.who, dry_run=True)
        records = [json.loads(line) for line in self.log().splitlines()]
        self.assertEqual([record["decision"] for record in records], decisions)
        for number, record in enumerate(records):
            self.assertEqual((record["customer"], record["placement"], record["stage"], record["erased"]),
                             (self.who, "hero", "first", False))
            self.assertEqual([item["offer"] for item in record["items"]], ["guide"])
            self.assertEqual(record["request"]["context"], {"page": number})
        self.assertEqual(self.log("--offer", "letter"), "")
        rows = list(csv.DictReader(io.StringIO(self.log("--csv"))))
        self.assertEqual([row["decision"] for row in rows], decisions)
        self.assertEqual({row["offer"] for row in rows}, {"guide"})
        for line in self.log("--no-personal").splitlines():
            self.assertNotIn(self.who, line)

    def test_log_after_erasure(self):
        self.client.recommend(customer=self.who, traits={"note": self.who})
        self.run_on("profile", "erase", self.who, "--yes")
        self.assertEqual(self.log(), "")
        got, output, _ = sendactl("log", "--state", self.daemon.state)
        self.assertEqual(got, OK)
        self.assertNotIn(self.who + '"', output)
        self.assertTrue(any(json.loads(line)["erased"] for line in output.splitlines()))


class Again(Remembering):
    """With what the log says of clock and seed, a decision by lot can be taken once more."""

    site = LOTTERY

    def test_logged_decisions_can_be_taken_again(self):
        taken = [self.client.recommend("hero", context={"page": number}) for number in range(20)]
        self.settle()
        got, output, errors = sendactl("log", "--state", self.daemon.state)
        self.assertEqual((got, errors), (OK, ""))
        records = [json.loads(line) for line in output.splitlines()]
        self.assertEqual(sorted(record["decision"] for record in records), sorted(answer["decision"] for answer in taken))
        for answer in taken:
            record = next(record for record in records if record["decision"] == answer["decision"])
            at = datetime.datetime.fromisoformat(record["time"].replace("Z", "+00:00")).timestamp()
            again = self.client.recommend(**record["request"], dry_run=True, at=at, seed=int(record["seed"]))
            self.assertEqual(again, answer)


if __name__ == "__main__":
    unittest.main()
