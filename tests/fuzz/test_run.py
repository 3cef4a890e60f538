#!/usr/bin/env python3
"""What `./dev fuzz` says without fuzzing: its list, and mistakes on its command line."""

import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def run(*arguments):
    return subprocess.run([sys.executable, os.path.join(HERE, "run"), *arguments], capture_output=True, text=True)


class Run(unittest.TestCase):
    def test_lists_every_target_with_its_sentence(self):
        listed = run("--list").stdout.splitlines()
        names = [line.split()[0] for line in listed]
        sources = sorted(name[5:-2] for name in os.listdir(HERE) if name.startswith("fuzz_") and name.endswith(".c"))
        self.assertEqual(names, sources)
        for line in listed:
            self.assertGreater(len(line.split()), 5, line)

    def test_every_target_has_seeds(self):
        for line in run("--list").stdout.splitlines():
            self.assertTrue(os.listdir(os.path.join(HERE, "seeds", line.split()[0])))

    def test_names_the_nearest_target(self):
        done = run("csb")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no target 'csb'; did you mean 'csv'?", done.stderr)

    def test_refuses_odd_times(self):
        for minutes in ("0", "-1", "1e9", "soon"):
            done = run("csv", "--minutes", minutes)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--minutes", done.stderr)

    def test_refuses_odd_numbers_of_jobs(self):
        for jobs in ("0", "-1", "65", "all"):
            done = run("csv", "--jobs", jobs)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--jobs", done.stderr)


if __name__ == "__main__":
    unittest.main()
