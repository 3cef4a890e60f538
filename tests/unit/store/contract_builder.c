/* What every kind of store has to do. */
#include "contract_builder.h"

#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "asking_builder.h"

enum { MANY = 300 };

static const struct text MISSING = {NULL, 0};

struct contract {
    const struct contract_kind *kind;
    struct store *store; /* made for one test */
    void *context;       /* the kind's */
};

static const struct contract_kind *kind_under_test;

static int setup(void **state)
{
    struct contract *contract = calloc(1, sizeof *contract);
    assert_non_null(contract);
    contract->kind = kind_under_test;
    contract->store = contract->kind->open(&contract->context);
    *state = contract;
    return contract->store == NULL;
}

static int teardown(void **state)
{
    struct contract *contract = *state;
    contract->kind->close(contract->store, contract->context);
    free(contract);
    return 0;
}

static struct store *store_of(void **state)
{
    return ((struct contract *)*state)->store;
}

static void test_store_begins_empty(void **state)
{
    struct store *store = store_of(state);
    struct buffer found;
    buffer_create(&found);
    assert_true(asking_finds(store, TEXT("a"), MISSING));
    assert_int_equal(asking_scan(store, MISSING, TEXT("a"), 10, &found), 0);
    assert_int_equal(asking_scan(store, MISSING, TEXT("c"), 10, &found), 0);
    buffer_destroy(&found);
}

static void test_store_keeps_what_was_put(void **state)
{
    struct store *store = store_of(state);
    asking_put(store, TEXT("key"), TEXT("value"));
    assert_true(asking_finds(store, TEXT("key"), TEXT("value")));
    assert_true(asking_finds(store, TEXT("ke"), MISSING));
    assert_true(asking_finds(store, TEXT("keys"), MISSING));
    asking_put(store, TEXT("key"), TEXT("another, which is longer"));
    assert_true(asking_finds(store, TEXT("key"), TEXT("another, which is longer")));
    asking_put(store, TEXT("key"), TEXT("v"));
    assert_true(asking_finds(store, TEXT("key"), TEXT("v")));
}

static void test_store_deletes(void **state)
{
    struct store *store = store_of(state);
    asking_put(store, TEXT("key"), TEXT("value"));
    asking_delete(store, TEXT("ke"));
    assert_true(asking_finds(store, TEXT("key"), TEXT("value")));
    asking_delete(store, TEXT("key"));
    assert_true(asking_finds(store, TEXT("key"), MISSING));
    asking_delete(store, TEXT("key"));
    assert_true(asking_finds(store, TEXT("key"), MISSING));
}

/* A value of no bytes is a value. */
static void test_store_tells_empty_from_missing(void **state)
{
    struct store *store = store_of(state);
    asking_put(store, TEXT("key"), TEXT(""));
    assert_true(asking_finds(store, TEXT("key"), TEXT("")));
    assert_false(asking_finds(store, TEXT("key"), MISSING));
}

static void test_store_keys_are_any_bytes(void **state)
{
    struct store *store = store_of(state);
    asking_put(store, TEXT("c\0"), TEXT("zero"));
    asking_put(store, TEXT("c\0\xFF"), TEXT("\0\0"));
    asking_put(store, TEXT("c"), TEXT("short"));
    assert_true(asking_finds(store, TEXT("c\0"), TEXT("zero")));
    assert_true(asking_finds(store, TEXT("c\0\xFF"), TEXT("\0\0")));
    assert_true(asking_finds(store, TEXT("c"), TEXT("short")));
}

static void test_store_write_takes_the_last_of_a_key(void **state)
{
    struct store *store = store_of(state);
    struct error error;
    const struct store_write writes[] = {
        {TEXT("b"), TEXT("1")}, {TEXT("a"), TEXT("2")}, {TEXT("b"), MISSING},   {TEXT("a"), TEXT("3")},
        {TEXT("c"), TEXT("4")}, {TEXT("a"), MISSING},   {TEXT("b"), TEXT("5")}, {TEXT("c"), TEXT("6")},
    };
    assert_true(asking_write(store, writes, sizeof writes / sizeof *writes, &error));
    assert_true(asking_finds(store, TEXT("a"), MISSING));
    assert_true(asking_finds(store, TEXT("b"), TEXT("5")));
    assert_true(asking_finds(store, TEXT("c"), TEXT("6")));
}

static void test_store_write_of_nothing_succeeds(void **state)
{
    struct error error;
    assert_true(asking_write(store_of(state), NULL, 0, &error));
}

struct several {
    unsigned times; /* the callback came */
};

