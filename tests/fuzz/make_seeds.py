#!/usr/bin/env python3
"""Writes the fuzz targets' seeds anew: tests/fuzz/make_seeds.py. What fuzzing has found stands beside them as found-*."""

import os
import random
import struct

import seeds_store
import seeds_typed
import seeds_wire
from packing import Raw, pack, request

SEEDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds")


def write(target, name, content):
    folder = os.path.join(SEEDS, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content)


def record(texts=(), items=(), candidates=(), claims=(), format=1, redacted=False):
    """A record of a decision as model/record.c writes it; texts in its order, items as (offer, kind, strategy)."""
    texts = [text.encode() for text in texts] + [b""] * (12 - len(texts))
    items = [[text.encode() for text in item] for item in items]
    candidates = [text.encode() for text in candidates]
    body = b"".join(texts) + b"".join(struct.pack("<I", claim) for claim in claims)
    body += b"".join(struct.pack("<dd3II", 2.5, 0.25, *map(len, item), 3) for item in items)
    body += b"".join(struct.pack("<dII", 1.5, len(text), number) for number, text in enumerate(candidates))
    body += b"".join(b"".join(item) for item in items) + b"".join(candidates)
    return struct.pack("<HHIQQQ12I4I", format, redacted, 96 + len(body), 0, 1893456000500000, 77, *map(len, texts),
                       len(items), len(candidates), len(claims), 0) + body


def piece(what, content):
    """A piece of a segment that fuzz_segment.c makes."""
    return struct.pack(">BH", what, len(content)) + content


EVERYTHING = {"placement": "hero", "customer": "maria", "journey": "walk", "stage": "elección", "persona": "rider",
              "locale": "es-MX", "touchpoint": "site", "traits": {"bicycle": True, "interests": ["a", "b"]},
              "consents": {"marketing": True, "other": False}, "count": 3, "context": {"tired": True, "dice": 1.5},
              "exclude": ["guide", "nothing"], "explain": True, "dry_run": True, "at": 3786912000.5, "seed": 7}

# first byte: 1 no site, 2 no token shown, 4 control socket, 8 errors as pairs
REQUESTS = {
    "ping": b"\x00" + request("ping"),
    "everything": b"\x00" + request("recommend", EVERYTHING),
    "plain": b"\x00" + request("recommend", {"placement": "list"}) + request("recommend", {"placement": "banner"}, id=2),
    "failing": b"\x00" + request("recommend", {"placement": "hero", "stage": "failing", "explain": True}),
    "choosing": b"\x00" + request("recommend", {"placement": "hero", "stage": "choosing", "context": {"dice": True}}),
    "resting": b"\x00" + request("recommend", {"placement": "hero", "stage": "resting", "locale": "en"}),
    "bare-map": b"\x00" + pack([0, 1, b"recommend", {b"placement": b"hero", "at": Raw(b"\xd6\xff\0\0\0\1")}]),
    "timestamp": b"\x00" + request("recommend", {"placement": "hero", "dry_run": True, "at": Raw(b"\xd6\xff\x65\0\0\0")}),
    "misspelt": b"\x08" + request("recommend", {"placment": "hero"}) + request("recomend", {}) + request("hello", {"errors": "pair"}),
    "hello": b"\x00" + request("hello", {"client": "x", "version": "1", "errors": "pair"}) + request("nothing"),
    "auth": b"\x02" + request("ping") + request("auth", {"token": "wrong"}) + request("auth", {"token": "secret"}) + request("stats"),
    "reload": b"\x04" + request("reload") + pack([2, "reload", []]) + pack([1, 5, None, None]),
    "no-site": b"\x01" + request("recommend", {"placement": "hero"}) + request("stats") + request("hello"),
    "broken-text": b"\x00" + request("recommend", {"placement": Raw(b"\xa2\xff\xfe"), "customer": "\u00e9"}),
    "odd-values": b"\x00" + request("recommend", {"placement": "hero", "traits": {"n": float("nan")}, "context": {"x": Raw(b"\xd4\x05\x00")}}),
    "odd-params": b"\x00" + request("recommend", [], 7) + pack([0, 2, "recommend", 7]) + pack([0, 3, "recommend", [[]]]) + pack([0, 4, "recommend", [{5: 6}]]),
    "too-large": b"\x00" + pack([0, 9, "ping", Raw(b"\xdb\x00\x10\x00\x00")]),
}

