"""Nothing of a customer in the log above debug, whatever is asked and whatever fails; and every line of it is one line."""

import os
import re
import signal
import unittest

from harness import TestCase, small
from rpc import Client, pack, request

TOKEN = "marker-token-0b6c"
# What a customer would be known by; each word stands nowhere but in what the clients say.
MARKERS = {"customer": "marker-ana", "anonymous": "marker-visitor", "trait": "marker-trait", "value": "marker-value",
           "id": "marker-event", "property": "marker-property", "context": "marker-context", "consent": "marker-consent",
           "decision": "marker-decision", "stage": "marker-stage", "locale": "marker-locale", "persona": "marker-persona",
           "client": "marker-client", "unknown": "marker-unknown", "method": "marker.method", "event": "marker_event"}

# What a strategy can do that fails, with what it was told in its mouth, and what the log may say about it.
FAILING = {
    "error(v)": "the script called error()",
    "error({ v })": "the script called error()",
    "assert(false, v)": "an assert() of the script failed",
    "return c[v]": "a customer has no field of that name; there are id, stage, .*",
    "return o[v]": "an offer has no field of that name",
    "return c:seen(v)": "no offer or kind is called so",
    "return c:did('click', v)": "expected a span of time such as .*, got another text",
    "c[v] = true": "can't change this table: it is read-only",
    "return v + 1": "attempt to perform arithmetic on a string value .*",
    "return v < 1": "attempt to compare string with number",
    "return o.missing.field": "an offer has no field of that name",
}
STRATEGIES = "".join(f"""
strategy "breaks-{number}" {{ because = "x",
  when = function(c) return c.context.way == {number} end,
  eligible = function(c, o) local v = c.context["marker-context"]
    {body if body.startswith("return") else body + " return true"} end }}
""" for number, body in enumerate(FAILING))


def asked():
    """Every method, as it should be and as it should not, with markers wherever a text may stand."""
    m = MARKERS
    person = {"customer": m["customer"]}
    bad = [{"customer": m["customer"] * 20}, {"customer": 12, m["unknown"]: m["value"]}, {}, {m["unknown"]: 1},
           {"customer": b"\xff" + m["customer"].encode()}]
    context = {"context": {m["context"]: m["value"]}, "traits": {m["trait"]: m["value"]}, "consents": {m["consent"]: True}}
    yield "recommend", {"placement": "hero", **person, **context}
    yield "recommend", {"placement": "hero", **person, **context, "explain": True}
    yield "recommend", {"placement": m["unknown"], **person}
    for name in ("stage", "locale", "persona"):
        yield "recommend", {"placement": "hero", **person, name: m[name]}
    for way in range(len(FAILING)):
        yield "recommend", {"placement": "hero", **person, "context": {m["context"]: m["value"], "way": way}}
    yield "track", {"event": "purchase", "id": m["id"], **person, "properties": {m["property"]: m["value"]}}
    yield "track", {"event": m["event"], "id": m["id"], **person, "decision": m["decision"], "offer": m["unknown"]}
    yield "identify", {"anonymous": m["anonymous"], "customer": m["customer"]}
    yield "identify", {"anonymous": m["customer"], "customer": m["customer"]}
    yield "profile.set", {**person, "traits": {m["trait"]: m["value"]}, "consents": {m["consent"]: True}}
    yield "profile.set", {**person, "persona": m["persona"]}
    yield "profile.set", {**person, "stage": m["stage"], "locale": m["locale"]}
    yield "profile.get", person
    yield "profile.export", person
    yield "profile.restrict", {**person, "restricted": True}
    yield "profile.restrict", {**person, "restricted": m["value"]}
    yield "profile.erase", person
    yield "profile.get", {"customer": m["anonymous"]}
    yield "explain", {"decision": m["decision"]}
    yield "journey.map", {"journey": m["unknown"]}
    yield "journey.map", {"from": m["value"]}
    yield "hello", {"client": m["client"], "errors": m["value"]}
    yield "auth", {"token": m["value"]}
    yield m["method"], person
    yield "reload", {m["unknown"]: m["value"]}
    for method in ("recommend", "track", "identify", "profile.get", "profile.set", "profile.restrict", "profile.erase",
                   "profile.export"):
        for arguments in bad:
            yield method, arguments


