"""Client for senda, the daemon that answers what a customer should see next: blocking, pipelined, and for asyncio.

Needs Python 3.9 or later and the `msgpack` package (Debian: python3-msgpack).
"""

import asyncio
import os
import random
import re
import select
import socket
import ssl
import time
import uuid

import msgpack

__all__ = ["AsyncClient", "Client", "SendaError", "VERSION"]

VERSION = "1.0.0"

REQUEST = 0
RESPONSE = 1
NOTIFICATION = 2
MAX_MSGID = 0xFFFFFFFF
MAX_PORT = 65535

DEFAULT_TIMEOUT_MS = 1000
# A page under way waits less for an answer it can do without.
DEFAULT_PAGE_TIMEOUT_MS = 200
# What poll() takes; as good as for ever.
MAX_TIMEOUT_MS = 2 ** 31 - 1
MIN_BACKOFF_S = 0.05
MAX_BACKOFF_S = 2.0
# A request lost with its connection is sent once more, never a third time.
MAX_SENDINGS = 2
READ_SIZE = 65536
# Far more than the daemon takes; what goes deeper refers to itself.
MAX_DEPTH = 100
# What a daemon that does not read may leave waiting with an AsyncClient; with 16 MiB something is wrong.
MAX_UNSENT_BYTES = 16 * 1024 * 1024

# The codes of errors that come as pairs, by number.
CODES = {
    1: "INVALID", 2: "UNKNOWN_METHOD", 3: "NOT_FOUND", 4: "TOO_LARGE", 5: "UNAUTHORIZED", 6: "OVERLOADED", 7: "UNAVAILABLE",
    8: "INTERNAL",
}

# Only in these does the text open with the name of the argument at fault.
CODES_NAMING_A_FIELD = {"INVALID", "NOT_FOUND", "TOO_LARGE", "UNAUTHORIZED"}


class SendaError(Exception):
    """What went wrong.

    `code` is one of the daemon's (INVALID, NOT_FOUND, OVERLOADED, …) or of this client's: TIMEOUT, UNREACHABLE,
    DISCONNECTED, PROTOCOL, BUSY, CLOSED. `message` is the text; `field` names the argument at fault, or is None. `id` is that of
    the event that was to be tracked, of a list the list of theirs, else None: sent again with it, an event counts once.
    """

    def __init__(self, code, message):
        super().__init__(code, message)
        self.code = code
        self.message = message
        named = re.match(r"([A-Za-z_][\w.\[\]]*): ", message)
        self.field = named[1] if named and code in CODES_NAMING_A_FIELD else None
        self.id = None

    def __str__(self):
        return f"{self.code}: {self.message}"

    @classmethod
    def from_reply(cls, error):
        """From the error of a reply: "CODE: message", or [number, message] after hello(errors="pair")."""
        if isinstance(error, (list, tuple)) and len(error) == 2:
            number, message = error
            return cls(CODES.get(number, "INTERNAL") if isinstance(number, int) else "INTERNAL", str(message))
        parts = re.match(r"([A-Z][A-Z_]*): (.*)", str(error), re.DOTALL)
        return cls(parts[1], parts[2]) if parts else cls("INTERNAL", str(error))


class _NoAnswerToToken(OSError):
    """There is a connection, but whether it is authorized was not said in time."""


def _parse_address(address):
    """Reads "unix:/path", "tcp:host:port" or "tls:host:port" into (path, None) or (host, port)."""
    unix = re.fullmatch(r"unix:(.+)", str(address))
    if unix:
        return unix[1], None
    tcp = re.fullmatch(r"(?:tcp|tls):(?:\[([^\]]+)\]|([^:]+)):([0-9]+)", str(address))
    if not tcp:
        raise SendaError("INVALID", f"address: '{address}' is no unix:/path, tcp:host:port or tls:host:port")
    port = int(tcp[3])
    if not 1 <= port <= MAX_PORT:
        raise SendaError("INVALID", f"address: '{address}' has no port from 1 to {MAX_PORT}")
    return tcp[1] or tcp[2], port