static void several_read(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct several *several = context;
    several->times++;
    assert_null(error);
    assert_int_equal(count, 4);
    assert_true(text_equal(values[0], TEXT("3")));
    assert_null(values[1].bytes);
    assert_true(text_equal(values[2], TEXT("1")));
    assert_true(text_equal(values[3], TEXT("3")));
}

/* What is said ahead changes nothing, and is found where it is there. */
static void test_store_expect_finds_what_is_there(void **state)
{
    struct store *store = store_of(state);
    const struct text keys[] = {TEXT("key"), TEXT("ke"), TEXT("a"), TEXT("keys"), TEXT("z"), TEXT("key")};
    assert_int_equal(store_expect(store, keys, 6), 0);
    asking_put(store, TEXT("key"), TEXT("value"));
    asking_put(store, TEXT("a"), TEXT(""));
    assert_int_equal(store_expect(store, keys, 6), 3);
    assert_int_equal(store_expect(store, keys, 0), 0);
    asking_delete(store, TEXT("a"));
    assert_int_equal(store_expect(store, keys, 6), 2);
    assert_true(asking_finds(store, TEXT("key"), TEXT("value")));
    assert_true(asking_finds(store, TEXT("a"), MISSING));
}

static void test_store_read_answers_in_the_order_asked(void **state)
{
    struct store *store = store_of(state);
    const struct text keys[] = {TEXT("c"), TEXT("b"), TEXT("a"), TEXT("c")};
    struct several several = {0};
    asking_put(store, TEXT("a"), TEXT("1"));
    asking_put(store, TEXT("c"), TEXT("3"));
    store_read(store, keys, 4, several_read, &several);
    assert_int_equal(several.times, 1);
}

static void many_read(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct several *several = context;
    several->times++;
    assert_null(error);
    assert_int_equal(count, MANY);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(atoi(values[i].bytes), i % 2 == 0 ? i : 1000 + i);
}

static void test_store_read_of_many_keys(void **state)
{
    struct store *store = store_of(state);
    static char keys[MANY][8], values[MANY][8];
    struct store_write writes[MANY];
    struct text names[MANY];
    struct error error;
    for (int i = 0; i < MANY; i++) {
        snprintf(keys[i], sizeof keys[i], "%d", i);
        snprintf(values[i], sizeof values[i], "%d", i % 2 == 0 ? i : 1000 + i);
        names[i] = text_from(keys[i]);
        writes[i] = (struct store_write){names[i], {values[i], strlen(values[i]) + 1}};
    }
    struct several several = {0};
    assert_true(asking_write(store, writes, MANY, &error));
    store_read(store, names, MANY, many_read, &several);
    assert_int_equal(several.times, 1);
}

static void none_read(void *context, const struct text *values, size_t count, const struct error *error)
{
    (void)values;
    assert_null(error);
    assert_int_equal(count, 0);
    ((struct several *)context)->times++;
}

static void test_store_read_of_no_keys(void **state)
{
    struct several several = {0};
    store_read(store_of(state), NULL, 0, none_read, &several);
    assert_int_equal(several.times, 1);
}

/* Keys that a scan found, joined by blanks. */
struct found {
    char keys[256];
    size_t most;       /* entries after which the callback ends it */
    size_t entries;    /* so far */
    unsigned outcomes; /* how often it ended */
};

static bool found_entry(void *context, struct text key, struct text value)
{
    struct found *found = context;
    assert_true(text_equal(value, TEXT("v")));
    strncat(found->keys, key.bytes, key.length);
    strcat(found->keys, " ");
    return ++found->entries < found->most;
}

static void found_all(void *context, const struct error *error)
{
    assert_null(error);
    ((struct found *)context)->outcomes++;
}

static void assert_scan_until(struct store *store, struct text from, struct text prefix, size_t most,
                              size_t ended_after, const char *keys)
{
    struct found found = {.most = ended_after};
    store_scan(store, from, prefix, most, found_entry, found_all, &found);
    assert_string_equal(found.keys, keys);
    assert_int_equal(found.outcomes, 1);
}

static void assert_scan(struct store *store, struct text from, struct text prefix, size_t most,
                        const char *keys)
{
    assert_scan_until(store, from, prefix, most, SIZE_MAX, keys);
}

