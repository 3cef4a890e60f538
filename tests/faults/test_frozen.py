#!/usr/bin/env python3
"""Processes that stand still (SIGSTOP) or die while others serve: nobody else notices, they are replaced, and nothing that
was acknowledged is lost; reloads end all the same."""

import os
import signal
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "functional"))

from harness import small, wait_until  # noqa: E402
from memory import MemoryCase  # noqa: E402
from process import wait_for_end  # noqa: E402
from rpc import RpcError  # noqa: E402

WORKERS = 3
SITE = small('offer "guide" { kind = "lead_magnet", title = "x", url = false }\n')
PATIENT_MS = "20000"  # three times as long is in time however busy the machine is
BECAUSE = 'because="a signal has stopped it"'


class Bystander(threading.Thread):
    """A client of one worker that asks and tells, one behind the other, until told to end; remembers what went wrong."""

    def __init__(self, client, name):
        super().__init__()
        self.client = client
        self.name_of_customer = name
        self.ended = threading.Event()
        self.wrong = None
        self.told = 0
        self.longest = {"recommend": 0.0, "track": 0.0}

    def ask(self, method, **arguments):
        began = time.monotonic()
        result = self.client.call(method, **arguments)
        self.longest[method] = max(self.longest[method], time.monotonic() - began)
        return result

    def run(self):
        try:
            while not self.ended.wait(0.005):
                if not self.ask("recommend", placement="hero", customer=self.name_of_customer)["items"]:
                    raise AssertionError("nothing was recommended")
                if not self.ask("track", event="look", customer=self.name_of_customer)["accepted"]:
                    raise AssertionError("not accepted")
                self.told += 1
        except Exception as error:  # whatever it was, the test says so
            self.wrong = error

    def end(self):
        self.ended.set()
        self.join()


