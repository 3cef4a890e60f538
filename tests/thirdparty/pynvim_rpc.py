#!/usr/bin/python3
"""Drives a daemon through pynvim.msgpack_rpc (Debian: python3-pynvim).

A new session announces itself with the notification `nvim_set_client_info` and five arguments, its method a byte
string: the daemon has to take it without a word and go on.
"""

from pynvim.msgpack_rpc import socket_session, tcp_session

from check import check, main


class Refused(Exception):
    """The error of a reply, as it came."""


def drive_session(session):
    """One request at a time, through the blocking session."""
    session.error_wrapper = Refused
    session.request("track", {"event": "page_view", "customer": "pynvim"}, async_=True)

    def request(method, *params):
        try:
            return None, session.request(method, *params)
        except Refused as refused:
            return refused.args[0], None

    return request


def drive_async_session(session):
    """All at once, through the asynchronous session its blocking one is made of."""
    inner = session._async_session

    def request_all(asked):
        answers = {}

        def keep(number, error, result):
            answers[number] = (error, result)
            if len(answers) == len(asked):
                inner.stop()

        for number, (method, params) in enumerate(asked):
            inner.request(method, params, lambda error, result, number=number: keep(number, error, result))
        inner.run(None, None)
        return [answers[number] for number in range(len(asked))]

    return request_all


def drive(host, port):
    session = socket_session(host) if port is None else tcp_session(host, port)
    try:
        check(drive_session(session), drive_async_session(session))
    finally:
        session.close()


if __name__ == "__main__":
    main("pynvim", drive)
