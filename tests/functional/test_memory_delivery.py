"""Events arrive once and are answered when they are kept: ids, batches, notifications, pipelines, clients that go away."""

import unittest

from harness import small, wait_until
from memory import DAY, Remembering, ago, packed

SITE = small('offer "guide" { kind = "lead_magnet", title = "x" }\n',
             journeys__walk='journey "walk" { model = "b2c", stage "first" {}, stage "second" { enter = { on = "download" } } }\n')
MANY = 10_000


class Ids(Remembering):
    site = SITE

    def test_the_same_id_counts_once(self):
        first = self.track("download", self.who, id="e1")
        self.assertEqual(first, {"accepted": True, "duplicate": False, "journey": "walk", "stage": "second", "moved": True})
        again = self.track("download", self.who, id="e1")
        self.assertEqual(again, {"accepted": True, "duplicate": True, "journey": "walk", "stage": "second", "moved": False})
        self.assertEqual(self.profile(self.who)["counts"], {"download": 1})

    def test_whatever_else_is_said_the_second_time(self):
        self.track("download", self.who, id="e1")
        self.assertIs(self.track("purchase", self.who, id="e1", value=5, at=ago(DAY))["duplicate"], True)
        self.assertEqual(self.profile(self.who)["counts"], {"download": 1})

    def test_ids_are_each_customers_own(self):
        for customer in (self.who, self.who + "-2"):
            self.assertIs(self.track("download", customer, id="e1")["duplicate"], False)

    def test_ids_of_nobody(self):
        answers = [self.track("page_view", id=self.who)["duplicate"] for _ in range(2)]
        self.assertEqual(answers, [False, True])

    def test_the_longest_id(self):
        answers = [self.track("x", self.who, id="ñ" * 64)["duplicate"] for _ in range(2)]
        self.assertEqual(answers, [False, True])

    def test_events_without_an_id_all_count(self):
        for _ in range(3):
            self.track("x", self.who)
        self.assertEqual(self.profile(self.who)["counts"], {"x": 3})

    def test_the_same_id_over_many_connections_at_once(self):
        clients = [self.open() for _ in range(16)]
        for number, client in enumerate(clients):
            client.send(packed("track", {"event": "x", "customer": self.who, "id": "e1"}, number))
        duplicates = [client.receive()[3]["duplicate"] for client in clients]
        self.assertEqual(duplicates.count(False), 1)
        self.assertEqual(self.profile(self.who)["counts"], {"x": 1})


class Batches(Remembering):
    site = SITE

    def batch(self, *events):
        error, result = self.client.ask("track", [dict({"customer": self.who}, **event) for event in events])
        self.assertIsNone(error)
        return result

    def test_answered_in_order(self):
        answers = self.batch({"event": "x"}, {"event": "download"}, {"event": "x", "id": "e1"}, {"event": "x", "id": "e1"})
        self.assertEqual([(answer["stage"], answer["duplicate"]) for answer in answers],
                         [("first", False), ("second", False), ("second", False), ("second", True)])
        self.assertEqual(self.profile(self.who)["counts"], {"x": 2, "download": 1})

    def test_a_bad_event_is_refused_alone(self):
        answers = self.batch({"event": "x"}, {"evnt": "x"}, {"event": "x", "at": -1}, {"event": "x", "at": 0}, {"event": "x"})
        self.assertEqual([answer["accepted"] for answer in answers], [True, False, False, False, True])
        for answer, pattern in zip(answers[1:4], (r"^INVALID: evnt: .*did you mean 'event'", r"^INVALID: at: ", r"^INVALID: at: ")):
            self.assertEqual(answer.keys(), {"accepted", "error"})
            self.assertRegex(answer["error"], pattern)
        self.assertEqual(self.profile(self.who)["counts"], {"x": 2})

    def test_of_nothing_but_bad_events(self):
        answers = self.batch({}, {"event": 5})
        self.assertEqual([answer["accepted"] for answer in answers], [False, False])

    def test_what_is_no_event(self):
        error, answers = self.client.ask("track", [5, {"event": "x", "customer": self.who}])
        self.assertIsNone(error)
        self.assertEqual([answer["accepted"] for answer in answers], [False, True])
        for params in ([], [[]]):
            error, result = self.client.ask("track", *params)
            self.assertRegex(error, r"^INVALID: ")

    def test_errors_in_pairs(self):
        self.client.call("hello", errors="pair")
        answers = self.batch({"event": "x", "at": -1}, {"event": "x"})
        self.assertEqual(answers[0]["error"][0], 1)
        self.assertIs(answers[1]["accepted"], True)

    def test_of_several_customers(self):
        customers = [f"{self.who}-{number}" for number in range(200)]
        answers = self.batch(*[{"event": "download", "customer": customer} for customer in customers])
        self.assertEqual([answer["stage"] for answer in answers], ["second"] * 200)
        self.assertEqual(self.stage(customers[-1]), "second")


