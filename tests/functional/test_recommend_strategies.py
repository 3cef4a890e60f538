"""Strategies: who is asked, in which order, how slots are filled, and the reasons that are given."""

import unittest

from harness import SharedDaemon, small

OFFERS = "".join(f'offer "{name}" {{ kind = "{kind}", title = "x", value = {value}, tags = {{ "{tag}" }} }}\n' for name, kind, value, tag in [
    ("a", "article", 5, "red"), ("b", "article", 4, "blue"), ("c", "video", 3, "red"), ("d", "video", 2, "blue")])


class InTurn(SharedDaemon):
    allows_running = False
    site = small(
        offers=OFFERS,
        strategies="""
strategy "regulars" {
  when = function(c) return c.context.regular end,
  eligible = function(c, o) return o.kind == "video", "not a film" end,
  because = { en = "Regulars like films.", es = "Gustan las películas." },
}
strategy "red-first" {
  eligible = function(c, o)
    if not o:tagged("red") then return false, "not red" end
    return true
  end,
  score = function(c, o) return 1, "because " .. o.id .. " is red" end,
}
strategy "rest-of-second" { stage = "second" }
strategy "sidebar-only" { placements = { "sidebar" }, stage = { "first", "third" } }
""",
        strategies__then='strategy "from-the-next-file" { stage = "third", because = "Last of all." }\n',
        placements="""
placement "hero" { count = 4, fallback = "house" }
placement "sidebar" { count = 4, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""")

    def ask(self, placement="hero", **arguments):
        return self.open().recommend(placement, **arguments)

    def because(self, decision):
        return [item["because"] for item in decision["items"]]

    def test_the_first_that_yields_fills_the_next_fills_what_is_left(self):
        decision = self.ask(context={"regular": True}, stage="second")
        self.assertEqual(self.offers(decision), ["c", "d", "a", "b"])
        self.assertEqual(decision["strategy"], "regulars")

    def test_one_that_does_not_apply_is_passed_over(self):
        for context in [{}, {"regular": False}]:
            decision = self.ask(context=context, stage="second")
            self.assertEqual(self.offers(decision), ["a", "c", "b", "d"])
            self.assertEqual(decision["strategy"], "red-first")

    def test_files_are_asked_in_the_order_of_their_names(self):
        decision = self.ask(stage="third")
        self.assertEqual(self.offers(decision), ["a", "c", "b", "d"])
        self.assertEqual(self.because(decision)[2:], ["Last of all."] * 2)

    def test_slots_left_go_to_the_fallback(self):
        decision = self.ask()
        self.assertEqual(self.offers(decision), ["a", "c", "house"])
        self.assertIsNone(decision["fallback"])

    def test_one_for_another_placement_is_not_asked(self):
        self.assertEqual(self.offers(self.ask("sidebar")), ["a", "c", "b", "d"])
        self.assertEqual(self.offers(self.ask("hero")), ["a", "c", "house"])

    def test_an_offer_fills_one_slot_at_most(self):
        for stage in ("first", "second", "third"):
            offers = self.offers(self.ask(stage=stage, context={"regular": True}, count=50))
            self.assertEqual(len(offers), len(set(offers)))

    def test_full_slots_end_the_asking(self):
        decision = self.ask(context={"regular": True}, stage="second", count=2)
        self.assertEqual(self.offers(decision), ["c", "d"])

    def test_reasons_of_the_score_of_the_author_and_of_the_name(self):
        decision = self.ask(stage="second", context={"regular": True})
        self.assertEqual(self.because(decision), ["Regulars like films."] * 2 + ["because a is red", "rest-of-second"])
        self.assertEqual(self.because(self.ask(stage="second", context={"regular": True}, locale="es"))[:2],
                         ["Gustan las películas."] * 2)

    def test_the_trace_has_the_strategys_reason(self):
        decision = self.ask(explain=True, stage="first")
        entry = next(entry for entry in decision["trace"] if entry["offer"] == "b")
        self.assertEqual((entry["gate"], entry["because"]), ("strategy", "not red"))

    def test_the_trace_says_that_none_applied_or_found_it_eligible(self):
        decision = self.ask(explain=True, stage="first", context={"regular": True}, exclude=["a", "c"])
        self.assertEqual(self.offers(decision), ["d", "house"])
        entry = next(entry for entry in decision["trace"] if entry["offer"] == "b")
        self.assertEqual(entry["gate"], "strategy")


