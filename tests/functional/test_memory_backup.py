"""What outlives the daemon: backups that are made while events flow, and what comes back; erasures and the next start."""

import json
import os
import signal
import subprocess
import threading
import unittest

from harness import SENDACTL, small
from memory import MemoryCase, files_with
from process import DEADLINE

CUSTOMERS = 20
SECRET = "secret-of-one-customer"


def sendactl(*arguments):
    return subprocess.run([SENDACTL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=DEADLINE,
                          text=True, check=False)


class Visitors(threading.Thread):
    """Sends events and decisions over a connection of its own until it is told to stop; counts what was acknowledged."""

    def __init__(self, daemon):
        super().__init__()
        self.daemon_process = daemon
        self.acknowledged = 0
        self.first_round = threading.Event()
        self.ended = threading.Event()

    def run(self):
        with self.daemon_process.client() as client:
            while not self.ended.is_set():
                for number in range(CUSTOMERS):
                    client.call("track", event="page_view", customer=f"visitor-{number}")
                    client.call("recommend", placement="hero", customer=f"visitor-{number}")
                self.acknowledged += 1
                self.first_round.set()

    def stop(self):
        self.ended.set()
        self.join(DEADLINE)


class TestBackup(MemoryCase):
    def stop(self, daemon):
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.wait_exit(), 0, daemon.output())

    def views(self, number):
        return self.profile(f"visitor-{number}")["counts"]["page_view"]

    def backup(self, daemon, name):
        done = sendactl("backup", daemon.path(name), "--state", daemon.state, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def restored(self, daemon, name):
        """A daemon over what that backup brings back."""
        state = daemon.path(name + "-state")
        done = sendactl("restore", daemon.path(name), "--state", state)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.remember(daemon.site, state=state)

    def test_a_backup_while_events_flow_brings_everything_back(self):
        daemon = self.remember(small())
        self.set("visitor-0", traits={"shoes": 44}, consents={"mail": True})
        decision = self.client.recommend(placement="hero", customer="visitor-0")["decision"]
        visitors = Visitors(daemon)
        visitors.start()
        self.addCleanup(visitors.stop)
        self.assertTrue(visitors.first_round.wait(DEADLINE))
        rounds = visitors.acknowledged
        figures = self.backup(daemon, "copy")
        visitors.stop()
        self.assertEqual(figures["customers"], CUSTOMERS)
        self.stop(daemon)
        self.restored(daemon, "copy")
        for number in range(CUSTOMERS):
            self.assertGreaterEqual(self.views(number), rounds)
        self.assertEqual(self.profile("visitor-0")["traits"], {"shoes": 44})
        self.assertEqual(self.client.call("explain", decision=decision)["customer"], "visitor-0")

    def test_the_daemon_goes_on_behind_a_backup(self):
        daemon = self.remember(small())
        self.track("page_view", "visitor-1")
        self.backup(daemon, "copy")
        self.track("page_view", "visitor-1")
        self.assertEqual(self.views(1), 2)
        self.assertNotEqual(sendactl("restore", daemon.path("copy"), "--state", daemon.state, "--force").returncode, 0)
        self.stop(daemon)
        done = sendactl("restore", daemon.path("copy"), "--state", daemon.state, "--force")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.remember(daemon.site, state=daemon.state)
        self.assertEqual(self.views(1), 1)

    def test_a_backup_that_was_killed_is_none(self):
        daemon = self.remember(small())
        self.track("page_view", "visitor-1")
        self.backup(daemon, "copy")
        os.unlink(daemon.path("copy/backup"))  # it is written last
        self.assertEqual(sendactl("restore", daemon.path("copy"), "--state", daemon.path("other")).returncode, 2)
        self.assertFalse(os.path.exists(daemon.path("other")))

    def test_what_was_erased_is_in_no_backup(self):
        daemon = self.remember(small())
        self.set(SECRET, traits={"diary": "dear " + SECRET})
        self.client.recommend(placement="hero", customer=SECRET)
        self.client.call("profile.erase", customer=SECRET)
        self.backup(daemon, "copy")
        self.assertEqual(files_with(daemon.path("copy"), SECRET.encode()), [])


class TestErasure(MemoryCase):
    def restart(self, daemon):
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.wait_exit(), 0, daemon.output())
        return self.remember(daemon.site, state=daemon.state)

    def test_the_next_start_leaves_no_byte_of_who_was_erased(self):
        daemon = self.remember(small())
        self.track("page_view", "somebody else")
        for number in range(CUSTOMERS):
            self.set(f"{SECRET}-{number}", traits={"diary": "dear " + SECRET})
            self.track("page_view", f"{SECRET}-{number}")
            self.client.recommend(placement="hero", customer=f"{SECRET}-{number}")
        for number in range(CUSTOMERS):
            self.client.call("profile.erase", customer=f"{SECRET}-{number}")
        again = self.restart(daemon)
        self.assertIn("what was erased is gone from the store's file", again.output())
        self.assertEqual(files_with(daemon.state, SECRET.encode()), [])
        self.assertEqual(self.profile("somebody else")["counts"], {"page_view": 1})
        once_more = self.restart(again)
        self.assertNotIn("what was erased is gone", once_more.output())


if __name__ == "__main__":
    unittest.main()
