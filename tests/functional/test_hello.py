"""hello: who is who, and the form of errors, for one connection alone."""

import unittest

from harness import SharedDaemon
from rpc import RpcError, pack

# Numbers of the codes, which clients may compare; the header of the C client has them too.
CODES = ["INVALID", "UNKNOWN_METHOD", "UNAUTHORIZED", "TOO_LARGE"]


class Hello(SharedDaemon):
    def error_of(self, client, method, **arguments):
        with self.assertRaises(RpcError) as caught:
            client.call(method, **arguments)
        return caught.exception.error

    def test_errors_are_text_until_pairs_are_asked_for(self):
        client = self.open()
        before = self.error_of(client, "pingg")
        client.call("hello", errors="pair")
        code, message = self.error_of(client, "pingg")
        self.assertIsInstance(code, int)
        self.assertEqual(before, "UNKNOWN_METHOD: " + message)

    def test_every_code_has_a_number_of_its_own(self):
        client = self.open()
        client.call("hello", errors="pair")
        numbers = [self.error_of(client, "recommend")[0], self.error_of(client, "nothing")[0],
                   self.error_of(client, "reload")[0]]
        client.send(b"\x94\x00\x05" + pack("ping") + b"\x91" * 20 + b"\xc0")
        numbers.append(client.receive()[2][0])
        self.assertEqual(len(set(numbers)), len(CODES))

    def test_text_can_be_asked_for_again(self):
        client = self.open()
        client.call("hello", errors="pair")
        client.call("hello", errors="text")
        self.assertIsInstance(self.error_of(client, "pingg"), str)

    def test_a_wrong_hello_changes_nothing(self):
        client = self.open()
        self.assertRegex(self.error_of(client, "hello", errors="pairs"), r"^INVALID: errors: expected 'text' or 'pair'")
        self.assertIsInstance(self.error_of(client, "pingg"), str)
        client.call("hello", errors="pair")
        self.error_of(client, "hello", errors="nothing")
        client.call("hello")
        client.call("hello", client="me")
        self.assertIsInstance(self.error_of(client, "pingg"), list)

    def test_other_connections_keep_theirs(self):
        pairs, texts = self.open(), self.open()
        pairs.call("hello", errors="pair")
        self.assertIsInstance(self.error_of(texts, "pingg"), str)
        self.assertIsInstance(self.error_of(pairs, "pingg"), list)

    def test_it_says_which_site_serves(self):
        client = self.open()
        self.assertEqual(client.call("hello")["site"], client.recommend()["version"])


if __name__ == "__main__":
    unittest.main()