class Alone(SharedDaemon):
    allows_running = False
    site = small(
        offers=OFFERS,
        strategies="""
strategy "nothing-fits" { stage = "first", eligible = function(c, o) return false, "nothing today" end }
strategy "never" { stage = "second", when = function(c) return false end }
""",
        placements="""
placement "hero" { count = 2, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""")

    def test_where_strategies_speak_only_theirs_are_shown(self):
        for stage in ("first", "second"):
            decision = self.open().recommend(stage=stage, explain=True)
            self.assertEqual((self.offers(decision), decision["fallback"], decision["strategy"]),
                             (["house"], "no_offer_fits", None))
            self.assertTrue(decision["because"])
            for entry in decision["trace"]:
                if entry["offer"] != "house":
                    self.assertEqual(entry["gate"], "strategy")

    def test_where_none_speaks_priority_decides(self):
        decision = self.open().recommend(stage="third")
        self.assertEqual((self.offers(decision), decision["fallback"], decision["strategy"]), (["a", "b"], None, None))
        self.assertTrue(decision["items"][0]["because"])


class Reads(SharedDaemon):
    """What scripts may read of customer and offer; one strategy tells all of it in its reason."""

    allows_running = False
    site = small(
        offers="""
offer "a" { kind = "article", title = { en = "Title", es = "Título" }, url = "/a", stages = { "first" }, tags = { "red" },
  answers = { "hard to compare" }, value = 2.5, weight = 10, data = { pages = 24, nested = { deep = "yes" }, list = { 1, 2, 3 } } }
""",
        strategies="""
local function show(value)
  if value == nil then return "nil" end
  return tostring(value)
end
strategy "tells" {
  score = function(c, o)
    local what, told = c.context.tell, {}
    if what == "customer" then
      told = { show(c.id), show(c.stage), show(c.persona), show(c.locale), show(c.journey), show(c.touchpoint) }
    elseif what == "maps" then
      told = { show(c.traits.role), show(c.traits.missing), show(c.consents.marketing), show(c.context.n), show(c.context.list[2]),
               show(c.context.map.inner.x), show(#c.context.list) }
    elseif what == "consent" then
      told = { show(c:consents_to("marketing")), show(c:consents_to("profiling")) }
    elseif what == "interest" then
      told = { show(c:interested_in(o)) }
    elseif what == "offer" then
      told = { o.id, o.kind, show(o.url), show(o.value), show(o.weight == 10), show(o.data.pages), show(o.data.nested.deep),
               show(#o.data.list), show(o:tagged("red")), show(o:tagged("blue")), show(o.data.missing) }
    end
    return 1, table.concat(told, "|")
  end,
}
""",
        personas__all='persona "ana" { name = "Ana", summary = "x" }\n')

    def told(self, tell, context=None, **arguments):
        decision = self.open().recommend(context={"tell": tell, **(context or {})}, **arguments)
        self.assertIsNone(decision["fallback"])
        return decision["items"][0]["because"].split("|")

    def test_the_customer(self):
        self.assertEqual(self.told("customer"), ["nil", "first", "nil", "en", "walk", "nil"])
        self.assertEqual(self.told("customer", customer="c-1", persona="ana", locale="es", touchpoint="site"),
                         ["c-1", "first", "ana", "es", "walk", "site"])

    def test_maps_of_the_request(self):
        context = {"n": 2.5, "list": ["x", "y"], "map": {"inner": {"x": True}}}
        self.assertEqual(self.told("maps", context, traits={"role": "it"}, consents={"marketing": True}),
                         ["it", "nil", "true", "2.5", "y", "true", "2"])

    def test_consents(self):
        self.assertEqual(self.told("consent"), ["false", "false"])
        self.assertEqual(self.told("consent", consents={"marketing": True, "profiling": False}), ["true", "false"])

    def test_interests_are_tags_or_answers_in_context_or_traits(self):
        for context, traits, interested in [
                ({}, {}, "false"), ({"interests": ["red"]}, {}, "true"), ({"interests": ["blue"]}, {}, "false"),
                ({}, {"interests": ["blue", "hard to compare"]}, "true"), ({"interests": []}, {"interests": []}, "false"),
                ({"interests": "red"}, {}, "true"), ({"interests": [1, None, {}]}, {}, "false")]:
            self.assertEqual(self.told("interest", context, traits=traits), [interested], (context, traits))

    def test_the_offer(self):
        self.assertEqual(self.told("offer"), ["a", "article", "/a", "2.5", "true", "24", "yes", "3", "true", "false", "nil"])


