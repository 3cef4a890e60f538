#!/usr/bin/env python3
"""kill -9 of the ledger, of workers and of the whole daemon at random moments, while events and decisions flow.

SENDA_KILL_CYCLES: how many (200); SENDA_KILL_SEED: which; SENDA_KILL_MINUTES: ends then at the latest.
"""

import collections
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
REST_MS = 1000     # nothing keeps the daemon from running for so long while a process is not back; see Rest
WORK_MS = 1000     # of a processor that a process may take until it is back, with sanitizers, too
HELD_BACK_S = 1    # a process that lives shorter is held back a little before it starts again
HELD_BACK_MS = 100  # the first time
LINES = 80         # of the log, told with a failure

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
        self.starts = 0
        self.ends = 0

    def is_young(self):
        return time.monotonic() - self.started <= HELD_BACK_S

    def __str__(self):
        return f"{self.name} (process {self.pid}, {'serves' if self.serves else 'does not serve'})"


class Rest:
    """
    How long none of those that were waited for wanted a processor or waited for a disk. A machine that is busy with other
    things makes that no longer, so that it can have a limit.
    """

    LOOK_S = 0.02  # a look stands for no longer: before it we may have been kept from looking

    def __init__(self):
        self.seconds = 0.0
        self.last = time.monotonic()

    def look(self, processes):
        now = time.monotonic()
        if not any(state_of(pid) in ("R", "D") for pid in processes):
            self.seconds += min(now - self.last, self.LOOK_S)
        self.last = now


def stat_of(pid):
    """What proc(5) says of a process behind its name; None where there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def state_of(pid):
    """As ps has it: R, S, D, Z …; None where there is no such process."""
    stat = stat_of(pid)
    return stat and stat[0]


def worked_ms(pid):
    """The time of a processor that a process has taken."""
    stat = stat_of(pid)
    return 0 if stat is None else (int(stat[11]) + int(stat[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Watched:
    """A daemon, and which processes it has, as its log says."""

    STARTED = re.compile(r'msg="process started" process=(worker-\d+|ledger) pid=(\d+)')
    SERVES = re.compile(r'msg="process serves" process=(\S+) pid=(\d+)')
    ENDED = re.compile(r'msg="process ended" process=(\S+) .*restart_in_ms=(\d+)')

    def __init__(self, flags=()):
        self.watch(Daemon(SITE, state=True, workers=WORKERS,
                          flags=["--reserve-seconds", "86400", "--drain-seconds", "20", *flags]))

    def watch(self, daemon):
        self.daemon = daemon
        self.bad = []
        self.history = collections.deque(maxlen=LINES)
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
            self.history.append(line)
            self.take(line)
        self.seen = len(self.daemon.lines)
        return all(life.serves for life in self.lives.values())

    def take(self, line):
        if found := self.STARTED.search(line):
            life = self.lives[found[1]]
            life.pid, life.started, life.serves = int(found[2]), time.monotonic(), False
            life.starts += 1
        elif found := self.SERVES.search(line):
            self.lives[found[1]].serves = True
        elif found := self.ENDED.search(line):
            life = self.lives[found[1]]
            life.serves, life.held_back_ms = False, int(found[2])
            life.ends += 1
        elif "level=error" in line or "ERROR: " in line or "runtime error" in line:
            self.bad.append(line)

    def look_for_bad(self):
        self.follow()
        if self.bad:
            raise Broken("\n".join(self.bad))

    def may_die(self, name):
        """Whoever died young before is held back longer each time; it isn't that time which is measured."""
        life = self.lives[name]
        return not life.is_young() or life.held_back_ms == 0

    def check_lives(self, started, ended):
        """Whoever died was started again at once, and served; nobody else ended."""
        for life in self.lives.values():
            if (life.starts, life.ends) != (life.name in started, life.name in ended):
                raise Broken(f"{life} ended {life.ends} times and was started {life.starts} times")
            life.starts = life.ends = 0

    def processes(self, names):
        """The supervisor and these."""
        return [self.daemon.process.pid, *(self.lives[name].pid for name in names if self.lives[name].pid is not None)]

    def note(self, text):
        """Stands in the log where we have read it up to now."""
        self.follow()
        self.history.append(f"--- {text}")

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
        self.times = {}
        self.rests = {}
        self.works = {}

    def add(self, kind, ms, rest_ms, work_ms):
        self.times.setdefault(kind, []).append(ms)
        self.rests[kind] = max(rest_ms, self.rests.get(kind, 0))
        self.works[kind] = max(work_ms, self.works.get(kind, 0))

    def print(self):
        print(f"kills: {self.cycles} cycles, seed {SEED}; {self.events} events acknowledged, all there, none twice; "
              f"{self.prizes} units of stock given, none too many")
        print(f"{'killed':12} {'times':>6} {'ready after':>12} {'median':>8} {'99 %':>8} {'worst':>8} {'at rest':>8} {'at work':>8}  ms")
        for kind, times in sorted(self.times.items()):
            times.sort()
            print(f"{kind:12} {len(times):6} {'':12} {times[len(times) // 2]:8.0f} "
                  f"{times[len(times) * 99 // 100]:8.0f} {times[-1]:8.0f} {self.rests[kind]:8.0f} {self.works[kind]:8.0f}",
                  flush=True)


