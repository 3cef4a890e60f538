/* serve/server: listening, draining, lingering, and reloads that clients wait for. */
#include "serving.h"

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/un.h>

/* ---- Listeners ---- */

/* Where a test's server listens. */
struct door {
    int fd;
    struct sockaddr_storage address;
    socklen_t length;
};

static struct door door_open(int family)
{
    struct door door = {.length = sizeof door.address};
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un anywhere = {.sun_family = AF_UNIX}; /* Linux picks an abstract name */
    door.fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(door.fd >= 0);
    if (family == AF_INET)
        assert_int_equal(bind(door.fd, (struct sockaddr *)&loopback, sizeof loopback), 0);
    else
        assert_int_equal(bind(door.fd, (struct sockaddr *)&anywhere, sizeof(sa_family_t)), 0);
    assert_int_equal(listen(door.fd, 4096), 0);
    assert_int_equal(getsockname(door.fd, (struct sockaddr *)&door.address, &door.length), 0);
    return door;
}

static struct door door_serve(struct serving *serving, int family, bool control)
{
    struct error error;
    struct door door = door_open(family);
    assert_true(server_listen(serving->server, door.fd, control ? SERVER_CONTROL : SERVER_PLAIN, &error));
    return door;
}

/* Connected; perhaps not accepted yet. */
static struct client knock(const struct door *door)
{
    int fd = socket(door->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&door->address, door->length), 0);
    return client_of(fd);
}

static void test_server_accepts_on_every_listener(void **state)
{
    struct serving *serving = *state;
    struct door doors[] = {door_serve(serving, AF_UNIX, false), door_serve(serving, AF_INET, false)};
    for (int i = 0; i < 2; i++) {
        struct client client = knock(&doors[i]);
        client_ask(serving, &client, 7, "ping", NULL);
        assert_response(serving, &client, 7, "");
        client_close(&client);
        UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
        close(doors[i].fd);
    }
    assert_int_equal(serving_count(serving, METRICS_connections_accepted), 2);
}

static void test_server_asks_for_a_token_where_no_file_mode_guards(void **state)
{
    struct serving *serving = *state;
    serving->options.flow.tokens = tokens_of("secret");
    serving_restart(serving);
    struct door near = door_serve(serving, AF_UNIX, false), far = door_serve(serving, AF_INET, false);
    struct client trusted = knock(&near), stranger = knock(&far);
    client_ask(serving, &trusted, 1, "ping", NULL);
    assert_response(serving, &trusted, 1, "");
    client_ask(serving, &stranger, 1, "ping", NULL);
    assert_response(serving, &stranger, 1, "UNAUTHORIZED: ");
    client_ask(serving, &stranger, 2, "auth", "{'token': 'secret'}");
    assert_response(serving, &stranger, 2, "");
    client_ask(serving, &stranger, 3, "ping", NULL);
    assert_response(serving, &stranger, 3, "");
    client_close(&trusted);
    client_close(&stranger);
    close(near.fd);
    close(far.fd);
}

static void test_server_opens_and_closes_many(void **state)
{
    enum { MANY = 1000, AT_ONCE = 100 };
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client clients[AT_ONCE];
    for (int round = 0; round < MANY / AT_ONCE; round++) {
        for (int i = 0; i < AT_ONCE; i++)
            clients[i] = knock(&door);
        UNTIL(serving, serving_count(serving, METRICS_connections_open) == AT_ONCE);
        for (int i = 0; i < AT_ONCE; i++)
            client_close(&clients[i]);
        UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    }
    assert_int_equal(serving_count(serving, METRICS_connections_accepted), MANY);
    assert_true(list_is_empty(&serving->server->connections));
    close(door.fd);
}

/* One accept in a turn, so that other processes at the same listener get theirs. */
static void test_server_accepts_one_in_a_turn(void **state)
{
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client clients[3] = {knock(&door), knock(&door), knock(&door)};
    for (uint64_t i = 1; i <= 3; i++) {
        serving_turn(serving);
        assert_int_equal(serving_count(serving, METRICS_connections_open), i);
    }
    for (int i = 0; i < 3; i++)
        client_close(&clients[i]);
    close(door.fd);
}

/* ---- Descriptors that are out ---- */

/* Lets this process open nothing more; returns what it was allowed before. */
static struct rlimit close_the_tap(void)
{
    struct rlimit before, none;
    int next = dup(0);
    assert_true(next >= 0);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    return before;
}

