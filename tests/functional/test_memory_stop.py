"""Stopping with a memory: the ledger goes last, whoever is told to end, and whatever happens to it meanwhile."""

import os
import signal
import subprocess
import unittest

from harness import SENDACTL, small
from memory import MemoryCase, packed

DECISIONS = 100
PATIENT = ["--kill-after-ms", "600000", "--drain-seconds", "600"]  # nobody is killed because the test has stopped it


class Stop(MemoryCase):
    def setUp(self):
        self.daemon = self.remember(small(), workers=2, flags=PATIENT, start_new_session=True)
        self.client.close()
        self.daemon.read_available()
        self.ledger = self.daemon.ledger_pid()
        self.workers = self.daemon.pids()

    def client_of(self, number):
        client = self.daemon.client_of(number)
        self.addCleanup(client.close)
        return client

    def stop(self, *pids):
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)

    def go_on(self, *pids):
        for pid in pids:
            os.kill(pid, signal.SIGCONT)

    def ask_for_decisions(self, client):
        client.send(b"".join(packed("recommend", {"placement": "hero"}, number) for number in range(DECISIONS)))

    def ask_all(self, client):
        """Many decisions, and an event behind them."""
        self.ask_for_decisions(client)
        client.send(packed("track", {"event": "x", "customer": "ana"}, DECISIONS))

    def assert_all_answered(self, client):
        replies = client.receive_all()
        client.close()
        self.assertEqual([(number, error) for _, number, error, _ in replies], [(number, None) for number in range(DECISIONS + 1)])
        self.assertIs(replies[-1][3]["accepted"], True)

    def logged(self):
        printed = subprocess.run([SENDACTL, "log", "--state", self.daemon.state], capture_output=True, check=True, text=True)
        return len(printed.stdout.splitlines())

    def assert_ended_with_everything_written(self):
        self.assertEqual(self.daemon.wait_exit(), 0, self.daemon.output())
        self.assertEqual(self.logged(), DECISIONS)

    def test_term_to_the_ledger_is_not_for_it(self):
        os.kill(self.ledger, signal.SIGTERM)
        client = self.client_of(0)
        self.ask_all(client)
        client.end()
        self.assert_all_answered(client)
        self.assertEqual(self.daemon.ledger_pid(), self.ledger)
        self.assert_stops(self.daemon)
        self.assertNotRegex(self.daemon.output(), r'msg="process ended" process=ledger .*restart_in_ms')
        self.assertEqual(self.logged(), DECISIONS)

    def test_term_to_the_whole_group_ends_the_ledger_last(self):
        client = self.client_of(0)
        self.stop(*self.workers.values())
        self.ask_all(client)
        os.killpg(self.daemon.process.pid, signal.SIGTERM)
        self.daemon.wait_log("msg=stopping")
        self.go_on(*self.workers.values())
        self.assert_all_answered(client)
        self.assert_ended_with_everything_written()

    def test_a_ledger_that_dies_while_requests_are_answered_comes_back(self):
        client = self.client_of(0)
        self.stop(*self.workers.values())
        self.ask_all(client)
        self.daemon.signal(signal.SIGTERM)
        self.daemon.wait_log("msg=stopping")
        os.kill(self.ledger, signal.SIGKILL)
        self.daemon.wait_log(r'msg="process serves" process=ledger')
        self.go_on(*self.workers.values())
        self.assert_all_answered(client)
        self.assert_ended_with_everything_written()

    def test_a_ledger_that_is_away_when_the_workers_have_gone_writes_down_what_they_left(self):
        client = self.client_of(0)
        self.stop(self.ledger)
        self.ask_for_decisions(client)
        for number in range(DECISIONS):
            self.assertEqual(client.receive()[1:3], [number, None])
        self.stop(self.workers[1])
        self.daemon.signal(signal.SIGTERM)
        self.daemon.wait_log("msg=stopping")
        os.kill(self.ledger, signal.SIGKILL)
        self.daemon.wait_log(r'msg="process ended" process=ledger')
        self.go_on(self.workers[1])
        self.assert_ended_with_everything_written()

    def test_a_ledger_that_always_dies_does_not_hold_the_end(self):
        self.stop(self.workers[0])
        self.daemon.signal(signal.SIGTERM)
        self.daemon.wait_log("msg=stopping")
        decisions = os.path.join(self.daemon.state, "decisions")
        os.rename(decisions, decisions + ".away")
        open(decisions, "w").close()
        os.kill(self.ledger, signal.SIGKILL)
        for _ in range(2):
            self.daemon.wait_log(r'msg="process ended" process=ledger')
        self.go_on(self.workers[0])
        self.assertEqual(self.daemon.wait_exit(), 0, self.daemon.output())
        self.assertNotIn("its time to finish is over", self.daemon.output())


if __name__ == "__main__":
    unittest.main()
