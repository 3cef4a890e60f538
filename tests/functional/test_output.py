"""What sendactl and sendad could not print is no success; a reader who has seen enough is no failure."""

import subprocess
import unittest

from harness import SENDACTL, SENDAD, SHOP, TestCase, small
from process import DEADLINE


class Output(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.full = open("/dev/full", "wb")
        cls.addClassCleanup(cls.full.close)

    def commands(self):
        """Every kind of printing, with a daemon where it takes one."""
        daemon = self.serve(small(tests__all='test "plain" { at = "hero", expect = { offer = "plain" } }\n'), state=True)
        asking = [["profile", "export", "ana"], ["profile", "export", "ana", "--json"], ["ask", "-p", "hero"],
                  ["ask", "-p", "hero", "--json"], ["stats"], ["map"], ["ping"], ["track", "click", "--customer", "ana"],
                  ["bench", "-p", "hero", "--requests", "20", "--warmup", "0"]]
        daemon.ask("track", event="click", customer="ana")
        commands = [[SENDACTL, *words, "--connect", daemon.address] for words in asking]
        commands += [[SENDACTL, "reload", "--control", daemon.control], [SENDACTL, "log", "--state", daemon.state]]
        commands += [[SENDACTL, *words] for words in (["check", daemon.site], ["test", daemon.site], ["--help"], ["--version"],
                                                      ["ask", "--help"])]
        commands += [[SENDAD, *words] for words in (["--site", daemon.site, "--check"], ["--print-config"], ["--help"],
                                                    ["--version"])]
        return commands

    def run_into(self, output, command, **options):
        return subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, timeout=DEADLINE, check=False, **options)

    def test_a_full_disk_is_said(self):
        for command in self.commands():
            with self.subTest(command=command):
                self.assertEqual(self.run_into(subprocess.DEVNULL, command).returncode, 0)
                done = self.run_into(self.full, command)
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, r"(?m)^senda(d|ctl): standard output: .+$")

    def test_a_closed_output_is_said(self):
        for command in self.commands():
            with self.subTest(command=command):
                done = self.run_into(None, ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command])
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, r"(?m)^senda(d|ctl): standard output: .+$")

    def test_another_exit_code_stays(self):
        done = self.run_into(self.full, [SENDACTL, "ask", "-p", "heroo", "--json", "--connect", self.serve(SHOP).address])
        self.assertEqual(done.returncode, 4)
        self.assertIn("standard output: ", done.stderr)

    def test_a_reader_who_has_gone_is_no_failure(self):
        daemon = self.serve(SHOP)
        for restored in (True, False):  # whether SIGPIPE ends the program
            with subprocess.Popen(["/bin/true"], stdin=subprocess.PIPE) as reader:
                reader.wait()
                done = self.run_into(reader.stdin, [SENDACTL, "stats", "--connect", daemon.address], restore_signals=restored)
            self.assertEqual((done.returncode, done.stderr), (-13 if restored else 0, ""))


if __name__ == "__main__":
    unittest.main()
