"""Requests, responses and notifications: what is answered, under which id, and in which forms it may be asked."""

import unittest

from harness import SharedDaemon
from rpc import NOTIFICATION, REQUEST, RESPONSE, pack


class Envelope(SharedDaemon):
    def assert_answers(self, client, message):
        """The daemon sends a recommendation as the reply to this message, whose id is 7."""
        client.send(message)
        kind, msgid, error, result = client.receive()
        self.assertEqual((kind, msgid, error), (RESPONSE, 7, None))
        self.assertEqual(result["placement"], "hero")

    def assert_nothing_before(self, client):
        """Nothing was sent to this client so far: the next message is the answer to this ping."""
        client.send(pack([REQUEST, 4711, "ping", []]))
        self.assertEqual(client.receive(), [RESPONSE, 4711, None, {"pong": True}])

    def test_any_u32_is_an_id_and_comes_back(self):
        client = self.open()
        for msgid in [0, 1, 127, 128, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1]:
            client.send(pack([REQUEST, msgid, "ping", [{}]]))
            self.assertEqual(client.receive(), [RESPONSE, msgid, None, {"pong": True}])

    def test_an_id_may_be_written_in_any_width_and_signed(self):
        client = self.open()
        for written in [b"\x05", b"\xcc\x05", b"\xcd\x00\x05", b"\xce\x00\x00\x00\x05", b"\xcf" + bytes(7) + b"\x05",
                        b"\xd0\x05", b"\xd1\x00\x05", b"\xd2\x00\x00\x00\x05", b"\xd3" + bytes(7) + b"\x05"]:
            client.send(b"\x94\x00" + written + pack("ping") + b"\x90")
            self.assertEqual(client.receive(), [RESPONSE, 5, None, {"pong": True}])

    def test_an_id_and_a_type_may_be_written_as_floats(self):
        client = self.open()
        for msgid in [0.0, 1.0, 65536.0, 2.0**32 - 1]:
            for kind in [0, 0.0]:
                client.send(pack([kind, msgid, "ping", [{}]]))
                self.assertEqual(client.receive(), [RESPONSE, int(msgid), None, {"pong": True}])
        client.send(pack([2.0, "recommend", [{"placement": "hero"}]]))
        client.send(pack([1.0, 3.0, None, {}]))
        self.assert_nothing_before(client)

    def test_the_same_id_twice_is_answered_twice(self):
        client = self.open()
        client.send(pack([REQUEST, 9, "ping", []]) * 2)
        self.assertEqual([client.receive()[1], client.receive()[1]], [9, 9])

    def test_the_envelope_may_be_an_array_of_any_width(self):
        client = self.open()
        for head in [b"\x94", b"\xdc\x00\x04", b"\xdd\x00\x00\x00\x04"]:
            self.assert_answers(client, head + b"\x00\x07" + pack("recommend") + pack([{"placement": "hero"}]))

    def test_params_are_a_map_in_an_array_or_a_bare_map(self):
        client = self.open()
        for params in [[{"placement": "hero"}], {"placement": "hero"}]:
            self.assert_answers(client, pack([REQUEST, 7, "recommend", params]))

    def test_an_empty_array_stands_for_an_empty_map(self):
        client = self.open()
        for params in [[], [[]], {}, [{}]]:
            for method in ["hello", "stats"]:
                client.send(pack([REQUEST, 7, method, params]))
                self.assertIsNone(client.receive()[2])
        for name in ["traits", "context", "consents"]:
            self.assert_answers(client, pack([REQUEST, 7, "recommend", [{"placement": "hero", name: []}]]))

    def test_more_or_other_params_are_refused(self):
        client = self.open()
        for params in [[{"placement": "hero"}, {}], ["hero"], [1], "hero", 1, True, [[{}]], [["hero"]]]:
            error, _ = self.ask_raw(client, "recommend", params)
            self.assertRegex(error, r"^INVALID: params: ")

    def test_nil_params_are_refused_or_taken_as_none_but_never_lost(self):
        client = self.open()
        error, _ = self.ask_raw(client, "stats", None)
        self.assertTrue(error is None or error.startswith("INVALID: params: "), error)

    def ask_raw(self, client, method, params):
        client.send(pack([REQUEST, 3, method, params]))
        kind, msgid, error, result = client.receive()
        self.assertEqual((kind, msgid), (RESPONSE, 3))
        return error, result

    def test_str_and_bin_are_alike(self):
        client = self.open()
        for method in ["recommend", b"recommend"]:
            for key in ["placement", b"placement"]:
                for value in ["hero", b"hero"]:
                    self.assert_answers(client, pack([REQUEST, 7, method, [{key: value}]]))

    def test_old_raw_strings_of_every_width_are_read(self):
        client = self.open()
        for head in [b"\xd9\x04", b"\xda\x00\x04", b"\xdb\x00\x00\x00\x04", b"\xc4\x04", b"\xc5\x00\x04",
                     b"\xc6\x00\x00\x00\x04"]:
            client.send(b"\x94\x00\x07" + head + b"ping" + b"\x90")
            self.assertEqual(client.receive(), [RESPONSE, 7, None, {"pong": True}])

    def test_an_argument_that_is_nil_was_left_out(self):
        client = self.open()
        message = {"placement": "hero", "stage": None, "count": None, "context": None, "at": None, "explain": None}
        self.assert_answers(client, pack([REQUEST, 7, "recommend", [message]]))
        self.assert_refused(client, r"^INVALID: placement: ", placement=None)

    def test_an_argument_given_twice_is_refused(self):
        client = self.open()
        pair = pack("placement") + pack("hero")
        client.send(b"\x94\x00\x07" + pack("recommend") + b"\x91\x82" + pair + pair)
        self.assertRegex(client.receive()[2], r"^INVALID: placement: ")

    def test_notifications_are_not_answered(self):
        client = self.open()
        client.notify("ping", {})
        client.notify("recommend", {"placement": "hero"})
        client.notify("recommend", {"placement": "heroo"})
        client.notify("recommend")
        client.notify("no_such_method", {"a": 1})
        client.notify("auth", {"token": "guess"})
        client.notify("hello", {"errors": "neither"})
        client.send(pack([NOTIFICATION, "ping", "no parameters at all"]))
        self.assert_nothing_before(client)

    def test_what_neovims_client_says_of_itself_is_passed_over(self):
        client = self.open()
        client.notify("nvim_set_client_info", "node-client", {"major": 5}, "host", {}, {"license": "Apache"})
        self.assert_nothing_before(client)

    def test_a_notification_takes_effect(self):
        client = self.open()
        client.notify("hello", {"errors": "pair"})
        error, _ = client.ask("no_such_method", {})
        self.assertIsInstance(error, list)

    def test_responses_to_nothing_are_passed_over(self):
        client = self.open()
        client.send(pack([RESPONSE, 0, None, {"pong": True}]))
        client.send(pack([RESPONSE, 4711, "ERROR", None]))
        self.assert_nothing_before(client)

    def test_an_unknown_method_is_answered_with_the_nearest_name(self):
        client = self.open()
        for wrong, nearest in [("recomend", "recommend"), ("Recommend", "recommend"), ("stat", "stats"),
                               ("pin", "ping"), ("helo", "hello"), ("PING", "ping"), ("RECOMMEND", "recommend"),
                               ("profile", "profile.get"), ("journey", "journey.map")]:
            self.assert_refused(client, rf"^UNKNOWN_METHOD: .*'{wrong}'; did you mean '{nearest}'\?$", method=wrong)
        self.assert_refused(client, r"^UNKNOWN_METHOD: [^;]*'zzzzzzzzzzzz'$", method="zzzzzzzzzzzz")
        self.assert_refused(client, r"^UNKNOWN_METHOD: ", method="")
        self.assert_refused(client, r"^UNKNOWN_METHOD: ", method="x" * 10000)

    def test_an_unknown_argument_is_answered_with_the_nearest_name(self):
        client = self.open()
        self.assert_refused(client, r"^INVALID: custommer: .*did you mean 'customer'\?", placement="hero", custommer="a")
        self.assert_refused(client, r"^INVALID: PLACEMENT: .*did you mean 'placement'\?", PLACEMENT="hero")
        self.assert_refused(client, r"^INVALID: placement: .*'HERO'; did you mean 'hero'\?", placement="HERO")
        self.assert_refused(client, r"^INVALID: stage: .*'DECISION'; did you mean 'decision'\?", placement="hero", stage="DECISION")
        self.assert_refused(client, r"^INVALID: placment: .*did you mean 'placement'\?", placment="hero")
        self.assert_refused(client, r"^INVALID: clients: .*did you mean 'client'\?", method="hello", clients="x")
        self.assert_refused(client, r"^INVALID: anything: ", method="stats", anything=1)

    def test_a_method_that_is_no_text_is_refused_under_its_id(self):
        client = self.open()
        for method in [None, 1, 1.5, True, [], {}, ["ping"], {"ping": 1}]:
            error, result = self.ask_raw(client, method, [{}])
            self.assertRegex(error, r"^INVALID: method: ")
            self.assertIsNone(result)

    def test_a_request_of_another_length_is_refused_under_its_id(self):
        client = self.open()
        for message in [[REQUEST, 7], [REQUEST, 7, "ping"], [REQUEST, 7, "ping", [], 0], [REQUEST] + [7] * 14,
                        [REQUEST] + [7] * 15, [REQUEST] + [7] * 5000]:
            client.send(pack(message))
            kind, msgid, error, result = client.receive()
            self.assertEqual((kind, msgid, result), (RESPONSE, 7, None))
            self.assertRegex(error, r"^INVALID: message: ")
        self.assert_nothing_before(client)

    def test_keys_that_are_no_text_are_refused(self):
        client = self.open()
        for key in [1, None, True, 2.5]:
            client.send(pack([REQUEST, 7, "recommend", [{"placement": "hero", key: 1}]]))
            self.assertRegex(client.receive()[2], r"^INVALID: params: ")
            client.send(pack([REQUEST, 7, "recommend", [{"placement": "hero", "context": {key: 1}}]]))
            self.assertRegex(client.receive()[2], r"^INVALID: context: ")

    def test_nothing_is_said_before_the_client_speaks(self):
        client = self.open()
        client.end()
        self.assertEqual(client.receive_bytes(), b"")

    def test_errors_have_no_result_and_results_no_error(self):
        client = self.open()
        client.send(pack([REQUEST, 1, "ping", []]) + pack([REQUEST, 2, "pingg", []]))
        client.end()
        replies = client.receive_all()
        self.assertEqual([(reply[2] is None, reply[3] is None) for reply in replies], [(True, False), (False, True)])


if __name__ == "__main__":
    unittest.main()
