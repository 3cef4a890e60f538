"""Seeds of the targets that take MessagePack: values, arguments, connections, replies, packed maps."""

import struct

from packing import Raw, pack, request

METHODS = ["recommend", "track", "identify", "profile.get", "profile.set", "profile.restrict", "profile.erase",
           "profile.export", "explain", "journey.map", "stats", "ping", "hello", "auth", "reload"]

TIMESTAMP_32 = Raw(b"\xd6\xff" + struct.pack(">I", 1790000000))
TIMESTAMP_64 = Raw(b"\xd7\xff" + struct.pack(">Q", 5 << 34 | 1790000000))
TIMESTAMP_96 = Raw(b"\xc7\x0c\xff" + struct.pack(">Iq", 999999999, -1))

VALUES = {
    "everything": pack({"a": [1, -1, 2.5, None, True, "x", b"bin"], "b": {"c": {}}, "d": []}),
    "twice": pack(Raw(b"\x83\xa1a\x01\xa1b\x02\xc4\x01a\x03")),
    "timestamps": pack([TIMESTAMP_32, TIMESTAMP_64, TIMESTAMP_96]),
    "broken-timestamp": pack(Raw(b"\xd7\xff" + struct.pack(">Q", 1000000000 << 34))),
    "odd-timestamp": pack(Raw(b"\xd5\xff\x00\x01")),
    "ext": pack({"k": Raw(b"\xc7\x03\x2aabc")}),
    "number-as-key": pack(Raw(b"\x81\x01\x02")),
    "not-utf8": pack({"k": Raw(b"\xa3\xed\xa0\x80")}),
    "not-utf8-key": pack(Raw(b"\x81\xa2\xc0\x80\xc0")),
    "numbers": pack([1 << 31, -(1 << 31), -33, -129, -32769, -(1 << 40), 1 << 53, (1 << 53) + 1, 1e300, -0.0, 65536.0]),
    "no-number": pack([float("nan")]),
    "infinity": pack([Raw(b"\xca\x7f\x80\x00\x00")]),
    "wide-forms": pack(Raw(b"\xdf\x00\x00\x00\x01\xdb\x00\x00\x00\x01a\xdd\x00\x00\x00\x01\xcf\x00\x00\x00\x00\x00\x00\x00\x05")),
    "long-text": pack({"k": "x" * 300, "l": "y" * 40, "m": Raw(b"\xdb\x00\x01\x00\x01" + b"z" * 65537)}),
    "many": pack(list(range(20))) ,
    "bomb": b"\xdd\xff\xff\xff\xff",
}


def arguments(method, params):
    return bytes([METHODS.index(method)]) + pack(params)


ARGUMENTS = {
    "recommend": arguments("recommend", [{"placement": "hero", "count": 3.0, "exclude": ["guide"], "explain": True, "at": TIMESTAMP_64}]),
    "recommend-bin": arguments("recommend", {b"placement": b"hero", "traits": [], "context": {"x": 1}}),
    "recommend-none": arguments("recommend", []),
    "nil": arguments("recommend", {"placement": "hero", "customer": None}),
    "twice": arguments("recommend", Raw(b"\x82\xa9placement\xa1a\xa9placement\xa1b")),
    "unknown": arguments("recommend", {"placment": "hero"}),
    "far": arguments("hello", {"zzzzzzzzzzzz": 1}),
    "too-many": arguments("recommend", {"placement": "hero", "count": 51}),
    "fraction": arguments("recommend", {"placement": "hero", "count": 1.5}),
    "key": arguments("recommend", Raw(b"\x81\x01\x02")),
    "batch": arguments("track", [[{"event": "click", "customer": "ana"}, {"event": "view", "value": 2.5}, 7]]),
    "empty-batch": arguments("track", [[]]),
    "event": arguments("track", [{"event": "purchase", "customer": "ana", "id": "k", "value": 19.5, "properties": {"a": 1}, "at": 5}]),
    "several": arguments("track", [{}, {}]),
    "identify": arguments("identify", [{"anonymous": "a", "customer": "b"}]),
    "set": arguments("profile.set", [{"customer": "ana", "traits": {"a": 1}, "consents": {"m": True}, "persona": "rider"}]),
    "restrict": arguments("profile.restrict", [{"customer": "ana", "restricted": 1}]),
    "days": arguments("journey.map", [{"journey": "walk", "from": "2026-02-30", "to": TIMESTAMP_32}]),
    "no-day": arguments("journey.map", [{"journey": "walk", "from": "yesterday", "to": []}]),
    "ping": arguments("ping", "anything"),
    "no-arguments": arguments("stats", [{"x": 1}]),
    "texts": arguments("recommend", {"placement": "hero", "exclude": ["a", 7]}),
    "types": arguments("recommend", {"placement": 7, "customer": {}, "count": "x", "context": 1, "exclude": "a"}),
    "name": b"\xffrecomend",
    "name-known": b"\xffprofile.get",
    "name-far": b"\xff\x00\x01 nothing like it",
}


def connection(flags, cuts, sent):
    return bytes([flags, len(cuts)]) + b"".join(struct.pack(">H", cut) for cut in cuts) + sent


HERO = request("recommend", {"placement": "hero", "dry_run": True, "at": 1893456000, "seed": 7})