class Logs(TestCase):
    def assert_silent(self, daemon):
        self.assert_stops(daemon)
        found = [line for line in daemon.output().splitlines() if re.search(r"(?i)marker", line)]
        self.assertEqual(found, [])

    def ask_everything(self, client):
        for method, arguments in asked():
            client.ask(method, arguments)
            client.notify(method, arguments)
        client.ask("track", [{"event": MARKERS["event"], "customer": MARKERS["customer"]}, {MARKERS["unknown"]: 1}])
        client.call("ping")

    def serve_at(self, level, **options):
        return self.serve(small(strategies=STRATEGIES), log_level=level, token=TOKEN, tcp=True,
                          flags=["--token-wait-ms", "0"], **options)

    def test_nothing_of_a_customer(self):
        daemon = self.serve_at("info", state=True)
        with Client(daemon.tcp_address()) as stranger:
            self.ask_what_strangers_ask(stranger)
        with Client(daemon.tcp_address()) as client:
            client.call("auth", token=TOKEN)
            self.ask_everything(client)
        with self.client(daemon, control=True) as control:
            self.ask_everything(control)
        for number, reason in enumerate(FAILING.values()):
            line = rf'msg="strategy failed" strategy=breaks-{number} .* error="strategies/strategies.lua:\d+: {reason}"'
            self.assertRegex(self.read(daemon), line.replace("()", r"\(\)"))
        self.assert_silent(daemon)

    def test_their_own_words_at_debug_level(self):
        daemon = self.serve_at("debug")
        self.client(daemon).recommend(context={MARKERS["context"]: MARKERS["value"], "way": 0})
        daemon.wait_log(r'level=debug .*msg="strategy failed, in its own words" strategy=breaks-0 .*'
                        rf'error="strategies/strategies.lua:\d+: {MARKERS["value"]}"')

    def ask_what_strangers_ask(self, stranger):
        for method, arguments in asked():
            stranger.ask(method, arguments)

    def read(self, daemon):
        daemon.read_available()
        return daemon.output()

    def test_nothing_without_a_memory_either(self):
        daemon = self.serve_at("info")
        with self.client(daemon) as client:
            self.ask_everything(client)
        self.assert_silent(daemon)

    def test_nothing_of_what_is_no_message(self):
        daemon = self.serve_at("info", state=True)
        word = MARKERS["customer"].encode()
        for bytes_ in [word, b"\x94\x00\x01" + pack(MARKERS["method"]) + b"\x91\x81" + pack(MARKERS["customer"]) + b"\xc1",
                       pack([0, 1, MARKERS["method"] * 100, []]), pack([7, MARKERS["value"]]),
                       b"\x94\x00\x01\xdb\x7f\xff\xff\xff" + word]:
            with self.client(daemon) as client:
                client.send(bytes_)
                client.end()
                client.receive_bytes()
        self.assert_silent(daemon)

    def test_nothing_when_processes_die(self):
        daemon = self.serve_at("info", state=True)
        daemon.read_available()
        with self.client(daemon) as client:
            client.call("track", event="purchase", customer=MARKERS["customer"], id=MARKERS["id"])
        with open(f"/proc/{daemon.process.pid}/task/{daemon.process.pid}/children") as children:
            for pid in children.read().split():
                os.kill(int(pid), signal.SIGKILL)
        daemon.wait_log(r'msg="process ended"')
        daemon.wait_log(r'msg="process ended"')
        daemon.wait_log(r'msg="process ended"')
        client = self.client(daemon)
        self.assertIsNone(client.ask("profile.get", {"customer": MARKERS["customer"]})[0])
        client.close()
        self.assert_silent(daemon)


# Whatever could end a line early, change a terminal, or pass for another field.
ODD = ["line\nbreak", "return\rhere", "\x1b[31mred\x1b[0m", "tab\tbed", 'quo"ted', "back\\slash", "level=error msg=forged",
       "\x00nul", "\x7fdel", "<3>forged", "\u0085next", "\u2028line", "\u202eover", "\x9b31m"]