def _check_timeout(timeout_ms):
    if isinstance(timeout_ms, (int, float)) and timeout_ms == timeout_ms:
        return min(timeout_ms, MAX_TIMEOUT_MS)
    raise SendaError("INVALID", f"timeout_ms: a number is due, not {timeout_ms!r}")


def _trust(ca):
    """What TLS wants to see: a certificate for the host that leads to a root in the file, or to one of the system's."""
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _Backoff:
    """Spaces connection attempts out: twice as long after each failure, shortened at random so that clients spread."""

    def __init__(self):
        self.succeeded()

    def succeeded(self):
        self.failures = 0
        self.next_attempt = 0.0

    def failed(self):
        """Connections of one client that fail together count as one failure."""
        if self.next_attempt > time.monotonic():
            return
        pause = min(MIN_BACKOFF_S * 2 ** self.failures, MAX_BACKOFF_S)
        self.failures += 1
        self.next_attempt = time.monotonic() + pause * random.uniform(0.5, 1.0)


def _pack(message):
    try:
        return msgpack.packb(message, datetime=True)
    except (TypeError, ValueError, OverflowError) as problem:
        raise SendaError("INVALID", f"{_place_of_fault(message[-1][0])}: {problem}") from problem


def _place_of_fault(value):
    """Names what in the arguments cannot be packed."""
    place = "events" if isinstance(value, list) else ""
    for _ in range(MAX_DEPTH):
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, (list, tuple)) else ()
        faulty = next(((key, part) for key, part in parts if not _can_be_packed(part)), None)
        if faulty is None:
            break
        key, within = faulty
        place += f"[{key}]" if not isinstance(value, dict) else f".{key}" if place else f"{key}"
        value = within
    return place or "arguments"


def _can_be_packed(value):
    try:
        return msgpack.packb(value, datetime=True) is not None
    except (TypeError, ValueError, OverflowError):
        return False


def _merge(method, args, named):
    """One map of arguments from a dict, keywords, or both."""
    if args is not None and not isinstance(args, dict):
        raise SendaError("INVALID", f"{method} takes a map of arguments, not {type(args).__name__}")
    return {**(args or {}), **named}


def _without_nothing(args):
    """Arguments given as None are left out, as if they had not been named; so is a cookie that is empty."""
    return {name: value for name, value in args.items() if value is not None and (name, value) != ("customer", "")}


def _with_key(event):
    """A key of its own lets an event be sent again after a broken connection and still count once."""
    return {"id": str(uuid.uuid4()), **_without_nothing(event)}


def _each_event(events, named, prepare):
    """One event prepared, or each of a list; what is none in a list is senda's to refuse, and the others count."""
    if isinstance(events, (list, tuple)) and not named:
        return [prepare(event) if isinstance(event, dict) else event for event in events]
    return prepare(_merge("track", events, named))


def _decision_without_senda(args, items, error):
    """The decision a page gets when senda gave none: as one of senda's, labelled, with what the page brought itself."""
    placement = args.get("placement") if isinstance(args, dict) else None
    return {
        "decision": None,
        "known": False,
        "journey": None,
        "stage": None,
        "persona": None,
        "placement": placement if isinstance(placement, str) else None,
        "strategy": None,
        "version": None,
        "items": list(items) if isinstance(items, (list, tuple)) else [],
        "fallback": "client_error",
        "because": str(error) if isinstance(error, SendaError) else f"INTERNAL: {error}",
        "experiments": {},
    }


def _id_of(events):
    if isinstance(events, list):
        return [_id_of(event) for event in events]
    return events.get("id") if isinstance(events, dict) else None


