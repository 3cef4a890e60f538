"""Stages move by events: rules, late events, coming back, several journeys, silence, and what is set by hand."""

import unittest

from harness import small, wait_until
from memory import DAY, HOUR, MemoryCase, Remembering, ago

JOURNEYS = {
    "journeys__walk": """
journey "walk" {
  model = "b2c",
  stage "first" { names = { es = "primera" }, leave_after = "30d" },
  stage "second" { enter = { on = "download", where = { kind = "lead_magnet" } }, leave_after = "30d" },
  stage "third" { enter = {
    { on = "page_view", where = { section = "pricing" }, times = 3, within = "7d" },
    { on = "click", where = { offer = "the-demo" } },
    { on = "call", where = { placement = "hero", touchpoint = "phone", value = 5 } },
    { on = "visit", where = { member = true, rooms = 2.5 } },
  } },
  stage "fourth" { names = { es = "cuarta" }, enter = { on = "purchase" }, re_enter = { cool_down = "10d" } },
  stage "fifth" { enter = { { on = "review" }, { on = "purchase", where = { gift = true } } } },
}
""",
    "journeys__care": """
journey "care" {
  model = "b2c",
  stage "calm" { enter = { on = "hello" } },
  stage "help" { enter = { on = "ticket" } },
}
""",
    "journeys__quiet": """
journey "quiet" {
  model = "b2c",
  stage "asleep" { enter = { on = "yawn" } },
  stage "awake" { enter = { on = "ticket", where = { urgent = true } } },
}
""",
    "site": 'site "small" { locale = "en", locales = { "en", "es" }, journey = "walk" }\n',
}
OFFERS = """
offer "the-guide" { kind = "lead_magnet", title = "Guide" }
offer "the-demo" { kind = "demo", title = "Demo" }
offer "an-article" { kind = "article", title = "Article" }
"""
PERSONAS = """
persona "builder" { name = "Bea", summary = "x", match = function(c) return c.traits.role == "it" end }
persona "buyer" { name = "Bo", summary = "x" }
"""


