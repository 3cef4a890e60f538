#!/usr/bin/python3
"""Measures what is left for others under hardship: hardship.py overload|slowloris|hostile --build DIR [--rounds N] [--seconds S]."""

import argparse
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

# Each decision asks a strategy that costs about 150 microseconds, and chance, so that no result is remembered.
SITE = {
    "site.lua": 'site "hardship" { locale = "en", locales = { "en" } }\n',
    "journeys/walk.lua": 'journey "walk" { model = "b2c", stage "first" { names = { en = "first" } } }\n',
    "placements.lua": """
placement "hero" { fallback = "house" }
placement "trap" { fallback = "house" }
offer "house" { kind = "showcase", title = "Our house", url = false, placements = {} }
""",
    "offers/offers.lua": """
offer "plain" { kind = "article", title = "Plain", url = false, placements = { "hero" } }
offer "bait" { kind = "article", title = "Bait", url = false, placements = { "trap" } }
""",
    "strategies/strategies.lua": """
strategy "dear" {
  placements = { "hero" },
  score = function(c, o)
    local sum = 0
    for i = 1, 4000 do sum = sum + random() end
    return sum
  end,
}
strategy "endless" { placements = { "trap" }, score = function(c, o) while true do end end }
""",
}
PING = b"\x94\x00\x01\xa4ping\x90"
TRAP = b"\x94\x00\x07\xa9recommend\x91\x81\xa9placement\xa4trap"
HOSTILE = [TRAP, b"\xc1" * 64, b"\x94\x00\x05\xa4ping" + b"\x91" * 200, b"\x94\x00\x05\xa4ping\x91\xdd\xff\xff\xff\xff",
           b"\x94\x00\x05\xa4ping\x91\xdb\x7f\xff\xff\xff", b"\x94\x00\x05\xa9recommend\x91\xdf\x00\x00\x0f\xff" + b"\x01" * 8190,
           b"\x94\x00\x05\xa9recommend\x91\x81\xa9placement\xc4\x04\xff\xfe\xfd\xfc", b"\x94\x00"]
ENDLESS = b"\x94\x00\x07\xa9recommend\x91\x81\xa7context\xda\x7f\xff"  # a text of 32,767 bytes follows
CRAWLERS = 9000
SINKS, SLOWLORIS_TURNS = 1000, 15


