/* ctl/demo_visitors: made-up visits are the same for the same seed and reach every stage. */
#include "../cmocka_all.h"

#include "ctl/demo_visitors.h"

#include <string.h>

static struct demo_sessions make(size_t count, uint64_t seed)
{
    struct demo_sessions sessions;
    struct error error;
    demo_sessions_create(&sessions);
    assert_true(demo_visitors_make(&sessions, count, seed, &error));
    assert_int_equal(sessions.count, count);
    assert_true(sessions.made_up);
    return sessions;
}

static bool are_alike(const struct demo_session *a, const struct demo_session *b)
{
    return a->pages[DEMO_PRODUCT] == b->pages[DEMO_PRODUCT] &&
           a->seconds[DEMO_PRODUCT] == b->seconds[DEMO_PRODUCT] && a->exit_rate == b->exit_rate &&
           a->purchased == b->purchased && strcmp(a->month, b->month) == 0;
}

static void test_demo_visitors_are_the_same_for_the_same_seed(void **state)
{
    (void)state;
    struct demo_sessions first = make(200, 5), second = make(200, 5), other = make(200, 6);
    size_t alike = 0;
    for (size_t i = 0; i < 200; i++) {
        assert_true(are_alike(&first.list[i], &second.list[i]));
        alike += are_alike(&first.list[i], &other.list[i]);
    }
    assert_true(alike < 200);
    demo_sessions_destroy(&first);
    demo_sessions_destroy(&second);
    demo_sessions_destroy(&other);
}

static void test_demo_visitors_reach_every_stage(void **state)
{
    (void)state;
    struct demo_sessions sessions = make(200, 7);
    size_t counts[DEMO_PHASES] = {0};
    for (size_t i = 0; i < sessions.count; i++)
        counts[demo_session_phase(&sessions.list[i])]++;
    for (int phase = 0; phase < DEMO_PHASES; phase++)
        assert_true(counts[phase] > 0);
    demo_sessions_destroy(&sessions);
}

static void test_demo_visitors_do_not_contradict_themselves(void **state)
{
    (void)state;
    struct demo_sessions sessions = make(2000, 7);
    for (size_t i = 0; i < sessions.count; i++) {
        const struct demo_session *session = &sessions.list[i];
        assert_true(session->past.visits > session->past.orders);
        assert_int_equal(session->visitor, session->past.visits > 1 ? DEMO_RETURNING : DEMO_NEW);
        assert_true(session->past.orders == 0 || session->past.delivered < session->past.days);
        assert_true(session->bounce_rate <= session->exit_rate && session->exit_rate < 1);
    }
    demo_sessions_destroy(&sessions);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demo_visitors_are_the_same_for_the_same_seed),
        cmocka_unit_test(test_demo_visitors_reach_every_stage),
        cmocka_unit_test(test_demo_visitors_do_not_contradict_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
