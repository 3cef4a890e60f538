"""Starting that fails, and stopping at any moment."""

import os
import signal
import unittest

from daemon import TestCase


class Stop(TestCase):
    def test_a_broken_site_at_start_is_told_once(self):
        daemon = self.start("refuse", workers=4)
        self.assertEqual(daemon.wait_exit(), 1)
        self.assertEqual(daemon.output().count("a wrong line"), 1)
        self.assertNotIn("msg=ready", daemon.output())
        self.assertFalse(os.path.exists(daemon.socket))

    def test_a_worker_that_dies_at_start_ends_the_start(self):
        daemon = self.start("crash-in 0")
        self.assertEqual(daemon.wait_exit(), 1)
        self.assertIn("worker-0 ended while it loaded the site: signal ABRT", daemon.output())

    def test_a_missing_site_ends_the_start(self):
        daemon = self.start(flags=["--site", "/nonexistent/site"])
        self.assertEqual(daemon.wait_exit(), 1)
        self.assertIn("/nonexistent/site: No such file or directory", daemon.output())

    def test_ready_is_said_once_at_any_log_level(self):
        daemon = self.serve(flags=["--log-level", "error"])
        self.assert_stops(daemon)
        self.assertEqual(daemon.output().count("ready"), 1)

    def test_term_waits_for_what_is_open(self):
        daemon = self.serve()
        client, idle = self.client(daemon), self.client(daemon)
        client.send("hold")
        client.ask("version")
        idle.ask("version")
        daemon.signal(signal.SIGTERM)
        self.assertRaises((EOFError, ConnectionResetError), idle.receive_until, b"\n")
        self.assertFalse(os.path.exists(daemon.socket))
        self.assertIsNone(daemon.process.poll())
        self.assertEqual(client.ask("go"), "went")
        self.assertEqual(daemon.wait_exit(), 0)

    def test_interrupt_stops_as_term_does(self):
        self.assert_stops(self.serve(), number=signal.SIGINT)

    def test_term_to_the_whole_group_still_drains(self):
        daemon = self.serve(start_new_session=True)
        client = self.client(daemon)
        client.send("hold")
        client.ask("version")
        os.killpg(daemon.process.pid, signal.SIGTERM)
        daemon.wait_log("msg=stopping")
        self.assertEqual(client.ask("go"), "went")
        self.assertEqual(daemon.wait_exit(), 0)

    def test_draining_ends_when_its_time_is_over(self):
        daemon = self.serve(flags=["--drain-seconds", "0"])
        client = self.client(daemon)
        client.send("hold")
        client.ask("version")
        self.assert_stops(daemon)
        self.assertIn("its time to finish is over", daemon.output())

    def test_a_second_term_stops_at_once(self):
        daemon = self.serve(flags=["--drain-seconds", "3600"])
        client = self.client(daemon)
        client.send("hold")
        client.ask("version")
        daemon.signal(signal.SIGTERM)
        daemon.wait_log("msg=stopping")
        self.assert_stops(daemon)

    def test_a_worker_stuck_while_draining_is_killed(self):
        daemon = self.serve(workers=1, flags=["--drain-seconds", "3600", "--kill-after-ms", "100"])
        self.client(daemon).send("hang")
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.wait_exit(), 0)

    def test_term_while_starting(self):
        daemon = self.start("wait /nonexistent/file")
        daemon.wait_log(r'msg="process started" process=worker-1')
        self.assert_stops(daemon)
        self.assertNotIn("msg=ready", daemon.output())

    def test_term_while_reloading_answers_who_asked(self):
        daemon = self.serve()
        daemon.write_site("wait /nonexistent/file")
        client = self.client(daemon, control=True)
        client.send("reload")
        client.ask("version")
        daemon.signal(signal.SIGTERM)
        self.assertEqual(client.receive_until(b"\n\n"), "kept the daemon is stopping")
        self.assertEqual(daemon.wait_exit(), 0)

    def test_a_drained_worker_does_not_wait_for_the_reload_it_is_part_of(self):
        daemon = self.serve()
        daemon.write_site("wait " + daemon.path("go"))
        pid = daemon.pids()[0]
        client = self.client_of(daemon, pid, control=True)
        client.send("reload")
        client.ask("version")
        os.kill(pid, signal.SIGTERM)
        open(daemon.path("go"), "w").close()
        self.assertTrue(client.receive_until(b"\n\n").startswith("ok "))
        daemon.wait_log(r'msg="process started" process=worker-0')
        self.assert_stops(daemon)

    def test_a_daemon_can_follow_at_once(self):
        first = self.serve()
        self.assert_stops(first)
        second = self.serve(flags=["--listen", "unix:" + first.socket], listen=False)
        second.socket = first.socket
        self.assertTrue(second.ask("version"))


if __name__ == "__main__":
    unittest.main()