class _Entry:
    """A message on its way: a request until it is answered, a notification until it is handed over."""

    def __init__(self, key, message, timeout_ms):
        self.key = key
        self.bytes = _pack(message)
        self.is_request = message[0] == REQUEST
        self.event_id = _id_of(message[-1][0]) if message[-2] == "track" else None
        self.timeout_ms = timeout_ms
        self.deadline = None
        self.sendings = 0
        self.done = False
        self.error = None
        self.value = None

    def start_clock(self):
        """From here on its time runs; at first somebody waits for it."""
        if self.deadline is None:
            self.deadline = time.monotonic() + self.timeout_ms / 1000

    def settle(self, error, value=None):
        if not self.done:
            self.done, self.error, self.value = True, error, value

    def outcome(self):
        """Raises an error of its own, since entries that fail together share one."""
        if self.error is None:
            return self.value
        error = SendaError(self.error.code, self.error.message)
        error.id = self.event_id
        raise error from self.error.__cause__

    def timeout_error(self):
        return SendaError("TIMEOUT", f"no answer within {self.timeout_ms:g} ms")


class _Waiting:
    """What has been asked and not answered, in the order of the calls, and the decoder of the answers."""

    def __init__(self):
        self.entries = {}
        self.next_msgid = 0
        self.notifications = 0
        self.reset_decoder()

    def reset_decoder(self):
        self.unpacker = msgpack.Unpacker(raw=False, strict_map_key=False, max_buffer_size=0)

    def take_msgid(self):
        msgid = self.next_msgid
        while msgid in self.entries:
            msgid = (msgid + 1) & MAX_MSGID
        self.next_msgid = (msgid + 1) & MAX_MSGID
        return msgid

    def request(self, method, args, timeout_ms):
        msgid = self.take_msgid()
        return self.add(msgid, [REQUEST, msgid, method, [args]], timeout_ms)

    def notification(self, method, args, timeout_ms):
        self.notifications += 1
        return self.add(f"notification {self.notifications}", [NOTIFICATION, method, [args]], timeout_ms)

    def add(self, key, message, timeout_ms):
        entry = _Entry(key, message, timeout_ms)
        self.entries[key] = entry
        return entry

    def settle(self, entry, error, value=None):
        if self.entries.get(entry.key) is entry:
            del self.entries[entry.key]
        entry.settle(error, value)

    def handed_over(self, entry):
        entry.sendings += 1
        if not entry.is_request:
            self.settle(entry, None, True)

    def feed(self, data):
        """Settles what the bytes answer; returns how many replies there were. Raises PROTOCOL on other bytes."""
        try:
            self.unpacker.feed(data)
            return sum(self.receive(message) for message in self.unpacker)
        except (ValueError, msgpack.UnpackException) as problem:
            raise SendaError("PROTOCOL", f"what came is no MessagePack: {problem}") from problem

    def receive(self, message):
        if not isinstance(message, list) or len(message) < 3:
            raise SendaError("PROTOCOL", "what came is no MessagePack-RPC")
        if message[0] != RESPONSE:
            return False
        _, msgid, error, result = message
        entry = self.entries.get(msgid)
        if entry is not None:
            self.settle(entry, None if error is None else SendaError.from_reply(error), result)
        return True

    def fail(self, error, which=lambda entry: True):
        for entry in [entry for entry in self.entries.values() if which(entry)]:
            self.settle(entry, error)


class _Profile:
    """The methods on what is kept about one customer."""

    def __init__(self, client):
        self._client = client

    def get(self, customer, *, timeout_ms=None):
        return self._client._invoke("profile.get", {"customer": customer}, timeout_ms)

    def set(self, customer, values=None, /, *, timeout_ms=None, **named):
        values = {**_merge("profile.set", values, named), "customer": customer}
        return self._client._invoke("profile.set", values, timeout_ms)

    def restrict(self, customer, restricted=True, *, timeout_ms=None):
        return self._client._invoke("profile.restrict", {"customer": customer, "restricted": restricted}, timeout_ms)

    def erase(self, customer, *, timeout_ms=None):
        return self._client._invoke("profile.erase", {"customer": customer}, timeout_ms)

    def export(self, customer, *, timeout_ms=None):
        return self._client._invoke("profile.export", {"customer": customer}, timeout_ms)


