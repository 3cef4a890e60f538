/* serve/connection: bytes in any pieces, messages of any sort, and clients that read, do not read, or go. */
#include "serving.h"

#include <malloc.h>
#include <sys/resource.h>
#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void); /* its header does not come with every compiler */
#endif

enum { MANY = 500, HELLO_REPLY = 256 /* bytes that the reply to a hello fits into */ };

/* ---- Messages in pieces ---- */

static void put_pings(struct buffer *out, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        request_put(out, first + i, "ping", NULL);
}

static void assert_pongs(struct serving *serving, struct client *client, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        assert_response(serving, client, first + i, "");
}

static void test_connection_takes_input_byte_by_byte(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    request_put(&messages, 70000, "ping", "{'some': ['thing', 1.5, {'deep': null}]}");
    request_put(&messages, 2, "nonsense", NULL);
    for (size_t i = 0; i < messages.length; i++) {
        assert_int_equal(client_write(&client, messages.bytes + i, 1), 1);
        serving_turn(serving);
    }
    assert_response(serving, &client, 70000, "");
    assert_response(serving, &client, 2, "UNKNOWN_METHOD: ");
    assert_int_equal(client.connection->input.capacity, 0);
    buffer_destroy(&messages);
    client_close(&client);
}

static void test_connection_takes_many_messages_at_once(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    put_pings(&messages, 1, MANY);
    client_write_all(serving, &client, messages.bytes, messages.length);
    assert_pongs(serving, &client, 1, MANY);
    assert_silence(serving, &client);
    assert_int_equal(serving_count(serving, METRICS_requests), MANY);
    buffer_destroy(&messages);
    client_close(&client);
}

static void test_connection_takes_messages_cut_anywhere(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    put_pings(&messages, 1, 3);
    for (size_t cut = 1; cut < messages.length; cut++) {
        client_write_all(serving, &client, messages.bytes, cut);
        serving_settle(serving);
        client_write_all(serving, &client, messages.bytes + cut, messages.length - cut);
        assert_pongs(serving, &client, 1, 3);
    }
    buffer_destroy(&messages);
    client_close(&client);
}

enum { LONG_PING_HEAD = 18 }; /* bytes in front of the text */

/* A ping whose one argument is a text of `length` bytes. */
static void put_long_ping(struct buffer *out, uint32_t id, uint32_t length)
{
    message_put(out, 2, 0x94, 0x00);
    message_put_length(out, 0xCE, id, 4);
    message_put(out, 6, 0xA4, 'p', 'i', 'n', 'g', 0x91);
    message_put_length(out, 0xDB, length, 4);
    message_put_run(out, 'x', length);
}

static void test_connection_takes_messages_longer_than_a_read(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    put_long_ping(&messages, 1, 3 * SERVER_READ_SIZE);
    put_long_ping(&messages, 2, SERVING_MESSAGE - LONG_PING_HEAD);
    request_put(&messages, 3, "ping", NULL);
    client_write_all(serving, &client, messages.bytes, messages.length);
    assert_pongs(serving, &client, 1, 3);
    assert_int_equal(client.connection->input.capacity, 0);
    buffer_destroy(&messages);
    client_close(&client);
}

static void test_connection_says_nothing_to_notifications_and_responses(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    request_put_notification(&messages, "ping", NULL);
    message_put(&messages, 5, 0x94, 0x01, 0x07, 0xC0, 0xC0);
    client_write_all(serving, &client, messages.bytes, messages.length);
    assert_silence(serving, &client);
    client_ask(serving, &client, 5, "ping", NULL);
    assert_response(serving, &client, 5, "");
    buffer_destroy(&messages);
    client_close(&client);
}

/* ---- Refused messages ---- */

static void test_connection_walks_over_what_is_too_large(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    request_put(&messages, 1, "ping", NULL);
    put_long_ping(&messages, 2, 3 * SERVING_MESSAGE);
    request_put(&messages, 3, "ping", NULL);
    client_write_all(serving, &client, messages.bytes, messages.length);
    assert_response(serving, &client, 1, "");
    assert_response(serving, &client, 2, "TOO_LARGE: message: more than 262144 bytes");
    assert_response(serving, &client, 3, "");
    assert_int_equal(client.connection->input.capacity, 0);
    buffer_destroy(&messages);
    client_close(&client);
}

