/* Tests of base/ring.c. */
#include "base/ring.h"

#include "../cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAPACITY = 256 };

static struct ring *make(void)
{
    struct ring *ring = aligned_alloc(64, ring_size(CAPACITY));
    assert_non_null(ring);
    memset(ring, 0xEE, ring_size(CAPACITY));
    ring_create(ring, CAPACITY);
    return ring;
}

static bool put(struct ring *ring, const char *text)
{
    void *room = ring_reserve(ring, strlen(text));
    if (room == NULL)
        return false;
    memcpy(room, text, strlen(text));
    ring_commit(ring, strlen(text));
    return true;
}

static void expect(struct ring *ring, uint64_t *position, const char *text)
{
    struct text record;
    assert_true(ring_read(ring, position, ring_end(ring), &record));
    assert_int_equal(record.length, strlen(text));
    assert_memory_equal(record.bytes, text, record.length);
}

static void test_ring_gives_records_in_order(void **state)
{
    (void)state;
    struct ring *ring = make();
    struct text record;
    uint64_t position = 0;
    assert_true(put(ring, "one"));
    assert_true(put(ring, "twenty-one"));
    expect(ring, &position, "one");
    expect(ring, &position, "twenty-one");
    assert_false(ring_read(ring, &position, ring_end(ring), &record));
    assert_int_equal(position, ring_end(ring));
    free(ring);
}

static void test_ring_shows_nothing_before_commit(void **state)
{
    (void)state;
    struct ring *ring = make();
    struct text record;
    uint64_t position = 0;
    assert_non_null(ring_reserve(ring, 10));
    assert_false(ring_read(ring, &position, ring_end(ring), &record));
    free(ring);
}

static void test_ring_is_full_until_released(void **state)
{
    (void)state;
    struct ring *ring = make();
    uint64_t position = 0;
    size_t count = 0;
    while (put(ring, "sixteen bytes ok"))
        count++;
    assert_int_equal(count, CAPACITY / 24);
    expect(ring, &position, "sixteen bytes ok");
    assert_false(put(ring, "sixteen bytes ok"));
    expect(ring, &position, "sixteen bytes ok");
    ring_release(ring, position);
    assert_int_equal(ring_done(ring), position);
    assert_true(put(ring, "sixteen bytes ok"));
    free(ring);
}

static void test_ring_refuses_what_can_never_fit(void **state)
{
    (void)state;
    struct ring *ring = make();
    assert_null(ring_reserve(ring, CAPACITY / 2 - 7));
    assert_null(ring_reserve(ring, 0));
    assert_non_null(ring_reserve(ring, CAPACITY / 2 - 8));
    free(ring);
}

/* For what is shorter and more important; also where the record has to begin at the start again. */
static void test_ring_leaves_room(void **state)
{
    (void)state;
    struct ring *ring = make();
    uint64_t position = 0;
    assert_int_equal(ring_space(16), 24);
    assert_int_equal(ring_space(17), 32);
    assert_non_null(ring_reserve_leaving(ring, 16, CAPACITY - 24));
    assert_null(ring_reserve_leaving(ring, 16, CAPACITY - 23));
    for (unsigned i = 0; i < 10; i++)
        assert_true(put(ring, "sixteen bytes ok"));
    expect(ring, &position, "sixteen bytes ok");
    expect(ring, &position, "sixteen bytes ok");
    ring_release(ring, position);
    assert_non_null(ring_reserve_leaving(ring, 24, 16));
    assert_null(ring_reserve_leaving(ring, 24, 17));
    assert_non_null(ring_reserve(ring, 24));
    free(ring);
}

/* Lengths from 1 on, many times around. */
static void test_ring_goes_around(void **state)
{
    (void)state;
    struct ring *ring = make();
    char bytes[CAPACITY / 2 - 8];
    struct text record;
    uint64_t position = 0;
    for (unsigned i = 0; i < 10000; i++) {
        size_t length = 1 + i * 7 % sizeof bytes;
        memset(bytes, (int)(i & 0xFF), length);
        void *room = ring_reserve(ring, length);
        assert_non_null(room);
        assert_int_equal((uintptr_t)room % 8, 0);
        memcpy(room, bytes, length);
        ring_commit(ring, length);
        assert_true(ring_read(ring, &position, ring_end(ring), &record));
        assert_int_equal(record.length, length);
        assert_memory_equal(record.bytes, bytes, length);
        ring_release(ring, position);
    }
    free(ring);
}

static void test_ring_survives_lengths_that_cannot_be(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {0, CAPACITY, UINT64_MAX - 1, 100};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct ring *ring = make();
        struct text record;
        uint64_t position = 0;
        assert_true(put(ring, "one"));
        memcpy(ring->bytes, &lengths[i], sizeof lengths[i]);
        assert_false(ring_read(ring, &position, ring_end(ring), &record));
        assert_int_equal(position, ring_end(ring));
        free(ring);
    }
}

static void write_numbers(struct ring *ring, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t length = sizeof i * (1 + i % 9);
        uint32_t *room;
        while ((room = ring_reserve(ring, length)) == NULL)
            usleep(10);
        for (uint32_t j = 0; j <= i % 9; j++)
            room[j] = i;
        ring_commit(ring, length);
    }
}

static void test_ring_joins_two_processes(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct ring *ring =
        mmap(NULL, ring_size(4096), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(ring, MAP_FAILED);
    ring_create(ring, 4096);
    pid_t child = fork();
    if (child == 0) {
        write_numbers(ring, COUNT);
        _exit(0);
    }
    uint64_t position = 0;
    for (uint32_t next = 0; next < COUNT;) {
        struct text record;
        while (ring_read(ring, &position, ring_end(ring), &record)) {
            uint32_t last;
            memcpy(&last, record.bytes + record.length - sizeof last, sizeof last);
            assert_int_equal(record.length, sizeof last * (1 + next % 9));
            assert_int_equal(last, next++);
        }
        ring_release(ring, position);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    munmap(ring, ring_size(4096));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring_gives_records_in_order),
        cmocka_unit_test(test_ring_shows_nothing_before_commit),
        cmocka_unit_test(test_ring_is_full_until_released),
        cmocka_unit_test(test_ring_refuses_what_can_never_fit),
        cmocka_unit_test(test_ring_leaves_room),
        cmocka_unit_test(test_ring_goes_around),
        cmocka_unit_test(test_ring_survives_lengths_that_cannot_be),
        cmocka_unit_test(test_ring_joins_two_processes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
