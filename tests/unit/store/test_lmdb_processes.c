/* lmdb: readers in other processes, and writers and readers that are killed. SENDA_STORE_SEED, _KILLS. */
#include "../cmocka_all.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asking_builder.h"
#include "base/clock.h"
#include "base/random.h"
#include "batches_builder.h"
#include "directory_builder.h"

enum {
    MIB = 1024 * 1024,
    KILLS = 40,
    MOST_ACKNOWLEDGED = 12, /* batches before a kill */
    LATEST_KILL_NS =
        2000000, /* behind the last batch that was waited for; a commit takes about one half of it */
    STUCK_READERS = 3,
    ROUNDS_BEHIND_STUCK = 200,
};

/* Another process: is asked by a byte, and answers with a number. */
struct other {
    pid_t pid;
    int ask;    /* the test's end */
    int answer; /* the test's end */
};

static struct other start_other(const struct directory *directory,
                                void (*run)(const char *path, int ask, int answer))
{
    int ask[2], answer[2];
    assert_int_equal(pipe(ask), 0);
    assert_int_equal(pipe(answer), 0);
    struct other other = {fork(), ask[1], answer[0]};
    assert_true(other.pid >= 0);
    if (other.pid == 0) {
        close(ask[1]);
        close(answer[0]);
        run(directory->store, ask[0], answer[1]);
        _exit(0);
    }
    close(ask[0]);
    close(answer[1]);
    return other;
}

static uint64_t ask_other(const struct other *other)
{
    uint64_t number;
    assert_int_equal(write(other->ask, "?", 1), 1);
    assert_int_equal(read(other->answer, &number, sizeof number), sizeof number);
    return number;
}

static void end_other(const struct other *other, int signal)
{
    int status;
    if (signal != 0)
        assert_int_equal(kill(other->pid, signal), 0);
    close(other->ask);
    assert_int_equal(waitpid(other->pid, &status, 0), other->pid);
    assert_int_equal(status, signal);
    close(other->answer);
}

static struct store *open_or_exit(const char *path, enum store_access access)
{
    struct error error;
    struct store *store = store_lmdb_open(path, access, MIB, &error);
    if (store == NULL) {
        print_error("%s\n", error.message);
        _exit(1);
    }
    return store;
}

/* Opens at the first question; answers with the last batch's number, or 0 if batches aren't whole. */
static void run_reader(const char *path, int ask, int answer)
{
    struct store *store = NULL;
    char byte;
    while (read(ask, &byte, 1) == 1) {
        if (store == NULL)
            store = open_or_exit(path, STORE_READER);
        uint64_t last = batches_are_whole(store, 1) ? batches_last(store) : 0;
        if (write(answer, &last, sizeof last) != (ssize_t)sizeof last)
            _exit(1);
    }
    if (store != NULL)
        store_close(store);
}

