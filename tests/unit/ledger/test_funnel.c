/* funnel: what batches count adds up in the store, whatever they count and however often they end. */
#include "../cmocka_all.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "ledger/funnel.h"

enum { KEYS_MOST = 4096, STEPS = 5000 };

/* A store that forgets nothing: keys in no order. */
struct shelf {
    char keys[KEYS_MOST][FUNNEL_KEY_BYTES];
    struct text values[KEYS_MOST]; /* owned */
    size_t count;
};

static struct text *shelf_find(struct shelf *shelf, struct text key)
{
    for (size_t i = 0; i < shelf->count; i++)
        if (memcmp(shelf->keys[i], key.bytes, FUNNEL_KEY_BYTES) == 0)
            return &shelf->values[i];
    return NULL;
}

static void shelf_put(struct shelf *shelf, const struct store_write *write)
{
    struct text *value = shelf_find(shelf, write->key);
    if (value == NULL) {
        assert_true(shelf->count < KEYS_MOST);
        memcpy(shelf->keys[shelf->count], write->key.bytes, FUNNEL_KEY_BYTES);
        value = &shelf->values[shelf->count++];
        *value = (struct text){NULL, 0};
    }
    char *copy = malloc(write->value.length);
    assert_non_null(copy);
    memcpy(copy, write->value.bytes, write->value.length);
    free((char *)value->bytes);
    *value = (struct text){copy, write->value.length};
}

static void shelf_free(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++)
        free((char *)shelf->values[i].bytes);
    free(shelf);
}

/* Ends a batch: reads, adds, writes. */
static void settle(struct funnel *funnel, struct shelf *shelf)
{
    size_t count;
    struct error error;
    const struct text *keys = funnel_keys(funnel, &count);
    struct text *present = calloc(count + 1, sizeof *present);
    for (size_t i = 0; i < count; i++) {
        struct text *value = shelf_find(shelf, keys[i]);
        present[i] = value == NULL ? (struct text){NULL, 0} : *value;
        assert_true(i == 0 || memcmp(keys[i - 1].bytes, keys[i].bytes, FUNNEL_KEY_BYTES) < 0);
    }
    const struct store_write *writes = funnel_settle(funnel, present, &error);
    assert_non_null(writes);
    for (size_t i = 0; i < count; i++)
        shelf_put(shelf, &writes[i]);
    free(present);
    funnel_clear(funnel);
}

static struct funnel_row row_of(struct shelf *shelf, uint32_t day, const struct funnel_names *names)
{
    char key[FUNNEL_KEY_BYTES];
    struct funnel_row row;
    funnel_row_key(day, names, key);
    struct text *value = shelf_find(shelf, (struct text){key, sizeof key});
    assert_non_null(value);
    assert_false(funnel_row_decode(&row, (struct text){key, sizeof key}, TEXT("\xdf\xff\xff\xff\xff"), NULL));
    assert_true(funnel_row_decode(&row, (struct text){key, sizeof key}, *value, NULL));
    assert_int_equal(row.day, day);
    return row;
}

struct counting {
    struct funnel funnel;
    struct shelf *shelf;
};

static int setup(void **state)
{
    struct counting *counting = calloc(1, sizeof *counting);
    if (counting == NULL || (counting->shelf = calloc(1, sizeof *counting->shelf)) == NULL)
        return -1;
    funnel_create(&counting->funnel);
    *state = counting;
    return 0;
}

static int teardown(void **state)
{
    struct counting *counting = *state;
    funnel_destroy(&counting->funnel);
    shelf_free(counting->shelf);
    free(counting);
    return 0;
}

static const struct funnel_names stage = {.journey = TEXT("walk"), .stage = TEXT("start")};
static const struct funnel_names offer = {
    .journey = TEXT("walk"), .stage = TEXT("start"), .offer = TEXT("guide"), .placement = TEXT("hero")};

