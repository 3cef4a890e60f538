/* lmdb: disks that fail or are full, maps that can't grow, and deaths at every single call. */
#include "../cmocka_all.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asking_builder.h"
#include "batches_builder.h"
#include "directory_builder.h"
#include "faults/faults.h"

enum {
    SEED = 7,
    MIB = 1024 * 1024,
    VALUE = 10000,    /* bytes of those that fill a map */
    SETTLED = 5,      /* batches before the first fault */
    MOST_CALLS = 200, /* that opening a store and writing a batch take together, and many more */
};

/* Test fixture: *state is a struct directory that is watched. */
static int setup(void **state)
{
    *state = malloc(sizeof(struct directory));
    assert_non_null(*state);
    directory_create(*state);
    assert_true(faults_watch(((struct directory *)*state)->path));
    return 0;
}

static int teardown(void **state)
{
    faults_plan("");
    faults_watch(NULL);
    directory_destroy(*state);
    free(*state);
    return 0;
}

static struct store *try_open(const struct directory *directory, struct error *error)
{
    return store_lmdb_open(directory->store, STORE_WRITER, MIB, error);
}

static struct store *open_writer(const struct directory *directory)
{
    struct error error;
    struct store *store = try_open(directory, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    return store;
}

static void write_good(struct store *store, uint64_t number)
{
    struct error error;
    if (!batches_write(store, SEED, number, &error))
        fail_msg("batch %u: %s", (unsigned)number, error.message);
}

static struct store *open_settled(const struct directory *directory)
{
    struct store *store = open_writer(directory);
    for (uint64_t number = batches_last(store) + 1; number <= SETTLED; number++)
        write_good(store, number);
    return store;
}

/* `pattern` is a plan with # for the number. */
static void make_plan(const char *pattern, unsigned skip)
{
    char plan[256];
    size_t length = 0;
    for (const char *c = pattern; *c != '\0' && length < sizeof plan; c++)
        length += (size_t)(*c == '#' ? snprintf(plan + length, sizeof plan - length, "%u", skip)
                                     : snprintf(plan + length, sizeof plan - length, "%c", *c));
    assert_true(length < sizeof plan);
    assert_true(faults_plan(plan));
}

static void assert_holds(struct store *store, uint64_t last)
{
    assert_int_equal(batches_last(store), last);
    assert_true(batches_are_whole(store, SEED));
}

static void assert_says(const struct error *error, const char *words)
{
    if (strstr(error->message, words) == NULL)
        fail_msg("'%s' doesn't say '%s'", error->message, words);
}

/* Each call of a commit fails in its turn: refused, nothing changed, and the next one succeeds. */
static void assert_each_is_refused(const struct directory *directory, const char *plan, const char *words)
{
    struct store *store = open_settled(directory);
    struct error error;
    uint64_t number = SETTLED;
    bool struck = true;
    for (unsigned skip = 0; struck; skip++) {
        make_plan(plan, skip);
        bool written = batches_write(store, SEED, ++number, &error);
        struck = faults_struck() > 0;
        assert_true(faults_plan(""));
        assert_int_equal(written, !struck);
        if (struck) {
            assert_int_equal(error.code, ERROR_UNAVAILABLE);
            assert_says(&error, words);
            assert_says(&error, directory->store);
            assert_holds(store, number - 1);
            write_good(store, number);
        }
        assert_holds(store, number);
        assert_true(skip > 0 || struck);
    }
    store_close(store);
    store = open_writer(directory);
    assert_holds(store, number);
    store_close(store);
}

static void test_lmdb_write_that_fails_is_refused(void **state)
{
    assert_each_is_refused(*state, "write EIO skip=# times=1", "the disk is full, or it failed");
}

static void test_lmdb_write_that_is_carried_out_and_fails_is_refused(void **state)
{
    assert_each_is_refused(*state, "write late-EIO skip=# times=1", "the disk is full, or it failed");
}

static void test_lmdb_write_that_is_cut_is_refused(void **state)
{
    assert_each_is_refused(*state, "write short skip=# times=1", "the disk is full, or it failed");
}

static void test_lmdb_full_disk_is_refused(void **state)
{
    assert_each_is_refused(*state, "write ENOSPC skip=# times=1", "no room is left on the disk");
}

static void test_lmdb_sync_that_fails_is_refused(void **state)
{
    assert_each_is_refused(*state, "sync EIO skip=# times=1", "Input/output error");
}

static void test_lmdb_sync_that_is_carried_out_and_fails_is_refused(void **state)
{
    assert_each_is_refused(*state, "sync late-EIO skip=# times=1", "Input/output error");
}

static void test_lmdb_quota_is_refused(void **state)
{
    assert_each_is_refused(*state, "write EDQUOT skip=# times=1", "no room is left on the disk");
}

/* Nothing works for a while, not even what has to be put right first; reading does. */
static void test_lmdb_goes_on_after_a_long_failure(void **state)
{
    const struct directory *directory = *state;
    const char *const plans[] = {"write EIO", "sync EIO", "write ENOSPC; sync EIO", "write late-EIO",
                                 "write short"};
    struct store *store = open_settled(directory);
    struct error error;
    uint64_t number = SETTLED;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        assert_true(faults_plan(plans[i]));
        for (int again = 0; again < 5; again++) {
            assert_false(batches_write(store, SEED, number + 1, &error));
            assert_int_equal(error.code, ERROR_UNAVAILABLE);
            assert_holds(store, number);
        }
        assert_true(faults_struck() >= 5);
        assert_true(faults_plan(""));
        write_good(store, ++number);
        assert_holds(store, number);
    }
    store_close(store);
}

