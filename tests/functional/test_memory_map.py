"""journey.map adds up for every window, and explain tells of decisions as they were, whatever changed since."""

import datetime
import unittest
import zoneinfo

from harness import small
from memory import DAY, MemoryCase, Remembering, ago

JOURNEYS = {
    "journeys__walk": """
journey "walk" {
  model = "b2c",
  stage "first" { leave_after = "20d" },
  stage "second" { enter = { on = "download" }, leave_after = "20d" },
  stage "third" { enter = { on = "purchase" }, re_enter = { cool_down = "5d" } },
  stage "fourth" { enter = { on = "review" } },
}
""",
    "journeys__care": 'journey "care" { model = "b2c", stage "calm" {}, stage "help" { enter = { on = "ticket" } } }\n',
    "site": 'site "small" { locale = "en", journey = "walk", time_zone = "Europe/Madrid" }\n',
}
OFFERS = 'offer "guide" { kind = "lead_magnet", title = "Guide" }\noffer "demo" { kind = "demo", title = "Demo" }\n'
EVENTS = ("page_view", "download", "purchase", "review", "ticket")


def day(days_ago):
    """The site's day, which may be another one than here."""
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Madrid")).date()
    return str(today - datetime.timedelta(days=days_ago))


class Map(Remembering):
    site = small(OFFERS, **JOURNEYS)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.live_through_it()

    @classmethod
    def live_through_it(cls):
        """Sixty customers over ninety days, in an order that is anything but that of time."""
        with cls.daemon.client() as client:
            for number in range(60):
                for step in range(8):
                    days = (number * 7 + step * 31) % 90
                    event = EVENTS[(number + step * step) % len(EVENTS)]
                    client.call("track", event=event, customer=f"c{number}", at=ago(days * DAY))
                if number % 7 == 0:
                    client.call("profile.set", customer=f"c{number}", stage=("first", "third")[number % 2])
                if number % 9 == 0:
                    client.call("identify", anonymous=f"c{number}", customer=f"c{number + 1}")
                if number % 11 == 0:
                    client.call("profile.erase", customer=f"c{number}")

    def test_it_adds_up_for_every_window(self):
        for journey in ("walk", "care"):
            for first in range(0, 92, 7):
                for last in range(0, first + 1, 5):
                    self.stages_of_map(journey=journey, **{"from": day(first), "to": day(last)})

    def test_the_days_are_the_whole(self):
        whole = self.stages_of_map(**{"from": day(95)})
        for name, stage in whole.items():
            days = [self.stages_of_map(**{"from": day(n), "to": day(n)})[name] for n in range(96)]
            for figure in ("entered", "advanced", "dropped", "inside"):
                self.assertEqual(sum(one[figure] for one in days), stage[figure], (name, figure))
        self.assertGreater(sum(stage["entered"] for stage in whole.values()), 60)

    def test_everybody_alive_is_inside_of_some_stage_at_most_once(self):
        inside = sum(stage["inside"] for stage in self.stages_of_map().values())
        self.assertLessEqual(inside, 60)
        self.assertGreater(inside, 0)

    def test_window_and_time_zone_are_told(self):
        told = self.client.call("journey.map", **{"from": "2026-01-01", "to": "2026-01-31"})
        self.assertEqual((told["journey"], told["from"], told["to"], told["time_zone"]),
                         ("walk", "2026-01-01", "2026-01-31", "Europe/Madrid"))
        self.assertEqual([stage["stage"] for stage in told["stages"]], ["first", "second", "third", "fourth"])

    def test_seconds_fall_into_days_of_the_sites_time_zone(self):
        evening = datetime.datetime(2026, 3, 1, 23, 30, tzinfo=datetime.timezone.utc).timestamp()
        told = self.client.call("journey.map", **{"from": evening, "to": evening})
        self.assertEqual((told["from"], told["to"]), ("2026-03-02", "2026-03-02"))

    def test_wrong_windows(self):
        for arguments, field in (({"from": "2026-02-30"}, "from"), ({"to": "2026-13-01"}, "to"), ({"from": "yesterday"}, "from"),
                                 ({"to": -1}, "to"), ({"from": "2026-02-02", "to": "2026-02-01"}, "to"), ({"to": []}, "to"),
                                 ({"journey": "wlak"}, "journey")):
            self.assert_refused(self.client, f"^INVALID: {field}: ", "journey.map", **arguments)


