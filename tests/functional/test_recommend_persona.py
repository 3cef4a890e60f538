"""Personas that are guessed: match functions in the order of declaration, and what happens where they fail."""

import unittest

from harness import SharedDaemon, small

PERSONAS = """
persona "set-only" { name = "S", summary = "x" }
persona "it" { name = "I", summary = "x", match = function(c) return c.traits.role == "it" end }
persona "visitor" { name = "V", summary = "x", match = function(c) return (c.context.visits or 0) >= 3 end }
persona "it-too" { name = "T", summary = "x", match = function(c) return c.traits.role == "it" end }
persona "broken" { name = "B", summary = "x", match = function(c) return c.traits.break_it and error("this one breaks") end }
persona "last" { name = "L", summary = "x", match = function(c) return c.traits.last end }
"""


class Persona(SharedDaemon):
    allows_running = False
    site = small(
        offers="""
offer "for-it" { kind = "article", title = "x", personas = { "it" } }
offer "for-visitor" { kind = "article", title = "x", personas = { "visitor" } }
offer "for-set-only" { kind = "article", title = "x", personas = { "set-only", "broken" } }
offer "for-all" { kind = "article", title = "x" }
""",
        personas__all=PERSONAS)

    def ask(self, **arguments):
        decision = self.open().recommend(count=4, **arguments)
        return decision["persona"], self.offers(decision)[0]

    def test_none_matches(self):
        self.assertEqual(self.ask(), (None, "for-all"))
        self.assertEqual(self.ask(traits={"role": "cook"}, context={"visits": 2}), (None, "for-all"))

    def test_the_first_that_matches(self):
        self.assertEqual(self.ask(traits={"role": "it"}), ("it", "for-it"))
        self.assertEqual(self.ask(context={"visits": 3}), ("visitor", "for-visitor"))
        self.assertEqual(self.ask(traits={"role": "it"}, context={"visits": 3}), ("it", "for-it"))

    def test_the_request_overrides(self):
        self.assertEqual(self.ask(traits={"role": "it"}, persona="visitor"), ("visitor", "for-visitor"))
        self.assertEqual(self.ask(persona="set-only"), ("set-only", "for-set-only"))

    def test_one_that_fails_is_passed_over(self):
        for _ in range(5):
            self.assertEqual(self.ask(traits={"break_it": True, "last": True})[0], "last")
            self.assertEqual(self.ask(traits={"break_it": True})[0], None)
            self.assertEqual(self.ask(traits={"role": "it", "break_it": True})[0], "it")

    def test_its_failure_is_logged_with_file_and_line(self):
        if self.daemon is not None:
            self.open().recommend(traits={"break_it": True})
            self.daemon.wait_log(r"personas/all\.lua:6: the script called error\(\)")

    def test_guesses_follow_the_traits_of_each_request(self):
        for _ in range(3):
            for traits, persona in [({"role": "it"}, "it"), ({}, None), ({"role": b"it"}, "it"), ({"role": ["it"]}, None),
                                    ({"role": 5}, None), ({"last": 1}, "last")]:
                self.assertEqual(self.ask(traits=traits)[0], persona)


if __name__ == "__main__":
    unittest.main()
