/* flow/rights: what a scope allows, tokens that come and go, and those that have to wait. */
#include "flowing.h"

#include "base/clock.h"
#include "flow/rights.h"

static struct tokens the_tokens;

/* One of each scope; the flow's peer is a stranger. */
static void guard(struct flowing *flowing, uint32_t wait_ms, uint32_t failures_most)
{
    tokens_build(&the_tokens);
    tokens_build_add(&the_tokens, SCOPE_ADMIN, "all");
    tokens_build_add(&the_tokens, SCOPE_SITE, "some");
    flowing_set_options(
        flowing,
        (struct flow_options){.tokens = &the_tokens, .wait_ms = wait_ms, .failures_most = failures_most});
}

static bool may(struct flowing *flowing, enum method_id id)
{
    struct error error;
    return rights_check(&flowing->flow, &flowing->peer, method_get(id), &error);
}

static void test_rights_site_does_what_a_website_does(void **state)
{
    struct flowing *flowing = *state;
    guard(flowing, 0, 0);
    flowing_ask(flowing, "auth", "{'token': 'some'}");
    static const enum method_id allowed[] = {METHOD_RECOMMEND, METHOD_TRACK, METHOD_IDENTIFY,
                                             METHOD_PING,      METHOD_HELLO, METHOD_AUTH};
    for (int id = 0; id < METHOD_COUNT; id++) {
        bool expected = false;
        for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
            expected = expected || allowed[i] == (enum method_id)id;
        assert_int_equal(may(flowing, (enum method_id)id), expected);
    }
    assert_string_equal(
        flowing_refused(flowing, "profile.get", "{'customer': 'ana'}"),
        "UNAUTHORIZED: profile.get: needs a token of the scope 'admin'; this one is of 'site'");
    assert_string_equal(flowing_refused(flowing, "reload", NULL),
                        "UNAUTHORIZED: reload: only on the control socket");
    assert_string_equal(flowing_refused(flowing, "pingg", NULL),
                        "UNKNOWN_METHOD: no method 'pingg'; did you mean 'ping'?");
    assert_str(field(flowing_ask(flowing, "hello", NULL), "scope"), "site");
}

static void test_rights_admin_does_all_but_control(void **state)
{
    struct flowing *flowing = *state;
    guard(flowing, 0, 0);
    flowing_ask(flowing, "auth", "{'token': 'all'}");
    for (int id = 0; id < METHOD_COUNT; id++)
        assert_int_equal(may(flowing, (enum method_id)id), id != METHOD_RELOAD);
}

static void test_rights_another_token_changes_the_scope(void **state)
{
    struct flowing *flowing = *state;
    guard(flowing, 0, 0);
    flowing_ask(flowing, "auth", "{'token': 'some'}");
    flowing_ask(flowing, "auth", "{'token': 'all'}");
    assert_true(may(flowing, METHOD_STATS));
    flowing_ask(flowing, "auth", "{'token': 'some'}");
    assert_false(may(flowing, METHOD_STATS));
    flowing_refused(flowing, "auth", "{'token': 'none'}");
    assert_true(may(flowing, METHOD_RECOMMEND));
}

static void test_rights_takes_nothing_that_the_socket_gives(void **state)
{
    struct flowing *flowing = *state;
    guard(flowing, 60000, 1);
    flowing->peer.given = flowing->peer.scope = SCOPE_CONTROL;
    flowing_ask(flowing, "auth", "{'token': 'some'}");
    assert_true(may(flowing, METHOD_RELOAD));
    for (int i = 0; i < 5; i++) {
        assert_string_equal(flowing_refused(flowing, "auth", "{'token': 'none'}"),
                            "UNAUTHORIZED: token: not the right one");
        assert_int_equal(flowing->outcome, FLOW_DONE);
    }
}

