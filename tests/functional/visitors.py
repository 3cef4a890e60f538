"""Visitors at a steady pace, who count what was not answered as it should be; they do what clients do when a daemon goes:
ask again, once, what it had not answered."""

import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "clients", "python"))

import senda  # noqa: E402
from process import DEADLINE  # noqa: E402
from rpc import Client, request  # noqa: E402

CALIBRATION_ROUNDS = 40
LEAST_PAUSE_S = 0.001


class Visitor(threading.Thread):
    """Asks again and again, `pause` seconds from one request's beginning to the next one's."""

    def __init__(self, address, number):
        super().__init__()
        self.address, self.number = address, number
        self.done, self.progress = threading.Event(), threading.Event()
        self.pause = 0
        self.answered, self.asked_again, self.resets, self.failures = 0, 0, 0, []

    def run(self):
        due = time.monotonic()
        while not self.done.wait(max(due - time.monotonic(), 0)):
            due = max(due + self.pause, time.monotonic())
            try:
                self.check(self.visit())
                self.answered += 1
                self.progress.set()
            except (ConnectionResetError, BrokenPipeError) as reset:
                self.resets += 1
                self.failures.append(repr(reset))
            except Exception as failure:  # whatever it is, the test shows it
                self.failures.append(repr(failure))
        self.leave()

    def check(self, decision):
        if decision["fallback"] is not None or len(decision["items"]) != 1:
            raise AssertionError(f"answered with {decision}")

    def leave(self):
        pass


class Caller(Visitor):
    """Over the Python client, which keeps its connection and tells events, too."""

    def __init__(self, address, number):
        super().__init__(address, number)
        self.client = senda.Client(address, timeout_ms=60000)

    def visit(self):
        customer = f"caller-{self.number}"
        if self.answered % 4 == 0:
            self.client.track(event="page_view", customer=customer)
        return self.client.recommend(placement="hero", customer=customer)

    def leave(self):
        self.client.close()


class Keeper(Visitor):
    """Keeps a plain connection, and opens another where that one has come to a clean end."""

    connection = None

    def visit(self):
        if self.connection is not None:
            try:
                return self.connection.recommend()
            except EOFError:
                self.asked_again += 1
                self.leave()
        self.connection = Client(self.address)
        return self.connection.recommend()

    def leave(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Passer(Visitor):
    """A new connection for each request; what is asked is sent with the first bytes, and again if nobody looked at it."""

    def visit(self):
        for _ in range(2):
            with Client(self.address) as connection:
                connection.send(request("recommend", {"placement": "hero"}))
                connection.end()
                messages = connection.receive_all()
            if messages:
                _, _, error, decision = messages[0]
                if error is not None:
                    raise AssertionError(error)
                return decision
            self.asked_again += 1
        raise EOFError


class Crowd:
    """Some of each, on each of the addresses; calibrated, they ask for a share of what they could ask for together."""

    def __init__(self, addresses, of_each):
        self.visitors = [kind(address, number) for number in range(of_each) for address in addresses
                         for kind in (Caller, Keeper, Passer)]

    def __enter__(self):
        for visitor in self.visitors:
            visitor.start()
        return self

    def __exit__(self, *_):
        for visitor in self.visitors:
            visitor.done.set()
        for visitor in self.visitors:
            visitor.join()

    def calibrate(self, share):
        """As fast as they can for a moment, then at that share of it. Returns requests a second."""
        before, began = self.answered(), time.monotonic()
        for _ in range(CALIBRATION_ROUNDS):
            self.wait_progress()
        rate = (self.answered() - before) / (time.monotonic() - began) * share
        for visitor in self.visitors:
            visitor.pause = max(len(self.visitors) / max(rate, 1), LEAST_PAUSE_S)
        return rate

    def wait_progress(self):
        """Until every visitor has got one more answer."""
        for visitor in self.visitors:
            visitor.progress.clear()
        for visitor in self.visitors:
            if not visitor.progress.wait(DEADLINE):
                raise AssertionError(f"a visitor waits in vain: {visitor.failures[-3:]}")

    def answered(self):
        return sum(visitor.answered for visitor in self.visitors)

    def asked_again(self):
        return sum(visitor.asked_again for visitor in self.visitors)

    def resets(self):
        return sum(visitor.resets for visitor in self.visitors)

    def failures(self):
        return [failure for visitor in self.visitors for failure in visitor.failures]