LOGFMT = re.compile(r'^<[3-7]>level=(error|warning|notice|info|debug)( [a-z_0-9]+=("(\\.|[^"\\])*"|[^ "=]+))+$')
PLAIN = re.compile(r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")


class Escaping(TestCase):
    def assert_escaped(self, text):
        self.assertRegex(text, re.compile(r"\A[^\x00-\x1f\x7f-\x9f]*\Z"), "no control character comes through")

    def assert_lines_are_ours(self, daemon):
        """Each line of the log is in logfmt, those about a site's problems too."""
        for line in daemon.output().splitlines():
            self.assertRegex(line, PLAIN)
            self.assertRegex(line, LOGFMT)

    def test_names_in_errors(self):
        daemon = self.serve(small())
        client = self.client(daemon)
        for odd in ODD:
            for method, arguments in [(odd, {}), ("recommend", {odd: 1}), ("recommend", {"placement": odd}),
                                      ("recommend", {"placement": "hero", "journey": odd}),
                                      ("recommend", {"placement": "hero", "stage": odd}),
                                      ("recommend", {"placement": "hero", "persona": odd}),
                                      ("hello", {"errors": odd}), ("journey.map", {"from": odd}),
                                      ("journey.map", {"journey": odd}), ("explain", {"decision": odd}),
                                      ("profile.get", {"customer": odd}), ("track", {"event": odd}), ("auth", {"token": odd})]:
                error, _ = client.ask(method, arguments)
                if error is not None:
                    self.assert_escaped(error)
        self.assert_stops(daemon)
        self.assert_lines_are_ours(daemon)

    def test_bytes_that_are_no_text(self):
        daemon = self.serve(small())
        client = self.client(daemon)
        for odd in [b"\xff\xfe", b"a\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"]:
            for method, arguments in [(odd, {}), ("recommend", {odd: 1}), ("recommend", {"placement": odd})]:
                error, _ = client.ask(method, arguments)
                self.assertRegex(error, "^(INVALID|UNKNOWN_METHOD): ")
                self.assert_escaped(error)
        self.assert_stops(daemon)
        self.assert_lines_are_ours(daemon)

    def test_a_memory_that_remembers_odd_names(self):
        daemon = self.serve(small(), state=True)
        client = self.client(daemon)
        for odd in ODD:
            name = odd[:60]
            for method, arguments in [("track", {"event": name, "customer": name, "id": name}),
                                      ("identify", {"anonymous": name, "customer": "x" + name}),
                                      ("profile.set", {"customer": name, "traits": {name: name}, "persona": name}),
                                      ("profile.get", {"customer": name}), ("profile.erase", {"customer": name})]:
                error, _ = client.ask(method, arguments)
                if error is not None:
                    self.assert_escaped(error)
        self.assert_stops(daemon)
        self.assert_lines_are_ours(daemon)

    def test_texts_of_a_site_that_fails(self):
        lua = '"\\27[31mred\\nlevel=error msg=forged \\"quoted\\""'
        strategies = f"strategy 'breaks' {{ because = 'x', eligible = function(c, o) error({lua}) end }}\n"
        daemon = self.serve(small(strategies=strategies), log_level="info")
        self.client(daemon).recommend()
        self.assert_stops(daemon)
        self.assertIn("strategy failed", daemon.output())
        self.assert_lines_are_ours(daemon)

    def test_names_of_a_site_that_is_refused(self):
        for name in ["\\27[31mred", "a\\nlevel=error msg=forged", "q\\\"uote", "\\255\\254"]:
            daemon = self.start(small(offers=f'offer "{name}" {{ kind = "article", title = "T", {"nonsense"} = "{name}" }}\n'))
            self.assertEqual(daemon.wait_exit(), 1)
            self.assert_lines_are_ours(daemon)

    def test_strangers_and_their_tokens(self):
        daemon = self.serve(small(), token="right", tcp=True, flags=["--token-wait-ms", "0", "--token-failures", "1000"])
        with Client(daemon.tcp_address()) as client:
            for odd in ODD:
                self.assertEqual(client.ask("auth", {"token": odd})[0], "UNAUTHORIZED: token: not the right one")
                self.assert_escaped(client.ask(odd, {odd: odd})[0])
        self.assert_stops(daemon)
        self.assert_lines_are_ours(daemon)


class Control(TestCase):
    def test_who_reloads_is_named(self):
        daemon = self.serve(small(), log_level="info")
        daemon.reload()
        self.assertRegex(daemon.wait_log(r'msg="a reload was asked for" .*')[0],
                         rf"uid={os.getuid()} pid={os.getpid()}$")

    @unittest.skipUnless(os.getuid() == 0, "only root can become somebody else")
    def test_somebody_else_comes_in_by_the_file_s_mode_alone(self):
        for mode, lets_in in [("0600", False), ("0666", True)]:
            daemon = self.serve(small(), flags=["--control-mode", mode])
            os.chmod(daemon.folder, 0o755)
            self.assertEqual(self.stranger_reloads(daemon.path("control")), lets_in)

    @unittest.skipUnless(os.getuid() == 0, "only root can become somebody else")
    def test_a_mode_that_was_made_stricter_counts(self):
        """The connection waits while the daemon stands still, and the file is closed to others meanwhile."""
        daemon = self.serve(small(), workers=1, flags=["--control-mode", "0666"])
        os.chmod(daemon.folder, 0o755)
        daemon.read_available()
        os.kill(daemon.pids()[0], signal.SIGSTOP)
        asking, answer = os.pipe(), os.pipe()
        child = os.fork()
        if child == 0:
            os.setgid(65534)
            os.setuid(65534)
            client = Client("unix:" + daemon.path("control"))
            os.write(asking[1], b"x")
            try:
                client.send(request("ping"))
                client.receive()
                os.write(answer[1], b"in")
            except (EOFError, OSError):
                os.write(answer[1], b"out")
            os._exit(0)
        os.read(asking[0], 1)
        os.chmod(daemon.path("control"), 0o600)
        os.kill(daemon.pids()[0], signal.SIGCONT)
        self.assertEqual(os.read(answer[0], 3), b"out")
        os.waitpid(child, 0)
        daemon.wait_log(r'msg="refused on the control socket" uid=65534 pid=\d+')

    def stranger_reloads(self, path):
        """Whether nobody in particular can reload."""
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
                with Client("unix:" + path) as client:
                    client.call("reload")
                os._exit(0)
            except Exception:
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


if __name__ == "__main__":
    unittest.main()
