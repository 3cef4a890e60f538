"""Nobody reads the log: the daemon serves, reloads, replaces who dies, and says later how much was not read."""

import fcntl
import os
import signal
import unittest

from harness import TestCase, small, wait_until

SMALLEST = 4096
RELOADS = 20


def children(daemon):
    with open(f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children") as file:
        return [int(pid) for pid in file.read().split()]


class Unread(TestCase):
    def test_a_log_that_nobody_reads_holds_nobody_up(self):
        daemon = self.serve(small(), workers=2)
        fcntl.fcntl(daemon.process.stderr, fcntl.F_SETPIPE_SZ, SMALLEST)
        killed = daemon.pids()[0]
        control = self.client(daemon, control=True)
        for _ in range(RELOADS):
            control.call("reload")
            self.assertEqual(len(self.client(daemon).recommend()["items"]), 1)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: killed not in children(daemon) and len(children(daemon)) == 2)
        self.assertEqual(len(self.client(daemon).recommend()["items"]), 1)
        daemon.read_available()
        self.client(daemon, control=True).call("reload")
        daemon.wait_log(r'process=supervisor msg="lines of the log were dropped: nobody read them" count=\d+')
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.wait_exit(), 0)


if __name__ == "__main__":
    unittest.main()
