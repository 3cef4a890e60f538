#!/usr/bin/env python3
"""The daemon's allocations fail, one after the other, in each of its processes: it answers, or says that it cannot, and
goes on; what it acknowledged is kept.

SENDA_SCARCE_FINER: so many times as many allocations of starting, reloading and ending are tried as in the suite.
"""

import os
import re
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "functional"))

from harness import Daemon, small, wait_until  # noqa: E402
from rpc import RpcError  # noqa: E402
from scarce import FROM_HERE, MODES, Control, complaint, step  # noqa: E402

SITE = small(
    'offer "guide" { kind = "lead_magnet", title = "x" }\n'
    'offer "few" { kind = "coupon", title = "x", stock = 1000000, placements = { "few" } }\n',
    strategies='strategy "likes" { score = function(c, o) return c.traits.likes == o.id and 2 or 1 end }\n',
    placements="""
placement "hero" { fallback = "house" }
placement "few" { count = 1, kinds = { "coupon" }, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""",
    journeys__walk='journey "walk" { model = "b2c", stage "first" {}, stage "second" { enter = { on = "download" } } }\n')
BAD_SITE = dict(SITE, **{"offers/offers.lua": 'offer "guide" { kind = "lead_magnet", tittle = "x" }\n'})

# Requests, # being a number that no other has; those with an event's id are sent again afterwards.
REQUESTS = (
    ("recommend", {"placement": "hero"}),
    ("recommend", {"placement": "hero", "customer": "ada", "explain": True}),
    ("recommend", {"placement": "few", "customer": "ada"}),
    ("recommend", {"placement": "hero", "dry_run": True, "traits": {"likes": "guide"}}),
    ("track", {"event": "download", "customer": "ada", "id": "#", "properties": {"from": "here"}}),
    ("track", [{"event": "look", "customer": "bo", "id": "#"}, {"event": "look"}, {"evnt": 1}]),
    ("identify", {"anonymous": "visitor-#", "customer": "ada"}),
    ("profile.set", {"customer": "ada", "traits": {"likes": "guide"}, "consents": {"marketing": True}, "stage": "second"}),
    ("profile.get", {"customer": "ada"}),
    ("profile.export", {"customer": "ada"}),
    ("profile.restrict", {"customer": "cy", "restricted": True}),
    ("profile.erase", {"customer": "visitor-#"}),
    ("explain", {"decision": "$"}),
    ("journey.map", {}),
    ("stats", {}),
    ("hello", {"errors": "text"}),
    ("auth", {"token": "x"}),
)
MAY_SAY = ("INTERNAL", "UNAVAILABLE", "OVERLOADED")

counts = {}


def note(what, points=1):
    counts[what] = counts.get(what, 0) + points


def filled(arguments, number, decision):
    if isinstance(arguments, list):
        return [filled(element, number, decision) for element in arguments]
    return {key: value.replace("#", str(number)).replace("$", decision) if isinstance(value, str) else value
            for key, value in arguments.items()}


def event_id(arguments):
    """(customer, id) of the event that has one, or None."""
    event = arguments[0] if isinstance(arguments, list) else arguments
    return (event["customer"], event["id"]) if "id" in event else None


class Case(unittest.TestCase):
    def setUp(self):
        self.control = Control()
        self.addCleanup(self.control.close)
        self.number = 0

    def start(self, site=SITE, **options):
        daemon = Daemon(site, state=True, workers=1, env=self.control.environment(), **options)
        self.addCleanup(self.remove, daemon)
        return daemon

    def remove(self, daemon):
        if os.path.exists(daemon.folder):
            daemon.destroy()

    def pids(self, daemon):
        """Role → process."""
        daemon.read_available()
        return {"worker": daemon.pids()[0], "ledger": daemon.ledger_pid(), "supervisor": daemon.process.pid}

    def wait_for(self, daemon, role, other_than=None):
        """The role's process, once its start was logged."""
        def is_there():
            return self.pids(daemon)[role] not in (None, other_than)
        wait_until(is_there)
        return self.pids(daemon)[role]

    def stop(self, daemon, code=0):
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.wait_exit(), code, daemon.output()[-3000:])
        self.assertEqual(complaint(daemon.output()), "")

    def serves(self, daemon):
        """Whether everything works again."""
        self.number += 1
        try:
            with daemon.client() as client:
                client.recommend(customer="ada")
                return client.call("track", event="look", customer="ada", id=f"works-{self.number}")["accepted"]
        except (OSError, EOFError):
            return False
        except RpcError as error:
            self.assertTrue(error.error.startswith(MAY_SAY), error.error)
            return False


