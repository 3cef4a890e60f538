/* ledger/ledger_erasure: a receipt is handed out when the log has forgotten, too. */
#include "ledgering.h"

#include "../decisionlog/scratch.h"
#include "decisionlog/log_redaction.h"
#include "ledger/keys.h"

enum {
    LONG_LOG = 3000, /* decisions: more than one step looks at */
    TRIES = 3,
    CROWD = 60,     /* erased at once */
    LOOKS_MOST = 20 /* for all of them: thrice through the log, with a batch between two steps */
};

struct erasing {
    struct ledgering *l;      /* owned */
    struct scratch *scratch;  /* the log's folder; owned */
    struct log_writer writer; /* the ledger's log */
};

static int erasing_setup(void **state)
{
    struct erasing *e = calloc(1, sizeof *e);
    if (e == NULL || ledgering_setup((void **)&e->l) != 0 || scratch_setup((void **)&e->scratch) != 0)
        return -1;
    scratch_open(e->scratch, &e->writer, SCRATCH_OPTIONS);
    ledgering_stop(e->l);
    e->l->log = &e->writer;
    e->l->options.log_directory = e->scratch->state;
    ledgering_start(e->l);
    *state = e;
    return 0;
}

static int erasing_teardown(void **state)
{
    struct erasing *e = *state;
    ledgering_teardown((void **)&e->l);
    log_writer_destroy(&e->writer);
    scratch_teardown((void **)&e->scratch);
    free(e);
    return 0;
}

/* Decisions in the log that are about the customer, as a reader finds them. */
static size_t decisions_about(struct erasing *e, const char *customer)
{
    struct log_reader reader;
    struct log_query query = {.to_us = INT64_MAX};
    struct text bytes;
    size_t count = 0;
    log_writer_flush(&e->writer, e->writer.now_ms + LOG_RETRY_MS);
    assert_true(log_reader_create(&reader, e->scratch->state, &query, NULL, NULL, NULL));
    while (log_reader_next(&reader, &bytes))
        count += record_is_of(bytes, text_from(customer));
    log_reader_destroy(&reader);
    return count;
}

static uint64_t ask_to_erase(struct erasing *e, size_t worker, const char *customer)
{
    struct command erase = batching_command(e->l->batching, COMMAND_ERASE, customer);
    return ledgering_send(e->l, worker, &erase);
}

static void test_ledger_erasure_forgets_in_the_log(void **state)
{
    struct erasing *e = *state;
    struct command join = batching_identify(e->l->batching, "visitor", "ada");
    ledgering_decide(e->l, 0, "visitor", "map", 1, NULL, 0);
    ledgering_send(e->l, 0, &join);
    ledger_finish(e->l->ledger);
    ledgering_decide(e->l, 0, "ada", "map", 2, NULL, 0);
    ledgering_decide(e->l, 0, "bo", "map", 3, NULL, 0);
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    assert_int_equal(decisions_about(e, "visitor") + decisions_about(e, "ada"), 2);
    uint64_t ticket = ask_to_erase(e, 0, "visitor");
    ledger_finish(e->l->ledger);
    assert_int_equal(ledgering_take(e->l, 0), 1);
    assert_outcome(e->l, ticket, ERROR_NONE);
    assert_int_equal(decisions_about(e, "visitor") + decisions_about(e, "ada"), 0);
    assert_int_equal(decisions_about(e, "bo"), 1);
    assert_false(batching_contains(e->l->batching, TEXT("ada")));
}

/* More about ada than one step looks at, and a ledger that begins at once whatever comes. */
static void fill_log(struct erasing *e)
{
    for (uint64_t seed = 0; seed < LONG_LOG; seed++)
        scratch_append(&e->writer, "ada", SCRATCH_NOON + (int64_t)seed, seed);
    log_writer_flush(&e->writer, e->writer.now_ms + 1);
    while (e->writer.status.bytes < UINT64_C(9) << 20) {
        scratch_append_many(&e->writer, "bo", e->writer.status.written, LONG_LOG);
        assert_int_equal(e->writer.status.dropped, 0);
    }
    e->l->options.batch_events = 1;
    ledgering_stop(e->l);
    ledgering_start(e->l);
}

