"""Seeds of the targets around the store and between processes: keys, entries, rows, notes, rings, bundles, channels."""

import struct

from packing import pack

NOW = 1790000000000


def short(text):
    return bytes([len(text)]) + text


def long(text):
    return struct.pack(">H", len(text)) + text


def entry(key, value):
    return short(key) + long(value)


# ---- Keys: two moments, a seed, two ids, a name ----

def keys(a=NOW, b=NOW + 1, seed=7, id=b"ana", other=b"bo", name=b"walk"):
    return struct.pack(">qqQ", a, b, seed) + short(id) + short(other) + long(name)


KEYS = {
    "plain": keys(),
    "nobody": keys(id=b"", other=b"", name=b""),
    "longest": keys(id=b"x" * 128, other=b"\0" * 128, name=b"y" * 300),
    "before": keys(a=-1, b=-5),
    "ends": keys(a=(1 << 63) - 1, b=-(1 << 63), seed=(1 << 64) - 1),
    "record": b"c\x03ana\0",
    "event": b"c\x03anai" + struct.pack(">Q", NOW << 20 | 5),
    "event-cut": b"c\x03anai123",
    "timer": b"c\x03anat\x04walk",
    "due": b"t" + struct.pack(">q", NOW) + b"\x03ana\x04walk",
    "decision": b"d" + struct.pack(">qQ", NOW * 1000, 7),
    "promise": b"r" + struct.pack(">qQQ", NOW * 1000, 7, 9),
    "forget": b"x\x03ana",
    "too-long": b"c\xc8" + b"x" * 200,
    "cut": b"c\x10ana",
}

# ---- The funnel ----

def row_key(day, hash=bytes(16)):
    return struct.pack(">I", day) + hash


STAGE = [["walk", "curious", None, None, 3, 2, 1], ["walk", "choosing", None, None, 2, 0, 1]]
OFFER = ["walk", "curious", "guide", "hero", 5, 4, 3, 2, 1, 19.5]

MAPS = {
    "one": entry(row_key(20260301), pack(STAGE[0])),
    "several": entry(row_key(20260301), pack(STAGE[0])) + entry(row_key(20260302), pack(STAGE[1])) +
               entry(row_key(20260302, b"\1" * 16), pack(OFFER)),
    "outside": entry(row_key(20251231), pack(STAGE[0])) + entry(row_key(20270101), pack(STAGE[0])),
    "other-journey": entry(row_key(20260301), pack(["talk", "hello", None, None, 1, 1, 0])),
    "gone": entry(row_key(20260301), pack(["walk", "gone", None, None, 1, 0, 0])),
    "nowhere": entry(row_key(20260301), pack(["walk", None, "gone", None, 1, 0, 0, 0, 0, 0])),
    "alias": entry(row_key(20260301), pack(["walk", "elección", None, None, 1, 0, 0])),
    "longer": entry(row_key(20260301), pack(STAGE[0] + [9, "more"])),
    "short": entry(row_key(20260301), pack(["walk", "curious", None, None, 3])),
    "names": entry(row_key(20260301), pack([1, 2, None, None, 3, 2, 1])),
    "fraction": entry(row_key(20260301), pack(["walk", "curious", None, None, 3.5, -1e15, 1e300])),
    "bomb": entry(row_key(20260301), b"\xdf\xdf\xdf\xdf\xdf"),
    "no-row": entry(row_key(20260301), b"x") + entry(b"\x0a", b"") + entry(b"", b""),
}

# ---- The store ----

def known(newest, *ids):
    return struct.pack(">q", newest) + b"".join(struct.pack(">QI", hash, after) for hash, after in ids)


def own(id, behind=b"\0"):
    return b"c" + short(id) + behind


def store(first, *entries):
    return bytes([first]) + b"".join(entry(key, value) for key, value in entries)


