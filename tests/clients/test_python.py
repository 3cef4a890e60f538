#!/usr/bin/python3
"""Tests of the Python clients against the mock; the contract also against the daemon at SENDA_ADDRESS, where that is set.

The blocking client and the asyncio one pass through the same tests.
"""

import asyncio
import concurrent.futures
import datetime
import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "clients", "python"))

import senda  # noqa: E402

PATIENT = 20000


class Mock:
    """A running mock and the directory of its sockets."""

    def __init__(self, directory=None):
        self.directory = directory or tempfile.mkdtemp(prefix="senda-python-")
        self.process = subprocess.Popen(
            ["/usr/bin/python3", os.path.join(HERE, "mock.py"), self.directory],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ready(self):
        self.tcp = self.process.stdout.readline().split()[1]
        return self

    def socket_of(self, behaviour):
        return f"unix:{self.directory}/{behaviour}.sock"

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.directory)


class Awaited:
    """An AsyncClient whose coroutines run to their end where they are called."""

    def __init__(self, loop, inner):
        self._loop = loop
        self._inner = inner

    def __getattr__(self, name):
        value = getattr(self._inner, name)
        if name == "profile":
            return Awaited(self._loop, value)
        if not inspect.ismethod(value):
            return value
        return lambda *args, **named: self._run(value(*args, **named))

    def _run(self, outcome):
        return self._loop.run_until_complete(outcome) if inspect.isawaitable(outcome) else outcome

    def many(self, calls):
        async def together():
            return await asyncio.gather(*(call(self._inner) for call in calls))
        return self._loop.run_until_complete(together())


class Blocking(senda.Client):
    def many(self, calls):
        with self.pipeline() as pipeline:
            replies = [call(pipeline) for call in calls]
        return [reply.result() for reply in replies]


