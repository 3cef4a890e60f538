/* serve/connection: requests whose answers wait for the ledger, which the test plays. */
#include "serving.h"

#include <string.h>

#include "ledger/link.h"
#include "model/command.h"

enum { PENDING_MOST = LINK_SHARE, MANY = 5000 };

struct ledger_played {
    struct serving *serving; /* owned */
    struct shared *shared;   /* owned */
    uint64_t taken;          /* position in the ring of commands */
};

static int setup(void **state)
{
    struct ledger_played *p = calloc(1, sizeof *p);
    struct error error;
    if (p == NULL || serving_setup((void **)&p->serving) != 0)
        return -1;
    p->shared = shared_new(1, &error);
    atomic_store(&p->shared->state->ledger_serves, true);
    p->serving->options.flow.shared = p->shared;
    p->serving->options.flow.state = "/nowhere";
    serving_restart(p->serving);
    *state = p;
    return 0;
}

static int teardown(void **state)
{
    struct ledger_played *p = *state;
    serving_teardown((void **)&p->serving);
    shared_free(p->shared);
    free(p);
    return 0;
}

/* Commands that came and are not answered. */
static size_t commands_waiting(const struct ledger_played *p)
{
    const struct ring *ring = p->shared->lanes[0].commands;
    uint64_t position = p->taken, end = ring_end(ring);
    struct text bytes;
    size_t count = 0;
    while (ring_read(ring, &position, end, &bytes))
        count++;
    return count;
}

static void push_outcome(struct ledger_played *p, uint64_t ticket)
{
    struct outcome outcome = {.ticket = ticket, .accepted = true};
    struct ring *ring = p->shared->lanes[0].outcomes;
    void *room = ring_reserve(ring, outcome_size(&outcome));
    assert_non_null(room);
    outcome_encode(&outcome, room);
    ring_commit(ring, outcome_size(&outcome));
}

static uint64_t next_ticket(struct ledger_played *p)
{
    const struct ring *ring = p->shared->lanes[0].commands;
    struct text bytes;
    uint64_t ticket;
    assert_true(ring_read(ring, &p->taken, ring_end(ring), &bytes));
    memcpy(&ticket, bytes.bytes, sizeof ticket);
    ring_release(p->shared->lanes[0].commands, p->taken);
    return ticket;
}

/* Answers so many, oldest first, and wakes the worker. */
static void answer(struct ledger_played *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        push_outcome(p, next_ticket(p));
    shared_wake_worker(p->shared, 0);
}

/* From now on everybody else waits behind who asks for much. */
static void let_others_wait(struct ledger_played *p)
{
    p->serving->server->flow.recall->link.open++;
}

static void put_tracks(struct buffer *out, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        request_put(out, first + i, "track", "{'event': 'page_view', 'customer': 'ada'}");
}

static void track(struct ledger_played *p, struct client *client, uint32_t first, uint32_t count)
{
    struct buffer messages;
    buffer_create(&messages);
    put_tracks(&messages, first, count);
    client_write_all(p->serving, client, messages.bytes, messages.length);
    buffer_destroy(&messages);
}

static void assert_answers(struct ledger_played *p, struct client *client, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        assert_response(p->serving, client, first + i, "");
}

/* Nothing turns the loop while nothing happens. */
static void assert_rests(const struct client *client)
{
    const struct connection *connection = client->connection;
    assert_true(connection->writing == NULL || !event_pending(connection->writing, EV_WRITE, NULL));
}

static void test_waiting_is_answered_when_it_is_written(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    track(p, &client, 1, 3);
    assert_silence(p->serving, &client);
    assert_rests(&client);
    client_ask(p->serving, &client, 9, "ping", NULL);
    assert_response(p->serving, &client, 9, ""); /* what needs no ledger goes past */
    uint64_t first = next_ticket(p), second = next_ticket(p), third = next_ticket(p);
    push_outcome(p, second);
    push_outcome(p, third);
    push_outcome(p, first);
    shared_wake_worker(p->shared, 0);
    assert_response(p->serving, &client, 2, "");
    assert_response(p->serving, &client, 3, "");
    assert_response(p->serving, &client, 1, "");
    assert_int_equal(client.connection->pending, 0);
    client_close(&client);
}

