/* model/record: there and back, damage, and erasing what is personal. */
#include "records.h"

#include <string.h>

static void assert_text(struct text text, struct text expected)
{
    assert_int_equal(text.length, expected.length);
    if (expected.length == 0)
        assert_null(text.bytes);
    else
        assert_memory_equal(text.bytes, expected.bytes, expected.length);
}

static void assert_same_items(const struct record *record, const struct record *expected)
{
    assert_int_equal(record->item_count, expected->item_count);
    for (uint32_t i = 0; i < expected->item_count; i++) {
        const struct record_item *item = &record->items[i], *other = &expected->items[i];
        assert_text(item->offer, other->offer);
        assert_text(item->kind, other->kind);
        assert_text(item->strategy, other->strategy);
        assert_memory_equal(&item->score, &other->score, sizeof item->score);
        assert_memory_equal(&item->propensity, &other->propensity, sizeof item->propensity);
        assert_int_equal(item->stocked, other->stocked);
        assert_int_equal(item->reserves, other->reserves);
    }
}

static void assert_same_rest(const struct record *record, const struct record *expected)
{
    assert_int_equal(record->candidate_count, expected->candidate_count);
    for (uint32_t i = 0; i < expected->candidate_count; i++) {
        assert_text(record->candidates[i].offer, expected->candidates[i].offer);
        assert_int_equal(record->candidates[i].gate, expected->candidates[i].gate);
        assert_memory_equal(&record->candidates[i].score, &expected->candidates[i].score, sizeof(double));
    }
    assert_int_equal(record->claim_count, expected->claim_count);
    for (uint32_t i = 0; i < expected->claim_count; i++)
        assert_int_equal(record->claims[i], expected->claims[i]);
}

static void assert_same_impersonal(const struct record *record, const struct record *expected)
{
    assert_int_equal(record->clock_us, expected->clock_us);
    assert_int_equal(record->seed, expected->seed);
    assert_text(record->version, expected->version);
    assert_text(record->journey, expected->journey);
    assert_text(record->stage, expected->stage);
    assert_text(record->persona, expected->persona);
    assert_text(record->placement, expected->placement);
    assert_text(record->locale, expected->locale);
    assert_text(record->strategy, expected->strategy);
    assert_text(record->fallback, expected->fallback);
    assert_same_items(record, expected);
    assert_same_rest(record, expected);
}

static void assert_same(const struct record *record, const struct record *expected)
{
    assert_same_impersonal(record, expected);
    assert_text(record->customer, expected->customer);
    assert_text(record->because, expected->because);
    assert_text(record->request, expected->request);
    assert_text(record->state, expected->state);
}

