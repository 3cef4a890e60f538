"""Tokens with a scope: what each allows, changing them without a restart, and what becomes of who guesses."""

import os
import re
import signal
import time
import unittest

from harness import TestCase, small, wait_until
from rpc import Client, RpcError, request

ADMIN, SITE, SPARE = "admin-0b6c2c5f4b1f", "site-9e41d7a6c3f0", "spare-4d5fb0f3a2ce"
LINES = f"# who may ask\n\nadmin backoffice {ADMIN}\nsite shop {SITE}\n"

NEED_SITE = [("recommend", {"placement": "hero"}), ("ping", {}), ("hello", {}),
             ("track", {"event": "page_view"}), ("identify", {"anonymous": "a", "customer": "b"})]
NEED_ADMIN = [("profile.get", {"customer": "a"}), ("profile.set", {"customer": "a", "traits": {"x": 1}}),
              ("profile.restrict", {"customer": "a", "restricted": True}), ("profile.export", {"customer": "a"}),
              ("profile.erase", {"customer": "a"}), ("explain", {"decision": "d"}), ("journey.map", {}), ("stats", {})]


class TokensCase(TestCase):
    def guarded(self, flags=(), **options):
        files = {"tokens": LINES, **options.pop("files", {})}
        return self.serve(small(), tcp=True, flags=["--tokens-file", "@/tokens", *flags], files=files, **options)

    def tcp(self, daemon, token=None):
        client = Client(daemon.tcp_address())
        self.addCleanup(client.close)
        if token is not None:
            client.call("auth", token=token)
        return client

    def unauthorized(self, client, method, arguments):
        """The refusal, or None where the method may be called, whatever comes of it."""
        error, _ = client.ask(method, arguments)
        return error if error is not None and error.startswith("UNAUTHORIZED: ") else None


class Scopes(TokensCase):
    def test_site_does_what_a_website_does(self):
        client = self.tcp(self.guarded(state=True), SITE)
        for method, arguments in NEED_SITE:
            self.assertIsNone(self.unauthorized(client, method, arguments))
        for method, arguments in NEED_ADMIN:
            self.assertEqual(self.unauthorized(client, method, arguments),
                             f"UNAUTHORIZED: {method}: needs a token of the scope 'admin'; this one is of 'site'")
        self.assertRegex(self.unauthorized(client, "reload", {}), "only on the control socket")
        hello = client.call("hello")
        self.assertEqual((hello["scope"], hello["methods"]), ("site", ["recommend", "track", "identify", "ping", "hello", "auth"]))

    def test_admin_does_all_but_what_the_control_socket_keeps(self):
        daemon = self.guarded(state=True)
        client = self.tcp(daemon, ADMIN)
        for method, arguments in NEED_SITE + NEED_ADMIN:
            self.assertIsNone(self.unauthorized(client, method, arguments))
        self.assertRegex(self.unauthorized(client, "reload", {}), "only on the control socket")
        methods = client.call("hello")["methods"]
        self.assertLessEqual({method for method, _ in NEED_SITE + NEED_ADMIN}, set(methods))
        self.assertEqual(self.client(daemon, control=True).call("hello")["methods"], methods + ["reload"])

    def test_the_only_token_does_what_it_always_did(self):
        client = self.tcp(self.guarded(state=True, token=SPARE), SPARE)
        for method, arguments in NEED_SITE + NEED_ADMIN:
            self.assertIsNone(self.unauthorized(client, method, arguments))

    def test_another_token_changes_the_scope_and_a_wrong_one_does_not(self):
        client = self.tcp(self.guarded(), SITE)
        client.call("auth", token=ADMIN)
        client.call("stats")
        client.call("auth", token=SITE)
        self.assertIsNotNone(self.unauthorized(client, "stats", {}))
        self.assertIsNotNone(self.unauthorized(client, "auth", {"token": "wrong"}))
        client.call("ping")

    def test_unix_sockets_keep_what_their_files_give(self):
        daemon = self.guarded()
        client, control = self.client(daemon), self.client(daemon, control=True)
        for each in (client, control):
            each.call("stats")
            each.call("auth", token=SITE)
            each.call("stats")
        control.call("reload")

    def test_credentials_of_systemd(self):
        folder = {"token": ADMIN, "site-token": SITE + "\n"}
        daemon = self.start(small(), tcp=True, files=folder,
                            env={**os.environ, "CREDENTIALS_DIRECTORY": "/nonexistent"})
        self.assertEqual(daemon.wait_ready() is daemon, True)
        where = daemon.folder
        guarded = self.serve(small(), tcp=True, env={**os.environ, "CREDENTIALS_DIRECTORY": where})
        self.assertIsNotNone(self.unauthorized(self.tcp(guarded), "ping", {}))
        self.assertIsNotNone(self.unauthorized(self.tcp(guarded, SITE), "stats", {}))
        self.tcp(guarded, ADMIN).call("stats")

    def test_a_file_that_is_not_understood_is_named_with_its_line_alone(self):
        for lines in [f"site shop {SITE}\n{ADMIN}\n", f"site {ADMIN}\n", f"control ops {ADMIN}\n", "",
                      f"site a {ADMIN}\nadmin b {ADMIN}\n"]:
            daemon = self.start(small(), tcp=True, flags=["--tokens-file", "@/tokens"], files={"tokens": lines})
            self.assertEqual(daemon.wait_exit(), 1)
            self.assertRegex(daemon.output(), "tokens")
            self.assertNotIn(ADMIN, daemon.output())
            self.assertNotIn(SITE, daemon.output())