static void test_funnel_counts_moves(void **state)
{
    struct counting *counting = *state;
    for (int i = 0; i < 3; i++)
        funnel_move(&counting->funnel, 20260101, stage.journey, stage.stage, FUNNEL_ENTERED, 1);
    funnel_move(&counting->funnel, 20260101, stage.journey, stage.stage, FUNNEL_DROPPED, 1);
    settle(&counting->funnel, counting->shelf);
    funnel_move(&counting->funnel, 20260101, stage.journey, stage.stage, FUNNEL_ADVANCED, 1);
    funnel_move(&counting->funnel, 20260101, stage.journey, stage.stage, FUNNEL_DROPPED, -1);
    settle(&counting->funnel, counting->shelf);
    struct funnel_row row = row_of(counting->shelf, 20260101, &stage);
    assert_int_equal(row.moves[FUNNEL_ENTERED], 3);
    assert_int_equal(row.moves[FUNNEL_ADVANCED], 1);
    assert_int_equal(row.moves[FUNNEL_DROPPED], 0);
    assert_true(text_equal(row.names.stage, TEXT("start")));
    assert_null(row.names.offer.bytes);
}

static void test_funnel_counts_touches_and_their_worth(void **state)
{
    struct counting *counting = *state;
    for (int batch = 0; batch < 2; batch++) {
        funnel_touch(&counting->funnel, 20260101, &offer, TOUCH_DECISION, 0);
        funnel_touch(&counting->funnel, 20260101, &offer, TOUCH_IMPRESSION, 0);
        funnel_touch(&counting->funnel, 20260101, &offer, TOUCH_CONVERSION, 12.25);
        settle(&counting->funnel, counting->shelf);
    }
    struct funnel_row row = row_of(counting->shelf, 20260101, &offer);
    assert_int_equal(row.touches[TOUCH_DECISION], 2);
    assert_int_equal(row.touches[TOUCH_IMPRESSION], 2);
    assert_int_equal(row.touches[TOUCH_CLICK], 0);
    assert_int_equal(row.touches[TOUCH_CONVERSION], 2);
    assert_float_equal(row.value, 24.5, 1e-9);
    assert_true(text_equal(row.names.placement, TEXT("hero")));
}

static void test_funnel_counts_no_touch_of_nothing(void **state)
{
    struct counting *counting = *state;
    size_t count;
    funnel_touch(&counting->funnel, 20260101, &stage, TOUCH_CLICK, 0);
    assert_null(funnel_keys(&counting->funnel, &count));
    assert_int_equal(count, 0);
}

/* A name more or less, or a letter that moves from one to the next, is another row. */
static void test_funnel_keeps_names_apart(void **state)
{
    struct counting *counting = *state;
    const struct funnel_names names[] = {
        {TEXT("ab"), TEXT("c"), {NULL, 0}, {NULL, 0}},  {TEXT("a"), TEXT("bc"), {NULL, 0}, {NULL, 0}},
        {TEXT("ab"), TEXT("c"), TEXT("d"), {NULL, 0}},  {TEXT("ab"), TEXT("c"), TEXT("d"), TEXT("e")},
        {TEXT("ab"), {NULL, 0}, TEXT("d"), TEXT("ce")}, {{NULL, 0}, TEXT("ab"), TEXT("cd"), TEXT("e")}};
    char keys[6][FUNNEL_KEY_BYTES];
    for (size_t i = 0; i < 6; i++) {
        funnel_row_key(20260101, &names[i], keys[i]);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(keys[i], keys[j], FUNNEL_KEY_BYTES);
        if (names[i].offer.length > 0)
            funnel_touch(&counting->funnel, 20260101, &names[i], TOUCH_CLICK, 0);
    }
    settle(&counting->funnel, counting->shelf);
    struct funnel_row row = row_of(counting->shelf, 20260101, &names[5]);
    assert_null(row.names.journey.bytes);
    assert_int_equal(row.touches[TOUCH_CLICK], 1);
    assert_int_equal(counting->shelf->count, 4);
}

/* So that a window of days is one scan. */
static void test_funnel_keys_are_sorted_by_day(void **state)
{
    (void)state;
    char earlier[FUNNEL_KEY_BYTES], later[FUNNEL_KEY_BYTES];
    funnel_row_key(20251231, &offer, earlier);
    funnel_row_key(20260101, &stage, later);
    assert_int_equal(earlier[0], 'f');
    assert_true(memcmp(earlier, later, FUNNEL_KEY_BYTES) < 0);
}

/* Names are copied: whoever counts may reuse the memory. */
static void test_funnel_borrows_nothing(void **state)
{
    struct counting *counting = *state;
    char name[] = "start";
    funnel_move(&counting->funnel, 20260101, stage.journey, (struct text){name, 5}, FUNNEL_ENTERED, 1);
    memset(name, 'x', 5);
    settle(&counting->funnel, counting->shelf);
    assert_true(text_equal(row_of(counting->shelf, 20260101, &stage).names.stage, TEXT("start")));
}

