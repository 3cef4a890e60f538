"""Without the ledger, without a state, after a restart: recommendations go on, and nothing is acknowledged that is not kept."""

import os
import signal
import unittest

from harness import small, wait_until
from memory import MemoryCase, packed
from process import wait_for_end
from rpc import RpcError

SITE = small('offer "guide" { kind = "lead_magnet", title = "x" }\noffer "few" { kind = "coupon", title = "x", stock = 2, placements = { "few" } }\n',
             placements="""
placement "hero" { fallback = "house" }
placement "few" { count = 1, kinds = { "coupon" }, fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""", journeys__walk='journey "walk" { model = "b2c", stage "first" {}, stage "second" { enter = { on = "download" } } }\n')


class Ledger(MemoryCase):
    def setUp(self):
        self.daemon = self.remember(SITE)
        self.track("download", "ana", id="first")
        self.daemon.read_available()
        self.ledger = self.daemon.ledger_pid()

    def is_written(self, customer, event_id):
        """Whether it could be written down now; refused is UNAVAILABLE and nothing else."""
        try:
            return self.track("x", customer, id=event_id)["accepted"]
        except RpcError as error:
            self.assertRegex(error.error, r"^UNAVAILABLE: ")
            return False

    def assert_recommends(self):
        decision = self.client.recommend(customer="ana")
        self.assertEqual((decision["known"], decision["stage"], self.offer_ids(decision)), (True, "second", ["guide"]))
        self.assertEqual(self.offer_ids(self.client.recommend()), ["guide"])

    def stop(self):
        os.kill(self.ledger, signal.SIGSTOP)
        self.addCleanup(self.go_on)

    def go_on(self):
        try:
            os.kill(self.ledger, signal.SIGCONT)
        except ProcessLookupError:
            pass

    def test_a_ledger_that_was_killed_comes_back(self):
        for turn in range(3):
            os.kill(self.ledger, signal.SIGKILL)
            wait_for_end(self.ledger)
            self.assert_recommends()
            wait_until(lambda: self.is_written("ana", f"turn-{turn}"))
            self.daemon.read_available()
            self.assertNotEqual(self.daemon.ledger_pid(), self.ledger)
            self.ledger = self.daemon.ledger_pid()
        self.assertEqual(self.profile("ana")["counts"], {"download": 1, "x": 3})
        self.assertIs(self.track("download", "ana", id="first")["duplicate"], True)

    def test_while_the_ledger_stands_still_recommendations_go_on(self):
        self.stop()
        for _ in range(100):
            self.assert_recommends()
        self.go_on()
        wait_until(lambda: self.profile("ana")["offers"]["guide"]["decisions"] == 100)

    def test_what_was_asked_meanwhile_is_answered_and_counts_once(self):
        self.stop()
        other = self.client_to(self.daemon)
        other.send(b"".join(packed("track", {"event": "x", "customer": "ana", "id": str(number)}, number) for number in range(100)))
        self.assert_recommends()
        self.go_on()
        answers = [other.receive() for _ in range(100)]
        for _, number, error, result in answers:
            if error is None:
                self.assertEqual((result["accepted"], result["duplicate"]), (True, False))
            else:
                self.assertRegex(error, r"^UNAVAILABLE: ")
                wait_until(lambda number=number: self.is_written("ana", str(number)))
        self.assertEqual(self.profile("ana")["counts"], {"download": 1, "x": 100})

    def test_what_was_answered_before_a_kill_is_kept(self):
        kept = 0
        for turn in range(3):
            clients = [self.client_to(self.daemon) for _ in range(4)]
            for client in clients:
                client.send(b"".join(packed("track", {"event": "x", "customer": "ana"}, number) for number in range(50)))
            self.assertIsNone(clients[0].receive()[2])
            kept += 1
            os.kill(self.ledger, signal.SIGKILL)
            kept += sum(client.receive()[2] is None for client in clients for _ in range(50 - (client is clients[0])))
            wait_until(lambda turn=turn: self.is_written("bea", str(turn)))
            self.daemon.read_available()
            self.ledger = self.daemon.ledger_pid()
        self.assertGreaterEqual(self.profile("ana")["counts"]["x"], kept)

    def test_stock_is_exact_across_a_kill(self):
        given = 0
        for _ in range(20):
            given += self.offer_ids(self.client.recommend("few")) == ["few"]
            if given == 1:
                self.daemon.read_available()
                os.kill(self.daemon.ledger_pid(), signal.SIGKILL)
        wait_until(lambda: self.is_written("ana", "after"))
        for _ in range(20):
            given += self.offer_ids(self.client.recommend("few")) == ["few"]
        self.assertLessEqual(given, 2)
        self.assertEqual(self.gate("few", placement="few"), "stock")

    def test_profiles_are_read_without_it(self):
        os.kill(self.ledger, signal.SIGKILL)

        def is_read():
            try:
                return self.profile("ana")["stage"] == "second"
            except RpcError as error:
                self.assertRegex(error.error, r"^UNAVAILABLE: ")
                return False

        wait_until(is_read)


