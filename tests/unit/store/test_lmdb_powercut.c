/*
 * lmdb: power cuts. A process writes batches while everything that it does to files is recorded; the files
 * are rebuilt as they may be after a cut at many points, and have to hold every batch that was acknowledged,
 * whole.
 *
 * SENDA_STORE_CUTS: how many points, of each of the recordings; SENDA_STORE_SEED: which.
 */
#include "../cmocka_all.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asking_builder.h"
#include "batches_builder.h"
#include "directory_builder.h"
#include "faults/faults.h"
#include "faults/replay.h"

enum {
    SEED = 11,
    MIB = 1024 * 1024,
    CUTS = 200,
    BATCHES = 120,
    REOPEN_EVERY = 40,
    COMPACT_EVERY = 80,
    FAULT_ONCE_IN = 2,
    MOST_SKIPPED = 8, /* calls before a fault strikes: a commit's, and some more */
};

static struct store *open_or_exit(const char *path)
{
    struct error error;
    struct store *store = store_lmdb_open(path, STORE_WRITER, MIB, &error);
    if (store == NULL) {
        print_error("%s\n", error.message);
        _exit(1);
    }
    return store;
}

/* A fault by chance in the next batch; it may strike in what is done to put that right, too. */
static void plan_by_chance(struct random_state *random)
{
    static const char *const faults[] = {"write EIO", "write late-EIO", "write short", "sync EIO",
                                         "sync late-EIO"};
    char plan[128];
    uint64_t chance = random_next(random);
    snprintf(plan, sizeof plan, "%s skip=%u times=%u", faults[chance % 5],
             (unsigned)(chance >> 8) % MOST_SKIPPED, 1 + (unsigned)(chance >> 16) % 3);
    if ((chance >> 32) % FAULT_ONCE_IN != 0)
        plan[0] = '\0';
    if (!faults_plan(plan))
        _exit(2);
}

/* Until one is accepted. After one that was refused others come, not the same again. */
static void write_batch(struct store *store, uint64_t number, struct random_state *random)
{
    struct error error;
    uint8_t variant = 0;
    if (random != NULL)
        plan_by_chance(random);
    while (!batches_write_variant(store, SEED, number, variant++, &error)) {
        if (random == NULL)
            _exit(3);
        plan_by_chance(random);
    }
    faults_mark(number);
    faults_plan("");
}

/* `random` is NULL where nothing fails. */
static void write_series(const char *path, struct random_state *random)
{
    struct store *store = open_or_exit(path);
    for (uint64_t number = 1; number <= BATCHES; number++) {
        write_batch(store, number, random);
        if (number % REOPEN_EVERY != 0)
            continue;
        struct error error;
        store_close(store);
        if (number % COMPACT_EVERY == 0 && !store_lmdb_compact(path, &error))
            _exit(4);
        store = open_or_exit(path);
    }
    store_close(store);
}

static struct replay *record_series(const struct directory *directory, struct random_state *random)
{
    int status;
    struct error error;
    const char *trace = directory_below(directory->path, "trace");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        faults_record(trace);
        faults_watch(directory->store);
        write_series(directory->store, random);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct replay *replay = replay_new(trace, &error);
    if (replay == NULL)
        fail_msg("%s", error.message);
    return replay;
}

static void check_cut(const struct replay *replay, size_t cut, enum replay_loss loss,
                      struct random_state *random, const char *path)
{
    struct error error;
    if (!replay_build(replay, cut, loss, random, path, &error))
        fail_msg("%s", error.message);
    struct store *store = store_lmdb_open(path, STORE_WRITER, MIB, &error);
    if (store == NULL)
        fail_msg("cut at %zu, loss %d: %s", cut, (int)loss, error.message);
    uint64_t last = batches_last(store), acknowledged = replay_marked(replay, cut);
    if (last < acknowledged || last > acknowledged + 1 || !batches_are_whole(store, SEED))
        fail_msg("cut at %zu, loss %d: batch %" PRIu64 " was acknowledged, %" PRIu64
                 " is there, or a half one",
                 cut, (int)loss, acknowledged, last);
    for (uint64_t number = last + 1; number <= last + 2; number++)
        assert_true(batches_write(store, SEED, number, &error));
    assert_true(batches_are_whole(store, SEED));
    store_close(store);
    directory_empty(path);
}

static void check_series(bool with_faults)
{
    struct directory directory;
    struct random_state random = {batches_number_from("SENDA_STORE_SEED", 20240229)};
    uint64_t cuts = batches_number_from("SENDA_STORE_CUTS", CUTS);
    directory_create(&directory);
    print_message("seed %" PRIu64 ", ", random.value);
    struct replay *replay = record_series(&directory, with_faults ? &random : NULL);
    size_t count = replay_count(replay);
    assert_int_equal(replay_marked(replay, count), BATCHES);
    print_message("%" PRIu64 " cuts of %zu records\n", cuts, count);
    for (uint64_t i = 0; i < cuts; i++)
        check_cut(replay, (size_t)(random_next(&random) % (count + 1)), (enum replay_loss)(i % REPLAY_LOSSES),
                  &random, directory.elsewhere);
    replay_free(replay);
    directory_destroy(&directory);
}

static void test_lmdb_powercut_loses_nothing_acknowledged(void **state)
{
    (void)state;
    check_series(false);
}

/* The disk fails now and then before the power does. */
static void test_lmdb_powercut_after_faults_loses_nothing_acknowledged(void **state)
{
    (void)state;
    check_series(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lmdb_powercut_loses_nothing_acknowledged),
        cmocka_unit_test(test_lmdb_powercut_after_faults_loses_nothing_acknowledged),
    };
    return cmocka_run_group_tests_name("store/lmdb: power cuts", tests, NULL, NULL);
}