class Round:
    """Cycles on one state folder."""

    def __init__(self, number, tally, flags=()):
        self.number = number
        self.random = random.Random(SEED + number)
        self.tally = tally
        self.doing = "before the first cycle"
        self.watched = Watched(flags)
        self.watched.daemon.wait_ready()
        self.traffic = Traffic(self.watched.daemon.path("socket"), f"r{number}", self.random)
        self.prizes = Prizes(self.traffic)
        self.traffic.run_until(self.watched.follow)
        self.watched.check_lives(self.watched.lives, ())

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
        self.doing = f"cycle {number} of round {self.number}, {kind}: " + (", ".join(
            str(self.watched.lives[name]) for name in victims) or f"process {self.watched.daemon.process.pid}")
        self.watched.note(self.doing)
        askers = self.prizes.ask(number) if kind != "daemon" else []
        self.traffic.others += askers
        self.traffic.flowing = True
        self.traffic.run_for(self.random.uniform(0, 0.06))
        self.rest = Rest()
        self.killed = time.monotonic()
        if kind == "daemon":
            self.kill_daemon()
        else:
            self.kill(kind, victims)
        self.check_times(kind, (time.monotonic() - self.killed) * 1000, victims or self.watched.lives)
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
        self.wait_written(self.watched.lives)
        self.watched.check_lives(self.watched.lives, ())

    def is_gone(self, pid):
        return state_of(pid) in (None, "Z")

    def kill(self, kind, victims):
        lives = self.watched.lives
        young = {name: lives[name].is_young() for name in victims}
        breaks = self.traffic.breaks()
        if kind in ("ledger", "worker") and self.random.random() < 0.5:
            self.kill_for_long(victims)
        else:
            self.send_kill(victims)
        self.wait_written(victims)
        if kind == "ledger" and self.traffic.breaks() != breaks:
            raise Broken("connections broke with the ledger")
        self.watched.check_lives(victims, victims)
        for name, was_young in young.items():
            if lives[name].held_back_ms > (HELD_BACK_MS if was_young else 0):
                raise Broken(f"{lives[name]} was held back for {lives[name].held_back_ms} ms")

    def send_kill(self, victims):
        for name in victims:
            self.watched.lives[name].serves = False
            os.kill(self.watched.lives[name].pid, signal.SIGKILL)

    def kill_for_long(self, victims):
        """
        Whoever has nothing to do with what died notices nothing: all are recommended something meanwhile. The supervisor
        stands still until then, since the dead could be back before we have asked, however quickly that is.
        """
        self.watched.daemon.signal(signal.SIGSTOP)
        try:
            self.send_kill(victims)
            self.traffic.run_until(lambda: all(self.is_gone(self.watched.lives[name].pid) for name in victims))
            self.traffic.run_until_watched()
        finally:
            self.watched.daemon.signal(signal.SIGCONT)
        self.rest = Rest()
        self.killed = time.monotonic()

    def wait_written(self, missing):
        """Everything serves, and an event that is sent now is acknowledged."""
        self.wait(missing, self.watched.follow)
        acknowledged = self.traffic.acknowledged
        self.wait(self.watched.lives, lambda: self.traffic.acknowledged > acknowledged)

    def wait(self, names, condition):
        """For these processes, or for any of them."""
        def is_over():
            self.rest.look(self.watched.processes(names))
            return condition()
        self.traffic.run_until(is_over)

    def check_times(self, kind, ms, names):
        """How long it takes on the whole is the machine's affair, too."""
        rest_ms = self.rest.seconds * 1000
        work_ms = max(worked_ms(self.watched.lives[name].pid) for name in names)
        self.tally.add(kind, ms, rest_ms, work_ms)
        if rest_ms > REST_MS:
            raise Broken(f"not everything was back, but for {rest_ms:.0f} ms of {ms:.0f} neither the supervisor nor what was "
                         "missing wanted a processor or waited for a disk")
        if work_ms > WORK_MS:
            raise Broken(f"a processor worked for {work_ms:.0f} ms until everything was back")

    def check(self):
        self.traffic.settle()
        check_customers(self.traffic)
        self.prizes.check()
        self.watched.look_for_bad()
        self.watched.check_lives((), ())

    def run(self, cycles, until):
        for number in range(cycles):
            if until and time.monotonic() > until:
                break
            self.cycle(number)
            self.tally.cycles += 1
        self.doing = f"at the end of round {self.number}"
        check_map(self.traffic, "walk")
        self.tally.events += check_customers(self.traffic)
        self.tally.prizes += sum(self.prizes.given.values())

    def stop(self):
        self.watched.daemon.signal(signal.SIGTERM)
        code = self.watched.daemon.wait_exit()
        self.watched.look_for_bad()
        if code != 0:
            raise Broken(f"the daemon ended with {code}")

    def describe(self, error):
        """All that it takes to find out what happened, from the output alone."""
        try:
            self.watched.follow()
        except (OSError, ValueError) as unread:
            self.watched.history.append(f"--- the log can't be read on: {unread}")
        return "\n".join([f"{type(error).__name__}: {error}", f"seed {SEED}, after {self.tally.cycles} cycles: {self.doing}",
                          f"by now: {', '.join(map(str, self.watched.lives.values()))}", self.traffic.describe(),
                          "the last lines of the log, and behind --- what was done:", *self.watched.history])

    def close(self):
        self.traffic.close()
        self.watched.destroy()


class Kills(unittest.TestCase):
    def run_round(self, number, cycles, tally, until):
        current = Round(number, tally)
        try:
            current.run(cycles, until)
            current.stop()
        except Exception as error:
            raise AssertionError(current.describe(error)) from error
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


if __name__ == "__main__":
    unittest.main()
