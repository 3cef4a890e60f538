#!/usr/bin/env python3
"""kill -9 of the ledger, of workers and of the whole daemon at random moments, while events and decisions flow.

SENDA_KILL_CYCLES: how many (200); SENDA_KILL_SEED: which; SENDA_KILL_MINUTES: ends then at the latest.
"""

import os
import random
import re
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import Daemon, small  # noqa: E402
from process import Process, wait_for_end  # noqa: E402
from traffic import Broken, Connection, Traffic, check_customers, check_map  # noqa: E402

CYCLES = int(os.environ.get("SENDA_KILL_CYCLES", "200"))
SEED = int(os.environ.get("SENDA_KILL_SEED", "20261122"))
MINUTES = float(os.environ.get("SENDA_KILL_MINUTES", "0"))
ROUND = 200        # cycles of one state folder; a new one then, since stock runs out
WORKERS = 3
PRIZES = 40        # offers with a stock, one after the other
STOCK = 50
LIMIT = 3          # times that a customer may be promised the rare one
RARE_REQUESTS = 4  # that ask for it at the same moment, on each of as many connections
READY_MS = 1000    # a process is back after so long; see Round.check_times
NOISE = 4          # times as long on a machine that does something else, too, and with sanitizers
HELD_BACK_S = 1    # a process that lives shorter is held back a little before it starts again

SITE = small(
    'offer "plain" { kind = "article", title = "Plain", url = false, placements = { "hero" } }\n'
    + "".join(f'offer "prize-{i}" {{ kind = "article", title = "Prize", url = false, placements = {{ "draw" }}, stock = {STOCK} }}\n'
              for i in range(PRIZES))
    + 'offer "rare" { kind = "article", title = "Rare", url = false, placements = { "corner" },\n'
    + f'  limit = {{ impressions = {LIMIT}, within = "7d" }} }}\n',
    placements="""
placement "hero" { fallback = "house" }
placement "draw" { fallback = "house" }
placement "corner" { fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", url = false, placements = {} }
""",
    journeys__walk="""
journey "walk" {
  model = "b2c",
  stage "first" { names = { es = "primera" } },
  stage "second" { names = { es = "segunda" }, enter = { on = "impression", times = 5 } },
  stage "third" { names = { es = "tercera" }, enter = { on = "glance", times = 20 } },
}
""")


class Life:
    """One process of the daemon, over all its deaths."""

    def __init__(self, name):
        self.name = name
        self.pid = None
        self.started = 0.0
        self.serves = False
        self.held_back_ms = 0


class Watched:
    """A daemon, and which processes it has, as its log says."""

    STARTED = re.compile(r'msg="process started" process=(\S+) pid=(\d+)')
    SERVES = re.compile(r'msg="process serves" process=(\S+) pid=(\d+)')
    ENDED = re.compile(r'msg="process ended" process=(\S+) .*restart_in_ms=(\d+)')

    def __init__(self, flags=()):
        self.daemon = Daemon(SITE, state=True, workers=WORKERS,
                             flags=["--reserve-seconds", "86400", "--drain-seconds", "20", *flags])
        self.bad = []
        self.forget()

    def forget(self):
        self.seen = 0
        self.lives = {name: Life(name) for name in ["ledger"] + [f"worker-{i}" for i in range(WORKERS)]}

    def restart(self):
        """The same command once more, behind a daemon that was killed."""
        old = self.daemon
        for life in self.lives.values():
            wait_for_end(life.pid)
        self.look_for_bad()
        old.process.stderr.close()
        old.process.stdout.close()
        Process.__init__(old, old.process.args)
        self.forget()

    def follow(self):
        """Reads the log; True when everything serves."""
        self.daemon.read_available()
        for line in self.daemon.lines[self.seen:]:
            self.take(line)
        self.seen = len(self.daemon.lines)
        return all(life.serves for life in self.lives.values())

    def take(self, line):
        if found := self.STARTED.search(line):
            life = self.lives[found[1]]
            life.pid, life.started, life.serves = int(found[2]), time.monotonic(), False
        elif found := self.SERVES.search(line):
            self.lives[found[1]].serves = True
        elif found := self.ENDED.search(line):
            self.lives[found[1]].serves = False
            self.lives[found[1]].held_back_ms = int(found[2])
        elif "level=error" in line or "ERROR: " in line or "runtime error" in line:
            self.bad.append(line)

    def look_for_bad(self):
        self.follow()
        if self.bad:
            raise Broken("\n".join(self.bad))

    def may_die(self, name):
        """Whoever died young before is held back longer each time; it isn't that time which is measured."""
        life = self.lives[name]
        return time.monotonic() - life.started > HELD_BACK_S or life.held_back_ms == 0

    def destroy(self):
        self.daemon.destroy()


