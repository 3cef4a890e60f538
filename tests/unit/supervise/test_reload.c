/* reload: all or none, whatever order the answers come in. */
#include "../cmocka_all.h"

#include "supervise/reload.h"

static struct reload begun(size_t workers)
{
    struct reload reload;
    struct error error;
    assert_true(reload_create(&reload, workers, &error));
    assert_int_equal(reload_begin(&reload), 1);
    return reload;
}

static void expect(struct reload *reload, size_t worker, enum reload_answer answer, uint32_t generation,
                   enum reload_step step)
{
    assert_int_equal(reload_take(reload, worker, answer, generation), step);
}

static struct reload committed(void)
{
    struct reload reload = begun(2);
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT);
    expect(&reload, 1, RELOAD_LOADED, 1, RELOAD_SWAP);
    expect(&reload, 1, RELOAD_SERVING, 1, RELOAD_WAIT);
    expect(&reload, 0, RELOAD_SERVING, 1, RELOAD_FINISHED);
    return reload;
}

/* The next one, tried with success. */
static void begin_tried(struct reload *reload, uint32_t generation)
{
    assert_int_equal(reload_begin(reload), generation);
    assert_int_equal(reload->phase, RELOAD_TRYING);
    assert_int_equal(reload_take_trial(reload, RELOAD_LOADED), RELOAD_LOAD);
}

static void test_reload_swaps_when_all_have_loaded(void **state)
{
    struct reload reload = committed();
    (void)state;
    assert_int_equal(reload.committed, 1);
    assert_int_equal(reload.phase, RELOAD_IDLE);
    reload_destroy(&reload);
}

static void test_reload_counts_a_worker_once(void **state)
{
    struct reload reload = begun(2);
    (void)state;
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT);
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT);
    assert_int_equal(reload.committed, 0);
    reload_destroy(&reload);
}

static void test_reload_discards_when_one_refuses(void **state)
{
    struct reload reload = committed();
    (void)state;
    begin_tried(&reload, 2);
    expect(&reload, 0, RELOAD_LOADED, 2, RELOAD_WAIT);
    expect(&reload, 1, RELOAD_REFUSED, 2, RELOAD_DISCARD);
    assert_int_equal(reload.committed, 1);
    expect(&reload, 0, RELOAD_REFUSED, 2, RELOAD_WAIT); /* the second refusal comes too late */
    assert_int_equal(reload_begin(&reload), 3);         /* numbers are never used twice */
    reload_destroy(&reload);
}

static void test_reload_discards_when_one_dies_while_loading(void **state)
{
    struct reload reload = committed();
    (void)state;
    begin_tried(&reload, 2);
    expect(&reload, 1, RELOAD_DIED, 0, RELOAD_DISCARD);
    assert_int_equal(reload.phase, RELOAD_IDLE);
    assert_int_equal(reload.committed, 1);
    reload_destroy(&reload);
}

static void test_reload_discards_when_one_dies_after_it_loaded(void **state)
{
    struct reload reload = begun(3);
    (void)state;
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT);
    expect(&reload, 0, RELOAD_DIED, 0, RELOAD_DISCARD);
    assert_int_equal(reload.committed, 0);
    reload_destroy(&reload);
}

static void test_reload_goes_on_without_those_who_die_while_swapping(void **state)
{
    struct reload reload = begun(2);
    (void)state;
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT);
    expect(&reload, 1, RELOAD_LOADED, 1, RELOAD_SWAP);
    expect(&reload, 0, RELOAD_DIED, 0, RELOAD_WAIT);
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT); /* it is back and loads what was decided */
    expect(&reload, 1, RELOAD_DIED, 0, RELOAD_FINISHED);
    assert_int_equal(reload.committed, 1);
    reload_destroy(&reload);
}

static void test_reload_ignores_answers_about_other_sites(void **state)
{
    struct reload reload = committed();
    (void)state;
    begin_tried(&reload, 2);
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT);
    expect(&reload, 1, RELOAD_LOADED, 1, RELOAD_WAIT);
    expect(&reload, 0, RELOAD_REFUSED, 1, RELOAD_WAIT);
    assert_int_equal(reload.phase, RELOAD_LOADING);
    reload_destroy(&reload);
}

