"""What every Python program here asks of a daemon, whatever library carries it."""

import os
import re
import sys
import traceback

CONCURRENT = 100
DECISION_FIELDS = {
    "decision", "known", "journey", "stage", "persona", "placement", "strategy", "version", "items", "fallback",
    "experiments",
}
ITEM_FIELDS = {"offer", "kind", "title", "url", "score", "propensity", "because", "data"}


def expect(condition, complaint):
    if not condition:
        raise AssertionError(complaint)


def check_decision(decision):
    expect(DECISION_FIELDS <= set(decision), f"recommend: fields missing in {decision}")
    expect(re.fullmatch(r"[\w.~-]{1,160}", decision["decision"]), f"decision {decision['decision']!r}")
    expect(decision["placement"] == "hero", f"placement {decision['placement']!r}")
    expect(isinstance(decision["known"], bool), "known is no boolean")
    expect(isinstance(decision["version"], str), "version is no text")
    for item in decision["items"]:
        expect(ITEM_FIELDS <= set(item), f"recommend: fields missing in item {item}")
        expect(isinstance(item["offer"], str), "offer is no text")
        expect(0 < item["propensity"] <= 1, f"propensity {item['propensity']}")


def check_error(request, code, method, *params):
    """`request` returns (error, result)."""
    error, _ = request(method, *params)
    expect(isinstance(error, str), f"{method}: the error is no string: {error!r}")
    expect(error.startswith(code + ": "), error)


def check_result(request, method, *params):
    error, result = request(method, *params)
    expect(error is None, f"{method}: {error}")
    return result


def check(request, request_all):
    """`request(method, *params)` returns (error, result); `request_all` takes a list of (method, params) at once."""
    check_result(request, "ping", {})
    check_result(request, "ping")
    check_decision(check_result(request, "recommend", {"placement": "hero"}))
    check_decision(check_result(request, b"recommend", {b"placement": b"hero"}))
    check_error(request, "UNKNOWN_METHOD", "recommendd", {})
    check_error(request, "INVALID", "recommend", {"placement": "heroo"})
    check_error(request, "INVALID", "recommend", {"placement": "hero", "custommer": "ana"})
    asked = [("recommend", [{"placement": "hero", "customer": f"visitor-{number}"}]) for number in range(CONCURRENT)]
    decisions = [result for _, result in request_all(asked)]
    for decision in decisions:
        check_decision(decision)
    expect(len({decision["decision"] for decision in decisions}) == CONCURRENT, "decisions share an id")


def parse_address(address):
    """"unix:/path" or "tcp:host:port" as (path, None) or (host, port)."""
    kind, _, rest = (address or "").partition(":")
    if kind == "unix" and rest:
        return rest, None
    host, _, port = rest.rpartition(":")
    if kind != "tcp" or not host:
        sys.exit("usage: ADDRESS, as unix:/path or tcp:host:port")
    return host, int(port)


def main(name, program):
    """Runs `program(host or path, port or None)`, then says how it went."""
    address = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SENDA_ADDRESS")
    where = parse_address(address)
    try:
        program(*where)
    except Exception:
        traceback.print_exc()
        sys.exit(f"FAILED {name}")
    print(f"ok {name}")