static void test_waiting_of_several_clients(void **state)
{
    struct ledger_played *p = *state;
    struct client ada = serving_client(p->serving, false), bo = serving_client(p->serving, false);
    for (uint32_t i = 0; i < 10; i++) {
        track(p, &ada, 100 + i, 1);
        track(p, &bo, 200 + i, 1);
        serving_settle(p->serving);
    }
    answer(p, 20);
    assert_answers(p, &ada, 100, 10);
    assert_answers(p, &bo, 200, 10);
    client_close(&ada);
    client_close(&bo);
}

static void test_waiting_no_more_than_so_many(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    let_others_wait(p);
    track(p, &client, 1, MANY);
    UNTIL(p->serving, commands_waiting(p) == PENDING_MOST);
    assert_silence(p->serving, &client);
    assert_int_equal(commands_waiting(p), PENDING_MOST);
    assert_int_equal(client.connection->pending, PENDING_MOST);
    assert_rests(&client);
    answer(p, 100);
    assert_answers(p, &client, 1, 100);
    serving_settle(p->serving);
    assert_int_equal(client.connection->pending, PENDING_MOST);
    answer(p, PENDING_MOST);
    assert_answers(p, &client, 101, PENDING_MOST);
    UNTIL(p->serving, commands_waiting(p) == MANY - PENDING_MOST - 100);
    answer(p, MANY - PENDING_MOST - 100);
    assert_answers(p, &client, 101 + PENDING_MOST, MANY - PENDING_MOST - 100);
    client_ask(p->serving, &client, 7, "ping", NULL);
    assert_response(p->serving, &client, 7, "");
    client_close(&client);
}

/* Who is alone may have half of all that can wait. */
static void test_waiting_of_one_alone(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    const uint32_t half = LINK_OPEN_MOST / 2;
    atomic_store(&p->shared->state->batch_most, half);
    track(p, &client, 1, half + 100);
    UNTIL(p->serving, commands_waiting(p) == half);
    serving_settle(p->serving);
    assert_int_equal(client.connection->pending, half);
    assert_rests(&client);
    answer(p, 30);
    assert_answers(p, &client, 1, 30);
    UNTIL(p->serving, commands_waiting(p) == half);
    answer(p, half);
    assert_answers(p, &client, 31, half);
    UNTIL(p->serving, commands_waiting(p) == 70);
    answer(p, 70);
    assert_answers(p, &client, 31 + half, 70);
    assert_int_equal(client.connection->commands, 0);
    assert_int_equal(client.connection->bytes, 0);
    client_close(&client);
}

/* Each message in a read of its own: no message stays behind, but the bound is the same. */
static void test_waiting_no_more_than_so_many_one_by_one(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    let_others_wait(p);
    for (uint32_t i = 0; i < PENDING_MOST + 50; i++) {
        track(p, &client, i, 1);
        serving_turn(p->serving);
    }
    serving_settle(p->serving);
    assert_int_equal(client.connection->pending, PENDING_MOST);
    assert_rests(&client);
    answer(p, 60);
    assert_answers(p, &client, 0, 60);
    UNTIL(p->serving, client.connection->pending == PENDING_MOST - 10);
    track(p, &client, 5000, 1);
    UNTIL(p->serving, client.connection->pending == PENDING_MOST - 9);
    client_close(&client);
}

/* Answers to these may be large, and come whether the client reads or not. */
static void test_waiting_for_few_large_answers(void **state)
{
    enum { OWED_MOST = 64, ASKED = 200 };
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    struct buffer messages;
    buffer_create(&messages);
    for (uint32_t i = 0; i < ASKED; i++)
        request_put(&messages, 1 + i, "profile.restrict", "{'customer': 'ada', 'restricted': true}");
    client_write_all(p->serving, &client, messages.bytes, messages.length);
    UNTIL(p->serving, commands_waiting(p) == OWED_MOST);
    serving_settle(p->serving);
    assert_int_equal(commands_waiting(p), OWED_MOST);
    assert_rests(&client);
    for (uint32_t answered = 0; answered < ASKED; answered += OWED_MOST / 2) {
        uint32_t waiting = ASKED - answered < OWED_MOST ? ASKED - answered : OWED_MOST;
        UNTIL(p->serving, commands_waiting(p) == waiting);
        answer(p, waiting < OWED_MOST / 2 ? waiting : OWED_MOST / 2);
    }
    UNTIL(p->serving, client.connection->owed == 0);
    assert_int_equal(client.connection->pending, 0);
    buffer_destroy(&messages);
    client_close(&client);
}

