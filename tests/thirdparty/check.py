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


def check_memory(request):
    """What is told of a customer is known from then on, once, until it is erased."""
    who = {"customer": "third-party"}
    event = {"customer": "third-party", "event": "page_view", "id": "the-same"}
    check_result(request, "profile.erase", who)
    check_error(request, "NOT_FOUND", "profile.get", who)
    for duplicate in (False, True):
        answer = check_result(request, "track", event)
        expect(answer["accepted"] is True and answer["duplicate"] is duplicate, f"track: {answer}")
    first, second = check_result(request, "track", [event, {"event": "", "customer": "third-party"}])
    expect(first["accepted"] is True and second["accepted"] is False, f"a batch: {first}, {second}")
    expect(second["error"].startswith("INVALID: event: "), second["error"])
    profile = check_result(request, "profile.set", {"customer": "third-party", "traits": {"role": "it"}})
    expect(profile["traits"] == {"role": "it"}, f"profile.set: {profile}")
    check_result(request, "identify", {"anonymous": "third-party-visitor", "customer": "third-party"})
    profile = check_result(request, "profile.get", {"customer": "third-party-visitor"})
    expect(profile["customer"] == "third-party" and profile["counts"] == {"page_view": 1}, f"profile.get: {profile}")
    decision = check_result(request, "recommend", {"placement": "hero", "customer": "third-party"})
    expect(decision["known"] is True and decision["stage"] == profile["stage"], f"not known: {decision}")
    check_result(request, "profile.erase", who)
    check_error(request, "NOT_FOUND", "profile.get", who)


def check(request, request_all):
    """`request(method, *params)` returns (error, result); `request_all` takes a list of (method, params) at once."""
    check_result(request, "ping", {})
    check_result(request, "ping")
    check_decision(check_result(request, "recommend", {"placement": "hero"}))
    check_decision(check_result(request, b"recommend", {b"placement": b"hero"}))
    check_error(request, "UNKNOWN_METHOD", "recommendd", {})
    check_error(request, "INVALID", "recommend", {"placement": "heroo"})
    check_error(request, "INVALID", "recommend", {"placement": "hero", "custommer": "ana"})
    check_memory(request)
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
