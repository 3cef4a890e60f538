/* keys: what they look like, that they ascend, that nothing passes for something else, taking them apart. */
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "base/random.h"
#include "ledger/keys.h"

static void assert_bytes(const struct key *key, const char *bytes, size_t length)
{
    assert_int_equal(key->length, length);
    assert_memory_equal(key->bytes, bytes, length);
}

static void test_keys_have_the_documented_form(void **state)
{
    (void)state;
    struct key key;
    key_customer(&key, TEXT("ada"));
    assert_bytes(&key, "c\3ada\0", 6);
    key_customer_prefix(&key, TEXT("ada"));
    assert_bytes(&key, "c\3ada", 5);
    key_customer_timer(&key, TEXT("ada"), TEXT("walk"));
    assert_bytes(&key, "c\3adat\4walk", 11);
    key_stock(&key, TEXT("guide"));
    assert_bytes(&key, "s\5guide", 7);
    key_timer(&key, 258, TEXT("ada"), TEXT("walk"));
    assert_bytes(&key, "t\0\0\0\0\0\0\1\2\3ada\4walk", 18);
    key_decision(&key, 1, 2);
    assert_bytes(&key, "d\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2", 17);
    key_meta(&key, TEXT("rings"));
    assert_bytes(&key, "mrings", 6);
}

static void test_key_event_lies_behind_its_customer(void **state)
{
    (void)state;
    struct key record, event, prefix;
    key_customer(&record, TEXT("ada"));
    key_event(&event, TEXT("ada"), TEXT("order-1"));
    key_customer_prefix(&prefix, TEXT("ada"));
    assert_int_equal(event.length, prefix.length + 1 + 8);
    assert_memory_equal(event.bytes, prefix.bytes, prefix.length);
    assert_true(text_compare(key_text(&record), key_text(&event)) < 0);
}

/* What changes with every event is beside the record, what does not is elsewhere. */
static void test_key_customers_lies_behind_nobody(void **state)
{
    (void)state;
    struct key between, nobody, shortest;
    key_customers(&between);
    key_event(&nobody, (struct text){NULL, 0}, TEXT("e1"));
    key_customer(&shortest, TEXT("a"));
    assert_true(memcmp(nobody.bytes, between.bytes, between.length) < 0);
    assert_true(memcmp(between.bytes, shortest.bytes, between.length) <= 0);
}

static void test_keys_of_ids(void **state)
{
    (void)state;
    struct key record, recent, timer, closed, later, prefix;
    key_customer(&record, TEXT("ada"));
    key_recent(&recent, TEXT("ada"));
    key_customer_timer(&timer, TEXT("ada"), TEXT("walk"));
    assert_bytes(&recent, "c\3adai", 6);
    assert_true(text_compare(key_text(&record), key_text(&recent)) < 0);
    assert_true(text_compare(key_text(&recent), key_text(&timer)) < 0);
    key_ids_prefix(&prefix, TEXT("ada"));
    key_ids(&closed, TEXT("ada"), 1790000000000, UINT64_MAX);
    key_ids(&later, TEXT("ada"), 1790000000001, 0);
    assert_bytes(&prefix, "i\3ada", 5);
    assert_int_equal(closed.length, prefix.length + 8);
    assert_memory_equal(closed.bytes, prefix.bytes, prefix.length);
    assert_true(text_compare(key_text(&closed), key_text(&later)) < 0);
    assert_int_equal(key_read_ids_ms(key_text(&closed)), 1790000000000);
    assert_int_equal(key_read_ids_ms(TEXT("i\3ada")), 0);
}

static void test_key_reserved_begins_with_its_prefix(void **state)
{
    (void)state;
    struct key key, other, prefix;
    key_reserved(&key, 77, 5, TEXT("guide"));
    key_reserved(&other, 77, 5, TEXT("webinar"));
    key_reserved_prefix(&prefix, 77, 5);
    assert_memory_equal(key.bytes, prefix.bytes, prefix.length);
    assert_memory_equal(other.bytes, prefix.bytes, prefix.length);
    assert_false(text_equal(key_text(&key), key_text(&other)));
}

static void test_keys_hash_what_is_long(void **state)
{
    (void)state;
    char name[KEY_PIECE_MOST + 2];
    memset(name, 'x', sizeof name);
    struct key fits, one_more, another;
    key_stock(&fits, (struct text){name, KEY_PIECE_MOST});
    assert_int_equal(fits.length, 2 + KEY_PIECE_MOST);
    key_stock(&one_more, (struct text){name, KEY_PIECE_MOST + 1});
    assert_int_equal(one_more.length, 2 + 16);
    name[0] = 'y';
    key_stock(&another, (struct text){name, KEY_PIECE_MOST + 1});
    assert_false(text_equal(key_text(&one_more), key_text(&another)));
    key_meta(&fits, (struct text){name, sizeof name});
    assert_int_equal(fits.length, 1 + KEY_PIECE_MOST);
}

static void test_key_longest_fits(void **state)
{
    (void)state;
    char name[KEY_PIECE_MOST];
    memset(name, 'x', sizeof name);
    struct key key;
    key_timer(&key, INT64_MAX, (struct text){name, CUSTOMER_ID_MOST}, (struct text){name, KEY_PIECE_MOST});
    assert_int_equal(key.length, KEY_MOST);
}

static void test_key_of_another_is_as_if_made_anew(void **state)
{
    (void)state;
    struct key from, made, wanted;
    key_customer_timer(&from, TEXT("ada"), TEXT("walk"));
    key_timer_of(&made, 77, key_text(&from));
    key_timer(&wanted, 77, TEXT("ada"), TEXT("walk"));
    assert_true(text_equal(key_text(&made), key_text(&wanted)));
    key_ids(&from, TEXT("ada"), 1234567, 99);
    key_ids_of(&made, TEXT("berta"), key_text(&from));
    key_ids(&wanted, TEXT("berta"), 1234567, 99);
    assert_true(text_equal(key_text(&made), key_text(&wanted)));
}

