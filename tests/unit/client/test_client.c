/* client/client: requests over a connection that misbehaves in every way, driven by the test's loop. */
#include "../mock_daemon.h"

#include "client/internal.h"

#include <netinet/in.h>

enum { MOST_ENDED = 64 };

struct fixture {
    struct mock_daemon mock;              /* the other side */
    senda_client *client;                 /* what is tested; NULL once freed */
    size_t ended;                         /* requests whose callback was called */
    enum senda_status status[MOST_ENDED]; /* how, in the order of the callbacks */
    int64_t echo[MOST_ENDED];             /* the number in the answer */
    char message[256];                    /* of the last reply that was no answer */
    char code[32];                        /* of the last reply */
    size_t connected;                     /* times that the connection stood */
    size_t lost;                          /* times that it broke or could not be made */
    char problem[256];                    /* why, the last time */
    size_t notifications;                 /* received */
    senda_request *held;                  /* a reply that the mock keeps back; owned */
    bool free_in_callback;                /* the next callback frees the client */
    bool resend_in_callback;              /* the next callback sends once more */
};

/* Answers with the argument `n`. */
static void echo(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    int64_t number = senda_value_integer(senda_value_get(mock_arguments(message), "n"), -1);
    mock_reply(peer, mock_id(message), NULL, number);
}

static void ignore(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    (void)peer;
    (void)message;
}

static void on_state(senda_client *client, bool connected, const char *problem, void *context)
{
    struct fixture *fixture = context;
    (void)client;
    fixture->connected += connected;
    fixture->lost += !connected;
    snprintf(fixture->problem, sizeof fixture->problem, "%s", problem);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    mock_create(&fixture->mock);
    fixture->mock.base = event_base_new();
    fixture->mock.on_message = echo;
    fixture->mock.context = fixture;
    mock_listen(&fixture->mock);
    assert_int_equal(senda_client_new(&fixture->client, fixture->mock.address, fixture->mock.base), SENDA_OK);
    senda_client_set_connecting(fixture->client, 3, 1, 2, 3000);
    senda_client_on_state(fixture->client, on_state, fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    senda_client_free(fixture->client);
    mock_destroy(&fixture->mock);
    senda_request_free(fixture->held);
    event_base_free(fixture->mock.base);
    free(fixture);
    return 0;
}

static void send_number(struct fixture *fixture, int64_t number);

static void on_reply(senda_client *client, senda_reply *reply, void *context)
{
    struct fixture *fixture = context;
    assert_ptr_equal(client, fixture->client);
    assert_true(fixture->ended < MOST_ENDED);
    fixture->status[fixture->ended] = senda_reply_status(reply);
    fixture->echo[fixture->ended++] =
        senda_value_integer(senda_value_get(senda_reply_result(reply), "echo"), -1);
    snprintf(fixture->message, sizeof fixture->message, "%s", senda_reply_message(reply));
    snprintf(fixture->code, sizeof fixture->code, "%s", senda_reply_code(reply));
    if (fixture->resend_in_callback) {
        fixture->resend_in_callback = false;
        send_number(fixture, 99);
    }
    if (fixture->free_in_callback) {
        fixture->free_in_callback = false;
        senda_client_free(client);
        fixture->client = NULL;
    }
}

static void send_number(struct fixture *fixture, int64_t number)
{
    senda_request *request = senda_request_new();
    senda_request_integer(request, "n", number);
    assert_int_equal(senda_client_send(fixture->client, "echo", request, on_reply, fixture, NULL), SENDA_OK);
    senda_request_free(request);
}

/* Turns the loop until a counter reaches a number. */
static void wait_for(struct fixture *fixture, const size_t *counter, size_t number)
{
    while (*counter < number)
        assert_int_equal(event_base_loop(fixture->mock.base, EVLOOP_ONCE), 0);
    assert_int_equal(*counter, number);
}

/* ---- Answers ---- */

static void test_client_pipelines(void **state)
{
    struct fixture *fixture = *state;
    for (int64_t i = 0; i < 50; i++)
        send_number(fixture, i);
    assert_int_equal(senda_client_pending(fixture->client), 50);
    assert_int_equal(fixture->ended, 0);
    wait_for(fixture, &fixture->ended, 50);
    for (int64_t i = 0; i < 50; i++) {
        assert_int_equal(fixture->status[i], SENDA_OK);
        assert_int_equal(fixture->echo[i], i);
    }
    assert_int_equal(fixture->mock.accepted, 1);
    assert_int_equal(fixture->connected, 1);
    assert_true(senda_client_is_connected(fixture->client));
    assert_int_equal(senda_client_pending(fixture->client), 0);
}

static void test_client_connects_over_tcp(void **state)
{
    struct fixture *fixture = *state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    char text[64];
    struct evconnlistener *listener =
        evconnlistener_new_bind(fixture->mock.base, mock_on_accept, &fixture->mock, LEV_OPT_CLOSE_ON_FREE, 16,
                                (struct sockaddr *)&address, sizeof address);
    assert_non_null(listener);
    getsockname(evconnlistener_get_fd(listener), (struct sockaddr *)&address, &length);
    snprintf(text, sizeof text, "tcp:127.0.0.1:%d", ntohs(address.sin_port));
    senda_client_free(fixture->client);
    assert_int_equal(senda_client_new(&fixture->client, text, fixture->mock.base), SENDA_OK);
    send_number(fixture, 5);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->echo[0], 5);
    evconnlistener_free(listener);
    senda_client_set_connecting(fixture->client, 1, 1, 2, 3000);
    mock_hang_up(&fixture->mock, fixture->mock.peers[0]);
    while (senda_client_is_connected(fixture->client))
        assert_int_equal(event_base_loop(fixture->mock.base, EVLOOP_ONCE), 0);
    send_number(fixture, 6);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[1], SENDA_UNREACHABLE);
    assert_non_null(strstr(fixture->message, "refused"));
}