/*
 * The meta page is written though the disk says that it isn't, and can't be put back either: the files hold
 * the batch behind SETTLED, which was refused. The store is open to write, and knows nothing of that yet.
 */
static struct store *open_with_batch_that_stays(const struct directory *directory)
{
    struct store *store = open_settled(directory);
    struct error error;
    bool put_back = true;
    for (unsigned skip = 0; put_back; skip++) {
        store_close(store);
        store = open_writer(directory);
        make_plan("write late-EIO skip=# times=1; write EIO skip=#", skip);
        assert_false(batches_write(store, SEED, SETTLED + 1, &error));
        put_back = faults_struck() < 2;
        assert_true(faults_plan(""));
    }
    return store;
}

/* It can't be undone, so nothing is written over it. */
static void test_lmdb_batch_that_stays_stops_the_writer(void **state)
{
    const struct directory *directory = *state;
    struct error error;
    struct store *store = open_with_batch_that_stays(directory);
    for (int again = 0; again < 2; again++) {
        assert_false(batches_write(store, SEED, SETTLED + 1, &error));
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
        assert_says(&error, "expected the writer to be started anew");
    }
    store_close(store);
    store = open_writer(directory);
    assert_holds(store, SETTLED + 1);
    write_good(store, SETTLED + 2);
    assert_holds(store, SETTLED + 2);
    store_close(store);
}

/* Ends when nobody holds the other end of `until` any more; answers what it sees with its exit code. */
static void read_until(const struct directory *directory, int opened, int until)
{
    struct error error;
    char byte = 0;
    struct store *store = store_lmdb_open(directory->store, STORE_READER, 0, &error);
    if (store == NULL || write(opened, &byte, 1) != 1 || read(until, &byte, 1) != 0)
        _exit(100);
    _exit((int)batches_last(store));
}

/* Readers agree with each other on the batch before it, and the next writer must not overwrite what theirs
 * needs. */
static void test_lmdb_batch_that_stays_waits_for_the_readers(void **state)
{
    const struct directory *directory = *state;
    struct error error;
    int opened[2], until[2], status;
    char byte;
    assert_int_equal(pipe(opened) | pipe(until), 0);
    store_close(open_settled(directory));
    pid_t reader = fork();
    assert_true(reader >= 0);
    if (reader == 0) {
        close(until[1]);
        read_until(directory, opened[1], until[0]);
    }
    assert_int_equal(read(opened[0], &byte, 1), 1);
    store_close(open_with_batch_that_stays(directory));
    assert_null(try_open(directory, &error));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_says(&error, "expected every process that has it open to be started anew");
    close(until[1]);
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_int_equal(WEXITSTATUS(status), SETTLED);
    struct store *store = open_writer(directory);
    assert_holds(store, SETTLED + 1);
    store_close(store);
    close(until[0]);
    close(opened[0]);
    close(opened[1]);
}

/* A limit on the size of files is the nearest to a small disk that needs no privileges. */
static rlim_t limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    return before;
}

static void test_lmdb_goes_on_when_there_is_room_again(void **state)
{
    const struct directory *directory = *state;
    struct store *store = open_settled(directory);
    struct error error;
    char *value = calloc(1, MIB);
    assert_non_null(value);
    signal(SIGXFSZ, SIG_IGN);
    rlim_t before = limit_files(10 * MIB);
    struct store_write write = {TEXT("z0"), {value, MIB}};
    char key[8];
    unsigned kept = 0;
    for (bool written = true; written; kept += written) {
        snprintf(key, sizeof key, "z%u", kept);
        write.key = text_from(key);
        written = asking_write(store, &write, 1, &error);
        assert_true(kept < 10);
    }
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_says(&error, "disk");
    assert_true(kept > 5);
    assert_true(asking_finds(store, write.key, (struct text){NULL, 0}));
    assert_true(asking_finds(store, TEXT("z0"), write.value));
    limit_files(before);
    assert_true(asking_write(store, &write, 1, &error));
    assert_true(asking_finds(store, write.key, write.value));
    free(value);
    store_close(store);
}