class StandsStill(MemoryCase):
    def test_a_ledger_that_stands_still_is_replaced(self):
        """Whoever waits for it gets the answer from the next one, once."""
        daemon = self.remember(SITE, flags=["--kill-after-ms", "300"])
        self.track("download", "ana")
        daemon.read_available()
        ledger = daemon.ledger_pid()
        os.kill(ledger, signal.SIGSTOP)
        self.client.send(packed("track", {"event": "x", "customer": "ana", "id": "late"}, 1))
        self.assertIs(self.client_to(daemon).recommend(customer="ana")["known"], True)
        _, _, error, result = self.client.receive()
        self.assertEqual((error, result and result["accepted"]), (None, True))
        self.assertEqual(self.profile("ana")["counts"], {"download": 1, "x": 1})
        daemon.wait_log(r'process=ledger .*because="a signal has stopped it"')
        wait_for_end(ledger)


class Stateless(MemoryCase):
    def test_what_needs_a_memory_says_that_there_is_none(self):
        self.remember(SITE, state=None)
        for method, arguments in (("track", {"event": "x"}), ("identify", {"anonymous": "a", "customer": "b"}),
                                  ("profile.get", {"customer": "a"}), ("profile.set", {"customer": "a"}),
                                  ("profile.restrict", {"customer": "a", "restricted": True}), ("profile.erase", {"customer": "a"}),
                                  ("profile.export", {"customer": "a"}), ("explain", {"decision": "d"}), ("journey.map", {})):
            self.assert_refused(self.client, r"^UNAVAILABLE: .*without a folder for its state", method, **arguments)
        error, _ = self.client.ask("track", [{"event": "x"}])
        self.assertRegex(error, r"^UNAVAILABLE: ")
        for _ in range(3):
            self.assertIs(self.client.recommend(customer="ana")["known"], False)


class Restart(MemoryCase):
    def test_everything_is_remembered(self):
        state = self.folder()
        daemon = self.remember(SITE, state=state)
        self.track("download", "ana", id="e1", value=2)
        self.client.call("identify", anonymous="visitor", customer="ana")
        self.set("ana", traits={"city": "Vigo"}, consents={"marketing": True})
        decision = self.client.recommend(customer="ana")
        self.track("click", "ana", offer="guide", decision=decision["decision"])
        for _ in range(2):
            self.track("impression", offer="few", decision=self.client.recommend("few")["decision"])
        export, stages = self.export("ana"), self.stages_of_map()
        self.assert_stops(daemon)

        self.remember(SITE, state=state, workers=2)
        self.assertEqual(self.export("visitor"), export)
        self.assertEqual(self.stages_of_map(), stages)
        self.assertIs(self.client.recommend(customer="ana", dry_run=True)["known"], True)
        self.assertIs(self.track("download", "ana", id="e1")["duplicate"], True)
        self.assertEqual(self.gate("few", placement="few"), "stock")
        self.assertEqual(self.client.call("explain", decision=decision["decision"])["customer"], "ana")

    def test_after_a_kill_of_the_whole_daemon(self):
        state = self.folder()
        daemon = self.remember(SITE, state=state)
        for number in range(50):
            self.track("x", "ana", id=str(number))
        daemon.read_available()
        pids = daemon.all_pids()
        daemon.signal(signal.SIGKILL)
        daemon.wait_exit()
        for pid in pids:
            wait_for_end(pid)

        self.remember(SITE, state=state)
        self.assertEqual(self.profile("ana")["counts"], {"x": 50})
        for number in range(50):
            self.assertIs(self.track("x", "ana", id=str(number))["duplicate"], True)

    def test_a_state_is_held_by_one_daemon_at_a_time(self):
        daemon = self.remember(SITE)
        second = self.start(SITE, state=daemon.state)
        self.assertNotEqual(second.wait_exit(), 0)
        self.assertRegex(second.output(), r"state|held|use")
        self.assertIs(self.track("x", "ana")["accepted"], True)

    def test_a_reload_keeps_everything_and_brings_new_rules(self):
        daemon = self.remember(SITE)
        self.track("visit", "ana")
        changed = dict(SITE)
        changed["journeys/walk.lua"] = ('journey "walk" { model = "b2c", stage "first" {}, stage "second" { enter = { on = "download" } },'
                                        ' stage "third" { enter = { on = "visit" } } }\n')
        daemon.write_site(changed)
        daemon.reload()
        wait_until(lambda: self.track("visit", "ana")["stage"] == "third")
        self.assertEqual(self.client.recommend(customer="ana")["stage"], "third")


if __name__ == "__main__":
    unittest.main()