class _Methods:
    """senda's vocabulary. Arguments come as a dict, as keywords, or both; `_invoke` decides how one waits."""

    @property
    def profile(self):
        return _Profile(self)

    def call(self, method, args=None, *, timeout_ms=None):
        """Any method by its name; the ones below are made of this."""
        return self._invoke(method, _merge(method, args, {}), timeout_ms)

    def recommend(self, args=None, /, *, timeout_ms=None, **named):
        return self._invoke("recommend", _without_nothing(_merge("recommend", args, named)), timeout_ms)

    def track(self, events=None, /, *, timeout_ms=None, **named):
        """One event, or a list of them as a batch. Answered when they are durable."""
        return self._invoke("track", _each_event(events, named, _with_key), timeout_ms)

    def identify(self, anonymous, customer, *, timeout_ms=None):
        return self._invoke("identify", {"anonymous": anonymous, "customer": customer}, timeout_ms)

    def explain(self, decision, *, timeout_ms=None):
        return self._invoke("explain", {"decision": decision}, timeout_ms)

    def journey_map(self, args=None, /, *, timeout_ms=None, **named):
        return self._invoke("journey.map", _merge("journey.map", args, named), timeout_ms)

    def stats(self, *, timeout_ms=None):
        return self._invoke("stats", {}, timeout_ms)

    def ping(self, *, timeout_ms=None):
        return self._invoke("ping", {}, timeout_ms)

    def hello(self, args=None, /, *, timeout_ms=None, **named):
        own = {"client": "senda.py", "version": VERSION}
        return self._invoke("hello", {**own, **_merge("hello", args, named)}, timeout_ms)


class _Base(_Methods):
    """What both clients share: options, and the state of one connection."""

    def __init__(self, address, *, token=None, timeout_ms=DEFAULT_TIMEOUT_MS, on_error=None, ca=None):
        """`token` is sent first on every connection; `timeout_ms` is for each request, connecting included;
        `on_error` is called with each error that recommend_or or track_no_reply hid; `ca` is a file with the roots to
        believe at tls: addresses, PEM; left out: the system's."""
        self.address = address
        self.token = token
        self.timeout_ms = _check_timeout(timeout_ms)
        self._host, self._port = _parse_address(address)
        self._tls = _trust(ca) if address.startswith("tls:") else None
        self._on_error = on_error
        self._backoff = _Backoff()
        self._last_failure = None
        self._closed = False

    def _report(self, error):
        try:
            if self._on_error is not None:
                self._on_error(error)
        except Exception:  # A page must not fail because its own report did.
            pass

    def _stand_in(self, args, items, named, error):
        self._report(error)
        return _decision_without_senda({**args, **named} if isinstance(args, dict) else named, items, error)

    def _timeout_of(self, timeout_ms):
        return self.timeout_ms if timeout_ms is None else _check_timeout(timeout_ms)

    def _check_open(self):
        if self._closed:
            raise SendaError("CLOSED", "the client was closed")

    def _feed(self, waiting, data):
        if waiting.feed(data):
            self._backoff.succeeded()
            self._last_failure = None

    def _note_unreachable(self, waiting, cause):
        """A connection could not be made. A refused token fails everyone: waiting would not help."""
        self._backoff.failed()
        last = self._last_failure
        if isinstance(cause, _NoAnswerToToken) and last is not None and last.code == "UNAUTHORIZED":
            return  # senda lets wrong tokens wait: who was refused and now hears nothing is still refused
        refused = isinstance(cause, SendaError)
        self._last_failure = cause if refused else SendaError("UNREACHABLE", f"{self.address}: {cause}")
        if refused:
            waiting.fail(cause)

    def _note_broken(self, waiting, cause):
        """A connection broke. What was sent for the second time fails; the rest stays to be sent again."""
        if not any(entry.sendings for entry in waiting.entries.values()):
            return
        self._backoff.failed()
        failure = cause if isinstance(cause, SendaError) else SendaError("DISCONNECTED", str(cause))
        self._last_failure = failure
        waiting.fail(failure, lambda entry: entry.sendings >= MAX_SENDINGS)