def stores(customers):
    moment = b"i" + struct.pack(">Q", NOW << 20 | 5)
    person = (own(b"ana"), customers["everything"])
    decision = struct.pack(">qQ", NOW * 1000, 7)
    return {
        "empty": store(0),
        "person": store(0, person),
        "newcomer": store(1, (own(b"ana"), customers["new"])),
        "damaged": store(0, (own(b"ana"), customers["cut"])),
        "broken-traits": store(2, (own(b"ana"), customers["broken-traits"])),
        "alias": store(0, (own(b"ana"), b"\2maria"), (own(b"maria"), customers["everything"])),
        "circle": store(0, (own(b"ana"), b"\2maria"), (own(b"maria"), b"\2ana")),
        "two": store(1, person, (own(b"anon"), customers["times"])),
        "known": store(0, person, (own(b"ana", moment), known(NOW, (5, 0), (6, 7)))),
        "known-old": store(5, person, (own(b"ana", moment), known(NOW - 10 * 86400000, (5, 0)))),
        "known-odd": store(0, person, (own(b"ana", moment), b"abc"), (own(b"ana", b"i123"), known(NOW))),
        "known-ends": store(5, (own(b"ana", moment), known(-(1 << 63), (1, 2)))),
        "timer": store(5, person, (own(b"ana", b"t\x04walk"), struct.pack(">q", NOW - 1)),
                       (b"t" + struct.pack(">q", NOW - 1) + b"\x03ana\x04walk", b"")),
        "timer-of-nobody": store(5, (b"t" + struct.pack(">q", -1) + b"\x03ana\x04walk", b"x"), (b"t", b"")),
        "stock": store(5, (b"s\x05guide", struct.pack(">QQ", 3, 0)), (b"r" + decision + bytes(8), b"\0guide"),
                       (b"d" + decision, bytes(8))),
        "promises": store(5, (b"r" + bytes(24), b"\0guide"), (b"r" + bytes(23) + b"\1", b""), (b"d" + bytes(16), b"x"),
                          (b"r", b"\1"), (b"d", b"")),
        "no-customer": store(0, (b"c\0i" + bytes(8), struct.pack(">q", NOW))),
        "forgotten": store(3, (b"x\x03ana", struct.pack(">q", NOW)), (b"x", b"")),
        "funnel": store(0, (b"f" + row_key(20260921), pack(STAGE[0]))),
        "meta": store(4, (b"mrings", bytes(24)), (b"merased", b"x")),
    }


# ---- Rings ----

RINGS = {
    "steps": b"\x01" + bytes([2, 5, 0, 2, 100, 3, 60, 0, 0, 1, 2, 200, 0, 1]),
    "around": b"\x01" + bytes([2, 120, 0, 1] * 12),
    "full": b"\x01" + bytes([2, 200] * 4),
    "small": b"\x01" + bytes([2, 1] * 40 + [0] * 30 + [1] + [2, 0] * 3),
    "too-long": b"\x01" + bytes([3, 200, 3, 255, 2, 248, 2, 249]),
    "sound": b"\x00" + struct.pack(">HH", 0, 32) + struct.pack("<Q8sQ8s", 8, b"a" * 8, 3, b"bcd"),
    "skip": b"\x00" + struct.pack(">HH", 0, 1024) + struct.pack("<Q", (1 << 64) - 1),
    "nothing": b"\x00" + struct.pack(">HH", 8, 64) + bytes(64),
    "huge": b"\x00" + struct.pack(">HH", 504, 64) + b"\x7f" * 512,
    "edge": b"\x00" + struct.pack(">HH", 0, 2048) + struct.pack("<Q", 256) + bytes(256) + struct.pack("<Q", 241),
}

# ---- Notes ----

def note(text):
    return text.encode()


NOTE = "senda backup 1\nmade 1790000000\nkeys 12\ncustomers 3\nsegments 2\nbytes 4096\nsum 0123456789abcdef\n"

