"""sendactl against a daemon: what it prints, and exit codes that scripts can trust."""

import json
import os
import re
import subprocess
import unittest

from harness import SENDACTL, SHOP, SharedDaemon, TestCase, small
from process import DEADLINE

OK, NO, USAGE, UNREACHABLE, REFUSED = range(5)


def sendactl(*arguments, **environment):
    """Exit code, output and errors of one command."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SENDA_")}
    done = subprocess.run([SENDACTL, *arguments], capture_output=True, text=True, timeout=DEADLINE, check=False,
                          env=clean | environment)
    return done.returncode, done.stdout, done.stderr


class Asking(SharedDaemon):
    def run_on(self, command, *arguments):
        return sendactl(command, "--connect", self.address, *arguments)

    def assert_prints(self, pattern, command, *arguments, code=OK):
        got, output, errors = self.run_on(command, *arguments)
        self.assertEqual((got, errors), (code, ""), output)
        self.assertRegex(output, pattern)
        return output

    def assert_complains(self, pattern, command, *arguments, code):
        got, output, errors = self.run_on(command, *arguments)
        self.assertEqual((got, output), (code, ""))
        self.assertRegex(errors, pattern)

    def test_ask_shows_the_decision(self):
        output = self.assert_prints(r"(?m)^Where +decision on the journey seven-stages", "ask", "-p", "hero", "--stage", "decisión",
                                    "--locale", "en")
        self.assertRegex(output, r"(?m)^At +hero")
        self.assertRegex(output, r"(?m)^Version +[0-9a-f]{32}$")

    def test_ask_in_json_is_the_reply(self):
        output = self.assert_prints(r"^\{", "ask", "-p", "sidebar", "--count", "2", "--seed", "5", "--at", "2026-03-01", "--json")
        decision = json.loads(output)
        self.assertEqual(decision["placement"], "sidebar")
        self.assertLessEqual(len(decision["items"]), 2)
        self.assertEqual(output, self.assert_prints(r"^\{", "ask", "-p", "sidebar", "-n", "2", "--seed", "5", "--at", "2026-03-01", "--json"))

    def test_everything_that_can_be_asked_reaches_the_daemon(self):
        output = self.assert_prints(r"^\{", "ask", "-p", "hero", "--customer", "ana", "--persona", "tinkerer", "--journey", "seven-stages",
                                    "--stage", "consideration", "--locale", "en", "--touchpoint", "site", "--trait", "role=it",
                                    "--consent", "marketing", "--context", "visits=3", "--exclude", "one", "--exclude", "two",
                                    "--explain", "--dry-run", "--json")
        decision = json.loads(output)
        self.assertEqual((decision["persona"], decision["stage"]), ("tinkerer", "consideration"))
        self.assertIn("trace", decision)

    def test_explain_lists_what_stopped_the_others(self):
        self.assert_prints(r"(?m)^offer +stopped by +score +because$", "ask", "-p", "hero", "--explain")

    def test_a_wrong_name_is_refused_with_the_nearest(self):
        self.assert_complains(r"placement: no placement 'heroo'; did you mean 'hero'\?", "ask", "-p", "heroo", code=REFUSED)

    def test_wrong_command_lines(self):
        for arguments in [["ask"], ["ask", "-p", "hero", "--count", "51"], ["ask", "-p", "hero", "--count", "x"],
                          ["ask", "-p", "hero", "--trait", "novalue"], ["ask", "-p", "hero", "--at", "yesterday"],
                          ["ping", "--nonsense"], ["bench"], ["stats", "--timeout", "0"]]:
            with self.subTest(arguments=arguments):
                self.assert_complains(r"(?s)^sendactl \w+: ", *arguments, code=USAGE)

    def test_ping_and_stats(self):
        self.assert_prints(r"answers in \d", "ping")
        output = self.assert_prints(r"(?m)^ +recommends +\d+", "stats")
        self.assertRegex(output, r"(?m)^ +version +[0-9a-f]{32}$")
        self.assertIn("recommends", json.loads(self.assert_prints(r"^\{", "stats", "--json"))["counters"])

    def test_bench_counts_what_it_asked(self):
        output = self.assert_prints(r"requests", "bench", "-p", "hero", "--requests", "500", "--warmup", "0", "-n", "2", "-d", "8",
                                    "--json")
        self.assertRegex(output, r"\b500\b")
        self.assert_prints(r"requests", "bench", "-p", "hero", "--requests", "200", "--warmup", "0", "--floor")

    def test_bench_of_what_is_refused_says_so(self):
        code, output, errors = self.run_on("bench", "-p", "heroo", "--requests", "50", "--warmup", "0")
        self.assertNotEqual(code, OK)
        self.assertIn("heroo", output + errors)

    def test_the_environment_names_the_daemon(self):
        code, output, _ = sendactl("ping", SENDA_ADDRESS=self.address)
        self.assertEqual(code, OK)
        self.assertIn(self.address, output)


class Alone(unittest.TestCase):
    def test_help_and_version(self):
        for arguments in [["--help"], ["ask", "--help"], ["check", "--help"], ["bench", "--help"], ["--version"]]:
            code, output, errors = sendactl(*arguments)
            self.assertEqual((code, errors), (OK, ""))
            self.assertTrue(output)
        code, _, errors = sendactl()
        self.assertEqual(code, USAGE)
        for command in ["ask", "check", "test", "reload", "stats", "ping", "bench"]:
            self.assertRegex(errors, rf"(?m)^  {command} ")

    def test_a_command_that_does_not_exist(self):
        code, _, errors = sendactl("aks")
        self.assertEqual(code, USAGE)
        self.assertIn("did you mean 'ask'?", errors)

    def test_nobody_there(self):
        for command in [["ping"], ["stats"], ["ask", "-p", "hero"], ["bench", "-p", "hero", "--requests", "1"]]:
            code, output, errors = sendactl(*command, "--connect", "unix:/nonexistent/senda.sock", "--timeout", "2000")
            self.assertEqual((code, output), (UNREACHABLE, ""), command)
            self.assertIn("/nonexistent/senda.sock", errors)
        code, _, _ = sendactl("reload", "--control", "unix:/nonexistent/control.sock", "--timeout", "2000")
        self.assertEqual(code, UNREACHABLE)


class Reload(TestCase):
    def test_a_good_site_serves(self):
        daemon = self.serve(small())
        code, output, _ = sendactl("reload", "--control", daemon.control)
        self.assertEqual(code, OK)
        self.assertRegex(output, r"version [0-9a-f]{32}\n$")
        code, output, _ = sendactl("reload", "--json", SENDA_CONTROL=daemon.control)
        self.assertEqual((code, list(json.loads(output))), (OK, ["version"]))

    def test_a_broken_site_is_not_taken(self):
        daemon = self.serve(small())
        daemon.write_site(small() | {"offers/bad.lua": 'offer "x" { kind = "article", title = "x", stages = { "frist" } }\n'})
        code, output, _ = sendactl("reload", "--control", daemon.control)
        self.assertEqual(code, NO)
        self.assertRegex(output, r"offers/bad\.lua:1:\d+: error: .*did you mean 'first'\?")
        self.assertIn("the one before goes on serving", output)

    def test_off_the_control_socket_it_is_refused(self):
        daemon = self.serve(small())
        code, _, errors = sendactl("reload", "--control", daemon.address)
        self.assertEqual(code, REFUSED)
        self.assertIn("only on the control socket", errors)

    def test_the_token_opens_tcp(self):
        daemon = self.serve(small(), token="a secret", tcp=True)
        address = daemon.tcp_address()
        self.assertEqual(sendactl("ping", "-c", address)[0], REFUSED)
        self.assertEqual(sendactl("ping", "-c", address, SENDA_TOKEN="a guess")[0], REFUSED)
        self.assertEqual(sendactl("ping", "-c", address, SENDA_TOKEN="a secret")[0], OK)
        self.assertEqual(sendactl("ping", "-c", address, "--token-file", daemon.path("token"))[0], OK)


class Folder(TestCase):
    GOOD = 'test "plain is shown" { at = "hero", expect = { offer = "plain" } }\n'
    WRONG = 'test "the house is shown" { given = { stage = "second" }, at = "hero", expect = { offer = "house" } }\n'

    def site(self, **files):
        daemon = self.start(small(**files))  # it owns the folder; what it says does not matter here
        return daemon.site

    def test_check_of_good_broken_and_missing_folders(self):
        for folder in (SHOP, self.site()):
            code, output, _ = sendactl("check", folder)
            self.assertEqual(code, OK, output)
            self.assertRegex(output.splitlines()[-1], rf"^{re.escape(folder)}: good: \d+ journeys?, \d+ stages")
        broken = self.site(offers__bad="offer")
        code, output, _ = sendactl("check", broken)
        self.assertEqual(code, NO)
        self.assertRegex(output.splitlines()[-1], rf"^{re.escape(broken)}: refused: \d error")
        self.assertEqual(sendactl("check", "/nonexistent/site")[0], USAGE)
        self.assertEqual(sendactl("check")[0], USAGE)

    def test_check_in_json(self):
        code, output, _ = sendactl("check", "--json", self.site(offers__bad='offer "x" { knd = "article", title = "x" }\n'))
        report = json.loads(output)
        self.assertEqual((code, report["good"]), (NO, False))
        problem = next(problem for problem in report["problems"] if problem["nearest"] == "kind")
        self.assertEqual((problem["file"], problem["line"], problem["severity"]), ("offers/bad.lua", 1, "error"))

    def test_tests_that_pass(self):
        code, output, _ = sendactl("test", self.site(tests__all=self.GOOD))
        self.assertEqual((code, output), (OK, "ok    plain is shown\n1 passed, 0 failed\n"))
        code, output, _ = sendactl("test", SHOP)
        self.assertEqual(code, OK)
        self.assertRegex(output, r"(?m)^[1-9]\d* passed, 0 failed$")

    def test_a_test_that_fails_says_what_came_instead_and_why(self):
        code, output, _ = sendactl("test", self.site(tests__all=self.GOOD + self.WRONG))
        self.assertEqual(code, NO)
        self.assertRegex(output, r"(?m)^FAIL  the house is shown  \(tests/all\.lua:2\)$")
        self.assertRegex(output, r"(?m)^ +expected: offer 'house'$")
        self.assertRegex(output, r"(?m)^ +got: +offer 'plain' \(article\)")
        self.assertRegex(output, r"(?m)^ +why: +\S")
        self.assertTrue(output.endswith("1 passed, 1 failed\n"))

    def test_tests_in_json(self):
        code, output, _ = sendactl("test", "--json", self.site(tests__all=self.GOOD + self.WRONG))
        report = json.loads(output)
        self.assertEqual((code, report["passed"], report["failed"]), (NO, 1, 1))
        self.assertEqual([test["passed"] for test in report["tests"]], [True, False])

    def test_no_tests_are_no_success(self):
        code, output, _ = sendactl("test", self.site())
        self.assertEqual(code, NO)
        self.assertIn("no tests found", output)

    def test_tests_of_a_broken_site_are_not_run(self):
        code, output, errors = sendactl("test", self.site(tests__all=self.GOOD, offers__bad="offer"))
        self.assertEqual((code, output), (NO, ""))
        self.assertIn("its tests were not run", errors)
        self.assertIn("offers/bad.lua:1", errors)


if __name__ == "__main__":
    unittest.main()
