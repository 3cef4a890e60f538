/* ledger: it dies at the worst moments, and the next one over the same memory and store goes on. */
#include "../cmocka_all.h"
#include "../decisionlog/scratch.h"
#include "batch_builder.h"

#include <poll.h>

#include "base/clock.h"
#include "ledger/ledger.h"
#include "ledger/ledger_pace.h"
#include "ledger/link.h"

enum { WORKERS = 2, CLAIMED = 5, LOOKS_MOST = 1000 };

/* A store whose writer dies in its writes: nobody hears of them any more. */
struct mortal_store {
    struct store store;
    struct store *inner; /* borrowed */
    enum { LIVES, DIES_BEFORE, DIES_BEHIND, REFUSES } mood;
};

static void read_through(struct store *store, const struct text *keys, size_t count, store_read_cb done,
                         void *context)
{
    store_read(((struct mortal_store *)store)->inner, keys, count, done, context);
}

static void scan_through(struct store *store, struct text from, struct text prefix, size_t most,
                         store_entry_cb entry, store_done_cb done, void *context)
{
    store_scan(((struct mortal_store *)store)->inner, from, prefix, most, entry, done, context);
}

static void nobody_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static void write_or_die(struct store *store, const struct store_write *writes, size_t count,
                         store_done_cb done, void *context)
{
    static const struct error refusal = {ERROR_UNAVAILABLE, "the disk is full"};
    struct mortal_store *mortal = (struct mortal_store *)store;
    switch (mortal->mood) {
    case LIVES:
        store_write(mortal->inner, writes, count, done, context);
        break;
    case DIES_BEFORE:
        break;
    case DIES_BEHIND:
        store_write(mortal->inner, writes, count, nobody_cb, NULL);
        break;
    case REFUSES:
        done(context, &refusal);
        break;
    }
}

static void tend_nothing(struct store *store)
{
    (void)store;
}

static const struct store_kind mortal_kind = {
    .read = read_through, .scan = scan_through, .write = write_or_die, .tend = tend_nothing};

struct deaths {
    struct batching *batching; /* its store and site */
    struct scratch *scratch;   /* the log's folder */
    struct mortal_store mortal;
    struct shared *shared;
    struct link links[WORKERS];
    struct metrics_slot *slot;
    struct log_writer log;
    struct ledger *ledger;
    unsigned taken;                     /* outcomes that came */
    unsigned refused;                   /* of these */
    unsigned codes[ERROR_INTERNAL + 1]; /* of these, by code */
    size_t taking;                      /* whose outcomes are taken */
    uint64_t waited_for[WORKERS];       /* tickets below were answered */
    struct outcome last;                /* of them; texts are gone */
    uint64_t answered[8];               /* tickets of the last ones */
};

static void start_ledger(struct deaths *deaths)
{
    struct error error = {0};
    struct ledger_options options = {.batch = {.reserve_ms = BATCHING_RESERVE,
                                               .keep_ms = INT64_C(400) * BATCHING_DAY,
                                               .id_ms = INT64_C(7) * BATCHING_DAY},
                                     .batch_events = 1,
                                     .batch_ms = 0,
                                     .log_directory = deaths->scratch->state,
                                     .metrics = deaths->slot};
    deaths->mortal.mood = LIVES;
    scratch_open(deaths->scratch, &deaths->log, SCRATCH_OPTIONS);
    deaths->ledger = ledger_new(deaths->shared, &deaths->mortal.store, &deaths->log, &options, &error);
    if (deaths->ledger == NULL)
        fail_msg("%s", error.message);
    ledger_set_site(deaths->ledger, deaths->batching->site);
}

