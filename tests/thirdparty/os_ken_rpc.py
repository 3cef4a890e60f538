#!/usr/bin/python3
"""Drives a daemon through os_ken.lib.rpc (Debian: python3-os-ken)."""

import socket

from os_ken.lib import rpc

from check import check, main


def connect(host, port):
    if port is not None:
        return socket.create_connection((host, port))
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(host)
    return connection


def drive_client(connection):
    """One request at a time, through the client it has for that."""
    client = rpc.Client(connection)
    client.send_notification("track", [{"event": "page_view", "customer": "os-ken"}])

    def request(method, *params):
        try:
            return None, client.call(method, list(params))
        except rpc.RPCError as error:
            return error.get_value(), None

    return request


def drive_end_point(connection):
    """All at once, through the end point its client is made of."""
    end_point = rpc.EndPoint(connection)

    def request_all(asked):
        msgids = [end_point.send_request(method, params) for method, params in asked]
        answers = {}
        while len(answers) < len(msgids):
            if end_point.selectable()[1]:
                end_point.process_outgoing()
            if not end_point.receive_messages():
                raise EOFError("the daemon closed the connection")
            for msgid in msgids:
                answer = end_point.get_response(msgid)
                if answer is not None:
                    answers[msgid] = answer[::-1]
        return [answers[msgid] for msgid in msgids]

    return request_all


def drive(host, port):
    with connect(host, port) as alone, connect(host, port) as together:
        check(drive_client(alone), drive_end_point(together))


if __name__ == "__main__":
    main("os-ken", drive)