static void test_server_rests_while_descriptors_are_out(void **state)
{
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client client = knock(&door);
    struct server_listener *listener = (struct server_listener *)serving->server->listeners.after;
    struct rlimit before = close_the_tap();
    serving_turn(serving);
    bool listens = event_pending(listener->event, EV_READ, NULL);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_false(listens);
    assert_int_equal(serving_count(serving, METRICS_connections_open), 0);
    client_ask(serving, &client, 1, "ping", NULL);
    assert_response(serving, &client, 1, "");
    client_close(&client);
    close(door.fd);
}

/* Who has waited through a pause is not left waiting: it is closed by way of the spare descriptor. */
static void test_server_sheds_while_descriptors_are_out(void **state)
{
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client early = knock(&door), late;
    struct rlimit before = close_the_tap();
    UNTIL(serving, serving_count(serving, METRICS_connections_refused) == 1);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_end(serving, &early);
    late = knock(&door);
    client_ask(serving, &late, 1, "ping", NULL);
    assert_response(serving, &late, 1, "");
    assert_true(serving->server->spare >= 0);
    client_close(&early);
    client_close(&late);
    close(door.fd);
}

/* ---- Full houses ---- */

static void test_server_refuses_politely_where_it_is_full(void **state)
{
    struct serving *serving = *state;
    serving->options.connections = 2;
    serving_restart(serving);
    struct door door = door_serve(serving, AF_UNIX, false), other = door_serve(serving, AF_UNIX, false);
    struct door control = door_serve(serving, AF_UNIX, true);
    struct client first = knock(&door), second = knock(&door), third = knock(&door);
    client_ask(serving, &third, 9, "ping", NULL);
    client_ask(serving, &third, 10, "ping", NULL);
    assert_response(serving, &third, 9, "OVERLOADED: too many connections");
    assert_end(serving, &third);
    struct client elsewhere = knock(&other), staff = knock(&control); /* they have room of their own */
    client_ask(serving, &elsewhere, 1, "ping", NULL);
    assert_response(serving, &elsewhere, 1, "");
    client_ask(serving, &staff, 2, "ping", NULL);
    assert_response(serving, &staff, 2, "");
    client_close(&first);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) <= 4);
    struct client fourth = knock(&door);
    client_ask(serving, &fourth, 3, "ping", NULL);
    assert_response(serving, &fourth, 3, "");
    assert_int_equal(serving_count(serving, METRICS_connections_refused), 1);
    client_close(&second);
    client_close(&third);
    client_close(&fourth);
    client_close(&elsewhere);
    client_close(&staff);
    close(door.fd);
    close(other.fd);
    close(control.fd);
}

/* However many come and say nothing: so many are waited for, for a second, and the others are closed. */
static void test_server_bounds_those_it_refuses(void **state)
{
    enum { MANY = 100, GUESTS = 64 };
    struct serving *serving = *state;
    serving->options.connections = 1;
    serving_restart(serving);
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client inside = knock(&door), guests[MANY];
    UNTIL(serving, serving_count(serving, METRICS_connections_accepted) == 1);
    for (int i = 0; i < MANY; i++)
        guests[i] = knock(&door);
    UNTIL(serving, serving_count(serving, METRICS_connections_refused) == MANY);
    assert_true(serving->server->guests <= GUESTS);
    for (int i = 0; i < MANY; i++)
        assert_end(serving, &guests[i]);
    assert_int_equal(serving->server->guests, 0);
    client_ask(serving, &inside, 1, "ping", NULL);
    assert_response(serving, &inside, 1, "");
    for (int i = 0; i < MANY; i++)
        client_close(&guests[i]);
    client_close(&inside);
    close(door.fd);
}

/* Another worker has room: the client is left to it. */
static void test_server_leaves_clients_to_those_with_room(void **state)
{
    struct serving *serving = *state;
    serving->options.connections = 2;
    serving->options.flow.workers = serving->options.flow.slot_count = 2;
    serving_restart(serving);
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client first = knock(&door), second = knock(&door);
    struct server_listener *listener = (struct server_listener *)serving->server->listeners.after;
    UNTIL(serving, serving_count(serving, METRICS_connections_accepted) == 1 &&
                       !event_pending(listener->event, EV_READ, NULL));
    assert_int_equal(serving->slot->values[METRICS_listeners_full], listener->bit);
    assert_int_equal(serving_count(serving, METRICS_connections_refused), 0);
    metrics_set(&serving->slot[1], METRICS_listeners_full, listener->bit); /* now that one is full, too */
    client_ask(serving, &second, 1, "ping", NULL);
    assert_response(serving, &second, 1, "OVERLOADED: ");
    client_close(&first);
    UNTIL(serving, serving->slot->values[METRICS_listeners_full] == 0);
    client_close(&second);
    close(door.fd);
}

