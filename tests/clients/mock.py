#!/usr/bin/python3
"""A scripted stand-in for senda: answers by the contract, or misbehaves on purpose.

usage: mock.py DIRECTORY

Listens on DIRECTORY/<behaviour>.sock, one socket for every entry of BEHAVIOURS, and on a free TCP port of
the loopback (behaviour `plain`). Prints `ready tcp:127.0.0.1:PORT` once it serves, and ends when its standard
input does, so that no test can leave it behind.

Beside the methods of the contract it knows `mock.echo` (returns its arguments), `mock.log` (returns every
message this behaviour has received) and `mock.drop` (closes the connection without an answer); `hold` knows
`mock.hold` (answered, with its arguments, only after `mock.release`) and `mock.held` (how many wait for that).
"""

import array
import asyncio
import difflib
import fcntl
import os
import socket
import sys
import termios

import msgpack

# What an event counts as for the offer that it names.
TOUCHES = {"impression": "impressions", "click": "clicks", "dismiss": "dismissals", "conversion": "conversions",
           "purchase": "conversions"}

TOKEN = "secret"
REORDER_BATCH = 5
MAX_COUNT = 50

ARGUMENTS = {
    "recommend": {
        "placement", "customer", "stage", "persona", "journey", "locale", "touchpoint", "traits", "consents",
        "count", "context", "exclude", "explain", "dry_run", "at", "seed",
    },
    "track": {
        "event", "customer", "id", "decision", "offer", "placement", "touchpoint", "value", "at", "properties",
    },
    "identify": {"anonymous", "customer"},
    "profile.get": {"customer"},
    "profile.set": {"customer", "traits", "consents", "persona", "stage", "journey", "locale"},
    "profile.restrict": {"customer", "restricted"},
    "profile.erase": {"customer"},
    "profile.export": {"customer"},
    "explain": {"decision"},
    "journey.map": {"journey", "from", "to"},
    "stats": set(),
    "ping": set(),
    "hello": {"client", "version", "errors"},
    "auth": {"token"},
}


# Codes by their number less one, for errors that go as pairs.
CODES = ["INVALID", "UNKNOWN_METHOD", "NOT_FOUND", "TOO_LARGE", "UNAUTHORIZED", "OVERLOADED", "UNAVAILABLE", "INTERNAL"]


class Refusal(Exception):
    """An error reply: `code` as documented, `text` names the field at fault."""

    def __init__(self, code, text):
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


