"""What somebody who has taken a worker over cannot do: the walls around the process, in a build without sanitizers."""

import ctypes
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import SENDAD, TestCase, small  # noqa: E402

TAKEOVER = os.environ["SENDA_TAKEOVER"]
PLAIN = os.environ["SENDAD_PLAIN"]
SANITIZED = bool(os.environ.get("SENDA_SANITIZED"))
FORBIDDEN = ("execve", "socket", "ptrace", "mmap", "fork")

SYS_LANDLOCK_CREATE_RULESET, VERSION = 444, 1
LANDLOCK = ctypes.CDLL(None).syscall(SYS_LANDLOCK_CREATE_RULESET, None, 0, VERSION) > 0


class Confined(TestCase):
    def serve(self, site, program=PLAIN, **options):
        return super().serve(site, program=program, **options)

    def serve_taken(self, **options):
        return self.serve(small(), env=dict(os.environ, LD_PRELOAD=TAKEOVER), **options)

    def take_over(self, daemon, what, number=0):
        client = daemon.client_of(number)
        self.addCleanup(client.close)
        client.send(b"takeover " + what.encode())

    def test_who_calls_what_nobody_calls_is_killed_and_replaced(self):
        daemon = self.serve_taken(state=True)
        bystander = daemon.client_of(1)
        self.addCleanup(bystander.close)
        for what in FORBIDDEN:
            self.take_over(daemon, what)
            call = daemon.wait_log(r'process=worker-0 msg="a system call that nobody here makes" call=(\w+) number=\d+')[1]
            self.assertIn(call, (what, "clone", "another"))
            daemon.wait_log(r'msg="process ended" process=worker-0 .*how="it made a system call that it has no need of"')
            daemon.wait_log(r'msg="process serves" process=worker-0')
            self.assertEqual(len(bystander.recommend()["items"]), 1)
        self.assertNotIn("takeover:", daemon.output())
        self.assert_stops(daemon)

    @unittest.skipUnless(LANDLOCK, "this kernel has no Landlock")
    def test_other_files_cannot_be_opened_and_unknown_calls_are_not_there(self):
        daemon = self.serve_taken(state=True)
        for what, outcome in (("open", "EACCES"), ("create", "EACCES"), ("other", "ENOSYS")):
            self.take_over(daemon, what)
            daemon.wait_log(f"^takeover: {what}: {outcome}$")
        self.assertFalse(os.path.exists("/tmp/senda-taken-over"))

    def status(self, pid):
        with open(f"/proc/{pid}/status") as file:
            return dict(re.findall(r"^(\w+):\s+(\S+)", file.read(), re.M))

    def test_every_process_is_confined(self):
        daemon = self.serve(small(), state=True)
        for pid in daemon.all_pids():
            status = self.status(pid)
            self.assertEqual((status["Seccomp"], status["NoNewPrivs"], int(status["CapEff"], 16), int(status["CapPrm"], 16)),
                             ("2", "1", 0, 0))
            with open(f"/proc/{pid}/limits") as file:
                limits = file.read()
            self.assertRegex(limits, r"Max core file size +0 +0 ")
            self.assertRegex(limits, r"Max processes +0 +0 ")
        self.assertEqual(self.status(daemon.process.pid)["NoNewPrivs"], "1")

    def test_a_daemon_with_a_memory_works_behind_the_walls(self):
        daemon = self.serve(small(), state=True)
        client = self.client(daemon)
        for number in range(200):
            client.call("track", event="page_view", customer="ana", id=f"page-{number}")
        self.assertEqual(client.call("profile.get", customer="ana")["customer"], "ana")
        daemon.reload()
        client.call("profile.erase", customer="ana")
        self.assert_stops(daemon)
        again = self.serve(daemon.site, state=daemon.state)  # clears what was erased, before it is confined
        self.client(again).call("track", event="page_view", customer="ben", id="page")
        self.assert_stops(again)
        self.assertNotRegex(daemon.output() + again.output(), "nobody here makes|level=error" + ("|not confined" if LANDLOCK else ""))

    def test_it_can_be_switched_off_and_says_so(self):
        daemon = self.serve_taken(flags=["--confine", "0"])
        self.assertIn('msg="workers are not confined" because="the option confine is 0"', daemon.output())
        self.assertEqual(self.status(daemon.pids()[0])["Seccomp"], "0")
        self.take_over(daemon, "open")
        daemon.wait_log("^takeover: open: done$")

    @unittest.skipUnless(SANITIZED, "this build has no sanitizer")
    def test_a_sanitized_build_says_that_it_cannot(self):
        daemon = self.serve(small(), program=SENDAD)
        self.assertRegex(daemon.output(), 'msg="workers are not confined" because="built with a sanitizer')


if __name__ == "__main__":
    unittest.main()