/* Keeps the first reply back until the second is due. */
static void answer_in_reverse(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    struct fixture *fixture = mock->context;
    int64_t number = senda_value_integer(senda_value_get(mock_arguments(message), "n"), -1);
    senda_request *reply = mock_reply_new(mock_id(message), NULL, number);
    if (fixture->held == NULL) {
        fixture->held = reply;
        return;
    }
    mock_send(peer, reply);
    mock_send(peer, fixture->held);
    fixture->held = NULL;
}

static void test_client_matches_replies_out_of_order(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = answer_in_reverse;
    send_number(fixture, 1);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->echo[0], 2);
    assert_int_equal(fixture->echo[1], 1);
}

struct trickle {
    struct bufferevent *peer; /* where to */
    senda_request *reply;     /* owned */
    size_t next;              /* byte */
    struct event *event;      /* owned; the next byte's turn */
};

/* One byte each turn of the loop. */
static void on_trickle(evutil_socket_t descriptor, short what, void *context)
{
    struct trickle *trickle = context;
    size_t length;
    const char *bytes = senda_request_bytes(trickle->reply, &length);
    (void)descriptor;
    (void)what;
    mock_write(trickle->peer, bytes + trickle->next++, 1);
    if (trickle->next < length) {
        event_active(trickle->event, EV_TIMEOUT, 0);
        return;
    }
    event_free(trickle->event);
    senda_request_free(trickle->reply);
    free(trickle);
}

static void answer_byte_by_byte(struct mock_daemon *mock, struct bufferevent *peer,
                                const senda_value *message)
{
    struct trickle *trickle = calloc(1, sizeof *trickle);
    assert_non_null(trickle);
    trickle->peer = peer;
    trickle->reply = mock_reply_new(mock_id(message), NULL, 123456789);
    trickle->event = event_new(mock->base, -1, 0, on_trickle, trickle);
    event_active(trickle->event, EV_TIMEOUT, 0);
}

