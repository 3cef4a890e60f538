#!/usr/bin/env python3
"""A daemon that lives through whatever comes, in an order that a seed says: processes are killed, stopped and let go on,
sites are reloaded, good and bad ones, the disk is full and has room again; while clients keep exact account.

SENDA_STORM_ACTIONS: how many (60); SENDA_STORM_MINUTES: in place of that, how long; SENDA_STORM_SEED: which.
"""

import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "functional"))
sys.path.insert(0, os.path.join(HERE, "..", "faults"))

from harness import Daemon  # noqa: E402
from rpc import RpcError  # noqa: E402
from test_kills import SITE, WORKERS, Prizes, Watched  # noqa: E402
from traffic import Broken, Traffic, check_customers, check_map  # noqa: E402

ACTIONS = int(os.environ.get("SENDA_STORM_ACTIONS", "60"))
MINUTES = float(os.environ.get("SENDA_STORM_MINUTES", "0"))
SEED = int(os.environ.get("SENDA_STORM_SEED", "20261122"))
LIBRARY = os.environ["SENDA_FAULTS_LIBRARY"]

SETTLE_EVERY = 10     # actions between two looks at all that was acknowledged
SAMPLE_EVERY = 10     # actions between two looks at the processes
WARM = 5              # samples that are not counted: memory grows until its caches are full
GROWTH = 1.25         # the last samples may be that many times the first ones, and
GROWTH_KIB = 8 * 1024  # so many KiB more
DESCRIPTORS = 8       # that a process may hold more than at first, beyond its connections
LINES_AN_ACTION = 200  # of the log
EXPECTED = re.compile(r'nothing can be written down|decisions can\'t be logged|site refused|customers can\'t be read|'
                      r'the log of decisions can\'t be erased from|can\'t (load|start)|problems? of the site')
BROKEN_SITE = dict(SITE, **{"offers/offers.lua": "offer {\n"})


class Weathered(Watched):
    """Files of the state can fail, and what the log says of that is as it should be."""

    def __init__(self, folder):
        self.plan_path = os.path.join(folder, "plan")
        self.plan("")
        state = os.path.join(folder, "state")
        os.mkdir(state)
        options = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
        self.watch(Daemon(SITE, state=state, workers=WORKERS, log_level="debug",
                          flags=["--reserve-seconds", "86400", "--drain-seconds", "20"],
                          env=dict(os.environ, LD_PRELOAD=LIBRARY, SENDA_FAULTS_DIRECTORY=state,
                                   SENDA_FAULTS_PLAN=self.plan_path, ASAN_OPTIONS=options)))

    def plan(self, text):
        with open(self.plan_path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.plan_path + ".new", self.plan_path)

    def take(self, line):
        if not EXPECTED.search(line):
            super().take(line)