static size_t notes(struct erasing *e)
{
    return batching_count_keys(e->l->batching, KEY_FORGET);
}

/* A step at a time, so that others are answered meanwhile. */
static void test_ledger_erasure_holds_the_receipt(void **state)
{
    struct erasing *e = *state;
    fill_log(e);
    ledgering_track(e->l, 0, "hello", "ada", NULL);
    ledger_look(e->l->ledger);
    ledgering_take(e->l, 0);
    uint64_t erased = ask_to_erase(e, 0, "ada");
    assert_int_equal(ledger_look(e->l->ledger), 0); /* it wants to go on at once */
    assert_int_equal(ledgering_take(e->l, 0), 0);
    assert_null(batching_customer(e->l->batching, "ada"));
    assert_int_equal(notes(e), 1);
    uint64_t other = ledgering_track(e->l, 1, "hello", "cy", NULL);
    assert_int_equal(ledger_look(e->l->ledger), 0);
    assert_int_equal(ledgering_take(e->l, 0), 0);
    assert_int_equal(ledgering_take(e->l, 1), 1);
    assert_outcome(e->l, other, ERROR_NONE);
    while (ledgering_take(e->l, 0) == 0)
        assert_int_equal(ledger_look(e->l->ledger), 0);
    assert_outcome(e->l, erased, ERROR_NONE);
    assert_int_equal(decisions_about(e, "ada"), 0);
    assert_int_equal(notes(e), 0);
    assert_int_not_equal(ledger_look(e->l->ledger), 0);
}

/* In the place of a segment stands something that cannot be read. */
static const char *break_log(struct erasing *e)
{
    scratch_append(&e->writer, "ada", SCRATCH_NOON, 1);
    log_writer_flush(&e->writer, e->writer.now_ms + 1);
    const char *path = scratch_path(e->scratch, SCRATCH_NOON);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    return path;
}

/* Of so many customers, in turn from both workers. */
static void ask_to_erase_crowd(struct erasing *e, unsigned first, unsigned count)
{
    char id[16];
    for (unsigned i = first; i < first + count; i++) {
        snprintf(id, sizeof id, "customer-%u", i);
        ask_to_erase(e, i % LEDGERING_WORKERS, id);
    }
}

/* Looks until there are as many receipts; how many looks it took. */
static unsigned look_for_receipts(struct erasing *e, size_t count)
{
    unsigned looks = 0;
    for (size_t taken = 0; taken < count; looks++) {
        assert_true(looks < 10 * CROWD);
        ledger_look(e->l->ledger);
        for (size_t worker = 0; worker < LEDGERING_WORKERS; worker++) {
            taken += ledgering_take(e->l, worker);
            for (size_t i = 0; i < e->l->taken_count; i++)
                assert_int_equal(e->l->taken[i].code, ERROR_NONE);
        }
    }
    return looks;
}

/* The log is gone through once for a batch, not once for each customer. */
static void test_ledger_erasure_takes_a_batch_together(void **state)
{
    struct erasing *e = *state;
    fill_log(e);
    ask_to_erase_crowd(e, 0, CROWD - 1);
    ask_to_erase(e, 1, "ada");
    assert_in_range(look_for_receipts(e, CROWD), 1, LOOKS_MOST);
    assert_int_equal(decisions_about(e, "ada"), 0);
    assert_int_equal(notes(e), 0);
}

/* Who comes while the log is gone through, batch by batch, shares the next time. */
static void test_ledger_erasure_gathers_who_comes_meanwhile(void **state)
{
    struct erasing *e = *state;
    size_t taken = 0;
    fill_log(e);
    for (unsigned i = 0; i < CROWD; i++) {
        ask_to_erase_crowd(e, i, 1);
        assert_int_equal(ledger_look(e->l->ledger), 0);
        taken += ledgering_take(e->l, i % LEDGERING_WORKERS);
    }
    ask_to_erase(e, 1, "ada");
    assert_true(taken < CROWD);
    assert_in_range(look_for_receipts(e, CROWD + 1 - taken), 1, LOOKS_MOST);
    assert_int_equal(decisions_about(e, "ada"), 0);
    assert_int_equal(notes(e), 0);
}