/* Those that are made in steps count as many of them. */
static void test_waiting_for_few_answers_in_steps(void **state)
{
    enum { MOST = 4, ASKED = 5 * MOST };
    struct ledger_played *p = *state;
    static const char *const askings[][2] = {{"explain", "{'decision': 'x'}"},
                                             {"profile.export", "{'customer': 'ada'}"}};
    for (size_t i = 0; i < sizeof askings / sizeof *askings; i++) {
        struct client client = serving_client(p->serving, false);
        for (uint32_t id = 1; id <= ASKED; id++)
            client_ask(p->serving, &client, id, askings[i][0], askings[i][1]);
        for (int answered = 0; answered < ASKED; answered += MOST) {
            UNTIL(p->serving, commands_waiting(p) == MOST);
            serving_settle(p->serving);
            assert_int_equal(commands_waiting(p), MOST);
            assert_rests(&client);
            answer(p, MOST);
        }
        UNTIL(p->serving, client.connection->owed == 0);
        assert_int_equal(client.connection->pending, 0);
        client_close(&client);
    }
}

/* A batch of which one element is sent, and so many are refused at once. */
static void put_batch(struct buffer *out, uint32_t id, int refused)
{
    struct buffer json;
    buffer_create(&json);
    buffer_append(&json, "[{'event': 'page_view'}", 23);
    for (int i = 0; i < refused; i++)
        buffer_append(&json, ",{}", 3);
    buffer_append(&json, "]", 2);
    request_put(out, id, "track", json.bytes);
    buffer_destroy(&json);
}

/* What is refused takes much more to say than to ask, and is kept until the rest is written. */
static void test_waiting_with_much_that_was_refused(void **state)
{
    enum { ASKED = 60, REFUSED = 1000 };
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    const struct connection *connection = client.connection;
    const size_t most = p->serving->options.output_high;
    struct buffer messages;
    size_t kept_most = 0;
    buffer_create(&messages);
    for (uint32_t i = 0; i < ASKED; i++)
        put_batch(&messages, 1 + i, REFUSED);
    client_write_all(p->serving, &client, messages.bytes, messages.length);
    for (uint32_t i = 0; i < ASKED; i++) {
        UNTIL(p->serving, commands_waiting(p) > 0);
        serving_settle(p->serving);
        assert_rests(&client);
        kept_most = connection->kept > kept_most ? connection->kept : kept_most;
        assert_true(connection->kept <= most + most / 2);
        answer(p, 1);
        assert_response(p->serving, &client, 1 + i, "");
    }
    assert_true(kept_most > most);
    assert_int_equal(connection->kept, 0);
    buffer_destroy(&messages);
    client_close(&client);
}

static void test_waiting_of_a_client_that_went(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false), other = serving_client(p->serving, false);
    track(p, &client, 1, 5);
    serving_settle(p->serving);
    track(p, &other, 50, 1);
    serving_settle(p->serving);
    client_close(&client);
    serving_settle(p->serving);
    answer(p, 6);
    assert_response(p->serving, &other, 50, "");
    UNTIL(p->serving, serving_count(p->serving, METRICS_connections_open) == 1);
    client_ask(p->serving, &other, 51, "ping", NULL);
    assert_response(p->serving, &other, 51, "");
    client_close(&other);
}

/* The connection ends first: what comes for it is dropped. */
static void test_waiting_of_a_connection_that_is_freed(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    track(p, &client, 1, 5);
    serving_settle(p->serving);
    connection_free(client.connection);
    answer(p, 5);
    serving_settle(p->serving);
    assert_null(waiting_queue_oldest(&p->serving->server->flow.waiting));
    assert_int_equal(p->serving->server->flow.recall->link.open, 0);
    client_close(&client);
}

