"""What the tests of the daemon share: a daemon with a site of the test's own or one that ships, and its clients."""

import os
import shutil
import signal
import tempfile
import time
import unittest

from process import DEADLINE, Process, left, wait_for_end
from rpc import Client, RpcError

SOURCE = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
SENDAD = os.environ.get("SENDAD", os.path.join(SOURCE, "build/asan-ubsan/sendad"))
SENDACTL = os.environ.get("SENDACTL", os.path.join(SOURCE, "build/asan-ubsan/sendactl"))
SHOP = os.path.join(SOURCE, "scripts/shop")
SOFTWARE = os.path.join(SOURCE, "scripts/software")
SHIPPED_JOURNEYS = os.path.join(SOURCE, "scripts/journeys")

# For load in closed loops, which is more than a daemon can answer that sanitizers slow down: it refuses nothing then.
PATIENT = ("--queue-ms", "0") if os.environ.get("SENDA_SANITIZED") else ()

# A site of three stages and one placement, for tests that add what they are about.
SMALL = {
    "site.lua": 'site "small" { locale = "en", locales = { "en", "es" } }\n',
    "journeys/walk.lua": """
journey "walk" {
  model = "b2c",
  stage "first" { names = { es = "primera", en = "beginning" } },
  stage "second" { names = { es = "segunda etapa" } },
  stage "third" { names = { es = "última" } },
}
""",
    "placements.lua": """
placement "hero" { fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", placements = {} }
""",
}


def small(offers="", strategies="", **files):
    """The small site with these offers and strategies; other files by name, __ for / and without .lua."""
    site = dict(SMALL)
    site["offers/offers.lua"] = offers or 'offer "plain" { kind = "article", title = "Plain" }\n'
    if strategies:
        site["strategies/strategies.lua"] = strategies
    for name, text in files.items():
        site[name.replace("__", "/") + ".lua"] = text
    return site


def busy(rounds):
    """A strategy that works so long for each offer; what used chance is worked out anew for every request."""
    return f"""
strategy "busy" {{
  score = function(c, o)
    local sum = random(96)
    for i = 1, {rounds} do sum = (sum + i * #o.id) % 97 end
    return sum
  end,
}}
"""


def write_files(folder, files):
    """Puts these files, and no others, into the folder; each appears whole."""
    wanted = {os.path.join(folder, name) for name in files}
    for root, _, names in os.walk(folder):
        for name in names:
            if os.path.join(root, name) not in wanted:
                os.unlink(os.path.join(root, name))
    for name, text in files.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + ".new", "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.rename(path + ".new", path)


class Daemon(Process):
    """
    sendad with a folder of its own; `site` is a path or a dict of files; `state` a folder, or True for one of its own;
    `files` are written into that folder first, where `@/name` in a flag finds them.
    """

    def __init__(self, site, flags=(), workers=2, log_level="debug", token=None, tcp=False, state=None, files=None, program=None,
                 **options):
        self.folder = tempfile.mkdtemp(prefix="senda-functional-")
        self.site = self.place_site(site)
        self.address = "unix:" + self.path("socket")
        self.control = "unix:" + self.path("control")
        command = [program or SENDAD, "--site", self.site, "--workers", str(workers), "--log-level", log_level,
                   "--listen", self.address, "--control", self.control]
        self.state = self.path("state") if state is True else state
        if state:
            command += ["--state", self.state]
        if tcp:
            command += ["--listen", "tcp:127.0.0.1:0"]
        if token is not None:
            command += ["--token-file", self.write("token", token + "\n")]
        if "--queue-ms" not in flags:
            command += PATIENT
        self.started = time.time()
        for name, text in (files or {}).items():
            self.write(name, text)
        super().__init__(command + [flag.replace("@", self.folder) if flag.startswith("@/") else flag for flag in flags],
                         **options)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), 0o600)
        return self.path(name)

    def place_site(self, site):
        if isinstance(site, str):
            return site
        write_files(self.path("site"), site)
        return self.path("site")

    def write_site(self, files):
        write_files(self.site, files)

    def wait_ready(self):
        self.listen = self.wait_log(r"msg=ready .*listen=(\S+)")[1].split(",")
        return self

    def tcp_address(self):
        return next(address for address in self.listen if address.startswith("tcp:"))

    def client(self, control=False):
        return Client(self.control if control else self.address)

    def client_of(self, number):
        """A connection that this worker accepted: the others stand still meanwhile."""
        others = [pid for worker, pid in self.pids().items() if worker != number]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            client = self.client()
            client.call("ping")
            return client
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)

    def ask(self, method, **arguments):
        """One request over a connection of its own."""
        with self.client() as client:
            return client.call(method, **arguments)

    def reload(self):
        """The version that serves from now on; RpcError with every problem where the site is refused."""
        with self.client(control=True) as client:
            return client.call("reload")["version"]

    def try_reload(self):
        try:
            return self.reload()
        except RpcError as error:
            return error.error

    def destroy(self):
        super().destroy()
        shutil.rmtree(self.folder)


class TestCase(unittest.TestCase):
    maxDiff = None

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

    def assert_stops(self, daemon, code=0, number=signal.SIGTERM):
        daemon.signal(number)
        self.assertEqual(daemon.wait_exit(), code, daemon.output())
        for pid in daemon.all_pids():
            wait_for_end(pid)

    def assert_refused(self, client, pattern, /, method="recommend", **arguments):
        """The request is answered with an error like this."""
        error, result = client.ask(method, arguments)
        self.assertIsNone(result)
        self.assertIsInstance(error, str, f"{method} {arguments}: answered")
        self.assertRegex(error, pattern)

    def offers(self, decision):
        return [item["offer"] for item in decision["items"]]


class SharedDaemon(TestCase):
    """One daemon for all tests of a class: `site` and `options` say which, SENDA_ADDRESS stands in for it."""

    site = SHOP
    options = {}
    allows_running = True  # the tests ask for nothing but what scripts/shop has

    @classmethod
    def setUpClass(cls):
        cls.daemon = None
        cls.address = os.environ.get("SENDA_ADDRESS") if cls.allows_running else None
        if not cls.address:
            cls.daemon = Daemon(cls.site, **cls.options)
            cls.addClassCleanup(cls.daemon.destroy)
            cls.address = cls.daemon.wait_ready().address

    @classmethod
    def tearDownClass(cls):
        """Whatever the tests sent, the daemon ends well, with nothing for a sanitizer to say."""
        if cls.daemon is None:
            return
        cls.daemon.signal(signal.SIGTERM)
        code = cls.daemon.wait_exit()
        if code != 0 or "ERROR: " in cls.daemon.output() or "runtime error" in cls.daemon.output():
            raise AssertionError(f"the daemon ended with {code}:\n{cls.daemon.output()}")

    def open(self):
        client = Client(self.address)
        self.addCleanup(client.close)
        return client


def wait_until(condition):
    """Asks until the answer is true, up to DEADLINE; for what can be asked of a daemon only by asking again."""
    until = time.monotonic() + DEADLINE
    while not condition():
        left(until)
