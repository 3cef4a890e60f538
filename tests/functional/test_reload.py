"""Reloads: a new site comes in whole or not at all, without a request lost or a descriptor left behind."""

import os
import signal
import threading
import unittest

from harness import TestCase, small
from rpc import Client, RpcError, request

RELOADS = int(os.environ.get("SENDA_RELOADS") or (100 if os.environ.get("SENDA_SANITIZED") else 1000))


def titled(title):
    return small(offers=f'offer "plain" {{ kind = "article", title = "{title}", url = "/" }}\n')


class Reload(TestCase):
    def title(self, daemon):
        return daemon.ask("recommend", placement="hero")["items"][0]["title"]

    def test_edit_reload_see(self):
        daemon = self.serve(titled("one"), workers=3)
        client = self.client(daemon)
        versions = {client.recommend()["version"]}
        for title in ("two", "three"):
            daemon.write_site(titled(title))
            self.assertNotEqual(client.recommend()["items"][0]["title"], title)
            version = daemon.reload()
            self.assertNotIn(version, versions)
            versions.add(version)
            for decision in [client.recommend()] + [daemon.ask("recommend", placement="hero") for _ in range(10)]:
                self.assertEqual((decision["items"][0]["title"], decision["version"]), (title, version))

    def test_the_same_site_has_the_same_version(self):
        daemon = self.serve(titled("one"))
        first = daemon.reload()
        daemon.write_site(titled("two"))
        self.assertNotEqual(daemon.reload(), first)
        daemon.write_site(titled("one"))
        self.assertEqual(daemon.reload(), first)

    def test_files_may_come_and_go(self):
        daemon = self.serve(titled("one"))
        daemon.write_site(titled("one") | {"offers/more.csv": 'id,kind,title,value,url\nbest,article,From a table,99,/t\n'})
        daemon.reload()
        self.assertEqual(self.title(daemon), "From a table")
        daemon.write_site(titled("one"))
        daemon.reload()
        self.assertEqual(self.title(daemon), "one")

    def test_a_broken_site_is_refused_with_every_problem_and_the_old_one_serves(self):
        daemon = self.serve(titled("one"))
        version = daemon.reload()
        daemon.write_site(titled("two") | {
            "offers/bad.lua": 'offer "a" { kind = "article", title = "x", stages = { "secnd" } }\n'
                              'offer "b" { knd = "article", title = "x" }\n',
            "strategies/bad.lua": 'strategy "s" { stage = "first", score = "high" }\n',
            "placements.lua": 'placement "hero" { fallback = "hous" }\noffer "house" { kind = "showcase", title = "x", placements = {} }\n'})
        with self.assertRaises(RpcError) as caught:
            daemon.reload()
        error = caught.exception.error
        self.assertTrue(error.startswith("INVALID: "))
        for place in [r"offers/bad\.lua:1:\d+: error: .*second", r"offers/bad\.lua:2:\d+: error: .*kind",
                      r"strategies/bad\.lua:1:\d+: error: ", r"placements\.lua:1:\d+: error: .*house"]:
            self.assertRegex(error, place)
        self.assertLess(error.rindex(": error: "), error.index(": warning: "))
        for _ in range(10):
            decision = daemon.ask("recommend", placement="hero")
            self.assertEqual((decision["items"][0]["title"], decision["version"]), ("one", version))
        daemon.write_site(titled("two"))
        daemon.reload()
        self.assertEqual(self.title(daemon), "two")

    def test_what_cannot_be_read_is_one_problem_among_the_others(self):
        daemon = self.serve(titled("one"))
        version = daemon.reload()
        daemon.write_site(titled("two") | {"offers/bad.lua": 'offer "b" { knd = "article", title = "x" }\n'})
        os.symlink("/etc/hostname", os.path.join(daemon.site, "offers/leak.lua"))
        with self.assertRaises(RpcError) as caught:
            daemon.reload()
        error = caught.exception.error
        self.assertTrue(error.startswith("INVALID: "))
        self.assertIn("offers/leak.lua: error: this can't be read: a symbolic link that leads out of the site's folder\n", error)
        self.assertRegex(error, r"offers/bad\.lua:1:\d+: error: .*kind")
        self.assertEqual(daemon.ask("recommend", placement="hero")["version"], version)
        os.unlink(os.path.join(daemon.site, "offers/leak.lua"))
        daemon.write_site(titled("two"))
        self.assertNotEqual(daemon.reload(), version)

    def test_a_hangup_reloads_too(self):
        daemon = self.serve(titled("one"))
        daemon.write_site(titled("two"))
        daemon.signal(signal.SIGHUP)
        daemon.wait_log(r'msg="site reloaded"')
        self.assertEqual(self.title(daemon), "two")
        daemon.write_site(titled("three") | {"offers/bad.lua": "offer"})
        daemon.signal(signal.SIGHUP)
        daemon.wait_log(r'msg="site refused"')
        self.assertEqual(self.title(daemon), "two")

    def test_problems_are_lines_of_the_log(self):
        daemon = self.serve(titled("one"))
        daemon.write_site(titled("two") | {"offers/bad.lua": 'offer "a" { kind = "article", title = "A", tags = "x\ty" }\n'
                                                             'offer "b" { kind = "article", tittle = "B" }\n'})
        with self.assertRaises(RpcError) as caught:
            daemon.reload()
        self.assertRegex(caught.exception.error, r"(?s)offers/bad\.lua:2:\d+: error: .*\n +2 \| offer \"b\"")
        refused = r'^<3>level=error process=supervisor msg="site refused" '
        about = r'^<3>level=error process=supervisor msg="problem of the site" file=offers/bad\.lua '
        daemon.wait_log(refused)
        daemon.wait_log(about + r'line=1 column=\d+ problem="')
        daemon.wait_log(about + r'line=2 column=\d+ problem="[^=]*; did you mean .title.\?" source="offer \\"b\\" ')

    def test_problems_of_the_first_site_too(self):
        daemon = self.start(titled("one") | {"offers/bad.lua": 'offer "a" {\n', "offer/x.lua": ""})
        self.assertEqual(daemon.wait_exit(), 1)
        daemon.wait_log(r'^<3>level=error process=supervisor msg="problem of the site" file=offers/bad\.lua line=\d+ ')
        daemon.wait_log(r'^<4>level=warning process=supervisor msg="problem of the site" file=offer/ problem=".*offers/')

    def test_warnings_of_a_site_that_serves(self):
        daemon = self.serve(titled("one") | {"offer/x.lua": ""})
        self.assertRegex(daemon.output(),
                         r'(?m)^<4>level=warning process=supervisor msg="problem of the site" file=offer/ problem=".*offers/')

    def test_too_many_problems_are_counted(self):
        daemon = self.serve(titled("one"))
        before = daemon.output().count('msg="problem of the site"')
        wrong = "".join(f'offer "n{number}" {{ kind = "article", tittle = "x" }}\n' for number in range(150))
        daemon.write_site(titled("two") | {"offers/bad.lua": wrong})
        daemon.signal(signal.SIGHUP)
        count = int(daemon.wait_log(r'msg="more problems of the site" count=(\d+)')[1])
        self.assertEqual(daemon.output().count('msg="problem of the site"') - before, 100)
        self.assertGreaterEqual(count, 50)

    def test_many_who_ask_at_once_are_all_answered(self):
        daemon = self.serve(titled("one"))
        daemon.write_site(titled("two"))
        clients = [self.client(daemon, control=True) for _ in range(20)]
        for client in clients:
            client.send(request("reload", {}, 1) + request("ping", {}, 2))
        for client in clients:
            replies = sorted([client.receive(), client.receive()], key=lambda reply: reply[1])
            self.assertEqual([reply[2] for reply in replies], [None, None])
        self.assertEqual(self.title(daemon), "two")

    def test_who_leaves_before_the_answer_harms_nothing(self):
        daemon = self.serve(titled("one"))
        for number in range(20):
            daemon.write_site(titled(str(number)))
            with daemon.client(control=True) as client:
                client.send(request("reload"))
        daemon.reload()
        self.assertEqual(self.title(daemon), "19")

    def test_a_half_closed_connection_still_gets_its_answer(self):
        client = self.client(self.serve(titled("one")), control=True)
        client.send(request("reload"))
        client.end()
        (_, _, error, result), = client.receive_all()
        self.assertIsNone(error)
        self.assertRegex(result["version"], r"^[0-9a-f]{32}$")

    def test_the_counters_tell(self):
        daemon = self.serve(titled("one"))
        daemon.reload()
        daemon.write_site(titled("one") | {"offers/bad.lua": "offer"})
        daemon.try_reload()
        counters = daemon.ask("stats")["counters"]
        self.assertEqual((counters["reloads"], counters["reloads_refused"]), (1, 1))


