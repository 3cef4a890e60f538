/* serve/stranger: the time of clients that have to show a token, and tokens that wait. */
#include "serving.h"

#include <sys/syscall.h>

/* So many looks at the coarse clock from now on, time takes a leap; 0: it does not. */
static int leap_in;
static time_t leapt_seconds;

/* In place of the C library's. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
    long failed = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_MONOTONIC_COARSE && leap_in > 0 && --leap_in == 0)
        leapt_seconds++;
    if (clock == CLOCK_MONOTONIC_COARSE)
        now->tv_sec += leapt_seconds;
    return (int)failed;
}

/* A client that has to show the token "secret" first. */
static struct client stranger(struct serving *serving)
{
    int fds[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), 0);
    struct client client = client_of(fds[0]);
    client.connection = connection_new(serving->server, fds[1], NULL, SCOPE_NONE, 7);
    assert_non_null(client.connection);
    return client;
}

static void guard(struct serving *serving, uint32_t let_in_ms, uint32_t wait_ms)
{
    serving->options.flow.tokens = tokens_of("secret");
    serving->options.flow.wait_ms = wait_ms;
    serving->options.let_in_ms = let_in_ms;
    serving_restart(serving);
}

static void test_stranger_is_dropped_in_the_end(void **state)
{
    struct serving *serving = *state;
    guard(serving, 50, 0);
    struct client idle = stranger(serving), busy = stranger(serving);
    uint32_t id = 0;
    client_ask(serving, &busy, ++id, "ping", NULL);
    assert_response(serving, &busy, id, "UNAUTHORIZED: ");
    assert_end(serving, &idle);
    assert_end(serving, &busy);
    assert_int_equal(serving_count(serving, METRICS_connections_open), 0);
    client_close(&idle);
    client_close(&busy);
}

static void test_stranger_that_is_let_in_has_no_clock(void **state)
{
    struct serving *serving = *state;
    guard(serving, 50, 0);
    struct client known = stranger(serving), idle = stranger(serving);
    assert_non_null(known.connection->alarm);
    client_ask(serving, &known, 1, "auth", "{'token': 'secret'}");
    assert_response(serving, &known, 1, "");
    assert_null(known.connection->alarm);
    assert_end(serving, &idle);
    client_ask(serving, &known, 2, "ping", NULL);
    assert_response(serving, &known, 2, "");
    client_close(&known);
    client_close(&idle);
}

/* One that was let in, and shows another token after a wrong one. */
static void test_stranger_no_longer_waits_too(void **state)
{
    struct serving *serving = *state;
    guard(serving, SERVING_LET_IN_MS, 30);
    struct client client = stranger(serving);
    client_ask(serving, &client, 1, "auth", "{'token': 'secret'}");
    client_ask(serving, &client, 2, "auth", "{'token': 'wrong'}");
    client_ask(serving, &client, 3, "auth", "{'token': 'secret'}");
    client_ask(serving, &client, 4, "ping", NULL);
    for (uint32_t id = 1; id <= 4; id++)
        assert_response(serving, &client, id, id == 2 ? "UNAUTHORIZED: " : "");
    assert_null(client.connection->alarm);
    client_close(&client);
}

static void put_tokens(struct buffer *out, const char *const *tokens, size_t count)
{
    char arguments[64];
    for (size_t i = 0; i < count; i++) {
        snprintf(arguments, sizeof arguments, "{'token': '%s'}", tokens[i]);
        request_put(out, (uint32_t)i + 1, "auth", arguments);
    }
}

/* All in one write: order stays, and what is sent behind a token waits with it. */
static void test_stranger_waits_and_goes_on_in_order(void **state)
{
    static const char *const tokens[] = {"wrong", "wrong", "wrong", "secret"};
    struct serving *serving = *state;
    guard(serving, SERVING_LET_IN_MS, 40);
    struct client client = stranger(serving);
    struct buffer messages;
    buffer_create(&messages);
    put_tokens(&messages, tokens, 4);
    request_put(&messages, 5, "ping", NULL);
    uint64_t begin_ms = clock_monotonic_ms();
    client_write_all(serving, &client, messages.bytes, messages.length);
    for (uint32_t id = 1; id <= 3; id++)
        assert_response(serving, &client, id, "UNAUTHORIZED: token: not the right one");
    assert_response(serving, &client, 4, "");
    assert_response(serving, &client, 5, "");
    assert_in_range(clock_monotonic_ms() - begin_ms, 10 + 20 + 40 - 15, SERVING_PATIENCE_MS);
    assert_int_equal(serving_count(serving, METRICS_requests), 5);
    assert_int_equal(client.connection->input.capacity, 0);
    buffer_destroy(&messages);
    client_close(&client);
}

