"""A MessagePack-RPC client that shows what really came over the socket."""

import socket

import msgpack

from process import DEADLINE

REQUEST, RESPONSE, NOTIFICATION = 0, 1, 2


class RpcError(Exception):
    """What the daemon answered instead of a result; `error` is as it came."""

    def __init__(self, error):
        super().__init__(error)
        self.error = error


def pack(value, **options):
    return msgpack.packb(value, **options)


def request(method, params=None, msgid=1):
    return pack([REQUEST, msgid, method, [params or {}]])


def connect(address):
    kind, _, rest = address.partition(":")
    if kind == "unix":
        connection = socket.socket(socket.AF_UNIX)
        where = rest
    else:
        host, _, port = rest.rpartition(":")
        connection = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        where = (host.strip("[]"), int(port))
    connection.settimeout(DEADLINE)
    connection.connect(where)
    return connection


class Client:
    def __init__(self, address):
        self.socket = connect(address)
        self.unpacker = msgpack.Unpacker(raw=False, strict_map_key=False, max_buffer_size=1 << 28)
        self.last_id = 0

    def send(self, data):
        self.socket.sendall(data)

    def end(self):
        """Says that nothing more will be sent; what the daemon answers still comes."""
        self.socket.shutdown(socket.SHUT_WR)

    def receive(self):
        """The next message; EOFError where the daemon closed the connection."""
        while True:
            try:
                return self.unpacker.unpack()
            except msgpack.OutOfData:
                data = self.socket.recv(1 << 16)
                if not data:
                    raise EOFError from None
                self.unpacker.feed(data)

    def receive_all(self):
        """Every message until the daemon closes the connection."""
        messages = []
        while True:
            try:
                messages.append(self.receive())
            except EOFError:
                return messages

    def receive_bytes(self):
        """Every byte until the daemon closes the connection."""
        parts = []
        while True:
            data = self.socket.recv(1 << 16)
            if not data:
                return b"".join(parts)
            parts.append(data)

    def ask(self, method, *params):
        """The error and the result of one request, whose parameters are exactly these."""
        self.last_id += 1
        self.send(pack([REQUEST, self.last_id, method, list(params)]))
        kind, msgid, error, result = self.receive()
        if (kind, msgid) != (RESPONSE, self.last_id):
            raise AssertionError(f"a reply to {self.last_id} was awaited, not {kind}, {msgid}")
        return error, result

    def call(self, method, **arguments):
        """The result of one request; RpcError where there is none."""
        error, result = self.ask(method, arguments)
        if error is not None:
            raise RpcError(error)
        return result

    def recommend(self, placement="hero", **arguments):
        return self.call("recommend", placement=placement, **arguments)

    def notify(self, method, *params):
        self.send(pack([NOTIFICATION, method, list(params)]))

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