class Offers(MemoryCase):
    def test_offers_are_counted_where_the_customer_stood(self):
        self.remember(small(OFFERS, **JOURNEYS))
        decision = self.client.recommend(customer="ana", count=2)
        self.track("impression", "ana", decision=decision["decision"], offer="guide", placement="hero")
        self.track("download", "ana")
        self.track("click", "ana", offer="guide", placement="hero")
        self.track("conversion", "ana", offer="guide", value=12.5)
        self.track("purchase", "ana", offer="guide", value=2)
        stages = self.stages_of_map()
        self.assertEqual([stage["entered"] for stage in stages.values()], [1, 1, 1, 0])

        def figures(stage):
            return {offer["offer"]: [offer[name] for name in ("decisions", "impressions", "clicks", "conversions", "value")]
                    for offer in stages[stage]["offers"]}

        self.assertEqual(figures("first"), {"guide": [1, 1, 0, 0, 0], "demo": [1, 0, 0, 0, 0]})
        self.assertEqual(figures("second"), {"guide": [0, 0, 1, 2, 14.5]})
        self.assertEqual(figures("third"), {})

    def test_names_that_nobody_knows_count_together(self):
        self.remember(small(OFFERS, **JOURNEYS))
        for number in range(40):
            self.track("click", "ana", offer=f"b{number}", placement=f"p{number}")
        told = self.client.call("journey.map")["offers"]
        self.assertEqual([(offer["offer"], offer["kind"], offer["clicks"]) for offer in told], [("(other)", None, 40)])

    def test_events_count_where_their_decision_was(self):
        self.remember(small(OFFERS, **JOURNEYS))
        asked = {"walk": "fourth", "care": "help"}
        for journey, stage in asked.items():
            told = self.client.recommend(customer="ana", journey=journey, stage=stage, count=1)
            named = {"decision": told["decision"], "offer": told["items"][0]["offer"]}
            self.track("impression", "ana", **named)
            self.track("click", "ana", **named)
            self.track("conversion", "ana", value=2.5, **named)
        for journey, stage in asked.items():
            stages = self.stages_of_map(journey=journey)
            for name, figures in stages.items():
                counted = [[offer[figure] for figure in ("decisions", "impressions", "clicks", "conversions", "value")]
                           for offer in figures["offers"]]
                self.assertEqual(counted, [[1, 1, 1, 1, 2.5]] if name == stage else [])

    def test_a_download_of_what_was_decided_is_of_its_kind(self):
        rule = 'journey "walk" { model = "b2c", stage "first" {}, stage "second" { enter = { on = "download", where = { kind = "%s" } } } }'
        for kind, stage in (("lead_magnet", "second"), ("demo", "first")):
            self.remember(small(OFFERS, journeys__walk=rule % kind))
            told = self.client.recommend(customer="ana", exclude=["demo"], count=1)
            self.assertEqual(self.track("download", "ana", decision=told["decision"])["stage"], stage)

    def test_two_journeys(self):
        self.remember(small(OFFERS, **JOURNEYS))
        self.track("ticket", "ana")
        self.assertEqual(self.figures("help", journey="care"), (1, 0, 0, 1))
        self.assertEqual(self.figures("calm", journey="care"), (0, 0, 0, 0))
        self.assertEqual(self.figures("first"), (1, 0, 0, 1))

    def test_the_way_through_counts_once(self):
        self.remember(small(OFFERS, **JOURNEYS))
        for event in EVENTS:
            self.track(event, "ana")
        self.assertEqual([self.figures(stage) for stage in ("first", "second", "third", "fourth")],
                         [(1, 1, 0, 0), (1, 1, 0, 0), (1, 1, 0, 0), (1, 0, 0, 1)])
        self.set("ana", stage="second")
        self.assertEqual([self.figures(stage) for stage in ("first", "second", "third", "fourth")],
                         [(1, 1, 0, 0), (2, 1, 0, 1), (1, 1, 0, 0), (1, 0, 1, 0)])


