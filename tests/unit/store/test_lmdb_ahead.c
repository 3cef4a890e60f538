/* lmdb_ahead: keys that are said ahead are found in trees of every shape, in every process, and in no file
 * that is damaged or of another version is anything looked for beyond its pages. */
#include "../cmocka_all.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asking_builder.h"
#include "base/random.h"
#include "directory_builder.h"

enum {
    MIB = 1024 * 1024,
    PAGE = 4096,
    KEYS = 6000,   /* more than three levels of pages have room for */
    TOGETHER = 37, /* keys said at once: more than are looked for at once, and no multiple */
    DAMAGES = 400,
    VERSION_AT = 20, /* in both of the first pages */
    CHANGES = 300,   /* batches while another process looks */
};

/* A key by its number: of every length there may be, the same beginnings among them. */
static struct text key_of(uint32_t number, char room[STORE_KEY_MOST])
{
    struct random_state random = {number + 1};
    size_t length = 8 + random_next(&random) % (number % 3 == 0 ? STORE_KEY_MOST - 8 : 40);
    memset(room, 'k', length);
    snprintf(room + length - 8, 9, "%08u", number);
    return (struct text){room, length};
}

static void fill(struct store *store, uint32_t from, uint32_t to)
{
    static char names[KEYS][STORE_KEY_MOST + 1];
    static const char value[PAGE * 2];
    struct store_write *writes = calloc(to - from, sizeof *writes);
    struct error error;
    for (uint32_t i = from; i < to; i++)
        writes[i - from] =
            (struct store_write){key_of(i, names[i]), {value, i % 50 == 0 ? sizeof value : i % 90}};
    assert_true(asking_write(store, writes, to - from, &error));
    free(writes);
}

/* Says them in groups; returns how many were found. */
static size_t expect_range(struct store *store, uint32_t from, uint32_t to)
{
    static char names[TOGETHER][STORE_KEY_MOST + 1];
    size_t found = 0;
    for (uint32_t i = from; i < to; i += TOGETHER) {
        struct text keys[TOGETHER];
        size_t count = 0;
        for (; count < TOGETHER && i + count < to; count++)
            keys[count] = key_of(i + (uint32_t)count, names[count]);
        found += store_expect(store, keys, count);
    }
    return found;
}

static struct store *open_store(const struct directory *directory, enum store_access access)
{
    struct error error;
    struct store *store = store_lmdb_open(directory->store, access, MIB, &error);
    if (store == NULL)
        fail_msg("%s", error.message);
    return store;
}

static int setup(void **state)
{
    struct directory *directory = malloc(sizeof *directory);
    assert_non_null(directory);
    directory_create(directory);
    *state = directory;
    return 0;
}

static int teardown(void **state)
{
    directory_destroy(*state);
    free(*state);
    return 0;
}

/* The map grows on the way, and with it the tree from one page to four levels. */
static void test_lmdb_ahead_finds_all_in_trees_of_every_depth(void **state)
{
    struct store *store = open_store(*state, STORE_WRITER);
    assert_int_equal(expect_range(store, 0, 50), 0);
    for (uint32_t count = 1, before = 0; before < KEYS; count *= 4) {
        uint32_t now = count < KEYS ? count : KEYS;
        fill(store, before, now);
        assert_int_equal(expect_range(store, 0, now), now);
        assert_int_equal(expect_range(store, now, now + 100), 0);
        before = now;
    }
    store_close(store);
}

static void test_lmdb_ahead_finds_all_after_opening_anew(void **state)
{
    struct store *store = open_store(*state, STORE_WRITER);
    fill(store, 0, KEYS / 2);
    store_close(store);
    store = open_store(*state, STORE_READER);
    assert_int_equal(expect_range(store, 0, KEYS / 2 + 10), KEYS / 2);
    store_close(store);
}

static void test_lmdb_is_far_where_it_is_large(void **state)
{
    struct store *store = open_store(*state, STORE_WRITER);
    char *value = calloc(1, 4 * MIB);
    assert_non_null(value);
    assert_false(store_is_far(store));
    for (size_t i = 0; i < 5; i++)
        asking_put(store, (struct text){"abcde" + i, 1}, (struct text){value, 4 * MIB});
    assert_true(store_is_far(store));
    free(value);
    store_close(store);
}

