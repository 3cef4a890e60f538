/* serve/overload: one beginning and one end, however refusals come and go. */
#include "../cmocka_all.h"

#include <string.h>

#include "serve/overload.h"

static const uint64_t SECOND = 1000000000;

struct told {
    struct event_base *base;
    struct metrics_slot slot;
    struct admission admission;
    struct overload overload;
};

static void create(struct told *told)
{
    memset(&told->slot, 0, sizeof told->slot);
    told->slot.values[METRICS_requests_refused_overload] = 17; /* of a process before this one */
    told->slot.values[METRICS_workers_overloaded] = 1;
    told->base = event_base_new();
    admission_create(&told->admission, 5000000, 100000000, 1);
    assert_true(overload_create(&told->overload, told->base, &told->slot, &told->admission));
}

static void destroy(struct told *told)
{
    overload_destroy(&told->overload);
    event_base_free(told->base);
}

static void refuse(struct told *told, uint64_t count)
{
    metrics_add(&told->slot, METRICS_requests_refused_overload, count);
}

static uint64_t shown(const struct told *told)
{
    return told->slot.values[METRICS_workers_overloaded];
}

static void test_overload_begins_with_a_refusal(void **state)
{
    struct told told;
    (void)state;
    create(&told);
    assert_int_equal(shown(&told), 0);
    overload_note(&told.overload, SECOND);
    assert_int_equal(shown(&told), 0);
    refuse(&told, 1);
    overload_note(&told.overload, SECOND);
    assert_int_equal(shown(&told), 1);
    assert_true(told.overload.told);
    destroy(&told);
}

static void test_overload_ends_when_nothing_was_refused_for_a_while(void **state)
{
    struct told told;
    uint64_t now = SECOND;
    (void)state;
    create(&told);
    for (int i = 0; i < 100; i++) { /* pauses of a second are none */
        refuse(&told, 5);
        overload_note(&told.overload, now);
        now += SECOND;
        overload_note(&told.overload, now);
        assert_true(told.overload.told);
    }
    assert_int_equal(told.overload.refused - told.overload.refused_before, 500);
    overload_note(&told.overload, now + 2 * SECOND);
    assert_false(told.overload.told);
    assert_int_equal(shown(&told), 0);
    refuse(&told, 1);
    overload_note(&told.overload, now + 3 * SECOND);
    assert_int_equal(told.overload.refused - told.overload.refused_before, 1);
    destroy(&told);
}

/* Nobody asks anything any more: the end is told all the same. */
static void test_overload_ends_by_itself(void **state)
{
    struct told told;
    (void)state;
    create(&told);
    refuse(&told, 1);
    overload_note(&told.overload, SECOND); /* long ago, on the clock that its own event looks at */
    event_base_dispatch(told.base);
    assert_false(told.overload.told);
    destroy(&told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overload_begins_with_a_refusal),
        cmocka_unit_test(test_overload_ends_when_nothing_was_refused_for_a_while),
        cmocka_unit_test(test_overload_ends_by_itself),
    };
    return cmocka_run_group_tests_name("serve/overload", tests, NULL, NULL);
}