static int setup(void **state)
{
    struct deaths *deaths = calloc(1, sizeof *deaths);
    struct error error;
    if (deaths == NULL || batching_setup((void **)&deaths->batching) != 0 ||
        scratch_setup((void **)&deaths->scratch) != 0)
        return -1;
    deaths->mortal = (struct mortal_store){.store = {&mortal_kind}, .inner = deaths->batching->moody.inner};
    deaths->shared = shared_new(WORKERS, &error);
    deaths->slot = metrics_map(1);
    if (deaths->shared == NULL || deaths->slot == NULL)
        return -1;
    for (size_t i = 0; i < WORKERS; i++)
        link_create(&deaths->links[i], deaths->shared, i);
    start_ledger(deaths);
    *state = deaths;
    return 0;
}

static void end_ledger(struct deaths *deaths)
{
    ledger_free(deaths->ledger);
    log_writer_destroy(&deaths->log);
}

static int teardown(void **state)
{
    struct deaths *deaths = *state;
    end_ledger(deaths);
    shared_free(deaths->shared);
    metrics_unmap(deaths->slot, 1);
    scratch_teardown((void **)&deaths->scratch);
    batching_teardown((void **)&deaths->batching);
    free(deaths);
    return 0;
}

/* ---- What workers do ---- */

static uint64_t send_command(struct deaths *deaths, size_t worker, struct command command)
{
    struct error error = {0};
    uint64_t ticket = 0;
    command.at_ms = command.received_ms = clock_wall_us() / 1000;
    if (!link_send(&deaths->links[worker], &command, &ticket, &error))
        fail_msg("%s", error.message);
    return ticket;
}

static struct command view_of(const char *customer, const char *id)
{
    return (struct command){
        .type = COMMAND_TRACK, .name = TEXT("view"), .customer = text_from(customer), .id = text_from(id)};
}

static struct command restriction_of(const char *customer, bool restricted)
{
    return (struct command){
        .type = COMMAND_RESTRICT, .customer = text_from(customer), .restricted = restricted};
}

static struct command persona_of(const char *customer, const char *persona)
{
    return (struct command){
        .type = COMMAND_SET, .customer = text_from(customer), .persona = text_from(persona)};
}

/* One seat, promised to that customer: claimed, and on its way to the ledger. */
static void decide(struct deaths *deaths, size_t worker, const char *customer, uint64_t seed)
{
    static const uint32_t places[] = {CLAIMED};
    struct record_item item = {
        .offer = TEXT("seat"), .kind = TEXT("guide"), .stocked = true, .reserves = true};
    struct record record = {.clock_us = clock_wall_us(),
                            .seed = seed,
                            .version = TEXT("v1"),
                            .customer = text_from(customer),
                            .journey = TEXT("walk"),
                            .stage = TEXT("start"),
                            .placement = TEXT("hero"),
                            .items = &item,
                            .item_count = 1,
                            .claims = places,
                            .claim_count = 1};
    claims_word seen = claims_look(deaths->shared->claims, CLAIMED);
    assert_true(claims_try(deaths->shared->claims, CLAIMED, &seen));
    assert_true(link_record(&deaths->links[worker], &record));
}

/* Tickets grow, so one that is not beyond the last was answered before. */
static bool take_cb(void *context, const struct outcome *outcome)
{
    struct deaths *deaths = context;
    bool first = outcome->ticket >= deaths->waited_for[deaths->taking];
    if (first)
        deaths->waited_for[deaths->taking] = outcome->ticket + 1;
    deaths->answered[deaths->taken++ % 8] = outcome->ticket;
    deaths->last = *outcome;
    deaths->codes[outcome->code]++;
    deaths->refused += !outcome->accepted;
    return first;
}

/* Outcomes that have come for this worker. */
static unsigned take(struct deaths *deaths, size_t worker)
{
    deaths->taken = deaths->refused = 0;
    memset(deaths->codes, 0, sizeof deaths->codes);
    deaths->taking = worker;
    link_take(&deaths->links[worker], UINT64_MAX, take_cb, deaths);
    return deaths->taken;
}

