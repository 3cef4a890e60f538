/* lmdb: thousands of random batches, reads and scans find what they find in memory. SENDA_STORE_SEED, _STEPS.
 */
#include "../cmocka_all.h"

#include <inttypes.h>
#include <stdlib.h>

#include "asking_builder.h"
#include "base/random.h"
#include "batches_builder.h"
#include "directory_builder.h"

enum {
    MOST_WRITES = 24,
    MOST_VALUE = 30000, /* bytes */
    STEPS = 3000,
    SMALL_MAP = 1024 * 1024, /* so that it has to grow */
    COMPARE_ALL_ONCE_IN = 100,
    REOPEN_ONCE_IN = 150,
};

struct comparison {
    struct directory directory;
    struct random_state random;
    struct store *lmdb;
    struct store *memory;
    char keys[MOST_WRITES][STORE_KEY_MOST]; /* of the batch that is being made */
    char value[MOST_VALUE];                 /* which all values begin like */
};

static size_t pick(struct comparison *comparison, size_t below)
{
    return (size_t)(random_next(&comparison->random) % below);
}

static struct store *open_lmdb(const struct comparison *comparison)
{
    struct error error;
    struct store *store = store_lmdb_open(comparison->directory.store, STORE_WRITER, SMALL_MAP, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    return store;
}

/* Of few letters, so that keys meet; mostly short, some as long as may be. */
static struct text random_key(struct comparison *comparison, char *bytes)
{
    size_t length = 1 + pick(comparison, pick(comparison, 20) == 0 ? STORE_KEY_MOST : 4);
    for (size_t i = 0; i < length; i++)
        bytes[i] = i < 4 ? (char)("ab\xFF\0"[pick(comparison, 4)]) : 'x';
    return (struct text){bytes, length};
}

static struct text random_value(struct comparison *comparison)
{
    size_t kind = pick(comparison, 10);
    if (kind < 3)
        return (struct text){NULL, 0};
    size_t most = kind == 9 ? MOST_VALUE : 200;
    size_t from = pick(comparison, most);
    return (struct text){comparison->value + from, pick(comparison, most - from)};
}

static void write_both(struct comparison *comparison)
{
    struct store_write writes[MOST_WRITES];
    struct error error;
    size_t count = 1 + pick(comparison, MOST_WRITES);
    for (size_t i = 0; i < count; i++)
        writes[i] =
            (struct store_write){random_key(comparison, comparison->keys[i]), random_value(comparison)};
    assert_true(asking_write(comparison->lmdb, writes, count, &error));
    assert_true(asking_write(comparison->memory, writes, count, &error));
}

static void read_both(struct comparison *comparison)
{
    struct text key = random_key(comparison, comparison->keys[0]);
    struct buffer value;
    struct text expected = {NULL, 0};
    if (asking_get(comparison->memory, key, &value))
        expected = value.length == 0 ? TEXT("") : (struct text){value.bytes, value.length};
    assert_true(asking_finds(comparison->lmdb, key, expected));
    buffer_destroy(&value);
}

static void scan_both(struct comparison *comparison)
{
    struct text from = {NULL, 0}, prefix = {NULL, 0};
    struct buffer of_lmdb, of_memory;
    buffer_create(&of_lmdb);
    buffer_create(&of_memory);
    if (pick(comparison, 2) == 0)
        from = random_key(comparison, comparison->keys[0]);
    if (pick(comparison, 3) != 0) {
        prefix = random_key(comparison, comparison->keys[1]);
        prefix.length = 1 + prefix.length % 2;
    }
    size_t most = pick(comparison, 40);
    size_t entries = asking_scan(comparison->memory, from, prefix, most, &of_memory);
    assert_int_equal(asking_scan(comparison->lmdb, from, prefix, most, &of_lmdb), entries);
    assert_true(text_equal((struct text){of_lmdb.bytes, of_lmdb.length},
                           (struct text){of_memory.bytes, of_memory.length}));
    buffer_destroy(&of_lmdb);
    buffer_destroy(&of_memory);
}

static void reopen(struct comparison *comparison)
{
    struct error error;
    store_close(comparison->lmdb);
    if (pick(comparison, 2) == 0)
        assert_true(store_lmdb_compact(comparison->directory.store, &error));
    comparison->lmdb = open_lmdb(comparison);
}

static void step(struct comparison *comparison)
{
    write_both(comparison);
    read_both(comparison);
    scan_both(comparison);
    if (pick(comparison, REOPEN_ONCE_IN) == 0)
        reopen(comparison);
    if (pick(comparison, COMPARE_ALL_ONCE_IN) == 0)
        assert_true(asking_same(comparison->lmdb, comparison->memory));
}

static void test_lmdb_random_is_as_memory(void **state)
{
    (void)state;
    struct error error;
    struct comparison *comparison = calloc(1, sizeof *comparison);
    assert_non_null(comparison);
    comparison->random.value = batches_number_from("SENDA_STORE_SEED", 20240229);
    uint64_t steps = batches_number_from("SENDA_STORE_STEPS", STEPS);
    print_message("seed %" PRIu64 ", %" PRIu64 " steps\n", comparison->random.value, steps);
    for (size_t i = 0; i < sizeof comparison->value; i++)
        comparison->value[i] = (char)random_next(&comparison->random);
    directory_create(&comparison->directory);
    comparison->memory = store_memory_open(&error);
    comparison->lmdb = open_lmdb(comparison);
    for (uint64_t i = 0; i < steps; i++)
        step(comparison);
    assert_true(asking_same(comparison->lmdb, comparison->memory));
    store_close(comparison->lmdb);
    store_close(comparison->memory);
    directory_destroy(&comparison->directory);
    free(comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lmdb_random_is_as_memory)};
    return cmocka_run_group_tests_name("store/lmdb: by chance", tests, NULL, NULL);
}