static void test_connection_keeps_nothing_of_what_it_walks_over(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    put_long_ping(&messages, 2, 3 * SERVING_MESSAGE);
    client_write_all(serving, &client, messages.bytes, messages.length - 1);
    serving_settle(serving);
    assert_int_equal(client.connection->input.length, 0);
    assert_response(serving, &client, 2, "TOO_LARGE: ");
    client_write_all(serving, &client, "x", 1);
    client_ask(serving, &client, 3, "ping", NULL);
    assert_response(serving, &client, 3, "");
    buffer_destroy(&messages);
    client_close(&client);
}

/* Each is refused at its last byte; what follows has to be answered without a further push. */
static void test_connection_goes_on_behind_a_refused_end(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    static const char *const refused[] = {"\x92\x00\x05", "\x93\x00\x05\xC0", "\x94\x00\x05\xA1p\xC1"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct buffer messages;
        buffer_create(&messages);
        buffer_append(&messages, refused[i], 3 + i + (i == 2));
        request_put(&messages, 6, "ping", NULL);
        client_write_all(serving, &client, messages.bytes, messages.length);
        assert_response(serving, &client, 5, "INVALID: message: ");
        assert_response(serving, &client, 6, "");
        buffer_destroy(&messages);
    }
    client_close(&client);
}

static void test_connection_refuses_once_in_pieces(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    message_put(&messages, 9, 0x94, 0x00, 0x07, 0xA4, 'p', 'i', 'n', 'g', 0x91);
    message_put_length(&messages, 0xDC, 5000, 2);
    for (int i = 0; i < 5000; i++)
        message_put(&messages, 3, 0x92, 0xC1, 0x01); /* wrong in many ways, said once */
    request_put(&messages, 8, "ping", NULL);
    for (size_t i = 0; i < messages.length; i += 7) {
        client_write_all(serving, &client, messages.bytes + i,
                         messages.length - i < 7 ? messages.length - i : 7);
        serving_turn(serving);
    }
    assert_response(serving, &client, 7, "TOO_LARGE: message: more than 4096 values");
    assert_response(serving, &client, 8, "");
    assert_silence(serving, &client);
    buffer_destroy(&messages);
    client_close(&client);
}

/* Refused first, past mending later: said once. */
static void test_connection_refuses_once_before_it_breaks_off(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    message_put(&messages, 9, 0x94, 0x00, 0x07, 0xA4, 'p', 'i', 'n', 'g', 0x92);
    message_put_length(&messages, 0xDC, 5000, 2);
    message_put_length(&messages, 0xDB, UINT32_MAX, 4);
    client_write_all(serving, &client, messages.bytes, messages.length);
    assert_response(serving, &client, 7, "TOO_LARGE: message: more than 4096 values");
    assert_end(serving, &client);
    assert_int_equal(serving_count(serving, METRICS_errors), 1);
    buffer_destroy(&messages);
    client_close(&client);
}

/* ---- Broken messages ---- */

static void assert_breaks(struct serving *serving, struct text bytes, const char *error, uint64_t broken)
{
    struct client client = serving_client(serving, false);
    struct buffer messages;
    uint64_t before = serving_count(serving, METRICS_broken_messages);
    buffer_create(&messages);
    put_pings(&messages, 1, 2);
    buffer_append(&messages, bytes.bytes, bytes.length);
    put_pings(&messages, 8, 1);
    client_write_all(serving, &client, messages.bytes, messages.length);
    assert_pongs(serving, &client, 1, 2);
    if (error != NULL)
        assert_response(serving, &client, 7, error);
    assert_end(serving, &client);
    assert_int_equal(serving_count(serving, METRICS_broken_messages) - before, broken);
    client_close(&client);
    buffer_destroy(&messages);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
}

static void test_connection_answers_before_it_breaks_off(void **state)
{
    struct serving *serving = *state;
    assert_breaks(serving, TEXT("\xC1"), NULL, 1);
    assert_breaks(serving, TEXT("GET / HTTP/1.1\r\n"), NULL, 1);
    assert_breaks(serving, TEXT("\x80"), NULL, 1);
    assert_breaks(serving, TEXT("\x90"), NULL, 1);
    assert_breaks(serving, TEXT("\x94\x03\x07\xC0\xC0"), NULL, 1);
    assert_breaks(serving, TEXT("\x94\x00\xA1x\xA4ping\x90"), NULL, 1);
    assert_breaks(serving, TEXT("\x93\x02\xA4ping\xDB\x7F\xFF\xFF\xFF"), NULL, 1);
}