class Rules(Remembering):
    site = small(OFFERS, personas__all=PERSONAS, **JOURNEYS)

    def assert_moves(self, stage, event, **arguments):
        """The event leads there; the answer, the profile and the next decision agree."""
        answer = self.track(event, self.who, **arguments)
        self.assertEqual((answer["accepted"], answer["duplicate"], answer["journey"], answer["stage"], answer["moved"]),
                         (True, False, "walk", stage, True))
        self.assertEqual(self.stage(self.who), stage)
        self.assertEqual(self.client.recommend(customer=self.who)["stage"], stage)

    def assert_stays(self, stage, event, **arguments):
        answer = self.track(event, self.who, **arguments)
        self.assertEqual((answer["stage"], answer["moved"]), (stage, False))
        self.assertEqual(self.stage(self.who), stage)

    def test_whoever_is_new_enters_the_first_stage(self):
        self.assert_stays("first", "page_view")
        self.assertEqual(self.profile(self.who)["journeys"].keys(), {"walk"})

    def test_a_decision_makes_a_customer_too(self):
        self.assertIs(self.client.recommend(customer=self.who)["known"], False)
        self.assertEqual(self.stage(self.who), "first")
        self.assertIs(self.client.recommend(customer=self.who)["known"], True)

    def test_the_kind_of_the_offer_counts(self):
        self.assert_stays("first", "download", offer="an-article")
        self.assert_stays("first", "download")
        self.assert_moves("second", "download", offer="the-guide")

    def test_a_property_stands_in_for_the_kind_where_no_offer_is_named(self):
        self.assert_stays("first", "download", properties={"kind": "ebook"})
        self.assert_moves("second", "download", properties={"kind": "lead_magnet"})

    def test_an_offer_says_more_than_a_property(self):
        self.assert_stays("first", "download", offer="an-article", properties={"kind": "lead_magnet"})

    def test_the_offer_itself_counts(self):
        self.assert_stays("first", "click", offer="the-guide")
        self.assert_moves("third", "click", offer="the-demo")

    def test_all_of_where_has_to_be_said(self):
        self.assert_stays("first", "call", placement="hero", touchpoint="site", value=5)
        self.assert_stays("first", "call", placement="hero", touchpoint="phone", value=4)
        self.assert_stays("first", "call", touchpoint="phone", value=5)
        self.assert_moves("third", "call", placement="hero", touchpoint="phone", value=5.0)

    def test_properties_are_compared_by_type_and_value(self):
        self.assert_stays("first", "visit", properties={"member": 1, "rooms": 2.5})
        self.assert_stays("first", "visit", properties={"member": "true", "rooms": 2.5})
        self.assert_stays("first", "visit", properties={"member": True, "rooms": "2.5"})
        self.assert_stays("first", "visit", properties={"member": True, "rooms": {"n": 2.5}})
        self.assert_moves("third", "visit", properties={"member": True, "rooms": 2.5, "more": [1, 2]})

    def test_text_may_come_as_bytes(self):
        self.track("page_view", self.who)
        answer = self.client.ask(b"track", {b"event": b"download", b"customer": self.who.encode(),
                                            b"properties": {b"kind": b"lead_magnet"}})[1]
        self.assertEqual(answer["stage"], "second")

    def view(self, days):
        return self.track("page_view", self.who, at=ago(days * DAY), properties={"section": "pricing"})

    def test_times_within(self):
        self.assertEqual([self.view(days)["stage"] for days in (9, 5, 1)], ["first"] * 3)
        self.assertEqual(self.track("page_view", self.who, properties={"section": "prices"})["stage"], "first")
        self.assertEqual(self.view(0)["stage"], "third")

    def test_times_within_in_any_order(self):
        self.assertEqual([self.view(days)["stage"] for days in (1, 9, 4)], ["first"] * 3)
        self.assertEqual(self.view(6)["stage"], "third")
        since = self.profile(self.who)["since"]
        self.assertAlmostEqual(since, ago(4 * DAY), delta=60)

    def test_times_within_of_the_past(self):
        for other in range(3):
            self.track("something", self.who)
            self.track("something", f"{self.who}-{other}")
        self.assertEqual([self.view(days)["stage"] for days in (40, 38)], ["first"] * 2)
        self.track("something", f"{self.who}-late")
        self.assertEqual(self.view(36)["stage"], "third")
        self.assertAlmostEqual(self.profile(self.who)["since"], ago(36 * DAY), delta=60)

    def test_times_need_that_many_of_the_same(self):
        self.assertEqual([self.view(20 + days)["stage"] for days in (30, 20, 10, 0)], ["first"] * 4)

    def test_the_furthest_stage_wins(self):
        self.assert_moves("fifth", "purchase", properties={"gift": True})

    def test_forward_only(self):
        self.assert_moves("fifth", "review")
        self.assert_stays("fifth", "download", offer="the-guide")
        self.assert_stays("fifth", "click", offer="the-demo")

    def test_coming_back_after_the_cool_down(self):
        self.track("purchase", self.who, at=ago(40 * DAY))
        self.track("review", self.who, at=ago(30 * DAY))
        self.assertEqual(self.track("purchase", self.who, at=ago(21 * DAY))["stage"], "fifth")
        answer = self.track("purchase", self.who, at=ago(19 * DAY))
        self.assertEqual((answer["stage"], answer["moved"]), ("fourth", True))
        self.assertAlmostEqual(self.profile(self.who)["since"], ago(19 * DAY), delta=60)
        self.assert_moves("fifth", "review")
        self.assert_stays("fifth", "purchase")

    def test_a_late_event_moves_forward_from_its_own_time(self):
        self.track("page_view", self.who)
        self.assert_moves("second", "download", offer="the-guide", at=ago(3 * DAY))
        self.assertAlmostEqual(self.profile(self.who)["since"], ago(3 * DAY), delta=60)

    def test_a_late_event_moves_nobody_back(self):
        self.track("purchase", self.who)
        self.assert_stays("fourth", "download", offer="the-guide", at=ago(20 * DAY))
        self.assertEqual(self.profile(self.who)["counts"], {"purchase": 1, "download": 1})

    def test_events_out_of_order_end_where_in_order_they_would(self):
        events = [("download", 25, {"offer": "the-guide"}), ("click", 20, {"offer": "the-demo"}), ("purchase", 15, {}),
                  ("review", 10, {})]
        for name, order in {"forwards": (0, 1, 2, 3), "backwards": (3, 2, 1, 0), "mixed": (2, 0, 3, 1)}.items():
            customer = f"{self.who}-{name}"
            for event, days, arguments in (events[i] for i in order):
                self.track(event, customer, at=ago(days * DAY), **arguments)
            self.assertEqual(self.stage(customer), "fifth", name)
            self.assertEqual(self.profile(customer)["counts"], {"download": 1, "click": 1, "purchase": 1, "review": 1})

    def test_a_little_in_the_future_is_now(self):
        self.assert_moves("second", "download", offer="the-guide", at=ago(-HOUR))
        self.assertAlmostEqual(self.profile(self.who)["since"], ago(0), delta=60)

    def test_several_journeys_at_once(self):
        self.assertEqual(self.track("hello", self.who)["stage"], "first")
        self.track("ticket", self.who, properties={"urgent": True})
        self.track("download", self.who, offer="the-guide")
        journeys = {name: place["stage"] for name, place in self.profile(self.who)["journeys"].items()}
        self.assertEqual(journeys, {"walk": "second", "care": "help", "quiet": "awake"})
        for journey, stage in journeys.items():
            self.assertEqual(self.client.recommend(customer=self.who, journey=journey)["stage"], stage)

    def test_another_journey_that_was_never_entered_begins_at_its_first_stage(self):
        self.track("purchase", self.who)
        decision = self.client.recommend(customer=self.who, journey="care")
        self.assertEqual((decision["journey"], decision["stage"]), ("care", "calm"))
        self.assertEqual(self.profile(self.who)["journeys"].keys(), {"walk"})

    def test_a_stage_set_by_hand_wins(self):
        self.track("purchase", self.who)
        profile = self.set(self.who, stage="primera")
        self.assertEqual((profile["stage"], profile["journey"]), ("first", "walk"))
        self.assertEqual(self.client.recommend(customer=self.who)["stage"], "first")
        self.assert_stays("first", "purchase", at=ago(5 * DAY))
        self.assert_moves("second", "download", offer="the-guide")

    def test_a_stage_of_another_journey_is_set_by_hand(self):
        profile = self.set(self.who, journey="care", stage="help")
        self.assertEqual(profile["journeys"]["care"]["stage"], "help")
        self.assertEqual(profile["stage"], "first")

    def test_the_request_says_more_than_memory_for_this_decision_alone(self):
        self.track("purchase", self.who)
        for stage in ("second", "primera"):
            decision = self.client.recommend(customer=self.who, stage=stage)
            self.assertEqual(decision["stage"], {"primera": "first"}.get(stage, stage))
        self.assertEqual(self.stage(self.who), "fourth")
        self.assertEqual(self.client.recommend(customer=self.who)["stage"], "fourth")

    def test_a_persona_is_matched_each_time_and_never_kept(self):
        self.set(self.who, traits={"role": "it"})
        self.assertEqual(self.client.recommend(customer=self.who)["persona"], "builder")
        self.assertIsNone(self.profile(self.who)["persona"])
        self.set(self.who, traits={"role": "hr"})
        self.assertIsNone(self.client.recommend(customer=self.who)["persona"])
        self.assertEqual(self.client.recommend(customer=self.who, traits={"role": "it"})["persona"], "builder")

    def test_a_persona_that_was_set_is_kept(self):
        self.set(self.who, persona="buyer", traits={"role": "it"})
        self.assertEqual(self.client.recommend(customer=self.who)["persona"], "buyer")
        self.assertEqual(self.profile(self.who)["persona"], "buyer")
        self.assertEqual(self.client.recommend(customer=self.who, persona="builder")["persona"], "builder")
        self.assertEqual(self.profile(self.who)["persona"], "buyer")

    def test_traits_and_locale_are_remembered_and_overlaid(self):
        self.set(self.who, traits={"role": "hr", "size": 3}, locale="es")
        self.set(self.who, traits={"size": None, "city": "Vigo"})
        profile = self.profile(self.who)
        self.assertEqual((profile["traits"], profile["locale"]), ({"role": "hr", "city": "Vigo"}, "es"))
        self.client.recommend(customer=self.who, traits={"city": "Lugo"}, locale="en")
        self.assertEqual(self.profile(self.who)["traits"], {"role": "hr", "city": "Vigo"})