/* Descriptors are of all listeners together: where one has used them up, the others are full, too. */
static void test_server_shows_that_descriptors_are_used_up(void **state)
{
    struct serving *serving = *state;
    serving->options.flow.workers = serving->options.flow.slot_count = 2;
    serving_restart(serving);
    serving->server->open_most = 2;
    struct door door = door_serve(serving, AF_UNIX, false), other = door_serve(serving, AF_UNIX, false);
    uint64_t both = ((struct server_listener *)serving->server->listeners.after)->bit |
                    ((struct server_listener *)serving->server->listeners.before)->bit;
    metrics_set(&serving->slot[1], METRICS_listeners_full, both);
    struct client first = knock(&door), second = knock(&door);
    UNTIL(serving, serving_count(serving, METRICS_connections_accepted) == 2);
    assert_int_equal(serving->slot->values[METRICS_listeners_full], both);
    struct client third = knock(&other);
    client_ask(serving, &third, 1, "ping", NULL);
    assert_response(serving, &third, 1, "OVERLOADED: too many connections");
    client_close(&first);
    UNTIL(serving, serving->slot->values[METRICS_listeners_full] == 0);
    struct client fourth = knock(&other);
    client_ask(serving, &fourth, 1, "ping", NULL);
    assert_response(serving, &fourth, 1, "");
    client_close(&second);
    client_close(&third);
    client_close(&fourth);
    close(door.fd);
    close(other.fd);
}

/* ---- Engines ---- */

static void test_server_answers_from_the_engine_it_has(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    client_ask(serving, &client, 1, "recommend", "{'placement': 'hero'}");
    assert_response(serving, &client, 1, "UNAVAILABLE: ");
    assert_true(engine_build(&serving->site, serving->slot));
    assert_null(server_set_engine(serving->server, serving->site.engine));
    client_ask(serving, &client, 2, "recommend", "{'placement': 'hero'}");
    struct response response = client_expect(serving, &client);
    assert_string_equal(response.error, "");
    assert_string_equal(response.version, engine_version(serving->site.engine));
    assert_ptr_equal(server_set_engine(serving->server, NULL), serving->site.engine);
    client_close(&client);
}

/* ---- Reloads ---- */

static void test_server_reload_is_the_control_sockets(void **state)
{
    struct serving *serving = *state;
    struct door control = door_serve(serving, AF_UNIX, true), plain = door_serve(serving, AF_UNIX, false);
    struct client caller = knock(&control), visitor = knock(&plain);
    client_ask(serving, &visitor, 1, "reload", NULL);
    assert_response(serving, &visitor, 1, "UNAUTHORIZED: ");
    assert_int_equal(serving->ticket, 0);
    client_ask(serving, &caller, 1, "reload", NULL);
    UNTIL(serving, serving->ticket == 1);
    assert_silence(serving, &caller);
    server_reload_done(serving->server, 1, true, "v2");
    struct response response = client_expect(serving, &caller);
    assert_int_equal(response.id, 1);
    assert_string_equal(response.version, "v2");
    client_close(&caller);
    client_close(&visitor);
    close(control.fd);
    close(plain.fd);
}

static void test_server_reloads_end_in_any_order(void **state)
{
    struct serving *serving = *state;
    struct client first = serving_client(serving, true), second = serving_client(serving, true);
    client_ask(serving, &first, 10, "reload", NULL);
    UNTIL(serving, serving->ticket == 1);
    client_ask(serving, &second, 20, "reload", NULL);
    UNTIL(serving, serving->ticket == 2);
    client_ask(serving, &first, 30, "reload", NULL);
    UNTIL(serving, serving->ticket == 3);
    server_reload_done(serving->server, 99, true, "of nobody");
    server_reload_done(serving->server, 3, false, "site.lua:1: bad");
    assert_response(serving, &first, 30, "INVALID: site.lua:1: bad");
    server_reload_done(serving->server, 1, true, "v2");
    assert_response(serving, &first, 10, "");
    server_reload_done(serving->server, 1, true, "v2"); /* over already */
    assert_silence(serving, &first);
    server_reload_done(serving->server, 2, true, "v2");
    assert_response(serving, &second, 20, "");
    client_close(&first);
    client_close(&second);
}

