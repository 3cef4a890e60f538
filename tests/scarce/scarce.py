"""Programs whose allocations fail when a test says so; see scarce.h: SENDA_SCARCE_LIBRARY."""

import mmap
import os
import struct
import tempfile

LIBRARY = os.environ["SENDA_SCARCE_LIBRARY"]
FINER = int(os.environ.get("SENDA_SCARCE_FINER", "1"))  # so many times as many allocations are tried as a test says
OFF, ONCE, FROM_HERE = range(3)
MODES = (ONCE, FROM_HERE)
SLOTS = 16384
HEAD = struct.Struct("=IIq")
SLOT = struct.Struct("=iIqQQq")
SANITIZERS = ("AddressSanitizer", "LeakSanitizer", "runtime error:")


def step(apart):
    """How far apart those are that are tried."""
    return max(1, apart // FINER)


def complaint(output):
    """What a sanitizer said, with a little of what follows; "" where it said nothing."""
    for word in SANITIZERS:
        if word in output:
            return output[output.index(word):][:3000]
    return ""


class Control:
    """The memory that tests and processes share."""

    def __init__(self):
        self.file = tempfile.NamedTemporaryFile(prefix="senda-scarce-")
        self.file.truncate(HEAD.size + SLOTS * SLOT.size)
        self.memory = mmap.mmap(self.file.fileno(), 0)

    def environment(self):
        options = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
        # The C library leaks a few bytes of its own where it has no memory for a locale, unless that is C.
        return dict(os.environ, LC_ALL="C", LD_PRELOAD=LIBRARY, SENDA_SCARCE_CONTROL=self.file.name, ASAN_OPTIONS=options)

    def arm_next(self, mode, left):
        """The next process to begin, from its beginning."""
        HEAD.pack_into(self.memory, 0, mode, HEAD.unpack_from(self.memory)[1], left)

    def is_taken(self):
        """Whether that process has begun."""
        return HEAD.unpack_from(self.memory)[0] == OFF

    def used(self):
        used = HEAD.unpack_from(self.memory)[1]
        if used > SLOTS:
            raise RuntimeError("more processes than there is room for")
        return used

    def place(self, pid):
        """Where the latest process of that number keeps its words."""
        for slot in reversed(range(self.used())):
            at = HEAD.size + slot * SLOT.size
            if SLOT.unpack_from(self.memory, at)[0] == pid:
                return at
        raise KeyError(pid)

    def arm(self, pid, mode, left):
        at = self.place(pid)
        struct.pack_into("=q", self.memory, at + 8, left)
        struct.pack_into("=I", self.memory, at + 4, mode)

    def disarm(self, pid):
        struct.pack_into("=I", self.memory, self.place(pid) + 4, OFF)

    def struck(self, pid):
        """Allocations of that process that failed."""
        return SLOT.unpack_from(self.memory, self.place(pid))[4]

    def struck_by_all(self):
        return sum(SLOT.unpack_from(self.memory, HEAD.size + slot * SLOT.size)[4] for slot in range(self.used()))

    def forget(self):
        """All that was counted, for the next program."""
        self.memory[:] = bytes(len(self.memory))

    def close(self):
        self.memory.close()
        self.file.close()
