#!/usr/bin/env python3
"""The fault library, preloaded into a program that knows nothing of it: SENDA_FAULTS_LIBRARY."""

import os
import struct
import subprocess
import sys
import tempfile
import unittest

LIBRARY = os.environ["SENDA_FAULTS_LIBRARY"]
RECORD = struct.Struct("=IIQQQ")
WRITE, TRUNCATE, SYNC, NAMES, MAKE, DIRECTORY, RENAME, REMOVE, MARK = range(9)

# Answers each line on its input, a statement, with what came of it.
PROGRAM = """
import os, sys
for line in sys.stdin:
    try:
        exec(line)
        print("done", flush=True)
    except OSError as error:
        print(error.strerror, flush=True)
"""


class Faults(unittest.TestCase):
    """A Python whose files are watched."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = os.path.realpath(folder.name)
        self.watched = os.path.join(self.root, "watched")
        os.mkdir(self.watched)
        self.plan_path = os.path.join(self.root, "plan")
        self.trace = os.path.join(self.root, "trace")
        environment = dict(os.environ, LD_PRELOAD=LIBRARY, SENDA_FAULTS_DIRECTORY=self.watched,
                           SENDA_FAULTS_PLAN=self.plan_path, SENDA_FAULTS_TRACE=self.trace)
        self.program = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, cwd=self.root,
                                        stdout=subprocess.PIPE, text=True, env=environment)
        self.addCleanup(self.program.stdout.close)
        self.addCleanup(self.program.wait)
        self.addCleanup(self.program.stdin.close)

    def run_there(self, statement):
        self.program.stdin.write(statement + "\n")
        self.program.stdin.flush()
        return self.program.stdout.readline().strip()

    def plan(self, text):
        with open(self.plan_path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(self.plan_path + ".new", self.plan_path)

    def records(self):
        """(kind, flags, offset, bytes) of each."""
        with open(self.trace, "rb") as file:
            rest = file.read()
        found = []
        while rest:
            kind, flags, _, offset, length = RECORD.unpack_from(rest)
            found.append((kind, flags, offset, rest[RECORD.size:RECORD.size + length]))
            rest = rest[RECORD.size + length:]
        return found

    def test_plan_is_followed_while_the_program_runs(self):
        self.assertEqual(self.run_there("f = os.open('watched/a', os.O_WRONLY | os.O_CREAT)"), "done")
        self.assertEqual(self.run_there("os.write(f, b'one')"), "done")
        self.plan("write ENOSPC file=a\nsync EIO times=1")
        self.assertEqual(self.run_there("os.write(f, b'two')"), "No space left on device")
        self.assertEqual(self.run_there("os.fsync(f)"), "Input/output error")
        self.assertEqual(self.run_there("os.fsync(f)"), "done")
        self.assertEqual(self.run_there("g = os.open('watched/b', os.O_WRONLY | os.O_CREAT)"), "done")
        self.assertEqual(self.run_there("os.write(g, b'elsewhere')"), "done")
        self.plan("")
        self.assertEqual(self.run_there("os.write(f, b'three')"), "done")
        with open(os.path.join(self.watched, "a"), "rb") as file:
            self.assertEqual(file.read(), b"onethree")

    def test_trace_says_what_was_done(self):
        for statement in ("os.mkdir('watched/d')", "f = os.open('watched/d/a', os.O_WRONLY | os.O_CREAT)",
                          "os.write(f, b'one')", "os.pwrite(f, b'two', 10)", "os.writev(f, [b'x', b'yz'])",
                          "os.ftruncate(f, 5)", "os.fdatasync(f)", "os.rename('watched/d/a', 'watched/b')",
                          "os.fsync(os.open('watched', os.O_RDONLY))", "os.unlink('watched/b')",
                          "g = os.open('elsewhere', os.O_WRONLY | os.O_CREAT)", "os.write(g, b'not seen')",
                          "h = os.open('watched/c', os.O_WRONLY | os.O_CREAT | os.O_DSYNC)", "os.write(h, b'sure')"):
            self.assertEqual(self.run_there(statement), "done", statement)
        self.assertEqual(self.records(), [
            (DIRECTORY, 0, 0, b"d\0"), (MAKE, 0, 0, b"d/a\0"), (WRITE, 0, 0, b"one"), (WRITE, 0, 10, b"two"),
            (WRITE, 0, 3, b"xyz"), (TRUNCATE, 0, 5, b""), (SYNC, 0, 0, b""), (RENAME, 0, 0, b"d/a\0b\0"),
            (NAMES, 0, 0, b""), (REMOVE, 0, 0, b"b\0"), (MAKE, 0, 0, b"c\0"), (WRITE, 1, 0, b"sure")])


if __name__ == "__main__":
    unittest.main()