/* Until everything that came is written down, or the ledger is dead. */
static void look(struct deaths *deaths)
{
    for (int i = 0; i < LOOKS_MOST && ledger_look(deaths->ledger) == 0; i++)
        continue;
    ledger_finish(deaths->ledger);
}

static void die(struct deaths *deaths, int mood)
{
    deaths->mortal.mood = mood;
    look(deaths);
    end_ledger(deaths);
    start_ledger(deaths);
}

static uint64_t events_of(struct deaths *deaths, const char *customer)
{
    const struct customer *found = batching_customer(deaths->batching, customer);
    return found == NULL || found->event_count == 0 ? 0 : found->events[0].count;
}

static uint32_t open_claims(const struct deaths *deaths)
{
    return claims_open(claims_look(deaths->shared->claims, CLAIMED));
}

/* ---- The tests ---- */

static void test_ledger_deaths_before_the_commit_lose_nothing(void **state)
{
    struct deaths *deaths = *state;
    uint64_t ticket = send_command(deaths, 0, view_of("ada", NULL));
    decide(deaths, 1, "ada", 1);
    die(deaths, DIES_BEFORE);
    assert_int_equal(take(deaths, 0), 0);
    look(deaths);
    assert_int_equal(take(deaths, 0), 1);
    assert_int_equal(deaths->answered[0], ticket);
    assert_int_equal(events_of(deaths, "ada"), 1);
    assert_int_equal(batching_stock(deaths->batching, "seat").reserved, 1);
    assert_int_equal(open_claims(deaths), 0);
}

static void test_ledger_deaths_behind_the_commit_repeat_nothing(void **state)
{
    struct deaths *deaths = *state;
    uint64_t ticket = send_command(deaths, 0, view_of("ada", NULL));
    send_command(deaths, 0, view_of("ada", "e1"));
    decide(deaths, 1, "ada", 1);
    die(deaths, DIES_BEHIND);
    assert_int_equal(open_claims(deaths), 0); /* the next one begins with what the store has already */
    look(deaths);
    assert_int_equal(take(deaths, 0), 2);
    assert_int_equal(deaths->answered[0], ticket);
    assert_true(deaths->last.accepted);
    assert_int_equal(events_of(deaths, "ada"), 2);
    assert_int_equal(batching_stock(deaths->batching, "seat").reserved, 1);
    assert_int_equal(open_claims(deaths), 0);
}

static void test_ledger_deaths_and_a_full_disk_repeat_nothing(void **state)
{
    struct deaths *deaths = *state;
    decide(deaths, 1, "ada", 1);
    die(deaths, DIES_BEHIND);
    deaths->mortal.mood = REFUSES;
    send_command(deaths, 0, view_of("ada", "e1"));
    look(deaths);
    assert_int_equal(take(deaths, 0), 1);
    assert_int_equal(deaths->last.code, ERROR_UNAVAILABLE);
    deaths->mortal.mood = LIVES;
    send_command(deaths, 0, view_of("ada", "e1"));
    look(deaths);
    assert_int_equal(batching_stock(deaths->batching, "seat").reserved, 1);
    assert_string_equal(batching_touches(deaths->batching, "start", "seat"), "1/0/0/0/0");
    assert_int_equal(open_claims(deaths), 0);
}

/* What was done by a dead ledger is not done again over what others did since. */
static void test_ledger_deaths_undo_nothing(void **state)
{
    struct deaths *deaths = *state;
    send_command(deaths, 0, persona_of("ada", "early"));
    send_command(deaths, 1, persona_of("ada", "late"));
    die(deaths, DIES_BEHIND);
    send_command(deaths, 0, persona_of("ada", "latest"));
    look(deaths);
    assert_text(batching_customer(deaths->batching, "ada")->persona, "latest");
    assert_int_equal(take(deaths, 0), 2);
    assert_int_equal(take(deaths, 1), 1);
}

