/* client/calls: finding requests by number, through growth and wrapping. */
#include "../cmocka_all.h"

#include "client/calls.h"

#include <stdlib.h>

static struct client_call *add(struct client_calls *calls, bool sent)
{
    struct client_call *call = calloc(1, sizeof *call);
    assert_non_null(call);
    call->id = client_calls_next_id(calls);
    assert_true(client_calls_add(calls, call, sent));
    return call;
}

static void test_calls_are_found_until_removed(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    struct client_calls calls;
    struct client_call *all[MANY];
    client_calls_create(&calls);
    assert_null(client_calls_find(&calls, 1));
    for (int i = 0; i < MANY; i++)
        all[i] = add(&calls, i % 2 == 0);
    for (int i = 0; i < MANY; i++)
        assert_ptr_equal(client_calls_find(&calls, all[i]->id), all[i]);
    for (int i = 0; i < MANY; i++) {
        client_calls_remove(&calls, all[i]);
        assert_null(client_calls_find(&calls, all[i]->id));
        free(all[i]);
    }
    assert_int_equal(calls.count, 0);
    assert_true(TAILQ_EMPTY(&calls.sent));
    assert_true(TAILQ_EMPTY(&calls.waiting));
    client_calls_destroy(&calls);
}

static void test_calls_numbers_wrap_around_what_is_pending(void **state)
{
    (void)state;
    struct client_calls calls;
    client_calls_create(&calls);
    calls.last_id = UINT32_MAX;
    struct client_call *zero = add(&calls, true), *one = add(&calls, true);
    assert_int_equal(zero->id, 0);
    assert_int_equal(one->id, 1);
    calls.last_id = UINT32_MAX - 1;
    struct client_call *last = add(&calls, true), *next = add(&calls, true);
    assert_int_equal(last->id, UINT32_MAX);
    assert_int_equal(next->id, 2);
    struct client_call *all[] = {zero, one, last, next};
    for (int i = 0; i < 4; i++) {
        client_calls_remove(&calls, all[i]);
        free(all[i]);
    }
    client_calls_destroy(&calls);
}

static void test_calls_move_keeps_order_and_counts_bytes(void **state)
{
    (void)state;
    struct client_calls calls;
    client_calls_create(&calls);
    struct client_call *first = add(&calls, true), *second = calloc(1, sizeof *second);
    assert_non_null(second);
    second->id = client_calls_next_id(&calls);
    second->frame_length = 10;
    assert_true(client_calls_add(&calls, second, false));
    assert_int_equal(calls.waiting_bytes, 10);
    client_calls_move(&calls, second);
    assert_int_equal(calls.waiting_bytes, 0);
    assert_ptr_equal(TAILQ_FIRST(&calls.sent), first);
    assert_ptr_equal(TAILQ_NEXT(first, order), second);
    client_calls_remove(&calls, first);
    client_calls_remove(&calls, second);
    free(first);
    free(second);
    client_calls_destroy(&calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_are_found_until_removed),
        cmocka_unit_test(test_calls_numbers_wrap_around_what_is_pending),
        cmocka_unit_test(test_calls_move_keeps_order_and_counts_bytes),
    };
    return cmocka_run_group_tests_name("client/calls", tests, NULL, NULL);
}