/* Another process looks, over and over, for what was there from the beginning; it tells how often all of it
 * was found. What it looks at may be replaced twice while it looks, so that it cannot tell; never is it
 * some. */
static void look_on(const struct directory *directory, int done)
{
    struct store *store = open_store(directory, STORE_READER);
    uint64_t whole = 0;
    char byte;
    while (read(done, &byte, 1) == -1) {
        char names[TOGETHER][STORE_KEY_MOST + 1];
        struct text keys[TOGETHER];
        for (uint32_t i = 0; i < TOGETHER; i++)
            keys[i] = key_of(i * 11, names[i]);
        size_t found = store_expect(store, keys, TOGETHER);
        whole += found == TOGETHER;
        if (found != TOGETHER && found != 0)
            _exit(1);
    }
    store_close(store);
    _exit(whole > 0 ? 0 : 2);
}

static void test_lmdb_ahead_while_the_store_changes(void **state)
{
    struct store *store = open_store(*state, STORE_WRITER);
    int done[2], status;
    fill(store, 0, TOGETHER * 11);
    store_close(store);
    assert_int_equal(pipe2(done, O_NONBLOCK), 0);
    pid_t other = fork();
    assert_true(other >= 0);
    if (other == 0)
        look_on(*state, done[0]);
    store = open_store(*state, STORE_WRITER);
    for (uint32_t i = 0; i < CHANGES; i++) {
        fill(store, i * 13 % KEYS, (i * 13 % KEYS) + 13);
        char name[STORE_KEY_MOST + 1];
        asking_delete(store, key_of(TOGETHER * 11 + i * 7 % 500, name));
    }
    assert_int_equal(write(done[1], "", 1), 1);
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_int_equal(status, 0);
    close(done[0]);
    close(done[1]);
    store_close(store);
}

static void poke(const struct directory *directory, off_t offset, const void *bytes, size_t length)
{
    int file = open(directory_below(directory->store, STORE_LMDB_FILE), O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, length, offset), length);
    close(file);
}

static void test_lmdb_ahead_keeps_away_from_other_versions(void **state)
{
    struct store *store = open_store(*state, STORE_WRITER);
    fill(store, 0, 500);
    poke(*state, VERSION_AT, "\2", 1);
    poke(*state, VERSION_AT + PAGE, "\2", 1);
    assert_int_equal(expect_range(store, 0, 500), 0);
    poke(*state, VERSION_AT, "\1", 1);
    poke(*state, VERSION_AT + PAGE, "\1", 1);
    assert_int_equal(expect_range(store, 0, 500), 500);
    store_close(store);
}

static off_t size_of(const struct directory *directory)
{
    int file = open(directory_below(directory->store, STORE_LMDB_FILE), O_RDONLY | O_CLOEXEC);
    off_t size = lseek(file, 0, SEEK_END);
    close(file);
    return size;
}

/* Half of the damage hits what pages begin with. */
static void test_lmdb_ahead_survives_damage(void **state)
{
    struct store *store = open_store(*state, STORE_WRITER);
    struct random_state random = {6};
    fill(store, 0, KEYS / 4);
    assert_int_equal(expect_range(store, 0, KEYS / 4), KEYS / 4);
    uint64_t pages = (uint64_t)size_of(*state) / PAGE;
    for (unsigned i = 0; i < DAMAGES; i++) {
        uint64_t bytes = random_next(&random), page = 2 + random_next(&random) % (pages - 2);
        uint64_t within = random_next(&random) % (i % 2 == 0 ? 64 : PAGE - sizeof bytes);
        poke(*state, (off_t)(page * PAGE + within), &bytes, 1 + i % sizeof bytes);
        if (i % 16 == 0)
            assert_true(expect_range(store, 0, KEYS / 4) <= KEYS / 4);
    }
    assert_true(expect_range(store, 0, KEYS / 4) < KEYS / 4);
    store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lmdb_ahead_finds_all_in_trees_of_every_depth),
        TEST(test_lmdb_ahead_finds_all_after_opening_anew),
        TEST(test_lmdb_is_far_where_it_is_large),
        TEST(test_lmdb_ahead_while_the_store_changes),
        TEST(test_lmdb_ahead_keeps_away_from_other_versions),
        TEST(test_lmdb_ahead_survives_damage),
    };
    return cmocka_run_group_tests_name("store/lmdb_ahead", tests, NULL, NULL);
}
