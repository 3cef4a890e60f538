"""Starts the daemon with its test double and talks to it; everything waits for a condition, up to DEADLINE."""

import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

DEADLINE = 60  # seconds; only a broken daemon comes near it
PROGRAM = os.environ["SENDAD_DOUBLE"]


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


class Client:
    """One connection that speaks lines."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(DEADLINE)
        self.socket.connect(path)
        self.rest = b""

    def send(self, line):
        self.socket.sendall(line.encode() + b"\n")

    def receive_until(self, end):
        while end not in self.rest:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError
            self.rest += data
        answer, self.rest = self.rest.split(end, 1)
        return answer.decode()

    def ask(self, line):
        self.send(line)
        return self.receive_until(b"\n")

    def reload(self):
        self.send("reload")
        return self.receive_until(b"\n\n")

    def close(self):
        self.socket.close()


class Daemon:
    def __init__(self, site="", flags=(), workers=2, listen=True, state=False, **options):
        self.folder = tempfile.mkdtemp(prefix="senda-processes-")
        self.socket = os.path.join(self.folder, "socket")
        self.control = os.path.join(self.folder, "control")
        self.state = os.path.join(self.folder, "state")
        os.mkdir(os.path.join(self.folder, "site"))
        self.write_site(site)
        self.lines = []
        self.searched = 0
        self.bytes = b""
        command = [PROGRAM, "--site", os.path.join(self.folder, "site"), "--workers", str(workers),
                   "--log-level", "debug"]
        if listen:
            command += ["--listen", "unix:" + self.socket, "--control", "unix:" + self.control]
        if state:
            command += ["--state", self.state]
        self.process = subprocess.Popen(command + list(flags), stderr=subprocess.PIPE, stdout=subprocess.PIPE,
                                        **options)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_site(self, text):
        with open(self.path("site/site.lua.new"), "w") as file:
            file.write(text)
        os.rename(self.path("site/site.lua.new"), self.path("site/site.lua"))

    def read_more(self, until):
        """Reads what the daemon writes; False at its end."""
        descriptor = self.process.stderr.fileno()
        select.select([descriptor], [], [], left(until))
        data = os.read(descriptor, 65536)
        self.bytes += data
        *lines, self.bytes = self.bytes.split(b"\n")
        self.lines += [line.decode() for line in lines]
        return bool(data)

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
            match = re.search(r'msg="worker started" worker=(\d+) pid=(\d+)', line)
            if match:
                found[int(match[1])] = int(match[2])
        return found

    def client(self, control=False):
        return Client(self.control if control else self.socket)

    def client_of(self, pid, control=False):
        """A connection that this worker accepted; whoever is quicker accepts, so it may take some."""
        until = time.monotonic() + DEADLINE
        others = []
        try:
            while left(until):
                client = self.client(control)
                if client.ask("pid") == str(pid):
                    return client
                others.append(client)
        finally:
            for client in others:
                client.close()

    def ask(self, line, pid=None):
        client = self.client() if pid is None else self.client_of(pid)
        try:
            return client.ask(line)
        finally:
            client.close()

    def reload(self):
        client = self.client(control=True)
        try:
            return client.reload()
        finally:
            client.close()

    def signal(self, number):
        self.process.send_signal(number)

    def destroy(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.process.stdout.close()
        for pid in self.pids().values():
            wait_for_end(pid)
        shutil.rmtree(self.folder)


class TestCase(unittest.TestCase):
    def start(self, *arguments, **options):
        daemon = Daemon(*arguments, **options)
        self.addCleanup(daemon.destroy)
        return daemon

    def serve(self, *arguments, **options):
        return self.start(*arguments, **options).wait_ready()

    def client(self, daemon, control=False):
        client = daemon.client(control)
        self.addCleanup(client.close)
        return client

    def client_of(self, daemon, pid, control=False):
        client = daemon.client_of(pid, control)
        self.addCleanup(client.close)
        return client

    def assert_stops(self, daemon, code=0, number=signal.SIGTERM):
        daemon.signal(number)
        self.assertEqual(daemon.wait_exit(), code, daemon.output())
        for pid in daemon.pids().values():
            wait_for_end(pid)

    def assert_all_serve(self, daemon, version):
        for pid in daemon.pids().values():
            self.assertEqual(daemon.ask("version", pid), version)
