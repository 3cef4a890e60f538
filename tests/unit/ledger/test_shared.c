/* ledger/shared: memory that outlives processes, and waking each other. */
#include "../cmocka_all.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/shared.h"

enum { WORKERS = 3 };

static int setup(void **state)
{
    struct error error;
    *state = shared_new(WORKERS, &error);
    return *state == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    shared_free(*state);
    return 0;
}

static bool rings(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

static void push(struct ring *ring, const char *text)
{
    void *room = ring_reserve(ring, strlen(text));
    assert_non_null(room);
    memcpy(room, text, strlen(text));
    ring_commit(ring, strlen(text));
}

static void assert_holds(const struct ring *ring, const char *text)
{
    uint64_t position = ring_done(ring);
    struct text record;
    assert_true(ring_read(ring, &position, ring_end(ring), &record));
    assert_true(text_equal(record, text_from(text)));
    assert_int_equal(position, ring_end(ring));
}

static void test_shared_rings_are_apart(void **state)
{
    struct shared *shared = *state;
    char text[40];
    for (int round = 0; round < 2; round++)
        for (unsigned i = 0; i < WORKERS; i++) {
            struct ring *rings[] = {shared->lanes[i].commands, shared->lanes[i].decisions,
                                    shared->lanes[i].outcomes};
            for (unsigned kind = 0; kind < 3; kind++) {
                snprintf(text, sizeof text, "ring %u of worker %u", kind, i);
                if (round == 0)
                    push(rings[kind], text);
                else
                    assert_holds(rings[kind], text);
            }
        }
}

static void test_shared_rings_are_as_large_as_said(void **state)
{
    struct shared *shared = *state;
    for (unsigned i = 0; i < WORKERS; i++) {
        assert_int_equal(shared->lanes[i].commands->capacity, SHARED_COMMANDS);
        assert_int_equal(shared->lanes[i].decisions->capacity, SHARED_DECISIONS);
        assert_int_equal(shared->lanes[i].outcomes->capacity, SHARED_OUTCOMES);
        memset(shared->lanes[i].outcomes->bytes, 0xFF, SHARED_OUTCOMES);
    }
    assert_int_equal(ring_end(shared->lanes[1].commands), 0);
    assert_int_equal(shared->claims->words[CLAIMS_PLACES - 1], 0);
}

static void test_shared_outlives_processes(void **state)
{
    struct shared *shared = *state;
    pid_t child = fork();
    int status;
    if (child == 0) {
        claims_word word = claims_look(shared->claims, 5);
        push(shared->lanes[1].commands, "from a process that dies");
        shared_wake_worker(shared, 2);
        _exit(claims_try(shared->claims, 5, &word) ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_holds(shared->lanes[1].commands, "from a process that dies");
    assert_int_equal(claims_open(claims_look(shared->claims, 5)), 1);
    assert_true(rings(shared->lanes[2].wake));
}

static void test_shared_is_another_one_each_time(void **state)
{
    struct shared *shared = *state;
    struct error error;
    struct shared *other = shared_new(1, &error);
    assert_non_null(other);
    assert_int_not_equal(shared->state->incarnation, other->state->incarnation);
    shared_free(other);
}

static bool wakes(struct shared *shared, enum shared_sleep sleep, bool commands)
{
    atomic_store(&shared->state->ledger_sleep, sleep);
    shared_wake_ledger(shared, commands);
    bool woken = rings(shared->wake_ledger);
    shared_drain_wakes(shared->wake_ledger);
    assert_false(rings(shared->wake_ledger));
    if (woken)
        assert_int_equal(atomic_load(&shared->state->ledger_sleep), SHARED_AWAKE);
    else
        assert_int_equal(atomic_load(&shared->state->ledger_sleep), sleep);
    return woken;
}

static void test_shared_wakes_who_wants_it(void **state)
{
    struct shared *shared = *state;
    assert_false(wakes(shared, SHARED_AWAKE, true));
    assert_false(wakes(shared, SHARED_AWAKE, false));
    assert_true(wakes(shared, SHARED_DOZING, true));
    assert_false(wakes(shared, SHARED_DOZING, false));
    assert_true(wakes(shared, SHARED_SLEEPING, true));
    assert_true(wakes(shared, SHARED_SLEEPING, false));
}

static void test_shared_wakes_one_worker(void **state)
{
    struct shared *shared = *state;
    shared_wake_worker(shared, 1);
    shared_wake_worker(shared, 1);
    assert_false(rings(shared->lanes[0].wake));
    assert_true(rings(shared->lanes[1].wake));
    shared_drain_wakes(shared->lanes[1].wake);
    assert_false(rings(shared->lanes[1].wake));
    shared_drain_wakes(shared->lanes[1].wake);
}

/* What was taken before that is given back. */
static void test_shared_fails_without_descriptors(void **state)
{
    struct rlimit before, none;
    struct error error = {0};
    int next = dup(0);
    (void)state;
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = (rlim_t)next + 2; /* enough for the ledger and one worker */
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    struct shared *shared = shared_new(WORKERS, &error);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_null(shared);
    assert_non_null(strstr(error.message, "can't make an eventfd"));
    int again = dup(0);
    assert_int_equal(again, next);
    close(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_shared_##name, setup, teardown)
        TEST(rings_are_apart),           TEST(rings_are_as_large_as_said), TEST(outlives_processes),
        TEST(is_another_one_each_time),  TEST(wakes_who_wants_it),         TEST(wakes_one_worker),
        TEST(fails_without_descriptors),
#undef TEST
    };
    return cmocka_run_group_tests_name("ledger/shared", tests, NULL, NULL);
}