class Explain(MemoryCase):
    SITE = small("""
offer "guide" { kind = "lead_magnet", title = "Guide" }
offer "twice" { kind = "demo", title = "Twice", limit = { decisions = 2, within = "7d" } }
offer "later" { kind = "demo", title = "x", stages = { "second" } }
offer "letter" { kind = "demo", title = "x", consent = "marketing" }
""", strategies="""
strategy "not-on-phones" {
  eligible = function(c, o) if o.kind == "lead_magnet" and c.context.device == "phone" then return false, "not on a phone" end return true end,
}
""", placements="""
placement "hero" { count = 9, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""")

    def explain(self, decision):
        return self.client.call("explain", decision=decision["decision"])

    def gates(self, told):
        return {entry["offer"]: entry["gate"] for entry in told["trace"]}

    def assert_told(self, told, decision, whole=True):
        """What is told is what was answered; of a site that is gone, the trace of what came far enough to be kept."""
        for field in ("decision", "journey", "stage", "persona", "placement", "strategy", "version", "fallback", "because", "known"):
            self.assertEqual(told[field], decision[field], field)
        self.assertEqual(self.offer_ids(told), self.offer_ids(decision))
        gates = {offer: gate for offer, gate in self.gates(decision).items() if whole or gate not in ("stage", "consent")}
        self.assertEqual(self.gates(told), gates)
        self.assertAlmostEqual(told["at"], ago(0), delta=120)

    def decide(self, **arguments):
        return self.client.recommend(explain=True, **arguments)

    def test_as_it_was_taken(self):
        self.remember(self.SITE)
        self.track("x", "ana")
        for arguments in ({}, {"customer": "ana", "context": {"device": "phone"}}, {"customer": "ana", "stage": "second"},
                          {"customer": "new", "consents": {"marketing": True}}, {"exclude": ["guide"]}):
            decision = self.decide(**arguments)
            told = self.explain(decision)
            self.assert_told(told, decision)
            self.assertEqual(told["trace"], decision["trace"])
            self.assertEqual(told["customer"], arguments.get("customer"))

    def test_whatever_became_of_the_customer(self):
        self.remember(self.SITE)
        decisions = [self.decide(customer="ana") for _ in range(4)]
        self.assertEqual([self.gates(decision)["twice"] for decision in decisions], [None, None, "limit", "limit"])
        self.track("x", "ana")
        self.set("ana", stage="second", consents={"marketing": True})
        for decision in decisions:
            self.assert_told(self.explain(decision), decision)

    def test_after_a_reload_of_a_changed_site(self):
        daemon = self.remember(self.SITE)
        decisions = [self.decide(customer="ana", context={"device": "phone"}) for _ in range(3)]
        told = [self.explain(decision) for decision in decisions]
        changed = dict(self.SITE)
        changed["offers/offers.lua"] = 'offer "guide" { kind = "demo", title = "Another" }\noffer "letter" { kind = "demo", title = "x" }\n'
        daemon.write_site(changed)
        version = daemon.reload()
        for before, decision in zip(told, decisions):
            after = self.explain(decision)
            self.assert_told(after, decision, whole=False)
            self.assertNotEqual(after["version"], version)
            self.assertEqual(before["trace"], decision["trace"])

    def test_after_a_reload_that_changes_no_decision(self):
        daemon = self.remember(self.SITE)
        decisions = [self.decide(customer="ana", context={"device": "phone"}) for _ in range(3)]
        told = [self.explain(decision) for decision in decisions]
        daemon.write_site({**self.SITE, "offers/more.lua": "-- a remark\n"})
        version = daemon.reload()
        self.set("ana", stage="second")
        for before, decision in zip(told, decisions):
            self.assertEqual(self.explain(decision), before)
            self.assertEqual(before["items"], decision["items"])
            self.assertNotEqual(before["version"], version)

    def test_after_a_restart(self):
        daemon = self.remember(self.SITE, state=self.folder())
        decision = self.decide(customer="ana")
        self.explain(decision)
        self.assert_stops(daemon)
        self.remember(self.SITE, state=daemon.state)
        self.assert_told(self.explain(decision), decision)

    def test_not_dry_runs_and_not_what_never_was(self):
        self.remember(self.SITE)
        dry = self.client.recommend(dry_run=True, seed=3)
        for decision in (dry["decision"], "AAZg1SwC3HL9OkHxEjhF02ZlOTA", "nonsense", "x" * 160):
            self.assert_refused(self.client, r"^NOT_FOUND: decision: ", "explain", decision=decision)
        self.assert_refused(self.client, r"^INVALID: decision: ", "explain", decision="x" * 161)


if __name__ == "__main__":
    unittest.main()
