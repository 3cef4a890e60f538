/* deadline: the timer starts when it is needed, stops by itself, and ends who stays too long. */
#include "../cmocka_all.h"

#include "base/clock.h"
#include "script/deadline.h"

#include <signal.h>
#include <string.h>

static volatile int expired;

static void count_expired(void *context)
{
    *(volatile int *)context += 1;
}

static void test_deadline_expires_after_its_budget(void **state)
{
    (void)state;
    struct deadline deadline;
    struct error error;
    assert_true(deadline_create(&deadline, &error));
    expired = 0;
    uint64_t start = clock_monotonic_ns();
    deadline_enter(&deadline, 10, count_expired, (void *)&expired);
    while (!deadline.expired)
        ;
    assert_true(clock_monotonic_ns() - start >= 10000000U);
    while (expired < 3) /* called at each tick from then on */
        ;
    deadline_leave(&deadline);
    assert_true(deadline.expired);
    deadline_enter(&deadline, 10, count_expired, (void *)&expired);
    assert_false(deadline.expired);
    deadline_leave(&deadline);
    deadline_destroy(&deadline);
}

static void test_deadline_starts_and_stops_its_timer(void **state)
{
    (void)state;
    struct deadline deadline;
    struct error error;
    assert_true(deadline_create(&deadline, &error));
    assert_false(deadline.armed);
    deadline_enter(&deadline, 20, count_expired, (void *)&expired);
    assert_true(deadline.armed);
    deadline_leave(&deadline);
    while (deadline.armed)
        ;
    assert_true(deadline.ticks >= DEADLINE_IDLE_TICKS);
    deadline_enter(&deadline, 20, count_expired, (void *)&expired);
    assert_true(deadline.armed);
    deadline_leave(&deadline);
    deadline_destroy(&deadline);
}

static void test_deadline_does_not_count_pauses(void **state)
{
    (void)state;
    struct deadline deadline;
    struct error error;
    assert_true(deadline_create(&deadline, &error));
    deadline_enter(&deadline, 100, count_expired, (void *)&expired);
    struct deadline_pause pause = deadline_pause(&deadline);
    while (deadline.ticks < pause.ticks + 60) /* longer than it may take */
        ;
    assert_false(deadline.expired);
    deadline_resume(&deadline, pause);
    uint32_t ticks = deadline.ticks;
    while (deadline.ticks == ticks)
        ;
    assert_false(deadline.expired);
    while (!deadline.expired)
        ;
    deadline_leave(&deadline);
    deadline_destroy(&deadline);
}

static void test_deadline_is_shortened_by_what_is_spent(void **state)
{
    (void)state;
    struct deadline deadline;
    struct error error;
    assert_true(deadline_create(&deadline, &error));
    deadline_enter(&deadline, 20, count_expired, (void *)&expired);
    deadline_shorten(&deadline, 15);
    assert_int_equal(deadline.budget, 3);
    deadline_shorten(&deadline, 5);
    assert_int_equal(deadline.budget, 1);
    deadline_shorten(&deadline, 100);
    assert_int_equal(deadline.budget, 0);
    while (!deadline.expired) /* with the next tick */
        ;
    assert_true(deadline.ticks - deadline.started < 10);
    deadline_leave(&deadline);
    deadline_destroy(&deadline);
}

static void test_deadline_notes_who_is_inside(void **state)
{
    (void)state;
    struct deadline deadline;
    struct error error;
    volatile uint64_t entered = 0;
    assert_true(deadline_create(&deadline, &error));
    deadline.entered_ms = &entered;
    uint64_t start = clock_monotonic_ms();
    deadline_enter(&deadline, 1000, count_expired, (void *)&expired);
    while (entered == 0)
        ;
    uint64_t noted = entered;
    assert_true(noted + DEADLINE_TICK_MS >= start && noted <= clock_monotonic_ms());
    uint32_t ticks = deadline.ticks;
    while (deadline.ticks - ticks < 5)
        ;
    assert_true(entered == noted);
    deadline_leave(&deadline);
    while (entered != 0)
        ;
    deadline_destroy(&deadline);
}

static void test_deadline_ignores_foreign_signals(void **state)
{
    (void)state;
    struct deadline deadline;
    struct error error;
    assert_true(deadline_create(&deadline, &error));
    assert_int_equal(raise(SIGRTMIN), 0);
    assert_int_equal(deadline.ticks, 0);
    deadline_destroy(&deadline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deadline_expires_after_its_budget),
        cmocka_unit_test(test_deadline_starts_and_stops_its_timer),
        cmocka_unit_test(test_deadline_does_not_count_pauses),
        cmocka_unit_test(test_deadline_is_shortened_by_what_is_spent),
        cmocka_unit_test(test_deadline_notes_who_is_inside),
        cmocka_unit_test(test_deadline_ignores_foreign_signals),
    };
    return cmocka_run_group_tests_name("script/deadline", tests, NULL, NULL);
}
