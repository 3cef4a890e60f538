"""Scripts that loop, fail or grow: the visitor gets the fallback, labelled, and nobody else notices."""

import select
import unittest

from harness import SharedDaemon, TestCase, small

DEADLINE, ERROR = "deadline", "strategy_error"

# A strategy's functions, and how the answer is labelled. Each is on its own in a stage of its name.
SCRIPTS = {
    "loop-in-score": ("score = function(c, o) while true do end end", DEADLINE),
    "loop-in-eligible": ("eligible = function(c, o) while true do end end", DEADLINE),
    "loop-in-when": ("when = function(c) while true do end end", DEADLINE),
    "loop-under-pcall": ("score = function(c, o) while true do pcall(function() while true do end end) end end", DEADLINE),
    "loop-in-library": ('score = function(c, o) local s = string.rep("a", 60000) return s:find(string.rep(".-", 20) .. "b") end', DEADLINE),
    "loop-in-sort": ("""score = function(c, o)
        local list = {} for i = 1, 5000 do list[i] = i % 7 end
        while true do table.sort(list, function(a, b) return a > b end) end
      end""", DEADLINE),
    "error": ('score = function(c, o) error("went wrong on purpose") end', ERROR),
    "error-nil": ("score = function(c, o) error(nil) end", ERROR),
    "error-table": ("score = function(c, o) error({ code = 5 }) end", ERROR),
    "error-in-when": ("when = function(c) return c.context.a.b.c end", ERROR),
    "unknown-field": ("when = function(c) return c.stagee end", ERROR),
    "memory-by-strings": ('score = function(c, o) local t = {} while true do t[#t + 1] = string.rep("x" .. #t, 1000) end end', ERROR),
    "memory-by-tables": ("score = function(c, o) local t = {} while true do t = { t, {}, {} } end end", ERROR),
    "memory-by-doubling": ('score = function(c, o) local s = "x" while true do s = s .. s end end', ERROR),
    "deep-recursion": ("score = function(c, o) local function f(n) return 1 + f(n + 1) end return f(1) end", ERROR),
    "score-nil": ("score = function(c, o) return nil end", ERROR),
    "score-text": ('score = function(c, o) return "1" end', ERROR),
    "score-negative": ("score = function(c, o) return -1 end", ERROR),
    "score-nan": ("score = function(c, o) return 0 / 0 end", ERROR),
    "score-infinite": ("score = function(c, o) return 1 / 0 end", ERROR),
    "score-table": ("score = function(c, o) return {} end", ERROR),
    "score-true": ("score = function(c, o) return true end", ERROR),
    "writes-to-customer": ("score = function(c, o) c.stage = 'x' return 1 end", ERROR),
    "writes-to-offer": ("score = function(c, o) o.value = 5 return 1 end", ERROR),
    "writes-to-data": ("score = function(c, o) o.data.x = 5 return 1 end", ERROR),
}
# Odd, but harmless: taken as an answer.
HARMLESS = {
    "reason-number": "score = function(c, o) return 1, 5 end",
    "reason-table": "score = function(c, o) return 1, {} end",
    "many-results": "score = function(c, o) return 1, 'x', 2, 3, {}, nil, 4 end",
    "when-truthy": "when = function(c) return 0 end",
    "eligible-truthy": "eligible = function(c, o) return 'yes' end",
    "long-reason": 'score = function(c, o) return 1, string.rep("x", 60000) end',
}


def site(scripts):
    stages = ", ".join(f'stage "{name}" {{}}' for name in scripts)
    strategies = "".join(f'strategy "{name}" {{\n  stage = "{name}",\n  {text},\n}}\n' for name, text in scripts.items())
    return small(journeys__walk=f'journey "walk" {{ model = "b2c", {stages} }}\n', strategies=strategies)


