"""TLS as clients of others see it: Python's and openssl's, well-behaved and not."""

import contextlib
import os
import re
import select
import shutil
import signal
import socket
import ssl
import tempfile
import threading
import unittest

import msgpack

from certificates import Authority
from harness import TestCase, small
from process import DEADLINE
from rpc import Client, RpcError, request

TOKEN = "correct horse battery staple"


class TlsClient(Client):
    """A client through TLS; `context` says whom it trusts and what it speaks."""

    def __init__(self, address, context, name="localhost"):
        super().__init__(address.replace("tls:", "tcp:"))
        try:
            self.socket = context.wrap_socket(self.socket, server_hostname=name, suppress_ragged_eofs=False)
        except OSError:
            self.socket.close()
            raise

    def serial(self):
        return self.socket.getpeercert()["serialNumber"]


class HalfClosing(Client):
    """A client that says its end by close_notify and reads on, which Python's own sockets do not do."""

    def __init__(self, address, context):
        super().__init__(address.replace("tls:", "tcp:"))
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.session = context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")
        self.drive(self.session.do_handshake)

    def drive(self, action):
        """What the action returns, once all that it wants has been written and read."""
        while True:
            try:
                result = action()
                self.socket.sendall(self.outgoing.read())
                return result
            except ssl.SSLWantReadError:
                self.socket.sendall(self.outgoing.read())
                self.feed()

    def feed(self):
        data = self.socket.recv(1 << 16)
        if data:
            self.incoming.write(data)
        else:
            self.incoming.write_eof()

    def end(self):
        try:
            self.session.unwrap()
        except ssl.SSLWantReadError:
            self.socket.sendall(self.outgoing.read())

    def send(self, data):
        self.drive(lambda: self.session.write(data))


