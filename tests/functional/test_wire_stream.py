"""Messages as a stream of bytes: in one piece or in many, from one client or hundreds, read fast or not at all."""

import socket
import unittest

from harness import SharedDaemon, wait_until
from process import DEADLINE
from rpc import RESPONSE, Client, request

PIPELINED = 10000
CLIENTS = 400


class Stream(SharedDaemon):
    def recommend(self, msgid, **arguments):
        return request("recommend", {"placement": "hero", **arguments}, msgid)

    def assert_all_answered(self, client, ids):
        """Each of these was answered once, without an error, and nothing else came."""
        replies = client.receive_all()
        self.assertEqual(sorted(reply[1] for reply in replies), sorted(ids))
        for kind, _, error, _ in replies:
            self.assertEqual((kind, error), (RESPONSE, None))

    def test_ten_thousand_requests_in_one_write(self):
        client = self.open()
        self.send_while_receiving(client, b"".join(request("ping", {}, msgid) for msgid in range(PIPELINED)))

    def send_while_receiving(self, client, data):
        """Sends all of it although replies fill the socket meanwhile."""
        client.socket.setblocking(False)
        ids = []
        view = memoryview(data)
        until = len(data)
        sent = 0

        def step():
            nonlocal sent
            if sent < until:
                try:
                    sent += client.socket.send(view[sent:])
                except BlockingIOError:
                    pass
            try:
                client.unpacker.feed(client.socket.recv(1 << 16))
            except BlockingIOError:
                pass
            ids.extend(message[1] for message in client.unpacker)
            return len(ids) >= PIPELINED

        wait_until(step)
        client.socket.settimeout(DEADLINE)
        self.assertEqual(sorted(ids), list(range(PIPELINED)))

    def test_recommendations_in_one_write_with_half_close(self):
        client = self.open()
        client.send(b"".join(self.recommend(msgid) for msgid in range(1000)))
        client.end()
        self.assert_all_answered(client, range(1000))

    def test_a_message_byte_by_byte(self):
        client = self.open()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        data = self.recommend(300, context={"device": "mobile", "visits": 3.5, "list": [1, 2, "ñ"], "bin": b"\x00"})
        for byte in data:
            client.send(bytes([byte]))
        self.assertEqual(client.receive()[:3], [RESPONSE, 300, None])
        client.end()
        self.assertEqual(client.receive_all(), [])

    def test_messages_cut_at_every_place(self):
        data = self.recommend(1, count=1) + request("pingg", {}, 2) + request("ping", {}, 3)
        for cut in range(1, len(data)):
            client = self.open()
            client.send(data[:cut])
            client.send(data[cut:])
            client.end()
            self.assertEqual([reply[1] for reply in client.receive_all()], [1, 2, 3])
            client.close()

    def test_a_message_larger_than_a_read_arrives_in_parts(self):
        client = self.open()
        text = "x" * 200000
        for _ in range(3):
            client.send(self.recommend(5, context={"text": text}))
        client.end()
        self.assert_all_answered(client, [5, 5, 5])

    def test_half_close_before_reading(self):
        client = self.open()
        client.send(self.recommend(1) + self.recommend(2))
        client.end()
        self.assert_all_answered(client, [1, 2])

    def test_a_truncated_message_ends_with_the_connection(self):
        whole = self.recommend(2)
        for length in range(1, len(whole)):
            client = self.open()
            client.send(self.recommend(1) + whole[:length])
            client.end()
            self.assert_all_answered(client, [1])
            client.close()

    def test_replies_arrive_although_nobody_read_them_before_the_half_close(self):
        client = self.open()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        count = 2000
        client.socket.settimeout(DEADLINE)
        client.send(b"".join(self.recommend(msgid, explain=False) for msgid in range(count)))
        client.end()
        self.assert_all_answered(client, range(count))

    def test_several_hundred_connections_at_once(self):
        clients = [self.open() for _ in range(CLIENTS)]
        for number, client in enumerate(clients):
            client.send(self.recommend(number))
        for number, client in reversed(list(enumerate(clients))):
            self.assertEqual(client.receive()[:3], [RESPONSE, number, None])
        for client in clients:
            client.close()
        self.open().call("ping")

    def test_connections_that_come_and_go(self):
        for number in range(200):
            with self.open() as client:
                if number % 3 == 0:
                    continue
                client.send(self.recommend(number)[: None if number % 3 == 1 else 10])
        self.open().call("ping")

    def test_who_does_not_read_holds_up_nobody_and_loses_nothing(self):
        slow = self.open()
        message = self.recommend(7, explain=True)
        sent, quiet = 0, 0
        while quiet < 3:
            more = self.fill(slow, message, sent)
            quiet = quiet + 1 if more == sent else 0
            sent = more
            self.assertLess(sent, 4 << 20, "the daemon reads on and on from a client that takes no reply")
            self.ask_from_others()
        slow.socket.settimeout(DEADLINE)
        slow.end()
        self.assert_all_answered(slow, [7] * (sent // len(message)))

    def fill(self, client, message, sent):
        """Sends requests until the socket takes no more of them; how many bytes went out in all."""
        client.socket.setblocking(False)
        data = message * 1000
        while True:
            try:
                sent += client.socket.send(data[sent % len(message):])
            except BlockingIOError:
                return sent

    def ask_from_others(self):
        for _ in range(10):
            with Client(self.address) as other:
                for _ in range(5):
                    other.recommend()


if __name__ == "__main__":
    unittest.main()