static void test_rights_forgets_tokens_that_are_gone(void **state)
{
    struct flowing *flowing = *state;
    struct tokens next;
    guard(flowing, 0, 0);
    flowing_ask(flowing, "auth", "{'token': 'some'}");
    tokens_build(&next);
    tokens_build_add(&next, SCOPE_ADMIN, "new");
    tokens_build_add(&next, SCOPE_SITE, "some");
    flow_set_tokens(&flowing->flow, &next);
    flowing_ask(flowing, "ping", NULL);
    tokens_build(&next);
    tokens_build_add(&next, SCOPE_ADMIN, "new");
    flow_set_tokens(&flowing->flow, &next);
    assert_string_equal(flowing_refused(flowing, "ping", NULL),
                        "UNAUTHORIZED: token: call auth {token} first");
    flowing_refused(flowing, "auth", "{'token': 'all'}");
    flowing_ask(flowing, "auth", "{'token': 'new'}");
    flowing_ask(flowing, "stats", NULL);
}

/* The answer to a request that may have to wait; NULL where it does. */
static const msgpack_object *show(struct flowing *flowing, const char *arguments)
{
    struct buffer message;
    buffer_create(&message);
    request_put(&message, ++flowing->id, "auth", arguments);
    flowing_send(flowing, &message);
    buffer_destroy(&message);
    return flowing->outcome == FLOW_LATER ? NULL : flowing_decode(flowing);
}

static void test_rights_makes_every_token_wait_after_a_wrong_one(void **state)
{
    static const char *const shown[] = {"{'token': 'all'}", "{'token': 'wrong'}"};
    struct flowing *flowing = *state;
    for (size_t i = 0; i < 2; i++) {
        guard(flowing, 60000, 0);
        assert_non_null(show(flowing, "{'token': 'wrong'}"));
        uint64_t requests = flowing->slots[FLOWING_OWN].values[METRICS_requests];
        uint64_t before_ms = clock_coarse_ms();
        assert_null(show(flowing, shown[i]));
        assert_in_range(flowing->peer.token_due_ms, before_ms + ATTEMPTS_FIRST_MS, UINT64_MAX);
        assert_int_equal(flowing->out.length, 0);
        assert_int_equal(flowing->slots[FLOWING_OWN].values[METRICS_requests], requests);
        flowing->peer.token_due_ms = 1; /* long ago */
        assert_non_null(show(flowing, shown[i]));
        assert_int_equal(flowing->peer.token_due_ms, 0);
    }
}

static void test_rights_waits_as_an_address_and_as_a_connection(void **state)
{
    struct flowing *flowing = *state;
    guard(flowing, 60000, 0);
    flowing->peer.address = 7;
    assert_non_null(show(flowing, "{'token': 'wrong'}"));
    flowing->peer = (struct flow_peer){.address = 7};
    assert_null(show(flowing, "{'token': 'all'}"));
    flowing->peer = (struct flow_peer){.address = 8};
    assert_non_null(show(flowing, "{'token': 'all'}"));
}

static void test_rights_ends_with_too_many_failures(void **state)
{
    struct flowing *flowing = *state;
    guard(flowing, 0, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(flowing->outcome, FLOW_DONE);
        assert_string_equal(flowing_refused(flowing, "auth", "{'token': 'wrong'}"),
                            "UNAUTHORIZED: token: not the right one");
    }
    assert_int_equal(flowing->outcome, FLOW_CLOSE);
    assert_int_equal(flowing->slots[FLOWING_OWN].values[METRICS_wrong_tokens], 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_rights_##name, flowing_setup, flowing_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(site_does_what_a_website_does),
        TEST(admin_does_all_but_control),
        TEST(another_token_changes_the_scope),
        TEST(takes_nothing_that_the_socket_gives),
        TEST(forgets_tokens_that_are_gone),
        TEST(makes_every_token_wait_after_a_wrong_one),
        TEST(waits_as_an_address_and_as_a_connection),
        TEST(ends_with_too_many_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