class Visitor(threading.Thread):
    """Asks on and on, with several requests on their way, and notes what was not answered as it should be."""

    def __init__(self, address):
        super().__init__()
        self.client = Client(address)
        self.done = threading.Event()
        self.answered, self.wrong = 0, []

    def run(self):
        try:
            while not self.done.is_set():
                self.round()
        except Exception as failure:  # whatever it is, the test shows it
            self.wrong.append(repr(failure))
        self.client.close()

    def round(self):
        self.client.send(b"".join(request("recommend", {"placement": "hero"}, number) for number in range(16)))
        for _ in range(16):
            _, _, error, decision = self.client.receive()
            if error is not None or decision["fallback"] is not None or len(decision["items"]) != 1:
                self.wrong.append((error, decision))
            self.answered += 1


class UnderLoad(TestCase):
    WATCHED = ["--confine", "0"]  # so that we may look at its descriptors
    # The sanitizer keeps what was freed for a while; what grows beyond this is ours.
    QUARANTINE = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4")

    def resources(self, daemon):
        """Open descriptors and resident KiB of supervisor and workers."""
        found = {}
        for pid in [daemon.process.pid, *daemon.pids().values()]:
            with open(f"/proc/{pid}/status") as status:
                resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
            found[pid] = (len(os.listdir(f"/proc/{pid}/fd")), resident)
        return found

    def reload_in_turns(self, daemon, control, count):
        for number in range(count):
            daemon.write_site(titled(f"number {number}"))
            control.call("reload")
            daemon.read_available()

    def test_reloads_lose_no_request_and_leave_nothing_behind(self):
        daemon = self.serve(titled("zero"), flags=self.WATCHED, env=self.QUARANTINE)
        visitors = [Visitor(daemon.address) for _ in range(4)]
        control = self.client(daemon, control=True)
        for visitor in visitors:
            visitor.start()
        try:
            self.reload_in_turns(daemon, control, max(RELOADS // 4, 20))
            before = self.resources(daemon)
            self.reload_in_turns(daemon, control, RELOADS)
            after = self.resources(daemon)
        finally:
            for visitor in visitors:
                visitor.done.set()
                visitor.join()
        for visitor in visitors:
            self.assertEqual(visitor.wrong, [])
            self.assertGreater(visitor.answered, 0)
        self.assertEqual(set(after), set(before), "no worker was replaced")
        for pid, (descriptors, resident) in after.items():
            self.assertEqual(descriptors, before[pid][0])
            # A leak of one site per reload, half a MiB and more, would show many times over.
            self.assertLess(resident - before[pid][1], 16384 + RELOADS * 40)
        self.assert_stops(daemon)

    def test_refused_sites_leave_nothing_behind_either(self):
        daemon = self.serve(titled("zero"), flags=self.WATCHED)
        control = self.client(daemon, control=True)
        before = None
        for number in range(40):
            daemon.write_site(titled("x") | {"strategies/bad.lua": f"local x = {number}\noffer"})
            self.assertRaises(RpcError, control.call, "reload")
            daemon.read_available()
            if number == 10:
                before = self.resources(daemon)
        for pid, (descriptors, _) in self.resources(daemon).items():
            self.assertEqual(descriptors, before[pid][0])


if __name__ == "__main__":
    unittest.main()
