"""Mistakes that marketers make: where they are, what was expected and the nearest right name, as `check` prints them.

What is printed for each is in tests/data/mistakes; SENDA_WRITE_GOLDEN=1 writes it anew, to be read before it is kept.
"""

import os
import shutil
import subprocess
import tempfile
import unittest

from harness import SENDACTL, SENDAD, SOURCE, write_files
from process import DEADLINE

GOLDEN = os.path.join(SOURCE, "tests/data/mistakes")
BASE = {
    "site.lua": 'site "corner-shop" { locale = "en", locales = { "en", "es" } }\n',
    "journeys/walk.lua": 'journey "walk" {\n  model = "b2c",\n  stage "looking" { offers = { "article", "video" } },\n  stage "buying" { enter = { on = "visit" } },\n}\n',
    "personas/ana.lua": 'persona "ana" { name = "Ana", summary = "Buys bread." }\n',
    "placements.lua": 'placement "hero" { fallback = "house" }\noffer "house" { kind = "showcase", title = "Our house", url = "/", placements = {} }\n',
    "offers/bread.lua": 'offer "bread" {\n  kind = "article",\n  title = "Bread",\n  url = "/bread",\n}\n',
}

# The files of each mistake, over those of the site above.
MISTAKES = {
    "a-stage-that-does-not-exist": {"offers/new.lua": 'offer "rolls" {\n  kind = "article", title = "Rolls", url = "/rolls",\n  stages = { "lookin" },\n}\n'},
    "a-field-that-does-not-exist": {"offers/new.lua": 'offer "rolls" { kind = "article", titel = "Rolls", url = "/rolls" }\n'},
    "a-comma-left-out": {"offers/new.lua": 'offer "rolls" {\n  kind = "article"\n  title = "Rolls",\n}\n'},
    "a-quote-left-open": {"offers/new.lua": 'offer "rolls" {\n  kind = "article", title = "Rolls, url = "/rolls",\n}\n'},
    "quotes-left-out": {"offers/new.lua": 'offer "rolls" { kind = article, title = "Rolls", url = "/rolls" }\n'},
    "a-brace-left-out": {"offers/new.lua": 'offer "rolls" {\n  kind = "article", title = "Rolls", url = "/rolls",\n\noffer "buns" { kind = "article", title = "Buns", url = "/buns" }\n'},
    "a-constructor-misspelt": {"offers/new.lua": 'ofer "rolls" { kind = "article", title = "Rolls", url = "/rolls" }\n'},
    "the-same-name-twice": {"offers/new.lua": 'offer "bread" { kind = "article", title = "Bread again", url = "/bread" }\n'},
    "a-date-that-is-none": {"offers/new.lua": 'offer "rolls" { kind = "article", title = "Rolls", url = "/rolls", starts = "31/12/2026" }\n'},
    "text-where-a-number-is-due": {"offers/new.lua": 'offer "rolls" { kind = "article", title = "Rolls", url = "/rolls", value = "12" }\n'},
    "a-fallback-that-does-not-exist": {"placements.lua": 'placement "hero" { fallback = "hose" }\noffer "house" { kind = "showcase", title = "Our house", url = "/", placements = {} }\n'},
    "no-fallback": {"placements.lua": 'placement "hero" {}\noffer "house" { kind = "showcase", title = "Our house", url = "/", placements = {} }\n'},
    "a-strategy-without-function": {"strategies/new.lua": 'strategy "lift-bread" { stage = "looking", score = 2 }\n'},
    "a-persona-that-does-not-exist": {"offers/new.lua": 'offer "rolls" { kind = "article", title = "Rolls", url = "/rolls", personas = { "anna" } }\n'},
    "a-language-the-site-does-not-speak": {"offers/new.lua": 'offer "rolls" { kind = "article", title = { en = "Rolls", sp = "Panecillos" }, url = "/rolls" }\n'},
    "a-name-with-spaces": {"offers/new.lua": 'offer "Fresh Rolls" { kind = "article", title = "Rolls", url = "/rolls" }\n'},
    "a-wrong-column-in-a-table": {"offers/new.csv": 'id,kind,titel\nrolls,article,Rolls\n'},
    "a-row-with-a-wrong-stage": {"offers/new.csv": 'id,kind,title,url,stages\nrolls,article,Rolls,/rolls,looking|byuing\n'},
    "a-variable-changed-by-a-strategy": {"strategies/new.lua": 'local shown = 0\nstrategy "count-them" {\n  score = function(c, o)\n    shown = shown + 1\n    return shown\n  end,\n}\n'},
    "a-test-of-nothing-known": {"tests/new.lua": 'test "ana sees bread" { given = { persona = "ana" }, at = "heros", expect = { offer = "bread" } }\n'},
    "a-history-without-times": {"tests/new.lua": 'test "buyers see bread" {\n  given = { did = { "visit" } },\n  at = "hero", expect = { offer = "bread" },\n}\n'},
    "a-history-of-an-unknown-offer": {"tests/new.lua": 'test "who saw it sees bread" {\n  given = { seen = { braed = "2d" } },\n  at = "hero", expect = { offer = "bread" },\n}\n'},
    "a-history-in-words": {"tests/new.lua": 'test "who saw it sees bread" {\n  given = { seen = { bread = { "2 days" } }, in_stage_for = "5 days" },\n  at = "hero", expect = { offer = "bread" },\n}\n'},
    "a-byte-order-mark-and-a-field-that-does-not-exist": {"offers/new.lua": '\ufeffoffer "rolls" { kind = "article", titel = "Rolls", url = "/rolls" }\n'},
    "a-table-in-latin-1": {"offers/new.csv": 'id,kind,title,url\nrolls,article,Brötchen,/rolls\n'.encode("latin-1")},
    "a-list-in-a-table-without-bars": {"offers/new.csv": 'id,kind,title,url,stages,stock,value\nrolls,article,Rolls,/rolls,"looking,buying",1 000,"2,000"\n'},
    "a-wrong-cell-between-semicolons": {"offers/new.csv": 'id;kind;title;url;stages;value\nrolls;article;' + "Rolls, buns, " * 20 + ';/rolls;looking;12,5\n'},
    "a-single-equals-sign": {"strategies/new.lua": 'strategy "s" {\n  stage = "looking",\n  when = function(c) return c.persona = "ana" end,\n}\n'},
    "an-inner-brace-left-out": {"offers/new.lua": 'offer "rolls" {\n  kind = "article",\n  title = { en = "Rolls", es = "Panecillos",\n  url = "/rolls",\n}\n\noffer "buns" {\n  kind = "article", title = "Buns", url = "/buns",\n}\n'},
    "functions-that-say-nothing-or-never-fit": {"strategies/new.lua": 'strategy "s" {\n  stage = "looking",\n  when = function(c) end,\n  eligible = function(c, o)\n    if o.kind == "vidio" then return false, "no films" end\n  end,\n  score = function(c, o) return c.persona == "anna" and 1,5 or 1 end,\n}\nstrategy "rest" {}\n'},
    "a-field-given-twice": {"offers/new.lua": 'offer "rolls" {\n  kind = "article", title = "Rolls", url = "/rolls", value = 20,\n  value = 30,\n}\n'},
    "a-strategy-to-which-nothing-is-left": {"strategies/new.lua": 'strategy "first" { stage = "looking" }\nstrategy "second" { stage = "looking" }\n'},
    "a-strategy-that-asks-for-what-is-not-there": {"strategies/new.lua": 'strategy "near" {\n  eligible = function(c, o) return c.contxt.city == "Vigo" or o.knd == "video" end,\n}\n'},
    "a-function-without-return": {"personas/new.lua": 'persona "bo" { name = "Bo", summary = "Bakes.", match = function(c) c.traits.role == "baker" end }\n'},
    "a-reserved-word-as-field": {"offers/new.lua": 'offer "rolls" {\n  kind = "article", title = "Rolls", url = "/rolls",\n  end = "2030-12-31",\n}\n'},
    "a-condition-without-then": {"strategies/new.lua": 'strategy "near" {\n  eligible = function(c, o)\n    if c.context.city ~= "Vigo"\n      return false\n    end\n    return true\n  end,\n}\n'},
    "a-comment-of-another-language": {"offers/new.lua": 'offer "rolls" {\n  kind = "article", title = "Rolls", url = "https://x.example/", // the bakery\n}\n'},
    "a-name-with-a-dash-as-field": {"tests/new.lua": 'test "who saw it sees bread" { given = { seen={my-bread="2d"} }, at = "hero", expect = { offer = "bread" } }\n'},
    "an-opening-quote-left-out": {"offers/new.lua": 'offer "rolls" {\n  kind = "article",\n  title = Take one home…",\n}\n'},
    "a-long-dash": {"offers/new.lua": 'offer "rolls" {\n  kind = "article", title = "Rolls — warm", url = "/rolls", — the best\n}\n'},
    "a-kind-that-nothing-has": {"policies.lua": 'kind "vido" { weight = 5 }\n'},
    "a-time-zone-misspelt": {"site.lua": 'site "corner-shop" { locale = "en", locales = { "en", "es" }, time_zone = "Europe/Madird" }\n'},
    "an-error-without-a-message": {"offers/new.lua": 'local kind = "article"\nerror({})\n'},
    "a-table-without-end": {"offers/new.lua": 'local names, n = {}, 0\nwhile true do\n  n = n + 1\n  names["n" .. n] = n\nend\n'},
    "a-shared-file-with-a-mistake": {"shared.lua": 'function is_dear(o)\n  return o.value > 5\n', "strategies/new.lua": 'strategy "dear" { eligible = function(c, o) return is_dear(o) end }\nstrategy "cheap" { when = is_dear }\n'},
    "a-shared-function-kept-local": {"shared.lua": 'local function is_dear(o)\n  return o.value > 5\nend\n', "strategies/new.lua": 'strategy "dear" {\n  eligible = function(c, o)\n    return is_dear(o)\n  end,\n}\n'},
    "a-function-of-another-file": {"strategies/a.lua": 'local function is_dear(c, o) return o.value > 5 end\nstrategy "dear" { stage = "looking", eligible = is_dear }\n', "strategies/b.lua": 'strategy "dear-too" { stage = "buying", eligible = is_dear }\n'},
    "a-declaration-in-the-shared-file": {"shared.lua": 'function is_dear(o) return o.value > 5 end\n\nstrategy "dear" { eligible = is_dear }\n'},
    "a-duration-that-is-none": {"offers/new.lua": 'offer "rolls" { kind = "article", title = "Rolls", url = "/rolls", limit = { impressions = 3, within = "a week" } }\n'},
}

