"""The placement's fallback: when it is shown, what even it has to pass, and how the answer says so."""

import unittest

from harness import SharedDaemon, small


class Fallback(SharedDaemon):
    allows_running = False
    site = small(
        offers='offer "second-only" { kind = "article", title = "x", stages = { "second" } }\n',
        placements="""
placement "hero" { count = 2, fallback = "house" }
placement "list" { count = 2, kinds = { "article" }, fallback = { "consented", "seasonal", "spanish", "house", "again" } }
placement "local" { kinds = { "article" }, fallback = { "english", "house" } }
offer "english" { kind = "showcase", title = "x", locales = { "en" }, placements = {} }
placement "ordinary" { kinds = { "article" }, fallback = "second-only" }
offer "consented" { kind = "showcase", title = "x", placements = {}, consent = "marketing" }
offer "seasonal" { kind = "showcase", title = "x", placements = {}, starts = "2030-01-01" }
offer "spanish" { kind = "showcase", title = { es = "x" }, locales = { "es" }, placements = {} }
offer "house" { kind = "showcase", title = { en = "Our house", es = "Nuestra casa" }, placements = {}, data = { rooms = 3 } }
offer "again" { kind = "showcase", title = "x", placements = {} }
""")

    NOW = 1772700000

    def ask(self, placement, **arguments):
        return self.open().recommend(placement, **{"dry_run": True, "at": self.NOW, **arguments})

    def test_it_is_labelled_where_nothing_fits(self):
        decision = self.ask("hero")
        self.assertEqual((self.offers(decision), decision["fallback"], decision["strategy"]), (["house"], "no_offer_fits", None))
        self.assertRegex(decision["because"], "no offer fits")
        item, = decision["items"]
        self.assertEqual((item["kind"], item["title"], item["data"]), ("showcase", "Our house", {"rooms": 3}))
        self.assertTrue(item["because"])

    def test_it_fills_slots_without_a_label_where_something_fits(self):
        decision = self.ask("hero", stage="second")
        self.assertEqual((self.offers(decision), decision["fallback"], decision["because"]), (["second-only", "house"], None, None))

    def test_a_list_in_its_order_as_many_as_slots(self):
        self.assertEqual(self.offers(self.ask("list")), ["house", "again"])
        self.assertEqual(self.offers(self.ask("list", count=1)), ["house"])
        self.assertEqual(self.offers(self.ask("list", count=50)), ["house", "again"])

    def test_consent_dates_and_exclusion_hold_for_it_too(self):
        self.assertEqual(self.offers(self.ask("list", consents={"marketing": True})), ["consented", "house"])
        self.assertEqual(self.offers(self.ask("list", at=1900000000)), ["seasonal", "house"])
        self.assertEqual(self.offers(self.ask("list", exclude=["house"])), ["again"])

    def test_its_own_locales_hold_for_it_too(self):
        self.assertEqual(self.offers(self.ask("list", locale="es", count=1)), ["spanish"])
        self.assertEqual(self.offers(self.ask("local", locale="es", count=1)), ["house"])
        self.assertEqual(self.offers(self.ask("local", count=1)), ["english"])

    def test_what_stops_it_is_told(self):
        decision = self.ask("list", explain=True, exclude=["again"])
        gates = {entry["offer"]: (entry["gate"], entry["because"]) for entry in decision["trace"]}
        self.assertEqual(gates["consented"], ("consent", "needs the customer's consent to 'marketing'"))
        self.assertEqual(gates["seasonal"], ("dates", "starts 2030-01-01 00:00 UTC"))
        self.assertEqual(gates["spanish"][0], "locale")
        self.assertEqual(gates["house"], (None, "the placement's fallback"))
        self.assertEqual(gates["again"], ("excluded", "excluded by the request"))

    def test_what_was_not_needed_is_told(self):
        decision = self.ask("list", explain=True, count=1)
        gates = {entry["offer"]: (entry["gate"], entry["because"]) for entry in decision["trace"]}
        self.assertEqual(gates["again"], ("placement", "only a fallback in this placement"))

    def test_nothing_at_all_is_an_answer_with_a_reason(self):
        decision = self.ask("hero", exclude=["house"])
        self.assertEqual((decision["items"], decision["fallback"]), ([], "no_offer_fits"))
        self.assertTrue(decision["because"])

    def test_an_ordinary_offer_may_be_one(self):
        decision = self.ask("ordinary")
        self.assertEqual((self.offers(decision), decision["fallback"]), (["second-only"], "no_offer_fits"))
        decision = self.ask("ordinary", stage="second")
        self.assertEqual((self.offers(decision), decision["fallback"]), (["second-only"], None))

    def test_it_speaks_the_language_asked_for(self):
        self.assertEqual(self.ask("hero", locale="es")["items"][0]["title"], "Nuestra casa")

    def test_the_counters_tell_how_often(self):
        client = self.open()
        before = client.call("stats")["counters"]
        for _ in range(3):
            client.recommend("hero")
        after = client.call("stats")["counters"]
        self.assertEqual(after["fallback_no_offer_fits"] - before["fallback_no_offer_fits"], 3)
        self.assertEqual(after["recommends"] - before["recommends"], 3)


if __name__ == "__main__":
    unittest.main()