/* Between any two looks at the clock a process may have been stopped for longer than the token had to wait.
 */
static void test_stranger_waits_across_any_leap(void **state)
{
    enum { LOOKS = 30 };
    static const char *const wrong[] = {"wrong"}, *const right[] = {"secret"};
    struct serving *serving = *state;
    guard(serving, SERVING_LET_IN_MS, 40);
    for (int look = 1; look <= LOOKS; look++) {
        struct client client = stranger(serving);
        struct buffer messages;
        buffer_create(&messages);
        put_tokens(&messages, wrong, 1);
        put_tokens(&messages, right, 1);
        leap_in = look;
        client_write_all(serving, &client, messages.bytes, messages.length);
        assert_response(serving, &client, 1, "UNAUTHORIZED: ");
        assert_response(serving, &client, 1, "");
        leap_in = 0;
        buffer_destroy(&messages);
        client_close(&client);
    }
}

static void test_stranger_holds_up_nobody(void **state)
{
    static const char *const tokens[] = {"wrong", "wrong"};
    struct serving *serving = *state;
    guard(serving, SERVING_LET_IN_MS, SERVING_LET_IN_MS);
    struct client waiting = stranger(serving), other = serving_client(serving, false);
    struct buffer messages;
    buffer_create(&messages);
    put_tokens(&messages, tokens, 2);
    client_write_all(serving, &waiting, messages.bytes, messages.length);
    assert_response(serving, &waiting, 1, "UNAUTHORIZED: ");
    waiting.connection->peer.token_due_ms += SERVING_LET_IN_MS;
    client_ask(serving, &other, 1, "ping", NULL);
    assert_response(serving, &other, 1, "");
    assert_silence(serving, &waiting);
    buffer_destroy(&messages);
    client_close(&waiting);
    client_close(&other);
}

/* The client goes while its token waits, and the server is drained meanwhile. */
static void test_stranger_that_waits_is_drained(void **state)
{
    static const char *const tokens[] = {"wrong", "wrong", "secret"};
    struct serving *serving = *state;
    guard(serving, SERVING_LET_IN_MS, 30);
    struct client client = stranger(serving);
    struct buffer messages;
    buffer_create(&messages);
    put_tokens(&messages, tokens, 3);
    client_write_all(serving, &client, messages.bytes, messages.length);
    assert_response(serving, &client, 1, "UNAUTHORIZED: ");
    server_drain(serving->server, serving_drained, serving);
    assert_response(serving, &client, 2, "UNAUTHORIZED: ");
    assert_response(serving, &client, 3, "");
    assert_end(serving, &client);
    client_close(&client);
    UNTIL(serving, serving->drained == 1);
    buffer_destroy(&messages);
}

/* Nothing of a token is left where it was read. */
static void test_stranger_leaves_no_token_behind(void **state)
{
    static const char *const tokens[] = {"wrong-secret", "wrong-secret", "secret"};
    struct serving *serving = *state;
    guard(serving, SERVING_LET_IN_MS, 10);
    struct client client = stranger(serving);
    struct buffer messages;
    buffer_create(&messages);
    put_tokens(&messages, tokens, 3);
    client_write_all(serving, &client, messages.bytes, messages.length);
    for (uint32_t id = 1; id <= 3; id++)
        assert_response(serving, &client, id, id < 3 ? "UNAUTHORIZED: " : "");
    assert_null(memmem(serving->server->input, sizeof serving->server->input, "secret", 6));
    buffer_destroy(&messages);
    client_close(&client);
}

static void test_stranger_goes_after_too_many_failures(void **state)
{
    struct serving *serving = *state;
    serving->options.flow.failures_most = 2;
    guard(serving, SERVING_LET_IN_MS, 0);
    struct client client = stranger(serving);
    client_ask(serving, &client, 1, "auth", "{'token': 'wrong'}");
    client_ask(serving, &client, 2, "auth", "{'token': 'wrong'}");
    assert_response(serving, &client, 1, "UNAUTHORIZED: ");
    assert_response(serving, &client, 2, "UNAUTHORIZED: ");
    assert_end(serving, &client);
    client_close(&client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_stranger_##name, serving_setup, serving_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_dropped_in_the_end),        TEST(that_is_let_in_has_no_clock),
        TEST(no_longer_waits_too),          TEST(waits_and_goes_on_in_order),
        TEST(waits_across_any_leap),        TEST(holds_up_nobody),
        TEST(that_waits_is_drained),        TEST(leaves_no_token_behind),
        TEST(goes_after_too_many_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