static void test_connection_says_why_where_it_knows_whom(void **state)
{
    struct serving *serving = *state;
    assert_breaks(serving, TEXT("\x94\x00\x07\xA4ping\xDB\x7F\xFF\xFF\xFF"), "TOO_LARGE: message: ", 0);
    assert_breaks(serving, TEXT("\x94\x00\x07\xA4ping\xDD\x7F\xFF\xFF\xFF"), "TOO_LARGE: message: ", 0);
}

static void test_connection_breaks_off_in_pieces_as_well(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    for (const char *byte = "\x94\x03"; *byte != '\0'; byte++) {
        client_write_all(serving, &client, byte, 1);
        serving_settle(serving);
    }
    assert_end(serving, &client);
    client_close(&client);
}

/* ---- Clients that end ---- */

static void test_connection_answers_who_has_ended(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    put_pings(&messages, 1, MANY);
    message_put(&messages, 2, 0x94, 0x00); /* never finished */
    client_write_all(serving, &client, messages.bytes, messages.length);
    shutdown(client.fd, SHUT_WR);
    assert_pongs(serving, &client, 1, MANY);
    assert_end(serving, &client);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    buffer_destroy(&messages);
    client_close(&client);
}

/* Asks until the socket is full of replies and one has to wait; the number of the last request. */
static uint32_t fill_output(struct serving *serving, struct client *client)
{
    uint32_t id = 0;
    while (client->connection->output.length == 0) {
        client_ask(serving, client, ++id, "hello", NULL);
        serving_turn(serving);
    }
    return id;
}

static void test_connection_keeps_replies_for_who_has_ended(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    uint32_t last = fill_output(serving, &client);
    shutdown(client.fd, SHUT_WR);
    serving_settle(serving);
    assert_int_equal(serving_count(serving, METRICS_connections_open), 1);
    for (uint32_t id = 1; id <= last; id++)
        assert_response(serving, &client, id, "");
    assert_end(serving, &client);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    client_close(&client);
}

static void test_connection_of_a_client_that_went(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    client_ask(serving, &client, 1, "ping", NULL);
    client_close(&client); /* the reply meets a closed socket */
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
}

static void test_connection_reset_while_output_waits(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    fill_output(serving, &client);
    client_close(&client);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
}

static void test_connection_ended_and_reset_while_output_waits(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    fill_output(serving, &client);
    shutdown(client.fd, SHUT_WR);
    serving_settle(serving);
    client_close(&client);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
}

/* ---- Clients that do not read ---- */

/* Writes requests until the server has stopped reading and the socket is full; how many went out whole. */
static uint32_t push_until_stuck(struct serving *serving, struct client *client, struct buffer *rest)
{
    uint32_t id = 0;
    for (int idle = 0; idle < SERVING_TURNS;) {
        if (rest->length == 0)
            request_put(rest, ++id, "hello", NULL);
        size_t sent = client_write(client, rest->bytes, rest->length);
        buffer_consume(rest, sent);
        idle = sent > 0 ? 0 : idle + 1;
        serving_turn(serving);
    }
    return id;
}

static void test_connection_stops_reading_who_does_not_read(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    struct buffer rest;
    buffer_create(&rest);
    uint32_t last = push_until_stuck(serving, &client, &rest);
    assert_false(event_pending(client.connection->reading, EV_READ, NULL));
    assert_true(client.connection->output.length > serving->options.output_high);
    assert_true(client.connection->output.length < serving->options.output_high + HELLO_REPLY);
    uint64_t answered = serving_count(serving, METRICS_requests);
    serving_settle(serving);
    assert_int_equal(serving_count(serving, METRICS_requests), answered);
    assert_true(answered < last);
    while (rest.length > 0) {
        client_read(&client); /* makes room */
        buffer_consume(&rest, client_write(&client, rest.bytes, rest.length));
        serving_turn(serving);
    }
    for (uint32_t id = 1; id <= last; id++)
        assert_response(serving, &client, id, "");
    assert_true(event_pending(client.connection->reading, EV_READ, NULL));
    assert_int_equal(client.connection->output.capacity, 0);
    buffer_destroy(&rest);
    client_close(&client);
}

