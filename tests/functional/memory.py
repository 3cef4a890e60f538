"""What the tests of the memory share: daemons that remember, and words for what customers do and what became of it."""

import os
import shutil
import tempfile
import time

from harness import SharedDaemon, TestCase
from rpc import NOTIFICATION, REQUEST, pack

DAY = 86400
HOUR = 3600
WORKERS = 4


def ago(seconds):
    """The moment so long ago, as `at` takes it."""
    return time.time() - seconds


def packed(method, arguments, msgid=None):
    """One message: a request, or without an id a notification."""
    if msgid is None:
        return pack([NOTIFICATION, method, [arguments]])
    return pack([REQUEST, msgid, method, [arguments]])


def files_with(folder, needle):
    """The files below the folder that hold these bytes."""
    found = []
    for root, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(root, name), "rb") as file:
                if needle in file.read():
                    found.append(os.path.join(root, name))
    return found


class Words:
    """What customers do, over `self.client`."""

    def track(self, event, customer=None, **arguments):
        if customer is not None:
            arguments["customer"] = customer
        return self.client.call("track", event=event, **arguments)

    def profile(self, customer):
        return self.client.call("profile.get", customer=customer)

    def set(self, customer, **arguments):
        return self.client.call("profile.set", customer=customer, **arguments)

    def export(self, customer):
        return self.client.call("profile.export", customer=customer)

    def settle(self):
        """Waits until all that was answered before is in the store, decisions too."""
        self.client.call("journey.map")

    def stage(self, customer, journey=None):
        profile = self.profile(customer)
        return profile["stage"] if journey is None else profile["journeys"][journey]["stage"]

    def trace_of(self, offer, **arguments):
        """What explain tells of this offer now, without counting anything."""
        self.settle()
        decision = self.client.recommend(dry_run=True, explain=True, **arguments)
        return next(entry for entry in decision["trace"] if entry["offer"] == offer)

    def gate(self, offer, **arguments):
        return self.trace_of(offer, **arguments)["gate"]

    def offer_ids(self, decision):
        return [item["offer"] for item in decision["items"]]

    def stages_of_map(self, **arguments):
        """Stage → its part of the map, with the identity that has to hold for each checked."""
        result = self.client.call("journey.map", **arguments)
        stages = {stage["stage"]: stage for stage in result["stages"]}
        for name, stage in stages.items():
            if stage["entered"] != stage["advanced"] + stage["dropped"] + stage["inside"]:
                raise AssertionError(f"{name}: {stage}")
        return stages

    def figures(self, stage, **arguments):
        """(entered, advanced, dropped, inside) of a stage."""
        found = self.stages_of_map(**arguments)[stage]
        return found["entered"], found["advanced"], found["dropped"], found["inside"]


class Remembering(SharedDaemon, Words):
    """One daemon with a state of its own for all tests of a class; each test has customers of its own."""

    allows_running = False
    options = {"state": True, "workers": WORKERS}

    def setUp(self):
        self.client = self.open()
        self.who = self.id().rpartition(".")[2]


class MemoryCase(TestCase, Words):
    """A daemon for each test."""

    def remember(self, site, state=True, workers=WORKERS, **options):
        daemon = self.serve(site, state=state, workers=workers, **options)
        self.client = self.client_to(daemon)
        return daemon

    def folder(self):
        """A folder that outlives daemons."""
        folder = tempfile.mkdtemp(prefix="senda-state-")
        self.addCleanup(shutil.rmtree, folder)
        return folder

    def client_to(self, daemon):
        return TestCase.client(self, daemon)
