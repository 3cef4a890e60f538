"""What systemd hears of the daemon: readiness, reloads and how they ended, stopping, time it needs, and signs of life."""

import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import SENDACTL, TestCase, small  # noqa: E402
from manager import Notifications  # noqa: E402

BROKEN = small() | {"offers/bad.lua": 'offer "a" { kind = "article", title = "x", tittle = "x" }\n'}
INTERVAL_US = 20000  # of the watchdog, in tests


class Notified(TestCase):
    def listen(self):
        notifications = Notifications()
        self.addCleanup(notifications.close)
        return notifications

    def serve_notified(self, site=None, environment=None, **options):
        """A daemon and what it notifies, from READY on."""
        notifications = self.listen()
        daemon = self.serve(site or small(), env=notifications.environment(**(environment or {})), **options)
        notifications.wait("READY")
        return daemon, notifications

    def sendactl_reload(self, daemon):
        """What ExecReload does."""
        return subprocess.run([SENDACTL, "reload", "--control", daemon.control], capture_output=True, text=True, check=False)


class Steps(Notified):
    def test_ready_comes_when_every_worker_serves(self):
        notifications = self.listen()
        daemon = self.serve(small(), env=notifications.environment())
        ready = notifications.wait("READY")
        version = daemon.ask("recommend", placement="hero")["version"]
        self.assertRegex(ready["STATUS"], rf"^Serving site {version[:12]}, 2 of 2 workers, senda \d")
        self.assertFalse([fields for fields in notifications.heard[:-1] if "READY" in fields])

    def test_a_hangup_reloads_and_both_ends_of_it_are_told(self):
        daemon, notifications = self.serve_notified()
        daemon.write_site(small(offers='offer "new" { kind = "article", title = "New" }\n'))
        daemon.signal(signal.SIGHUP)
        began = notifications.wait("RELOADING")
        self.assertRegex(began["MONOTONIC_USEC"], r"^\d+$")
        version = daemon.wait_log(r'msg="site reloaded" version=(\w+)')[1]
        self.assertIn(version[:12], notifications.wait("READY")["STATUS"])

    def test_a_reload_that_is_refused_fails_with_the_reason_and_the_old_site_serves(self):
        daemon, notifications = self.serve_notified()
        version = daemon.ask("recommend", placement="hero")["version"]
        daemon.write_site(BROKEN)
        reload = self.sendactl_reload(daemon)
        self.assertEqual(reload.returncode, 1)
        self.assertRegex(reload.stdout, r"offers/bad\.lua:1:\d+: error: .*tittle")
        notifications.wait("RELOADING")
        status = notifications.wait("READY")["STATUS"]
        self.assertRegex(status, rf"^Serving site {version[:12]}, 2 of 2 workers, .*; A NEWER SITE WAS REFUSED: "
                                 r"[\dT:-]+Z offers/bad\.lua:1:\d+: error: .*tittle")
        self.assertEqual(daemon.ask("recommend", placement="hero")["version"], version)
        daemon.write_site(small())
        self.assertEqual(self.sendactl_reload(daemon).returncode, 0)
        self.assertNotIn("REFUSED", notifications.wait("READY")["STATUS"])

    def test_it_is_ready_again_before_whoever_asked_is_answered(self):
        daemon, notifications = self.serve_notified()
        for site in (BROKEN, small()):
            daemon.write_site(site)
            notifications.skip()
            self.sendactl_reload(daemon)
            os.kill(daemon.process.pid, signal.SIGSTOP)
            try:
                notifications.wait("READY")
            finally:
                os.kill(daemon.process.pid, signal.SIGCONT)

    def test_a_site_whose_folder_is_gone_is_a_reload_that_failed(self):
        daemon, notifications = self.serve_notified()
        os.rename(daemon.site, daemon.site + ".away")
        self.assertEqual(self.sendactl_reload(daemon).returncode, 1)
        self.assertIn("A NEWER SITE WAS REFUSED", notifications.wait("READY")["STATUS"])

    def test_a_first_site_that_is_refused_says_why(self):
        notifications = self.listen()
        daemon = self.start(BROKEN, env=notifications.environment())
        self.assertEqual(daemon.wait_exit(), 1)
        self.assertRegex(notifications.wait("STOPPING")["STATUS"], r"^Can't start, the site is refused: .*tittle")

    def test_a_dead_worker_and_a_dead_ledger_are_seen(self):
        daemon, notifications = self.serve_notified(state=True)
        os.kill(daemon.pids()[0], signal.SIGKILL)
        notifications.wait_status("1 of 2 workers")
        notifications.wait_status("2 of 2 workers")
        os.kill(daemon.ledger_pid(), signal.SIGKILL)
        notifications.wait_status("NOTHING IS WRITTEN DOWN")
        self.assertNotIn("NOTHING", notifications.wait_status("2 of 2 workers, senda"))

    def test_stopping_says_how_long_it_may_take(self):
        daemon, notifications = self.serve_notified(flags=["--drain-seconds", "77"])
        self.assert_stops(daemon)
        stopping = notifications.wait("STOPPING")
        self.assertGreater(int(stopping["EXTEND_TIMEOUT_USEC"]), 77 * 1000000)
        self.assertRegex(stopping["STATUS"], "^Stopping: open requests are answered, for at most 77 s$")

    def test_more_time_is_asked_for_while_a_site_is_loading(self):
        daemon, notifications = self.serve_notified()
        slow = daemon.pids()[0]
        os.kill(slow, signal.SIGSTOP)
        try:
            daemon.signal(signal.SIGHUP)
            extended = notifications.wait("EXTEND_TIMEOUT_USEC")
        finally:
            os.kill(slow, signal.SIGCONT)
        self.assertGreater(int(extended["EXTEND_TIMEOUT_USEC"]), 0)
        self.assertIn("; loading ", extended["STATUS"])
        notifications.wait("READY")


class Watchdog(Notified):
    def serve_watched(self, **options):
        return self.serve_notified(environment={"WATCHDOG_USEC": str(INTERVAL_US)}, **options)

    def assert_silent(self, notifications, intervals=25):
        """Nothing feeds the watchdog for many times the interval at which it was fed."""
        notifications.skip()
        self.assertIsNone(notifications.wait_for(lambda fields: "WATCHDOG" in fields, intervals * INTERVAL_US / 1000000))

    def freeze(self, daemon):
        daemon.signal(signal.SIGSTOP)
        os.waitid(os.P_PID, daemon.process.pid, os.WSTOPPED)

    def test_it_is_fed_while_all_is_well(self):
        _, notifications = self.serve_watched()
        for _ in range(10):
            notifications.wait("WATCHDOG")

    def test_a_frozen_supervisor_is_fed_by_nobody(self):
        daemon, notifications = self.serve_watched(state=True)
        notifications.wait("WATCHDOG")
        self.freeze(daemon)
        self.assert_silent(notifications)
        daemon.ask("recommend", placement="hero")  # the workers live, and that is not enough
        self.assert_silent(notifications)
        daemon.signal(signal.SIGCONT)
        notifications.wait("WATCHDOG")

    def test_a_frozen_worker_is_replaced_and_the_watchdog_is_content(self):
        daemon, notifications = self.serve_watched(flags=["--kill-after-ms", "100"])
        os.kill(daemon.pids()[0], signal.SIGSTOP)
        daemon.wait_log(r'msg="killing a process" process=worker-0 .*because="a signal has stopped it"')
        daemon.wait_log(r'msg="process started" process=worker-0')
        notifications.wait_status("2 of 2 workers")
        notifications.wait("WATCHDOG")


if __name__ == "__main__":
    unittest.main()
