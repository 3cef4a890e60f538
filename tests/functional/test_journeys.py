"""Every stage of every journey that ships answers with content of the kinds that its row names, in both languages."""

import unittest

from harness import SHOP, SOFTWARE, SharedDaemon
from memory import DAY, HOUR, Remembering, ago

INFORMING = {"article", "video", "infographic", "guide"}
HOUSE = "showcase"

# journey → stage → its name in Spanish, and the kinds that its row names.
ROWS = {
    "five-stages": {
        "awareness": ("descubrimiento", {"article", "infographic"}),
        "consideration": ("consideración", {"lead_magnet", "ebook", "testimonial", "comparison"}),
        "decision": ("decisión", {"discount", "demo"}),
        "retention": ("retención", {"coupon", "personal_message", "complementary_content", "survey"}),
        "referral": ("recomendación", {"referral_request", "review_request"}),
    },
    "four-stages": {
        "awareness": ("conciencia", INFORMING),
        "consideration": ("consideración", {"comparison", "calculator", "checklist", "testimonial"}),
        "decision": ("decisión", {"discount", "free_trial", "guarantee", "advice_call"}),
        "post-sale": ("postventa", {"support", "quick_guide", "tutorial", "follow_up", "thank_you", "loyalty_reward", "survey"}),
    },
    "buying-process": {
        "awareness": ("conciencia", set()),
        "discovering": ("descubrir", {"article", "ebook", "testimonial", "success_story"}),
        "learning": ("aprender", {"guide", "lead_magnet", "comparison", "technical_report", "webinar"}),
        "choosing": ("elegir", {"free_trial", "demo", "comparison", "checklist", "calculator", "success_story", "business_case",
                                "security_pack", "reference_call"}),
        "purchasing": ("comprar", {"quote", "business_case", "advice_call", "guarantee", "implementation_plan", "support"}),
        "satisfaction": ("satisfacción", {"onboarding", "training", "tutorial", "business_review", "release_notes", "user_group",
                                          "survey", "thank_you"}),
    },
    "seven-stages": {
        "awareness": ("descubrimiento", INFORMING | {"template", "lead_magnet"}),
        "consideration": ("consideración", {"guide", "technical_report", "checklist", "calculator", "success_story", "webinar",
                                            "demo", "comparison", "lead_magnet"}),
        "decision": ("decisión", {"short_checkout", "guarantee", "discount", "free_trial", "advice_call"}),
        "purchase": ("compra", {"order_confirmation", "delivery_news", "support", "guarantee"}),
        "experience": ("experiencia", {"quick_guide", "tutorial", "follow_up", "complementary_content"}),
        "retention": ("retención", {"thank_you", "loyalty_reward", "recommendation", "cross_sell", "up_sell"}),
        "advocacy": ("recomendación", {"referral_programme", "review_request", "recognition"}),
    },
}
# The variant for business adds what companies need to the same five rows.
FOR_BUSINESS = {
    "awareness": {"video"},
    "consideration": {"calculator", "technical_report", "success_story", "webinar"},
    "decision": {"pilot", "quote", "business_case", "security_pack", "reference_call", "advice_call"},
    "retention": {"onboarding", "training", "business_review", "up_sell"},
    "referral": {"referral_programme", "recognition", "user_group"},
}
ROWS["five-stages-b2b"] = {stage: (spanish, kinds | FOR_BUSINESS[stage]) for stage, (spanish, kinds) in ROWS["five-stages"].items()}
# Names that a row gives besides.
ALSO = {("seven-stages", "fidelización"): "retention"}
KINDS = sorted({kind for stages in ROWS.values() for _, kinds in stages.values() for kind in kinds})


def every_kind():
    """A site with all journeys that ship and one offer of each kind, for any stage that takes it."""
    offers = "".join(f'offer "one-{kind.replace("_", "-")}" {{ kind = "{kind}", title = {{ en = "{kind} in English", '
                     f'es = "{kind} en español" }}, url = "/{kind}" }}\n' for kind in KINDS)
    names = ", ".join(f'"{journey}"' for journey in sorted(ROWS))
    return {
        "site.lua": 'site "every-kind" { locale = "en", locales = { "en", "es" }, journey = "five-stages", '
                    f"journeys = {{ {names} }} }}\n",
        "placements.lua": 'placement "everything" { count = 50, fallback = "house" }\n'
                          'offer "house" { kind = "showcase", title = "Our house", url = "/", placements = {} }\n',
        "offers/one-of-each.lua": offers,
    }