class Requests(Case):
    """Every allocation of every request, in the worker and in the ledger."""

    def setUp(self):
        super().setUp()
        self.daemon = self.start().wait_ready()
        self.client = None
        self.processes = self.pids(self.daemon)
        self.acknowledged = []
        self.decision = self.ask("recommend", {"placement": "hero", "customer": "ada"})[1]["decision"]

    def ask(self, method, arguments):
        """(error, result); (None, None) where the connection was closed, which is what is left to say."""
        if self.client is None:
            self.client = self.daemon.client()
        try:
            return self.client.ask(method, arguments)
        except (EOFError, ConnectionError):
            self.client.close()
            self.client = None
            return None, None

    def try_one(self, role, mode, left, method, arguments, usual):
        pid = self.processes[role]
        before = self.control.struck(pid)
        if mode == FROM_HERE and left % 2 == 0 and self.client is not None:  # a connection is part of it
            self.client.close()
            self.client = None
        self.daemon.read_available()  # whoever logs into a pipe that is full stands still
        self.control.arm(pid, mode, left)
        error, result = self.ask(method, arguments)
        self.control.disarm(pid)
        if error is not None and not error.startswith(usual or "-"):
            self.assertTrue(error.startswith(MAY_SAY), f"{method} {arguments}: {error}")
        if isinstance(arguments, list):
            result = result[0] if result else None
        self.check_event(arguments, error, result)
        return self.control.struck(pid) > before

    def check_event(self, arguments, error, result):
        known = event_id(arguments)
        if known is None:
            return
        acknowledged = bool(result) and result["accepted"]
        (later_error, later), = [self.ask("track", {"event": "look", "customer": known[0], "id": known[1]})]
        if later is not None:
            self.assertTrue(later["duplicate"] or not acknowledged, f"{arguments} was acknowledged and is not there")
            acknowledged = True
        else:
            self.assertTrue(later_error is None or later_error.startswith(MAY_SAY), later_error)
        if acknowledged:
            self.acknowledged.append(known)

    def try_all(self, role, method, pattern):
        self.number += 1
        error, _ = self.ask(method, filled(pattern, self.number, self.decision))
        usual = error and error.partition(":")[0]
        for mode in MODES:
            left, quiet = 1, 0
            while quiet < 3 and left < 2000:  # another allocation than the request's may have been the one
                self.number += 1
                struck = self.try_one(role, mode, left, method, filled(pattern, self.number, self.decision), usual)
                quiet = 0 if struck else quiet + 1
                note(f"requests, {role}", struck)
                left += 1

    def run_role(self, role):
        for method, pattern in REQUESTS:
            self.try_all(role, method, pattern)
            wait_until(lambda: self.serves(self.daemon))
            self.assertEqual(self.pids(self.daemon), self.processes, f"{method}: a process of the daemon died")
        self.assertEqual(self.ask("track", {"event": "look", "customer": "ada"})[0], None)
        for customer, known in self.acknowledged:
            self.assertIs(self.ask("track", {"event": "look", "customer": customer, "id": known})[1]["duplicate"], True)
        self.stop(self.daemon)

    def test_worker(self):
        self.run_role("worker")

    def test_ledger(self):
        self.run_role("ledger")


class Connections(Case):
    def test_a_client_comes(self):
        """Who cannot be taken is closed; who comes later is taken."""
        daemon = self.start().wait_ready()
        pid = self.pids(daemon)["worker"]
        for mode in MODES:
            for left in range(1, 8):
                before = self.control.struck(pid)
                self.control.arm(pid, mode, left)
                try:
                    with daemon.client() as client:
                        client.call("ping")
                except (EOFError, OSError, RpcError):
                    pass
                self.control.disarm(pid)
                note("connections", self.control.struck(pid) > before)
                self.assertTrue(self.serves(daemon))
        self.stop(daemon)


class Reloads(Case):
    """Allocations of a reload, in every process; the site is the new one or the old one, and a later reload succeeds."""

    def try_all(self, role, every, site_of):
        daemon = self.start().wait_ready()
        versions = set()
        for mode in MODES:
            left = 1
            while True:
                processes = self.pids(daemon)
                pid = processes[role]
                before = self.control.struck(pid)
                daemon.write_site(site_of(left))
                self.control.arm(pid, mode, left)
                outcome = self.try_reload(daemon)
                self.control.disarm(pid)
                struck = self.control.struck(pid) > before
                note(f"reloads, {role}", struck)
                versions.add(outcome)
                wait_until(lambda: self.serves(daemon))
                self.assertEqual(self.pids(daemon), processes, f"{mode} {left}: {outcome}")
                if not struck:
                    break
                left += every
        daemon.write_site(SITE)
        self.assertRegex(daemon.reload(), "^[0-9a-f]{32}$")
        self.stop(daemon)

    def try_reload(self, daemon):
        try:
            return daemon.try_reload()
        except (EOFError, ConnectionError):
            return "the connection was closed: there was no memory for it"

    def good(self, left):
        """One that differs from the one before, as the number does."""
        return dict(SITE, **{"site.lua": SITE["site.lua"] + f"-- {left}\n"})

    def test_worker(self):
        self.try_all("worker", step(1009), self.good)

    def test_ledger(self):
        self.try_all("ledger", step(1009), self.good)

    def test_supervisor(self):
        self.try_all("supervisor", step(1), self.good)

    def try_trial(self, every, site_of):
        """The same for the process that tries the site first, from its beginning; nobody else is in need."""
        daemon = self.start().wait_ready()
        processes = self.pids(daemon)
        for mode in MODES:
            left, struck = 1, True
            while struck:
                daemon.write_site(site_of(left))
                self.control.arm_next(mode, left)
                outcome = daemon.try_reload()
                pid = int(daemon.wait_log(r'msg="process started" process=trial pid=(\d+)')[1])
                struck = self.control.struck(pid) > 0
                note("reloads, trial", struck)
                self.assertTrue(self.serves(daemon))
                self.assertEqual(self.pids(daemon), processes, f"{mode} {left}: {outcome}")
                left += every
        daemon.write_site(SITE)
        self.assertRegex(daemon.reload(), "^[0-9a-f]{32}$")
        self.stop(daemon)

    def test_trial(self):
        self.try_trial(step(1009), self.good)

    def test_a_bad_site(self):
        self.try_trial(step(1511), lambda left: BAD_SITE)


