"""Which offers a customer may see at all, and how `explain` names the gate that stopped each of the others."""

import datetime
import unittest

from harness import SharedDaemon, small

DAY = 86400


def seconds(text):
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp())


class Gates(SharedDaemon):
    allows_running = False
    site = small(
        offers="""
offer "open" { kind = "article", title = "For everyone" }
offer "for-second" { kind = "article", title = "x", stages = { "second" } }
offer "for-first-or-third" { kind = "article", title = "x", stages = { "first", "third" } }
offer "for-walk-third" { kind = "article", title = "x", stages = { "walk/third" } }
offer "for-zip" { kind = "article", title = "x", journeys = { "zip" } }
offer "for-ana" { kind = "article", title = "x", personas = { "ana" } }
offer "for-both" { kind = "article", title = "x", personas = { "ana", "bea" } }
offer "sidebar-only" { kind = "article", title = "x", placements = { "sidebar" } }
offer "a-video" { kind = "video", title = "x" }
offer "spanish-only" { kind = "article", title = { es = "Sólo en español" }, locales = { "es" } }
offer "christmas" { kind = "article", title = "x", starts = "2026-12-01", ends = "2026-12-31" }
offer "one-hour" { kind = "article", title = "x", starts = "2026-06-01 10:00", ends = "2026-06-01 11:00" }
offer "with-consent" { kind = "article", title = "x", consent = "marketing" }
offer "with-other-consent" { kind = "article", title = "x", consent = "profiling" }
""",
        journeys__zip='journey "zip" { model = "b2b", stage "third" { offers = { "article" } }, stage "rest" { no_offer = '
                      '{ en = "They rest.", es = "Descansan." } } }\n',
        personas__all='persona "ana" { name = "Ana", summary = "x" }\npersona "bea" { name = "Bea", summary = "x" }\n',
        placements="""
placement "hero" { count = 50, kinds = { "article" }, fallback = "house" }
placement "sidebar" { count = 50, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""")

    def ask(self, placement="hero", at="2026-03-01 12:00", **arguments):
        return self.client.recommend(placement, dry_run=True, explain=True, at=seconds(at), seed=1, **arguments)

    def setUp(self):
        self.client = self.open()

    def gates(self, decision):
        """Gate of each offer in the trace, of those chosen None; the placement's fallback is left aside."""
        return {entry["offer"]: entry["gate"] for entry in decision["trace"] if entry["offer"] != "house"}

    def assert_shown(self, offer, **arguments):
        decision = self.ask(**arguments)
        self.assertIn(offer, self.offers(decision))
        self.assertIsNone(self.gates(decision)[offer])

    def assert_stopped(self, offer, gate, because, **arguments):
        decision = self.ask(**arguments)
        self.assertNotIn(offer, self.offers(decision))
        self.assertEqual(self.gates(decision)[offer], gate)
        reason = next(entry["because"] for entry in decision["trace"] if entry["offer"] == offer)
        self.assertRegex(reason, because)
        entry = next(entry for entry in decision["trace"] if entry["offer"] == offer)
        self.assertEqual((entry["score"], entry["propensity"]), (0, 0))

    def test_an_offer_without_restrictions_is_shown_everywhere(self):
        for stage in ["first", "second", "third"]:
            for placement in ["hero", "sidebar"]:
                self.assert_shown("open", stage=stage, placement=placement)

    def test_stage(self):
        self.assert_shown("for-second", stage="second")
        self.assert_stopped("for-second", "stage", "first.*second", stage="first")
        self.assert_shown("for-first-or-third", stage="third")
        self.assert_stopped("for-first-or-third", "stage", "first, third", stage="second")

    def test_a_stage_of_one_journey(self):
        self.assert_shown("for-walk-third", stage="third")
        self.assert_stopped("for-walk-third", "stage", ".", journey="zip", stage="third")
        self.assert_shown("for-first-or-third", journey="zip", stage="third")

    def test_journey(self):
        self.assert_shown("for-zip", journey="zip", stage="third")
        self.assert_stopped("for-zip", "stage", ".", stage="third")

    def test_kinds_of_a_stage(self):
        self.assert_shown("a-video", placement="sidebar", stage="third")
        self.assert_stopped("a-video", "stage", "kind 'video'", placement="sidebar", journey="zip", stage="third")

    def test_placement(self):
        self.assert_shown("sidebar-only", placement="sidebar")
        self.assertNotIn("sidebar-only", self.gates(self.ask("hero")))

    def test_kinds_of_a_placement(self):
        self.assert_shown("a-video", placement="sidebar")
        self.assert_stopped("a-video", "placement", "kind 'video'", placement="hero")

    def test_persona(self):
        self.assert_shown("for-ana", persona="ana")
        self.assert_stopped("for-ana", "persona", "'bea'.* ana", persona="bea")
        self.assert_stopped("for-ana", "persona", "unknown", persona=None)
        self.assert_shown("for-both", persona="bea")
        self.assertEqual(self.ask(persona="bea")["persona"], "bea")
        self.assertIsNone(self.ask()["persona"])

    def test_locale(self):
        self.assert_shown("spanish-only", locale="es")
        self.assert_stopped("spanish-only", "locale", "'en'.* es", locale="en")

    def test_dates_are_those_of_the_sites_clock_and_the_last_day_counts(self):
        self.assert_stopped("christmas", "dates", "starts 2026-12-01", at="2026-11-30 23:59:59")
        self.assert_shown("christmas", at="2026-12-01 00:00:00")
        self.assert_shown("christmas", at="2026-12-31 23:59:59")
        self.assert_stopped("christmas", "dates", "ended 2027-01-01", at="2027-01-01 00:00:00")

    def test_hours(self):
        self.assert_stopped("one-hour", "dates", "starts", at="2026-06-01 09:59:59")
        self.assert_shown("one-hour", at="2026-06-01 10:00:00")
        self.assert_shown("one-hour", at="2026-06-01 10:59:59")
        self.assert_stopped("one-hour", "dates", "ended", at="2026-06-01 11:00:00")

    def test_dates_back_and_forth_are_found_again(self):
        for _ in range(3):
            for at, shown in [("2026-06-01 10:30", True), ("2026-06-01 12:00", False), ("2026-06-01 09:00", False),
                              ("2025-01-01 00:00", False), ("2026-06-01 10:00", True)]:
                self.assertEqual("one-hour" in self.offers(self.ask(at=at)), shown, at)

    def test_consent(self):
        self.assert_stopped("with-consent", "consent", "'marketing'")
        self.assert_stopped("with-consent", "consent", "'marketing'", consents={"marketing": False})
        self.assert_stopped("with-consent", "consent", "'marketing'", consents={"profiling": True})
        self.assert_shown("with-consent", consents={"marketing": True})
        self.assert_shown("with-other-consent", consents={"marketing": False, "profiling": True})

    def test_exclude(self):
        self.assert_stopped("open", "excluded", "excluded", exclude=["open"])
        self.assert_stopped("for-both", "excluded", ".", exclude=["open", "for-both"], persona="ana")
        self.assert_shown("open", exclude=["open-", "no-such-offer", "house"])
        self.assert_shown("open", exclude=[])

    def test_a_thousand_exclusions(self):
        decision = self.ask(exclude=[f"other-{number}" for number in range(2000)] + ["open"] * 2000)
        self.assertNotIn("open", self.offers(decision))

    def test_the_first_gate_is_named(self):
        self.assert_stopped("for-second", "stage", ".", stage="first", exclude=["for-second"])
        self.assert_stopped("a-video", "placement", ".", exclude=["a-video"])
        self.assert_stopped("with-consent", "consent", ".", exclude=["with-consent"])
        self.assert_stopped("christmas", "dates", ".", exclude=["christmas"])

    def test_what_the_slots_leave_out_is_stopped_by_rank(self):
        decision = self.ask(count=1)
        gates = self.gates(decision)
        self.assertEqual(self.offers(decision), ["open"])
        self.assertIsNone(gates["open"])
        self.assertEqual(self.gates(self.ask(count=1, persona="ana"))["for-both"], "rank")

    def test_the_trace_names_every_offer_once_and_only_when_asked(self):
        decision = self.ask("sidebar")
        self.assertEqual(len(self.gates(decision)), 14)
        self.assertNotIn("trace", self.client.recommend())
        self.assertNotIn("trace", self.client.recommend(explain=False))

    def test_explaining_changes_nothing(self):
        plain = self.client.recommend(dry_run=True, at=seconds("2026-03-01"), seed=3, count=50)
        explained = self.client.recommend(dry_run=True, at=seconds("2026-03-01"), seed=3, count=50, explain=True)
        explained.pop("trace")
        self.assertEqual(plain, explained)

    def test_a_stage_that_wants_no_offer_answers_with_its_reason_and_nothing_else(self):
        for locale, reason in [("en", "They rest."), ("es", "Descansan.")]:
            for placement in ["hero", "sidebar"]:
                decision = self.ask(placement, journey="zip", stage="rest", locale=locale)
                self.assertEqual((decision["items"], decision["because"], decision["fallback"], decision["strategy"]),
                                 ([], reason, None, None))
                self.assertEqual(set(self.gates(decision).values()) - {"placement"}, {"stage"})


class TimeZone(SharedDaemon):
    allows_running = False
    site = small(offers='offer "day" { kind = "article", title = "x", starts = "2026-07-01", ends = "2026-07-01" }\n',
                 site='site "small" { time_zone = "Europe/Madrid" }\n')

    def test_a_day_begins_and_ends_where_the_site_is(self):
        client = self.open()
        for at, shown in [("2026-06-30 21:59:59", False), ("2026-06-30 22:00:00", True), ("2026-07-01 21:59:59", True),
                          ("2026-07-01 22:00:00", False)]:
            decision = client.recommend(dry_run=True, at=seconds(at))
            self.assertEqual(self.offers(decision), ["day" if shown else "house"], at)


if __name__ == "__main__":
    unittest.main()