class Client(_Base):
    """A blocking client. Threads may share it: nobody waits for another's answer.

    A call takes a connection that is idle, or opens one, and gives it back; so there are as many as calls were under
    way at once. A process that forks gets connections of its own.
    """

    def __init__(self, address, **options):
        super().__init__(address, **options)
        self._idle = []  # connections that no call has; taken and given back at its end, the warmest first

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def pipeline(self):
        """Asks many things at once: `with client.pipeline() as many: reply = many.recommend(…)`, then reply.result()."""
        return Pipeline(self)

    def recommend_or(self, args=None, /, items=(), *, timeout_ms=DEFAULT_PAGE_TIMEOUT_MS, **named):
        """Never raises: where senda has no answer in time, an empty decision with `items` as its items."""
        try:
            return self.recommend(args, timeout_ms=timeout_ms, **named)
        except Exception as error:
            return self._stand_in(args, items, named, error)

    def track_no_reply(self, events=None, /, *, timeout_ms=None, **named):
        """Tracks without waiting for senda. Never raises; tells whether the events were handed to the connection."""
        try:
            return self._notify("track", _each_event(events, named, _without_nothing), timeout_ms)
        except Exception as error:
            self._report(error)
            return False

    def auth(self, token, *, timeout_ms=None):
        """Gives the token now, and first on every later connection."""
        reply = self._invoke("auth", {"token": token}, timeout_ms)
        self.token = token
        return reply

    def close(self):
        """Closes the connections; those that other threads or pipelines have, once they are given back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _invoke(self, method, args, timeout_ms):
        connection = self._take()
        try:
            entry = connection.request(method, args, timeout_ms)
            connection.wait(entry)
        finally:
            self._give_back(connection)
        return entry.outcome()

    def _notify(self, method, args, timeout_ms):
        connection = self._take()
        try:
            return connection.notify(method, args, timeout_ms)
        finally:
            self._give_back(connection)

    def _take(self):
        self._check_open()
        try:
            return self._idle.pop()
        except IndexError:
            return _Connection(self)

    def _give_back(self, connection):
        self._idle.append(connection)
        if self._closed:
            self.close()


class _Connection:
    """One blocking connection of a client, for one call or pipeline at a time; opened when first needed."""

    def __init__(self, client):
        self._client = client
        self._waiting = _Waiting()
        self._socket = None
        self._token = None  # that the connection was opened with
        self._unsent = bytearray()
        self._pid = os.getpid()

    def request(self, method, args, timeout_ms):
        self._prepare()
        entry = self._waiting.request(method, args, self._client._timeout_of(timeout_ms))
        self._queue(entry)
        return entry

    def notify(self, method, args, timeout_ms):
        """Whether the notification was handed to the connection."""
        self._prepare()
        entry = self._waiting.notification(method, args, self._client._timeout_of(timeout_ms))
        self._queue(entry)
        self.wait(entry)
        taker = self._socket
        while entry.error is None and self._unsent and time.monotonic() < entry.deadline:
            self._turn(entry.deadline)
        return entry.outcome() and not self._unsent and self._socket is taker

    def send(self, entry):
        """Sends what can be sent without waiting for anybody but a connection, and for that only if none has failed."""
        if self._socket is None and self._client._last_failure is None and not self._client._closed:
            self._try_to_open(time.monotonic() + entry.timeout_ms / 1000)
        if self._socket is not None:
            self._turn(time.monotonic())

    def close(self):
        self._waiting.fail(SendaError("CLOSED", "the client was closed"))
        self._drop()

    def is_idle(self):
        return not self._waiting.entries

    def _prepare(self):
        self._client._check_open()
        self._leave_parent()
        if self._socket is not None and self.is_idle():
            if self._token == self._client.token:
                self._notice_close()
            else:
                self._drop()  # another thread has given a token since

    def _notice_close(self):
        """A connection closed while idle is replaced before anything is entrusted to it."""
        try:
            self._exchange(time.monotonic())
        except (OSError, SendaError):
            self._drop()

    def _leave_parent(self):
        """After a fork the connection and what waits on it are the parent's."""
        if self._pid == os.getpid():
            return
        self._pid = os.getpid()
        self._drop()
        self._waiting = _Waiting()

    def _queue(self, entry):
        if self._socket is not None:
            self._unsent += entry.bytes
            self._waiting.handed_over(entry)

    def wait(self, entry):
        """Waits for one; the time of whatever is on its way with it runs as well."""
        for other in [entry, *self._waiting.entries.values()]:
            other.start_clock()
        while not entry.done:
            if time.monotonic() >= entry.deadline:
                self._give_up(entry)
            elif self._socket is None:
                self._connect_for(entry)
            else:
                self._turn(entry.deadline)

    def _give_up(self, entry):
        """Its time is over; an answer that has come meanwhile is taken all the same."""
        while self._socket is not None and not entry.done and self._has_come():
            self._turn(entry.deadline)
        late = self._client._last_failure if self._socket is None else None
        self._waiting.settle(entry, late or entry.timeout_error())

    def _has_come(self):
        poller = select.poll()
        poller.register(self._socket, select.POLLIN)
        return bool(poller.poll(0)) or self._holds()

    def _holds(self):
        """TLS has decrypted more than was read."""
        return self._client._tls is not None and self._socket.pending() > 0

    def _connect_for(self, entry):
        """Connects once the backoff allows it; an entry that cannot wait that long fails at once."""
        if self._client._closed:
            self._waiting.settle(entry, SendaError("CLOSED", "the client was closed"))
            return
        due = self._client._backoff.next_attempt
        if due >= entry.deadline:
            self._waiting.settle(entry, self._client._last_failure or entry.timeout_error())
            return
        time.sleep(max(0.0, due - time.monotonic()))
        self._try_to_open(entry.deadline)

    def _try_to_open(self, deadline):
        try:
            self._open(deadline)
        except (OSError, SendaError, ValueError) as cause:
            self._drop()
            self._client._note_unreachable(self._waiting, cause)

    def _open(self, deadline):
        self._token = self._client.token
        self._socket = self._dial(max(0.001, deadline - time.monotonic()))
        self._socket.setblocking(False)
        if self._token is not None:
            self._authenticate(deadline)
        for entry in list(self._waiting.entries.values()):
            self._queue(entry)

    def _dial(self, timeout):
        host, port = self._client._host, self._client._port
        if port is not None:
            connection = socket.create_connection((host, port), timeout)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self._secure(connection)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(host)
        except OSError:
            connection.close()
            raise
        return connection

    def _secure(self, connection):
        if self._client._tls is None:
            return connection
        try:
            return self._client._tls.wrap_socket(connection, server_hostname=self._client._host)
        except OSError:
            connection.close()
            raise

    def _authenticate(self, deadline):
        entry = self._waiting.request("auth", {"token": self._token}, 0)
        self._unsent += entry.bytes
        try:
            while not entry.done:
                if time.monotonic() >= deadline:
                    raise _NoAnswerToToken("no answer to the token")
                self._exchange(deadline)
        finally:
            self._waiting.settle(entry, None)
        entry.outcome()

    def _turn(self, deadline):
        """Sends and receives what can be without waiting longer than the deadline."""
        try:
            self._exchange(deadline)
        except (OSError, SendaError) as cause:
            self._drop()
            self._client._note_broken(self._waiting, cause)

    def _exchange(self, deadline):
        poller = select.poll()
        poller.register(self._socket, select.POLLIN | (select.POLLOUT if self._unsent else 0))
        held = self._holds()
        patience = 0.0 if held else max(0.0, deadline - time.monotonic())
        events = sum(event for _, event in poller.poll(patience * 1000))
        try:
            if events & select.POLLOUT:
                del self._unsent[:self._socket.send(self._unsent[:READ_SIZE])]
            if held or events & ~select.POLLOUT:
                self._receive()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass  # what TLS needs has not come yet

    def _receive(self):
        data = self._socket.recv(READ_SIZE)
        if not data:
            raise OSError("senda closed the connection")
        self._client._feed(self._waiting, data)

    def _drop(self):
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._unsent.clear()
        self._waiting.reset_decoder()