static void test_reload_is_over_when_the_trial_does_not_load(void **state)
{
    const enum reload_answer answers[] = {RELOAD_REFUSED, RELOAD_DIED};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct reload reload = committed();
        assert_int_equal(reload_begin(&reload), 2);
        assert_int_equal(reload_take_trial(&reload, answers[i]), RELOAD_KEEP);
        assert_int_equal(reload.phase, RELOAD_IDLE);
        assert_int_equal(reload.committed, 1);
        expect(&reload, 0, RELOAD_LOADED, 2, RELOAD_WAIT);
        begin_tried(&reload, 3);
        reload_destroy(&reload);
    }
}

static void test_reload_goes_on_when_workers_die_during_the_trial(void **state)
{
    struct reload reload = committed();
    (void)state;
    assert_int_equal(reload_begin(&reload), 2);
    expect(&reload, 0, RELOAD_DIED, 0, RELOAD_WAIT);
    expect(&reload, 0, RELOAD_LOADED, 1, RELOAD_WAIT); /* it is back and loads what is served */
    expect(&reload, 0, RELOAD_SERVING, 1, RELOAD_WAIT);
    assert_int_equal(reload_take_trial(&reload, RELOAD_LOADED), RELOAD_LOAD);
    expect(&reload, 0, RELOAD_LOADED, 2, RELOAD_WAIT);
    expect(&reload, 1, RELOAD_LOADED, 2, RELOAD_SWAP);
    reload_destroy(&reload);
}

static void test_reload_asks_the_trial_once(void **state)
{
    struct reload reload = begun(2);
    (void)state;
    assert_int_equal(reload.phase, RELOAD_LOADING); /* the first time nobody serves */
    assert_int_equal(reload_take_trial(&reload, RELOAD_DIED), RELOAD_WAIT);
    reload_destroy(&reload);
    reload = committed();
    assert_int_equal(reload_take_trial(&reload, RELOAD_REFUSED), RELOAD_WAIT);
    begin_tried(&reload, 2);
    assert_int_equal(reload_take_trial(&reload, RELOAD_REFUSED), RELOAD_WAIT);
    assert_int_equal(reload.phase, RELOAD_LOADING);
    reload_destroy(&reload);
}

static void test_reload_ignores_deaths_when_idle(void **state)
{
    struct reload reload = committed();
    (void)state;
    expect(&reload, 0, RELOAD_DIED, 0, RELOAD_WAIT);
    assert_int_equal(reload.phase, RELOAD_IDLE);
    reload_destroy(&reload);
}

static void test_reload_that_is_given_up_asks_nothing_more(void **state)
{
    struct reload reload = committed();
    (void)state;
    begin_tried(&reload, 2);
    reload_give_up(&reload);
    expect(&reload, 0, RELOAD_LOADED, 2, RELOAD_WAIT);
    expect(&reload, 1, RELOAD_DIED, 0, RELOAD_WAIT);
    assert_int_equal(reload.phase, RELOAD_IDLE);
    assert_int_equal(reload.committed, 1);
    reload_destroy(&reload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reload_swaps_when_all_have_loaded),
        cmocka_unit_test(test_reload_counts_a_worker_once),
        cmocka_unit_test(test_reload_discards_when_one_refuses),
        cmocka_unit_test(test_reload_discards_when_one_dies_while_loading),
        cmocka_unit_test(test_reload_discards_when_one_dies_after_it_loaded),
        cmocka_unit_test(test_reload_goes_on_without_those_who_die_while_swapping),
        cmocka_unit_test(test_reload_ignores_answers_about_other_sites),
        cmocka_unit_test(test_reload_is_over_when_the_trial_does_not_load),
        cmocka_unit_test(test_reload_goes_on_when_workers_die_during_the_trial),
        cmocka_unit_test(test_reload_asks_the_trial_once),
        cmocka_unit_test(test_reload_ignores_deaths_when_idle),
        cmocka_unit_test(test_reload_that_is_given_up_asks_nothing_more),
    };
    return cmocka_run_group_tests_name("supervise/reload", tests, NULL, NULL);
}
