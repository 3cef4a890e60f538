#!/usr/bin/env python3
"""Disks that are full, fail or may not be written, a log that is damaged, and clocks that step, under a running daemon."""

import datetime
import glob
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import SENDACTL, SOURCE, Daemon, small, wait_until  # noqa: E402
from rpc import RpcError  # noqa: E402

LIBRARY = os.environ.get("SENDA_FAULTS_LIBRARY", os.path.join(SOURCE, "build/asan-ubsan/tests/libsenda_faults.so"))
FREE = ["--confine", "0"]  # what is preloaded has files of its own
BEGINS, ENDS = 'msg="nothing can be written down"', 'msg="written down again"'
LOG_BEGINS, LOG_ENDS = 'msg="decisions can\'t be logged"', 'msg="decisions are logged again"'
DAY = 86400
MAP_BYTES = 1 << 20
REFUSED = 20  # events that are refused in a row

SITE = small(
    'offer "plain" { kind = "article", title = "Plain", url = false, limit = { impressions = 2, within = "7d", rest = "7d" } }\n',
    journeys__walk="""
journey "walk" {
  model = "b2c",
  stage "first" { names = { es = "primera" } },
  stage "second" { names = { es = "segunda" }, enter = { on = "download", times = 2, within = "7d" } },
  stage "third" { names = { es = "tercera" }, enter = { on = "purchase" }, leave_after = "10d" },
}
""")