class Reply:
    """An answer to come. `result()` waits for it, and returns it or raises its SendaError."""

    def __init__(self, pipeline, entry):
        self._pipeline = pipeline
        self._entry = entry

    def result(self):
        self._pipeline._wait_for([self._entry])
        return self._entry.outcome()


class Pipeline(_Methods):
    """Methods called on it are sent at once and return a Reply each; leaving its `with` block waits for all answers.

    Their time limits count from when an answer is waited for first. It has a connection of its own for as long as answers are missing, and belongs to one thread.
    """

    def __init__(self, client):
        self._client = client
        self._connection = None
        self._entries = []

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._wait_for(self._entries)

    def _invoke(self, method, args, timeout_ms):
        if self._connection is None:
            self._connection = self._client._take()
        entry = self._connection.request(method, args, timeout_ms)
        self._entries.append(entry)
        self._connection.send(entry)
        return Reply(self, entry)

    def _wait_for(self, entries):
        for entry in entries:
            if not entry.done:
                self._connection.wait(entry)
        self._entries = [entry for entry in self._entries if not entry.done]
        if self._connection is not None and not self._entries:
            self._client._give_back(self._connection)
            self._connection = None


async def _within(timeout_ms, coroutine, late=None):
    """What the coroutine returns, or the error. (asyncio.wait_for loses a cancellation that comes with the result.)"""
    task = asyncio.ensure_future(coroutine)
    try:
        done, _ = await asyncio.wait({task}, timeout=timeout_ms / 1000)
        if not done:
            raise late or OSError("connecting took too long")
        return task.result()
    finally:
        task.cancel()