class Prizes:
    """Connections that ask for what is scarce, all at the same moment."""

    def __init__(self, traffic):
        self.traffic = traffic
        self.given = {}
        self.rare = {}
        self.shown = 0

    def requests(self, number):
        """Of one connection: prizes for different customers, the rare one for the same."""
        for i in range(RARE_REQUESTS):
            yield "recommend", {"placement": "draw", "customer": f"{self.traffic.name}-p-{number}-{i}-{len(self.given)}"}
            yield "recommend", {"placement": "corner", "customer": f"{self.traffic.name}-rare-{number}"}

    def ask(self, cycle):
        requests = list(self.requests(cycle))
        return [SeveralAsker(self.traffic, requests, self.take) for _ in range(RARE_REQUESTS)]

    def take(self, arguments, error, result):
        if error is not None:
            raise Broken(f"{arguments}: {error}")
        if result is None:
            return
        for item in result["items"]:
            if item["offer"] == "rare":
                self.rare[arguments["customer"]] = self.rare.get(arguments["customer"], 0) + 1
            elif item["offer"].startswith("prize"):
                self.given[item["offer"]] = self.given.get(item["offer"], 0) + 1

    def check(self):
        for offer, times in self.given.items():
            if times > STOCK:
                raise Broken(f"{offer}: {times} of {STOCK} given")
        for customer, times in self.rare.items():
            if times > LIMIT:
                raise Broken(f"{customer}: promised {times} times, {LIMIT} are allowed")


class SeveralAsker:
    """Sends its requests once; answers go to `take`."""

    def __init__(self, traffic, requests, take):
        self.connection = Connection(traffic.path)
        self.requests = list(requests)
        self.take = take
        self.left = len(requests)

    def fill(self):
        while self.requests:
            method, arguments = self.requests.pop()
            self.connection.ask(method, arguments, self.ended_of(arguments))

    def ended_of(self, arguments):
        def ended(error, result):
            self.left -= 1
            self.take(arguments, error, result)
        return ended


class Tally:
    """What was done and found, over all rounds."""

    def __init__(self):
        self.cycles = 0
        self.events = 0
        self.prizes = 0
        self.kinds = {}
        self.times = {}

    def add(self, kind, ms):
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.times.setdefault(kind, []).append(ms)

    def print(self):
        print(f"kills: {self.cycles} cycles, seed {SEED}; {self.events} events acknowledged, all there, none twice; "
              f"{self.prizes} units of stock given, none too many")
        print(f"{'killed':12} {'times':>6} {'ready after':>12} {'median':>8} {'99 %':>8} {'worst':>8}  ms")
        for kind, times in sorted(self.times.items()):
            times.sort()
            print(f"{kind:12} {len(times):6} {'':12} {times[len(times) // 2]:8.0f} "
                  f"{times[len(times) * 99 // 100]:8.0f} {times[-1]:8.0f}", flush=True)