# first byte: two bits of limits, six of the pieces' size
FRAMES = {
    "several": b"\x08" + request("ping") + pack([2, "x", []]) + pack([1, 2, None, {}]) + request("p", {"a": [1, -1, 2.5]}, id=70000),
    "forms": b"\x04" + bytes.fromhex("dc0004 00 cd0001 d90161 de0001 a16b df00000000"),
    "wide": b"\x10" + bytes.fromhex("94 00 d300000000 0000 0005 c40161 91 c7 03 ff 616263 ca3f800000 c0".replace(" ", "")),
    "extensions": b"\x0c" + bytes.fromhex("9400059178 d40100 d50100 00 d6ff00000000".replace(" ", "")),
    "empty": b"\x01" + bytes.fromhex("9400019090"),
    "deep": b"\x02" + bytes.fromhex("940001a1709191919191c0") + request("ping"),
    "items": b"\x03" + bytes.fromhex("940001a170dc0040") + b"\xc0" * 64 + request("ping"),
    "bytes": b"\x01" + bytes.fromhex("940001a170d978") + b"x" * 0x78 + request("ping"),
    "cut-envelope": b"\x00" + bytes.fromhex("920005") + request("ping") + bytes.fromhex("930005c0") + request("ping"),
    "unused": b"\x14" + bytes.fromhex("940005a170c1") + request("ping"),
    "huge": b"\x00" + bytes.fromhex("940007a170dd7fffffff"),
    "huge-on-top": b"\x00" + bytes.fromhex("ddffffffff0007a17090"),
    "wide-on-top": b"\x01" + bytes.fromhex("dc00110007") + b"\xc0" * 15 + request("ping"),
    "beyond-on-top": b"\x01" + bytes.fromhex("dc00460007") + b"\xc0" * 68 + request("ping"),
    "floats": b"\x00" + bytes.fromhex("94ca00000000cb3ff0000000000000a17090") + bytes.fromhex("93cb4000000000000000a17090"),
    "no-whole-float": b"\x00" + bytes.fromhex("9400cb3ff8000000000000a17090"),
    "map-first": b"\x00" + bytes.fromhex("8101"),
    "wrong-type": b"\x00" + bytes.fromhex("9403070000"),
    "skip-nested": b"\x01" + bytes.fromhex("940001a1709f") + pack({"a": [1, 2, {"b": "c" * 40}]}) * 15 + request("ping"),
}

CSV = {
    "plain": b"id,kind,title\na,b,c\n",
    "semicolons": b"id;kind;title\r\na;\"b;c\";d\r\n",
    "quotes": b"\xef\xbb\xbfid,\"a \"\"quoted\"\" name\"\n\"one\ntwo\",x\n",
    "empty-cells": b",,\n\n,\n",
    "no-end": b"a,b",
    "open-quote": b"a,\"b\nc",
    "behind-quote": b"\"a\"b,c\n",
    "lone-returns": b"a,b\rc,d\r",
    "wide": b",".join([b"x"] * 201) + b"\n",
}

CONFIG = {
    "few": b"site = \"/srv/site\"\nworkers = 2\nlisten = { \"unix:/run/senda.sock\", \"tcp:127.0.0.1:7420\" }\n",
    "computed": b"local ms = 1\nlinger_ms = 1000 * ms\ndrain_seconds = linger_ms // 100\n",
    "bytes": b"message_bytes = \"256 KiB\"\noutput_bytes = 1024 * 1024\n",
    "mode": b"socket_mode = \"0660\"\ncontrol_mode = \"600\"\n",
    "level": b"log_level = \"debug\"\n",
    "misspelt": b"lisen = \"unix:/x\"\n",
    "twice": b"workers = 1\nworkers = 2\n",
    "wrong-type": b"workers = { 1 }\n",
    "loop": b"while true do end\n",
    "loop-of-mistakes": b"for i = 0, 1e9 do tite = i end\n",
    "memory": b"local t = {} for i = 1, 1e9 do t[i] = i end\n",
    "syntax": b"workers = = 1\n",
    "calls": b"print(\"x\")\n",
    "escapes": b"site = \"a\\\"b\\\\c\\001\\n\"\n",
    "token": b"token = \"hush\"\n",
    "nul": b"site = \"a\\0b\"\n",
}

