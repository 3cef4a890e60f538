"""A new site comes in everywhere or nowhere, whatever happens meanwhile."""

import os
import signal
import unittest

from daemon import TestCase, wait_for_end


class Reload(TestCase):
    def test_a_hangup_brings_the_new_site_to_every_worker(self):
        daemon = self.serve()
        before = daemon.ask("version")
        daemon.write_site("-- new")
        daemon.signal(signal.SIGHUP)
        version = daemon.wait_log(r'msg="site reloaded" version=(\w+)')[1]
        self.assertNotEqual(version, before)
        self.assert_all_serve(daemon, version)
        self.assert_stops(daemon)

    def test_who_asks_for_a_reload_gets_the_new_version(self):
        daemon = self.serve()
        daemon.write_site("-- new")
        answer = daemon.reload()
        self.assertRegex(answer, r"^ok [0-9a-f]{32}$")
        self.assert_all_serve(daemon, answer[3:])

    def test_a_changed_configuration_is_noticed_and_waits_for_a_restart(self):
        said = "the configuration has changed; only a restart takes it"
        path = self.start().path("conf.lua")
        with open(path, "w") as file:
            file.write("batch_ms = 3\n")
        daemon = self.serve(flags=["--config", path])
        self.assertTrue(daemon.reload().startswith("ok "))
        with open(path, "a") as file:
            file.write("workers = 9\n")
        self.assertTrue(daemon.reload().startswith("ok "))
        daemon.wait_log(rf'level=notice .*msg="{said}" file={path}')
        daemon.wait_log(r'msg="site reloaded"')
        os.unlink(path)
        self.assertTrue(daemon.reload().startswith("ok "))
        self.assert_stops(daemon)
        self.assertEqual(daemon.output().count(said), 2)

    def test_a_broken_site_changes_nothing_and_says_why_once(self):
        daemon = self.serve()
        version = daemon.ask("version")
        daemon.write_site("refuse")
        self.assertEqual(daemon.reload(), "kept site.lua:1:1: error: a wrong line")
        daemon.wait_log(r'msg="site refused" .*kept=' + version)
        self.assert_all_serve(daemon, version)
        self.assert_stops(daemon)
        self.assertEqual(daemon.output().count("a wrong line"), 1)

    def test_one_worker_that_refuses_stops_it_for_all(self):
        daemon = self.serve(workers=3)
        version = daemon.ask("version")
        daemon.write_site("refuse-in 1")
        self.assertTrue(daemon.reload().startswith("kept site.lua"))
        self.assert_all_serve(daemon, version)
        daemon.write_site("-- better")
        self.assertTrue(daemon.reload().startswith("ok "))

    def test_a_worker_that_dies_while_loading_stops_it_for_all(self):
        daemon = self.serve()
        version = daemon.ask("version")
        daemon.write_site("crash-in 1")
        client = self.client_of(daemon, daemon.pids()[0], control=True)
        self.assertEqual(client.reload(), "kept worker-1 ended while it loaded the site: signal ABRT")
        daemon.wait_log(r'msg="process started" process=worker-1')
        self.assert_all_serve(daemon, version)
        daemon.write_site("-- better")
        self.assertTrue(daemon.reload().startswith("ok "))

    def test_a_worker_that_is_killed_while_another_loads_stops_it_for_all(self):
        daemon = self.serve()
        version = daemon.ask("version")
        daemon.write_site("wait " + daemon.path("go"))
        client = self.client_of(daemon, daemon.pids()[0], control=True)
        client.send("reload")
        self.assertEqual(client.ask("version"), version)  # it serves while it loads
        daemon.wait_log(r'msg="loading a site"')
        os.kill(daemon.pids()[1], signal.SIGKILL)
        self.assertIn("worker-1 ended", client.receive_until(b"\n\n"))
        daemon.wait_log(r'msg="process started" process=worker-1')
        self.assert_all_serve(daemon, version)

    def test_a_worker_stuck_while_loading_is_killed(self):
        daemon = self.serve(flags=["--kill-after-ms", "100"])
        version = daemon.ask("version")
        daemon.write_site("hang-in 0")
        daemon.signal(signal.SIGHUP)
        daemon.wait_log(r"worker-0 ended while it loaded the site: killed because a script doesn't end")
        daemon.wait_log(r'msg="process started" process=worker-0')
        self.assert_all_serve(daemon, version)

    def check_trial(self, order, answer, flags=()):
        """A site that the trial does not load reaches nobody else, and the next one is loaded."""
        daemon = self.serve(flags=flags)
        version, pids = daemon.ask("version"), daemon.pids()
        daemon.write_site(order)
        self.assertEqual(daemon.reload(), answer)
        daemon.wait_log(r'msg="site refused"')
        self.assert_all_serve(daemon, version)
        self.assertEqual(daemon.output().count('msg="loading a site"'), 1)
        daemon.write_site("-- better")
        self.assertTrue(daemon.reload().startswith("ok "))
        daemon.read_available()
        self.assertEqual(daemon.pids(), pids)
        self.assert_stops(daemon)
        return daemon.output()

    def test_a_site_that_is_refused_at_the_trial_reaches_no_worker(self):
        output = self.check_trial("refuse-in trial", "kept site.lua:1:1: error: a wrong line")
        self.assertNotIn("process ended", output.split("msg=stopping")[0])

    def test_a_site_that_crashes_what_loads_it_reaches_no_worker(self):
        output = self.check_trial("crash-in trial", "kept trial ended while it loaded the site: signal ABRT")
        self.assertIn('msg="process ended" process=trial ', output)

    def test_a_trial_that_hangs_is_killed(self):
        self.check_trial("hang-in trial", "kept trial ended while it loaded the site: killed because a script doesn't end",
                         ["--kill-after-ms", "100"])

    def begin_trial(self, daemon):
        """A client that waits for a reload whose trial waits for the file "go"; and the trial's process."""
        daemon.write_site("wait-in-trial " + daemon.path("go"))
        client = self.client_of(daemon, daemon.pids()[0], control=True)
        client.send("reload")
        return client, int(daemon.wait_log(r'msg="process started" process=trial pid=(\d+)')[1])

    def test_a_trial_that_dies_changes_nothing(self):
        daemon = self.serve()
        version = daemon.ask("version")
        client, trial = self.begin_trial(daemon)
        os.kill(trial, signal.SIGKILL)
        self.assertEqual(client.receive_until(b"\n\n"), "kept trial ended while it loaded the site: signal KILL")
        self.assert_all_serve(daemon, version)

    def test_a_trial_that_is_stopped_is_killed(self):
        daemon = self.serve(flags=["--kill-after-ms", "100"])
        client, trial = self.begin_trial(daemon)
        os.kill(trial, signal.SIGSTOP)
        self.assertEqual(client.receive_until(b"\n\n"),
                         "kept trial ended while it loaded the site: killed because a signal has stopped it")

    def test_a_worker_that_dies_during_a_trial_takes_part_in_the_reload(self):
        daemon = self.serve()
        client, _ = self.begin_trial(daemon)
        os.kill(daemon.pids()[1], signal.SIGKILL)
        daemon.wait_log(r'msg="process started" process=worker-1')
        daemon.wait_log(r'msg="process serves" process=worker-1')  # the old site
        open(daemon.path("go"), "w").close()
        answer = client.receive_until(b"\n\n")
        self.assertTrue(answer.startswith("ok "), answer)
        self.assert_all_serve(daemon, answer[3:])

    def test_who_stops_the_daemon_need_not_wait_for_a_trial(self):
        daemon = self.serve()
        client, trial = self.begin_trial(daemon)
        self.assert_stops(daemon)
        self.assertEqual(client.receive_until(b"\n\n"), "kept the daemon is stopping")
        wait_for_end(trial)

    def test_a_trial_ends_with_its_supervisor(self):
        daemon = self.serve()
        _, trial = self.begin_trial(daemon)
        daemon.process.kill()
        wait_for_end(trial)

    def test_a_hangup_while_reloading_makes_one_more_reload(self):
        daemon = self.serve()
        daemon.write_site("wait " + daemon.path("go"))
        client = self.client(daemon, control=True)
        client.send("reload")
        daemon.wait_log(r'msg="loading a site"')
        other = self.client(daemon, control=True)
        other.send("reload")
        other.ask("version")
        for _ in range(3):
            daemon.signal(signal.SIGHUP)
        daemon.write_site("-- last")
        open(daemon.path("go"), "w").close()
        first = client.receive_until(b"\n\n")
        second = other.receive_until(b"\n\n")
        self.assertTrue(first.startswith("ok ") and second.startswith("ok "))
        self.assertNotEqual(first, second)
        self.assert_all_serve(daemon, second[3:])
        self.assert_stops(daemon)
        self.assertIn(daemon.output().count('msg="site reloaded"'), (2, 3))

    def test_a_hangup_before_ready_is_kept_for_later(self):
        daemon = self.start()
        daemon.wait_log(r'msg="process started" process=worker-1')
        daemon.write_site("-- new")
        daemon.signal(signal.SIGHUP)
        daemon.wait_log(r'msg="site reloaded"')
        self.assert_stops(daemon)

    def test_a_worker_killed_just_before_a_reload_takes_part(self):
        daemon = self.serve()
        os.kill(daemon.pids()[1], signal.SIGKILL)
        daemon.wait_log(r'msg="process ended" process=worker-1')
        daemon.write_site("-- new")
        daemon.signal(signal.SIGHUP)
        version = daemon.wait_log(r'msg="site reloaded" version=(\w+)')[1]
        self.assert_all_serve(daemon, version)

    def test_a_worker_killed_just_before_a_refused_reload_serves_the_old_site(self):
        daemon = self.serve()
        version = daemon.ask("version")
        client = self.client_of(daemon, daemon.pids()[0], control=True)
        os.kill(daemon.pids()[1], signal.SIGKILL)
        daemon.wait_log(r'msg="process ended" process=worker-1')
        daemon.write_site("refuse-in 0")
        self.assertTrue(client.reload().startswith("kept "))
        daemon.wait_log(r'msg="site refused"')
        self.assert_all_serve(daemon, version)

    def test_a_folder_that_went_away_changes_nothing(self):
        daemon = self.serve()
        version = daemon.ask("version")
        os.rename(daemon.path("site"), daemon.path("gone"))
        self.assertIn("No such file or directory", daemon.reload())
        self.assert_all_serve(daemon, version)
        os.rename(daemon.path("gone"), daemon.path("site"))
        self.assertTrue(daemon.reload().startswith("ok "))

    def test_a_thousand_reloads_leave_no_descriptor_behind(self):
        daemon = self.serve(workers=1, flags=["--log-level", "warning"])
        folder = "/proc/%d/fd" % daemon.process.pid
        client = self.client(daemon, control=True)
        daemon.write_site("-- first")
        client.reload()
        before = len(os.listdir(folder)), client.ask("fds")
        for number in range(1000):
            daemon.write_site("refuse" if number % 10 == 0 else "-- %d" % number)
            self.assertEqual(client.reload().startswith("kept"), number % 10 == 0)
        self.assertEqual((len(os.listdir(folder)), client.ask("fds")), before)

    def test_warnings_are_printed_once(self):
        daemon = self.serve("warn", workers=3)
        self.assert_stops(daemon)
        self.assertEqual(daemon.output().count("a doubtful line"), 1)

    def test_the_next_reload_is_not_for_those_who_control_nothing(self):
        daemon = self.serve()
        self.assertEqual(daemon.ask("reload"), "not now")


if __name__ == "__main__":
    unittest.main()