/* Other requests do not wait behind a reload. */
static void test_server_answers_on_while_a_reload_is_pending(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, true);
    client_ask(serving, &client, 1, "reload", NULL);
    client_ask(serving, &client, 2, "ping", NULL);
    assert_response(serving, &client, 2, "");
    server_reload_done(serving->server, 1, true, "v2");
    assert_response(serving, &client, 1, "");
    client_close(&client);
}

static void test_server_reload_of_a_client_that_went(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, true);
    client_ask(serving, &client, 1, "reload", NULL);
    UNTIL(serving, serving->ticket == 1);
    client_close(&client);
    serving_settle(serving);
    server_reload_done(serving->server, 1, true, "v2");
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    assert_true(list_is_empty(&serving->server->tickets));
}

/* The reply to the ping finds nobody, and ends the connection before the reload does. */
static void test_server_reload_of_a_connection_that_is_freed(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, true);
    client_ask(serving, &client, 1, "reload", NULL);
    client_ask(serving, &client, 2, "ping", NULL);
    client_close(&client);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    assert_int_equal(serving->ticket, 1);
    assert_false(list_is_empty(&serving->server->tickets));
    server_reload_done(serving->server, 1, true, "v2");
    assert_true(list_is_empty(&serving->server->tickets));
}

static void test_server_reload_of_a_client_that_broke_off(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, true);
    client_ask(serving, &client, 1, "reload", NULL);
    client_write_all(serving, &client, "\xC1", 1);
    assert_silence(serving, &client);
    server_reload_done(serving->server, 1, true, "v2");
    assert_response(serving, &client, 1, "");
    assert_end(serving, &client);
    client_close(&client);
}

static void test_server_reload_of_a_client_that_has_ended(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, true);
    client_ask(serving, &client, 1, "reload", NULL);
    shutdown(client.fd, SHUT_WR);
    assert_silence(serving, &client);
    assert_false(client.ended);
    server_reload_done(serving->server, 1, true, "v2");
    assert_response(serving, &client, 1, "");
    assert_end(serving, &client);
    UNTIL(serving, serving_count(serving, METRICS_connections_open) == 0);
    client_close(&client);
}

/* ---- Draining ---- */

static void drain(struct serving *serving)
{
    server_drain(serving->server, serving_drained, serving);
}

static void test_server_drains_at_once_where_nobody_is(void **state)
{
    struct serving *serving = *state;
    drain(serving);
    UNTIL(serving, serving->drained == 1);
    serving_settle(serving);
    assert_int_equal(serving->drained, 1);
}

static void test_server_drain_answers_what_was_received(void **state)
{
    struct serving *serving = *state;
    struct client busy = serving_client(serving, false), idle = serving_client(serving, false);
    client_ask(serving, &idle, 1, "ping", NULL);
    assert_response(serving, &idle, 1, "");
    for (uint32_t id = 1; id <= 100; id++)
        client_ask(serving, &busy, id, "ping", NULL);
    client_write_all(serving, &busy, "\x94\x00", 2); /* never finished */
    drain(serving);
    for (uint32_t id = 1; id <= 100; id++)
        assert_response(serving, &busy, id, "");
    assert_end(serving, &busy);
    assert_end(serving, &idle);
    assert_int_equal(serving->drained, 0);
    client_close(&busy);
    serving_settle(serving);
    assert_int_equal(serving->drained, 0);
    client_close(&idle);
    UNTIL(serving, serving->drained == 1);
    serving_settle(serving);
    assert_int_equal(serving->drained, 1);
}

static void test_server_drain_answers_who_was_not_accepted_yet(void **state)
{
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client clients[3];
    struct buffer message;
    buffer_create(&message);
    request_put(&message, 5, "ping", NULL);
    for (int i = 0; i < 3; i++) {
        clients[i] = knock(&door);
        assert_int_equal(client_write(&clients[i], message.bytes, message.length), message.length);
    }
    drain(serving);
    assert_true(list_is_empty(&serving->server->listeners));
    for (int i = 0; i < 3; i++) {
        assert_response(serving, &clients[i], 5, "");
        assert_end(serving, &clients[i]);
        client_close(&clients[i]);
    }
    UNTIL(serving, serving->drained == 1);
    buffer_destroy(&message);
    close(door.fd);
}