/* Keys of a damaged store may be of any length. */
static void test_key_of_another_that_is_damaged(void **state)
{
    (void)state;
    char bytes[480] = "c\3adat";
    static const size_t lengths[] = {6, 7, KEY_MOST, sizeof bytes};
    struct {
        struct key key;
        char behind[200];
    } made;
    memset(bytes + 6, 0xFF, sizeof bytes - 6);
    memset(made.behind, 0, sizeof made.behind);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        key_timer_of(&made.key, 77, (struct text){bytes, lengths[i]});
        assert_true(made.key.length <= KEY_MOST && made.key.bytes[0] == KEY_DUE);
        for (size_t at = 0; at < sizeof made.behind; at++)
            assert_int_equal(made.behind[at], 0);
    }
    char *ids = malloc(3);
    memcpy(ids, "i\1a", 3);
    key_ids_of(&made.key, TEXT("berta"), (struct text){ids, 3});
    assert_int_equal(made.key.length, 1 + 1 + 5 + 3);
    free(ids);
}

static void test_keys_ascend_with_their_moment(void **state)
{
    (void)state;
    struct random_state random = {11};
    for (int i = 0; i < 1000; i++) {
        int64_t a = (int64_t)(random_next(&random) >> (1 + random_next(&random) % 63));
        int64_t b = (int64_t)(random_next(&random) >> (1 + random_next(&random) % 63));
        struct key first, second;
        key_timer(&first, a, TEXT("zoe"), TEXT("walk"));
        key_timer(&second, b, TEXT("ada"), TEXT("walk"));
        if (a != b)
            assert_int_equal(a < b, text_compare(key_text(&first), key_text(&second)) < 0);
        key_decision(&first, a, random_next(&random));
        key_decision(&second, b, random_next(&random));
        if (a != b)
            assert_int_equal(a < b, text_compare(key_text(&first), key_text(&second)) < 0);
    }
}

static void test_key_read_customer_tells_the_parts(void **state)
{
    (void)state;
    struct key key;
    struct text id;
    char part;
    key_customer(&key, TEXT("ada"));
    assert_true(key_read_customer(key_text(&key), &id, &part));
    assert_true(text_equal(id, TEXT("ada")));
    assert_int_equal(part, KEY_RECORD);
    key_event(&key, TEXT(""), TEXT("e1"));
    assert_true(key_read_customer(key_text(&key), &id, &part));
    assert_int_equal(id.length, 0);
    assert_int_equal(part, KEY_EVENT);
    key_customer_timer(&key, TEXT("ada"), TEXT("walk"));
    assert_true(key_read_customer(key_text(&key), &id, &part));
    assert_int_equal(part, KEY_TIMER);
}

static void test_key_read_gives_numbers_back(void **state)
{
    (void)state;
    struct key key;
    int64_t moment;
    uint64_t seed;
    struct text id;
    key_decision(&key, 1790000000123456, 0xFEDCBA9876543210);
    assert_true(key_read_decision(key_text(&key), &moment, &seed));
    assert_int_equal(moment, 1790000000123456);
    assert_int_equal(seed, 0xFEDCBA9876543210);
    key_reserved(&key, 42, 43, TEXT("guide"));
    assert_true(key_read_decision(key_text(&key), &moment, &seed));
    assert_int_equal(moment, 42);
    assert_int_equal(seed, 43);
    key_timer(&key, 1790000000123, TEXT("ada"), TEXT("walk"));
    assert_true(key_read_timer(key_text(&key), &moment, &id));
    assert_int_equal(moment, 1790000000123);
    assert_true(text_equal(id, TEXT("ada")));
}

/* Every beginning of a key, and keys of another kind. */
static void test_key_read_refuses_what_is_cut(void **state)
{
    (void)state;
    struct key key;
    struct text id;
    int64_t moment;
    uint64_t seed;
    char part;
    key_customer(&key, TEXT("ada"));
    for (size_t length = 0; length < key.length; length++)
        assert_false(key_read_customer((struct text){key.bytes, length}, &id, &part));
    assert_false(key_read_decision(key_text(&key), &moment, &seed));
    assert_false(key_read_timer(key_text(&key), &moment, &id));
    key_timer(&key, 1, TEXT("ada"), TEXT(""));
    for (size_t length = 0; length < key.length - 1; length++)
        assert_false(key_read_timer((struct text){key.bytes, length}, &moment, &id));
    assert_false(key_read_customer(key_text(&key), &id, &part));
    key_decision(&key, 1, 2);
    for (size_t length = 0; length < key.length; length++)
        assert_false(key_read_decision((struct text){key.bytes, length}, &moment, &seed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_have_the_documented_form),
        cmocka_unit_test(test_key_event_lies_behind_its_customer),
        cmocka_unit_test(test_key_customers_lies_behind_nobody),
        cmocka_unit_test(test_keys_of_ids),
        cmocka_unit_test(test_key_reserved_begins_with_its_prefix),
        cmocka_unit_test(test_keys_hash_what_is_long),
        cmocka_unit_test(test_key_longest_fits),
        cmocka_unit_test(test_key_of_another_is_as_if_made_anew),
        cmocka_unit_test(test_key_of_another_that_is_damaged),
        cmocka_unit_test(test_keys_ascend_with_their_moment),
        cmocka_unit_test(test_key_read_customer_tells_the_parts),
        cmocka_unit_test(test_key_read_gives_numbers_back),
        cmocka_unit_test(test_key_read_refuses_what_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
