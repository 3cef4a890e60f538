"""100 restarts behind held sockets and 1,000 reloads, every tenth of a broken site, while visitors ask for 80 % of what
the daemon can do: nobody is refused, cut off or answered wrongly. Ends sooner where the time is over."""

import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import TestCase, busy, small  # noqa: E402
from manager import Activated, Sockets  # noqa: E402
from rpc import RpcError  # noqa: E402
from visitors import Crowd  # noqa: E402

SECONDS = float(os.environ.get("SENDA_SOAK_SECONDS") or 600)
RESTARTS, RELOADS = 100, 1000
RELOADS_BETWEEN = RELOADS // RESTARTS
OF_EACH = 4
SHARE = 0.8


def site(number):
    return small(offers=f'offer "plain" {{ kind = "article", title = "Number {number}", url = "/" }}\n', strategies=busy(20000))


class Restarts(TestCase):
    def setUp(self):
        self.sockets = Sockets()
        self.addCleanup(self.sockets.close)
        state = tempfile.TemporaryDirectory(prefix="senda-soak-")
        self.addCleanup(state.cleanup)
        self.state = state.name
        self.reloaded, self.refused, self.restarted = 0, 0, 0

    def start_daemon(self):
        daemon = Activated(site(self.reloaded), self.sockets, log_level="notice", state=self.state)
        self.addCleanup(daemon.destroy)
        return daemon.wait_ready()

    def reload_some(self, daemon):
        for number in range(RELOADS_BETWEEN - 1):
            daemon.write_site(site(f"{self.restarted}-{number}"))
            daemon.reload()
            self.reloaded += 1
        daemon.write_site(site("x") | {"offers/bad.lua": "offer"})
        self.assertRaises(RpcError, daemon.reload)
        self.refused += 1

    def test_nobody_notices(self):
        until = time.monotonic() + SECONDS
        daemon = self.start_daemon()
        with Crowd([self.sockets.address, self.sockets.tcp], OF_EACH) as crowd:
            rate = crowd.calibrate(SHARE)
            while self.restarted < RESTARTS and time.monotonic() < until:
                self.reload_some(daemon)
                self.assert_stops(daemon)
                daemon = self.start_daemon()
                self.restarted += 1
                crowd.wait_progress()
        print(f"soak: {self.restarted} restarts and {self.reloaded + self.refused} reloads, {self.refused} of them refused, "
              f"at {rate:.0f} requests a second ({SHARE:.0%} of the most): {crowd.answered()} answered, "
              f"{len(crowd.failures())} failed, {crowd.resets()} resets, {crowd.asked_again()} asked again on a new connection")
        self.assertEqual((crowd.failures(), crowd.resets()), ([], 0))
        self.assert_stops(daemon)


if __name__ == "__main__":
    unittest.main()