static void test_waiting_of_a_client_that_has_ended(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    track(p, &client, 1, 5);
    assert_int_equal(shutdown(client.fd, SHUT_WR), 0);
    serving_settle(p->serving);
    assert_rests(&client);
    answer(p, 2);
    assert_answers(p, &client, 1, 2);
    assert_silence(p->serving, &client);
    assert_false(client.ended);
    answer(p, 3);
    assert_answers(p, &client, 3, 3);
    assert_end(p->serving, &client);
    client_close(&client);
}

static void test_waiting_while_draining(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false), idle = serving_client(p->serving, false);
    client_ask(p->serving, &idle, 1, "ping", NULL);
    assert_response(p->serving, &idle, 1, "");
    track(p, &client, 1, 3);
    serving_settle(p->serving);
    server_drain(p->serving->server, serving_drained, p->serving);
    assert_end(p->serving, &idle);
    client_close(&idle);
    serving_settle(p->serving);
    assert_int_equal(p->serving->drained, 0);
    answer(p, 1);
    assert_response(p->serving, &client, 1, "");
    assert_silence(p->serving, &client);
    answer(p, 2);
    assert_answers(p, &client, 2, 2);
    assert_end(p->serving, &client);
    client_close(&client);
    UNTIL(p->serving, p->serving->drained == 1);
}

/* All that came before the drain is answered, however much of it could not be taken yet. */
static void test_waiting_behind_others_while_draining(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    let_others_wait(p);
    track(p, &client, 1, MANY);
    serving_settle(p->serving);
    server_drain(p->serving->server, serving_drained, p->serving);
    serving_settle(p->serving);
    assert_rests(&client);
    for (uint32_t done = 0; done < MANY; done++) {
        UNTIL(p->serving, commands_waiting(p) > 0);
        answer(p, 1);
        assert_response(p->serving, &client, done + 1, "");
    }
    assert_end(p->serving, &client);
    client_close(&client);
    UNTIL(p->serving, p->serving->drained == 1);
}

/* Answers pile up for who does not read, and nobody else waits for that. */
static void test_waiting_of_who_does_not_read(void **state)
{
    struct ledger_played *p = *state;
    struct client lazy = serving_client(p->serving, false), other = serving_client(p->serving, false);
    int small = 4096;
    assert_int_equal(setsockopt(lazy.connection->transport.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small),
                     0);
    track(p, &lazy, 1, PENDING_MOST);
    UNTIL(p->serving, commands_waiting(p) == PENDING_MOST);
    answer(p, PENDING_MOST);
    UNTIL(p->serving, lazy.connection->pending == 0);
    assert_true(lazy.connection->output.length > 0);
    client_ask(p->serving, &other, 1, "ping", NULL);
    assert_response(p->serving, &other, 1, "");
    assert_answers(p, &lazy, 1, PENDING_MOST);
    track(p, &lazy, 9000, 1);
    UNTIL(p->serving, commands_waiting(p) == 1);
    answer(p, 1);
    assert_response(p->serving, &lazy, 9000, "");
    client_close(&lazy);
    client_close(&other);
}

static void test_waiting_when_the_server_is_freed(void **state)
{
    struct ledger_played *p = *state;
    struct client client = serving_client(p->serving, false);
    track(p, &client, 1, 10);
    UNTIL(p->serving, commands_waiting(p) == 10);
    answer(p, 3);
    server_free(p->serving->server);
    p->serving->freed = true;
    client_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_waiting_##name, setup, teardown)
        TEST(is_answered_when_it_is_written), TEST(of_several_clients),
        TEST(no_more_than_so_many),           TEST(no_more_than_so_many_one_by_one),
        TEST(of_a_client_that_went),          TEST(of_a_connection_that_is_freed),
        TEST(of_a_client_that_has_ended),     TEST(while_draining),
        TEST(behind_others_while_draining),   TEST(of_who_does_not_read),
        TEST(when_the_server_is_freed),       TEST(of_one_alone),
        TEST(for_few_large_answers),          TEST(for_few_answers_in_steps),
        TEST(with_much_that_was_refused),
#undef TEST
    };
    return cmocka_run_group_tests_name("serve/connection_waiting", tests, NULL, NULL);
}