class Streams(Remembering):
    site = SITE

    def count(self, event="x"):
        return self.profile(self.who)["counts"].get(event, 0)

    def test_notifications_are_applied_and_not_answered(self):
        for number in range(5):
            self.client.notify("track", {"event": "x", "customer": self.who, "id": f"e{number}"})
        self.client.notify("track", [{"event": "x", "customer": self.who}, {"event": "", "customer": self.who}])
        self.client.notify("track", {"event": "x", "customer": self.who, "at": -1})
        self.client.notify("identify", {"anonymous": self.who + "-v", "customer": self.who})
        self.client.notify("profile.set", {"customer": self.who, "traits": {"city": "Vigo"}})
        profile = self.profile(self.who)  # the first answer that comes is this one's
        self.assertEqual((profile["counts"], profile["traits"]), ({"x": 6}, {"city": "Vigo"}))
        self.assertEqual(self.export(self.who)["aliases"], [self.who + "-v"])

    def test_ten_thousand_events_on_one_connection(self):
        self.client.send(b"".join(packed("track", {"event": "x", "customer": self.who, "id": f"e{number}"}, number)
                                  for number in range(MANY)))
        answers = [self.client.receive() for _ in range(MANY)]
        self.assertEqual(sorted(answer[1] for answer in answers), list(range(MANY)))
        self.assertEqual({(answer[2], answer[3]["accepted"], answer[3]["duplicate"]) for answer in answers}, {(None, True, False)})
        self.assertEqual(self.count(), MANY)

    def test_events_of_one_connection_keep_their_order(self):
        self.client.send(packed("track", {"event": "x", "customer": self.who}, 1) +
                         packed("track", {"event": "download", "customer": self.who}, 2) +
                         packed("track", {"event": "x", "customer": self.who}, 3) +
                         packed("profile.set", {"customer": self.who, "stage": "first"}, 4) +
                         packed("track", {"event": "x", "customer": self.who}, 5) +
                         packed("profile.get", {"customer": self.who}, 6))
        stages = {message[1]: message[3]["stage"] for message in (self.client.receive() for _ in range(6))}
        self.assertEqual([stages[number] for number in (1, 2, 3, 5, 6)], ["first", "second", "second", "first", "first"])

    def test_a_read_sees_what_was_sent_before_it(self):
        self.client.send(b"".join(packed("track", {"event": "x", "customer": self.who}, number) for number in range(0, 200, 2)) +
                         packed("profile.get", {"customer": self.who}, 201))
        answers = {message[1]: message[3] for message in (self.client.receive() for _ in range(101))}
        self.assertEqual(answers[201]["counts"], {"x": 100})

    def test_many_connections_get_their_own_answers(self):
        clients = [self.open() for _ in range(20)]
        for turn in range(50):
            for number, client in enumerate(clients):
                client.send(packed("track", {"event": "x", "customer": f"{self.who}-{number}", "id": str(turn)}, turn))
        for number, client in enumerate(clients):
            answers = [client.receive() for _ in range(50)]
            self.assertEqual(sorted(answer[1] for answer in answers), list(range(50)))
            self.assertFalse(any(answer[3]["duplicate"] for answer in answers))
            self.assertEqual(self.profile(f"{self.who}-{number}")["counts"], {"x": 50})

    def test_answers_of_different_methods_come_as_they_are_ready(self):
        self.client.send(packed("track", {"event": "x", "customer": self.who}, 7) + packed("ping", {}, 8) +
                         packed("recommend", {"placement": "hero", "customer": self.who}, 9))
        answers = {message[1]: message[2:] for message in (self.client.receive() for _ in range(3))}
        self.assertEqual({number: error for number, (error, _) in answers.items()}, {7: None, 8: None, 9: None})
        self.assertIs(answers[7][1]["accepted"], True)

    def test_who_goes_away_before_the_answer_was_heard(self):
        for number in range(200):
            client = self.open()
            client.send(packed("track", {"event": "x", "customer": self.who, "id": str(number)}, 1))
            client.close()
        wait_until(lambda: self.count() == 200)

    def test_who_goes_away_in_the_middle_of_many(self):
        client = self.open()
        client.send(b"".join(packed("track", {"event": "x", "customer": self.who, "id": str(number)}, number)
                             for number in range(2000)))
        client.receive()
        client.close()
        again = self.open()
        again.send(b"".join(packed("track", {"event": "x", "customer": self.who, "id": str(number)}, number)
                            for number in range(2000)))
        for _ in range(2000):
            self.assertIs(again.receive()[3]["accepted"], True)
        self.assertEqual(self.count(), 2000)

    def test_half_closed(self):
        client = self.open()
        client.send(b"".join(packed("track", {"event": "x", "customer": self.who}, number) for number in range(500)) +
                    packed("profile.get", {"customer": self.who}, 500))
        client.end()
        answers = client.receive_all()
        self.assertEqual(sorted(answer[1] for answer in answers), list(range(501)))
        self.assertEqual(next(answer for answer in answers if answer[1] == 500)[3]["counts"], {"x": 500})

    def test_half_closed_after_notifications_alone(self):
        client = self.open()
        for _ in range(100):
            client.notify("track", {"event": "x", "customer": self.who})
        client.end()
        self.assertEqual(client.receive_all(), [])
        self.assertEqual(self.count(), 100)

    def test_what_came_before_nonsense_is_answered(self):
        client = self.open()
        client.send(packed("track", {"event": "x", "customer": self.who}, 1) + b"\xc1")
        answers = client.receive_all()
        self.assertEqual([(answer[1], answer[2]) for answer in answers], [(1, None)])
        self.assertEqual(self.count(), 1)

    def test_everybody_reads_what_was_written(self):
        """Over whatever worker: what was answered is there."""
        clients = [self.open() for _ in range(8)]
        for number in range(40):
            clients[number % 8].call("track", event="x", customer=self.who)
            other = clients[(number + 3) % 8]
            self.assertEqual(other.call("profile.get", customer=self.who)["counts"], {"x": number + 1})
            self.assertIs(other.recommend(customer=self.who, dry_run=True)["known"], True)

    def test_ones_own_decisions_are_read_too(self):
        for number in range(1, 20):
            self.client.recommend(customer=self.who)
            self.assertEqual(self.profile(self.who)["offers"]["guide"]["decisions"], number)


if __name__ == "__main__":
    unittest.main()