/* The one that has gone through the log leaves the note to the one that still has to. */
static void test_ledger_erasure_of_the_same_twice(void **state)
{
    struct erasing *e = *state;
    fill_log(e);
    uint64_t first = ask_to_erase(e, 0, "ada");
    assert_int_equal(ledger_look(e->l->ledger), 0);
    uint64_t second = ask_to_erase(e, 1, "ada");
    while (ledgering_take(e->l, 0) == 0)
        assert_int_equal(ledger_look(e->l->ledger), 0);
    assert_outcome(e->l, first, ERROR_NONE);
    assert_int_equal(ledgering_take(e->l, 1), 0);
    assert_int_equal(notes(e), 1);
    while (ledgering_take(e->l, 1) == 0)
        assert_int_equal(ledger_look(e->l->ledger), 0);
    assert_outcome(e->l, second, ERROR_NONE);
    assert_int_equal(notes(e), 0);
}

/* ---- Decisions that were under way ---- */

#define SECRET "a trait of hers"

/* What a worker hands over that read the customer's record at that moment. */
static void hand_over(struct erasing *e, const char *customer, int64_t clock_us)
{
    struct record record = records_one();
    record.customer = text_from(customer);
    record.clock_us = clock_us;
    record.request = record.state = record.because = TEXT(SECRET);
    assert_true(link_record(&e->l->links[0], &record));
}

static bool log_contains(const struct erasing *e, struct text needle)
{
    struct log_folder folder;
    bool found = false;
    assert_true(log_folder_open(&folder, e->scratch->state, LOG_FOLDER_READ, NULL));
    for (size_t i = 0; i < folder.count; i++) {
        struct text bytes = scratch_read_file(scratch_path(e->scratch, folder.clocks[i]));
        found = found || memmem(bytes.bytes, bytes.length, needle.bytes, needle.length) != NULL;
        free((char *)(uintptr_t)bytes.bytes);
    }
    log_folder_close(&folder);
    return found;
}

static void erase(struct erasing *e, const char *customer)
{
    uint64_t ticket = ask_to_erase(e, 0, customer);
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    assert_outcome(e->l, ticket, ERROR_NONE);
}

/* It is logged, but names nobody; nor is there a record of her again. */
static void test_ledger_redacts_what_was_under_way(void **state)
{
    struct erasing *e = *state;
    int64_t before_us = clock_wall_us();
    ledgering_track(e->l, 0, "hello", "ada", NULL);
    ledger_finish(e->l->ledger);
    erase(e, "ada");
    hand_over(e, "ada", before_us);
    ledger_finish(e->l->ledger);
    assert_int_equal(decisions_about(e, "ada"), 0);
    assert_int_equal(e->writer.status.written, 1);
    assert_false(log_contains(e, TEXT(SECRET)));
    assert_null(batching_customer(e->l->batching, "ada"));
    assert_false(batching_contains(e->l->batching, TEXT("ada")));
}

/* Of an id that led to the customer, by a ledger that did not see it, of a batch that the store refuses. */
static void test_ledger_redacts_it_later_as_well(void **state)
{
    struct erasing *e = *state;
    struct command join = batching_identify(e->l->batching, "visitor", "ada");
    int64_t before_us = clock_wall_us();
    ledgering_send(e->l, 0, &join);
    ledger_finish(e->l->ledger);
    erase(e, "ada");
    hand_over(e, "visitor", before_us);
    ledgering_stop(e->l);
    ledgering_start(e->l);
    e->l->batching->moody.refuses_writes = true;
    ledger_finish(e->l->ledger);
    e->l->batching->moody.refuses_writes = false;
    ledger_finish(e->l->ledger);
    assert_int_equal(e->writer.status.written, 1);
    assert_int_equal(decisions_about(e, "visitor"), 0);
    assert_false(log_contains(e, TEXT(SECRET)));
    assert_false(batching_contains(e->l->batching, TEXT("visitor")));
}

