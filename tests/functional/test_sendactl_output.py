"""What sendactl prints that others chose sets no terminal; with --json every failure is an object on standard output."""

import json
import os
import re
import unittest

from harness import TestCase, small
from test_sendactl import NO, OK, REFUSED, UNREACHABLE, USAGE, sendactl

ODD = "\x1b[31mred\nsendactl: forged\x9b1m\x7f"
PLAIN = re.compile(r"\A[^\x00-\x09\x0b-\x1f\x7f-\x9f]*\Z")
NOBODY = "unix:/nonexistent/senda.sock"


class Escapes(TestCase):
    def setUp(self):
        self.daemon = self.serve(small(), state=True)
        self.to = ("--connect", self.daemon.address)

    def assert_plain(self, *arguments, code=OK):
        got, output, errors = sendactl(*arguments)
        self.assertEqual(got, code, errors)
        for text in (output, errors):
            self.assertRegex(text, PLAIN, arguments)
            self.assertNotRegex(text, r"(?m)^sendactl: forged")
        return output + errors

    def decide(self):
        client = self.client(self.daemon)
        client.call("track", event=ODD[:20], customer=ODD, properties={ODD: ODD})
        client.call("profile.set", customer=ODD, traits={ODD: ODD}, consents={ODD: True})
        return client.recommend(customer=ODD, context={ODD: ODD})["decision"]

    def test_what_a_visitor_chose_and_the_store_keeps(self):
        decision = self.decide()
        self.assertIn("\\x1B[31mred\\x0Asendactl: forged", self.assert_plain("explain", *self.to, "--", decision))
        for command in ("get", "restrict", "export"):
            self.assertIn("x1B[31m" if command != "export" else "u001b[31m", self.assert_plain("profile", command, ODD, *self.to))
        self.assert_plain("stats", *self.to)
        self.assert_plain("map", *self.to)

    def test_what_was_typed(self):
        for arguments in [("ask", "-p", "hero", "--customer", ODD), ("track", "purchase", "--customer", ODD),
                          ("identify", ODD, "ana")]:
            self.assertIn("\\x1B[31mred\\x0Asendactl: forged", self.assert_plain(*arguments, *self.to))
        self.assertIn("\\x1B[31m", self.assert_plain("profile", "erase", ODD, *self.to, code=USAGE))
        self.assert_plain("profile", "erase", ODD, "--yes", *self.to)
        self.assert_plain("profile", "get", ODD, *self.to, code=REFUSED)
        self.assert_plain("track", "purchasee\x1b", *self.to)

    def test_the_decision_log(self):
        self.decide()
        self.daemon.signal(15)
        self.assertEqual(self.daemon.wait_exit(), 0)
        self.assert_plain("log", "--state", self.daemon.state)

    def test_texts_of_a_site(self):
        """Titles with control characters are refused, but reasons are made while decisions are taken."""
        lua = r"\27[31mred\nsendactl: forged\127"
        strategy = f'strategy "s" {{ score = function() return 1, "{lua}" end }}\n'
        daemon = self.serve(small(strategies=strategy))
        self.assertIn("\\x1B[31m", self.assert_plain("ask", "-p", "hero", "--connect", daemon.address))
        fails = f'strategy "s" {{ score = function() error("{lua}") end }}\n'
        tests = 'test "plain is shown" { at = "hero", expect = { offer = "plain" } }\n'
        site = self.start(small(strategies=fails, tests__all=tests)).site
        self.assertIn("\\x1B[31m", self.assert_plain("test", site, code=NO))


class Failures(TestCase):
    def assert_error(self, code, reason, *arguments):
        got, output, errors = sendactl(*arguments, "--json")
        self.assertEqual(got, code, arguments)
        answer = json.loads(output)
        self.assertEqual(list(answer), ["error"], arguments)
        self.assertEqual(list(answer["error"]), ["code", "message"], arguments)
        self.assertEqual(answer["error"]["code"], reason, arguments)
        self.assertTrue(answer["error"]["message"])
        self.assertTrue(errors)

    def test_nobody_there(self):
        for command in (["ping"], ["stats"], ["ask", "-p", "hero"], ["track", "click"], ["identify", "a", "b"], ["explain", "x"],
                        ["map"], ["profile", "get", "a"], ["bench", "-p", "hero", "--requests", "1"],
                        ["bench", "-p", "hero", "--compare"]):
            self.assert_error(UNREACHABLE, "UNREACHABLE", *command, "--connect", NOBODY, "--timeout", "2000")
        self.assert_error(UNREACHABLE, "UNREACHABLE", "reload", "--control", NOBODY, "--timeout", "2000")
        self.assert_error(USAGE, "INVALID", "ping", "--connect", "nowhere")
        self.assert_error(USAGE, "INVALID", "profile", "erase", "ana", "--connect", NOBODY)

    def test_folders(self):
        broken = self.start(small(offers__bad="offer")).site
        self.assert_error(NO, "INVALID", "test", broken)
        self.assert_error(NO, "INVALID", "demo", "--once", "--site", broken)
        for command in (["check", "/nonexistent"], ["test", "/nonexistent"], ["demo", "--once", "--site", "/nonexistent"]):
            got, output, _ = sendactl(*command, "--json")
            self.assertEqual((got, list(json.loads(output))), (USAGE, ["error"]), command)

    def test_states(self):
        daemon = self.serve(small(), state=True)
        copy = daemon.path("copy")
        self.assertEqual(sendactl("backup", "--state", daemon.state, copy)[0], OK)
        full = daemon.path("full")
        os.mkdir(full)
        with open(os.path.join(full, "file"), "w"):
            pass
        for command in (["backup", "--state", daemon.state, full], ["restore", "--state", daemon.state, copy],
                        ["restore", "--force", "--state", daemon.state, copy], ["log", "--state", full]):
            got, output, errors = sendactl(*command, "--json")
            self.assertIn(got, (NO, USAGE), command)
            self.assertEqual(list(json.loads(output)["error"]), ["code", "message"], command)
            self.assertTrue(errors)


if __name__ == "__main__":
    unittest.main()