static void test_funnel_begins_anew_where_a_row_is_damaged(void **state)
{
    struct counting *counting = *state;
    static const struct text broken[] = {TEXT(""),
                                         TEXT("\xC1"),
                                         TEXT("\x93\xA1x\xA1y\xC0"),
                                         TEXT("\x01"),
                                         TEXT("\x97\xA1x\xA1y\xC0\xC0\x01\x02"),
                                         TEXT("\x97\xA1x\xA1y\xC0\xC0\x01\x02\xA1z"),
                                         TEXT("\x97\x01\xA1y\xC0\xC0\x01\x02\x03")};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        size_t count;
        struct error error;
        struct funnel_row row;
        funnel_move(&counting->funnel, 20260101, stage.journey, stage.stage, FUNNEL_ENTERED, 1);
        const struct text *keys = funnel_keys(&counting->funnel, &count);
        const struct store_write *writes = funnel_settle(&counting->funnel, &broken[i], &error);
        assert_non_null(writes);
        assert_int_equal(counting->funnel.damaged, 1);
        assert_true(funnel_row_decode(&row, keys[0], writes[0].value, NULL));
        assert_int_equal(row.moves[FUNNEL_ENTERED], 1);
        funnel_clear(&counting->funnel);
    }
}

/* What the store has and what was counted since: the sum is a row as well, and nothing is lost. */
static void assert_reads_again(struct funnel *funnel, const struct funnel_row *before)
{
    struct buffer bytes;
    struct funnel_row sum;
    struct error error;
    size_t count;
    buffer_create(&bytes);
    funnel_row_encode(before, &bytes);
    const struct text present = {bytes.bytes, bytes.length}, *keys = funnel_keys(funnel, &count);
    assert_int_equal(count, 1);
    const struct store_write *writes = funnel_settle(funnel, &present, &error);
    assert_non_null(writes);
    assert_int_equal(funnel->damaged, 0);
    assert_true(funnel_row_decode(&sum, keys[0], writes[0].value, NULL));
    assert_true(sum.moves[FUNNEL_ENTERED] >= before->moves[FUNNEL_ENTERED]);
    assert_true(sum.touches[TOUCH_CONVERSION] >= before->touches[TOUCH_CONVERSION]);
    assert_true(sum.value >= before->value);
    buffer_destroy(&bytes);
    funnel_clear(funnel);
}

/* Whatever a damaged store says: sums end before they cannot be read again. */
static void test_funnel_sums_can_be_read_again(void **state)
{
    struct counting *counting = *state;
    struct funnel_row row = {.day = 20260101, .names = stage, .moves = {FUNNEL_COUNT_MOST, 1, 1}};
    for (int i = 0; i < 3; i++)
        funnel_move(&counting->funnel, row.day, stage.journey, stage.stage, FUNNEL_ENTERED, 1);
    assert_reads_again(&counting->funnel, &row);
    row = (struct funnel_row){.day = 20260101, .names = offer, .value = 1.5e308};
    row.touches[TOUCH_CONVERSION] = FUNNEL_COUNT_MOST;
    for (int i = 0; i < 3; i++)
        funnel_touch(&counting->funnel, row.day, &offer, TOUCH_CONVERSION, 1.5e308);
    assert_reads_again(&counting->funnel, &row);
}

/* As a map adds up days, and stages and offers of all of them. */
static void test_funnel_adds_absurd_rows(void **state)
{
    enum { ROWS = 3000 };
    struct counting *counting = *state;
    const struct funnel_row most = {.names = stage, .moves = {FUNNEL_COUNT_MOST, -FUNNEL_COUNT_MOST, 0}};
    const struct funnel_row worth = {.names = offer, .value = -1.5e308};
    for (int i = 0; i < ROWS; i++) {
        funnel_add(&counting->funnel, &most);
        funnel_add(&counting->funnel, &worth);
    }
    const struct funnel_row *sum = funnel_row_at(&counting->funnel, 0);
    assert_int_equal(sum->moves[FUNNEL_ENTERED], FUNNEL_SUM_MOST);
    assert_int_equal(sum->moves[FUNNEL_ADVANCED], -FUNNEL_SUM_MOST);
    assert_true(isfinite(funnel_row_at(&counting->funnel, 1)->value));
}

