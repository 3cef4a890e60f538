"""Starts the daemon with its test double and talks to it; everything waits for a condition, up to DEADLINE."""

import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from process import DEADLINE, Process, left, wait_for_end  # noqa: E402

PROGRAM = os.environ["SENDAD_DOUBLE"]


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


class Daemon(Process):
    def __init__(self, site="", flags=(), workers=2, listen=True, state=False, **options):
        self.folder = tempfile.mkdtemp(prefix="senda-processes-")
        self.socket = os.path.join(self.folder, "socket")
        self.control = os.path.join(self.folder, "control")
        self.state = os.path.join(self.folder, "state")
        os.mkdir(os.path.join(self.folder, "site"))
        self.write_site(site)
        command = [PROGRAM, "--site", os.path.join(self.folder, "site"), "--workers", str(workers),
                   "--log-level", "debug", "--confine", "0"]  # the doubles do what nobody else does
        if listen:
            command += ["--listen", "unix:" + self.socket, "--control", "unix:" + self.control]
        if state:
            command += ["--state", self.state]
        super().__init__(command + list(flags), **options)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write_site(self, text):
        with open(self.path("site/site.lua.new"), "w") as file:
            file.write(text)
        os.rename(self.path("site/site.lua.new"), self.path("site/site.lua"))

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

    def destroy(self):
        super().destroy()
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