class Cases:
    """The tests; a subclass says which client they are of."""

    @classmethod
    def setUpClass(cls):
        cls.mock = Mock().ready()

    @classmethod
    def tearDownClass(cls):
        cls.mock.stop()

    def client(self, behaviour, timeout_ms=PATIENT, **options):
        client = self.make(self.mock.socket_of(behaviour), timeout_ms=timeout_ms, **options)
        self.addCleanup(client.close)
        return client

    def assert_fails(self, code, action, field=None):
        with self.assertRaises(senda.SendaError) as caught:
            action()
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        if field is not None:
            self.assertEqual(caught.exception.field, field)

    def check_contract(self, address):
        client = self.make(address, timeout_ms=PATIENT, token=os.environ.get("SENDA_TOKEN"))
        self.addCleanup(client.close)
        client.ping()
        methods = client.hello()["methods"]
        decision = client.recommend({"placement": "hero"}, customer="python-test", stage=None)
        self.assertRegex(decision["decision"], r"^[\w.~-]{1,160}$")
        self.assertEqual(decision["placement"], "hero")
        self.assertIsInstance(decision["items"], list)
        if "track" in methods:
            self.check_memory(client)
        self.assert_fails("INVALID", lambda: client.recommend(placement="heroo"), field="placement")
        self.assert_fails("UNKNOWN_METHOD", lambda: client.call("pingg"))
        many = client.many([lambda asked: asked.recommend(placement="hero")] * 100)
        self.assertEqual(len(many), 100)

    def check_memory(self, client):
        """The part of the contract that a daemon keeps which remembers customers."""
        tracked = client.track(event="page_view", customer="python-test")
        self.assertEqual((tracked["accepted"], tracked["duplicate"]), (True, False))
        kept, refused = client.track([{"event": "page_view", "customer": "python-test"}, {"evnt": "click"}])
        self.assertEqual((kept["accepted"], refused["accepted"]), (True, False))
        self.assertEqual(client.profile.get("python-test")["customer"], "python-test")
        self.assert_fails("NOT_FOUND", lambda: client.profile.get("nobody-at-all"))
        self.check_history(client)

    def check_history(self, client):
        """What a visitor did is found again under the name that they turn out to have, until it is erased."""
        decision = client.recommend(placement="hero", customer="python-visitor")
        offer = decision["items"][0]["offer"]
        client.track(event="impression", customer="python-visitor", decision=decision["decision"], offer=offer)
        self.assertEqual(client.explain(decision["decision"])["decision"], decision["decision"])
        client.profile.set("python-visitor", traits={"size": "L"}, consents={"marketing": True})
        self.assertTrue(client.identify("python-visitor", "python-known")["merged"])
        profile = client.profile.get("python-visitor")
        self.assertEqual((profile["traits"], profile["consents"]), ({"size": "L"}, {"marketing": True}))
        self.assertEqual((profile["counts"]["impression"], profile["offers"][offer]["impressions"]), (1, 1))
        self.assertGreater(len(client.journey_map()["stages"]), 0)
        self.assertTrue(client.profile.erase("python-known")["erased"])
        self.assert_fails("NOT_FOUND", lambda: client.profile.get("python-visitor"))

    def test_contract_over_a_unix_socket(self):
        self.check_contract(self.mock.socket_of("plain"))

    def test_contract_over_tcp(self):
        self.check_contract(self.mock.tcp)

    if os.environ.get("SENDA_ADDRESS"):
        def test_contract_of_the_daemon_itself(self):
            self.check_contract(os.environ["SENDA_ADDRESS"])

    def test_none_is_left_out_and_an_event_gets_a_key(self):
        client = self.client("plain")
        client.recommend(placement="hero", customer=None, context={"empty": None})
        client.track(event="click", customer="nulls", offer=None)
        client.recommend(placement="hero", customer="", context={"customer": ""})
        recommend, track, empty = client.call("mock.log")["log"][-4:-1]
        self.assertEqual(empty["params"], [{"placement": "hero", "context": {"customer": ""}}])
        self.assertEqual(recommend["params"], [{"placement": "hero", "context": {"empty": None}}])
        self.assertEqual(sorted(track["params"][0]), ["customer", "event", "id"])

    def test_a_key_given_is_kept_and_counts_once(self):
        client = self.client("plain")
        event = {"event": "click", "customer": "keys", "id": type(self).__name__}
        self.assertFalse(client.track(event)["duplicate"])
        self.assertTrue(client.track(event)["duplicate"])

    def test_an_event_that_failed_counts_once_if_it_is_sent_again_with_the_id_of_the_error(self):
        client = self.client("late")
        event = {"event": "click", "customer": "retries-" + type(self).__name__}
        with self.assertRaises(senda.SendaError) as caught:
            client.track(event, timeout_ms=30)
        self.assertIsInstance(caught.exception.id, str)
        self.assertTrue(client.track(event, id=caught.exception.id)["duplicate"])
        with self.assertRaises(senda.SendaError) as caught:
            client.track([event, None, {**event, "id": "own"}], timeout_ms=30)
        made, nothing, own = caught.exception.id
        self.assertEqual((type(made), nothing, own), (str, None, "own"))

    def test_every_method_reaches_its_own(self):
        client = self.client("plain")
        client.identify("anonymous", "methods")
        client.profile.set("methods", traits={"size": "L"})
        self.assertEqual(client.profile.get("methods")["traits"], {"size": "L"})
        self.assertTrue(client.profile.restrict("methods")["restricted"])
        self.assertFalse(client.profile.restrict("methods", False)["restricted"])
        self.assertEqual(client.profile.export("methods")["customer"], "methods")
        self.assertTrue(client.profile.erase("methods")["erased"])
        decision = client.recommend(placement="hero")["decision"]
        self.assertEqual(client.explain(decision)["decision"], decision)
        self.assertEqual(client.journey_map({"journey": "seven-stages", "from": 1})["from"], 1)
        self.assertIn("requests", client.stats())

    def test_errors_as_pairs_are_understood(self):
        client = self.client("plain")
        client.hello(errors="pair")
        self.assert_fails("INVALID", lambda: client.recommend(placement="x"), field="placement")
        self.assert_fails("UNKNOWN_METHOD", lambda: client.call("recomend"))
        self.assertEqual(str(senda.SendaError.from_reply([8, "it: broke"])), "INTERNAL: it: broke")
        self.assertEqual(senda.SendaError.from_reply([99, "a code of later"]).code, "INTERNAL")

    def test_what_messagepack_cannot_hold_is_refused_here(self):
        client = self.client("plain")
        self.assert_fails(
            "INVALID", lambda: client.recommend(placement="hero", context={"cart": [0, {"a": object()}]}), field="context.cart[1].a")
        self.assert_fails("INVALID", lambda: client.track([{"event": 1 << 80}]), field="events[0].event")
        circle = {}
        circle["self"] = circle
        self.assert_fails("INVALID", lambda: client.recommend(circle))
        self.assert_fails("INVALID", lambda: client.recommend(placement="\ud800"))
        self.assert_fails("INVALID", lambda: client.recommend("hero"))
        client.ping()

    def test_in_a_list_of_events_only_what_is_none_is_refused(self):
        event = {"event": "click", "customer": "lists", "offer": None}
        replies = self.client("plain").track([event, None, "click", event])
        self.assertEqual([reply["accepted"] for reply in replies], [True, False, False, True])

    def test_a_moment_goes_as_a_timestamp(self):
        moment = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)
        client = self.client("plain")
        client.track(event="click", customer="moments", at=moment)
        self.assertEqual(client.call("mock.log")["log"][-2]["params"][0]["at"].seconds, moment.timestamp())

    def test_an_address_that_is_none_is_refused_at_once(self):
        for address in ["/run/senda.sock", "tcp:localhost", "tcp:7000", "unix:", "tcp:localhost:0", "tls:localhost:65536",
                        None]:
            self.assert_fails("INVALID", lambda: self.make(address), field="address")
        self.assertEqual(senda._parse_address("tcp:[::1]:7000"), ("::1", 7000))

    def test_replies_arriving_byte_by_byte(self):
        client = self.client("fragment")
        decision = client.recommend(placement="hero", count=3)
        self.assertEqual(len(decision["items"]), 3)
        self.assertEqual(decision["items"][2]["title"], "Guía de compra")
        self.assert_fails("INVALID", lambda: client.recommend(placement="x"))

    def test_replies_out_of_order(self):
        calls = [lambda asked, number=number: asked.call("mock.echo", {"number": number}) for number in range(10)]
        replies = self.client("reorder").many(calls)
        self.assertEqual([reply["number"] for reply in replies], list(range(10)))

    def test_replies_that_nobody_waits_for_are_dropped(self):
        client = self.client("unasked")
        self.assertEqual(client.call("mock.echo", {"a": 1}), {"a": 1})
        self.assertEqual(client.call("mock.echo", {"b": 2}), {"b": 2})

    def test_replies_too_late_are_not_taken_for_the_next_request(self):
        client = self.client("late")
        self.assert_fails("TIMEOUT", lambda: client.call("mock.echo", {"first": 1}, timeout_ms=30))
        self.assertEqual(client.call("mock.echo", {"second": 2}), {"second": 2})

    def test_replies_many_and_large_both_ways_at_once(self):
        text = "x" * 50000
        calls = [lambda asked, number=number: asked.call("mock.echo", {"number": number, "text": text})
                 for number in range(200)]
        replies = self.client("plain").many(calls)
        self.assertEqual([reply["number"] for reply in replies], list(range(200)))
        self.assertTrue(all(reply["text"] == text for reply in replies))

    def test_a_request_lost_midway_is_sent_again(self):
        mock = Mock().ready()
        self.addCleanup(mock.stop)
        client = self.make(mock.socket_of("break-once"), timeout_ms=PATIENT)
        self.addCleanup(client.close)
        self.assertTrue(client.track(event="click", customer="broken")["accepted"])
        first, second, _ = client.call("mock.log")["log"]
        self.assertEqual(first["params"][0]["id"], second["params"][0]["id"])
        self.assertNotEqual(first["connection"], second["connection"])

    def test_a_request_lost_twice_fails(self):
        self.assert_fails("DISCONNECTED", self.client("break-always").ping)

    def test_the_next_request_connects_again(self):
        client = self.client("plain")
        for _ in range(3):
            client.ping()
            self.assertTrue(client._notify("mock.drop", {}, None))
        client.ping()

    def test_bytes_that_are_no_messagepack_rpc(self):
        self.assert_fails("PROTOCOL", self.client("garbage").ping)

    def test_nobody_listening(self):
        hidden = []
        client = self.client("nobody", timeout_ms=120, on_error=lambda error: hidden.append(error.code))
        self.assert_fails("UNREACHABLE", client.ping)
        self.assertFalse(client.track_no_reply(event="click"))
        self.assertEqual(hidden, ["UNREACHABLE"])

    def test_a_daemon_that_comes_up_later_is_found(self):
        directory = tempfile.mkdtemp(prefix="senda-python-later-")
        client = self.make(f"unix:{directory}/plain.sock", timeout_ms=PATIENT)
        self.addCleanup(Mock(directory).stop)
        self.addCleanup(client.close)
        client.ping()

    def test_a_closed_client_says_so(self):
        client = self.make(self.mock.socket_of("plain"))
        client.ping()
        client.close()
        self.assert_fails("CLOSED", client.ping)

    def test_the_token_is_given_first_on_every_connection(self):
        client = self.client("auth", token="secret")
        client.many([lambda asked: asked.ping()] * 2)
        start = len(client.call("mock.log")["log"])
        client._notify("mock.drop", {}, None)
        client.ping()
        log = client.call("mock.log")["log"][start:]
        self.assertEqual([entry["method"] for entry in log], ["mock.drop", "auth", "ping", "mock.log"])

    def test_a_token_refused_fails_the_requests_at_once(self):
        self.assert_fails("UNAUTHORIZED", self.client("auth", token="guess").ping, field="token")

    def test_a_token_refused_stays_the_reason_while_senda_takes_long_to_look_at_it_again(self):
        client = self.client("wary", timeout_ms=120, token="guess-" + type(self).__name__)
        for timeout_ms in [PATIENT, 120, 600]:
            self.assert_fails("UNAUTHORIZED", lambda: client.ping(timeout_ms=timeout_ms), field="token")

    def test_a_token_left_out_is_told(self):
        self.assert_fails("UNAUTHORIZED", self.client("auth").ping)

    def test_a_token_given_later_is_kept_for_later_connections(self):
        client = self.client("auth")
        self.assert_fails("UNAUTHORIZED", lambda: client.auth("guess"))
        client.auth("secret")
        client._notify("mock.drop", {}, None)
        client.ping()

    def test_recommend_or_gives_the_decision_where_there_is_one(self):
        decision = self.client("plain").recommend_or(placement="hero", timeout_ms=PATIENT)
        self.assertEqual((len(decision["items"]), decision["fallback"]), (1, None))

    def test_recommend_or_labels_its_own_answer(self):
        for behaviour, code, timeout_ms in [
                ("hang", "TIMEOUT", 120), ("nobody", "UNREACHABLE", 120), ("auth", "UNAUTHORIZED", PATIENT)]:
            hidden = []
            client = self.client(behaviour, on_error=lambda error, hidden=hidden: hidden.append(error.code))
            decision = client.recommend_or({"placement": "hero"}, [{"offer": "mine"}], timeout_ms=timeout_ms)
            self.assertIsNone(decision["decision"])
            self.assertEqual(decision["placement"], "hero")
            self.assertEqual(decision["fallback"], "client_error")
            self.assertTrue(re.match(code + ": ", decision["because"]), decision["because"])
            self.assertEqual((decision["items"], hidden), ([{"offer": "mine"}], [code]))

    def test_recommend_or_survives_nonsense_and_a_report_that_raises(self):
        def report(_error):
            raise RuntimeError("report")

        client = self.client("plain", on_error=report)
        nonsense = [(None, None), ("hero", 5), ({"placement": object()}, {"offer": 1}), ({"placement": "x"}, "items")]
        for args, items in nonsense:
            decision = client.recommend_or(args, items)
            self.assertEqual((decision["items"], decision["fallback"]), ([], "client_error"))
        self.assertEqual(client.recommend_or(placement="hero", timeout_ms="5")["fallback"], "client_error")

    def test_track_no_reply_survives_nonsense(self):
        client = self.client("plain")
        for nonsense in ["hero", 5, {"event": object()}]:
            self.assertFalse(client.track_no_reply(nonsense))
        self.assertFalse(client.track_no_reply(event="click", timeout_ms="5"))
        for address in ["tcp:a..b:80", "unix:a\0b"]:
            self.assertFalse(self.make(address, timeout_ms=120).track_no_reply(event="click"))

    def test_a_time_limit_may_be_as_long_as_it_likes_but_is_a_number(self):
        client = self.client("plain")
        for timeout_ms in [float("inf"), 3e9, 10 ** 400]:
            client.ping(timeout_ms=timeout_ms)
        for timeout_ms in ["5", float("nan"), {}]:
            self.assert_fails("INVALID", lambda: client.ping(timeout_ms=timeout_ms), field="timeout_ms")
            self.assert_fails("INVALID", lambda: self.make("unix:/x", timeout_ms=timeout_ms), field="timeout_ms")

    def test_a_host_that_is_none_cannot_be_reached(self):
        self.assert_fails("UNREACHABLE", self.make("tcp:a..b:80", timeout_ms=120).ping)

    def test_track_no_reply_is_applied_and_leaves_nothing_unanswered(self):
        client = self.client("plain")
        self.assertTrue(client.track_no_reply(event="click", customer="quiet"))
        self.assertEqual(client.profile.get("quiet")["customer"], "quiet")
        customer = f"quiet-{type(self).__name__}"
        self.assertTrue(client.track_no_reply([{"event": "click", "customer": customer, "offer": None}] * 2))
        self.assertEqual(client.profile.get(customer)["counts"], {"click": 2})
        self.assertEqual(self.unanswered(client), 0)


