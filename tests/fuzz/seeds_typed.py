"""Seeds of the targets that take what people write: texts, addresses, command lines, amounts, moments, pairs."""


def pieces(*texts):
    return b"".join(bytes([len(text)]) + text for text in texts)


TEXTS = {
    "ascii": pieces(b"recomend", b"recommend", b"reload"),
    "spanish": "elección, año\u00a0nuevo".encode(),
    "planes": "é€😀\u0800\uffff".encode(),
    "controls": b"\x00\x1b[31m\x7f\xc2\x9b31m\n",
    "overlong": b"\xc0\x80\xe0\x80\x80\xf0\x80\x80\x80",
    "surrogate": b"\xed\xa0\x80\xed\xbf\xbf",
    "beyond": b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80\xfa\xab\xb6\xb6\xb6",
    "cut": "año".encode()[:2],
    "swapped": pieces(b"hreo", b"hero", b"hora"),
    "same": pieces(b"hero", b"hero", b"hero"),
    "none": pieces(b"", b"", b""),
}

ADDRESSES = {
    "unix": b"unix:/run/senda.sock",
    "unix-longest": b"unix:/" + b"x" * 106,
    "unix-too-long": b"unix:/" + b"x" * 107,
    "unix-none": b"unix:",
    "tcp": b"tcp:127.0.0.1:7420",
    "tcp-name": b"tcp:localhost:0",
    "tcp-6": b"tcp:[::1]:65535",
    "tcp-6-bare": b"tcp:::1:80",
    "tcp-brackets-twice": b"tcp:[[]]:4",
    "tcp-no-host": b"tcp:[]:80",
    "tcp-no-port": b"tcp:localhost:",
    "tcp-port": b"tcp:localhost:65536",
    "kind": b"http:localhost:80",
}


def line(*arguments):
    return b"\0".join(argument.encode() for argument in arguments)


OPTIONS = {
    "serve": line("--site", "/srv/site", "--listen", "unix:/run/s", "--listen=tcp:127.0.0.1:7420", "--workers", "2"),
    "check": line("--check", "--site=/srv/site"),
    "print": line("--print-config", "--message-bytes", "64 KiB", "--socket-mode=0666", "--log-level", "debug"),
    "file": line("--config", "/nowhere", "--check"),
    "misspelt": line("--lisen", "unix:/x"),
    "prefix": line("--lis", "unix:/x"),
    "short": line("-s", "/srv"),
    "bare": line("site"),
    "nothing-behind": line("--site"),
    "value-for-none": line("--check=yes"),
    "twice": line("--workers", "1", "--workers", "2"),
    "range": line("--print-config", "--workers", "257"),
    "amount": line("--print-config", "--message-bytes", "1 TiB"),
    "address": line("--print-config", "--listen", "nowhere"),
    "beyond": line("--site", "/srv", "--listen", "tcp:0.0.0.0:7420"),
    "quotes": line("--print-config", "--site", 'a"b\\c\n\x1b -- default'),
    "nul": b"--check\0\0--print-config",
    "not-utf8": b"--print-config\0--site\0\xff\xfe\0--\xff",
}

TYPED = {
    "number": b"\x0018446744073709551615",
    "number-too-large": b"\x0018446744073709551616",
    "bytes": b"\x008 MiB",
    "bytes-close": b"\x00256KiB",
    "bytes-too-large": b"\x0099999999999 GiB",
    "bytes-unit": b"\x008 KB",
    "mode": b"\x000660",
    "mode-short": b"\x00660",
    "mode-no": b"\x000880",
    "figures": b"\x011790000000",
    "figures-before": b"\x01-5",
    "figures-too-large": b"\x0199999999999999999999",
    "date": b"\x012026-03-01",
    "date-time": b"\x012026-03-01T12:30",
    "date-utc": b"\x012026-03-01T12:30:15Z",
    "date-none": b"\x012026-02-30",
    "date-far": b"\x012147483648-01-01",
    "span": b"\x0130d ago",
    "span-short": b"\x012h",
    "span-too-long": b"\x0199999999999w",
    "pair": b"\x02size=M",
    "pair-number": b"\x02n=1e3",
    "pair-fraction": b"\x02n=-0.5",
    "pair-hex": b"\x02n=0x1p53",
    "pair-infinite": b"\x02n=inf",
    "pair-quoted": b"\x02n=\"12\"",
    "pair-true": b"\x02vegetarian=true",
    "pair-bare": b"\x02marketing",
    "pair-nameless": b"\x02=x",
    "pair-long": b"\x02" + b"n" * 256 + b"=x",
}

SEEDS = {"text": TEXTS, "address": ADDRESSES, "options": OPTIONS, "typed": TYPED}