class Daemon:
    def __init__(self, options, *flags):
        self.folder = tempfile.mkdtemp(prefix="senda-bench-")
        for name, text in SITE.items():
            path = os.path.join(self.folder, "site", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        self.socket = os.path.join(self.folder, "socket")
        self.options = options
        self.log = os.path.join(self.folder, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [*pinned(0), os.path.join(options.build, "sendad"), "--site", os.path.join(self.folder, "site"),
                 "--listen", "unix:" + self.socket, "--workers", "1", *flags], stderr=log)
        while b"msg=ready" not in self.read_log():
            if self.process.poll() is not None:
                raise SystemExit(self.read_log().decode())
            time.sleep(0.01)

    def read_log(self):
        with open(self.log, "rb") as log:
            return log.read()

    def worker(self):
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            return int(children.read().split()[0])

    def bench(self, *flags, connections=50):
        """What sendactl bench has measured; some answers may be refusals."""
        command = [*pinned(1), os.path.join(self.options.build, "sendactl"), "bench", "--connect", "unix:" + self.socket,
                   "--placement", "hero", "--connections", str(connections), "--duration", str(self.options.seconds), "--json",
                   *map(str, flags)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if not done.stdout:
            raise SystemExit("the daemon went away")
        return json.loads(done.stdout)

    def capacity(self):
        return self.bench("--depth", 1, "--warmup", 1)["requests_per_second"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


def pinned(core):
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and os.cpu_count() >= 2 else []


def milliseconds(result, kind="latency_us", quantile="p99"):
    return result[kind][quantile] / 1000


def answered(result):
    return (result["requests"] - result["errors"]) / result["seconds"]


def overload(options):
    """Open loops at multiples of what the same worker does when it refuses nothing."""
    print("== overload: one worker, 50 connections, open loop; latencies counted from when each request was due")
    found = {2: [], 10: []}
    for number in range(options.rounds):
        with Daemon(options, "--queue-ms", "0") as daemon:
            peak = daemon.capacity()
        with Daemon(options) as daemon:
            for factor, figures in found.items():
                result = daemon.bench("--depth", 1024, "--rate", peak * factor, "--warmup", 1)
                figures.append((answered(result) / peak, milliseconds(result), milliseconds(result, "error_latency_us")))
                print(f"round {number + 1}   peak {peak:.0f}/s   {factor:2} x: goodput {figures[-1][0]:.3f} of it, answers "
                      f"p99 {figures[-1][1]:.2f} ms, refusals p99 {figures[-1][2]:.2f} ms, {result['unsent']} not even sent, "
                      f"driver {100 * result['driver_cores']:.0f} % of a core")
    for factor, figures in found.items():
        goodput, taken, refused = (statistics.median(column) for column in zip(*figures))
        print(f"median    {factor:2} x: goodput {goodput:.3f} (aim 0.9), answers p99 {taken:.2f} ms (aim 100), "
              f"refusals p99 {refused:.2f} ms (aim 5)")


def anonymous_kilobytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:"))


def crawl(daemon, count):
    """Connections that begin a message and never end it; all have been read from when this returns."""
    crawlers = []
    for _ in range(count):
        crawler = socket.socket(socket.AF_UNIX)
        crawler.connect(daemon.socket)
        crawler.sendall(PING + ENDLESS)
        crawler.recv(64)
        crawlers.append(crawler)
    return crawlers


def sinks():
    """Connections to somebody who never reads."""
    pairs = [socket.socketpair() for _ in range(SINKS)]
    return [near for near, _ in pairs], [far for _, far in pairs]


class Dribble(threading.Thread):
    """
    A byte over each connection in turns, about a thousand a second: all at once would be a burst of our own making. Only
    while the driver needs no processor, lest it is the driver that waits.
    """

    def __init__(self, connections):
        super().__init__()
        self.connections, self.ends, self.sent = connections, threading.Event(), 0

    def run(self):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        while not self.ends.is_set():
            self.connections[self.sent % len(self.connections)].send(b"x")
            self.sent += 1
            time.sleep(0.001)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ends.set()
        self.join()


def slowloris_round(options, count):
    """
    Two daemons, one of which has the crawlers, are asked in turns. Who dribbles shares the driver's processor, and does so
    meanwhile, too, into sinks: what is compared is what it costs the daemon.
    """
    flags = ["--frame-seconds", "600", "--connections", str(count + 1000)]
    with Daemon(options, *flags) as free, Daemon(options, *flags) as beset:
        rate = min(free.capacity(), beset.capacity()) / 2
        for crawler in crawl(beset, 10):
            crawler.close()
        before = anonymous_kilobytes(beset.worker())
        crawlers, (near, far) = crawl(beset, count), sinks()
        size = (anonymous_kilobytes(beset.worker()) - before) * 1024 / count
        without, beside, sent = [], [], {free: 0, beset: 0}
        for _ in range(SLOWLORIS_TURNS):
            for daemon, connections, found in ((free, near, without), (beset, crawlers, beside)):
                with Dribble(connections) as dribble:
                    found.append(milliseconds(daemon.bench("--depth", 64, "--rate", rate, "--warmup", 0.2,
                                                           "--duration", options.seconds / 3)))
                sent[daemon] += dribble.sent
        for connection in [*crawlers, *near, *far]:
            connection.close()
    return without, beside, size, sent[beset]


def typical(found):
    """Median and lower quartile: a machine that others use, too, makes some runs many times as long."""
    return statistics.median(found), statistics.quantiles(found)[0]


def slowloris(options):
    """The same load with and without them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(CRAWLERS, hard - 2 * SINKS - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 2 * SINKS + 200), hard))
    print(f"== slowloris: {count} connections that dribble a message beside a load of half of what the worker can do; "
          f"p99 of {SLOWLORIS_TURNS} runs in turns")
    all_without, all_beside, sizes = [], [], []
    for number in range(options.rounds):
        without, beside, size, sent = slowloris_round(options, count)
        all_without += without
        all_beside += beside
        sizes.append(size)
        print(f"round {number + 1}   without {min(without):.3f} to {max(without):.3f} ms, beside them {min(beside):.3f} to "
              f"{max(beside):.3f} ms; {size:.0f} bytes for each, {sent} sent meanwhile")
    for name, free, beset in zip(("median", "lower quartile"), typical(all_without), typical(all_beside)):
        print(f"{name}: p99 without {free:.3f} ms, beside them {beset:.3f} ms: {beset / free:.2f} x (aim 1.2)")
    print(f"median {statistics.median(sizes):.0f} bytes (aim 4096)")


def attack(daemon, rate, ends, counts):
    """So many hostile requests a second, of all kinds in turns, each on a connection that is as good as new."""
    began, number = time.monotonic(), 0
    while not ends.is_set():
        due = began + number / rate
        if due > time.monotonic():
            time.sleep(min(due - time.monotonic(), 0.05))
            continue
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(daemon.socket)
            client.sendall(HOSTILE[number % len(HOSTILE)])
        number += 1
    counts.append(number)


def hostile(options):
    """A load of a third of what the worker can do; then the same with one hostile request to a hundred."""
    print("== hostile: loops, bombs and bytes that are no messages as 1 % of the requests")
    differences = []
    for number in range(options.rounds):
        with Daemon(options) as daemon:
            rate = daemon.capacity() / 3
            without = milliseconds(daemon.bench("--depth", 64, "--rate", rate, "--warmup", 0.5))
            ends, counts = threading.Event(), []
            thread = threading.Thread(target=attack, args=(daemon, rate / 99, ends, counts))
            thread.start()
            result = daemon.bench("--depth", 64, "--rate", rate, "--warmup", 0.5)
            ends.set()
            thread.join()
        beside = milliseconds(result)
        differences.append(beside - without)
        print(f"round {number + 1}   p99 without {without:.3f} ms, beside {counts[0]} of them {beside:.3f} ms, {result['errors']} of "
              f"{result['requests']} others' requests failed")
    print(f"median    {statistics.median(differences):+.2f} ms (aim +5)")


def main():
    if os.cpu_count() >= 2:
        os.sched_setaffinity(0, {1})  # what attacks shares the driver's processor, not the daemon's
    parts = {"overload": overload, "slowloris": slowloris, "hostile": hostile}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=parts)
    parser.add_argument("--build", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    parts[options.part](options)


if __name__ == "__main__":
    main()