class BlockingTests(Cases, unittest.TestCase):
    def make(self, address, **options):
        return Blocking(address, **options)

    def unanswered(self, client):
        return sum(len(connection._waiting.entries) for connection in client._idle)

    def test_threads_do_not_wait_for_each_other(self):
        client = self.client("hold")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            held = [pool.submit(client.call, "mock.hold", {"number": number}) for number in range(4)]
            while client.call("mock.held")["held"] < len(held):
                self.assertFalse(any(future.done() for future in held))
            client.call("mock.release")
            self.assertEqual([future.result() for future in held], [{"number": number} for number in range(4)])

    def test_connections_are_used_again(self):
        mock = Mock().ready()
        self.addCleanup(mock.stop)
        client = self.make(mock.socket_of("plain"), timeout_ms=PATIENT)
        self.addCleanup(client.close)
        with concurrent.futures.ThreadPoolExecutor(1) as other:
            for _ in range(5):
                client.ping()
                other.submit(client.ping).result()
                self.many_pings(client)
        self.assertEqual({entry["connection"] for entry in client.call("mock.log")["log"]}, {1})

    def many_pings(self, client):
        client.many([lambda asked: asked.ping()] * 3)

    def test_a_token_given_later_counts_for_all_connections(self):
        client = self.client("auth")
        refused = client.pipeline().ping()
        client.auth("secret")
        self.assert_fails("UNAUTHORIZED", refused.result)
        self.assertEqual(len(client._idle), 2)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for reply in [pool.submit(client.ping) for _ in range(4)]:
                reply.result()

    def test_closing_fails_what_a_thread_asks_next(self):
        client = self.client("hold")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            held = pool.submit(client.call, "mock.hold", {"number": 1})
            while client.call("mock.held")["held"] < 1:
                self.assertFalse(held.done())
            client.close()
            with self.make(self.mock.socket_of("hold"), timeout_ms=PATIENT) as other:
                other.call("mock.release")
            self.assertEqual(held.result(), {"number": 1})
        self.assert_fails("CLOSED", client.ping)
        self.assertEqual(client._idle, [])

    def test_a_reply_can_be_awaited_within_its_pipeline(self):
        with self.client("plain").pipeline() as many:
            first = many.call("mock.echo", {"a": 1})
            self.assertEqual(first.result(), {"a": 1})
            refused = many.recommend(placement="x")
        self.assert_fails("INVALID", refused.result)

    def test_a_pipeline_sends_what_nobody_asks_the_result_of(self):
        many = self.client("hold").pipeline()
        many.call("mock.hold", {"number": 1})
        other = self.client("hold")
        while not other.call("mock.held")["held"]:
            pass
        other.call("mock.release")

    def test_the_time_of_a_pipeline_counts_from_when_its_answers_are_waited_for(self):
        client, other, work = self.client("hold"), self.client("hold"), self.client("hang")
        for echoes in [3, 6]:  # without a connection, then with one
            many = client.pipeline()
            replies = [many.call("mock.echo", {"number": number}, timeout_ms=60) for number in range(3)]
            while sum(entry["method"] == "mock.echo" for entry in other.call("mock.log")["log"]) < echoes:
                pass
            self.assert_fails("TIMEOUT", lambda: work.ping(timeout_ms=120))  # what the page does meanwhile
            self.assertEqual(replies[0].result(), {"number": 0})
            self.assert_fails("TIMEOUT", lambda: work.ping(timeout_ms=120))
            self.assertEqual([reply.result() for reply in replies], [{"number": number} for number in range(3)])

    def test_a_forked_process_gets_a_connection_of_its_own(self):
        client = self.client("plain")
        client.ping()
        child = os.fork()
        if child == 0:
            os._exit(0 if client.call("mock.echo", {"child": 1}) == {"child": 1} else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(client.call("mock.echo", {"parent": 1}), {"parent": 1})


class AsyncTests(Cases, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loop = asyncio.new_event_loop()

    @classmethod
    def tearDownClass(cls):
        cls.loop.close()
        super().tearDownClass()

    def make(self, address, **options):
        return Awaited(self.loop, senda.AsyncClient(address, **options))

    def unanswered(self, client):
        return len(client._waiting.entries)

    def test_closing_fails_what_is_unanswered(self):
        async def close_while_asking():
            client = senda.AsyncClient(self.mock.socket_of("hang"), timeout_ms=PATIENT)
            unanswered = asyncio.ensure_future(client.ping())
            await asyncio.sleep(0)
            await client.close()
            await unanswered

        self.assert_fails("CLOSED", lambda: self.loop.run_until_complete(close_while_asking()))

    def test_what_a_daemon_does_not_take_is_not_kept_for_ever(self):
        hidden = []
        client = self.client("frozen", timeout_ms=120, on_error=lambda error: hidden.append(error.code))
        event = {"event": "click", "properties": {"text": "x" * 1000000}}
        sent = 0
        while client.track_no_reply(event):
            sent += 1
            self.assertLess(sent, 32)
        self.assertEqual(hidden, ["BUSY"])

    def test_a_cancelled_call_is_forgotten(self):
        async def cancel():
            async with senda.AsyncClient(self.mock.socket_of("hang"), timeout_ms=PATIENT) as client:
                unanswered = asyncio.ensure_future(client.ping())
                await asyncio.sleep(0)
                unanswered.cancel()
                await asyncio.gather(unanswered, return_exceptions=True)
                return client._waiting.entries

        self.assertEqual(self.loop.run_until_complete(cancel()), {})


if __name__ == "__main__":
    unittest.main()
