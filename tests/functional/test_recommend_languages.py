"""Titles, addresses and names of stages in the language asked for."""

import unittest

from harness import SharedDaemon, small


class Languages(SharedDaemon):
    allows_running = False
    site = small(
        offers="""
offer "both" { kind = "article", title = { en = "Guide", es = "Guía" }, url = { en = "/guide", es = "/guia" } }
offer "english" { kind = "article", title = { en = "Only English" }, url = "/english" }
offer "same" { kind = "article", title = "Ωmega", url = false }
""",
        site='site "small" { locale = "en", locales = { "en", "es", "pt-BR" } }\n',
        journeys__zip='journey "zip" { model = "b2c", locale = "es", names = { es = "cremallera" }, stage "primero" { names = { es = "Iniciación", '
                      'en = "start" } } }\n',
        placements='placement "hero" { count = 3, fallback = "house" }\n'
                   'offer "house" { kind = "showcase", title = "Our house", placements = {} }\n')

    def titles(self, **arguments):
        return [item["title"] for item in self.open().recommend(**arguments)["items"]]

    def urls(self, **arguments):
        return [item["url"] for item in self.open().recommend(**arguments)["items"]]

    def test_in_the_language_asked_for_else_in_the_journeys(self):
        self.assertEqual(self.titles(locale="en"), ["Guide", "Only English", "Ωmega"])
        self.assertEqual(self.titles(locale="es"), ["Guía", "Only English", "Ωmega"])
        self.assertEqual(self.titles(locale="pt-BR"), ["Guide", "Only English", "Ωmega"])

    def test_addresses_too(self):
        self.assertEqual(self.urls(locale="es"), ["/guia", "/english", None])
        self.assertEqual(self.urls(locale="en"), ["/guide", "/english", None])

    def test_a_journeys_own_language(self):
        self.assertEqual(self.titles(journey="zip")[0], "Guía")
        self.assertEqual(self.titles(journey="zip", locale="en")[0], "Guide")
        self.assertEqual(self.titles(journey="zip", locale="pt-BR")[0], "Guía")

    def test_left_out_or_unknown_it_is_the_journeys(self):
        self.assertEqual(self.titles(), self.titles(locale="en"))
        self.assertEqual(self.titles(locale="fr"), self.titles(locale="en"))
        self.assertEqual(self.titles(journey="zip", locale="fr")[0], "Guía")

    def test_a_region_falls_back_to_its_language(self):
        for locale in ["es-MX", "es_ES", "es-419", "ES", "Es-mx"]:
            self.assertEqual(self.titles(locale=locale)[0], "Guía")

    def test_stages_in_any_of_their_names(self):
        client = self.open()
        for name, stage in [("first", "first"), ("primera", "first"), ("beginning", "first"), ("segunda etapa", "second"),
                            ("última", "third"), ("third", "third")]:
            for form in (name, name.encode()):
                self.assertEqual(client.recommend(stage=form)["stage"], stage)
        self.assertEqual(client.recommend(journey="zip", stage="Iniciación")["stage"], "primero")
        self.assertEqual(client.recommend(journey="zip")["stage"], "primero")

    def test_a_stage_of_another_journey_is_unknown(self):
        client = self.open()
        self.assert_refused(client, r"^INVALID: stage: .*'walk'.*'primero'", placement="hero", stage="primero")
        self.assert_refused(client, r"^INVALID: stage: .*'zip'.*'second'", placement="hero", journey="zip", stage="second")

    def test_the_nearest_name_may_be_a_spanish_one(self):
        self.assert_refused(self.open(), r"^INVALID: stage: .*did you mean 'primera'\?", placement="hero", stage="primeras")


if __name__ == "__main__":
    unittest.main()