class Round:
    """Cycles on one state folder."""

    def __init__(self, number, tally, flags=()):
        self.random = random.Random(SEED + number)
        self.tally = tally
        self.watched = Watched(flags)
        self.watched.daemon.wait_ready()
        self.traffic = Traffic(self.watched.daemon.path("socket"), f"r{number}", self.random)
        self.prizes = Prizes(self.traffic)
        self.wait_all_serve()

    def wait_all_serve(self):
        self.traffic.run_until(self.watched.follow)

    def choose(self):
        """What dies: mostly the ledger or one worker."""
        choices = ["daemon"]
        workers = [name for name in self.watched.lives if name != "ledger" and self.watched.may_die(name)]
        if self.watched.may_die("ledger"):
            choices += ["ledger"] * 5
        if workers:
            choices += ["worker"] * 3
        if len(workers) == WORKERS:
            choices += ["workers"]
        if self.watched.may_die("ledger") and len(workers) == WORKERS:
            choices += ["all but it"]
        kind = self.random.choice(choices)
        victims = {"ledger": ["ledger"], "worker": [self.random.choice(workers or [None])], "workers": workers,
                   "daemon": [], "all but it": ["ledger", *workers]}
        return kind, victims[kind]

    def cycle(self, number):
        kind, victims = self.choose()
        askers = self.prizes.ask(number) if kind != "daemon" else []
        self.traffic.others += askers
        self.traffic.flowing = True
        self.traffic.run_for(self.random.uniform(0, 0.06))
        before = self.traffic.breaks(), self.traffic.watched()
        killed = time.monotonic()
        if kind == "daemon":
            self.kill_daemon()
        else:
            self.kill(victims)
        self.tally.add(kind, (time.monotonic() - killed) * 1000)
        self.check_others(kind, *before)
        self.traffic.run_until(lambda: all(asker.left == 0 for asker in askers))
        self.end(askers)
        self.check()

    def end(self, askers):
        for asker in askers:
            self.traffic.others.remove(asker)
            if asker.connection.socket is not None:
                asker.connection.disconnect(self.traffic.selector)

    def kill_daemon(self):
        self.watched.daemon.process.kill()
        self.watched.daemon.process.wait()
        self.traffic.run_until(lambda: all(self.is_gone(life.pid) for life in self.watched.lives.values()))
        self.watched.restart()
        self.wait_written()

    def is_gone(self, pid):
        try:
            with open(f"/proc/{pid}/stat") as file:
                return file.read().rpartition(")")[2].split()[0] == "Z"
        except (FileNotFoundError, ProcessLookupError):
            return True

    def kill(self, victims):
        for name in victims:
            self.watched.lives[name].serves = False
            os.kill(self.watched.lives[name].pid, signal.SIGKILL)
        self.wait_written()

    def wait_written(self):
        """Everything serves, and an event that is sent now is acknowledged."""
        self.wait_all_serve()
        acknowledged = self.traffic.acknowledged
        self.traffic.run_until(lambda: self.traffic.acknowledged > acknowledged)

    def check_others(self, kind, breaks, watched):
        """Whoever has nothing to do with what died notices nothing."""
        if kind == "ledger" and self.traffic.breaks() != breaks:
            raise Broken("connections broke with the ledger")
        if kind in ("ledger", "worker") and self.traffic.watched() == watched:
            raise Broken("nobody was recommended anything meanwhile")

    def check(self):
        self.traffic.settle()
        check_customers(self.traffic)
        self.prizes.check()
        self.watched.look_for_bad()

    def run(self, cycles, until):
        for number in range(cycles):
            if until and time.monotonic() > until:
                break
            try:
                self.cycle(number)
            except Exception as error:
                tail = "\n".join(self.watched.daemon.lines[-40:])
                raise AssertionError(f"seed {SEED}, cycle {self.tally.cycles}: {error}\n{tail}") from error
            self.tally.cycles += 1
        check_map(self.traffic, "walk")
        self.tally.events += check_customers(self.traffic)
        self.tally.prizes += sum(self.prizes.given.values())

    def close(self):
        self.traffic.close()
        self.watched.destroy()


class Kills(unittest.TestCase):
    def run_round(self, number, cycles, tally, until):
        current = Round(number, tally)
        try:
            current.run(cycles, until)
            current.watched.daemon.signal(signal.SIGTERM)
            self.assertEqual(current.watched.daemon.wait_exit(), 0)
            current.watched.look_for_bad()
        finally:
            current.close()

    def test_nothing_acknowledged_is_lost_or_counted_twice(self):
        tally = Tally()
        until = time.monotonic() + MINUTES * 60 if MINUTES else None
        try:
            for number, first in enumerate(range(0, CYCLES, ROUND)):
                if until is None or time.monotonic() < until:
                    self.run_round(number, min(ROUND, CYCLES - first), tally, until)
        finally:
            tally.print()
        self.assertGreater(tally.prizes, 0)
        for kind, times in tally.times.items():
            self.assertLess(max(times), READY_MS * NOISE, kind)


if __name__ == "__main__":
    unittest.main()