/* Nor when the next one dies before it has gone through all that the first had written. */
static void test_ledger_deaths_in_a_row_undo_nothing(void **state)
{
    struct deaths *deaths = *state;
    for (int i = 0; i < PACE_LEAST; i++)
        send_command(deaths, 0, persona_of("ada", "early"));
    die(deaths, DIES_BEHIND);
    for (int i = 0; i < PACE_LEAST / WORKERS; i++) /* the other half is left to those before */
        send_command(deaths, 1, persona_of("ada", "late"));
    die(deaths, DIES_BEHIND);
    look(deaths);
    assert_text(batching_customer(deaths->batching, "ada")->persona, "late");
    assert_int_equal(take(deaths, 0), PACE_LEAST);
    assert_int_equal(take(deaths, 1), PACE_LEAST / WORKERS);
}

static void refuse_some(struct deaths *deaths)
{
    struct command nameless = view_of("bo", NULL);
    nameless.name.length = 0;
    send_command(deaths, 0, restriction_of("ada", true));
    look(deaths);
    take(deaths, 0);
    send_command(deaths, 0, view_of("ada", NULL));
    send_command(deaths, 0, restriction_of("nobody", false));
    send_command(deaths, 0, nameless);
    send_command(deaths, 0, view_of("bo", NULL));
    send_command(deaths, 1, view_of("ada", "e1"));
}

static void assert_some_refused(struct deaths *deaths)
{
    assert_int_equal(take(deaths, 0), 4);
    assert_int_equal(deaths->refused, 3);
    assert_int_equal(deaths->codes[ERROR_NOT_FOUND], 1);
    assert_int_equal(deaths->codes[ERROR_INVALID], 1);
    assert_int_equal(take(deaths, 1), 1);
    assert_false(deaths->last.accepted);
    assert_int_equal(deaths->last.code, ERROR_NONE);
    assert_int_equal(events_of(deaths, "ada"), 0);
    assert_int_equal(events_of(deaths, "bo"), 1);
}

static void test_ledger_deaths_accept_nothing_that_was_refused(void **state)
{
    struct deaths *deaths = *state;
    refuse_some(deaths);
    die(deaths, DIES_BEHIND);
    look(deaths);
    assert_some_refused(deaths);
}

/* What a ledger said before it died was lost. */
static void hear_nothing(struct deaths *deaths)
{
    for (size_t i = 0; i < WORKERS; i++) {
        struct ring *outcomes = deaths->shared->lanes[i].outcomes;
        ring_release(outcomes, ring_end(outcomes));
    }
}

/* Not even where the next ledger dies, too, behind a batch of its own. */
static void test_ledger_deaths_in_a_row_accept_nothing_that_was_refused(void **state)
{
    struct deaths *deaths = *state;
    refuse_some(deaths);
    die(deaths, DIES_BEHIND);
    for (int i = 0; i < 2; i++) {
        send_command(deaths, 1, restriction_of("nobody", false));
        die(deaths, DIES_BEHIND);
        hear_nothing(deaths);
    }
    look(deaths);
    assert_int_equal(take(deaths, 1), 3);
    assert_int_equal(deaths->refused, 3);
    assert_int_equal(deaths->codes[ERROR_NOT_FOUND], 2);
    assert_int_equal(take(deaths, 0), 4);
    assert_int_equal(deaths->refused, 3);
}

/* What comes after the next ledger has begun is not taken for it. */
static void test_ledger_deaths_refuse_nothing_else(void **state)
{
    struct deaths *deaths = *state;
    refuse_some(deaths);
    die(deaths, DIES_BEHIND);
    look(deaths);
    assert_some_refused(deaths);
    send_command(deaths, 0, restriction_of("ada", false));
    look(deaths);
    refuse_some(deaths);
    look(deaths);
    take(deaths, 0);
    send_command(deaths, 0, view_of("bo", NULL));
    die(deaths, DIES_BEHIND);
    look(deaths);
    assert_int_equal(take(deaths, 0), 1);
    assert_true(deaths->last.accepted);
}