static void test_connection_serves_others_meanwhile(void **state)
{
    struct serving *serving = *state;
    struct client stuck = serving_client(serving, false), other = serving_client(serving, false);
    struct buffer rest;
    buffer_create(&rest);
    push_until_stuck(serving, &stuck, &rest);
    client_ask(serving, &other, 1, "ping", NULL);
    assert_response(serving, &other, 1, "");
    buffer_destroy(&rest);
    client_close(&stuck);
    client_close(&other);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
}

/* Fairness, by counts: who sends without end has one turn of so many messages, then the other is answered. */
static void test_connection_takes_turns(void **state)
{
    enum { TURN_MESSAGES = 64 };
    struct serving *serving = *state;
    struct client greedy = serving_client(serving, false), modest = serving_client(serving, false);
    int size = 4 * SERVER_READ_SIZE;
    struct buffer messages;
    struct response response;
    buffer_create(&messages);
    put_pings(&messages, 1, 3 * SERVER_READ_SIZE / 8);
    setsockopt(greedy.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    size_t sent = client_write(&greedy, messages.bytes, messages.length);
    assert_true(sent > SERVER_READ_SIZE);
    serving_turn(serving);
    for (int i = 0; i < 10; i++) { /* also in the midst of it */
        uint64_t before = serving_count(serving, METRICS_requests);
        client_ask(serving, &modest, 1, "ping", NULL);
        UNTIL(serving, client_take(&modest, &response));
        assert_true(serving_count(serving, METRICS_requests) - before <= 2 * TURN_MESSAGES + 1);
    }
    buffer_destroy(&messages);
    client_close(&greedy);
    client_close(&modest);
}

/* ---- Answers that are longer than their requests ---- */

enum { SMALL_OUTPUT = 4096 };

static struct client ask_much(struct serving *serving, uint32_t count)
{
    struct buffer messages;
    serving->options.output_high = SMALL_OUTPUT;
    serving_restart(serving);
    struct client client = serving_client(serving, false);
    buffer_create(&messages);
    for (uint32_t id = 1; id <= count; id++)
        request_put(&messages, id, "hello", NULL);
    assert_true(messages.length <= SERVER_READ_SIZE);
    assert_int_equal(client_write(&client, messages.bytes, messages.length), messages.length);
    buffer_destroy(&messages);
    return client;
}

/* Sooner or later the client has to read, and until then no more is answered than the limit allows. */
static void assert_output_is_bounded(struct serving *serving, struct client *client)
{
    uint64_t answered;
    do {
        answered = serving_count(serving, METRICS_requests);
        serving_settle(serving);
    } while (answered != serving_count(serving, METRICS_requests));
    assert_true(client->connection->behind);
    assert_true(client->connection->output.length < SMALL_OUTPUT + HELLO_REPLY);
}

static void assert_all_in_order(struct serving *serving, struct client *client, uint32_t count)
{
    for (uint32_t id = 1; id <= count; id++)
        assert_response(serving, client, id, "");
}

static void test_connection_answers_no_more_than_is_read(void **state)
{
    struct serving *serving = *state;
    struct client client = ask_much(serving, 5000);
    assert_output_is_bounded(serving, &client);
    assert_true(serving_count(serving, METRICS_requests) < 5000);
    assert_all_in_order(serving, &client, 5000);
    assert_silence(serving, &client);
    assert_int_equal(client.connection->input.capacity, 0);
    client_ask(serving, &client, 7000, "ping", NULL);
    assert_response(serving, &client, 7000, "");
    client_close(&client);
}

static void test_connection_keeps_messages_of_who_has_ended(void **state)
{
    struct serving *serving = *state;
    struct client client = ask_much(serving, 5000);
    shutdown(client.fd, SHUT_WR);
    assert_output_is_bounded(serving, &client);
    assert_all_in_order(serving, &client, 5000);
    assert_end(serving, &client);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    client_close(&client);
}

static void test_connection_keeps_messages_while_draining(void **state)
{
    struct serving *serving = *state;
    struct client early = ask_much(serving, 5000);
    assert_output_is_bounded(serving, &early); /* it waits for its client already */
    struct client late = serving_client(serving, false);
    for (uint32_t id = 1; id <= 300; id++)
        client_ask(serving, &late, id, "hello", NULL);
    server_drain(serving->server, serving_drained, serving);
    assert_all_in_order(serving, &early, 5000);
    assert_all_in_order(serving, &late, 300);
    assert_end(serving, &early);
    assert_end(serving, &late);
    client_close(&early);
    client_close(&late);
    UNTIL(serving, serving->drained == 1);
}

static void test_connection_breaks_off_behind_kept_messages(void **state)
{
    struct serving *serving = *state;
    struct client client = ask_much(serving, 4000);
    client_write_all(serving, &client, "\xC1", 1);
    assert_all_in_order(serving, &client, 4000);
    assert_end(serving, &client);
    assert_int_equal(serving_count(serving, METRICS_broken_messages), 1);
    client_close(&client);
}

/* ---- Clients that are late ---- */

enum { SHORT_MS = 50 };

/* However it dribbles, it is late when its first byte is so old. */
static void test_connection_ends_messages_that_never_end(void **state)
{
    struct serving *serving = *state;
    serving->options.frame_ms = SHORT_MS;
    serving_restart(serving);
    struct client client = serving_client(serving, false);
    struct buffer message;
    struct response response;
    buffer_create(&message);
    put_long_ping(&message, 77, 100000);
    client_ask(serving, &client, 1, "ping", NULL);
    assert_response(serving, &client, 1, "");
    size_t sent = 0;
    uint64_t began = clock_monotonic_ms();
    UNTIL(serving, (sent += sent < 90000 ? client_write(&client, message.bytes + sent, 1) : 0,
                    client_take(&client, &response)));
    assert_true(clock_monotonic_ms() - began >= SHORT_MS);
    assert_int_equal(response.id, 77);
    assert_memory_equal(response.error, "INVALID: message: not whole", 27);
    assert_end(serving, &client);
    assert_int_equal(serving_count(serving, METRICS_frames_late), 1);
    buffer_destroy(&message);
    client_close(&client);
}

static void test_connection_ends_messages_of_nobody_knows_whom(void **state)
{
    struct serving *serving = *state;
    serving->options.frame_ms = SHORT_MS;
    serving_restart(serving);
    struct client client = serving_client(serving, false);
    client_write_all(serving, &client, "\x94", 1);
    assert_end(serving, &client);
    assert_int_equal(serving_count(serving, METRICS_frames_late), 1);
    client_close(&client);
}

/* Every message has its own time, and none runs between them. */
static void test_connection_may_rest_between_messages(void **state)
{
    struct serving *serving = *state;
    serving->options.frame_ms = SHORT_MS;
    serving_restart(serving);
    struct client client = serving_client(serving, false), late = serving_client(serving, false);
    struct buffer message;
    buffer_create(&message);
    request_put(&message, 5, "ping", NULL);
    client_write_all(serving, &client, message.bytes, 4);
    serving_settle(serving);
    client_write_all(serving, &client, message.bytes + 4, message.length - 4);
    assert_response(serving, &client, 5, "");
    assert_false(patience_is_waiting(&client.connection->begun));
    client_write_all(serving, &late, "\x94", 1);
    assert_end(serving, &late);
    client_ask(serving, &client, 6, "ping", NULL);
    assert_response(serving, &client, 6, "");
    assert_int_equal(serving_count(serving, METRICS_frames_late), 1);
    buffer_destroy(&message);
    client_close(&client);
    client_close(&late);
}

static void test_connection_drops_who_does_not_read(void **state)
{
    struct serving *serving = *state;
    serving->options.reader_ms = SHORT_MS;
    serving_restart(serving);
    struct client client = serving_client(serving, false);
    for (uint32_t id = 0; client.connection->output.length == 0; id++) {
        client_ask(serving, &client, id, "hello", NULL);
        serving_turn(serving);
    }
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    assert_int_equal(serving_count(serving, METRICS_slow_readers_dropped), 1);
    client_close(&client);
}

/* Reading a little now and then is enough. */
static void test_connection_keeps_who_reads_slowly(void **state)
{
    struct serving *serving = *state;
    serving->options.reader_ms = 1000;
    serving_restart(serving);
    struct client client = serving_client(serving, false);
    int small = 4096;
    char bytes[2048];
    setsockopt(client.connection->transport.fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    for (uint32_t id = 0; client.connection->output.length < 64 * 1024; id++) {
        client_ask(serving, &client, id, "hello", NULL);
        serving_turn(serving);
    }
    while (client.connection->output.length > 0) {
        uint64_t before = client.connection->unread.since_ms, moved = clock_coarse_ms();
        size_t left = client.connection->output.length;
        UNTIL(serving,
              recv(client.fd, bytes, sizeof bytes, 0) < 0 || client.connection->output.length < left);
        assert_true(client.connection->output.length == 0 || client.connection->unread.since_ms >= before);
        assert_true(client.connection->output.length >= left || client.connection->output.length == 0 ||
                    client.connection->unread.since_ms >= moved);
    }
    assert_int_equal(serving_count(serving, METRICS_slow_readers_dropped), 0);
    assert_false(patience_is_waiting(&client.connection->unread));
    client_close(&client);
}

/* ---- Memory ---- */

static void test_connection_ends_where_a_reply_has_no_memory(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, true);
    struct buffer failed = {.failed = true};
    client_ask(serving, &client, 1, "reload", NULL);
    UNTIL(serving, serving->ticket == 1);
    connection_reply(client.connection, &failed);
    assert_int_equal(serving_count(serving, METRICS_connections_open), 0);
    client_read(&client);
    assert_true(client.ended);
    assert_int_equal(client.received.length, 0);
    client_close(&client);
}

static size_t heap_bytes(void)
{
#ifdef __SANITIZE_ADDRESS__
    return __sanitizer_get_current_allocated_bytes();
#else
    return mallinfo2().uordblks;
#endif
}

enum { IDLE = 1000, IDLE_MOST = 8 * 1024 };

/* Two descriptors for each connection; false where this system does not allow so many. */
static bool allow_descriptors(rlim_t count)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return false;
    if (limit.rlim_cur >= count)
        return true;
    limit.rlim_cur = count;
    return count <= limit.rlim_max && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static void test_connection_takes_little_memory_while_idle(void **state)
{
    struct serving *serving = *state;
    struct client *clients = calloc(IDLE, sizeof *clients);
    if (!allow_descriptors(2 * IDLE + 100))
        skip();
    assert_non_null(clients);
    struct client first = serving_client(serving, false); /* what the first one makes is everyone's */
    client_ask(serving, &first, 1, "hello", NULL);
    assert_response(serving, &first, 1, "");
    size_t before = heap_bytes();
    for (int i = 0; i < IDLE; i++) {
        clients[i] = serving_client(serving, false);
        client_ask(serving, &clients[i], 1, "hello", NULL);
        assert_response(serving, &clients[i], 1, "");
        buffer_destroy(&clients[i].received);
    }
    size_t each = (heap_bytes() - before) / IDLE;
    print_message("an idle connection takes %zu bytes\n", each);
    assert_true(each > sizeof(struct connection));
    assert_true(each <= IDLE_MOST);
    for (int i = 0; i < IDLE; i++)
        client_close(&clients[i]);
    client_close(&first);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    free(clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_connection_##name, serving_setup, serving_teardown)
        TEST(takes_input_byte_by_byte),
        TEST(takes_many_messages_at_once),
        TEST(takes_messages_cut_anywhere),
        TEST(takes_messages_longer_than_a_read),
        TEST(says_nothing_to_notifications_and_responses),
        TEST(walks_over_what_is_too_large),
        TEST(keeps_nothing_of_what_it_walks_over),
        TEST(goes_on_behind_a_refused_end),
        TEST(refuses_once_in_pieces),
        TEST(refuses_once_before_it_breaks_off),
        TEST(answers_before_it_breaks_off),
        TEST(says_why_where_it_knows_whom),
        TEST(breaks_off_in_pieces_as_well),
        TEST(answers_who_has_ended),
        TEST(keeps_replies_for_who_has_ended),
        TEST(of_a_client_that_went),
        TEST(reset_while_output_waits),
        TEST(ended_and_reset_while_output_waits),
        TEST(stops_reading_who_does_not_read),
        TEST(serves_others_meanwhile),
        TEST(takes_turns),
        TEST(answers_no_more_than_is_read),
        TEST(keeps_messages_of_who_has_ended),
        TEST(keeps_messages_while_draining),
        TEST(breaks_off_behind_kept_messages),
        TEST(ends_messages_that_never_end),
        TEST(ends_messages_of_nobody_knows_whom),
        TEST(may_rest_between_messages),
        TEST(drops_who_does_not_read),
        TEST(keeps_who_reads_slowly),
        TEST(ends_where_a_reply_has_no_memory),
        TEST(takes_little_memory_while_idle),
#undef TEST
    };
    return cmocka_run_group_tests_name("serve/connection", tests, NULL, NULL);
}
