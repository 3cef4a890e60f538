#!/usr/bin/env python3
"""Power cuts of the whole daemon: what it writes is recorded while events are acknowledged and processes die; its state
folder is rebuilt as it may be after a cut at many points, and every event that had been acknowledged has to be there.

SENDA_POWER_CUTS: at how many points (200); SENDA_POWER_SEED: which.
"""

import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import SOURCE, Daemon, small  # noqa: E402
from traffic import Traffic  # noqa: E402

CUTS = int(os.environ.get("SENDA_POWER_CUTS", "200"))
SEED = int(os.environ.get("SENDA_POWER_SEED", "20261122"))
LIBRARY = os.environ.get("SENDA_FAULTS_LIBRARY", os.path.join(SOURCE, "build/asan-ubsan/tests/libsenda_faults.so"))
FREE = ["--confine", "0"]  # what is preloaded has files of its own
POWERCUT = os.environ.get("SENDA_POWERCUT", os.path.join(SOURCE, "build/asan-ubsan/tests/powercut"))
MARK = 8             # a record of the trace, see trace.h
RECORD = struct.Struct("=IIQQQ")
EVENTS = 500         # that are acknowledged before each death
STARTED = 10         # cuts on which the daemon itself is started
SITE = small('offer "plain" { kind = "article", title = "Plain", url = false, limit = { impressions = 1000, within = "7d" } }\n')


def watched(state, trace):
    """What lets a daemon be recorded; a sanitizer allows that a library stands in front of its own."""
    options = os.environ.get("ASAN_OPTIONS", "")
    return dict(os.environ, LD_PRELOAD=LIBRARY, SENDA_FAULTS_DIRECTORY=state, SENDA_FAULTS_TRACE=trace,
                ASAN_OPTIONS=f"{options}:verify_asan_link_order=0")


class Recording:
    """A trace, and what was acknowledged meanwhile."""

    def __init__(self, folder):
        self.state = os.path.join(folder, "state")
        self.trace = os.path.join(folder, "trace")
        self.acknowledged = os.path.join(folder, "acknowledged")
        self.count = 0
        os.mkdir(self.state)

    def note(self, customer, event):
        """A line, and then its number in the trace: whatever comes behind it comes behind the acknowledgement."""
        if "id" not in event:
            return
        self.count += 1
        self.lines.write(f"{customer.name}\t{event['id']}\n".encode())
        with open(self.trace, "ab", buffering=0) as trace:
            trace.write(RECORD.pack(MARK, 0, 0, self.count, 0))

    def flow(self, daemon, name):
        """Events, and the death of the ledger in between."""
        traffic = Traffic(daemon.path("socket"), name, random.Random(SEED))
        traffic.on_acknowledged = self.note
        try:
            for _ in range(2):
                until = traffic.acknowledged + EVENTS
                traffic.run_until(lambda: traffic.acknowledged >= until)
                os.kill(self.ledger_of(daemon), signal.SIGKILL)
            traffic.settle()
        finally:
            traffic.close()

    @staticmethod
    def ledger_of(daemon):
        daemon.read_available()
        started = [line for line in daemon.lines if 'msg="process started" process=ledger' in line]
        return int(started[-1].rpartition("pid=")[2])

    def record(self):
        """One daemon that is killed, and another one behind it that is stopped."""
        with open(self.acknowledged, "wb", buffering=0) as self.lines:
            for name, number in (("one", signal.SIGKILL), ("two", signal.SIGTERM)):
                daemon = Daemon(SITE, state=self.state, flags=FREE, env=watched(self.state, self.trace))
                try:
                    daemon.wait_ready()
                    self.flow(daemon, name)
                    daemon.signal(number)
                    daemon.wait_exit()
                except Exception as error:
                    daemon.read_available()
                    raise AssertionError(daemon.output()) from error
                finally:
                    daemon.destroy()


def powercut(verb, recording, folder, number):
    """What the checker printed."""
    done = subprocess.run([POWERCUT, verb, recording.trace, recording.acknowledged, folder, str(number), str(SEED)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise AssertionError(f"powercut {verb} {number}:\n{done.stderr}")
    return done.stdout


class PowerCuts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        folder = tempfile.mkdtemp(prefix="senda-powercut-", dir=memory)
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.state = os.path.join(folder, "rebuilt")
        cls.recording = Recording(os.path.realpath(folder))
        cls.recording.record()

    def setUp(self):
        os.mkdir(self.state)
        self.addCleanup(shutil.rmtree, self.state)

    def test_nothing_acknowledged_is_lost(self):
        print("power cuts:", powercut("check", self.recording, self.state, CUTS), flush=True)

    def test_the_daemon_starts_behind_a_cut(self):
        for number in range(STARTED):
            with self.subTest(cut=number):
                marked = int(powercut("build", self.recording, self.state, CUTS + number))
                self.look(marked)
                shutil.rmtree(self.state)
                os.mkdir(self.state)

    def look(self, marked):
        """Everything that was acknowledged counts once, and goes on counting."""
        daemon = Daemon(SITE, state=self.state)
        try:
            daemon.wait_ready()
            with open(self.recording.acknowledged, encoding="utf-8") as file:
                lines = [line.rstrip("\n").split("\t") for line in file][:marked]
            with daemon.client() as client:
                for customer, event in lines[-20:]:
                    arguments = {"event": "impression", "offer": "plain", "customer": customer, "id": event}
                    self.assertTrue(client.call("track", **arguments)["duplicate"], arguments)
                self.assertFalse(client.call("track", event="glance", customer="new", id="new")["duplicate"])
                self.assertTrue(client.recommend(customer="new")["known"])
            daemon.signal(signal.SIGTERM)
            self.assertEqual(daemon.wait_exit(), 0, daemon.output())
            self.assertNotIn("level=error", daemon.output())
        finally:
            daemon.destroy()


if __name__ == "__main__":
    unittest.main()