NOW = 1790000000000


def moment(at, kind=0, position=0):
    return at << 20 | kind << 16 | position


def customer(flags=0, id=b"maria", persona=b"", locale=b"", traits=b"", touches=(), moments=(), reservations=(), rules=(),
             aliases=(), offers=(), events=(), journeys=(), visits=(), consents=(), format=1):
    """A customer's record; see daemon/model/customer_format.h."""
    times = [time for _, times in rules for time in times]
    counts = [len(array) for array in (touches, moments, reservations, rules, aliases, offers, events, journeys, visits,
                                       consents)]
    fixed = struct.pack("<BBBBBI10HIQqq", format, flags, len(id), len(persona), len(locale), len(traits), *counts,
                        len(times), 3, NOW - 1000, NOW)
    fixed += b"".join(struct.pack("<Q", item) for item in (*touches, *moments))
    fixed += b"".join(struct.pack("<QqH", *item) for item in reservations)
    fixed += b"".join(struct.pack("<QH", rule, len(times)) for rule, times in rules)
    fixed += b"".join(struct.pack("<q", time) for time in times)
    texts = id + persona + locale + traits
    for names, layout, items in ((1, "", [(alias,) for alias in aliases]), (2, "5Iq", offers), (1, "Qqd", events),
                                 (2, "BIqq", journeys), (2, "q", visits), (1, "Bqq", consents)):
        for item in items:
            fixed += struct.pack(f"<{names}B", *(len(name) for name in item[:names]))
            fixed += struct.pack("<" + layout, *item[names:])
            texts += b"".join(item[:names])
    return fixed + texts


PERSON = dict(
    persona=b"rider", locale=b"es-MX", traits=pack({"size": "M"}),
    touches=[moment(NOW - 90, 0), moment(NOW - 90, 1), moment(NOW - 10, 2, 1), moment(NOW, 4, 1)],
    moments=[moment(NOW - 10, 0, 1), moment(NOW - 10, 0, 1), moment(NOW)],
    reservations=[(0xDEC1510, NOW - 5, 1)], rules=[(7, [NOW - 9, NOW - 3]), (8, [NOW])], aliases=[b"anonymous", b"a\0b"],
    offers=[(b"guide", b"lead_magnet", 1, 1, 0, 0, 0, NOW - 90), (b"talk", b"", 0, 0, 1, 0, 1, NOW)],
    events=[(b"click", 1, NOW, 0.0), (b"purchase", 2, NOW - 10, 39.5)],
    journeys=[(b"seven-stages", b"consideration", 3, 20260921, NOW - 50, NOW)],
    visits=[(b"seven-stages", b"attraction", NOW - 50)],
    consents=[(b"marketing", 1, NOW - 5, NOW - 7), (b"profiling", 0, NOW - 5, 0)])

CUSTOMERS = {
    "new": customer(),
    "everything": customer(1, **PERSON),
    "cut": customer(**PERSON)[:-1],
    "longer": customer(**PERSON) + b"x",
    "alias": b"\2maria",
    "newer": customer(format=3),
    "flag": customer(2),
    "broken-traits": customer(traits=b"\x85\xa1"),
    "no-such-offer": customer(touches=[moment(NOW, 1, 0)]),
    "no-such-kind": customer(touches=[moment(NOW, 5, 0)], offers=[(b"guide", b"", 0, 0, 0, 0, 0, 0)]),
    "out-of-order": customer(moments=[moment(NOW), moment(NOW - 1)], events=[(b"click", 2, NOW, 0.0)]),
    "same-names": customer(events=[(b"a", 1, NOW, 0.0), (b"a", 1, NOW, float("nan"))], moments=[moment(NOW, 0, 1)]),
    "many-events": customer(events=[(b"%d" % number, 1, NOW, 0.0) for number in range(128)],
                            moments=[moment(NOW, 0, number) for number in range(128)]),
    "many-moments": customer(events=[(b"a", 200, NOW, 0.0)], moments=[moment(number) for number in range(200)]),
    "many-aliases": customer(aliases=[b"%d" % number for number in range(256)]),
    "rule-without-times": customer(rules=[(7, [])]),
    "odd-times": customer(rules=[(7, [NOW, -NOW])]),
    "times": customer(reservations=[(1, -NOW, 0), (1, NOW * 1000, 0)], offers=[(b"o", b"k", 1, 0xFFFFFFFF, 0, 0, 0, -1)]),
}