class Rows(SharedDaemon):
    allows_running = False
    site = every_kind()

    def test_each_stage_takes_exactly_the_kinds_of_its_row(self):
        client = self.open()
        for journey, stages in ROWS.items():
            for stage, (spanish, kinds) in stages.items():
                for name, locale, words in [(stage, "en", "in English"), (spanish, "es", "en español")]:
                    with self.subTest(journey=journey, stage=name, locale=locale):
                        decision = client.recommend("everything", journey=journey, stage=name, locale=locale)
                        self.assertEqual((decision["journey"], decision["stage"]), (journey, stage))
                        shown = [item for item in decision["items"] if item["kind"] != HOUSE]
                        self.assertEqual({item["kind"] for item in shown}, kinds)
                        self.assertTrue(all(item["title"].endswith(words) for item in shown))

    def test_a_stage_answers_to_every_name_that_its_row_gives(self):
        client = self.open()
        for (journey, name), stage in ALSO.items():
            self.assertEqual(client.recommend("everything", journey=journey, stage=name)["stage"], stage)
        self.assertEqual(client.recommend("everything", stage="fidelización", journey="seven-stages", locale="es")["stage"], "retention")

    def test_a_journey_begins_at_its_first_stage(self):
        client = self.open()
        for journey, stages in ROWS.items():
            self.assertEqual(client.recommend("everything", journey=journey)["stage"], next(iter(stages)))
        self.assertEqual(client.recommend("everything")["journey"], "five-stages")

    def test_where_marketing_cannot_help_yet_the_answer_is_none_with_a_reason(self):
        client = self.open()
        reasons = set()
        for locale in ("en", "es"):
            decision = client.recommend("everything", journey="buying-process", stage="awareness", locale=locale, explain=True)
            self.assertEqual((decision["items"], decision["fallback"]), ([], None))
            self.assertTrue(decision["because"])
            self.assertTrue(all(entry["gate"] == "stage" for entry in decision["trace"] if entry["offer"] != "house"))
            reasons.add(decision["because"])
        self.assertEqual(len(reasons), 2)


class Example(SharedDaemon):
    """A site that ships: what it shows at each stage is of that stage's kinds, or says that it is the fallback."""

    placements = []
    journeys = []
    house = {HOUSE}  # kinds of fallbacks

    def decisions(self, journey, stage, locale):
        client = self.open()
        return [client.recommend(placement, journey=journey, stage=stage, locale=locale, consents={"marketing": True},
                                 context={"visits": visits}) for placement in self.placements for visits in (1, 5)]

    def check_stage(self, journey, stage, kinds, locale):
        """The titles of what fits, over all placements."""
        titles = {}
        for decision in self.decisions(journey, stage, locale):
            self.assertIn(decision["fallback"], (None, "no_offer_fits"))
            self.assertTrue(decision["items"] or decision["because"])
            for item in decision["items"]:
                self.assertIn(item["kind"], kinds | self.house if kinds else set())
                self.assertTrue(item["title"])
                if item["kind"] not in self.house:
                    titles[item["offer"]] = item["title"]
        return titles

    def reasons(self, placement, **arguments):
        """Offer → why it is there."""
        return {item["offer"]: item["because"] for item in self.open().recommend(placement, **arguments)["items"]}

    def check_journeys(self):
        for journey in self.journeys:
            for stage, (spanish, kinds) in ROWS[journey].items():
                with self.subTest(journey=journey, stage=stage):
                    english = self.check_stage(journey, stage, kinds, "en")
                    self.assertEqual(bool(english), bool(kinds), "something of the stage's kinds, if it wants any")
                    in_spanish = self.check_stage(journey, spanish, kinds, "es")
                    self.assertEqual(set(english), set(in_spanish))
                    self.assertTrue(all(english[offer] != in_spanish[offer] for offer in english))