/* The ledger that wrote the erasure down died before it could tell anybody. */
static void test_ledger_redacts_after_an_erasure_of_another_ledger(void **state)
{
    struct erasing *e = *state;
    int64_t before_us = clock_wall_us();
    fill_log(e);
    ask_to_erase(e, 0, "ada");
    assert_int_equal(ledger_look(e->l->ledger), 0);
    assert_int_equal(notes(e), 1);
    memset(e->l->shared->forgotten, 0, sizeof *e->l->shared->forgotten);
    ledgering_stop(e->l);
    ledgering_start(e->l);
    ledger_finish(e->l->ledger);
    assert_int_equal(notes(e), 0);
    hand_over(e, "ada", before_us);
    ledger_finish(e->l->ledger);
    assert_int_equal(decisions_about(e, "ada"), 0);
    assert_false(log_contains(e, TEXT(SECRET)));
}

/* Whoever comes back under an id is somebody new. */
static void test_ledger_keeps_what_began_after_an_erasure(void **state)
{
    struct erasing *e = *state;
    erase(e, "ada");
    hand_over(e, "ada", clock_wall_us() + 1);
    hand_over(e, "bo", e->l->batching->now_ms * 1000);
    ledger_finish(e->l->ledger);
    assert_int_equal(decisions_about(e, "ada"), 1);
    assert_int_equal(decisions_about(e, "bo"), 1);
    assert_non_null(batching_customer(e->l->batching, "ada"));
}

/* The clock was a day ahead when she was erased, and is right again: not all of a day's decisions are hers of
 * before. */
static void test_ledger_keeps_what_began_after_the_clock_was_set_back(void **state)
{
    struct erasing *e = *state;
    int64_t ahead_us = clock_wall_us() + 1000 * (int64_t)BATCHING_DAY;
    forgotten_note(e->l->shared->forgotten, TEXT("ada"), ahead_us);
    ledger_look(e->l->ledger);
    hand_over(e, "ada", clock_wall_us() + 1);
    hand_over(e, "ada", ahead_us - 1); /* this one may be */
    ledger_finish(e->l->ledger);
    assert_int_equal(decisions_about(e, "ada"), 1);
    assert_int_equal(e->writer.status.written, 2);
    assert_non_null(batching_customer(e->l->batching, "ada"));
}

/* ---- Without a log ---- */

static void stop_logging(struct erasing *e, bool left)
{
    ledgering_stop(e->l);
    e->l->log = NULL;
    e->l->options.log_left = left;
    ledgering_start(e->l);
}

/* Nobody writes to it or reads it now, but it may be read again. */
static void test_ledger_gives_no_receipt_for_what_is_left_of_the_log(void **state)
{
    struct erasing *e = *state;
    const char *path = break_log(e);
    scratch_append(&e->writer, "ada", SCRATCH_NOON + 2 * LOG_SEGMENT_SPAN_US, 2); /* behind the break */
    ledgering_track(e->l, 0, "hello", "ada", NULL);
    ledger_finish(e->l->ledger);
    stop_logging(e, true);
    ledgering_take(e->l, 0);
    uint64_t ticket = ask_to_erase(e, 0, "ada");
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    assert_outcome(e->l, ticket, ERROR_UNAVAILABLE);
    assert_int_equal(notes(e), 1);
    assert_null(batching_customer(e->l->batching, "ada"));
    assert_int_equal(scratch_segments(e->scratch), 1); /* the other one is deleted */
    assert_int_equal(rmdir(path), 0);
    uint64_t again = ask_to_erase(e, 0, "ada");
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    assert_outcome(e->l, again, ERROR_NONE);
    assert_int_equal(notes(e), 0);
}