class Rotation(TokensCase):
    def test_two_are_valid_at_once_and_the_old_one_ends(self):
        daemon = self.guarded()
        old = self.tcp(daemon, SITE)
        daemon.write("tokens", LINES + f"site next {SPARE}\n")
        daemon.reload()
        new = self.tcp(daemon, SPARE)
        for client in (old, new, self.tcp(daemon, SITE)):
            client.call("ping")
        daemon.write("tokens", f"admin backoffice {ADMIN}\nsite next {SPARE}\n")
        daemon.reload()
        new.call("ping")
        self.assertRegex(self.unauthorized(old, "ping", {}), "call auth")
        self.assertIsNotNone(self.unauthorized(self.tcp(daemon), "auth", {"token": SITE}))
        old.call("auth", token=SPARE)
        old.call("ping")

    def test_a_token_that_changes_its_scope_has_to_be_shown_again(self):
        daemon = self.guarded()
        client = self.tcp(daemon, ADMIN)
        daemon.write("tokens", f"site backoffice {ADMIN}\n")
        daemon.reload()
        self.assertIsNotNone(self.unauthorized(client, "stats", {}))
        client.call("auth", token=ADMIN)
        self.assertIsNotNone(self.unauthorized(client, "stats", {}))
        client.call("ping")

    def test_the_only_token_is_read_again_too(self):
        daemon = self.serve(small(), tcp=True, token=ADMIN)
        daemon.write("token", SPARE + "\n")
        daemon.reload()
        self.assertIsNotNone(self.unauthorized(self.tcp(daemon), "auth", {"token": ADMIN}))
        self.tcp(daemon, SPARE).call("stats")

    def test_a_bad_file_refuses_the_reload_and_changes_nothing(self):
        daemon = self.guarded()
        client = self.tcp(daemon, SITE)
        for lines, what in [("nonsense\n", "expected a scope first"), ("", "expected tokens, got none")]:
            daemon.write("tokens", lines)
            with self.assertRaises(RpcError) as caught:
                daemon.reload()
            self.assertRegex(caught.exception.error, what)
            client.call("ping")
            self.tcp(daemon, SITE).call("ping")
        os.unlink(daemon.path("tokens"))
        self.assertRegex(daemon.try_reload(), "No such file")
        self.tcp(daemon, SITE).call("ping")

    def test_a_worker_that_comes_back_knows_them(self):
        daemon = self.guarded(workers=1)
        daemon.write("tokens", f"site next {SPARE}\n")
        daemon.reload()
        daemon.read_available()
        os.kill(daemon.pids()[0], signal.SIGKILL)
        daemon.wait_log(r'msg="process serves" process=worker-0')
        daemon.wait_log(r'msg="process ended"')
        daemon.wait_log(r'msg="process serves" process=worker-0')
        self.tcp(daemon, SPARE).call("ping")
        self.assertIsNotNone(self.unauthorized(self.tcp(daemon), "auth", {"token": SITE}))


