/* client/blocking: calls that wait, on the client's own loop, which here drives the mock daemon as well. */
#include "../mock_daemon.h"

#include "client/internal.h"

static void echo(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    if (senda_value_integer(senda_value_at(message, 0), -1) == 0)
        mock_reply(peer, mock_id(message), NULL,
                   senda_value_integer(senda_value_get(mock_arguments(message), "n"), -1));
}

struct fixture {
    struct mock_daemon mock;  /* the other side */
    senda_client *client;     /* what is tested */
    size_t ended;             /* callbacks called */
    enum senda_status nested; /* of a call from within a callback */
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    mock_create(&fixture->mock);
    assert_int_equal(senda_client_new(&fixture->client, fixture->mock.address, NULL), SENDA_OK);
    senda_client_set_connecting(fixture->client, 2, 1, 2, 3000);
    fixture->mock.base = fixture->client->base;
    fixture->mock.on_message = echo;
    fixture->mock.context = fixture;
    mock_listen(&fixture->mock);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    mock_destroy(&fixture->mock);
    senda_client_free(fixture->client);
    free(fixture);
    return 0;
}

static enum senda_status call(struct fixture *fixture, int64_t number, int64_t *answer)
{
    senda_request *request = senda_request_new();
    senda_reply *reply;
    senda_request_integer(request, "n", number);
    enum senda_status status = senda_client_call(fixture->client, "echo", request, &reply);
    assert_int_equal(senda_reply_status(reply), status);
    *answer = senda_value_integer(senda_value_get(senda_reply_result(reply), "echo"), -1);
    senda_reply_unref(reply);
    senda_request_free(request);
    return status;
}

static void test_blocking_calls_are_answered(void **state)
{
    struct fixture *fixture = *state;
    int64_t answer;
    for (int64_t i = 0; i < 10; i++) {
        assert_int_equal(call(fixture, i, &answer), SENDA_OK);
        assert_int_equal(answer, i);
    }
    assert_int_equal(fixture->mock.accepted, 1);
}

static void test_blocking_call_says_that_nobody_is_there(void **state)
{
    struct fixture *fixture = *state;
    int64_t answer;
    mock_stop_listening(&fixture->mock);
    assert_int_equal(call(fixture, 1, &answer), SENDA_UNREACHABLE);
    mock_listen(&fixture->mock);
    assert_int_equal(call(fixture, 2, &answer), SENDA_OK);
}

static void ignore(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    (void)peer;
    (void)message;
}

static void test_blocking_call_times_out(void **state)
{
    struct fixture *fixture = *state;
    int64_t answer;
    fixture->mock.on_message = ignore;
    senda_client_set_timeout(fixture->client, 1);
    assert_int_equal(call(fixture, 1, &answer), SENDA_TIMEOUT);
}

/* The connection was closed while nobody turned the loop: the next call must not be lost on it. */
static void test_blocking_call_notices_a_closed_connection_first(void **state)
{
    struct fixture *fixture = *state;
    int64_t answer;
    assert_int_equal(call(fixture, 1, &answer), SENDA_OK);
    mock_hang_up(&fixture->mock, fixture->mock.peers[0]);
    assert_int_equal(call(fixture, 2, &answer), SENDA_OK);
    assert_int_equal(answer, 2);
    assert_int_equal(fixture->mock.accepted, 2);
}

static void on_reply(senda_client *client, senda_reply *reply, void *context)
{
    struct fixture *fixture = context;
    senda_reply *nested;
    fixture->ended++;
    assert_int_equal(senda_reply_status(reply), SENDA_OK);
    fixture->nested = senda_client_call(client, "echo", NULL, &nested);
    senda_reply_unref(nested);
}

static void test_blocking_wait_ends_what_was_pipelined(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(senda_client_send(fixture->client, "echo", NULL, on_reply, fixture, NULL), SENDA_OK);
    assert_int_equal(senda_client_notify(fixture->client, "track", NULL), SENDA_OK);
    assert_int_equal(senda_client_wait(fixture->client, 0), SENDA_OK);
    assert_int_equal(fixture->ended, 100);
    assert_int_equal(fixture->nested, SENDA_MISUSE);
    assert_int_equal(senda_client_pending(fixture->client), 0);
}

static void on_cancelled(senda_client *client, senda_reply *reply, void *context)
{
    (void)client;
    (void)context;
    assert_int_equal(senda_reply_status(reply), SENDA_CANCELLED);
}

static void test_blocking_wait_is_limited(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = ignore;
    assert_int_equal(senda_client_send(fixture->client, "echo", NULL, on_cancelled, fixture, NULL), SENDA_OK);
    assert_int_equal(senda_client_wait(fixture->client, 1), SENDA_TIMEOUT);
    assert_int_equal(senda_client_pending(fixture->client), 1);
}

static void test_blocking_wait_tells_of_lost_notifications(void **state)
{
    struct fixture *fixture = *state;
    mock_stop_listening(&fixture->mock);
    assert_int_equal(senda_client_notify(fixture->client, "track", NULL), SENDA_OK);
    assert_int_equal(senda_client_wait(fixture->client, 0), SENDA_UNREACHABLE);
    assert_int_equal(senda_client_wait(fixture->client, 0), SENDA_OK);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_blocking_calls_are_answered),
        TEST(test_blocking_call_says_that_nobody_is_there),
        TEST(test_blocking_call_times_out),
        TEST(test_blocking_call_notices_a_closed_connection_first),
        TEST(test_blocking_wait_ends_what_was_pipelined),
        TEST(test_blocking_wait_is_limited),
        TEST(test_blocking_wait_tells_of_lost_notifications),
    };
    return cmocka_run_group_tests_name("client/blocking", tests, NULL, NULL);
}