/* Whatever kept it from being deleted is over: the next erasure sees to it. */
static void test_ledger_deletes_what_is_left_of_the_log(void **state)
{
    struct erasing *e = *state;
    ledgering_decide(e->l, 0, "ada", "map", 1, NULL, 0);
    ledger_finish(e->l->ledger);
    stop_logging(e, true);
    assert_int_equal(scratch_segments(e->scratch), 1);
    erase(e, "ada");
    assert_int_equal(scratch_segments(e->scratch), 0);
    assert_int_equal(notes(e), 0);
}

/* What was noted for a log that is gone; the note for the store's own file stays. */
static void test_ledger_forgets_notes_with_the_log(void **state)
{
    struct erasing *e = *state;
    const char *path = break_log(e);
    ask_to_erase(e, 0, "ada");
    ask_to_erase(e, 0, "bo");
    ledger_finish(e->l->ledger);
    assert_int_equal(notes(e), 2);
    stop_logging(e, false);
    ledger_finish(e->l->ledger);
    assert_int_equal(notes(e), 0);
    assert_false(batching_contains(e->l->batching, TEXT("ada")));
    assert_true(batching_contains(e->l->batching, TEXT("erased")));
    assert_int_equal(rmdir(path), 0);
}

/* A log that could not be deleted may still know of them. */
static void test_ledger_keeps_notes_with_what_is_left_of_the_log(void **state)
{
    struct erasing *e = *state;
    const char *path = break_log(e);
    ask_to_erase(e, 0, "ada");
    ledger_finish(e->l->ledger);
    stop_logging(e, true);
    ledger_finish(e->l->ledger);
    assert_int_equal(notes(e), 1);
    assert_int_equal(rmdir(path), 0);
}

static uint32_t moments_of(struct erasing *e, const char *customer)
{
    return batching_customer(e->l->batching, customer)->moment_count;
}

/*
 * The daemon was started with a site that it refuses: what was erased is forgotten, and nothing else, since
 * nobody knows how far back the next site's rules will look.
 */
static void test_ledger_erasure_without_a_site_clears_up_nothing_else(void **state)
{
    struct erasing *e = *state;
    struct batching *batching = e->l->batching;
    static struct enter_rule rule;
    rule = batching->site->stages[1].enter[0];
    rule.within = 30.0 * BATCHING_DAY / 1000;
    batching->site->stages[1].enter = &rule;
    e->l->options.batch.keep_ms = BATCHING_DAY;
    ledgering_stop(e->l);
    ledgering_start(e->l);
    for (int days = 6; days > 3; days--) {
        struct command event = batching_event(batching, "view", "bo", NULL);
        event.at_ms -= (int64_t)days * BATCHING_DAY;
        ledgering_send(e->l, 0, &event);
    }
    ledger_finish(e->l->ledger);
    const char *path = break_log(e);
    ask_to_erase(e, 0, "ada");
    ledger_finish(e->l->ledger);
    assert_int_equal(moments_of(e, "bo"), 3);
    assert_int_equal(notes(e), 1);
    assert_int_equal(rmdir(path), 0);
    ledgering_stop(e->l);
    ledgering_open(e->l);
    ledger_finish(e->l->ledger);
    assert_int_equal(notes(e), 0);
    assert_int_equal(moments_of(e, "bo"), 3);
}

/* Nobody is told, but it is done. */
static void test_ledger_erasure_is_gone_on_with(void **state)
{
    struct erasing *e = *state;
    struct command join = batching_identify(e->l->batching, "visitor", "ada");
    fill_log(e);
    ledgering_decide(e->l, 0, "visitor", "map", 1, NULL, 0);
    ledgering_send(e->l, 0, &join);
    ledger_look(e->l->ledger);
    ledgering_take(e->l, 0);
    uint64_t ticket = ask_to_erase(e, 0, "visitor");
    ledger_look(e->l->ledger);
    assert_int_equal(notes(e), 2);
    assert_true(link_abandoned(&e->l->links[0]) <= ticket);
    ledgering_stop(e->l);
    ledgering_start(e->l);
    assert_true(link_abandoned(&e->l->links[0]) > ticket);
    ledger_finish(e->l->ledger);
    assert_int_equal(ledgering_take(e->l, 0), 0);
    assert_int_equal(decisions_about(e, "ada") + decisions_about(e, "visitor"), 0);
    assert_int_equal(notes(e), 0);
    assert_false(batching_contains(e->l->batching, TEXT("ada")));
}