class AsyncClient(_Base):
    """The same for asyncio: every method is awaited, and calls that run together share one connection."""

    def __init__(self, address, **options):
        super().__init__(address, **options)
        self._waiting = _Waiting()
        self._writer = None
        self._task = None  # connects, then reads until the connection is lost
        self._changed = {}  # entry → the future its caller awaits

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_exception):
        await self.close()

    async def recommend_or(self, args=None, /, items=(), *, timeout_ms=DEFAULT_PAGE_TIMEOUT_MS, **named):
        """Never raises: where senda has no answer in time, an empty decision with `items` as its items."""
        try:
            return await self.recommend(args, timeout_ms=timeout_ms, **named)
        except Exception as error:
            return self._stand_in(args, items, named, error)

    async def track_no_reply(self, events=None, /, *, timeout_ms=None, **named):
        """Tracks without waiting for senda. Never raises; tells whether the events were handed to the connection."""
        try:
            return await self._notify("track", _each_event(events, named, _without_nothing), timeout_ms)
        except Exception as error:
            self._report(error)
            return False

    async def auth(self, token, *, timeout_ms=None):
        """Gives the token now, and first on every later connection."""
        reply = await self._invoke("auth", {"token": token}, timeout_ms)
        self.token = token
        return reply

    async def close(self):
        """Closes once what was handed to the connection is sent. Requests still unanswered fail with CLOSED."""
        self._closed = True
        self._waiting.fail(SendaError("CLOSED", "the client was closed"))
        self._wake()
        writer, task = self._writer, self._task
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if writer is not None:
            await asyncio.gather(_within(self.timeout_ms, writer.wait_closed()), return_exceptions=True)

    async def _invoke(self, method, args, timeout_ms):
        self._check_open()
        return await self._finish(self._waiting.request(method, args, self._timeout_of(timeout_ms)))

    async def _notify(self, method, args, timeout_ms):
        self._check_open()
        return await self._finish(self._waiting.notification(method, args, self._timeout_of(timeout_ms)))

    async def _finish(self, entry):
        entry.start_clock()
        future = asyncio.get_running_loop().create_future()
        self._changed[entry] = future
        if self._writer is not None:
            self._hand_over(entry)
        else:
            self._connect()
        try:
            await asyncio.wait({future}, timeout=max(0.0, entry.deadline - time.monotonic()))
        finally:
            self._changed.pop(entry, None)
            late = self._last_failure if self._writer is None else None
            self._waiting.settle(entry, late or entry.timeout_error())
        return entry.outcome()

    def _hand_over(self, entry):
        unsent = self._writer.transport.get_write_buffer_size()
        if unsent and unsent + len(entry.bytes) > MAX_UNSENT_BYTES:
            self._waiting.settle(entry, SendaError("BUSY", f"{unsent} bytes wait to be sent already"))
        else:
            self._writer.write(entry.bytes)
            self._waiting.handed_over(entry)
        self._wake()

    def _wake(self):
        """Lets those go on whose entries are settled."""
        for entry in [entry for entry in self._changed if entry.done]:
            future = self._changed.pop(entry)
            if not future.done():
                future.set_result(None)

    def _connect(self):
        self._fail_impatient()
        if self._task is None and not self._closed:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self):
        try:
            while self._waiting.entries and not self._closed:
                await self._backoff_passed()
                if self._waiting.entries:
                    await self._serve_connection()
        finally:
            self._task = None

    def _fail_impatient(self):
        """Entries that cannot wait until the next attempt fail at once."""
        due = self._backoff.next_attempt
        if due > time.monotonic():
            self._waiting.fail(self._last_failure, lambda entry: entry.deadline <= due)
            self._wake()

    async def _backoff_passed(self):
        self._fail_impatient()
        await asyncio.sleep(max(0.0, self._backoff.next_attempt - time.monotonic()))

    async def _serve_connection(self):
        writer = None
        try:
            reader, writer = await _within(self.timeout_ms, self._dial())
            await self._greet(reader, writer)
            await self._read(reader)
        except (OSError, SendaError, ValueError) as cause:
            self._lost(cause)
        finally:
            self._writer = None
            self._waiting.reset_decoder()
            if writer is not None:
                writer.close()

    def _dial(self):
        if self._port is not None:
            return asyncio.open_connection(self._host, self._port, ssl=self._tls)
        return asyncio.open_unix_connection(self._host)

    async def _greet(self, reader, writer):
        if self.token is not None:
            await _within(self.timeout_ms, self._authenticate(reader, writer), _NoAnswerToToken("no answer to the token"))
        self._writer = writer
        for entry in list(self._waiting.entries.values()):
            self._hand_over(entry)

    async def _authenticate(self, reader, writer):
        entry = self._waiting.request("auth", {"token": self.token}, self.timeout_ms)
        writer.write(entry.bytes)
        try:
            while not entry.done:
                await self._receive(reader)
        finally:
            self._waiting.settle(entry, None)
        entry.outcome()

    async def _read(self, reader):
        while True:
            await self._receive(reader)

    async def _receive(self, reader):
        data = await reader.read(READ_SIZE)
        if not data:
            raise OSError("senda closed the connection")
        try:
            self._feed(self._waiting, data)
        finally:
            self._wake()

    def _lost(self, cause):
        if self._writer is None:
            self._note_unreachable(self._waiting, cause)
        else:
            self._note_broken(self._waiting, cause)
        self._wake()