class Frozen(MemoryCase):
    def setUp(self):
        self.daemon = self.remember(SITE, workers=WORKERS)
        self.daemon.read_available()
        self.stopped = []
        self.addCleanup(self.go_on)

    def stop(self, pid):
        os.kill(pid, signal.SIGSTOP)
        self.stopped.append(pid)

    def go_on(self):
        for pid in self.stopped:
            try:
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                pass

    def bystanders(self, *numbers):
        found = [Bystander(self.daemon.client_of(number), f"by-{number}") for number in numbers]
        for bystander in found:
            self.addCleanup(bystander.client.close)
            self.addCleanup(bystander.end)
            bystander.start()
        return found

    def check_bystanders(self, bystanders):
        """They noticed nothing, and all that they were told is kept."""
        for bystander in bystanders:
            bystander.end()
            self.assertIsNone(bystander.wrong)
            self.assertGreater(bystander.told, 0)
            self.assertEqual(self.daemon.ask("profile.get", customer=bystander.name_of_customer)["counts"]["look"], bystander.told)
            print("longest wait of a bystander, ms: " + ", ".join(f"{method} {seconds * 1000:.0f}" for method, seconds
                                                                   in bystander.longest.items()), file=sys.stderr)

    def wait_replaced(self, number, old):
        """The worker has a successor that serves."""
        self.daemon.wait_log(rf'msg="process started" process=worker-{number} ')
        self.daemon.wait_log(rf'msg="process serves" process=worker-{number} pid={self.daemon.pids()[number]}')
        self.assertNotEqual(self.daemon.pids()[number], old)

    def comers(self, count):
        """Who connects now is answered, whichever worker was woken for it."""
        for _ in range(count):
            self.assertTrue(self.daemon.ask("recommend", placement="hero")["items"])

    def test_a_worker_stands_still(self):
        with self.daemon.client_of(0) as own:
            own.call("track", event="look", customer="own", id="before")
            own_pid = self.daemon.pids()[0]
            bystanders = self.bystanders(1, 2)
            self.stop(own_pid)
            self.comers(50)
            self.daemon.wait_log(rf'msg="killing a process" process=worker-0 .*{BECAUSE}')
            self.wait_replaced(0, own_pid)
            self.comers(10)
            self.check_bystanders(bystanders)
            self.assertIs(self.daemon.ask("track", event="look", customer="own", id="before")["duplicate"], True)

    def test_a_worker_that_goes_on_in_time_is_left_alone(self):
        self.daemon = self.remember(SITE, workers=WORKERS, flags=["--kill-after-ms", PATIENT_MS])
        pids = self.daemon.pids()
        for _ in range(5):
            self.stop(pids[0])
            self.comers(5)
            self.go_on()
        with self.daemon.client_of(0) as client:
            client.call("ping")
        self.daemon.read_available()
        self.assertEqual(self.daemon.pids(), pids)

    def test_a_worker_is_killed(self):
        bystanders = self.bystanders(1, 2)
        for _ in range(3):
            old = self.daemon.pids()[0]
            os.kill(old, signal.SIGKILL)
            self.comers(20)
            self.wait_replaced(0, old)
        self.check_bystanders(bystanders)

    def check_reload(self, outcome, reason):
        """Done, or refused with the reason; and the next one is done."""
        said, = outcome
        self.assertRegex(said, rf"^[0-9a-f]{{32}}$|{reason}")
        wait_until(lambda: len(str(self.try_reload_now())) == 32)

    def try_reload_now(self):
        try:
            return self.daemon.reload()
        except (RpcError, EOFError, OSError) as error:
            return str(error)

    def test_a_reload_with_a_worker_that_stands_still(self):
        bystanders = self.bystanders(1)
        pid = self.daemon.pids()[0]
        self.stop(pid)
        outcome = None
        while outcome is None:  # the control connection may be the stopped one's, and break with it
            thread, outcomes = self.begin_reload()
            thread.join()
            outcome = outcomes[0] if outcomes else None
        self.wait_replaced(0, pid)
        self.check_reload([outcome], "worker-0 ended while it loaded the site: killed because a signal has stopped it")
        self.check_bystanders(bystanders)

    def begin_reload(self):
        outcome = []

        def run():
            try:
                outcome.append(self.daemon.try_reload())
            except (EOFError, OSError):
                pass

        self.daemon.write_site(dict(SITE, **{"site.lua": SITE["site.lua"] + f"-- {time.monotonic()}\n"}))
        thread = threading.Thread(target=run)
        thread.start()
        return thread, outcome

    def test_a_reload_while_processes_die(self):
        bystanders = self.bystanders(1)
        for name in ("worker", "ledger", "worker", "ledger"):
            self.daemon.read_available()
            pid = self.daemon.pids()[0] if name == "worker" else self.daemon.ledger_pid()
            thread, outcome = self.begin_reload()
            os.kill(pid, signal.SIGKILL)
            thread.join()
            if outcome:
                self.assertRegex(outcome[0], "^[0-9a-f]{32}$|ended while it loaded the site: signal KILL")
            wait_for_end(pid)
        wait_until(lambda: len(str(self.try_reload_now())) == 32)
        for bystander in bystanders:
            bystander.end()

    def test_a_ledger_stands_still(self):
        """Recommendations go on; events wait for the next ledger, or are refused while there is none."""
        self.track("look", "ada", id="before")
        self.daemon.read_available()
        ledger = self.daemon.ledger_pid()
        bystanders = self.bystanders(1)
        self.stop(ledger)
        for _ in range(50):
            self.assertTrue(self.client.recommend(customer="ada")["known"])
        self.daemon.wait_log(rf'msg="killing a process" process=ledger .*{BECAUSE}')
        wait_until(lambda: self.is_taken("look", "ada", id="after"))
        self.assertIs(self.track("look", "ada", id="before")["duplicate"], True)
        self.check_bystanders(bystanders)

    def is_taken(self, event, customer, **arguments):
        try:
            return self.track(event, customer, **arguments)["accepted"]
        except RpcError as error:
            self.assertRegex(str(error), "^UNAVAILABLE")
            return False

    def test_a_supervisor_stands_still(self):
        """Nothing that serves needs it; what died meanwhile comes back behind it."""
        bystanders = self.bystanders(1, 2)
        pid = self.daemon.pids()[0]
        self.stop(self.daemon.process.pid)
        self.comers(20)
        os.kill(pid, signal.SIGKILL)
        self.comers(20)
        self.assertIs(self.daemon.ask("track", event="look", customer="ada")["accepted"], True)
        self.go_on()
        self.wait_replaced(0, pid)
        self.assertRegex(self.daemon.reload(), "^[0-9a-f]{32}$")
        self.check_bystanders(bystanders)


if __name__ == "__main__":
    unittest.main()