/* It would have to ask again elsewhere for what it is about to ask. */
static void test_server_drain_waits_for_the_first_message(void **state)
{
    struct serving *serving = *state;
    struct client fresh = serving_client(serving, false), gone = serving_client(serving, false);
    drain(serving);
    serving_settle(serving);
    assert_int_equal(serving->drained, 0);
    client_close(&gone);
    client_ask(serving, &fresh, 3, "ping", NULL);
    assert_response(serving, &fresh, 3, "");
    assert_end(serving, &fresh);
    client_close(&fresh);
    UNTIL(serving, serving->drained == 1);
}

static void test_server_drain_waits_for_a_first_message_no_longer_than_for_an_end(void **state)
{
    struct serving *serving = *state;
    serving->server->options.linger_ms = 1;
    struct client silent = serving_client(serving, false);
    drain(serving);
    assert_end(serving, &silent);
    UNTIL(serving, serving->drained == 1);
    client_close(&silent);
}

/* Nothing came, so nothing is waited for again. */
static void test_server_drain_waits_once_for_who_says_nothing(void **state)
{
    enum { FOR_EVER_MS = 600000 };
    struct serving *serving = *state;
    serving->server->options.linger_ms = 1;
    struct client silent = serving_client(serving, false);
    drain(serving);
    serving->server->options.linger_ms = FOR_EVER_MS;
    UNTIL(serving, serving->drained == 1);
    client_close(&silent);
}

static void test_server_drain_leaves_those_that_wait_to_who_holds_the_socket(void **state)
{
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, false);
    struct client waiting = knock(&door);
    serving->server->options.leaves_waiting = true;
    drain(serving);
    UNTIL(serving, serving->drained == 1);
    assert_int_equal(serving_count(serving, METRICS_connections_accepted), 0);
    client_close(&waiting);
    close(door.fd);
}

static void test_server_drain_accepts_nobody_new(void **state)
{
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, false);
    drain(serving);
    struct client late = knock(&door); /* the socket is the caller's and still listens */
    serving_settle(serving);
    assert_int_equal(serving_count(serving, METRICS_connections_accepted), 0);
    client_close(&late);
    close(door.fd);
}

static void test_server_drain_waits_for_who_does_not_read(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    uint32_t last = 0;
    while (client.connection->output.length == 0) {
        client_ask(serving, &client, ++last, "hello", NULL);
        serving_turn(serving);
    }
    drain(serving);
    serving_settle(serving);
    assert_int_equal(serving->drained, 0);
    for (uint32_t id = 1; id <= last; id++)
        assert_response(serving, &client, id, "");
    assert_end(serving, &client);
    client_close(&client);
    UNTIL(serving, serving->drained == 1);
}

static void test_server_drain_waits_for_reloads(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, true);
    client_ask(serving, &client, 1, "reload", NULL);
    drain(serving);
    UNTIL(serving, serving->ticket == 1);
    assert_silence(serving, &client);
    server_reload_done(serving->server, 1, false, "going down");
    assert_response(serving, &client, 1, "INVALID: going down");
    assert_end(serving, &client);
    client_close(&client);
    UNTIL(serving, serving->drained == 1);
}

static void test_server_drain_of_clients_that_left(void **state)
{
    struct serving *serving = *state;
    struct client gone = serving_client(serving, false), resting = serving_client(serving, false);
    client_ask(serving, &gone, 1, "ping", NULL);
    client_close(&gone); /* the reply will meet a closed socket */
    shutdown(resting.fd, SHUT_WR);
    drain(serving);
    UNTIL(serving, serving->drained == 1);
    assert_int_equal(serving_count(serving, METRICS_connections_open), 0);
    client_close(&resting);
}

/* ---- Lingering ---- */

static void test_server_lingers_so_that_replies_arrive(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    client_ask(serving, &client, 1, "ping", NULL);
    drain(serving);
    serving_turn(serving);
    for (int i = 0; i < 100; i++) { /* sent too late: read and forgotten, or it would reset the connection */
        client_ask(serving, &client, 2, "ping", NULL);
        serving_turn(serving);
    }
    assert_int_equal(serving_count(serving, METRICS_requests), 1);
    assert_response(serving, &client, 1, "");
    assert_end(serving, &client);
    client_close(&client);
    UNTIL(serving, serving->drained == 1);
}