def nearest(name, names):
    close = difflib.get_close_matches(name, sorted(names), 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def text_of(value):
    return value.decode() if isinstance(value, bytes) else value


class Site:
    """What the mock remembers of customers: enough to answer each method in its documented shape."""

    def __init__(self):
        self.profiles = {}
        self.event_ids = set()
        self.decisions = {}

    def answer(self, method, params):
        if method not in ARGUMENTS:
            raise Refusal("UNKNOWN_METHOD", f"no method '{method}'{nearest(method, ARGUMENTS)}")
        args = params[0] if isinstance(params, (list, tuple)) and params else params
        if method == "track" and isinstance(args, list) and args:
            return [self.track_one_of_batch(event) for event in args]
        return getattr(self, "do_" + method.replace(".", "_"))(self.checked(method, args or {}))

    def checked(self, method, args):
        if not isinstance(args, dict):
            raise Refusal("INVALID", "params: a map of arguments is due")
        args = {text_of(name): value for name, value in args.items()}
        for name in args:
            if name not in ARGUMENTS[method]:
                raise Refusal("INVALID", f"{name}: no such argument{nearest(name, ARGUMENTS[method])}")
        return args

    def require(self, args, name):
        if not isinstance(args.get(name), (str, bytes)):
            raise Refusal("INVALID", f"{name}: required, a text")
        return text_of(args[name])

    def do_ping(self, _args):
        return {"pong": True}

    def do_stats(self, _args):
        return {"requests": len(self.decisions)}

    def do_hello(self, args):
        return {"server": "senda-mock", "version": "0", "errors": text_of(args.get("errors", "text")),
                "methods": sorted(ARGUMENTS)}

    def do_auth(self, args):
        if self.require(args, "token") != TOKEN:
            raise Refusal("UNAUTHORIZED", "token: not the configured one")
        return {"authorized": True}

    def do_recommend(self, args):
        placement = self.require(args, "placement")
        if placement != "hero":
            raise Refusal("INVALID", f"placement: no placement '{placement}'{nearest(placement, ['hero'])}")
        count = args.get("count", 1)
        if not isinstance(count, (int, float)) or not 1 <= count <= MAX_COUNT:
            raise Refusal("INVALID", "count: a number from 1 to 50 is due")
        decision = f"d-{len(self.decisions) + 1}"
        reply = {
            "decision": decision,
            "known": text_of(args.get("customer")) in self.profiles,
            "journey": "seven-stages",
            "stage": text_of(args.get("stage", "awareness")),
            "persona": None,
            "placement": placement,
            "strategy": None,
            "version": "00c0ffee",
            "items": [self.item(rank) for rank in range(int(count))],
            "fallback": None,
            "experiments": {},
        }
        self.decisions[decision] = reply
        return reply

    def item(self, rank):
        return {
            "offer": f"offer-{rank + 1}", "kind": "guide", "title": "Guía de compra", "url": "/guide",
            "score": 1.0 / (rank + 1), "propensity": 1, "because": "it fits the stage", "data": {"colour": "red"},
        }

    def track_one_of_batch(self, event):
        try:
            return self.do_track(self.checked("track", event))
        except Refusal as refusal:
            return {"accepted": False, "error": str(refusal)}

    def make(self, customer):
        """The profile of a customer, made where there is none."""
        fresh = {"customer": text_of(customer), "journey": "seven-stages", "stage": "awareness", "traits": {}, "consents": {},
                 "restricted": False, "counts": {}, "offers": {}}
        return self.profiles.setdefault(text_of(customer), fresh)

    def count(self, args, event):
        profile = self.make(args["customer"])
        profile["counts"][event] = profile["counts"].get(event, 0) + 1
        if args.get("offer") and event in TOUCHES:
            offer = profile["offers"].setdefault(text_of(args["offer"]), dict.fromkeys(TOUCHES.values(), 0))
            offer[TOUCHES[event]] += 1

    def do_track(self, args):
        event = self.require(args, "event")
        if not event:
            raise Refusal("INVALID", "event: expected 1 to 64 bytes, got 0")
        event_id = (text_of(args.get("customer")), text_of(args.get("id")))
        duplicate = event_id in self.event_ids
        if "id" in args:
            self.event_ids.add(event_id)
        if "customer" in args and not duplicate:
            self.count(args, event)
        return {
            "accepted": True, "duplicate": duplicate, "journey": "seven-stages", "stage": "awareness", "moved": False,
        }

    def do_identify(self, args):
        customer, anonymous = self.require(args, "customer"), self.require(args, "anonymous")
        profile, visitor = self.make(customer), self.make(anonymous)
        merged = visitor is not profile
        for part in ("traits", "consents", "counts", "offers"):  # nobody here has a history under both names
            profile[part] = {**visitor[part], **profile[part]}
        self.profiles[text_of(anonymous)] = profile
        return {"customer": customer, "merged": merged, "journey": "seven-stages", "stage": "awareness"}

    def profile(self, args):
        customer = self.require(args, "customer")
        if customer not in self.profiles:
            raise Refusal("NOT_FOUND", f"customer: nobody known as '{customer}'")
        return self.profiles[customer]

    def do_profile_get(self, args):
        return dict(self.profile(args))

    def do_profile_set(self, args):
        profile = self.make(self.require(args, "customer"))
        profile["traits"].update(args.get("traits") or {})
        profile["consents"].update(args.get("consents") or {})
        return self.do_profile_get(args)

    def do_profile_restrict(self, args):
        self.profile(args)["restricted"] = bool(args.get("restricted"))
        return self.do_profile_get(args)

    def do_profile_erase(self, args):
        profile = self.profiles.get(self.require(args, "customer"))
        self.profiles = {name: known for name, known in self.profiles.items() if known is not profile}
        self.event_ids = {(name, event_id) for name, event_id in self.event_ids if name is None or name in self.profiles}
        return {"customer": self.require(args, "customer"), "erased": True, "removed": {"events": 0}}

    def do_profile_export(self, args):
        return self.do_profile_get(args)

    def do_explain(self, args):
        decision = self.require(args, "decision")
        if decision not in self.decisions:
            raise Refusal("NOT_FOUND", f"decision: no decision '{decision}'")
        return {**self.decisions[decision], "trace": []}

    def do_journey_map(self, args):
        return {"journey": args.get("journey", "seven-stages"), "from": args.get("from"), "stages": [{"stage": "awareness"}]}


class Connection:
    """One client's connection: its number, its stream and what it asked to be answered like."""

    def __init__(self, number, writer):
        self.number = number
        self.writer = writer
        self.authorized = False
        self.pair_errors = False
        self.held = []

    def send(self, frame):
        self.writer.write(frame)

    def drop(self):
        self.writer.close()


class Plain:
    """Answers everything at once, by the contract. The other behaviours change how a reply is delivered."""

    def __init__(self):
        self.site = Site()
        self.connections = 0
        self.log = []

    async def serve(self, reader, writer):
        self.connections += 1
        connection = Connection(self.connections, writer)
        unpacker = msgpack.Unpacker(strict_map_key=False)
        try:
            while not writer.is_closing() and (chunk := await reader.read(65536)):
                unpacker.feed(chunk)
                await self.receive_all(connection, unpacker)
                await writer.drain()
        except (ConnectionError, BrokenPipeError):
            pass
        connection.drop()

    async def receive_all(self, connection, messages):
        for message in messages:
            await self.receive(connection, message)
            if connection.writer.is_closing():
                return

    async def receive(self, connection, message):
        request = message[0] == 0
        msgid = message[1] if request else None
        method, params = text_of(message[-2]), message[-1]
        self.log.append({"connection": connection.number, "msgid": msgid, "method": method, "params": params})
        if method == "mock.drop":
            connection.drop()
            return
        error, result = self.outcome(connection, method, params)
        if request and not connection.writer.is_closing():
            await self.deliver(connection, msgpack.packb([1, msgid, error, result]))

    def outcome(self, connection, method, params):
        try:
            result = self.answer(connection, method, params)
            if method == "hello":
                connection.pair_errors = result["errors"] == "pair"
            return None, result
        except Refusal as refusal:
            pair = [CODES.index(refusal.code) + 1, refusal.text]
            return pair if connection.pair_errors else str(refusal), None

    def answer(self, connection, method, params):
        if method == "mock.echo":
            return params[0]
        if method == "mock.log":
            return {"log": self.log}
        return self.site.answer(method, params)

    async def deliver(self, connection, frame):
        connection.send(frame)


class Fragment(Plain):
    """Sends replies byte by byte, each only once the client has read the one before."""

    async def deliver(self, connection, frame):
        for position in range(len(frame)):
            connection.send(frame[position:position + 1])
            while not connection.writer.is_closing() and self.unread(connection):
                await asyncio.sleep(0)

    def unread(self, connection):
        count = array.array("i", [0])
        fcntl.ioctl(connection.writer.get_extra_info("socket").fileno(), termios.TIOCOUTQ, count)
        return count[0] > 0


class Frozen(Plain):
    """Takes connections and reads next to nothing from them."""

    async def serve(self, reader, writer):
        await asyncio.Event().wait()


class Reorder(Plain):
    """Holds REORDER_BATCH replies, then sends them last first."""

    async def deliver(self, connection, frame):
        connection.held.append(frame)
        if len(connection.held) == REORDER_BATCH:
            connection.send(b"".join(reversed(connection.held)))
            connection.held.clear()


class Late(Plain):
    """Sends the reply to the first request only when the second has come, before the second's."""

    async def deliver(self, connection, frame):
        connection.held.append(frame)
        if len(connection.held) == 2:
            connection.send(b"".join(connection.held))
            connection.held.clear()


class Hang(Plain):
    """Takes requests and never answers."""

    async def deliver(self, connection, frame):
        pass


class BreakOnce(Plain):
    """Closes its first connection in the middle of the first reply; later ones are served."""

    async def deliver(self, connection, frame):
        if connection.number > 1:
            connection.send(frame)
            return
        connection.send(frame[:len(frame) // 2])
        connection.drop()


class BreakAlways(Plain):
    """Closes every connection in the middle of the first reply."""

    async def deliver(self, connection, frame):
        connection.send(frame[:len(frame) // 2])
        connection.drop()


class Auth(Plain):
    """Answers UNAUTHORIZED to everything but `auth` until the connection has given the token."""

    def answer(self, connection, method, params):
        if method != "auth" and not connection.authorized:
            raise Refusal("UNAUTHORIZED", "give the token with auth first")
        result = super().answer(connection, method, params)
        connection.authorized = connection.authorized or method == "auth"
        return result


class Wary(Auth):
    """Refuses a token that is wrong when it is shown for the first time, and from then on takes long to look at it."""

    def __init__(self):
        super().__init__()
        self.refused = set()

    async def receive(self, connection, message):
        token = message[-1][0].get("token") if text_of(message[-2]) == "auth" else None
        if token not in self.refused:
            await super().receive(connection, message)
        if token not in (None, TOKEN):
            self.refused.add(token)


class Hold(Plain):
    """Keeps the answers to `mock.hold` until anybody sends `mock.release`."""

    def __init__(self):
        super().__init__()
        self.held = []

    async def receive(self, connection, message):
        if text_of(message[-2]) == "mock.hold":
            self.held.append((connection, msgpack.packb([1, message[1], None, message[-1][0]])))
            return
        if text_of(message[-2]) == "mock.release":
            for holder, frame in self.held:
                holder.send(frame)
            self.held.clear()
        await super().receive(connection, message)

    def answer(self, connection, method, params):
        return {"held": len(self.held)} if method in ("mock.held", "mock.release") else super().answer(connection, method, params)


class Garbage(Plain):
    """Answers with bytes that are no MessagePack-RPC."""

    async def deliver(self, connection, frame):
        connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


class Unasked(Plain):
    """Puts a notification and an answer nobody waits for before each reply."""

    async def deliver(self, connection, frame):
        connection.send(msgpack.packb([2, "news", [{}]]) + msgpack.packb([1, 4_000_000_000, "INTERNAL: no", None]))
        connection.send(frame)


BEHAVIOURS = {
    "plain": Plain,
    "fragment": Fragment,
    "reorder": Reorder,
    "late": Late,
    "hang": Hang,
    "frozen": Frozen,
    "hold": Hold,
    "break-once": BreakOnce,
    "break-always": BreakAlways,
    "auth": Auth,
    "wary": Wary,
    "garbage": Garbage,
    "unasked": Unasked,
}


async def wait_for_end_of_input():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def main(directory):
    for name, behaviour in BEHAVIOURS.items():
        await asyncio.start_unix_server(behaviour().serve, os.path.join(directory, name + ".sock"))
    tcp = await asyncio.start_server(Plain().serve, "127.0.0.1", 0, family=socket.AF_INET)
    print("ready tcp:127.0.0.1:%d" % tcp.sockets[0].getsockname()[1], flush=True)
    await wait_for_end_of_input()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: mock.py DIRECTORY")
    asyncio.run(main(sys.argv[1]))
