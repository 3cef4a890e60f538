#!/usr/bin/env python3
"""sendactl, and libsenda in it, while memory runs out at each allocation: it does what it was told, or says that it
cannot. Likewise `sendad --check`."""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "functional"))

from harness import SENDACTL, SENDAD, SHOP, Daemon  # noqa: E402
from scarce import MODES, Control, complaint, step  # noqa: E402
from test_daemon import SITE  # noqa: E402

COMMANDS = (
    ("ping",),
    ("ask", "--placement", "hero", "--customer", "ada", "--explain"),
    ("ask", "--placement", "hero", "--dry-run", "--json", "--at", "2026-01-01", "--seed", "1"),
    ("track", "download", "--customer", "ada", "--json"),
    ("identify", "visitor", "ada", "--json"),
    ("profile", "get", "ada"),
    ("profile", "set", "ada", "--trait", "likes=guide"),
    ("profile", "export", "ada"),
    ("map", "--json"),
    ("map",),
    ("stats",),
    ("stats", "--json"),
    ("reload",),
    ("log", "--json"),
    ("check", "SITE"),
)
DONE, NO, USAGE, NOBODY, REFUSED = range(5)
points = {}


class Sendactl(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(SITE, state=True, workers=1)
        cls.addClassCleanup(cls.daemon.destroy)
        cls.daemon.wait_ready()
        with cls.daemon.client() as client:
            client.call("track", event="download", customer="ada")
            client.recommend(customer="ada")
            client.call("journey.map")

    def setUp(self):
        self.control = Control()
        self.addCleanup(self.control.close)

    def run_short_of(self, command, mode, left):
        """(what came of it, whether memory ran out)"""
        self.control.forget()
        self.control.arm_next(mode, left)
        environment = dict(self.control.environment(), SENDA_ADDRESS=self.daemon.address,
                           SENDA_CONTROL=self.daemon.control, SENDA_STATE=self.daemon.state)
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, errors="replace")
        return result, self.control.struck_by_all() > 0

    def try_all(self, command, every):
        usual, _ = self.run_short_of(command, 0, 0)
        self.assertEqual((usual.returncode, usual.stderr), (DONE, ""), usual)
        for mode in MODES:
            left = 1
            while True:
                result, struck = self.run_short_of(command, mode, left)
                said = f"{command} {mode} {left}: {result}"
                self.assertEqual(complaint(result.stderr), "", said)
                self.assertIn(result.returncode, (DONE, NO, USAGE, NOBODY, REFUSED), said)
                self.assertTrue(result.returncode == DONE or result.stderr or result.stdout, said)
                points[command[1]] = points.get(command[1], 0) + struck
                if not struck:
                    break
                left += every

    def test_commands(self):
        for command in COMMANDS:
            with self.subTest(command):
                words = [self.daemon.site if word == "SITE" else word for word in command]
                many = 1511 if command[0] == "check" else 7
                self.try_all([SENDACTL, *words], step(many) if many > 7 else max(1, step(many * 16) // 16))

    def test_check_of_the_daemon(self):
        usual, _ = self.run_short_of([SENDAD, "--check", "--site", SHOP], 0, 0)
        self.assertEqual(usual.returncode, 0)
        self.try_all([SENDAD, "--check", "--site", SHOP], step(4001))


def tearDownModule():
    print(f"programs: {sum(points.values())} allocations failed: {points}", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
