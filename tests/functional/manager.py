"""What systemd does for a service: holds its sockets, passes them to each start, and hears what it notifies."""

import fcntl
import os
import shutil
import socket
import tempfile
import threading
import time

from harness import Daemon
from process import DEADLINE

HIGH = 20  # descriptors below are the daemon's to be: 3 and on
BACKLOG = 1024

# Puts the descriptors named first, up to "--", at 3 and on, and says so to the program that follows, as itself.
PASS = """
fd=3
while [ "$1" != -- ]; do
  eval "exec $fd<&$1 $1<&-"
  fd=$((fd + 1))
  shift
done
shift
LISTEN_PID=$$ exec "$@"
"""


class Notifications:
    """The socket behind $NOTIFY_SOCKET, read all the time, as its queue is short."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="senda-notify-")
        self.path = os.path.join(self.folder, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.heard = []
        self.searched = 0
        self.more = threading.Condition()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        while True:
            text = self.socket.recv(65536).decode()
            if not text:
                return
            with self.more:
                self.heard.append(dict(line.split("=", 1) for line in text.split("\n")))
                self.more.notify_all()

    def environment(self, **more):
        return dict(os.environ, NOTIFY_SOCKET=self.path, **more)

    def wait_for(self, condition, seconds=DEADLINE):
        """The next notification of which that holds, as a dict; those before it are passed over. None: it did not come."""
        until = time.monotonic() + seconds
        with self.more:
            while True:
                while self.searched < len(self.heard):
                    self.searched += 1
                    if condition(self.heard[self.searched - 1]):
                        return self.heard[self.searched - 1]
                if not self.more.wait(max(until - time.monotonic(), 0)) and time.monotonic() >= until:
                    return None

    def wait(self, field):
        """The next notification with that field."""
        return self.found(self.wait_for(lambda fields: field in fields), field)

    def wait_status(self, part):
        """The next status that contains it."""
        return self.found(self.wait_for(lambda fields: part in fields.get("STATUS", "")), part)["STATUS"]

    def found(self, fields, what):
        if fields is None:
            raise AssertionError(f"{what!r} was not notified, but: {self.heard[-20:]}")
        return fields

    def skip(self):
        """Passes over what has come so far."""
        self.searched = len(self.heard)

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self.path)
        self.reader.join()
        self.socket.close()
        shutil.rmtree(self.folder)


class Sockets:
    """Listening sockets that outlive the daemon: for websites a Unix and a TCP one, for operators the control socket."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="senda-sockets-")
        self.sockets, self.names = [], []
        self.address = self.listen_unix("senda.sock", "websites")
        self.control = self.listen_unix("control.sock", "control")
        tcp = self.add(socket.create_server(("127.0.0.1", 0), backlog=BACKLOG), "websites")
        self.tcp = "tcp:127.0.0.1:%d" % tcp.getsockname()[1]

    def add(self, listener, name):
        self.sockets.append(listener)
        self.names.append(name)
        return listener

    def listen_unix(self, name, meaning):
        path = os.path.join(self.folder, name)
        listener = self.add(socket.socket(socket.AF_UNIX), meaning)
        listener.bind(path)
        listener.listen(BACKLOG)
        return "unix:" + path

    def start(self, command, env=None, **options):
        """Copies of the sockets, to be closed by the caller, and command and options for Popen that pass them on."""
        copies = [fcntl.fcntl(listener, fcntl.F_DUPFD_CLOEXEC, HIGH) for listener in self.sockets]
        environment = dict(env or os.environ, LISTEN_FDS=str(len(copies)), LISTEN_FDNAMES=":".join(self.names))
        wrapped = ["/bin/bash", "-c", PASS, "sh", *map(str, copies), "--", *command]
        return copies, wrapped, dict(options, env=environment, pass_fds=copies)

    def close(self):
        for listener in self.sockets:
            listener.close()
        shutil.rmtree(self.folder)


class Activated(Daemon):
    """sendad as systemd starts it: everything it listens on is passed to it."""

    def __init__(self, site, sockets, **options):
        self.passed = sockets
        super().__init__(site, **options)
        self.address, self.control = sockets.address, sockets.control

    def launch(self, command, **options):
        copies, wrapped, options = self.passed.start(command, **options)
        try:
            return super().launch(wrapped, **options)
        finally:
            for copy in copies:
                os.close(copy)