/* The early growth fails, the environment opens again, the growth that can't wait fails, and it opens again.
 */
#define MAP_STAYS "map ENOMEM file=data.mdb times=1; map ENOMEM file=data.mdb skip=1 times=1"

static void test_lmdb_map_that_cannot_grow_is_refused(void **state)
{
    const struct directory *directory = *state;
    static char value[VALUE];
    struct store *store = open_writer(directory);
    struct store_figures figures;
    struct error error;
    char key[16];
    struct store_write write = {TEXT("z"), {value, sizeof value}};
    unsigned kept = 0;
    for (bool written = true; written; kept += written) {
        snprintf(key, sizeof key, "z%u", kept);
        write.key = text_from(key);
        assert_true(faults_plan(MAP_STAYS));
        written = asking_write(store, &write, 1, &error);
        assert_true(kept < MIB / VALUE);
    }
    assert_true(faults_plan(""));
    assert_int_equal(error.code, ERROR_UNAVAILABLE);
    assert_says(&error, "can't grow");
    assert_true(kept > MIB / VALUE / 2);
    assert_true(asking_finds(store, write.key, (struct text){NULL, 0}));
    assert_true(asking_finds(store, TEXT("z0"), write.value));
    assert_true(store_figures(store, &figures, &error));
    assert_int_equal(figures.capacity, MIB);
    assert_int_equal(figures.keys, 1 + kept);
    assert_true(asking_write(store, &write, 1, &error));
    assert_true(store_figures(store, &figures, &error));
    assert_true(figures.capacity > MIB);
    store_close(store);
}

/* Not even the old size can be mapped for a while. */
static void test_lmdb_without_address_space_is_unavailable(void **state)
{
    const struct directory *directory = *state;
    struct store *store = open_settled(directory);
    struct error error;
    char *value = calloc(1, 2 * MIB);
    assert_non_null(value);
    struct store_write write = {TEXT("z"), {value, 2 * MIB}};
    assert_true(faults_plan("map ENOMEM"));
    for (int again = 0; again < 3; again++) {
        assert_false(asking_write(store, &write, 1, &error));
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
        assert_false(asking_can_read(store, TEXT("z"), &error));
        assert_int_equal(error.code, ERROR_UNAVAILABLE);
    }
    store_tend(store);
    assert_true(faults_plan(""));
    assert_holds(store, SETTLED);
    assert_true(asking_write(store, &write, 1, &error));
    free(value);
    store_close(store);
}

/* What is tried while one call after the other fails; false with its error. */
typedef bool (*attempt)(const struct directory *directory, struct error *error);

static bool attempt_open(const struct directory *directory, struct error *error)
{
    struct store *store = try_open(directory, error);
    if (store != NULL)
        store_close(store);
    return store != NULL;
}

static bool attempt_compact(const struct directory *directory, struct error *error)
{
    return store_lmdb_compact(directory->store, error);
}

static bool attempt_backup(const struct directory *directory, struct error *error)
{
    struct store *store = try_open(directory, error);
    if (store == NULL)
        return false;
    bool done = store_backup(store, directory->elsewhere, error);
    store_close(store);
    return done;
}

static void assert_clean(const struct directory *directory)
{
    assert_int_not_equal(access(directory_below(directory->store, "rewrite.tmp"), F_OK), 0);
    assert_int_equal(errno, ENOENT);
    if (access(directory_below(directory->elsewhere, "data.mdb"), F_OK) != 0)
        assert_true(rmdir(directory->elsewhere) == 0 && mkdir(directory->elsewhere, 0700) == 0);
}

/* Ends well or with an error; the store is as before, nothing is left over, and without faults it ends well.
 */
static void assert_survives(const struct directory *directory, attempt run, const char *plan, uint64_t last)
{
    bool struck = true;
    for (unsigned skip = 0; struck; skip++) {
        struct error error = {ERROR_NONE, ""};
        make_plan(plan, skip);
        bool done = run(directory, &error);
        struck = faults_struck() > 0;
        assert_true(faults_plan(""));
        assert_true(done || (struck && error.code == ERROR_UNAVAILABLE));
        assert_true(struck || done);
        assert_clean(directory);
        if (last == 0 && !done)
            continue;
        directory_empty(directory->elsewhere);
        struct store *store = open_writer(directory);
        assert_holds(store, last);
        store_close(store);
        if (last == 0)
            directory_empty(directory->store);
        assert_true(skip < MOST_CALLS);
    }
}

