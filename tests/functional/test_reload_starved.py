"""A reload of a site that runs on without end, where processors are short: it is refused with the place, and whoever is
served meanwhile notices nothing."""

import os
import subprocess
import sys
import unittest

from harness import TestCase, small
from rpc import request

WORKERS, OTHERS = 3, 6
ENDLESS = small() | {"strategies/s.lua": "while true do end\n"}
SAYS = r"(?s)^INVALID: .*strategies/s\.lua:1: "


class Starved(TestCase):
    """Everything of the daemon has to share one processor with programs that never rest: 250 ms take seconds."""

    def setUp(self):
        processor = min(os.sched_getaffinity(0))
        self.daemon = self.serve(small(), workers=WORKERS, state=True)
        self.daemon.read_available()
        self.pids = [*self.daemon.all_pids()]
        for pid in [self.daemon.process.pid, *self.pids]:
            os.sched_setaffinity(pid, {processor})
        for _ in range(OTHERS):
            self.occupy(processor)

    def occupy(self, processor):
        other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        os.sched_setaffinity(other.pid, {processor})

    def test_an_endless_loop_is_refused_and_kills_nobody(self):
        visitors = [self.daemon.client_of(number) for number in range(WORKERS)]
        for visitor in visitors:
            self.addCleanup(visitor.close)
        version = visitors[0].recommend()["version"]
        self.daemon.write_site(ENDLESS)
        control = self.client(self.daemon, control=True)
        control.send(request("reload"))
        for visitor in visitors:
            self.assertEqual(visitor.recommend()["version"], version)
        self.assertRegex(control.receive()[2], SAYS)
        for visitor in visitors:
            self.assertEqual(visitor.recommend()["version"], version)
        self.daemon.wait_log('msg="site refused"')
        self.assertNotRegex(self.daemon.output(), 'msg="(killing a process|process ended)"')
        self.assertEqual(self.daemon.all_pids(), self.pids)


if __name__ == "__main__":
    unittest.main()