class Disks(unittest.TestCase):
    def setUp(self):
        self.daemon = self.client = None
        self.events = 0

    def prepare(self):
        """A state folder and a clock that obey plan() and step()."""
        folder = os.path.realpath(tempfile.mkdtemp(prefix="senda-disks-"))
        self.addCleanup(shutil.rmtree, folder)
        self.addCleanup(self.destroy)
        self.state = os.path.join(folder, "state")
        self.plan_path, self.clock = os.path.join(folder, "plan"), os.path.join(folder, "clock")
        os.mkdir(self.state)
        self.environment = dict(os.environ, LD_PRELOAD=LIBRARY, SENDA_FAULTS_DIRECTORY=self.state,
                                SENDA_FAULTS_PLAN=self.plan_path, SENDA_FAULTS_CLOCK=self.clock,
                                ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")

    def serve(self):
        self.prepare()
        self.again()

    def again(self):
        """Another daemon on the same state."""
        self.destroy()
        self.daemon = Daemon(SITE, state=self.state, flags=FREE, env=self.environment).wait_ready()
        self.client = self.daemon.client()

    def destroy(self):
        if self.daemon is not None:
            self.daemon.destroy()
        if self.client is not None:
            self.client.close()
        self.daemon = self.client = None

    def put(self, path, text):
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)

    def plan(self, text):
        self.put(self.plan_path, text)

    def step(self, seconds):
        self.put(self.clock, str(seconds))

    def track(self, event="glance", customer="ana", **arguments):
        self.events += 1
        return self.client.call("track", event=event, customer=customer, id=f"e{self.events}", **arguments)

    def try_to_track(self):
        """Whether it was acknowledged; a refusal has to be the one that says "later"."""
        try:
            return self.track()["accepted"]
        except RpcError as error:
            self.assertRegex(error.error, "^UNAVAILABLE: ")
            self.refused += 1
            return False

    def count(self, customer="ana", event="glance"):
        return self.client.call("profile.get", customer=customer)["counts"].get(event, 0)

    def said(self, text):
        self.daemon.read_available()
        return sum(text in line for line in self.daemon.lines)

    def recommend(self, **arguments):
        return self.client.recommend(**arguments)

    def check_no_crash(self):
        self.assertEqual(self.said('msg="process ended"'), 0, self.daemon.output())
        self.daemon.signal(signal.SIGTERM)
        self.assertEqual(self.daemon.wait_exit(), 0, self.daemon.output())
        self.assertNotIn("runtime error", self.daemon.output())

    def go_through(self, begin, end):
        """Nothing is acknowledged while it fails, everything else goes on, and it ends by itself."""
        self.refused = 0
        self.assertTrue(self.try_to_track())
        begin()
        wait_until(lambda: not self.try_to_track())
        kept = self.events - self.refused
        for _ in range(REFUSED):
            self.assertFalse(self.try_to_track())
            self.assertTrue(self.recommend(customer="ana")["items"])
        self.assertEqual(self.count(), kept)
        self.assertEqual((self.said(BEGINS), self.said(ENDS)), (1, 0), self.daemon.output())
        end()
        wait_until(self.try_to_track)
        self.assertEqual(self.count(), kept + 1)
        self.assertEqual((self.said(BEGINS), self.said(ENDS)), (1, 1), self.daemon.output())

    def check_failing(self, plan):
        self.serve()
        self.go_through(lambda: self.plan(plan), lambda: self.plan(""))
        self.check_no_crash()

    def test_full_disk(self):
        self.check_failing("write ENOSPC")

    def test_disk_that_fails_to_sync(self):
        self.check_failing("sync EIO")

    def test_disk_that_fails_after_writing(self):
        self.check_failing("write late-EIO")

    def test_disk_that_turns_read_only(self):
        self.check_failing("write EROFS; sync EROFS; truncate EROFS; name EROFS")

    def test_files_that_may_not_grow(self):
        """The system's limit comes with a signal that would end a program that does not ignore it."""
        self.serve()
        ledger = self.pid_of("ledger")
        limits = resource.prlimit(ledger, resource.RLIMIT_FSIZE)
        self.go_through(lambda: resource.prlimit(ledger, resource.RLIMIT_FSIZE, (4096, limits[1])),
                        lambda: resource.prlimit(ledger, resource.RLIMIT_FSIZE, limits))
        self.check_no_crash()

    def fill(self):
        """New customers until one batch of them is refused."""
        for batch in range(1000):
            events = [{"event": "glance", "customer": f"visitor-{batch}-{i}"} for i in range(100)]
            answers = self.client.ask("track", events)[1]
            if not all(answer.get("accepted") for answer in answers):
                for answer in answers:
                    self.assertRegex(str(answer), "UNAVAILABLE|'accepted': True")
                return
        self.fail("a map of a mebibyte holds 100,000 customers")

    def test_map_that_cannot_grow(self):
        """Its address space is at its limit: events wait, recommendations go on; it grows when it can."""
        self.prepare()
        self.environment["SENDA_FAULTS_MAP"] = str(MAP_BYTES)
        self.again()

        def begin():
            self.assertTrue(self.recommend(customer="ana")["known"])  # whoever reads has a map by now
            self.plan("map ENOMEM file=data.mdb")
            self.fill()
            self.assertTrue(self.recommend(customer="ana")["known"])

        self.go_through(begin, lambda: self.plan(""))
        before = os.path.getsize(os.path.join(self.state, "data.mdb"))
        self.assertLessEqual(before, MAP_BYTES)
        while os.path.getsize(os.path.join(self.state, "data.mdb")) <= MAP_BYTES:
            answers = self.client.ask("track", [{"event": "glance", "customer": f"later-{before}-{i}"} for i in range(100)])[1]
            self.assertTrue(all(answer["accepted"] for answer in answers))
            before += 1
        self.check_no_crash()

    def pid_of(self, process):
        self.daemon.read_available()
        started = [line for line in self.daemon.lines if f'msg="process started" process={process} ' in line]
        return int(started[-1].rpartition("pid=")[2])

    def test_read_only_folder_is_refused_at_the_start(self):
        self.prepare()
        self.plan("any EROFS")
        self.daemon = Daemon(SITE, state=self.state, flags=FREE, env=self.environment)
        self.assertEqual(self.daemon.wait_exit(), 1)
        self.assertIn("read-only", self.daemon.output().lower())

    def test_log_alone_fails(self):
        """Events are kept, decisions are taken, and the log says what it lost."""
        self.serve()
        self.recommend(customer="ana")
        wait_until(lambda: self.segments())
        self.plan(f"write ENOSPC file={os.path.basename(self.segments()[0])}")
        wait_until(lambda: self.recommend(customer="ana") and self.said(LOG_BEGINS))
        self.assertTrue(self.track()["accepted"])
        self.plan("")
        wait_until(lambda: self.recommend(customer="ana") and self.said(LOG_ENDS))
        self.assertEqual((self.said(LOG_BEGINS), self.said(LOG_ENDS)), (1, 1))
        self.check_no_crash()

    def erase(self, customer):
        """Whether there was a receipt; a refusal has to say that it is not done yet."""
        try:
            return self.client.call("profile.erase", customer=customer)["erased"]
        except RpcError as error:
            self.assertRegex(error.error, "^UNAVAILABLE: ")
            return False

    def leave_decisions(self):
        """Of somebody, in one segment; its name."""
        self.serve()
        self.decide(3)
        wait_until(lambda: self.segments() and self.listed())
        return os.path.basename(self.segments()[0])

    def test_nothing_counts_as_erased_before_it_is_synced(self):
        segment = self.leave_decisions()
        self.plan(f"sync EIO file={segment}")
        for _ in range(3):
            self.assertFalse(self.erase("c0"))
        self.plan("")
        self.assertTrue(self.erase("c0"))
        self.check_no_crash()

    def test_nothing_counts_as_erased_that_a_ledger_left_unsynced(self):
        """It dies between overwriting and syncing, and the next one finds nothing to overwrite."""
        segment = self.leave_decisions()
        ledger = self.pid_of("ledger")
        self.plan(f"sync kill file={segment}")
        self.assertFalse(self.erase("c0"))
        self.plan(f"sync EIO file={segment}")
        wait_until(lambda: self.pid_of("ledger") != ledger)
        wait_until(lambda: self.said("the log of decisions can't be erased from"))
        self.assertFalse(self.erase("c0"))
        self.plan("")
        self.assertTrue(self.erase("c0"))

    def segments(self):
        return sorted(glob.glob(os.path.join(self.state, "decisions", "*.log")))

    def decide(self, count):
        return [self.recommend(customer=f"c{i}")["decision"] for i in range(count)]

    def explainable(self, decisions):
        """How many of them the log still has."""
        found = 0
        for decision in decisions:
            error, _ = self.client.ask("explain", {"decision": decision})
            self.assertTrue(error is None or error.startswith("NOT_FOUND"), error)
            found += error is None
        return found

    def listed(self):
        """Decisions that sendactl log prints."""
        done = subprocess.run([SENDACTL, "log", "--state", self.state], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return [json.loads(line)["decision"] for line in done.stdout.splitlines()]

    def damage(self, kind):
        path = self.segments()[-1]
        size = os.path.getsize(path)
        with open(path, "r+b") as file:
            if kind == "zeros":
                file.seek(size // 2)
                file.write(bytes(300))
            elif kind == "truncated":
                file.truncate(size * 2 // 3)
            elif kind == "header":
                file.write(b"\xff" * 32)
            elif kind == "garbage behind":
                file.seek(size)
                file.write(os.urandom(777))

    def test_damaged_log(self):
        """While the daemon runs, and when it starts: what is damaged is skipped, the rest is there, it goes on."""
        for kind in ("zeros", "truncated", "header", "garbage behind"):
            for restart in (False, True):
                with self.subTest(damage=kind, restart=restart):
                    self.serve()
                    before = self.decide(20)
                    self.assertEqual(self.explainable(before), 20)
                    self.damage(kind)
                    if restart:
                        self.again()
                    behind = self.decide(20)
                    self.assertEqual(self.explainable(behind[-1:]), 1)
                    self.assertGreaterEqual(self.explainable(before), 1)
                    listed = self.listed()
                    self.assertEqual(len(listed), len(set(listed)))
                    self.assertLessEqual(set(behind[-10:]), set(listed))
                    self.check_no_crash()
                    self.destroy()

    def test_clock_stepping_backwards(self):
        self.serve()
        self.walk()
        self.step(-2 * DAY)
        self.walk_on()
        self.again()
        self.walk_on()
        self.check_no_crash()

    def test_clock_stepping_forwards(self):
        self.serve()
        self.walk()
        self.step(3 * DAY)
        self.walk_on()
        self.step(0)
        self.walk_on()
        self.again()
        self.walk_on()
        self.check_no_crash()

    def test_who_was_erased_with_a_clock_ahead_has_limits_again(self):
        """When it is right again: decisions count from then on, and not only a day later."""
        self.serve()
        self.step(DAY)
        self.recommend(customer="ana")
        wait_until(lambda: self.client.ask("profile.get", {"customer": "ana"})[0] is None)
        self.assertTrue(self.erase("ana"))
        self.step(0)
        wait_until(lambda: self.recommend(customer="ana") and self.client.ask("profile.get", {"customer": "ana"})[0] is None)
        wait_until(lambda: self.recommend(customer="ana") and self.gate() == "limit")
        self.assertTrue(self.client.call("profile.export", customer="ana")["decisions"])
        self.check_no_crash()

    def walk(self):
        """Somebody in the second stage who has seen all that they may."""
        for _ in range(2):
            self.track("download")
            self.track("impression", offer="plain")
        self.assertEqual(self.gate(), "limit")
        self.decisions = self.decide(10)
        self.assertEqual(self.explainable(self.decisions), 10)
        self.events_before = self.count(event="download")

    def gate(self):
        decision = self.recommend(customer="ana", dry_run=True, explain=True)
        found = next(entry for entry in decision["trace"] if entry["offer"] == "plain")
        return "limit" if found["gate"] in ("limit", "rested") else found["gate"]

    def walk_on(self):
        """Neither stage nor limit is lost, events count, decisions are new ones and can be explained."""
        answer = self.track("download")
        self.events_before += 1
        self.assertEqual((answer["accepted"], answer["duplicate"], answer["stage"]), (True, False, "second"))
        self.assertEqual(self.count(event="download"), self.events_before)
        self.assertEqual(self.gate(), "limit")
        self.decisions += self.decide(10)
        self.assertEqual(len(set(self.decisions)), len(self.decisions))
        self.assertEqual(self.explainable(self.decisions), len(self.decisions))
        self.assertEqual(sorted(self.listed()), sorted(self.decisions))

    def test_silence_is_counted_when_the_clock_jumps(self):
        """Whoever is silent for longer than their stage allows has left; once, though the clock goes back and again."""
        self.serve()
        self.track("purchase")
        self.step(11 * DAY)
        wait_until(lambda: self.dropped() == 1)
        self.step(0)
        self.track()
        self.step(11 * DAY)
        self.track()
        for stage in self.stages():
            self.assertEqual(stage["entered"], stage["advanced"] + stage["dropped"] + stage["inside"])
        self.check_no_crash()

    def stages(self):
        today = datetime.date.today()
        days = {"from": str(today - datetime.timedelta(days=2)), "to": str(today + datetime.timedelta(days=20))}
        return self.client.call("journey.map", journey="walk", **days)["stages"]

    def dropped(self):
        return sum(stage["dropped"] for stage in self.stages())


if __name__ == "__main__":
    unittest.main()