static void test_client_reads_replies_byte_by_byte(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = answer_byte_by_byte;
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_OK);
    assert_int_equal(fixture->echo[0], 123456789);
}

static void answer_large(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    static char text[1 << 20];
    senda_request *reply = senda_request_new_list();
    (void)mock;
    memset(text, 'x', sizeof text);
    senda_request_integer(reply, NULL, 1);
    senda_request_integer(reply, NULL, mock_id(message));
    senda_request_nil(reply, NULL);
    senda_request_string_of(reply, NULL, text, sizeof text);
    mock_send(peer, reply);
}

static void on_large(senda_client *client, senda_reply *reply, void *context)
{
    struct fixture *fixture = context;
    size_t length;
    (void)client;
    fixture->status[fixture->ended++] = senda_reply_status(reply);
    senda_value_string(senda_reply_result(reply), &length);
    fixture->echo[0] = (int64_t)length;
}

static void test_client_grows_for_large_replies(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = answer_large;
    assert_int_equal(senda_client_send(fixture->client, "large", NULL, on_large, fixture, NULL), SENDA_OK);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_OK);
    assert_int_equal(fixture->echo[0], 1 << 20);
}

static void test_client_refuses_replies_beyond_its_limit(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = answer_large;
    senda_client_set_limits(fixture->client, 1000, 1000);
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_PROTOCOL);
}

static void refuse(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)mock;
    mock_reply(peer, mock_id(message), "NOT_FOUND: no such customer", 0);
}

static void test_client_gives_error_replies(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = refuse;
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_REFUSED);
    assert_string_equal(fixture->code, "NOT_FOUND");
    assert_string_equal(fixture->message, "no such customer");
}

static void answer_twice(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    mock_reply(peer, mock_id(message) + 1000, NULL, 5); /* nobody's */
    echo(mock, peer, message);
    echo(mock, peer, message);
}

static void test_client_ignores_replies_that_nobody_waits_for(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = answer_twice;
    send_number(fixture, 1);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->echo[0], 1);
    assert_int_equal(fixture->echo[1], 2);
    assert_int_equal(fixture->lost, 0);
}

/* ---- Broken connections ---- */

/* Half a reply, then the end; the next connection is served well. */
static void break_off(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    size_t length;
    senda_request *reply = mock_reply_new(mock_id(message), NULL, 7);
    const void *bytes = senda_request_bytes(reply, &length);
    assert_int_equal(send(bufferevent_getfd(peer), bytes, length - 1, MSG_NOSIGNAL), length - 1);
    senda_request_free(reply);
    mock->on_message = echo;
    mock_hang_up(mock, peer);
}

static void test_client_fails_what_was_on_its_way_and_reconnects(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = break_off;
    send_number(fixture, 1);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[0], SENDA_DISCONNECTED);
    assert_int_equal(fixture->status[1], SENDA_DISCONNECTED);
    assert_int_equal(fixture->lost, 1);
    assert_non_null(strstr(fixture->problem, fixture->mock.address));
    assert_string_equal(senda_client_last_problem(fixture->client), fixture->problem);
    send_number(fixture, 3);
    wait_for(fixture, &fixture->ended, 3);
    assert_int_equal(fixture->status[2], SENDA_OK);
    assert_int_equal(fixture->echo[2], 3);
    assert_int_equal(fixture->mock.accepted, 2);
    assert_string_equal(senda_client_last_problem(fixture->client), "");
}

static void test_client_may_send_again_from_the_callback_of_a_failure(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = break_off;
    fixture->resend_in_callback = true;
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[0], SENDA_DISCONNECTED);
    assert_int_equal(fixture->status[1], SENDA_OK);
    assert_int_equal(fixture->echo[1], 99);
}