static void put_alphabet(struct store *store)
{
    const char *const keys[] = {"b2", "a", "b", "c", "b10", "b1", "ab", "\xFF", "b\xFF"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        asking_put(store, text_from(keys[i]), TEXT("v"));
}

static void test_store_scan_keeps_to_the_prefix_in_order(void **state)
{
    struct store *store = store_of(state);
    put_alphabet(store);
    assert_scan(store, MISSING, TEXT("b"), 100, "b b1 b10 b2 b\xFF ");
    assert_scan(store, MISSING, TEXT("b1"), 100, "b1 b10 ");
    assert_scan(store, MISSING, TEXT("\xFF"), 100, "\xFF ");
    assert_scan(store, MISSING, TEXT("b3"), 100, "");
    assert_scan(store, MISSING, TEXT("zz"), 100, "");
    assert_scan(store, MISSING, MISSING, 4, "a ab b b1 ");
}

static void test_store_scan_begins_where_it_is_told(void **state)
{
    struct store *store = store_of(state);
    put_alphabet(store);
    assert_scan(store, TEXT("b10"), TEXT("b"), 100, "b10 b2 b\xFF ");
    assert_scan(store, TEXT("b11"), TEXT("b"), 100, "b2 b\xFF ");
    assert_scan(store, TEXT("a"), TEXT("b"), 100, "b b1 b10 b2 b\xFF ");
    assert_scan(store, TEXT("c"), TEXT("b"), 100, "");
    assert_scan(store, TEXT("b2"), TEXT(""), 3, "b2 b\xFF c ");
    assert_scan(store, TEXT(""), TEXT("b1"), 100, "b1 b10 ");
}

static void test_store_scan_ends_when_it_is_told(void **state)
{
    struct store *store = store_of(state);
    put_alphabet(store);
    assert_scan(store, MISSING, TEXT("b"), 2, "b b1 ");
    assert_scan(store, MISSING, TEXT("b"), 0, "");
    assert_scan_until(store, MISSING, TEXT("b"), 100, 3, "b b1 b10 ");
    assert_scan(store, MISSING, TEXT("b"), 100, "b b1 b10 b2 b\xFF ");
}

static bool read_within(void *context, struct text key, struct text value)
{
    (void)value;
    struct store *store = *(struct store **)context;
    assert_true(asking_finds(store, key, TEXT("v")));
    return true;
}

static void ended_within(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static void test_store_read_within_a_scan(void **state)
{
    struct store *store = store_of(state);
    put_alphabet(store);
    store_scan(store, MISSING, TEXT("b"), 100, read_within, ended_within, &store);
    assert_scan(store, MISSING, TEXT("b"), 2, "b b1 ");
}

static char *pattern_new(size_t length, unsigned seed)
{
    char *bytes = malloc(length);
    assert_non_null(bytes);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(seed + i * 31 + i / 251);
    return bytes;
}

static void test_store_keeps_large_values(void **state)
{
    struct store *store = store_of(state);
    static const size_t lengths[] = {STORE_VALUE_MOST,    1, 2000, 2049, 4096, 5000, 100000,
                                     STORE_VALUE_MOST - 1};
    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *bytes = pattern_new(lengths[i], i);
        asking_put(store, TEXT("large"), (struct text){bytes, lengths[i]});
        assert_true(asking_finds(store, TEXT("large"), (struct text){bytes, lengths[i]}));
        free(bytes);
    }
    asking_delete(store, TEXT("large"));
    assert_true(asking_finds(store, TEXT("large"), MISSING));
}

static void test_store_keeps_the_longest_keys(void **state)
{
    struct store *store = store_of(state);
    char *bytes = pattern_new(STORE_KEY_MOST, 5);
    struct text longest = {bytes, STORE_KEY_MOST}, shorter = {bytes, STORE_KEY_MOST - 1};
    asking_put(store, longest, TEXT("longest"));
    asking_put(store, shorter, TEXT("shorter"));
    assert_true(asking_finds(store, longest, TEXT("longest")));
    assert_true(asking_finds(store, shorter, TEXT("shorter")));
    free(bytes);
}

/* What is refused takes the whole batch with it. */
static void assert_refused(struct store *store, struct store_write write, enum error_code code)
{
    const struct store_write writes[] = {{TEXT("a"), TEXT("1")}, write, {TEXT("z"), TEXT("1")}};
    struct error error;
    assert_false(asking_write(store, writes, 3, &error));
    assert_int_equal(error.code, code);
    assert_true(asking_finds(store, TEXT("a"), MISSING));
    assert_true(asking_finds(store, TEXT("z"), MISSING));
}

static void test_store_write_is_refused_whole(void **state)
{
    struct store *store = store_of(state);
    char *bytes = pattern_new((size_t)STORE_VALUE_MOST + 1, 7);
    struct text too_long = {bytes, STORE_KEY_MOST + 1}, too_large = {bytes, (size_t)STORE_VALUE_MOST + 1};
    assert_refused(store, (struct store_write){too_long, TEXT("1")}, ERROR_TOO_LARGE);
    assert_refused(store, (struct store_write){too_long, MISSING}, ERROR_TOO_LARGE);
    assert_refused(store, (struct store_write){TEXT("b"), too_large}, ERROR_TOO_LARGE);
    assert_refused(store, (struct store_write){TEXT(""), TEXT("1")}, ERROR_INVALID);
    assert_refused(store, (struct store_write){MISSING, TEXT("1")}, ERROR_INVALID);
    free(bytes);
    asking_put(store, TEXT("a"), TEXT("2"));
    assert_true(asking_finds(store, TEXT("a"), TEXT("2")));
}

static void refused_scan(void *context, const struct error *error)
{
    assert_non_null(error);
    *(enum error_code *)context = error->code;
}

static void test_store_read_refuses_what_is_no_key(void **state)
{
    struct store *store = store_of(state);
    char *bytes = pattern_new(STORE_KEY_MOST + 1, 9);
    struct text too_long = {bytes, STORE_KEY_MOST + 1};
    struct error error;
    enum error_code code = ERROR_NONE;
    assert_false(asking_can_read(store, too_long, &error));
    assert_int_equal(error.code, ERROR_TOO_LARGE);
    assert_false(asking_can_read(store, TEXT(""), &error));
    assert_int_equal(error.code, ERROR_INVALID);
    store_scan(store, too_long, MISSING, 1, read_within, refused_scan, &code);
    assert_int_equal(code, ERROR_TOO_LARGE);
    code = ERROR_NONE;
    store_scan(store, MISSING, too_long, 1, read_within, refused_scan, &code);
    assert_int_equal(code, ERROR_TOO_LARGE);
    free(bytes);
}

static void test_store_figures_follow(void **state)
{
    struct store *store = store_of(state);
    struct store_figures before, after;
    struct error error;
    char *bytes = pattern_new(100000, 3);
    assert_true(store_figures(store, &before, &error));
    asking_put(store, TEXT("a"), (struct text){bytes, 100000});
    asking_put(store, TEXT("b"), TEXT("1"));
    assert_true(store_figures(store, &after, &error));
    assert_int_equal(after.keys, before.keys + 2);
    assert_true(after.bytes >= before.bytes + 100000);
    asking_delete(store, TEXT("a"));
    asking_delete(store, TEXT("b"));
    store_tend(store);
    assert_true(store_figures(store, &after, &error));
    assert_int_equal(after.keys, before.keys);
    assert_true(after.bytes < before.bytes + 100000);
    free(bytes);
}

static void test_store_tells_whether_something_was_written(void **state)
{
    struct store *store = store_of(state);
    asking_put(store, TEXT("a"), TEXT("1"));
    assert_true(asking_finds(store, TEXT("a"), TEXT("1")));
    uint64_t moment = store_moment(store);
    assert_true(store_is_unchanged(store, moment));
    assert_false(store_is_unchanged(store, 0));
    asking_put(store, TEXT("b"), TEXT("1"));
    assert_false(store_is_unchanged(store, moment));
    assert_true(asking_finds(store, TEXT("a"), TEXT("1")));
    assert_true(store_is_unchanged(store, store_moment(store)));
}

int contract_run(const struct contract_kind *kind)
{
#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        CONTRACT(test_store_begins_empty),
        CONTRACT(test_store_keeps_what_was_put),
        CONTRACT(test_store_deletes),
        CONTRACT(test_store_tells_empty_from_missing),
        CONTRACT(test_store_keys_are_any_bytes),
        CONTRACT(test_store_write_takes_the_last_of_a_key),
        CONTRACT(test_store_write_of_nothing_succeeds),
        CONTRACT(test_store_expect_finds_what_is_there),
        CONTRACT(test_store_read_answers_in_the_order_asked),
        CONTRACT(test_store_read_of_many_keys),
        CONTRACT(test_store_read_of_no_keys),
        CONTRACT(test_store_scan_keeps_to_the_prefix_in_order),
        CONTRACT(test_store_scan_begins_where_it_is_told),
        CONTRACT(test_store_scan_ends_when_it_is_told),
        CONTRACT(test_store_read_within_a_scan),
        CONTRACT(test_store_keeps_large_values),
        CONTRACT(test_store_keeps_the_longest_keys),
        CONTRACT(test_store_write_is_refused_whole),
        CONTRACT(test_store_read_refuses_what_is_no_key),
        CONTRACT(test_store_figures_follow),
        CONTRACT(test_store_tells_whether_something_was_written),
    };
#undef CONTRACT
    kind_under_test = kind;
    return cmocka_run_group_tests_name(kind->name, tests, NULL, NULL);
}