NOTES = {
    "plain": note(NOTE),
    "newer": note(NOTE.replace("backup 1", "backup 2")),
    "cut": note(NOTE[:40]),
    "nothing": b"",
    "another": b"something else\n",
    "ends": note(NOTE.replace("12", "18446744073709551615").replace("1790000000", "-1")),
    "negative": note(NOTE.replace("keys 12", "keys -12")),
    "blanks": note(NOTE.replace("\n", " ")),
    "behind": note(NOTE + "more\n"),
    "huge": note(NOTE.replace("backup 1", "backup 4294967297")),
    "nul": note(NOTE.replace("keys", "ke\0ys")),
}

# ---- Bundles ----

def header(files, ignored, size, version=b"0" * 32 + bytes(8)):
    return b"sendabn1" + version + struct.pack("<QQQ", files, ignored, size)


ONE = header(1, 0, 72 + 32 + 12) + struct.pack("<QQQQ", 104, 4, 109, 6) + b"site\0return\0"

BUNDLES = {
    "files": b"\x01" + short(b"site.lua") + long(b"site 'x' {}") + short(b"offers/a.lua") + long(b"") + short(b"a") + long(b"\0\0"),
    "none": b"\x01",
    "empty-name": b"\x01" + short(b"") + long(b"x"),
    "one": b"\x00" + ONE,
    "outside": b"\x00" + header(1, 0, 116) + struct.pack("<QQQQ", 104, 4, 109, 7) + b"site\0return\0",
    "overflow": b"\x00" + header(1, 0, 116) + struct.pack("<QQQQ", 104, (1 << 64) - 90, 109, 6) + b"site\0return\0",
    "many": b"\x00" + header(1 << 60, 1 << 60, 116) + ONE[72:],
    "size": b"\x00" + header(1, 0, 117) + ONE[72:],
    "no-end": b"\x00" + header(1, 0, 116, b"0" * 40) + ONE[72:],
    "no-nul": b"\x00" + ONE[:-1] + b"x",
    "unsorted": b"\x00" + header(2, 0, 72 + 64 + 4) + struct.pack("<QQQQ", 136, 1, 137, 0) + struct.pack("<QQQQ", 138, 1, 139, 0) + b"b\0a\0",
    "ignored": b"\x00" + header(0, 1, 72 + 32 + 2) + struct.pack("<QQQQ", 104, 1, 0, 0) + b"x\0",
    "short": b"\x00sendabn1",
}

# ---- Channels ----

CHANNELS = {
    "packet": b"\x00" + struct.pack("<IIQQ", 3, 7, 0, 0) + b"text",
    "no-text": b"\x00" + struct.pack("<IIQQ", 10, 7, 8, 1),
    "no-type": b"\x00" + struct.pack("<IIQQ", 0, 7, 8, 1),
    "type": b"\x00" + struct.pack("<IIQQ", 11, 7, 8, 1),
    "cut": b"\x00" + bytes(23),
    "message": b"\x01\x00" + struct.pack(">IQQB", 7, 8, 9, 0) + b"a text",
    "with-descriptor": b"\x01\x05" + struct.pack(">IQQB", 7, 8, 9, 1),
}

DECISIONS = {
    "name": b"AAZbyPJKoAAAAAAAAAAAB2FiY2Q",
    "longest": b"__________-----____________8",
    "name-ends": b"___________________________",
    "digit": b"AAZbyPJKoAAAAAAAAAAAB2FiY2$",
    "short": b"AAZb",
    "nul": b"AAZbyPJKoAAAAAAA\0AAAB2FiY2Q",
    "padded": b"AAZbyPJKoAAAAAAAAAAAB2FiY2Q=",
    "bytes": struct.pack(">qQ", NOW * 1000, 7) + b"abcd",
}


def seeds(customers):
    """All of them; `customers` are records of those."""
    return {"keys": KEYS, "map": MAPS, "store": stores(customers), "ring": RINGS, "note": NOTES, "bundle": BUNDLES,
            "channel": CHANNELS, "decision_id": DECISIONS}