class Contained(SharedDaemon):
    allows_running = False
    site = site({name: text for name, (text, _) in SCRIPTS.items()} | HARMLESS)
    options = {"workers": 1}

    def ask(self, stage, **arguments):
        return self.open().recommend(stage=stage, **arguments)

    def test_the_fallback_is_served_and_labelled(self):
        for name, (_, label) in SCRIPTS.items():
            with self.subTest(name):
                decision = self.ask(name)
                self.assertEqual((self.offers(decision), decision["strategy"]), (["house"], None))
                # Filling memory takes time too: a slow build meets its deadline first.
                self.assertIn(decision["fallback"], (label, DEADLINE) if name.startswith("memory") else (label,))
                self.assertTrue(decision["because"])
                self.daemon.wait_log(rf'msg="strategy failed" .*strategy={name} ')

    def test_odd_but_harmless_results_are_taken(self):
        for name in HARMLESS:
            with self.subTest(name):
                decision = self.ask(name)
                self.assertEqual((self.offers(decision), decision["fallback"], decision["strategy"]), (["plain"], None, name))
                self.assertIsInstance(decision["items"][0]["because"], str)

    def test_failures_are_explained_too(self):
        for name in ("error", "loop-in-when"):
            decision = self.ask(name, explain=True)
            gate = next(entry["gate"] for entry in decision["trace"] if entry["offer"] == "plain")
            self.assertEqual((self.offers(decision), gate), (["house"], "strategy"))

    def test_good_stages_work_after_bad_ones(self):
        for name in SCRIPTS:
            self.ask(name)
            self.assertEqual(self.offers(self.ask("when-truthy")), ["plain"])


SWITCH = small(
    offers='offer "plain" { kind = "article", title = "x" }\noffer "film" { kind = "video", title = "x" }\n',
    strategies="""strategy "films" { eligible = function(c, o) return o.kind == "video" end }
strategy "switch" {
  stage = { "first", "second" },
  when = function(c)
    if c.context.fail then
      error("as asked", 1)
    end
    while c.context.loop do end
    return true
  end,
}
strategy "other" { stage = "third" }
""",
    placements='placement "hero" { count = 3, fallback = "house" }\n'
               'offer "house" { kind = "showcase", title = "Our house", placements = {} }\n')


class Strikes(TestCase):
    def set_aside(self, client):
        return client.call("stats")["site"]["set_aside"]

    def test_what_was_chosen_before_the_failure_is_kept(self):
        client = self.client(self.serve(SWITCH))
        decision = client.recommend(context={"fail": True})
        self.assertEqual((self.offers(decision), decision["fallback"], decision["strategy"]), (["film", "house"], ERROR, "films"))

    def test_the_third_failure_sets_it_aside_until_the_next_reload(self):
        daemon = self.serve(SWITCH, workers=1)
        client = self.client(daemon)
        good = client.recommend()
        self.assertEqual(self.offers(good), ["film", "plain", "house"])
        for strike, context in enumerate([{"fail": True}, {"fail": 1}, {"loop": True}]):
            self.assertEqual(self.set_aside(client), [])
            self.assertEqual(self.offers(client.recommend()), ["film", "plain", "house"], f"before strike {strike + 1}")
            client.recommend(context=context)
        self.assertEqual(self.set_aside(client), ["switch"])
        decision = client.recommend()
        self.assertEqual((self.offers(decision), decision["fallback"]), (["film", "house"], ERROR))
        self.assertEqual(self.offers(client.recommend(stage="third")), ["film", "plain", "house"])
        daemon.reload()
        self.assertEqual(self.set_aside(client), [])
        self.assertEqual(self.offers(client.recommend()), ["film", "plain", "house"])

    def test_what_strangers_leave_out_switches_off_nothing_that_works(self):
        visits = small(strategies='strategy "loyal" { when = function(c) return c.context.visits >= 3 end }\n')
        daemon = self.serve(visits, workers=1)
        client = self.client(daemon)
        for number in range(1000):
            self.assertEqual(client.recommend(context={"visits": 3 + number})["strategy"], "loyal")
        for number in range(50):
            self.assertEqual(client.recommend(context={})["fallback"], ERROR)
        self.assertEqual(client.recommend(context={"visits": 5})["strategy"], "loyal")
        self.assertEqual(self.set_aside(client), [])
        self.assert_stops(daemon)
        self.assertLess(daemon.output().count('msg="strategy failed"'), 20, "a line for each would fill the disk")

    def test_stats_say_why(self):
        client = self.client(self.serve(SWITCH, workers=1))
        for _ in range(3):
            client.recommend(context={"fail": True})
        because = client.call("stats")["site"]["set_aside_because"]
        self.assertEqual(because, {"switch": "strategies/strategies.lua:6: the script called error()"})

    def test_the_operator_reads_file_line_and_strategy(self):
        daemon = self.serve(SWITCH, workers=1)
        client = self.client(daemon)
        for _ in range(2):
            client.recommend(context={"fail": True})
            daemon.wait_log(r'level=warning .*msg="strategy failed" strategy=switch .*strategies/strategies\.lua:6: the script called error')
            daemon.wait_log(r'level=debug .*strategies/strategies\.lua:6: as asked')
        client.recommend(context={"loop": True})
        daemon.wait_log(r'level=warning .*msg="strategy failed" strategy=switch .*strategies/strategies\.lua:8')
        daemon.wait_log(r'level=error .*msg="strategy set aside until the next reload" strategy=switch')

    def test_once_set_aside_it_is_logged_no_more(self):
        daemon = self.serve(SWITCH, workers=1)
        client = self.client(daemon)
        for _ in range(50):
            client.recommend(context={"fail": True})
        self.assert_stops(daemon)
        self.assertEqual(daemon.output().count('msg="strategy failed"'), 3)
        self.assertEqual(daemon.output().count("set aside until"), 1)

    def test_the_counters_tell(self):
        client = self.client(self.serve(SWITCH, workers=1))
        client.recommend(context={"loop": True})
        for _ in range(4):
            client.recommend(context={"fail": True})
        counters = client.call("stats")["counters"]
        self.assertEqual([counters[name] for name in ("fallback_deadline", "fallback_strategy_error", "strategies_set_aside")],
                         [1, 4, 1])


