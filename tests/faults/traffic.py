"""Clients that pipeline events and decisions at a daemon that may die at any moment, and keep account of what it
acknowledged."""

import selectors
import socket
import time

import msgpack

from process import DEADLINE, left

PIPELINED = 24   # requests that a client has open
CUSTOMERS = 4    # of each client
REFUSALS = ("UNAVAILABLE", "OVERLOADED")  # what may be said to an event that is sent again then


class Broken(AssertionError):
    """The daemon said something that it must not."""


class Connection:
    """A socket that does not block, opened anew whenever it breaks; whoever asks hears of every end of a request."""

    def __init__(self, path):
        self.path = path
        self.socket = None
        self.open = {}
        self.last_id = 0
        self.breaks = 0

    def connect(self, selector):
        connection = socket.socket(socket.AF_UNIX)
        connection.setblocking(False)
        try:
            connection.connect(self.path)
        except OSError:  # there is no daemon now, or too many wait for it
            connection.close()
            return
        self.socket = connection
        self.unpacker = msgpack.Unpacker(raw=False, strict_map_key=False)
        self.rest = b""
        selector.register(connection, selectors.EVENT_READ, self)

    def disconnect(self, selector):
        """Requests that were open end with None: nobody knows what became of them."""
        selector.unregister(self.socket)
        self.socket.close()
        self.socket = None
        self.breaks += 1
        lost, self.open = self.open, {}
        for ended in lost.values():
            ended(None, None)

    def ask(self, method, arguments, ended):
        self.last_id += 1
        self.open[self.last_id] = ended
        self.rest += msgpack.packb([0, self.last_id, method, [arguments]])

    def describe(self):
        state = "not connected" if self.socket is None else f"{len(self.open)} open, {len(self.rest)} bytes unsent"
        return f"{state}, {self.last_id} asked, broke {self.breaks} times"

    def flush(self, selector):
        try:
            while self.rest:
                self.rest = self.rest[self.socket.send(self.rest):]
        except BlockingIOError:
            pass
        except OSError:
            self.disconnect(selector)

    def read(self, selector):
        try:
            data = self.socket.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.disconnect(selector)
            return
        self.unpacker.feed(data)
        for _, number, error, result in self.unpacker:
            self.open.pop(number)(error, result)


class Customer:
    """What one customer did, as the client knows it."""

    def __init__(self, name):
        self.name = name
        self.sure = 0       # events with an id that were acknowledged
        self.plain = 0      # events without one that were acknowledged
        self.perhaps = 0    # events without one of which nobody knows
        self.impressions = 0  # of `sure`, those of the offer
        self.lately = {}    # id -> Sent, of events with one that were sent since the customer was last found right


class Sent:
    """An event with an id, and how it went."""

    def __init__(self, event):
        self.event = event
        self.times = 0
        self.acknowledged = 0


class Client:
    """Sends events of its own customers, and again until they are acknowledged; one in three has no id."""

    def __init__(self, traffic, number):
        self.traffic = traffic
        self.connection = Connection(traffic.path)
        prefix = f"{traffic.name}-{number}"
        self.customers = [Customer(f"{prefix}-{i}") for i in range(CUSTOMERS)]
        self.prefix = prefix
        self.again = []
        self.count = 0

    def fill(self):
        """New events as long as there is room; only old ones while the traffic ends."""
        connection = self.connection
        while len(connection.open) < PIPELINED and (self.again or self.traffic.flowing):
            if self.again:
                self.send(*self.again.pop())
            else:
                self.send_new()

    def send_new(self):
        self.count += 1
        customer = self.customers[self.traffic.random.randrange(CUSTOMERS)]
        event = {"event": "impression", "offer": "plain", "customer": customer.name, "id": f"{self.prefix}:{self.count}"}
        if self.count % 3 == 0:
            event = {"event": "glance", "customer": customer.name}
        self.send(customer, event)

    def send(self, customer, event):
        if "id" in event:
            customer.lately.setdefault(event["id"], Sent(event)).times += 1
        self.connection.ask("track", event, lambda error, result: self.ended(customer, event, error, result))

    def ended(self, customer, event, error, result):
        if error is not None and not error.startswith(REFUSALS):
            raise Broken(f"{event}: {error}")
        if result is not None:
            if result["accepted"] is not True:
                raise Broken(f"{event}: {result}")
            self.traffic.acknowledged += 1
            self.account(customer, event)
        elif "id" in event:
            self.again.append((customer, event))
        elif error is None or "in time" in error:
            customer.perhaps += 1

    def account(self, customer, event):
        if "id" not in event:
            customer.plain += 1
        else:
            customer.sure += 1
            customer.lately[event["id"]].acknowledged += 1
            customer.impressions += event["event"] == "impression"
        if self.traffic.on_acknowledged is not None:
            self.traffic.on_acknowledged(customer, event)

    def is_idle(self):
        return not self.connection.open and not self.again