static void test_server_lingers_no_longer_than_told(void **state)
{
    struct serving *serving = *state;
    serving->options.linger_ms = 10;
    serving_restart(serving);
    struct client client = serving_client(serving, false);
    drain(serving);
    UNTIL(serving, serving->drained == 1);
    assert_int_equal(serving_count(serving, METRICS_connections_open), 0);
    client_close(&client);
}

static void test_server_lingers_no_longer_for_who_goes_on_sending(void **state)
{
    struct serving *serving = *state;
    serving->options.linger_ms = 200; /* longer than a pause of this process that nobody meant */
    serving_restart(serving);
    struct client client = serving_client(serving, false);
    drain(serving);
    UNTIL(serving, (client_write(&client, "\xC0", 1), serving->drained == 1));
    client_close(&client);
}

static void test_server_drain_of_who_lingers_already(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    client_write_all(serving, &client, "\xC1", 1);
    assert_end(serving, &client);
    drain(serving);
    serving_settle(serving);
    assert_int_equal(serving->drained, 0);
    client_close(&client);
    UNTIL(serving, serving->drained == 1);
}

/* ---- The end ---- */

static void test_server_frees_whatever_is_open(void **state)
{
    struct serving *serving = *state;
    struct door door = door_serve(serving, AF_UNIX, true);
    struct client waiting = knock(&door), unfinished = knock(&door);
    client_ask(serving, &waiting, 1, "reload", NULL);
    UNTIL(serving, serving->ticket == 1);
    client_write_all(serving, &unfinished, "\x94\x00", 2);
    serving_settle(serving);
    server_free(serving->server);
    serving->freed = true;
    assert_int_equal(serving_count(serving, METRICS_connections_open), 0);
    client_read(&waiting);
    assert_true(waiting.ended || waiting.reset);
    client_close(&waiting);
    client_close(&unfinished);
    close(door.fd);
}

static void test_server_frees_while_draining(void **state)
{
    struct serving *serving = *state;
    struct client client = serving_client(serving, false);
    drain(serving);
    server_free(serving->server);
    serving->freed = true;
    serving_settle(serving);
    assert_int_equal(serving->drained, 0);
    client_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_server_##name, serving_setup, serving_teardown)
        TEST(accepts_on_every_listener),
        TEST(asks_for_a_token_where_no_file_mode_guards),
        TEST(opens_and_closes_many),
        TEST(accepts_one_in_a_turn),
        TEST(rests_while_descriptors_are_out),
        TEST(sheds_while_descriptors_are_out),
        TEST(refuses_politely_where_it_is_full),
        TEST(shows_that_descriptors_are_used_up),
        TEST(bounds_those_it_refuses),
        TEST(leaves_clients_to_those_with_room),
        TEST(answers_from_the_engine_it_has),
        TEST(reload_is_the_control_sockets),
        TEST(reloads_end_in_any_order),
        TEST(answers_on_while_a_reload_is_pending),
        TEST(reload_of_a_client_that_went),
        TEST(reload_of_a_connection_that_is_freed),
        TEST(reload_of_a_client_that_broke_off),
        TEST(reload_of_a_client_that_has_ended),
        TEST(drains_at_once_where_nobody_is),
        TEST(drain_answers_what_was_received),
        TEST(drain_answers_who_was_not_accepted_yet),
        TEST(drain_waits_for_the_first_message),
        TEST(drain_waits_for_a_first_message_no_longer_than_for_an_end),
        TEST(drain_waits_once_for_who_says_nothing),
        TEST(drain_leaves_those_that_wait_to_who_holds_the_socket),
        TEST(drain_accepts_nobody_new),
        TEST(drain_waits_for_who_does_not_read),
        TEST(drain_waits_for_reloads),
        TEST(drain_of_clients_that_left),
        TEST(lingers_so_that_replies_arrive),
        TEST(lingers_no_longer_than_told),
        TEST(lingers_no_longer_for_who_goes_on_sending),
        TEST(drain_of_who_lingers_already),
        TEST(frees_whatever_is_open),
        TEST(frees_while_draining),
#undef TEST
    };
    return cmocka_run_group_tests_name("serve/server", tests, NULL, NULL);
}
