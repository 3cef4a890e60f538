/* ledger/ledger_erasure: with the receipt nothing is left on the disk either, though syncs failed before. */
#include "ledgering.h"

#include "../decisionlog/cutting.h"
#include "ledger/keys.h"

enum { TRIES = 3 /* of going through the log, before it is given up */ };

struct erasing {
    struct ledgering *l;      /* owned */
    struct cutting *cutting;  /* the log's folder; owned */
    struct log_writer writer; /* the ledger's log */
};

static int setup(void **state)
{
    struct erasing *e = calloc(1, sizeof *e);
    if (e == NULL || ledgering_setup((void **)&e->l) != 0 || cutting_setup((void **)&e->cutting) != 0)
        return -1;
    scratch_open(&e->cutting->scratch, &e->writer, SCRATCH_OPTIONS);
    ledgering_stop(e->l);
    e->l->log = &e->writer;
    e->l->options.log_directory = e->cutting->scratch.state;
    ledgering_start(e->l);
    *state = e;
    return 0;
}

static int teardown(void **state)
{
    struct erasing *e = *state;
    ledgering_teardown((void **)&e->l);
    log_writer_destroy(&e->writer);
    cutting_teardown((void **)&e->cutting);
    free(e);
    return 0;
}

static bool may_hold_hers(const struct erasing *e)
{
    return cutting_may_hold(e->cutting, TEXT("ada"));
}

/* A customer with a decision that is on the disk. */
static void begin(struct erasing *e)
{
    ledgering_track(e->l, 0, "hello", "ada", NULL);
    ledgering_decide(e->l, 0, "ada", "map", 1, NULL, 0);
    ledger_finish(e->l->ledger);
    log_writer_flush(&e->writer, e->writer.now_ms + LOG_SYNC_MS);
    ledgering_take(e->l, 0);
    assert_true(may_hold_hers(e));
}

static uint64_t erase(struct erasing *e)
{
    struct command command = batching_command(e->l->batching, COMMAND_ERASE, "ada");
    uint64_t ticket = ledgering_send(e->l, 0, &command);
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    return ticket;
}

static void plan_failures(unsigned times)
{
    char plan[64];
    snprintf(plan, sizeof plan, "sync EIO times=%u", times);
    assert_true(faults_plan(plan));
}

static void test_ledger_erasure_is_on_the_disk_with_its_receipt(void **state)
{
    struct erasing *e = *state;
    begin(e);
    assert_outcome(e->l, erase(e), ERROR_NONE);
    assert_false(may_hold_hers(e));
}

/* The way that is tried again overwrites anew what it finds overwritten. */
static void test_ledger_erasure_is_on_the_disk_after_a_sync_that_failed(void **state)
{
    struct erasing *e = *state;
    begin(e);
    plan_failures(1);
    assert_outcome(e->l, erase(e), ERROR_NONE);
    assert_int_equal(faults_struck(), 1);
    assert_false(may_hold_hers(e));
}

/* So does an erasure that is asked for again. */
static void test_ledger_erasure_is_on_the_disk_after_it_was_given_up(void **state)
{
    struct erasing *e = *state;
    begin(e);
    plan_failures(TRIES);
    assert_outcome(e->l, erase(e), ERROR_UNAVAILABLE);
    assert_int_equal(faults_struck(), TRIES);
    assert_true(may_hold_hers(e));
    assert_outcome(e->l, erase(e), ERROR_NONE);
    assert_false(may_hold_hers(e));
}

/* And so does the next ledger. */
static void test_ledger_erasure_is_on_the_disk_when_another_ledger_finished_it(void **state)
{
    struct erasing *e = *state;
    begin(e);
    plan_failures(TRIES);
    assert_outcome(e->l, erase(e), ERROR_UNAVAILABLE);
    ledgering_stop(e->l);
    ledgering_start(e->l);
    ledger_finish(e->l->ledger);
    assert_int_equal(batching_count_keys(e->l->batching, KEY_FORGET), 0);
    assert_false(may_hold_hers(e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_ledger_erasure_##name, setup, teardown)
        TEST(is_on_the_disk_with_its_receipt),
        TEST(is_on_the_disk_after_a_sync_that_failed),
        TEST(is_on_the_disk_after_it_was_given_up),
        TEST(is_on_the_disk_when_another_ledger_finished_it),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/ledger_erasure_powercut", tests, NULL, NULL);
}
