"""sendactl demo with the real daemon: every visitor is answered, people can take part, and nothing stays behind."""

import gzip
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

DEADLINE = 120  # seconds; only a broken demo comes near it
PROGRAM = os.environ["SENDACTL"]
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
SESSIONS = os.path.join(ROOT, "tests/data/sessions.csv")


class Demo(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="senda-test-demo-")
        self.environment = {**os.environ, "TMPDIR": self.folder, "LC_ALL": "C.UTF-8"}
        self.environment.pop("SENDA_SESSIONS", None)

    def tearDown(self):
        left = [name for name in os.listdir(self.folder) if name.startswith("senda-demo-")]
        shutil.rmtree(self.folder)
        self.assertEqual(left, [], "the demo cleans up")

    def run_demo(self, *arguments, **environment):
        return subprocess.run([PROGRAM, "demo", *arguments], env={**self.environment, **environment},
                              capture_output=True, text=True, timeout=DEADLINE)

    def run_json(self, *arguments, **environment):
        done = self.run_demo("--once", "--json", *arguments, **environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def copy_site(self):
        site = os.path.join(self.folder, "site")
        shutil.copytree(os.path.join(ROOT, "scripts/shop"), site)
        return site


STAGES = ["awareness", "consideration", "decision", "purchase", "experience", "retention", "advocacy"]


class Once(Demo):
    walked = None  # what 150 customers left, to be looked at from several sides

    def summary(self):
        if Once.walked is None:
            Once.walked = self.run_json("--visitors", "150")
        return Once.walked

    def test_customers_walk_through_all_stages_by_events_alone(self):
        summary = self.summary()
        self.assertTrue(summary["good"])
        customers, events = summary["customers"], summary["events"]
        self.assertEqual((customers["count"], customers["walked"], customers["errors"]), (150, 150, 0))
        self.assertEqual(events["told"], events["acknowledged"])
        self.assertGreater(events["moves"], 150)
        self.assertEqual([stage["name"] for stage in summary["map"]["stages"]], STAGES)
        self.assertEqual(list(dict.fromkeys(row["stage"] for row in summary["decisions"])), STAGES)
        self.assertEqual(sum(row["count"] for row in summary["decisions"]), customers["decisions"])
        self.assertEqual(len(summary["examples"]), 5)
        self.assertIsNone(summary["recorded"])

    def test_the_funnel_says_what_customers_did(self):
        summary = self.summary()
        stages = summary["map"]["stages"]
        for stage in stages:
            self.assertEqual(stage["entered"], stage["advanced"] + stage["dropped"] + stage["inside"], stage["name"])
            self.assertGreater(stage["entered"], 0)
        self.assertEqual(sum(stage["inside"] for stage in stages), summary["customers"]["inside"])
        self.assertGreater(sum(stage["dropped"] for stage in stages), 0)
        offers = [offer for stage in stages for offer in stage["offers"]]
        for what in ("impressions", "clicks", "conversions"):
            self.assertGreater(sum(offer[what] for offer in offers), 0, what)

    def test_the_same_seed_makes_the_same_funnel(self):
        def funnel(summary):
            return [[stage[key] for key in ("entered", "advanced", "dropped", "inside")]
                    for stage in summary["map"]["stages"]]

        self.assertEqual(funnel(self.run_json("--visitors", "150", "--seed", "7")), funnel(self.summary()))
        self.assertNotEqual(funnel(self.run_json("--visitors", "150", "--seed", "8")), funnel(self.summary()))

    def test_who_is_too_few_for_all_stages_is_told(self):
        done = self.run_demo("--once", "--visitors", "1")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertRegex(done.stdout, r"1 customer, \d+ decisions?, \d+ events? acknowledged, \d of 7 stages reached: "
                                      r"nobody reached \w+; --visitors with more of them may help\n$")

    def test_recorded_sessions_stand_where_their_visits_say(self):
        compressed = os.path.join(self.folder, "sessions.csv.gz")
        with open(SESSIONS, "rb") as source, gzip.open(compressed, "wb") as target:
            target.write(source.read())
        summary = self.run_json("--visitors", "150", "--sessions", compressed)
        stages = {}
        for row in summary["recorded"]["decisions"]:
            stages[row["stage"]] = stages.get(row["stage"], 0) + row["count"]
        self.assertEqual(stages, {"awareness": 8, "consideration": 9, "decision": 6, "purchase": 7})
        self.assertEqual(summary["recorded"]["source"], compressed)
        self.assertEqual(summary["customers"], self.summary()["customers"], "recorded visits change nobody's way")
        inside = sum(stage["inside"] for stage in summary["map"]["stages"])
        self.assertEqual(inside, summary["customers"]["inside"], "recorded visitors are not remembered")

    def test_the_environment_names_the_sessions(self):
        summary = self.run_json("--visitors", "150", SENDA_SESSIONS=SESSIONS)
        self.assertEqual((summary["recorded"]["count"], summary["recorded"]["source"]), (30, SESSIONS))

    def test_words_say_the_same_without_colour(self):
        done = self.run_demo("--once", "--visitors", "150", "--sessions", SESSIONS)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertNotIn("\033", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^stage +entered +█ went on +▒ are there +░ left$")
        self.assertRegex(done.stdout, r"(?m)^best offers +decided +shown +clicked +won +worth$")
        self.assertRegex(done.stdout, r"(?m)^all +30$")
        self.assertRegex(done.stdout, r"\n150 customers, [\d,]+ decisions, [\d,]+ events acknowledged, "
                                      r"7 of 7 stages reached\n$")
        self.assertEqual([line for line in done.stdout.split("\n") if line != line.rstrip()], [])

    def test_names_are_in_the_language_of_the_environment(self):
        done = self.run_demo("--once", "--visitors", "150", LC_ALL="es_ES.UTF-8")
        self.assertIn("Siete etapas (seven-stages)", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^recomendación +\d")

    def test_fallbacks_are_counted_and_explained(self):
        site = self.copy_site()
        os.remove(os.path.join(site, "strategies/awareness.lua"))
        for name in os.listdir(os.path.join(site, "offers")):
            if name.startswith("awareness"):
                os.remove(os.path.join(site, "offers", name))
        shutil.rmtree(os.path.join(site, "tests"))
        summary = self.run_json("--site", site, "--visitors", "150", "--sessions", SESSIONS)
        self.assertEqual(summary["recorded"]["fallbacks"], 8)
        self.assertEqual({fall["reason"] for fall in summary["recorded"]["fallen_back"]}, {"no_offer_fits"})
        self.assertGreater(summary["customers"]["fallbacks"], 0)

    def test_other_journeys_are_walked_by_their_own_rules(self):
        summary = self.run_json("--site", os.path.join(ROOT, "scripts/software"), "--visitors", "200")
        self.assertTrue(all(stage["entered"] > 0 for stage in summary["map"]["stages"]))


class Refused(Demo):
    def check(self, code, message, *arguments):
        done = self.run_demo(*arguments)
        self.assertEqual((done.returncode, done.stdout), (code, ""))
        self.assertIn(message, done.stderr)

    def test_sessions_that_cannot_be_read(self):
        self.check(2, "No such file or directory", "--once", "--sessions", os.path.join(self.folder, "none"))

    def test_a_site_with_errors(self):
        site = self.copy_site()
        with open(os.path.join(site, "site.lua"), "a") as file:
            file.write("not Lua\n")
        self.check(1, "is refused: 1 error", "--site", site)


class Live(Demo):
    def start(self, *arguments):
        self.process = subprocess.Popen([PROGRAM, "demo", *arguments], env=self.environment,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.text = ""
        self.addCleanup(self.close)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def wait_for(self, expression):
        until = time.monotonic() + DEADLINE
        while not re.search(expression, self.text):
            ready, _, _ = select.select([self.process.stdout], [], [], until - time.monotonic())
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            self.assertTrue(data, f"{expression} is not in:\n{self.text}")
            self.text += data.decode()
        return re.search(expression, self.text)

    def end(self, number):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=DEADLINE)
        return self.process.returncode, self.text + out.decode(), err.decode()

    def sendactl(self, command):
        words = command.split()
        return subprocess.run([PROGRAM, *words[1:]], capture_output=True, text=True, timeout=DEADLINE,
                              env=self.environment)

    def try_what_is_remembered(self):
        """The commands that are given to try do what they are there for."""
        for command, part in (("profile get", "awareness|consideration"), ("map", "went on"), ("explain", "because"),
                              ("log", '"decision"')):
            done = self.sendactl(self.wait_for(rf"\S*sendactl {command} .*\n")[0])
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertRegex(done.stdout, part, command)

    def test_customers_are_followed_on_their_way(self):
        self.start("--visitors", "20")
        self.wait_for(r"went on")
        self.wait_for(r"Meanwhile, others walk on")
        self.wait_for(r"\nvisitor-\d+ · \S+ · (es|en) · (mobile|desktop)\n  (\d+ days? ago|today) +awareness · \w+ · sees ")
        self.assertEqual(self.end(signal.SIGINT)[0], 0)

    def test_people_change_the_site_and_see_it(self):
        site = self.copy_site()
        self.start("--site", site, "--visitors", "20")
        ask = self.wait_for(r"\S*sendactl ask .*\n")[0]
        reload = self.wait_for(r"\S*sendactl reload .*\n")[0]
        offer = self.wait_for(r"give (\S+)\s+another title")[1]
        where = self.wait_for(r"in (\S+), line (\d+), give")
        self.wait_for(r"Now it is:\n\nvisitor-\d+ .*\n")
        self.try_what_is_remembered()
        answer = self.sendactl(ask)
        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn(offer, answer.stdout)
        with open(where[1]) as file:
            lines = file.read().split("\n")
        self.assertIn(offer, lines[int(where[2]) - 1])
        changed = "\n".join(lines[:int(where[2])]) + "\n" + re.sub(
            r"title = \{.*", 'title = { es = "Otra cosa", en = "Something else" },',
            "\n".join(lines[int(where[2]):]), count=1)
        with open(where[1], "w") as file:
            file.write(changed)
        self.assertEqual(self.sendactl(reload).returncode, 0)
        self.wait_for(r"The site was loaded again\. Now it is:\n\nvisitor-\d+ +(Otra cosa|Something else)")
        code, _, err = self.end(signal.SIGINT)
        self.assertEqual((code, err), (0, ""))

    def test_ctrl_c_ends_it_at_any_time(self):
        for text, number in (("Daemon", signal.SIGINT), ("went on", signal.SIGTERM), ("Your turn", signal.SIGTERM),
                             ("Meanwhile", signal.SIGINT)):
            with self.subTest(text=text, number=number):
                self.start("--visitors", "2")
                self.wait_for(text)
                pid = int(self.wait_for(r"process (\d+)")[1])
                code, out, err = self.end(number)
                self.assertEqual((code, err), (0, ""))
                self.assertTrue(out.endswith("The demo is over.\n"))
                with self.assertRaises(ProcessLookupError):
                    os.kill(pid, 0)

    def test_a_daemon_that_dies_is_told(self):
        self.start("--visitors", "1")
        self.wait_for("Ctrl-C ends the demo")
        os.kill(int(self.wait_for(r"process (\d+)")[1]), signal.SIGKILL)
        out, err = self.process.communicate(timeout=DEADLINE)
        self.assertEqual(self.process.returncode, 3)
        self.assertIn("sendactl: ", err.decode())

    def test_nobody_reads_any_more(self):
        self.start("--visitors", "50")
        self.wait_for("visitor-")
        self.process.stdout.close()
        self.process.wait(timeout=DEADLINE)
        self.assertEqual(self.process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