static void test_client_gives_up_after_its_attempts(void **state)
{
    struct fixture *fixture = *state;
    mock_stop_listening(&fixture->mock);
    send_number(fixture, 1);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[0], SENDA_UNREACHABLE);
    assert_int_equal(fixture->status[1], SENDA_UNREACHABLE);
    assert_int_equal(fixture->lost, 3);
    assert_non_null(strstr(fixture->message, "No such file"));
}

static void test_client_sends_what_waited_once_the_daemon_is_there(void **state)
{
    struct fixture *fixture = *state;
    mock_stop_listening(&fixture->mock);
    senda_client_set_connecting(fixture->client, 0, 1, 2, 3000);
    send_number(fixture, 1);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->lost, 2);
    mock_listen(&fixture->mock);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[0], SENDA_OK);
    assert_int_equal(fixture->echo[0], 1);
    assert_int_equal(fixture->echo[1], 2);
}

static void test_client_keeps_connected_when_asked(void **state)
{
    struct fixture *fixture = *state;
    senda_client_keep_connected(fixture->client, true);
    wait_for(fixture, &fixture->connected, 1);
    wait_for(fixture, &fixture->mock.accepted, 1);
    mock_hang_up(&fixture->mock, fixture->mock.peers[0]);
    wait_for(fixture, &fixture->connected, 2);
    assert_int_equal(fixture->lost, 1);
}

static void send_garbage(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)message;
    mock->on_message = echo;
    mock_write(peer, "HTTP/1.1 400 Bad Request\r\n", 26);
}

static void send_broken(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    (void)message;
    mock->on_message = echo;
    mock_write(peer, "\xDD\xFF\xFF\xFF\xFF", 5);
}

static void test_client_drops_a_peer_that_speaks_something_else(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = send_garbage;
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_PROTOCOL);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[1], SENDA_OK);
    fixture->mock.on_message = send_broken;
    send_number(fixture, 3);
    wait_for(fixture, &fixture->ended, 3);
    assert_int_equal(fixture->status[2], SENDA_PROTOCOL);
}

/* ---- Timeouts and cancelling ---- */

static void test_client_times_out_and_ignores_the_late_reply(void **state)
{
    struct fixture *fixture = *state;
    send_number(fixture, 0); /* once connected, the next is sent for sure */
    wait_for(fixture, &fixture->ended, 1);
    fixture->mock.on_message = answer_in_reverse; /* the first waits for the second */
    senda_client_set_timeout(fixture->client, 1);
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[1], SENDA_TIMEOUT);
    wait_for(fixture, &fixture->mock.messages, 2);
    senda_client_set_timeout(fixture->client, 0);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 3);
    assert_int_equal(fixture->status[2], SENDA_OK);
    assert_int_equal(fixture->echo[2], 2);
    assert_int_equal(fixture->lost, 0);
}

static void test_client_times_out_while_it_cannot_connect(void **state)
{
    struct fixture *fixture = *state;
    mock_stop_listening(&fixture->mock);
    senda_client_set_connecting(fixture->client, 0, 1, 2, 3000);
    senda_client_set_timeout(fixture->client, 5);
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_TIMEOUT);
    assert_int_equal(fixture->client->calls.waiting_bytes, 0);
}

static void test_client_cancels(void **state)
{
    struct fixture *fixture = *state;
    uint32_t id;
    fixture->mock.on_message = ignore;
    assert_int_equal(senda_client_send(fixture->client, "echo", NULL, on_reply, fixture, &id), SENDA_OK);
    wait_for(fixture, &fixture->mock.messages, 1);
    assert_true(senda_client_cancel(fixture->client, id));
    assert_int_equal(fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_CANCELLED);
    assert_false(senda_client_cancel(fixture->client, id));
}

static void test_client_free_cancels_what_is_pending(void **state)
{
    struct fixture *fixture = *state;
    send_number(fixture, 1);
    send_number(fixture, 2);
    senda_client_free(fixture->client);
    fixture->client = NULL;
    assert_int_equal(fixture->ended, 2);
    assert_int_equal(fixture->status[1], SENDA_CANCELLED);
}