static void test_lmdb_open_survives_faults(void **state)
{
    assert_survives(*state, attempt_open, "any EIO skip=# times=1", 0);
    assert_survives(*state, attempt_open, "any late-EIO skip=# times=1 file=data.mdb", 0);
}

static void test_lmdb_compact_survives_faults(void **state)
{
    store_close(open_settled(*state));
    assert_survives(*state, attempt_compact, "write ENOSPC skip=# times=1", SETTLED);
    assert_survives(*state, attempt_compact, "any EIO skip=# times=1 file=data.mdb", SETTLED);
}

static void test_lmdb_backup_survives_faults(void **state)
{
    store_close(open_settled(*state));
    assert_survives(*state, attempt_backup, "write ENOSPC skip=# times=1", SETTLED);
}

static void attempt_batch_or_die(const struct directory *directory)
{
    struct error error;
    struct store *store = try_open(directory, &error);
    if (store == NULL)
        _exit(1);
    if (!batches_write(store, SEED, batches_last(store) + 1, &error))
        _exit(2);
    store_close(store);
}

static void compact_or_die(const struct directory *directory)
{
    struct error error;
    if (!store_lmdb_compact(directory->store, &error))
        _exit(3);
}

/* In another process, which is killed at its call number `skip`; false if it came to its end. */
static bool die_at(const struct directory *directory, void (*run)(const struct directory *), const char *plan,
                   unsigned skip)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        make_plan(plan, skip);
        run(directory);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(status == 0 || status == SIGKILL);
    return status == SIGKILL;
}

/* From the first call that makes the store to the last one of a batch: none of them is one too early to die
 * at. */
static void assert_deaths_lose_nothing(const struct directory *directory, const char *plan)
{
    bool died = true;
    uint64_t before = 0;
    for (unsigned skip = 0; died; skip++) {
        died = die_at(directory, attempt_batch_or_die, plan, skip);
        struct store *store = open_writer(directory);
        uint64_t last = batches_last(store);
        assert_true(last == before || last == before + 1);
        assert_true(died || last == before + 1);
        assert_holds(store, last);
        write_good(store, last + 1);
        before = last + 1;
        store_close(store);
        if (skip % 2 == 1) {
            directory_empty(directory->store);
            before = 0;
        }
        assert_true(skip < MOST_CALLS);
    }
}

static void test_lmdb_death_at_any_call_loses_nothing(void **state)
{
    assert_deaths_lose_nothing(*state, "any kill skip=#");
    directory_empty(((struct directory *)*state)->store);
    assert_deaths_lose_nothing(*state, "any late-kill skip=#");
}

static void test_lmdb_compact_may_die_at_any_call(void **state)
{
    const struct directory *directory = *state;
    bool died = true;
    store_close(open_settled(directory));
    for (unsigned skip = 0; died; skip++) {
        died = die_at(directory, compact_or_die, skip % 2 == 0 ? "any kill skip=#" : "any late-kill skip=#",
                      skip);
        struct store *store = open_writer(directory);
        assert_holds(store, SETTLED);
        store_close(store);
        assert_clean(directory);
    }
}

int main(void)
{
#define WATCHED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WATCHED(test_lmdb_write_that_fails_is_refused),
        WATCHED(test_lmdb_write_that_is_carried_out_and_fails_is_refused),
        WATCHED(test_lmdb_write_that_is_cut_is_refused),
        WATCHED(test_lmdb_full_disk_is_refused),
        WATCHED(test_lmdb_quota_is_refused),
        WATCHED(test_lmdb_sync_that_fails_is_refused),
        WATCHED(test_lmdb_sync_that_is_carried_out_and_fails_is_refused),
        WATCHED(test_lmdb_goes_on_after_a_long_failure),
        WATCHED(test_lmdb_batch_that_stays_stops_the_writer),
        WATCHED(test_lmdb_batch_that_stays_waits_for_the_readers),
        WATCHED(test_lmdb_goes_on_when_there_is_room_again),
        WATCHED(test_lmdb_map_that_cannot_grow_is_refused),
        WATCHED(test_lmdb_without_address_space_is_unavailable),
        WATCHED(test_lmdb_open_survives_faults),
        WATCHED(test_lmdb_compact_survives_faults),
        WATCHED(test_lmdb_backup_survives_faults),
        WATCHED(test_lmdb_death_at_any_call_loses_nothing),
        WATCHED(test_lmdb_compact_may_die_at_any_call),
    };
#undef WATCHED
    return cmocka_run_group_tests_name("store/lmdb: faults", tests, NULL, NULL);
}
