"""MessagePack and requests, as far as seeds need them."""

import struct


def pack(value):
    """MessagePack in its shortest forms, as far as seeds need it; bytes become bin, Raw stays as it is."""
    if isinstance(value, Raw):
        return value.bytes
    if value is None or isinstance(value, bool):
        return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    if isinstance(value, int):
        if 0 <= value < 128:
            return bytes([value])
        return struct.pack(">BI", 0xCE, value) if 0 <= value < 1 << 32 else struct.pack(">Bq", 0xD3, value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, str):
        text = value.encode()
        return (bytes([0xA0 | len(text)]) if len(text) < 32 else struct.pack(">BH", 0xDA, len(text))) + text
    if isinstance(value, bytes):
        return struct.pack(">BB", 0xC4, len(value)) + value
    if isinstance(value, list):
        head = bytes([0x90 | len(value)]) if len(value) < 16 else struct.pack(">BH", 0xDC, len(value))
        return head + b"".join(pack(item) for item in value)
    head = bytes([0x80 | len(value)]) if len(value) < 16 else struct.pack(">BH", 0xDE, len(value))
    return head + b"".join(pack(key) + pack(item) for key, item in value.items())


class Raw:
    """Bytes that are MessagePack already, or are meant to be none."""

    def __init__(self, bytes):
        self.bytes = bytes


def request(method, *params, id=1):
    return pack([0, id, method, list(params)])