class Watcher:
    """Asks for recommendations, one behind the other, a moment apart."""

    PAUSE_S = 0.001

    def __init__(self, traffic):
        self.traffic = traffic
        self.connection = Connection(traffic.path)
        self.answered = 0
        self.asked = 0
        self.latest = 0  # the number of the request that was answered last
        self.next = 0.0

    def fill(self):
        if not self.connection.open and time.monotonic() >= self.next:
            self.next = time.monotonic() + self.PAUSE_S
            self.asked += 1
            self.connection.ask("recommend", {"placement": "hero"}, self.ended)

    def ended(self, error, result):
        if error is not None or (result is not None and not result["items"]):
            raise Broken(f"recommend: {error} {result}")
        if result is not None:
            self.answered += 1
            self.latest = self.asked

    def is_idle(self):
        return True


class Traffic:
    """Everybody's connections in one loop. `random` says which customer comes next."""

    def __init__(self, path, name, random, clients=4, watchers=2):
        self.path = path
        self.name = name
        self.random = random
        self.flowing = True
        self.acknowledged = 0
        self.on_acknowledged = None
        self.selector = selectors.DefaultSelector()
        self.clients = [Client(self, number) for number in range(clients)]
        self.watchers = [Watcher(self) for _ in range(watchers)]
        self.others = []

    def everybody(self):
        return self.clients + self.watchers + self.others

    def turn(self, seconds=0.02):
        for party in self.everybody():
            connection = party.connection
            if connection.socket is None:
                connection.connect(self.selector)
            if connection.socket is not None:
                party.fill()
                connection.flush(self.selector)
        for key, _ in self.selector.select(seconds):
            if key.data.socket is not None:
                key.data.read(self.selector)

    def run_until(self, condition):
        until = time.monotonic() + DEADLINE
        while not condition():
            left(until)
            self.turn()

    def run_for(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.turn(min(0.02, max(0, until - time.monotonic())))

    def settle(self):
        """Until everything that has an id is acknowledged, and nothing is on its way; nothing new is sent then."""
        self.flowing = False
        self.run_until(lambda: all(client.is_idle() for client in self.clients))

    def customers(self):
        return [customer for client in self.clients for customer in client.customers]

    def breaks(self):
        return sum(party.connection.breaks for party in self.everybody())

    def watched(self):
        return sum(watcher.answered for watcher in self.watchers)

    def run_until_watched(self):
        """Until every watcher has the answer to something that it had not asked yet."""
        asked = [watcher.asked for watcher in self.watchers]
        self.run_until(lambda: all(watcher.latest > before for watcher, before in zip(self.watchers, asked)))

    def describe(self):
        """Where everybody's requests are, for whoever has to find out why something was waited for in vain."""
        return "; ".join(f"{type(party).__name__.lower()} {number}: {party.connection.describe()}"
                         for number, party in enumerate(self.everybody()))

    def ask(self, requests):
        """(error, result) of each (method, arguments), over one new connection; nothing else happens meanwhile."""
        asker = Asker(self, requests)
        self.others.append(asker)
        self.run_until(lambda: asker.left == 0)
        self.others.remove(asker)
        if asker.connection.socket is not None:
            asker.connection.disconnect(self.selector)
        return asker.answers

    def close(self):
        for party in self.everybody():
            if party.connection.socket is not None:
                self.selector.unregister(party.connection.socket)
                party.connection.socket.close()
        self.selector.close()


class Asker:
    """Requests that are sent once; (None, None) where the connection broke."""

    def __init__(self, traffic, requests):
        self.connection = Connection(traffic.path)
        self.requests = requests
        self.answers = [None] * len(requests)
        self.left = len(requests)
        self.sent = False

    def fill(self):
        if self.sent:
            return
        self.sent = True
        for number, (method, arguments) in enumerate(self.requests):
            self.connection.ask(method, arguments, self.ended_of(number))

    def ended_of(self, number):
        def ended(error, result):
            if self.answers[number] is None:
                self.answers[number] = (error, result)
                self.left -= 1
        return ended


def check_customers(traffic):
    """Every acknowledged event is there, and none twice; returns how many there are."""
    customers = [customer for customer in traffic.customers() if customer.sure + customer.plain + customer.perhaps]
    answers = traffic.ask([("profile.get", {"customer": customer.name}) for customer in customers])
    for customer, (error, profile) in zip(customers, answers):
        if profile is None:
            if error is not None and error.startswith("NOT_FOUND") and customer.sure + customer.plain == 0:
                continue
            raise Broken(f"{customer.name}: {error}")
        check_customer(traffic, customer, profile["counts"])
    return sum(customer.sure + customer.plain for customer in customers)


def check_customer(traffic, customer, counts):
    sure, plain = counts.get("impression", 0), counts.get("glance", 0)
    if sure != customer.sure:
        raise Broken(f"{customer.name}: {customer.sure} events with an id were acknowledged, {sure} are there; "
                     + describe_ids(traffic, customer))
    if not customer.plain <= plain <= customer.plain + customer.perhaps:
        raise Broken(f"{customer.name}: {customer.plain} events without an id were acknowledged, {customer.perhaps} more "
                     f"were sent, {plain} are there")
    extra = plain - customer.plain  # those were written down for good
    customer.plain, customer.perhaps = plain, customer.perhaps - extra
    customer.lately.clear()


def describe_ids(traffic, customer):
    """
    Which of the latest ids are lost: they are taken as new when they are sent once more. Who was counted twice is among
    those that were sent more than once.
    """
    lately = list(customer.lately.items())
    answers = traffic.ask([("track", sent.event) for _, sent in lately])
    lost = [name for (name, sent), (_, result) in zip(lately, answers)
            if sent.acknowledged and result is not None and not result["duplicate"]]
    again = [f"{name} ({sent.times} times)" for name, sent in lately if sent.times > 1]
    return (f"since it was right last, {len(lately)} ids were sent; not known any more: {lost or 'none'}; "
            f"sent more than once: {again or 'none'}")


def check_map(traffic, journey):
    """The journey's map says the same as the customers."""
    (error, found), = traffic.ask([("journey.map", {"journey": journey})])
    if error is not None:
        raise Broken(f"journey.map: {error}")
    shown = 0
    for stage in found["stages"]:
        if stage["entered"] != stage["advanced"] + stage["dropped"] + stage["inside"]:
            raise Broken(f"journey.map: {stage}")
        shown += sum(offer["impressions"] for offer in stage["offers"] if offer["offer"] == "plain")
    expected = sum(customer.impressions for customer in traffic.customers())
    if shown != expected:
        raise Broken(f"journey.map: {expected} impressions were acknowledged, {shown} are there")
    return shown