static void assert_comes_back(const struct record *record)
{
    struct text bytes = records_encode(record);
    struct record back;
    struct arena arena;
    arena_create(&arena, 1024);
    assert_true(record_decode(&back, &arena, bytes, NULL));
    assert_true(back.personal);
    assert_same(&back, record);
    arena_destroy(&arena);
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_record_comes_back(void **state)
{
    (void)state;
    struct record record = records_one();
    assert_comes_back(&record);
}

static void test_record_of_nothing_comes_back(void **state)
{
    (void)state;
    assert_comes_back(&(struct record){.clock_us = INT64_MIN});
}

static void test_record_with_as_much_as_may_be_comes_back(void **state)
{
    (void)state;
    static struct record_item items[RECORD_ITEMS_MOST];
    static struct record_candidate candidates[RECORD_CANDIDATES_MOST];
    static uint32_t claims[RECORD_CLAIMS_MOST];
    static char request[256 * 1024];
    struct record record = records_one();
    memset(request, 'r', sizeof request);
    for (size_t i = 0; i < RECORD_ITEMS_MOST; i++)
        items[i] = records_items[i % 2];
    for (size_t i = 0; i < RECORD_CANDIDATES_MOST; i++)
        candidates[i] = records_candidates[i % 3];
    record.items = items, record.item_count = RECORD_ITEMS_MOST;
    record.candidates = candidates, record.candidate_count = RECORD_CANDIDATES_MOST;
    record.claims = claims, record.claim_count = RECORD_CLAIMS_MOST;
    record.request = (struct text){request, sizeof request};
    assert_comes_back(&record);
}

/* Shared memory gives no promise on where a record lies. */
static void test_record_may_lie_anywhere(void **state)
{
    (void)state;
    struct record record = records_one(), back;
    struct arena arena;
    size_t size = record_size(&record);
    char *room = malloc(size + 8);
    assert_non_null(room);
    arena_create(&arena, 1024);
    for (size_t i = 0; i < 8; i++) {
        record_encode(&record, room + i);
        assert_true(record_decode(&back, &arena, (struct text){room + i, size}, NULL));
        assert_same(&back, &record);
    }
    arena_destroy(&arena);
    free(room);
}

static void test_record_cut_short_is_none(void **state)
{
    (void)state;
    struct record record = records_one(), back;
    struct text bytes = records_encode(&record);
    struct error error;
    struct record_key key;
    struct arena arena;
    arena_create(&arena, 1024);
    for (size_t length = 0; length < bytes.length; length++) {
        char *cut = malloc(length);
        memcpy(cut, bytes.bytes, length);
        assert_false(record_decode(&back, &arena, (struct text){cut, length}, &error));
        assert_int_equal(error.code, ERROR_INVALID);
        assert_false(record_read_key((struct text){cut, length}, &key));
        assert_false(record_is_of((struct text){cut, length}, record.customer));
        free(cut);
        arena_clear(&arena);
    }
    arena_destroy(&arena);
    free((char *)(uintptr_t)bytes.bytes);
}

/* Whatever the bytes say: a verdict, and nothing read beside them. */
static void test_record_with_any_bit_turned_is_read_or_refused(void **state)
{
    (void)state;
    struct record record = records_one(), back;
    struct text bytes = records_encode(&record);
    char *damaged = (char *)(uintptr_t)bytes.bytes;
    struct arena arena;
    size_t refused = 0;
    arena_create(&arena, 1024);
    for (size_t bit = 0; bit < 8 * bytes.length; bit++) {
        damaged[bit / 8] ^= (char)(1 << bit % 8);
        refused += !record_decode(&back, &arena, bytes, NULL);
        damaged[bit / 8] ^= (char)(1 << bit % 8);
        arena_clear(&arena);
    }
    assert_true(refused > 300); /* each length, count, format and unused bit */
    assert_true(record_decode(&back, &arena, bytes, NULL));
    assert_same(&back, &record);
    arena_destroy(&arena);
    free(damaged);
}

static void test_record_key_is_read_without_the_rest(void **state)
{
    (void)state;
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    struct record_key key;
    assert_true(record_read_key(bytes, &key));
    assert_int_equal(key.clock_us, record.clock_us);
    assert_int_equal(key.seed, record.seed);
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_record_claims_are_read_without_the_rest(void **state)
{
    (void)state;
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    uint32_t claims[RECORD_CLAIMS_MOST];
    assert_true(record.claim_count > 0);
    assert_int_equal(record_read_claims(bytes, claims), record.claim_count);
    assert_memory_equal(claims, record.claims, record.claim_count * sizeof *claims);
    assert_int_equal(record_read_claims((struct text){bytes.bytes, bytes.length - 1}, claims), 0);
    assert_int_equal(record_read_claims(TEXT("none"), claims), 0);
    memset((char *)(uintptr_t)bytes.bytes + 32, 0xFF, 4); /* the length of its first text */
    assert_int_equal(record_read_claims(bytes, claims), 0);
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_record_is_of_its_customer_alone(void **state)
{
    (void)state;
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    assert_true(record_is_of(bytes, TEXT("ana@example.org")));
    assert_false(record_is_of(bytes, TEXT("ana@example.com")));
    assert_false(record_is_of(bytes, TEXT("ana@example.org ")));
    assert_false(record_is_of(bytes, TEXT("")));
    free((char *)(uintptr_t)bytes.bytes);
    record.customer = (struct text){NULL, 0};
    bytes = records_encode(&record);
    assert_false(record_is_of(bytes, (struct text){NULL, 0}));
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_record_is_of_any_of_a_customers_ids(void **state)
{
    (void)state;
    const struct text ids[] = {TEXT("visitor-7"), {NULL, 0}, TEXT("ana@example.org")};
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    assert_true(record_is_of_any(bytes, ids, 3));
    assert_false(record_is_of_any(bytes, ids, 2));
    assert_false(record_is_of_any(bytes, NULL, 0));
    record_redact((char *)(uintptr_t)bytes.bytes, bytes.length);
    assert_false(record_is_of_any(bytes, ids, 3));
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_record_says_whom_it_is_about(void **state)
{
    (void)state;
    struct record record = records_one();
    struct text bytes = records_encode(&record), customer;
    assert_true(record_read_customer(bytes, &customer));
    assert_true(text_equal(customer, record.customer));
    assert_false(record_read_customer((struct text){bytes.bytes, bytes.length - 1}, &customer));
    record_redact((char *)(uintptr_t)bytes.bytes, bytes.length);
    assert_false(record_read_customer(bytes, &customer));
    free((char *)(uintptr_t)bytes.bytes);
    record.customer = (struct text){NULL, 0};
    bytes = records_encode(&record);
    assert_false(record_read_customer(bytes, &customer));
    free((char *)(uintptr_t)bytes.bytes);
}

static void assert_holds_nothing_of(struct text bytes, struct text personal)
{
    assert_null(memmem(bytes.bytes, bytes.length, personal.bytes, personal.length));
}

static void test_record_redacted_keeps_nothing_personal(void **state)
{
    (void)state;
    struct record record = records_one(), back;
    struct text bytes = records_encode(&record);
    struct arena arena;
    uint64_t hash;
    arena_create(&arena, 1024);
    memcpy(&hash, bytes.bytes + 8, sizeof hash); /* of the customer; see the head */
    assert_false(record_is_redacted(bytes));
    record_redact((char *)(uintptr_t)bytes.bytes, bytes.length);
    assert_holds_nothing_of(bytes, record.customer);
    assert_holds_nothing_of(bytes, record.request);
    assert_holds_nothing_of(bytes, record.state);
    assert_holds_nothing_of(bytes, record.because);
    assert_holds_nothing_of(bytes, TEXT("na"));
    assert_holds_nothing_of(bytes, (struct text){(const char *)&hash, sizeof hash});
    assert_true(record_is_redacted(bytes));
    assert_false(record_is_redacted((struct text){bytes.bytes, bytes.length - 1}));
    assert_true(record_decode(&back, &arena, bytes, NULL));
    assert_false(back.personal);
    assert_same_impersonal(&back, &record);
    assert_text(back.customer, (struct text){NULL, 0});
    assert_text(back.request, (struct text){NULL, 0});
    assert_text(back.state, (struct text){NULL, 0});
    assert_text(back.because, (struct text){NULL, 0});
    assert_false(record_is_of(bytes, record.customer));
    arena_destroy(&arena);
    free((char *)(uintptr_t)bytes.bytes);
}

static void test_record_redacted_twice_stays_the_same(void **state)
{
    (void)state;
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    char *once = malloc(bytes.length);
    record_redact((char *)(uintptr_t)bytes.bytes, bytes.length);
    memcpy(once, bytes.bytes, bytes.length);
    record_redact((char *)(uintptr_t)bytes.bytes, bytes.length);
    assert_memory_equal(bytes.bytes, once, bytes.length);
    free(once);
    free((char *)(uintptr_t)bytes.bytes);
}

/* Lengths that lie: rather too much is overwritten, and nothing beside the record. */
static void test_record_redacted_though_it_is_none(void **state)
{
    (void)state;
    struct record record = records_one();
    struct text bytes = records_encode(&record);
    char *damaged = (char *)(uintptr_t)bytes.bytes;
    memset(damaged + 32, 0xFF, 48); /* the lengths of all texts */
    record_redact(damaged, bytes.length);
    assert_holds_nothing_of(bytes, record.customer);
    assert_holds_nothing_of(bytes, record.state);
    record_encode(&record, damaged);
    record_redact(damaged, bytes.length - 1);
    for (size_t i = 0; i < bytes.length - 1; i++)
        assert_int_equal(damaged[i], 0);
    free(damaged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record_comes_back),
        cmocka_unit_test(test_record_of_nothing_comes_back),
        cmocka_unit_test(test_record_with_as_much_as_may_be_comes_back),
        cmocka_unit_test(test_record_may_lie_anywhere),
        cmocka_unit_test(test_record_cut_short_is_none),
        cmocka_unit_test(test_record_with_any_bit_turned_is_read_or_refused),
        cmocka_unit_test(test_record_key_is_read_without_the_rest),
        cmocka_unit_test(test_record_claims_are_read_without_the_rest),
        cmocka_unit_test(test_record_is_of_its_customer_alone),
        cmocka_unit_test(test_record_is_of_any_of_a_customers_ids),
        cmocka_unit_test(test_record_says_whom_it_is_about),
        cmocka_unit_test(test_record_redacted_keeps_nothing_personal),
        cmocka_unit_test(test_record_redacted_twice_stays_the_same),
        cmocka_unit_test(test_record_redacted_though_it_is_none),
    };
    return cmocka_run_group_tests_name("model/record", tests, NULL, NULL);
}