class Meanwhile(TestCase):
    def test_others_are_answered_while_a_script_loops(self):
        daemon = self.serve(SWITCH, flags=["--deadline-ms", "2000", "--kill-after-ms", "600000"])
        looping, other = daemon.client_of(0), daemon.client_of(1)
        self.addCleanup(looping.close)
        self.addCleanup(other.close)
        looping.send(b"\x94\x00\x01\xa9recommend\x91\x82\xa9placement\xa4hero\xa7context\x81\xa4loop\xc3")
        for _ in range(10):
            self.assertEqual(self.offers(other.recommend()), ["film", "plain", "house"])
        self.assertEqual(select.select([looping.socket], [], [], 0)[0], [], "the script still loops")
        self.assertEqual(looping.receive()[3]["fallback"], DEADLINE)

    def test_those_behind_it_on_the_same_worker_are_answered_after_the_deadline(self):
        client = self.client(self.serve(SWITCH, workers=1))
        loop = b"\x94\x00\x01\xa9recommend\x91\x82\xa9placement\xa4hero\xa7context\x81\xa4loop\xc3"
        client.send(loop + b"\x94\x00\x02\xa4ping\x90")
        self.assertEqual([client.receive()[1], client.receive()[1]], [1, 2])


class Loading(TestCase):
    def test_a_site_that_misbehaves_while_it_loads_is_refused_and_the_old_one_serves(self):
        # On a machine that is busy with other things, a worker is not to be taken for stuck meanwhile.
        daemon = self.serve(small(), flags=["--kill-after-ms", "60000"])
        visitors = [self.client(daemon) for _ in range(8)]
        version = daemon.ask("recommend", placement="hero")["version"]
        for text in ["while true do end", "local t = {} while true do t = { t } end", 'error("no")', "local function f() return 1 + f() end f()",
                     'local s = "x" while true do s = s .. s end', "offer(nil)", "return os.exit(1)", "io.open('/etc/passwd')"]:
            daemon.write_site(small() | {"strategies/bad.lua": text + "\n"})
            answer = daemon.try_reload()
            self.assertRegex(answer, r"(?s)^INVALID: .*strategies/bad\.lua:(1:| error: needs more memory)", text)
            for visitor in visitors:
                self.assertEqual(visitor.recommend()["version"], version)
        daemon.write_site(small())
        self.assertEqual(daemon.try_reload(), version)


if __name__ == "__main__":
    unittest.main()