class Memory(SharedDaemon):
    """A strategy's answer follows all that it reads, however often it gave another answer before."""

    allows_running = False
    site = small(
        offers='offer "a" { kind = "article", title = "x" }\n',
        strategies="""
strategy "echoes" {
  stage = "first",
  score = function(c, o)
    local told = { c.id or "-", c.persona or "-", c.locale, c.touchpoint or "-", tostring(c.traits.x), tostring(c.context.y) }
    local z = c.context.z
    if c.context.y == 1 and z then told[#told + 1] = tostring(z.inner) end
    for name, value in pairs(c.consents) do told[#told + 1] = name .. tostring(value) end
    return 1, table.concat(told, "|")
  end,
}
strategy "clock" { stage = "second", score = function(c, o) return 1, tostring(now) end }
strategy "chance" { stage = "third", score = function(c, o) return 1, tostring(random(1, 1000000)) end }
""",
        personas__all='persona "ana" { name = "Ana", summary = "x" }\n')

    VARIANTS = [
        ({}, "-|-|en|-|nil|nil"), ({"customer": "u"}, "u|-|en|-|nil|nil"), ({"persona": "ana"}, "-|ana|en|-|nil|nil"),
        ({"locale": "es"}, "-|-|es|-|nil|nil"), ({"touchpoint": "t"}, "-|-|en|t|nil|nil"),
        ({"traits": {"x": 1}}, "-|-|en|-|1|nil"), ({"traits": {"x": "1"}}, "-|-|en|-|1|nil"), ({"traits": {"x": 1.5}}, "-|-|en|-|1.5|nil"),
        ({"context": {"y": 1}}, "-|-|en|-|nil|1"), ({"context": {"y": 2, "z": {"inner": 5}}}, "-|-|en|-|nil|2"),
        ({"context": {"y": 1, "z": {"inner": 5}}}, "-|-|en|-|nil|1|5"), ({"context": {"y": 1, "z": {"inner": 6}}}, "-|-|en|-|nil|1|6"),
        ({"context": {"y": 1, "z": {}}}, "-|-|en|-|nil|1|nil"), ({"context": {"y": False}}, "-|-|en|-|nil|false"),
        ({"consents": {"b": True, "a": False}}, "-|-|en|-|nil|nil|afalse|btrue"), ({"consents": {"a": True}}, "-|-|en|-|nil|nil|atrue"),
    ]

    def reason(self, **arguments):
        return self.open().recommend(**arguments)["items"][0]["because"]

    def test_it_follows_everything_that_was_read(self):
        for order in (self.VARIANTS, self.VARIANTS[::-1], self.VARIANTS[::3] + self.VARIANTS * 2):
            for arguments, reason in order:
                self.assertEqual(self.reason(**arguments), reason)

    def test_it_follows_the_clock(self):
        for at in (1772700000, 1772700001, 1772700000):
            self.assertEqual(float(self.reason(stage="second", dry_run=True, at=at)), at)

    def test_it_follows_chance(self):
        drawn = [self.reason(stage="third", dry_run=True, seed=seed) for seed in (1, 2, 3, 1, 2, 3)]
        self.assertEqual(drawn[:3], drawn[3:])
        self.assertEqual(len(set(drawn)), 3)
        self.assertGreater(len({self.reason(stage="third") for _ in range(20)}), 10)


if __name__ == "__main__":
    unittest.main()