static struct store *open_writer(const struct directory *directory)
{
    struct error error;
    struct store *store = store_lmdb_open(directory->store, STORE_WRITER, MIB, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    return store;
}

static void test_lmdb_readers_see_every_batch(void **state)
{
    (void)state;
    struct directory directory;
    struct error error;
    directory_create(&directory);
    struct other reader = start_other(&directory, run_reader);
    struct store *store = open_writer(&directory);
    for (uint64_t number = 1; number <= 60; number++) {
        assert_true(batches_write(store, 1, number, &error));
        assert_int_equal(ask_other(&reader), number);
    }
    store_close(store);
    end_other(&reader, 0);
    directory_destroy(&directory);
}

/* Values so large that the map is grown many times under the readers' feet. */
static void test_lmdb_readers_grow_along(void **state)
{
    (void)state;
    struct directory directory;
    struct error error;
    struct store_figures before, after;
    directory_create(&directory);
    struct other reader = start_other(&directory, run_reader);
    struct store *store = open_writer(&directory);
    char *value = calloc(1, 4 * MIB);
    assert_non_null(value);
    assert_true(batches_write(store, 1, 1, &error));
    assert_int_equal(ask_other(&reader), 1);
    assert_true(store_figures(store, &before, &error));
    for (uint64_t number = 2; number <= 30; number++) {
        char key[2] = {'z', (char)number};
        asking_put(store, (struct text){key, 2}, (struct text){value, 4 * MIB});
        asking_delete(store, (struct text){key, 2});
        asking_put(store, (struct text){key, 1}, (struct text){value, (size_t)(1 + number % 4) * MIB});
        asking_delete(store, (struct text){key, 1});
        assert_true(batches_write(store, 1, number, &error));
        assert_int_equal(ask_other(&reader), number);
    }
    assert_true(store_figures(store, &after, &error));
    assert_true(after.capacity > before.capacity);
    free(value);
    store_close(store);
    end_other(&reader, 0);
    directory_destroy(&directory);
}

static bool die_within(void *context, struct text key, struct text value)
{
    (void)key, (void)value;
    uint64_t number = 1;
    if (write(*(int *)context, &number, sizeof number) != (ssize_t)sizeof number)
        _exit(1);
    for (;;)
        pause();
}

static void never_done(void *context, const struct error *error)
{
    (void)context, (void)error;
    _exit(1);
}

/* Stays in the middle of a scan, where it keeps old pages from being used again. */
static void run_stuck_reader(const char *path, int ask, int answer)
{
    char byte;
    struct store *store = open_or_exit(path, STORE_READER);
    if (read(ask, &byte, 1) == 1)
        store_scan(store, TEXT(""), TEXT(""), 10, die_within, never_done, &answer);
}

static uint64_t bytes_of_file(const struct directory *directory)
{
    FILE *file = fopen(directory_below(directory->store, "data.mdb"), "re");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_int_equal(fclose(file), 0);
    return (uint64_t)size;
}

static void write_rounds(struct store *store)
{
    static char value[20000];
    for (int i = 0; i < ROUNDS_BEHIND_STUCK; i++)
        asking_put(store, TEXT("again"), (struct text){value, sizeof value});
}

/* Readers that were killed in a read hold the file's size up until the store is tended. */
static void test_lmdb_tend_clears_up_behind_dead_readers(void **state)
{
    (void)state;
    struct directory directory;
    struct other readers[STUCK_READERS];
    directory_create(&directory);
    struct store *store = open_writer(&directory);
    asking_put(store, TEXT("again"), TEXT("1"));
    for (int i = 0; i < STUCK_READERS; i++) {
        readers[i] = start_other(&directory, run_stuck_reader);
        assert_int_equal(ask_other(&readers[i]), 1);
    }
    write_rounds(store);
    uint64_t held_up = bytes_of_file(&directory);
    assert_true(held_up > (uint64_t)ROUNDS_BEHIND_STUCK * 20000);
    for (int i = 0; i < STUCK_READERS; i++)
        end_other(&readers[i], SIGKILL);
    store_tend(store);
    write_rounds(store);
    assert_int_equal(bytes_of_file(&directory), held_up);
    store_close(store);
    directory_destroy(&directory);
}

/* Goes on where the store is, and says the number of each batch that was acknowledged. */
static void run_writer(const char *path, int ask, int answer)
{
    (void)ask;
    struct error error;
    struct store *store = open_or_exit(path, STORE_WRITER);
    for (uint64_t number = batches_last(store) + 1;; number++) {
        if (!batches_write(store, 1, number, &error) ||
            write(answer, &number, sizeof number) != (ssize_t)sizeof number)
            _exit(1);
    }
}

/* So that kills strike everywhere in a commit. */
static void spin(uint64_t ns)
{
    uint64_t begin = clock_monotonic_ns();
    while (clock_monotonic_ns() - begin < ns)
        continue;
}

/* The last batch that the writer has acknowledged, after it is killed in the middle of one that follows. */
static uint64_t kill_writer(const struct directory *directory, struct random_state *random)
{
    struct other writer = start_other(directory, run_writer);
    uint64_t number = 0, later;
    for (uint64_t left = 1 + random_next(random) % MOST_ACKNOWLEDGED; left > 0; left--)
        assert_int_equal(read(writer.answer, &number, sizeof number), sizeof number);
    spin(random_next(random) % LATEST_KILL_NS);
    assert_int_equal(kill(writer.pid, SIGKILL), 0);
    while (read(writer.answer, &later, sizeof later) == (ssize_t)sizeof later)
        number = later;
    end_other(&writer, SIGKILL);
    return number;
}

/*
 * Half of the time a reader lives on, and with it what LMDB has in shared memory; else the next one begins
 * with the files alone.
 */
static void test_lmdb_killed_writer_loses_nothing(void **state)
{
    (void)state;
    struct directory directory;
    struct random_state random = {batches_number_from("SENDA_STORE_SEED", 20240301)};
    uint64_t kills = batches_number_from("SENDA_STORE_KILLS", KILLS), unacknowledged = 0;
    print_message("seed %" PRIu64 ", %" PRIu64 " kills\n", random.value, kills);
    directory_create_on_disk(&directory);
    store_close(open_writer(&directory));
    for (uint64_t i = 0; i < kills; i++) {
        struct other reader = start_other(&directory, run_reader);
        if (i > 0 && i % 2 == 0)
            assert_true(ask_other(&reader) > 0);
        uint64_t acknowledged = kill_writer(&directory, &random);
        struct store *store = open_writer(&directory);
        uint64_t last = batches_last(store);
        assert_true(last == acknowledged || last == acknowledged + 1);
        assert_true(batches_are_whole(store, 1));
        unacknowledged += last - acknowledged;
        store_close(store);
        assert_int_equal(ask_other(&reader), last);
        end_other(&reader, 0);
    }
    print_message("%" PRIu64 " batches were there that had not been acknowledged yet\n", unacknowledged);
    directory_destroy(&directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lmdb_readers_see_every_batch),
        cmocka_unit_test(test_lmdb_readers_grow_along),
        cmocka_unit_test(test_lmdb_tend_clears_up_behind_dead_readers),
        cmocka_unit_test(test_lmdb_killed_writer_loses_nothing),
    };
    return cmocka_run_group_tests_name("store/lmdb: processes", tests, NULL, NULL);
}