static void test_client_may_be_freed_in_a_callback(void **state)
{
    struct fixture *fixture = *state;
    for (int64_t i = 0; i < 4; i++)
        send_number(fixture, i);
    fixture->free_in_callback = true;
    fixture->mock.on_message = answer_in_reverse; /* two replies in one write */
    senda_client *client = fixture->client;
    while (fixture->client == client)
        assert_int_equal(event_base_loop(fixture->mock.base, EVLOOP_ONCE), 0);
    assert_int_equal(fixture->status[0], SENDA_OK);
}

/* ---- Authentication ---- */

struct gate {
    size_t refused; /* tokens that were wrong */
    size_t early;   /* messages before a good token */
    bool open;      /* a good token has come */
};

static struct gate gate;

static void guard(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    bool is_auth = mock_method_is(message, "auth");
    if (!is_auth && !gate.open)
        gate.early++;
    if (!is_auth) {
        echo(mock, peer, message);
    } else if (mock_text_is(senda_value_get(mock_arguments(message), "token"), "sesame")) {
        gate.open = true;
        mock_reply(peer, mock_id(message), NULL, 0);
    } else {
        gate.refused++;
        mock_reply(peer, mock_id(message), "UNAUTHORIZED: wrong token", 0);
    }
}

static void test_client_authenticates_first_after_each_connect(void **state)
{
    struct fixture *fixture = *state;
    gate = (struct gate){0};
    fixture->mock.on_message = guard;
    assert_int_equal(senda_client_set_token(fixture->client, "sesame"), SENDA_OK);
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->status[0], SENDA_OK);
    gate.open = false;
    mock_hang_up(&fixture->mock, fixture->mock.peers[0]);
    wait_for(fixture, &fixture->lost, 1);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[1], SENDA_OK);
    assert_true(gate.open);
    assert_int_equal(gate.early, 0);
}

static void test_client_tells_that_its_token_is_refused(void **state)
{
    struct fixture *fixture = *state;
    gate = (struct gate){0};
    fixture->mock.on_message = guard;
    assert_int_equal(senda_client_set_token(fixture->client, "wrong"), SENDA_OK);
    send_number(fixture, 1);
    send_number(fixture, 2);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[0], SENDA_REFUSED);
    assert_int_equal(fixture->status[1], SENDA_REFUSED);
    assert_string_equal(fixture->code, "UNAUTHORIZED");
    assert_int_equal(gate.early, 0);
    assert_int_equal(gate.refused, 1);
    assert_false(senda_client_is_connected(fixture->client));
}

/* ---- Notifications ---- */

static void on_notification(senda_client *client, const char *method, const senda_value *params,
                            void *context)
{
    struct fixture *fixture = context;
    (void)client;
    assert_string_equal(method, "changed");
    assert_int_equal(senda_value_integer(senda_value_at(params, 0), -1), 3);
    fixture->notifications++;
}

static void notify_and_echo(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    mock_write(peer,
               "\x93\x02\xA7"
               "changed\x91\x03",
               12);
    echo(mock, peer, message);
}

static void test_client_receives_notifications(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = notify_and_echo;
    senda_client_on_notification(fixture->client, on_notification, fixture);
    send_number(fixture, 1);
    wait_for(fixture, &fixture->ended, 1);
    assert_int_equal(fixture->notifications, 1);
    assert_int_equal(fixture->status[0], SENDA_OK);
}

static void take_notification(struct mock_daemon *mock, struct bufferevent *peer, const senda_value *message)
{
    struct fixture *fixture = mock->context;
    (void)peer;
    assert_int_equal(senda_value_count(message), 3);
    assert_int_equal(senda_value_integer(senda_value_at(message, 0), -1), 2);
    assert_true(mock_text_is(senda_value_at(message, 1), "track"));
    fixture->notifications++;
}