class Silence(Remembering):
    """Each test has a map of its own days, or is alone with its daemon's."""

    site = small(OFFERS, **JOURNEYS)

    def window(self, days):
        """The map's days around so many days ago."""
        return {"from": ago((days + 1) * DAY), "to": ago((days - 1) * DAY)}

    def test_silence_drops_without_another_event(self):
        self.track("page_view", self.who, at=ago(100 * DAY))
        wait_until(lambda: self.figures("first", **self.window(100)) == (1, 0, 1, 0))
        self.assertEqual(self.stage(self.who), "first")
        self.assertIs(self.export(self.who)["journeys"]["walk"]["dropped"], True)

    def test_who_comes_back_enters_again(self):
        self.track("page_view", self.who, at=ago(200 * DAY))
        self.track("page_view", self.who, at=ago(160 * DAY))
        self.assertEqual(self.figures("first", **self.window(200)), (1, 0, 1, 0))
        wait_until(lambda: self.figures("first", **self.window(160)) == (1, 0, 1, 0))

    def test_a_late_event_shows_that_there_was_no_silence(self):
        self.track("page_view", self.who, at=ago(330 * DAY))
        self.track("download", self.who, at=ago(310 * DAY), offer="the-guide")
        self.assertEqual(self.figures("first", **self.window(330)), (1, 1, 0, 0))
        wait_until(lambda: self.figures("second", **self.window(310)) == (1, 0, 1, 0))

    def test_a_stage_without_leave_after_is_never_left_by_silence(self):
        self.track("purchase", self.who, at=ago(260 * DAY))
        other = self.who + "-other"
        self.track("page_view", other, at=ago(270 * DAY))
        wait_until(lambda: self.figures("first", **self.window(270))[2] == 1)
        self.assertEqual(self.figures("fourth", **self.window(260)), (1, 0, 0, 1))