static void test_ledger_erasure_gives_up_on_a_broken_log(void **state)
{
    struct erasing *e = *state;
    const char *path = break_log(e);
    uint64_t first = ask_to_erase(e, 0, "ada"), second = ask_to_erase(e, 1, "bo");
    ledger_finish(e->l->ledger);
    assert_int_equal(ledgering_take(e->l, 0), 1);
    assert_outcome(e->l, first, ERROR_UNAVAILABLE);
    assert_text(ledgering_find(e->l, first)->payload,
                "erased from the store, but not yet from the log of decisions; try again");
    assert_int_equal(ledgering_take(e->l, 1), 1);
    assert_outcome(e->l, second, ERROR_UNAVAILABLE);
    assert_int_equal(notes(e), 2);
    assert_int_equal(rmdir(path), 0);
    uint64_t again = ask_to_erase(e, 0, "ada");
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    assert_outcome(e->l, again, ERROR_NONE);
}

/* Of an alias, after it was erased: the store does not know any more whose it was, its notes do. */
static void test_ledger_erasure_takes_along_what_it_owes(void **state)
{
    struct erasing *e = *state;
    struct command join = batching_identify(e->l->batching, "visitor", "ada");
    ledgering_send(e->l, 0, &join);
    ledger_finish(e->l->ledger);
    const char *path = break_log(e);
    scratch_append(&e->writer, "ada", SCRATCH_NOON + 2 * LOG_SEGMENT_SPAN_US, 2); /* behind the break */
    ask_to_erase(e, 0, "visitor");
    ledger_finish(e->l->ledger);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(decisions_about(e, "ada"), 1);
    ledgering_take(e->l, 0);
    uint64_t again = ask_to_erase(e, 0, "visitor");
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    assert_outcome(e->l, again, ERROR_NONE);
    assert_int_equal(decisions_about(e, "ada"), 0);
    assert_int_equal(notes(e), 0);
}

/* Without being asked again, once a minute. */
static void test_ledger_erasure_is_tried_again(void **state)
{
    struct erasing *e = *state;
    const char *path = break_log(e);
    scratch_append(&e->writer, "ada", SCRATCH_NOON + 2 * LOG_SEGMENT_SPAN_US, 2); /* behind the break */
    ask_to_erase(e, 0, "ada");
    ledger_finish(e->l->ledger);
    ledgering_take(e->l, 0);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(decisions_about(e, "ada"), 1);
    ledgering_pass(60 * 1000);
    while (ledger_look(e->l->ledger) == 0)
        continue;
    assert_int_equal(decisions_about(e, "ada"), 0);
    assert_int_equal(ledgering_take(e->l, 0), 0);
    ledgering_pass(1000);
    ledger_look(e->l->ledger);
    assert_int_equal(notes(e), 0);
}

/* The note names who was erased: while the store does not let it go, there is no receipt. */
static void test_ledger_erasure_ends_with_its_notes(void **state)
{
    struct erasing *e = *state;
    e->l->options.batch_events = 1;
    ledgering_stop(e->l);
    ledgering_start(e->l);
    uint64_t ticket = ask_to_erase(e, 0, "ada");
    assert_int_equal(ledger_look(e->l->ledger), 0);
    assert_int_equal(notes(e), 1);
    e->l->batching->moody.refuses_writes = true;
    while (ledgering_take(e->l, 0) == 0)
        ledger_look(e->l->ledger);
    assert_outcome(e->l, ticket, ERROR_UNAVAILABLE);
    assert_int_equal(notes(e), 1);
    e->l->batching->moody.refuses_writes = false;
    ledgering_pass(1000);
    ledger_look(e->l->ledger);
    assert_int_equal(notes(e), 0);
    assert_int_equal(ledgering_take(e->l, 0), 0);
}