def command(type, flags=0, at=NOW, value=0.0, texts=(b"",) * 13, format=0xC1):
    """A command's bytes; see daemon/model/command.c."""
    return struct.pack("<BBBqqd13I", format, type, flags, at, NOW, value, *(len(text) for text in texts)) + b"".join(texts)


def outcome(code, flags=0, texts=(b"",) * 3):
    return struct.pack("<BBBQ3I", 0xC2, code, flags, 77, *(len(text) for text in texts)) + b"".join(texts)


COMMANDS = {
    "flush": command(5),
    "track": command(0, 1, value=19.5, texts=(b"purchase", b"maria", b"key", b"d-1", b"guide", b"hero", b"site", b"", b"",
                                              b"", b"", pack({"section": "pricing"}), b"")),
    "set": command(2, 2, texts=(b"", b"maria", b"", b"", b"", b"", b"", b"seven", b"stage", b"rider", b"es",
                                pack({"size": "M"}), pack({"marketing": True}))),
    "no-type": command(7),
    "cut": command(0, texts=(b"click",) * 13)[:-1],
    "done": outcome(0, 7, (b"seven", b"stage", pack({"k": 1}))),
    "failed": outcome(1, 0, (b"", b"", b"offer: expected a name")),
    "no-code": outcome(9),
}


TEXTS = ["ana", "\x81\xa9placement\xa4hero", "what was known", "she asked", "0123456789abcdef", "five-stages",
         "consideration", "tinkerer", "hero", "es", "newcomers", "deadline"]
WHOLE = record(TEXTS, [("spring-sale", "banner", "newcomers"), ("house", "article", "")], ["spring-sale", "café"], [0, 262143])

RECORDS = {
    "whole": WHOLE,
    "nothing": record(),
    "redacted": record(["", "", "", ""] + TEXTS[4:], redacted=True),
    "most": record(TEXTS, [("o", "k", "s")] * 50, ["c"] * 256, [1] * 64),
    "too-many": record(TEXTS, [("o", "k", "s")] * 51),
    "newer": record(TEXTS, format=2),
    "cut": WHOLE[:-1],
    "longer": WHOLE + b"x",
}

# pieces: 0 a record's frame, 1 an index's, 2 bytes as they are, 3 bits turned, 4 a header, 5 the index of what is there
SMALL = record(["bo"], [("o", "k", "s")])
SEGMENTS = {
    "raw": b"\x00sendalog",
    "empty": b"\x01",
    "three": b"\x01" + piece(0, WHOLE) + piece(0, SMALL) + piece(0, WHOLE),
    "finished": b"\x01" + piece(0, WHOLE) + piece(0, SMALL) + piece(5, b""),
    "finished-twice": b"\x01" + piece(0, SMALL) + piece(5, b"") + piece(0, WHOLE) + piece(5, b""),
    "damaged": b"\x01" + piece(0, WHOLE) + piece(0, SMALL) + piece(3, b"\x00\x09\x01") + piece(0, WHOLE),
    "damaged-head": b"\x01" + piece(0, SMALL) + piece(3, b"\x00\x7f\x80") + piece(0, SMALL),
    "damaged-index": b"\x01" + piece(0, WHOLE) + piece(5, b"") + piece(3, b"\x00\x30\x01"),
    "damaged-header": b"\x01" + piece(3, b"\x00\x02\x01") + piece(0, SMALL) + piece(0, WHOLE),
    "damaged-header-and-frame": b"\x01" + piece(3, b"\x00\x02\x01") + piece(0, SMALL) + piece(3, b"\x00\xa0\x01") + piece(0, WHOLE),
    "foreign": b"\x01" + piece(0, SMALL) + piece(2, b"\xde\xc0\xed\x5e" * 40) + piece(0, WHOLE),
    "markers": b"\x01" + piece(0, SMALL) + piece(2, b"\xde\xc0\xed\x5e\0\0\0\0" * 40) + piece(0, WHOLE),
    "torn": b"\x01" + piece(0, SMALL) + piece(2, b"\xde\xc0\xed\x5e\0\0\0\0" + bytes(9)),
    "zeros": b"\x01" + piece(0, SMALL) + piece(2, bytes(4096)),
    "header-within": b"\x01" + piece(0, SMALL) + piece(4, b"") + piece(0, WHOLE),
    "no-record": b"\x01" + piece(0, b"x" * 100) + piece(1, b"y" * 100) + piece(0, SMALL),
}

