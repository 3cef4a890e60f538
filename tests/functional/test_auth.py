"""Who may ask what: the token on TCP, file modes on Unix sockets, the control socket for operators."""

import os
import stat
import unittest

from harness import TestCase, small
from rpc import Client, request

TOKEN = "correct horse battery staple"


class Token(TestCase):
    def daemon(self):
        return self.serve(small(), token=TOKEN, tcp=True)

    def tcp(self, daemon):
        client = Client(daemon.tcp_address())
        self.addCleanup(client.close)
        return client

    def test_nothing_is_answered_before_it(self):
        client = self.tcp(self.daemon())
        for method, arguments in [("ping", {}), ("hello", {}), ("stats", {}), ("recommend", {"placement": "hero"}),
                                  ("recommend", {}), ("reload", {}), ("recommend", {"nonsense": 1})]:
            self.assert_refused(client, r"^UNAUTHORIZED: token: ", method=method, **arguments)

    def test_everything_is_answered_after_it(self):
        client = self.tcp(self.daemon())
        self.assertEqual(client.call("auth", token=TOKEN), {"authorized": True})
        self.assertEqual(client.call("ping"), {"pong": True})
        self.assertEqual(self.offers(client.recommend()), ["plain"])

    def test_a_wrong_one_opens_nothing_whatever_is_wrong_with_it(self):
        client = self.tcp(self.daemon())
        wrong = [TOKEN[:-1], TOKEN + "x", TOKEN * 2, "x" + TOKEN, "x", "\0", TOKEN + "\0", TOKEN.upper(), " ", "x" * 1024,
                 TOKEN[:-1] + "x", "x" + TOKEN[1:]]
        refusals = set()
        for token in wrong:
            error, _ = client.ask("auth", {"token": token})
            self.assertRegex(error, r"^UNAUTHORIZED: ")
            refusals.add(error)
        self.assertEqual(len(refusals), 1, "a refusal tells nothing of what was wrong")
        self.assert_refused(client, r"^UNAUTHORIZED: ", method="ping")

    def test_a_wrong_one_does_not_take_back_what_a_right_one_gave(self):
        client = self.tcp(self.daemon())
        client.call("auth", token=TOKEN)
        self.assert_refused(client, r"^UNAUTHORIZED: ", method="auth", token="x")
        client.call("ping")

    def test_a_right_one_after_wrong_ones(self):
        client = self.tcp(self.daemon())
        self.assert_refused(client, r"^UNAUTHORIZED: ", method="auth", token="x")
        client.call("auth", token=TOKEN.encode())
        client.call("ping")

    def test_it_counts_for_its_connection_alone(self):
        daemon = self.daemon()
        self.tcp(daemon).call("auth", token=TOKEN)
        self.assert_refused(self.tcp(daemon), r"^UNAUTHORIZED: ", method="ping")

    def test_it_may_be_sent_in_one_write_with_what_follows(self):
        client = self.tcp(self.daemon())
        client.send(request("ping", {}, 1) + request("auth", {"token": TOKEN}, 2) + request("ping", {}, 3))
        client.end()
        self.assertEqual([reply[2] is None for reply in sorted(client.receive_all(), key=lambda reply: reply[1])],
                         [False, True, True])

    def test_as_a_notification_it_counts_too(self):
        client = self.tcp(self.daemon())
        client.notify("auth", {"token": TOKEN})
        client.call("ping")

    def test_unix_sockets_need_none(self):
        daemon = self.daemon()
        self.client(daemon).recommend()
        self.client(daemon, control=True).call("ping")
        self.client(daemon).call("auth", token=TOKEN)

    def test_refusals_before_it_are_bounded_like_others(self):
        client = self.tcp(self.daemon())
        client.send(b"\x94\x00\x05\xa4ping\x91\xdb\xff\xff\xff\xff")
        self.assertRegex(client.receive()[2], r"^(TOO_LARGE|UNAUTHORIZED): ")

    def test_it_is_never_logged(self):
        daemon = self.daemon()
        self.tcp(daemon).call("auth", token=TOKEN)
        self.tcp(daemon).ask("auth", {"token": TOKEN + "x"})
        self.assert_stops(daemon)
        self.assertNotIn(TOKEN, daemon.output())


class Open(TestCase):
    def test_tcp_without_a_token_is_open_on_loopback(self):
        daemon = self.serve(small(), tcp=True)
        client = Client(daemon.tcp_address())
        self.addCleanup(client.close)
        client.recommend()
        self.assertEqual(client.call("auth", token="anything"), {"authorized": True})

    def test_beyond_loopback_it_does_not_start_without_a_token(self):
        for address in ["tcp:0.0.0.0:0", "tcp:[::]:0"]:
            daemon = self.start(small(), flags=["--listen", address])
            self.assertNotEqual(daemon.wait_exit(), 0)
            self.assertIn("token", daemon.output())
            self.assertNotIn("msg=ready", daemon.output())

    def test_beyond_loopback_with_a_token(self):
        self.serve(small(), flags=["--listen", "tcp:0.0.0.0:0"], token=TOKEN)


class Sockets(TestCase):
    def test_reload_is_refused_off_the_control_socket(self):
        daemon = self.serve(small(), tcp=True)
        tcp = Client(daemon.tcp_address())
        self.addCleanup(tcp.close)
        for client in (self.client(daemon), tcp):
            self.assert_refused(client, r"^UNAUTHORIZED: reload: only on the control socket", method="reload")
        self.assertRegex(daemon.reload(), r"^[0-9a-f]{32}$")

    def test_the_control_socket_answers_the_rest_too(self):
        daemon = self.serve(small())
        control = self.client(daemon, control=True)
        self.assertEqual(self.offers(control.recommend()), ["plain"])
        control.call("stats")

    def test_the_files_have_the_modes_that_were_set(self):
        daemon = self.serve(small(), flags=["--socket-mode", "0600", "--control-mode", "0640"])
        for name, mode in [("socket", 0o600), ("control", 0o640)]:
            self.assertEqual(stat.S_IMODE(os.stat(daemon.path(name)).st_mode), mode)


if __name__ == "__main__":
    unittest.main()