class Gone(MemoryCase):
    def walk(self, second):
        return small(OFFERS, journeys__walk='journey "walk" { model = "b2c", stage "first" {}, ' + second +
                     ' stage "third" { enter = { on = "purchase" } } }\n')

    def assert_figures(self, **expected):
        for stage, figures in expected.items():
            self.assertEqual(self.figures(stage), figures, stage)

    def test_who_stands_where_the_site_has_no_stage_stays_there(self):
        site = self.walk('stage "second" { enter = { on = "download" } },')
        daemon = self.remember(site)
        for customer in ("stays", "goes"):
            self.track("download", customer)
        daemon.write_site(self.walk('stage "other" {},'))
        daemon.reload()
        answer = self.track("page_view", "stays")
        self.assertEqual((answer["stage"], answer["moved"]), ("second", False))
        self.assertEqual(self.client.recommend(customer="stays")["stage"], "first")
        self.assertEqual(self.track("purchase", "goes")["stage"], "third")
        self.assert_figures(first=(2, 2, 0, 0), second=(2, 0, 1, 1), third=(1, 0, 0, 1))
        daemon.write_site(site)
        daemon.reload()
        self.assertEqual(self.client.recommend(customer="stays")["stage"], "second")
        self.assertEqual(self.track("purchase", "stays")["stage"], "third")
        self.assert_figures(first=(2, 2, 0, 0), second=(2, 1, 1, 0), third=(2, 0, 0, 2))


if __name__ == "__main__":
    unittest.main()