# bytes that choose the productions of script_writer.c: as good as any
SCRIPTS = {f"chance-{number:02}": random.Random(number).randbytes(24 + 12 * number) for number in range(48)}

# the number of a file in fuzz_site.c's site, and what takes its place
PLACES = {"site.lua": 0, "journeys": 1, "personas": 2, "placements.lua": 3, "offers": 4, "policies.lua": 6, "strategies": 7, "tests": 8,
          "shared.lua": 12}


def site_piece(number, content):
    return struct.pack(">BH", number, len(content)) + content


def sites():
    """The sites that ship, file by file, and some that are hard to load."""
    found = {}
    for site in ("shop", "software"):
        root = os.path.join(SEEDS, "..", "..", "..", "scripts", site)
        for folder, _, names in sorted(os.walk(root)):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root)
                place = PLACES.get(path, PLACES.get(os.path.dirname(path)))
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()[:8000]
                if place is not None:
                    found[f"{site}-{path.replace('/', '-').replace('.', '-')}"] = site_piece(place + path.endswith(".csv"), content)
    return found | {
        "nothing": b"",
        "powers": site_piece(9, b"local t = {} for i = 0, 61 do t[1 << i] = 'first' end\n"
                                b"offer 'o' { kind = 'guide', title = 'x', stages = t, tags = t, data = { t }, answers = t }\n"),
        "twice-inside": site_piece(9, b"local a = { 1 } for i = 1, 60 do a = { a, a } end\n"
                                      b"offer 'o' { kind = a, title = a, data = { a = a }, limit = a }\n"),
        "cycle": site_piece(9, b"local a = {} a.a = a offer 'o' { kind = 'guide', title = a, data = a, stages = a }\n"),
        "reached": site_piece(10, b"local t = {} for i = 1, 20000 do t[i] = { i } end for i = 1, 40 do local u = t\n"
                                  b"strategy('s' .. i) { when = function(c) return u[1] end } end\n"),
        "two-files": site_piece(11, b"id;kind;title\n\"a;b\";guide;x\n") + site_piece(10, b"strategy 'z' { score = function() return o end }"),
        "blanks-behind-a-stray": site_piece(9, b"ofer" + b" " * 60000 + b"[1] = 1"),
        "blanks-in-a-stray": site_piece(9, b"ofer 'x'" + b" " * 60000 + b"[1] = 1"),
        "lines-behind-a-stray": site_piece(9, b"ofer 'x' {" + b"\n" * 60000),
        "lines-beside-an-unknown-name": site_piece(9, b"\n " * 30000) + site_piece(10, b"strategy 's' { score = unheard }"),
        "shared-spoilt": site_piece(12, b"function is_dear(o) return"),
        "shared-local": site_piece(12, b"local function is_dear(o) return true end LIST = is_dear"),
        "shared-changed": site_piece(10, b"LIST[1] = 'second' function is_dear() end"),
        "shared-declares": site_piece(12, b"offer 'o' { kind = 'guide', title = 'T' } is_dear = offer"),
        "mismatched": site_piece(0, b"site 's' { locale = 'en' }") + site_piece(1, b"journey 'other' { stage 'x' {} }"),
    }


def main():
    own = {"request": REQUESTS, "frame": FRAMES, "csv": CSV, "config": CONFIG, "customer": CUSTOMERS, "command": COMMANDS,
           "record": RECORDS, "segment": SEGMENTS, "script": SCRIPTS, "site": sites()}
    for target, seeds in (own | seeds_wire.SEEDS | seeds_typed.SEEDS | seeds_store.seeds(CUSTOMERS)).items():
        for name, content in seeds.items():
            write(target, name, content)


main()
