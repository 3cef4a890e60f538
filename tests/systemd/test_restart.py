"""Restarts while systemd holds the sockets: whoever comes meanwhile waits and is answered; nobody is refused or cut off.

SENDA_RESTARTS: how many (10, and fewer with sanitizers); SENDA_RESTART_MINUTES: no more are begun then.
"""

import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import TestCase, busy, small  # noqa: E402
from manager import Activated, Sockets  # noqa: E402
from process import wait_for_end  # noqa: E402
from rpc import request  # noqa: E402
from visitors import Crowd  # noqa: E402

RESTARTS = int(os.environ.get("SENDA_RESTARTS") or 10)
MINUTES = float(os.environ.get("SENDA_RESTART_MINUTES") or 60)
OF_EACH = 2
SHARE = 0.8

SITE = small(strategies=busy(20000))


class Restarts(TestCase):
    def hold(self):
        sockets = Sockets()
        self.addCleanup(sockets.close)
        return sockets

    def activate(self, sockets, site=None, **options):
        daemon = Activated(site or SITE, sockets, **options)
        self.addCleanup(daemon.destroy)
        return daemon

    def stop(self, daemon):
        self.assert_stops(daemon)
        self.assertNotRegex(daemon.output(), "killing a process|ERROR: |runtime error")

    def test_restarts_under_load_fail_nobody(self):
        sockets = self.hold()
        state = Sockets()
        self.addCleanup(state.close)
        daemon = self.activate(sockets, state=state.folder).wait_ready()
        until = time.monotonic() + MINUTES * 60
        restarts = 0
        with Crowd([sockets.address, sockets.tcp], OF_EACH) as crowd:
            rate = crowd.calibrate(SHARE)
            while restarts < RESTARTS and time.monotonic() < until:
                self.stop(daemon)
                daemon = self.activate(sockets, state=state.folder).wait_ready()
                restarts += 1
                crowd.wait_progress()
        self.assertEqual((crowd.failures(), crowd.resets()), ([], 0))
        self.stop(daemon)
        print(f"restarts: {restarts} at {rate:.0f} requests/s: {crowd.answered()} answered, 0 failed, 0 resets, "
              f"{crowd.asked_again()} asked again on a new connection")

    def test_who_comes_while_nobody_is_there_waits_and_is_answered(self):
        sockets = self.hold()
        self.stop(self.activate(sockets).wait_ready())
        daemon = Activated.__new__(Activated)
        daemon.address = sockets.address
        early = [self.client(daemon) for _ in range(20)]
        for client in early:
            client.send(request("recommend", {"placement": "hero"}))
        self.activate(sockets).wait_ready()
        for client in early:
            self.assertEqual(len(client.receive()[3]["items"]), 1)

    def test_who_had_only_connected_before_the_stop_is_answered_too(self):
        sockets = self.hold()
        first = self.activate(sockets).wait_ready()
        self.assertEqual(len(first.pids()), 2)
        for pid in first.pids().values():
            os.kill(pid, signal.SIGSTOP)
        waiting = [self.client(first) for _ in range(10)]
        first.signal(signal.SIGTERM)
        first.wait_log("msg=stopping")
        for pid in first.pids().values():
            os.kill(pid, signal.SIGCONT)
        for client in waiting:
            client.send(request("recommend", {"placement": "hero"}))
        self.assertEqual(first.wait_exit(), 0)
        self.activate(sockets).wait_ready()
        for client in waiting:
            self.assertEqual(len(client.receive()[3]["items"]), 1)

    def test_the_control_socket_is_held_too_and_its_file_stays(self):
        sockets = self.hold()
        for _ in range(2):
            daemon = self.activate(sockets).wait_ready()
            self.assertEqual(daemon.reload(), daemon.ask("recommend", placement="hero")["version"])
            self.stop(daemon)
        self.assertTrue(os.path.exists(sockets.control.removeprefix("unix:")))

    def test_a_daemon_that_was_killed_is_followed_by_one_that_answers(self):
        sockets = self.hold()
        first = self.activate(sockets).wait_ready()
        first.process.kill()
        self.assertEqual(len(first.pids()), 2)
        for pid in first.all_pids():
            wait_for_end(pid)
        client = self.client(first)
        client.send(request("recommend", {"placement": "hero"}))
        self.activate(sockets).wait_ready()
        self.assertEqual(len(client.receive()[3]["items"]), 1)


if __name__ == "__main__":
    unittest.main()