static void test_ledger_deaths_do_not_erase_twice(void **state)
{
    struct deaths *deaths = *state;
    send_command(deaths, 1, (struct command){.type = COMMAND_ERASE, .customer = TEXT("ada")});
    die(deaths, DIES_BEHIND);
    send_command(deaths, 0, view_of("ada", "e1"));
    look(deaths);
    assert_int_equal(events_of(deaths, "ada"), 1);
    assert_int_equal(take(deaths, 1), 1);
    assert_int_equal(deaths->last.code, ERROR_NONE);
}

/* Outcomes were pushed, but the ring was not given back: the next ledger answers once more. */
static void test_ledger_deaths_answer_twice_and_leave_the_link_usable(void **state)
{
    struct deaths *deaths = *state;
    struct ring *ring = deaths->shared->lanes[0].commands;
    uint64_t done = ring_done(ring);
    send_command(deaths, 0, view_of("ada", NULL));
    look(deaths);
    assert_int_equal(take(deaths, 0), 1);
    ring_release(ring, done); /* as if it had died before that */
    end_ledger(deaths);
    start_ledger(deaths);
    look(deaths);
    assert_int_equal(take(deaths, 0), 1);
    assert_int_equal(deaths->links[0].open, 0);
    send_command(deaths, 0, view_of("ada", NULL));
    look(deaths);
    assert_int_equal(events_of(deaths, "ada"), 2);
}

/* It had answered, but not woken anybody yet. */
static void test_ledger_deaths_leave_nobody_asleep(void **state)
{
    struct deaths *deaths = *state;
    struct pollfd wake = {.fd = link_wake_fd(&deaths->links[0]), .events = POLLIN};
    send_command(deaths, 0, view_of("ada", NULL));
    look(deaths);
    shared_drain_wakes(wake.fd);
    assert_int_equal(poll(&wake, 1, 0), 0);
    end_ledger(deaths);
    start_ledger(deaths);
    assert_int_equal(poll(&wake, 1, 0), 1);
    assert_int_equal(take(deaths, 0), 1);
}

static void assert_logged(struct deaths *deaths, uint64_t first, size_t count)
{
    log_writer_flush(&deaths->log, clock_monotonic_ms());
    scratch_read(deaths->scratch, LOG_QUERY_ALL);
    scratch_assert_seeds(deaths->scratch, first, count);
    assert_int_equal(deaths->scratch->damages, 0);
}

static void test_ledger_deaths_log_no_decision_twice(void **state)
{
    struct deaths *deaths = *state;
    for (uint64_t seed = 1; seed <= 3; seed++)
        decide(deaths, 0, "ada", seed);
    die(deaths, DIES_BEFORE);
    assert_logged(deaths, 1, 3);
    decide(deaths, 0, "ada", 4);
    die(deaths, DIES_BEHIND);
    decide(deaths, 0, "ada", 5);
    look(deaths);
    assert_logged(deaths, 1, 5);
    assert_string_equal(batching_touches(deaths->batching, "start", "seat"), "5/0/0/0/0");
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_ledger_deaths_##name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(before_the_commit_lose_nothing),
        TEST(behind_the_commit_repeat_nothing),
        TEST(and_a_full_disk_repeat_nothing),
        TEST(undo_nothing),
        TEST(in_a_row_undo_nothing),
        TEST(accept_nothing_that_was_refused),
        TEST(in_a_row_accept_nothing_that_was_refused),
        TEST(refuse_nothing_else),
        TEST(do_not_erase_twice),
        TEST(answer_twice_and_leave_the_link_usable),
        TEST(leave_nobody_asleep),
        TEST(log_no_decision_twice),
    };
    return cmocka_run_group_tests_name("ledger: deaths", tests, NULL, NULL);
}