class Begin(Case):
    """Allocations of a process that begins."""

    def begin(self, mode, left):
        """False where memory did not run out."""
        self.control.forget()
        self.control.arm_next(mode, left)
        daemon = self.start()
        try:
            daemon.wait_ready()
        except AssertionError:
            self.assertEqual(daemon.wait_exit() in (1, 2), True, daemon.output()[-2000:])
            self.assertRegex(daemon.output(), r"memory|allocate|can't start|site refused", f"{mode} {left}")
        else:
            self.assertTrue(self.serves(daemon))
            self.stop(daemon)
        self.assertEqual(complaint(daemon.output()), "")
        struck = self.control.struck(daemon.process.pid) > 0
        note("start, supervisor", struck)
        self.remove(daemon)
        return struck

    def test_supervisor(self):
        for mode in MODES:
            left = 1
            while self.begin(mode, left):
                left += step(5)

    def begin_again(self, daemon, role, mode, left):
        """The process is killed and comes again, short of memory; in the end all is as before."""
        old = self.pids(daemon)[role]
        self.control.arm_next(mode, left)
        os.kill(old, signal.SIGKILL)
        new = self.wait_for(daemon, role, old)
        wait_until(lambda: self.serves(daemon) or self.relieve(daemon, role))
        struck = self.control.struck(new) > 0
        note(f"start, {role}", struck)
        self.relieve(daemon, role)
        return struck

    def relieve(self, daemon, role):
        """Memory is there again, once it has run out; for those that need it to go on."""
        pid = self.pids(daemon)[role]
        try:
            if self.control.struck(pid) > 0:
                self.control.disarm(pid)
        except KeyError:
            pass
        return False

    def come_again(self, role, places):
        daemon = self.start().wait_ready()
        for mode in MODES:
            for left in places:
                if not self.begin_again(daemon, role, mode, left):
                    break
        self.assertTrue(self.serves(daemon))
        self.stop(daemon)

    def test_worker(self):
        self.come_again("worker", [*range(1, 60, step(19)), *range(60, 20000, step(6007) * 4)])

    def test_ledger(self):
        self.come_again("ledger", [*range(1, 200, step(47)), *range(200, 20000, step(6007) * 4)])


class End(Case):
    """Allocations of a process that ends: what was acknowledged is kept, and nobody waits for ever."""

    def end(self, role, mode, left):
        self.control.forget()
        daemon = self.start(flags=["--drain-seconds", "20"]).wait_ready()
        with daemon.client() as client:
            for number in range(20):
                client.call("track", event="look", customer="ada", id=str(number))
            pid = self.pids(daemon)[role]
            client.send(b"".join(b"\x94\x00" + bytes([number]) + b"\xa5track\x91\x82\xa5event\xa4look\xa8customer\xa3ada"
                                 for number in range(10)))
            self.control.arm(pid, mode, left)
            daemon.signal(signal.SIGTERM)
            self.assertEqual(daemon.wait_exit(), 0, daemon.output()[-2000:])
            kept = 20 + sum(message[2] is None for message in client.receive_all())
        self.assertEqual(complaint(daemon.output()), "")
        struck = self.control.struck(pid) > 0
        note(f"end, {role}", struck)
        again = Daemon(SITE, state=daemon.state, workers=1)
        self.addCleanup(self.remove, again)
        with again.wait_ready().client() as client:
            self.assertGreaterEqual(client.call("profile.get", customer="ada")["counts"]["look"], kept)
        self.remove(again)
        self.remove(daemon)
        return struck

    def end_all(self, role):
        for mode in MODES:
            left = 1
            while self.end(role, mode, left):
                left += step(23)

    def test_worker(self):
        self.end_all("worker")

    def test_ledger(self):
        self.end_all("ledger")

    def test_supervisor(self):
        self.end_all("supervisor")


def tearDownModule():
    for what, points in sorted(counts.items()):
        print(f"{what}: {points} allocations failed", file=sys.stderr)
    print(f"daemon: {sum(counts.values())} allocations failed in all", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