WARNINGS_ONLY = {"a-language-the-site-does-not-speak", "a-strategy-to-which-nothing-is-left", "a-strategy-that-asks-for-what-is-not-there",
                 "a-kind-that-nothing-has", "functions-that-say-nothing-or-never-fit"}


class Mistakes(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="senda-mistakes-")
        self.addCleanup(shutil.rmtree, self.folder)

    def check(self, files, command=(SENDACTL, "check", ".")):
        """Exit code and output of the check of these files."""
        write_files(self.folder, files)
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout

    def golden(self, name, output):
        path = os.path.join(GOLDEN, name + ".txt")
        if os.environ.get("SENDA_WRITE_GOLDEN"):
            os.makedirs(GOLDEN, exist_ok=True)
            with open(path, "w") as file:
                file.write(output)
        with open(path) as file:
            return file.read()

    def test_the_site_itself_is_good(self):
        code, output = self.check(BASE)
        self.assertEqual(code, 0)
        self.assertEqual(output, self.golden("none", output))

    def test_each_is_told_as_it_was_reviewed(self):
        for name, files in MISTAKES.items():
            with self.subTest(name):
                code, output = self.check(BASE | files)
                self.assertEqual(code, 0 if name in WARNINGS_ONLY else 1)
                self.assertEqual(output, self.golden(name, output))

    def test_each_names_the_file_and_line_that_is_wrong(self):
        for name, files in MISTAKES.items():
            with self.subTest(name):
                self.assertRegex(self.check(BASE | files)[1], rf"(?m)^({'|'.join(files)}):\d+:.*(error|warning): ")

    def test_the_daemon_finds_the_same(self):
        for name, files in MISTAKES.items():
            with self.subTest(name):
                code, by_sendactl = self.check(BASE | files)
                again, by_sendad = self.check(BASE | files, (SENDAD, "--site", ".", "--check"))
                self.assertEqual(again, code)
                self.assertEqual(by_sendad.splitlines()[1:], by_sendactl.splitlines()[:-1])

    def test_all_at_once_are_all_found(self):
        together = dict(BASE)
        for number, name in enumerate(["a-stage-that-does-not-exist", "a-date-that-is-none", "a-comma-left-out"]):
            together[f"offers/new-{number}.lua"] = MISTAKES[name]["offers/new.lua"].replace("rolls", f"rolls-{number}")
        code, output = self.check(together)
        self.assertEqual(code, 1)
        for number in range(3):
            self.assertIn(f"offers/new-{number}.lua:", output)

    def test_none_is_left_without_a_golden_output(self):
        self.assertEqual({name + ".txt" for name in MISTAKES} | {"none.txt"}, set(os.listdir(GOLDEN)))


if __name__ == "__main__":
    unittest.main()