static void test_client_sends_notifications(void **state)
{
    struct fixture *fixture = *state;
    fixture->mock.on_message = take_notification;
    assert_int_equal(senda_client_notify(fixture->client, "track", NULL),
                     SENDA_OK); /* before it is connected */
    wait_for(fixture, &fixture->notifications, 1);
    assert_int_equal(senda_client_notify(fixture->client, "track", NULL), SENDA_OK);
    wait_for(fixture, &fixture->notifications, 2);
    assert_int_equal(senda_client_pending(fixture->client), 0);
}

/* ---- Limits and misuse ---- */

static void test_client_refuses_to_queue_beyond_its_limit(void **state)
{
    struct fixture *fixture = *state;
    mock_stop_listening(&fixture->mock);
    senda_client_set_connecting(fixture->client, 0, 1, 2, 3000);
    senda_client_set_limits(fixture->client, 1000, 40);
    send_number(fixture, 1);
    send_number(fixture, 2);
    assert_int_equal(
        senda_client_send(fixture->client, "echo-with-a-long-name", NULL, on_reply, fixture, NULL),
        SENDA_BUSY);
    mock_listen(&fixture->mock);
    wait_for(fixture, &fixture->ended, 2);
    assert_int_equal(fixture->status[1], SENDA_OK);
}

static void test_client_refuses_misuse(void **state)
{
    struct fixture *fixture = *state;
    senda_client *client;
    senda_reply *reply;
    senda_request *request = senda_request_new();
    assert_int_equal(senda_client_new(&client, "nowhere", NULL), SENDA_MISUSE);
    assert_null(client);
    senda_request_close(request);
    assert_int_equal(senda_client_send(fixture->client, "m", request, on_reply, fixture, NULL), SENDA_MISUSE);
    assert_int_equal(senda_client_send(fixture->client, "m", NULL, NULL, NULL, NULL), SENDA_MISUSE);
    assert_int_equal(senda_client_send(fixture->client, NULL, NULL, on_reply, fixture, NULL), SENDA_MISUSE);
    assert_int_equal(senda_client_call(fixture->client, "m", NULL, &reply),
                     SENDA_MISUSE); /* not its own loop */
    assert_int_equal(senda_reply_status(reply), SENDA_MISUSE);
    assert_int_equal(senda_client_wait(fixture->client, 1), SENDA_MISUSE);
    senda_reply_unref(reply);
    senda_request_free(request);
    assert_int_equal(fixture->ended, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_client_pipelines),
        TEST(test_client_connects_over_tcp),
        TEST(test_client_matches_replies_out_of_order),
        TEST(test_client_reads_replies_byte_by_byte),
        TEST(test_client_grows_for_large_replies),
        TEST(test_client_refuses_replies_beyond_its_limit),
        TEST(test_client_gives_error_replies),
        TEST(test_client_ignores_replies_that_nobody_waits_for),
        TEST(test_client_fails_what_was_on_its_way_and_reconnects),
        TEST(test_client_may_send_again_from_the_callback_of_a_failure),
        TEST(test_client_gives_up_after_its_attempts),
        TEST(test_client_sends_what_waited_once_the_daemon_is_there),
        TEST(test_client_keeps_connected_when_asked),
        TEST(test_client_drops_a_peer_that_speaks_something_else),
        TEST(test_client_times_out_and_ignores_the_late_reply),
        TEST(test_client_times_out_while_it_cannot_connect),
        TEST(test_client_cancels),
        TEST(test_client_free_cancels_what_is_pending),
        TEST(test_client_may_be_freed_in_a_callback),
        TEST(test_client_authenticates_first_after_each_connect),
        TEST(test_client_tells_that_its_token_is_refused),
        TEST(test_client_receives_notifications),
        TEST(test_client_sends_notifications),
        TEST(test_client_refuses_to_queue_beyond_its_limit),
        TEST(test_client_refuses_misuse),
    };
    return cmocka_run_group_tests_name("client/client", tests, NULL, NULL);
}