class Shop(Example):
    site = SHOP
    placements = ["hero", "sidebar", "checkout", "email", "account", "footer"]
    journeys = ["seven-stages"]

    def test_every_stage_answers(self):
        self.check_journeys()

    def test_what_stands_beside_the_news_says_what_it_is_for(self):
        for status in ("shipped", "delayed", "paid"):
            reasons = self.reasons("account", count=20, stage="purchase", locale="en", context={"order_status": status})
            self.assertEqual(reasons["talk-to-marta"], "a person at hand, should anything not be right")


class Repeated(Remembering):
    """Who buys in the shop again waits for this order as for the first one, and hears how it stands."""

    site = SHOP
    looked_at = ["hero", "checkout", "account", "email"]

    def moves(self, event, days_ago, **properties):
        """The stage in which an event of that day leaves the customer."""
        return self.track(event, self.who, at=ago(days_ago * DAY), properties=properties)["stage"]

    def shown(self, placement, status):
        decision = self.client.recommend(placement, customer=self.who, context={"order_status": status})
        return [(item["kind"], item["offer"]) for item in decision["items"]]

    def buy_once(self):
        self.assertEqual(self.moves("purchase", 20), "purchase")
        self.assertEqual(self.moves("delivery", 17, first_order=True), "experience")

    def check_news(self, status, first):
        for placement in self.looked_at:
            with self.subTest(status=status, placement=placement):
                self.assertEqual(self.shown(placement, status)[0][1], first)

    def check_all_news(self):
        for status, first in [("payment_failed", "payment-failed"), ("delayed", "running-late"),
                              ("shipped", "parcel-on-its-way"), ("paid", "order-received")]:
            self.check_news(status, first)

    def test_the_second_order_is_told_of_like_the_first(self):
        self.buy_once()
        self.assertEqual(self.moves("purchase", 0), "purchase")
        self.check_all_news()

    def test_so_is_one_that_began_with_a_cart(self):
        self.buy_once()
        self.assertEqual(self.moves("add_to_cart", 1), "decision")
        self.assertEqual(self.moves("purchase", 0.5), "purchase")
        self.check_all_news()

    def test_the_second_parcel_brings_them_among_those_who_come_back(self):
        self.buy_once()
        self.assertEqual(self.moves("purchase", 10), "purchase")
        self.assertEqual(self.moves("delivery", 8, first_order=False), "retention")

    def test_regulars_pass_through_their_order_and_back(self):
        self.buy_once()
        for bought, delivered in [(16, 14), (13, 11), (2, 1)]:
            self.assertEqual(self.moves("purchase", bought), "purchase")
            self.assertEqual(self.moves("delivery", delivered, first_order=False), "retention")
        self.assertEqual(self.moves("purchase", 0), "purchase")
        self.check_all_news()

    def test_an_order_on_the_day_of_the_parcel_is_told_of_too(self):
        self.buy_once()
        self.assertEqual(self.moves("purchase", 17 - 3 * HOUR / DAY), "purchase")


class Software(Example):
    allows_running = False
    site = SOFTWARE
    placements = ["hero", "sidebar", "resources", "pricing", "in_app", "email", "sales_desk"]
    journeys = ["five-stages-b2b", "buying-process"]
    house = {HOUSE, "newsletter"}

    def test_every_stage_answers(self):
        self.check_journeys()

    def test_a_reason_names_who_holds_it_up_in_words(self):
        for waiting, offer, reason in [("legal", "your-data-leaves-with-you", "answers what the lawyers ask"),
                                       ("finance", "ninety-day-guarantee", "answers what finance asks"),
                                       ("it", "going-live-in-six-weeks", "answers what IT asks"),
                                       ("management", "going-live-in-six-weeks", "answers what management asks")]:
            reasons = self.reasons("hero", journey="buying-process", stage="purchasing", context={"waiting_for": waiting})
            self.assertEqual(reasons, {offer: reason})

    def test_a_reason_fits_the_offer_that_it_stands_beside(self):
        invited = self.reasons("in_app", count=20, stage="referral", persona="plant-manager")
        self.assertEqual(invited["monthly-round-table"], "Content with us: something to enjoy, before anything is asked.")
        self.assertEqual(invited["plant-of-the-quarter"], "public recognition carries more weight than asking")
        for interests, reason in [([], "an addition to what they have"), (["spares"], "they have been looking at it")]:
            sold = self.reasons("pricing", stage="retention", context={"interests": interests})
            self.assertEqual(sold, {"spares-module": reason})


if __name__ == "__main__":
    unittest.main()