class TlsCase(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="senda-tls-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.authority = Authority(cls.folder)
        cls.pair = cls.authority.sign("localhost")
        cls.other_pair = cls.authority.sign("other")
        cls.rsa_pair = cls.authority.sign("rsa", kind=("rsa:2048",))

    def secure(self, pair=None, flags=(), **options):
        """A daemon whose certificate stands in its folder as tls.pem, its key as tls.key."""
        files = self.files(*(pair or self.pair))
        return self.serve(small(), files=files, **options,
                          flags=["--listen", "tls:127.0.0.1:0", "--tls-certificate", "@/tls.pem", "--tls-key", "@/tls.key",
                                 *flags])

    def files(self, certificate, key):
        with open(certificate) as first, open(key) as second:
            return {"tls.pem": first.read(), "tls.key": second.read()}

    def replace(self, daemon, certificate, key):
        for name, text in self.files(certificate, key).items():
            daemon.write(name, text)

    def address(self, daemon):
        return next(address for address in daemon.listen if address.startswith("tls:"))

    def context(self, **options):
        context = ssl.create_default_context(cafile=self.authority.certificate)
        for name, value in options.items():
            setattr(context, name, value)
        return context

    def tls(self, daemon, **options):
        client = TlsClient(self.address(daemon), self.context(**options))
        self.addCleanup(client.close)
        return client

    def raw(self, daemon):
        client = Client(self.address(daemon).replace("tls:", "tcp:"))
        self.addCleanup(client.close)
        return client


def what_does_not_fit(client, requests):
    """Sends until nothing more is taken; what is left."""
    sent = 0
    client.socket.setblocking(False)
    with contextlib.suppress(ssl.SSLWantWriteError):
        while sent < len(requests):
            sent += client.socket.send(requests[sent:sent + 65536])
    return requests[sent:]


def sent_while_received(client, requests, count):
    """The numbers of the answers. One thread does both: two would meet inside OpenSSL, which is not made for that."""
    numbers, sent = set(), 0
    client.socket.setblocking(False)
    while len(numbers) < count:
        waits_to_send = [client.socket] if sent < len(requests) else []
        select.select([client.socket], waits_to_send, [])
        with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
            sent += client.socket.send(requests[sent:sent + 65536]) if waits_to_send else 0
        with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while True:
                numbers.add(client.receive()[1])
    return numbers


class Speaking(TlsCase):
    def test_both_versions_and_both_kinds_of_keys(self):
        for pair in (self.pair, self.rsa_pair):
            daemon = self.secure(pair)
            for version, name in [(ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")]:
                client = self.tls(daemon, maximum_version=version)
                self.assertEqual(client.socket.version(), name)
                self.assertIsNone(client.socket.compression())
                self.assertEqual(self.offers(client.recommend()), ["plain"])
            self.assert_stops(daemon)

    def test_sessions_are_not_resumed(self):
        client = self.tls(self.secure())
        client.call("ping")
        self.assertFalse(client.socket.session.has_ticket)

    def test_plain_listeners_beside_it(self):
        daemon = self.secure(tcp=True)
        with Client(daemon.tcp_address()) as plain:
            plain.call("ping")
        self.client(daemon).call("ping")
        self.tls(daemon).call("ping")

    def test_pipelining_much_more_than_fits_anywhere(self):
        client, count = self.tls(self.secure(flags=["--output-bytes", "64 KiB"])), 20000
        requests = b"".join(request("hello", {}, number) for number in range(count))
        self.assertEqual(sent_while_received(client, requests, count), set(range(count)))

    def test_a_message_in_many_records_and_many_messages_in_one(self):
        client = self.tls(self.secure())
        for byte in request("ping", {}, 7):
            client.send(bytes([byte]))
        self.assertEqual(client.receive()[1], 7)
        client.send(b"".join(request("ping", {}, number) for number in range(500)))
        self.assertEqual([client.receive()[1] for _ in range(500)], list(range(500)))

    def test_a_message_longer_than_all_buffers(self):
        client = self.tls(self.secure())
        for number in range(3):
            client.send(request("ping", {"long": "x" * 200000}, number))
            self.assertEqual(client.receive(), [1, number, None, {"pong": True}])

    def test_a_client_that_does_not_read_for_a_while(self):
        daemon = self.secure(workers=1, flags=["--output-bytes", "16 KiB"])
        slow, count = self.tls(daemon), 5000
        rest = what_does_not_fit(slow, b"".join(request("hello", {}, number) for number in range(count)))
        for _ in range(50):
            self.tls(daemon).call("ping")
        self.assertEqual(sent_while_received(slow, rest, count), set(range(count)))


class Ending(TlsCase):
    def test_what_was_asked_before_the_end_is_answered(self):
        daemon = self.secure()
        client = HalfClosing(self.address(daemon), self.context())
        self.addCleanup(client.close)
        client.send(request("ping", {}, 1) + request("recommend", {"placement": "hero"}, 2))
        client.end()
        unpacker, messages = msgpack.Unpacker(), []
        while True:
            client.feed()
            try:
                data = client.session.read(1 << 16)
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLZeroReturnError:
                break
            unpacker.feed(data)
            messages += unpacker
        self.assertEqual([message[1] for message in messages], [1, 2])

    def test_an_end_without_a_word_is_an_end_too(self):
        client = self.tls(self.secure())
        client.send(request("ping", {}, 1))
        socket.socket.shutdown(client.socket, socket.SHUT_WR)
        self.assertEqual(client.receive()[1], 1)
        self.assertEqual(client.socket.recv(1), b"", "the daemon's own end is said as it should be")

    def test_the_end_alone_is_answered_by_an_end(self):
        client = self.tls(self.secure())
        client.call("ping")
        client.socket.unwrap()

    def test_draining_answers_and_ends_in_order(self):
        daemon = self.secure()
        clients = [self.tls(daemon) for _ in range(10)]
        for client in clients:
            client.call("ping")
        for client in clients:
            client.send(b"".join(request("ping", {}, number) for number in range(100)))
        daemon.signal(signal.SIGTERM)
        for client in clients:
            self.assertEqual([message[1] for message in client.receive_all()], list(range(100)))
        self.assertEqual(daemon.wait_exit(), 0, daemon.output())

    def test_stopping_while_somebody_is_greeting(self):
        daemon = self.secure(flags=["--linger-ms", "100"])
        silent = self.raw(daemon)
        silent.send(b"\x16\x03\x01")
        self.tls(daemon).call("ping")
        self.assert_stops(daemon)


class Strangers(TlsCase):
    def test_who_speaks_plainly_is_closed_at_once_and_told_of(self):
        daemon = self.secure(workers=1)
        for _ in range(20):
            for words in (request("ping", {}), b"GET / HTTP/1.1\r\n\r\n", b"\x94"):
                client = self.raw(daemon)
                client.send(words)
                try:
                    self.assertEqual(client.receive_bytes(), b"")
                except ConnectionResetError:
                    pass
        self.tls(daemon).call("ping")
        self.assert_stops(daemon)
        lines = re.findall(r'msg="clients can\'t agree with us on TLS" .*', daemon.output())
        self.assertEqual(lines, ['msg="clients can\'t agree with us on TLS" count=1 last="they do not speak it"'])

    def test_a_client_that_does_not_trust_us_is_told_of(self):
        daemon = self.secure(workers=1)
        with self.assertRaises(ssl.SSLCertVerificationError):
            TlsClient(self.address(daemon), ssl.create_default_context())
        daemon.wait_log("can't agree with us on TLS.*last=\"tlsv1 alert unknown ca\"")

    def test_the_name_is_checked(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            TlsClient(self.address(self.secure()), self.context(), "elsewhere.example")

    def test_greeting_has_a_deadline_however_busy(self):
        daemon = self.secure(flags=["--admit-seconds", "1"])
        known = self.tls(daemon)
        silent, slow = self.raw(daemon), self.raw(daemon)
        stop = threading.Event()

        def drip():
            while not stop.wait(0.05):
                try:
                    slow.send(b"\x16" if not slow.last_id else b"\x03")
                    slow.last_id = 1
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            for client in (silent, slow):
                try:
                    self.assertEqual(client.receive_bytes(), b"")
                except ConnectionResetError:
                    pass
        finally:
            stop.set()
            dripping.join()
        known.call("ping")

    def test_garbage_after_the_greeting_closes_that_connection_alone(self):
        daemon = self.secure(workers=1)
        known, broken = self.tls(daemon), self.tls(daemon)
        broken.call("ping")
        raw = socket.socket(fileno=os.dup(broken.socket.fileno()))
        self.addCleanup(raw.close)
        raw.settimeout(DEADLINE)
        raw.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
        with self.assertRaises((OSError, EOFError)):
            broken.receive()
        known.call("ping")

    def test_tokens_are_needed_as_on_tcp(self):
        client = self.tls(self.secure(token=TOKEN))
        self.assert_refused(client, "^UNAUTHORIZED: ", method="ping")
        client.call("auth", token=TOKEN)
        client.call("ping")

    def test_many_greetings_do_not_hold_up_who_is_there(self):
        daemon = self.secure(self.rsa_pair, workers=1)
        known = self.tls(daemon)
        crowd = [self.raw(daemon) for _ in range(60)]
        hello = self.client_hello()
        for client in crowd:
            client.send(hello)
        for _ in range(20):
            known.call("ping")
        for client in crowd:
            self.assertEqual(client.socket.recv(1), b"\x16", "they get their answer too")

    def client_hello(self):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = self.context().wrap_bio(incoming, outgoing, server_hostname="localhost")
        with self.assertRaises(ssl.SSLWantReadError):
            session.do_handshake()
        return outgoing.read()


class Starting(TlsCase):
    def refused(self, flags, files=None):
        daemon = self.start(small(), flags=flags, files=files)
        self.assertEqual(daemon.wait_exit(), 1)
        return daemon.output()

    def test_without_a_certificate(self):
        self.assertRegex(self.refused(["--listen", "tls:127.0.0.1:0"]), "tls: needs a certificate and its key")

    def test_with_half_a_pair(self):
        self.assertRegex(self.refused(["--listen", "tls:127.0.0.1:0", "--tls-key", "@/tls.key"], self.files(*self.pair)),
                         "tls_key: expected together with tls_certificate")

    def test_with_a_pair_that_does_not_fit(self):
        flags = ["--listen", "tls:127.0.0.1:0", "--tls-certificate", "@/tls.pem", "--tls-key", "@/tls.key"]
        self.assertRegex(self.refused(flags, self.files(self.pair[0], self.other_pair[1])),
                         "tls_key: not the key of the certificate")

    def test_beyond_this_machine_without_a_token(self):
        flags = ["--listen", "tls:0.0.0.0:0", "--tls-certificate", "@/tls.pem", "--tls-key", "@/tls.key"]
        self.assertRegex(self.refused(flags, self.files(*self.pair)), "expected a token")

    def test_credentials_of_systemd(self):
        files = self.files(*self.pair)
        where = tempfile.mkdtemp(dir=self.folder)
        for name, text in [("tls-certificate", files["tls.pem"]), ("tls-key", files["tls.key"])]:
            with open(os.path.join(where, name), "w") as file:
                file.write(text)
        daemon = self.serve(small(), flags=["--listen", "tls:127.0.0.1:0"],
                            env={**os.environ, "CREDENTIALS_DIRECTORY": where})
        self.tls(daemon).call("ping")


class Reloading(TlsCase):
    def test_a_new_pair_is_shown_to_who_comes_new(self):
        daemon = self.secure()
        old = self.tls(daemon)
        first = old.serial()
        self.replace(daemon, *self.other_pair)
        daemon.reload()
        new = self.tls(daemon)
        self.assertNotEqual(new.serial(), first)
        old.call("ping")
        new.call("ping")

    def test_a_bad_pair_refuses_the_reload_and_the_old_goes_on(self):
        daemon = self.secure()
        first = self.tls(daemon).serial()
        for pair, what in [((self.pair[0], self.other_pair[1]), "not the key of the certificate"),
                           ((self.pair[1], self.pair[1]), "expected a certificate in PEM form")]:
            self.replace(daemon, *pair)
            with self.assertRaises(RpcError) as caught:
                daemon.reload()
            self.assertRegex(caught.exception.error, what)
            self.assertEqual(self.tls(daemon).serial(), first)
        os.unlink(daemon.path("tls.key"))
        self.assertRegex(daemon.try_reload(), "No such file")
        self.assertEqual(self.tls(daemon).serial(), first)

    def test_a_worker_that_comes_back_has_it(self):
        daemon = self.secure(workers=1)
        self.replace(daemon, *self.other_pair)
        daemon.reload()
        serial = self.tls(daemon).serial()
        daemon.read_available()
        os.kill(daemon.pids()[0], signal.SIGKILL)
        daemon.wait_log(r'msg="process ended"')
        daemon.wait_log(r'msg="process serves" process=worker-0')
        self.assertEqual(self.tls(daemon).serial(), serial)

    def test_reloading_while_clients_come(self):
        daemon = self.secure()
        for number in range(10):
            client = self.tls(daemon)
            client.send(request("ping", {}, 1))
            self.replace(daemon, *(self.other_pair if number % 2 else self.pair))
            daemon.reload()
            self.assertEqual(client.receive()[1], 1)


if __name__ == "__main__":
    unittest.main()