CONNECTIONS = {
    "ping": connection(0, [1], request("ping")),
    "several": connection(0, [10, 3, 40], request("ping") + HERO + request("recommend", {"placement": "list"}, id=2) + request("stats", id=3)),
    "hello": connection(0, [5], request("hello", {"errors": "pair"}) + request("nothing", id=2) + pack([2, "ping", []])),
    "auth": connection(2, [20, 1, 1], request("ping") + request("auth", {"token": "secret"}, id=2) + HERO),
    "wrong-token": connection(2, [20], request("auth", {"token": "wrong"}) + request("ping", id=2)),
    "control": connection(4, [], request("reload") + request("ping", id=2)),
    "no-site": connection(1, [30], HERO + request("stats", id=2)),
    "too-large": connection(0, [8, 4000, 7], request("ping") + pack([0, 9, "ping", "x" * 5000]) + request("ping", id=10)),
    "too-large-bomb": connection(0, [4], request("ping") + pack([0, 9, "ping", Raw(b"\xdd\xff\xff\xff\xff")]) + request("ping", id=10)),
    "too-deep": connection(0, [6, 6, 6], pack([0, 9, "ping", Raw(b"\x91" * 20 + b"\x90")]) + request("ping", id=10)),
    "too-many": connection(0, [100], pack([0, 9, "ping", [0] * 300]) + request("ping", id=10)),
    "envelope": connection(0, [3], request("ping") + b"\x93\x00\x05\xa1x" + request("ping", id=2)),
    "no-id": connection(0, [9], request("ping") + b"\x94\x00\xa1x\xa4ping\x90" + request("ping", id=2)),
    "no-message": connection(0, [9], request("ping") + b"\x07" + request("ping", id=2)),
    "cut": connection(0, [9], request("ping") + HERO[:-3]),
    "unused": connection(0, [2], b"\x94\x00\x05\xa4ping\xc1" + request("ping", id=6)),
    "response": connection(0, [2], b"\x94\x01\x05\xc0\xc0" + request("ping", id=6)),
    "much": connection(0, [4096, 4096, 4096], b"".join(request("recommend", {"placement": "list", "explain": True}, id=id) for id in range(60))),
}

RESPONSE = {"items": [{"offer": "guide", "score": 1.5, "data": {"pages": 24}}], "fallback": None, "known": False, "at": 1 << 40}

REPLIES = {
    "answer": b"\x08" + pack([1, 7, None, RESPONSE]),
    "bytes": b"\x00" + pack([1, 70000, None, {"b": b"bin", "e": "", "t": "\u00e9\n\t\"\\"}]),
    "error": b"\x03" + pack([1, 7, "NOT_FOUND: nobody", None]),
    "error-without-code": b"\x03" + pack([1, 7, "it went wrong: badly", None]),
    "error-colon-last": b"\x03" + pack([1, 7, "CODE:", None]),
    "pair": b"\x03" + pack([1, 7, [3, "nobody"], None]),
    "pair-of-names": b"\x03" + pack([1, 7, ["CODE", "nobody"], None]),
    "error-map": b"\x03" + pack([1, 7, {"code": 1}, None]),
    "notification": b"\x03" + pack([2, "decided", [RESPONSE]]),
    "numbers": b"\x01" + pack([1, 7, None, [1e300, 0.1, -0.0, Raw(b"\xcf" + b"\xff" * 8), Raw(b"\xca\x7f\x80\x00\x00"), -(1 << 62)]]),
    "keys": b"\x01" + pack([1, 7, None, Raw(b"\x84\x01\x02\xc0\x03\xa1a\x04\xa1a\x05")]),
    "nul": b"\x01" + pack([1, 7, None, {"a\0b": "c\0d"}]),
    "ext": b"\x01" + pack([1, 7, None, [Raw(b"\xd6\xff\0\0\0\1")]]),
    "not-utf8": b"\x01" + pack([1, 7, None, Raw(b"\xa3\xed\xa0\x80")]),
    "deep": b"\x01" + pack([1, 7, None, Raw(b"\x91" * 22 + b"\x90")]),
    "too-deep": b"\x01" + pack([1, 7, None, Raw(b"\x91" * 40 + b"\x90")]),
    "request": b"\x01" + request("ping"),
    "bomb": b"\x01\x94\x01\x07\xc0\xdd\xff\xff\xff\xff",
    "unused": b"\x01\x94\x01\x07\xc0\xc1",
    "cut": b"\x01" + pack([1, 7, None, RESPONSE])[:-4],
}

PACKED = {
    "empty": b"\x80",
    "plain": pack({"size": "M", "cart": [1, {"a": None}], "n": None}),
    "bin-key": pack({b"k": 1.5}),
    "wide": b"\xde\x00\x01\xd9\x01a\xdc\x00\x01\xc0",
    "wider": b"\xdf\x00\x00\x00\x01\xda\x00\x01a\xc6\x00\x00\x00\x01x",
    "ext": pack({"k": Raw(b"\xc7\x02\x05ab"), "l": Raw(b"\xd8\x05" + bytes(16)), "m": Raw(b"\xc8\x00\x01\x05a")}),
    "number-as-key": b"\x81\x01\x02",
    "no-map": b"\x91\x01",
    "behind": b"\x80\x00",
    "cut": pack({"size": "medium"})[:-1],
    "bomb": b"\xdf\xff\xff\xff\xff\xa1a",
    "bomb-within": b"\x81\xa1a\xdd\xff\xff\xff\xff",
    "unused": b"\x81\xa1a\xc1",
    "deep": b"\x81\xa1a" + b"\x91" * 100 + b"\x90",
}

SEEDS = {"value": VALUES, "method": ARGUMENTS, "connection": CONNECTIONS, "reply": REPLIES, "packed": PACKED}
