"""Workers die, hang, and come back; none outlives its supervisor."""

import os
import signal
import unittest

from daemon import TestCase, wait_for_end


class Workers(TestCase):
    def test_every_worker_answers_before_ready_is_said(self):
        daemon = self.serve(workers=3)
        self.assertEqual(len(daemon.pids()), 3)
        versions = {daemon.ask("version", pid) for pid in daemon.pids().values()}
        self.assertEqual(len(versions), 1)

    def test_a_killed_worker_comes_back_with_the_same_site(self):
        daemon = self.serve()
        before = daemon.pids()
        version = daemon.ask("version")
        os.kill(before[1], signal.SIGKILL)
        daemon.wait_log(r'msg="process ended" process=worker-1 .*how="signal KILL"')
        daemon.wait_log(r'msg="process started" process=worker-1')
        after = daemon.pids()
        self.assertEqual(after[0], before[0])
        self.assertNotEqual(after[1], before[1])
        self.assert_all_serve(daemon, version)
        self.assert_stops(daemon)

    def test_all_workers_killed_at_once_come_back(self):
        daemon = self.serve(workers=4)
        version = daemon.ask("version")
        before = daemon.pids()
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        for _ in before:
            daemon.wait_log(r'msg="process started"')
        self.assertFalse(set(before.values()) & set(daemon.pids().values()))
        self.assert_all_serve(daemon, version)

    def test_the_wait_before_a_restart_doubles(self):
        daemon = self.serve(workers=1)
        last = 0
        for _ in range(3):
            os.kill(daemon.pids()[0], signal.SIGKILL)
            wait = int(daemon.wait_log(r'msg="process ended".*restart_in_ms=(\d+)')[1])
            daemon.wait_log(r'msg="process started"')
            self.assertIn(wait, (0, last * 2 or 100))  # none where the worker lived for long
            last = wait

    def test_a_term_to_one_worker_drains_and_replaces_it(self):
        daemon = self.serve(workers=1)
        pid = daemon.pids()[0]
        client = self.client(daemon)
        client.send("hold")
        self.assertEqual(client.ask("pid"), str(pid))
        os.kill(pid, signal.SIGTERM)
        self.assertEqual(client.ask("go"), "went")
        daemon.wait_log(r'msg="process ended" process=worker-0 .*how="exit code 0"')
        daemon.wait_log(r'msg="process started" process=worker-0')
        self.assertNotEqual(daemon.ask("pid"), str(pid))

    def test_interrupt_and_hangup_leave_a_worker_alone(self):
        daemon = self.serve(workers=1)
        pid = daemon.pids()[0]
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGHUP)
        self.assertEqual(daemon.ask("pid"), str(pid))

    def test_a_worker_stuck_in_a_script_is_replaced(self):
        daemon = self.serve(workers=1, flags=["--kill-after-ms", "100"])
        self.client(daemon).send("hang")
        daemon.wait_log(r'msg="killing a process" process=worker-0 .*because="a script doesn\'t end"')
        daemon.wait_log(r'msg="process started"')
        self.assertEqual(daemon.ask("pid"), str(daemon.pids()[0]))

    def test_a_worker_whose_loop_stands_still_is_replaced(self):
        daemon = self.serve(workers=1, flags=["--kill-after-ms", "200"])
        self.client(daemon).send("deaf")
        daemon.wait_log(r'msg="killing a process" process=worker-0 .*because="its loop stands still"')
        daemon.wait_log(r'msg="process started"')
        self.assertEqual(daemon.ask("pid"), str(daemon.pids()[0]))

    def test_workers_end_with_their_supervisor(self):
        daemon = self.serve(workers=3)
        daemon.process.kill()
        for pid in daemon.pids().values():
            wait_for_end(pid)

    def test_a_stuck_worker_ends_with_its_supervisor(self):
        daemon = self.serve(workers=1)
        client = self.client(daemon)
        client.ask("version")
        client.send("deaf")
        daemon.process.kill()
        wait_for_end(daemon.pids()[0])

    def test_a_worker_holds_only_what_is_its_own(self):
        daemon = self.serve(workers=1, state=True)
        files = daemon.ask("files")
        self.assertIn("/lock", files)  # nobody else may take the state before the last process is gone
        self.assertNotIn("senda-site", files)
        os.kill(daemon.pids()[0], signal.SIGKILL)
        daemon.wait_log(r'msg="process started"')
        self.assertEqual(len(daemon.ask("files").split()), len(files.split()))


if __name__ == "__main__":
    unittest.main()