class Sample:
    """What a process holds at one moment."""

    def __init__(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            self.kib = int(re.search(r"RssAnon:\s+(\d+)", file.read())[1])
        links = []
        for name in os.listdir(f"/proc/{pid}/fd"):
            try:
                links.append(os.readlink(f"/proc/{pid}/fd/{name}"))
            except OSError:
                pass
        self.descriptors = sum(not link.startswith("socket:") for link in links)


class Storm:
    def __init__(self, folder):
        self.random = random.Random(SEED)
        self.watched = Weathered(folder)
        self.daemon = self.watched.daemon
        self.daemon.wait_ready()
        self.traffic = Traffic(self.daemon.path("socket"), "storm", self.random)
        self.prizes = Prizes(self.traffic)
        self.done = {}
        self.samples = {}
        self.sizes = []
        self.lines = 0
        self.reloads = {"done": 0, "refused": 0, "broken off": 0}
        self.wait_all_serve()

    def wait_all_serve(self):
        self.traffic.run_until(self.watched.follow)

    def some_process(self, ledger=True):
        names = [name for name in self.watched.lives if ledger or name != "ledger"]
        return self.random.choice([name for name in names if self.watched.may_die(name)] or names)

    def pid_of(self, name):
        return self.watched.lives[name].pid

    def send(self, name, number):
        try:
            os.kill(self.pid_of(name), number)
        except ProcessLookupError:
            pass

    # What may happen; each ends with everything serving.

    def kill(self):
        name = self.some_process()
        self.watched.lives[name].serves = False
        self.send(name, signal.SIGKILL)

    def stop_a_little(self):
        name = self.some_process()
        self.send(name, signal.SIGSTOP)
        self.traffic.run_for(self.random.uniform(0, 0.5))
        self.send(name, signal.SIGCONT)

    def stop_for_good(self):
        name = self.some_process()
        pid = self.pid_of(name)
        self.watched.lives[name].serves = False
        self.send(name, signal.SIGSTOP)
        self.traffic.run_until(lambda: self.watched.follow() and self.pid_of(name) != pid)

    def stop_supervisor(self):
        self.daemon.signal(signal.SIGSTOP)
        self.traffic.run_for(self.random.uniform(0, 0.5))
        if self.random.random() < 0.5:
            self.kill()
        self.traffic.run_for(self.random.uniform(0, 0.2))
        self.daemon.signal(signal.SIGCONT)

    def begin_reload(self, site):
        """In a thread; who asked may sit on a process that dies."""
        self.daemon.write_site(dict(site, **{"site.lua": site["site.lua"] + f"-- {self.random.random()}\n"}))

        def run():
            try:
                self.reloads["done" if re.fullmatch("[0-9a-f]{32}", self.daemon.reload()) else "refused"] += 1
            except RpcError:
                self.reloads["refused"] += 1
            except (EOFError, OSError):
                self.reloads["broken off"] += 1

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def end_reload(self, thread):
        self.traffic.run_until(lambda: not thread.is_alive())

    def reload(self):
        self.end_reload(self.begin_reload(SITE))

    def reload_badly(self):
        self.end_reload(self.begin_reload(BROKEN_SITE))
        self.daemon.write_site(SITE)

    def reload_and_kill(self):
        thread = self.begin_reload(SITE)
        self.traffic.run_for(self.random.uniform(0, 0.1))
        self.kill()
        self.end_reload(thread)

    def reload_and_stop(self):
        thread = self.begin_reload(SITE)
        self.traffic.run_for(self.random.uniform(0, 0.1))
        self.stop_for_good()
        self.end_reload(thread)

    def fill_disk(self):
        self.watched.plan(self.random.choice(["write ENOSPC", "write ENOSPC file=data.mdb", "sync EIO times=3", "write short times=2"]))
        self.traffic.run_for(self.random.uniform(0.05, 0.5))
        if self.random.random() < 0.3:
            self.watched.lives["ledger"].serves = False
            self.send("ledger", signal.SIGKILL)
            self.traffic.run_for(self.random.uniform(0, 0.3))
        self.watched.plan("")

    def nothing(self):
        self.traffic.run_for(self.random.uniform(0.05, 0.3))

    WEIGHTS = ((kill, 5), (stop_a_little, 4), (stop_for_good, 1), (stop_supervisor, 2), (reload, 3), (reload_badly, 2),
               (reload_and_kill, 3), (reload_and_stop, 1), (fill_disk, 3), (nothing, 2))

    def act(self, number):
        action, = self.random.choices([action for action, _ in self.WEIGHTS], [weight for _, weight in self.WEIGHTS])
        self.done[action.__name__] = self.done.get(action.__name__, 0) + 1
        askers = self.prizes.ask(number)
        self.traffic.others += askers
        self.traffic.flowing = True
        self.traffic.run_for(self.random.uniform(0, 0.05))
        action(self)
        self.wait_written()
        self.traffic.run_until(lambda: all(asker.left == 0 for asker in askers))
        self.leave(askers)

    def leave(self, askers):
        for asker in askers:
            self.traffic.others.remove(asker)
            if asker.connection.socket is not None:
                asker.connection.disconnect(self.traffic.selector)

    def wait_written(self):
        self.wait_all_serve()
        acknowledged = self.traffic.acknowledged
        self.traffic.run_until(lambda: self.traffic.acknowledged > acknowledged)

    def settle(self):
        self.traffic.settle()
        check_customers(self.traffic)
        self.prizes.check()
        self.watched.look_for_bad()

    def sample(self):
        """Of the supervisor, which lives through all of it, over the whole time; of the others while they live."""
        for name, pid in [("supervisor", self.daemon.process.pid), *((name, life.pid) for name, life in self.watched.lives.items())]:
            try:
                self.samples.setdefault((name, pid), []).append(Sample(pid))
            except (FileNotFoundError, ProcessLookupError, TypeError):
                pass
        self.sizes.append(sum(entry.stat().st_size for entry in os.scandir(self.daemon.state) if entry.is_file()))

    def check_growth(self):
        for (name, pid), samples in self.samples.items():
            counted = samples[WARM:]
            if len(counted) < 2 * WARM:
                continue
            first = max(sample.kib for sample in counted[:WARM])
            last = min(sample.kib for sample in counted[-WARM:])
            if last > first * GROWTH and last > first + GROWTH_KIB:
                raise Broken(f"{name} ({pid}) grows: {first} KiB at first, {last} KiB at last")
            if min(sample.descriptors for sample in counted[-WARM:]) > counted[0].descriptors + DESCRIPTORS:
                raise Broken(f"{name} ({pid}) holds ever more descriptors")
        if len(self.daemon.lines) > LINES_AN_ACTION * sum(self.done.values()):
            raise Broken(f"{len(self.daemon.lines)} lines of log for {sum(self.done.values())} actions")

    def run(self):
        until = time.monotonic() + MINUTES * 60
        number = 0
        while (time.monotonic() < until) if MINUTES else (number < ACTIONS):
            try:
                self.act(number)
                if number % SETTLE_EVERY == SETTLE_EVERY - 1:
                    self.settle()
                if number % SAMPLE_EVERY == 0:
                    self.sample()
            except Exception as error:
                tail = "\n".join(self.daemon.lines[-40:])
                raise AssertionError(f"seed {SEED}, action {number}, {self.done}: {error}\n{tail}") from error
            number += 1
        self.settle()
        check_map(self.traffic, "walk")
        self.check_growth()

    def tell(self):
        supervisor = [sample.kib for (name, _), samples in self.samples.items() if name == "supervisor" for sample in samples]
        print(f"soak: storm: seed {SEED}, {sum(self.done.values())} actions {self.done}; reloads {self.reloads}; "
              f"{self.traffic.acknowledged} events acknowledged, all there, none twice; {sum(self.prizes.given.values())} units of "
              f"stock given, none too many; {self.traffic.watched()} recommendations; {self.traffic.breaks()} connections broken by "
              f"what was done to their worker", file=sys.stderr)
        print(f"soak: storm: supervisor {supervisor[:1]} to {supervisor[-1:]} KiB; state {self.sizes[:1]} to {self.sizes[-1:]} bytes; "
              f"{len(self.daemon.lines)} lines of log", file=sys.stderr)

    def close(self):
        self.traffic.close()
        self.watched.destroy()


class Soak(unittest.TestCase):
    def test_whatever_comes(self):
        folder = tempfile.TemporaryDirectory(prefix="senda-storm-")
        self.addCleanup(folder.cleanup)
        storm = Storm(folder.name)
        self.addCleanup(storm.close)
        try:
            storm.run()
        finally:
            storm.tell()
        storm.daemon.signal(signal.SIGTERM)
        self.assertEqual(storm.daemon.wait_exit(), 0)
        storm.watched.look_for_bad()


if __name__ == "__main__":
    unittest.main()