static void test_ledger_erasure_waits_for_the_store(void **state)
{
    struct erasing *e = *state;
    ledgering_decide(e->l, 0, "ada", "map", 1, NULL, 0);
    ledger_finish(e->l->ledger);
    e->l->batching->moody.refuses_writes = true;
    uint64_t ticket = ask_to_erase(e, 0, "ada");
    ledger_finish(e->l->ledger);
    assert_int_equal(ledgering_take(e->l, 0), 1);
    assert_outcome(e->l, ticket, ERROR_UNAVAILABLE);
    assert_int_equal(decisions_about(e, "ada"), 1);
}

/* A decision is logged once, however often the store refuses it. */
static void test_ledger_logs_decisions_once(void **state)
{
    struct erasing *e = *state;
    ledgering_decide(e->l, 0, "ada", "map", 1, NULL, 0);
    e->l->batching->moody.refuses_writes = true;
    ledger_finish(e->l->ledger);
    ledger_finish(e->l->ledger);
    assert_int_equal(decisions_about(e, "ada"), 1);
    e->l->batching->moody.refuses_writes = false;
    ledger_finish(e->l->ledger);
    assert_int_equal(decisions_about(e, "ada"), 1);
    ledgering_stop(e->l);
    ledgering_start(e->l);
    ledger_finish(e->l->ledger);
    assert_int_equal(decisions_about(e, "ada"), 1);
}

/* What is no record would be damage in the log. */
static void test_ledger_logs_no_damaged_decision(void **state)
{
    struct erasing *e = *state;
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    struct ring *ring = e->l->shared->lanes[0].decisions;
    void *room = ring_reserve(ring, bytes.length - 1);
    assert_non_null(room);
    memcpy(room, bytes.bytes, bytes.length - 1);
    ring_commit(ring, bytes.length - 1);
    free((char *)(uintptr_t)bytes.bytes);
    ledger_finish(e->l->ledger);
    assert_int_equal(e->writer.status.written, 0);
    assert_int_equal(e->writer.waiting_records, 0);
}

/* Nobody is left to be told, nothing is left in memory. */
static void test_ledger_erasure_of_a_ledger_that_ends(void **state)
{
    struct erasing *e = *state;
    break_log(e);
    e->l->options.batch_events = 1;
    ledgering_stop(e->l);
    ledgering_start(e->l);
    ask_to_erase(e, 0, "ada");
    for (int i = 0; i < TRIES - 1; i++)
        assert_int_equal(ledger_look(e->l->ledger), 0);
    assert_int_equal(ledgering_take(e->l, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_ledger_##name, erasing_setup, erasing_teardown)
        TEST(erasure_forgets_in_the_log),
        TEST(erasure_holds_the_receipt),
        TEST(erasure_takes_a_batch_together),
        TEST(erasure_gathers_who_comes_meanwhile),
        TEST(erasure_of_the_same_twice),
        TEST(redacts_what_was_under_way),
        TEST(redacts_it_later_as_well),
        TEST(redacts_after_an_erasure_of_another_ledger),
        TEST(keeps_what_began_after_an_erasure),
        TEST(keeps_what_began_after_the_clock_was_set_back),
        TEST(gives_no_receipt_for_what_is_left_of_the_log),
        TEST(deletes_what_is_left_of_the_log),
        TEST(forgets_notes_with_the_log),
        TEST(keeps_notes_with_what_is_left_of_the_log),
        TEST(erasure_without_a_site_clears_up_nothing_else),
        TEST(erasure_is_gone_on_with),
        TEST(erasure_takes_along_what_it_owes),
        TEST(erasure_is_tried_again),
        TEST(erasure_ends_with_its_notes),
        TEST(erasure_gives_up_on_a_broken_log),
        TEST(erasure_waits_for_the_store),
        TEST(logs_decisions_once),
        TEST(logs_no_damaged_decision),
        TEST(erasure_of_a_ledger_that_ends),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/ledger_erasure", tests, NULL, NULL);
}