class Guessing(TokensCase):
    def guess(self, client, count):
        for number in range(count):
            self.assertRegex(client.ask("auth", {"token": f"guess-{number}"})[0], "^UNAUTHORIZED: token: not the right one$")

    def test_each_wrong_token_makes_the_next_wait_longer(self):
        daemon = self.guarded(workers=1, flags=["--token-wait-ms", "80"])
        client = self.tcp(daemon)
        begin = time.monotonic()
        self.guess(client, 6)
        self.assertGreater(time.monotonic() - begin, (10 + 20 + 40 + 80 + 80) / 1000 - 0.025)
        client.call("auth", token=SITE)
        client.call("ping")

    def test_the_address_waits_too_and_nobody_is_locked_out(self):
        daemon = self.guarded(workers=1, flags=["--token-wait-ms", "100"])
        for _ in range(5):
            self.guess(self.tcp(daemon), 1)
        begin = time.monotonic()
        honest = self.tcp(daemon, SITE)
        self.assertGreater(time.monotonic() - begin, 0.075)
        honest.call("ping")

    def test_who_is_let_in_waits_for_nobody(self):
        daemon = self.guarded(workers=1, flags=["--token-wait-ms", "60000"])
        honest = self.tcp(daemon, SITE)
        guessers = [self.tcp(daemon) for _ in range(20)]
        for guesser in guessers:
            for _ in range(20):
                guesser.send(request("auth", {"token": "guess"}))
        for _ in range(100):
            honest.call("ping")
        self.assertRegex(guessers[0].receive()[2], "^UNAUTHORIZED")

    def test_after_too_many_the_connection_ends(self):
        daemon = self.guarded(flags=["--token-failures", "3", "--token-wait-ms", "0"])
        client = self.tcp(daemon)
        self.guess(client, 3)
        self.assertEqual(client.receive_all(), [])
        self.tcp(daemon, SITE).call("ping")

    def test_strangers_have_only_so_much_time(self):
        daemon = self.guarded(flags=["--admit-seconds", "1"])
        known, silent, talking = self.tcp(daemon, SITE), self.tcp(daemon), self.tcp(daemon)
        self.assertIsNotNone(self.unauthorized(talking, "ping", {}))
        self.assertEqual(silent.receive_all() + talking.receive_all(), [])
        known.call("ping")

    def test_the_log_counts_and_does_not_list(self):
        daemon = self.guarded(workers=1, flags=["--token-wait-ms", "0", "--token-failures", "1000"])
        client = self.tcp(daemon)
        self.guess(client, 300)
        self.assertEqual(self.tcp(daemon, ADMIN).call("stats")["counters"]["wrong_tokens"], 300)
        self.assert_stops(daemon)
        self.assertEqual(len(re.findall('msg="wrong tokens were shown" count=1$', daemon.output(), re.MULTILINE)), 1)
        self.assertNotIn("guess", daemon.output())


class Memory(TokensCase):
    """What a core file would hold: every private page that may be written and is not kept out of core files."""

    def pages(self, pid):
        with open(f"/proc/{pid}/smaps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
            where = None
            for line in maps:
                found = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) ", line)
                if found:
                    where = (int(found[1], 16), int(found[2], 16)) if found[3].startswith("rw") else None
                elif line.startswith("Rss:") and where and int(line.split()[1]) == 0:
                    where = None
                elif line.startswith("VmFlags:") and where and " dd" not in line:
                    memory.seek(where[0])
                    yield memory.read(where[1] - where[0])

    def assert_not_in_memory(self, pid, *secrets):
        pages = list(self.pages(pid))
        self.assertTrue(any(b"tokens-file" in page for page in pages), "the pages can be searched")
        for page in pages:
            for secret in secrets:
                self.assertEqual(page.find(secret.encode()), -1, f"{secret[:5]}… stands in the memory of {pid}")

    def test_no_process_keeps_a_token(self):
        daemon = self.guarded(token=SPARE, workers=1)
        client = self.tcp(daemon, SITE)
        client.call("auth", token=ADMIN)
        self.assertIsNotNone(self.unauthorized(client, "auth", {"token": "wrong-7a6c3f0"}))
        client.call("auth", token=SPARE)
        daemon.reload()
        daemon.read_available()
        for pid in [daemon.process.pid, *daemon.all_pids()]:
            self.assert_not_in_memory(pid, ADMIN, SITE, SPARE, "wrong-7a6c3f0")

    def test_they_are_not_shown(self):
        daemon = self.guarded(token=SPARE)
        for pid in [daemon.process.pid]:
            for name in ["cmdline", "environ"]:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    content = file.read()
                for secret in (ADMIN, SITE, SPARE):
                    self.assertNotIn(secret.encode(), content)


if __name__ == "__main__":
    unittest.main()
