"""A daemon as a process: starts it, reads its log, waits for its end; everything waits for a condition, up to DEADLINE."""

import os
import re
import select
import subprocess
import time

DEADLINE = 60  # seconds; only a broken daemon comes near it


def left(until):
    remaining = until - time.monotonic()
    if remaining <= 0:
        raise AssertionError("waited in vain")
    return remaining


def wait_for_end(pid):
    """Waits until that process, which need not be our child, has ended."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        if not select.select([descriptor], [], [], DEADLINE)[0]:
            raise AssertionError(f"process {pid} did not end")
    finally:
        os.close(descriptor)


class Process:
    def __init__(self, command, **options):
        self.lines = []
        self.searched = 0
        self.bytes = b""
        self.process = self.launch(command, **options)

    def launch(self, command, **options):
        return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, **options)

    def read_more(self, until):
        """Reads what the daemon writes; False at its end."""
        descriptor = self.process.stderr.fileno()
        if not select.select([descriptor], [], [], left(until))[0]:
            raise AssertionError("waited in vain")
        data = os.read(descriptor, 65536)
        self.bytes += data
        *lines, self.bytes = self.bytes.split(b"\n")
        self.lines += [line.decode(errors="replace") for line in lines]
        return bool(data)

    def read_available(self):
        """Reads what the daemon has written, lest it waits for us."""
        while select.select([self.process.stderr], [], [], 0)[0]:
            if not self.read_more(time.monotonic() + DEADLINE):
                return

    def wait_log(self, pattern):
        """The next line that matches; lines before it are passed over for good."""
        until = time.monotonic() + DEADLINE
        while True:
            while self.searched < len(self.lines):
                line = self.lines[self.searched]
                self.searched += 1
                found = re.search(pattern, line)
                if found:
                    return found
            try:
                more = self.read_more(until)
            except AssertionError:
                more = False
            if not more:
                raise AssertionError(f"no line like {pattern!r} in:\n" + "\n".join(self.lines))

    def wait_ready(self):
        self.wait_log(r"msg=ready ")
        return self

    def wait_exit(self):
        """The exit code, with all output read."""
        until = time.monotonic() + DEADLINE
        while self.read_more(until):
            pass
        return self.process.wait(DEADLINE)

    def output(self):
        return "\n".join(self.lines)

    def pids(self):
        """Number of a worker → its latest process, as far as the log was read."""
        found = {}
        for line in self.lines:
            match = re.search(r'msg="process started" process=worker-(\d+) pid=(\d+)', line)
            if match:
                found[int(match[1])] = int(match[2])
        return found

    def ledger_pid(self):
        """The latest process of the ledger, as far as the log was read; None where there was none."""
        found = None
        for line in self.lines:
            match = re.search(r'msg="process started" process=ledger pid=(\d+)', line)
            found = int(match[1]) if match else found
        return found

    def all_pids(self):
        return [pid for pid in [*self.pids().values(), self.ledger_pid()] if pid is not None]

    def signal(self, number):
        self.process.send_signal(number)

    def destroy(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.process.stdout.close()
        for pid in self.all_pids():
            wait_for_end(pid)