/* A later program may keep more in a row. */
static void test_funnel_passes_over_what_it_does_not_know(void **state)
{
    (void)state;
    char key[FUNNEL_KEY_BYTES];
    struct funnel_row row;
    funnel_row_key(20260101, &stage, key);
    assert_true(funnel_row_decode(&row, (struct text){key, sizeof key},
                                  TEXT("\x98\xA4walk\xA5start\xC0\xC0\x03\x02\x01\x80"), NULL));
    assert_int_equal(row.moves[FUNNEL_ENTERED], 3);
    assert_int_equal(row.moves[FUNNEL_DROPPED], 1);
    assert_false(funnel_row_decode(&row, (struct text){key, 4}, TEXT("\x90"), NULL));
}

static void test_funnel_says_when_a_batch_should_end(void **state)
{
    struct counting *counting = *state;
    for (uint32_t day = 0; day < FUNNEL_ROWS_MANY; day++) {
        assert_false(funnel_is_full(&counting->funnel));
        funnel_move(&counting->funnel, day, stage.journey, stage.stage, FUNNEL_ENTERED, 1);
    }
    assert_true(funnel_is_full(&counting->funnel));
    funnel_clear(&counting->funnel);
    assert_false(funnel_is_full(&counting->funnel));
}

/* Random counting, with batches that end at any time, against plain sums. */
static void test_funnel_adds_up(void **state)
{
    enum { DAYS = 8, OFFERS = 20 };
    struct counting *counting = *state;
    struct random_state random = {11};
    int64_t clicks[DAYS][OFFERS] = {{0}}, entered[DAYS] = {0};
    double values[DAYS][OFFERS] = {{0}};
    char ids[OFFERS];
    for (int step = 0; step < STEPS; step++) {
        uint32_t day = (uint32_t)(random_next(&random) % DAYS),
                 which = (uint32_t)(random_next(&random) % OFFERS);
        double value = (double)(random_next(&random) % 1000) / 4;
        ids[which] = (char)('a' + which);
        struct funnel_names names = {stage.journey, stage.stage, {&ids[which], 1}, offer.placement};
        funnel_touch(&counting->funnel, 20260101 + day, &names, TOUCH_CLICK, value);
        funnel_move(&counting->funnel, 20260101 + day, stage.journey, stage.stage, FUNNEL_ENTERED, 1);
        clicks[day][which]++;
        entered[day]++;
        values[day][which] += value;
        if (random_next(&random) % 97 == 0)
            settle(&counting->funnel, counting->shelf);
    }
    settle(&counting->funnel, counting->shelf);
    assert_int_equal(counting->shelf->count, DAYS * OFFERS + DAYS);
    for (uint32_t day = 0; day < DAYS; day++) {
        assert_int_equal(row_of(counting->shelf, 20260101 + day, &stage).moves[FUNNEL_ENTERED], entered[day]);
        for (uint32_t which = 0; which < OFFERS; which++) {
            struct funnel_names names = {stage.journey, stage.stage, {&ids[which], 1}, offer.placement};
            struct funnel_row row = row_of(counting->shelf, 20260101 + day, &names);
            assert_int_equal(row.touches[TOUCH_CLICK], clicks[day][which]);
            assert_float_equal(row.value, values[day][which], 1e-6);
        }
    }
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(test_funnel_counts_moves),
        WITH_STORE(test_funnel_counts_touches_and_their_worth),
        WITH_STORE(test_funnel_counts_no_touch_of_nothing),
        WITH_STORE(test_funnel_keeps_names_apart),
        cmocka_unit_test(test_funnel_keys_are_sorted_by_day),
        WITH_STORE(test_funnel_borrows_nothing),
        WITH_STORE(test_funnel_begins_anew_where_a_row_is_damaged),
        WITH_STORE(test_funnel_sums_can_be_read_again),
        WITH_STORE(test_funnel_adds_absurd_rows),
        cmocka_unit_test(test_funnel_passes_over_what_it_does_not_know),
        WITH_STORE(test_funnel_says_when_a_batch_should_end),
        WITH_STORE(test_funnel_adds_up),
    };
    return cmocka_run_group_tests_name("ledger/funnel", tests, NULL, NULL);
}
