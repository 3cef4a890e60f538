/* customer_traits: maps laid over each other, in canonical form, within their bound. */
#include "../cmocka_all.h"

#include "customer_builder.h"
#include "model/packed.h"

static void merge(struct builder_fixture *fixture, struct text map)
{
    assert_true(customer_merge_traits(&fixture->customer, map, &fixture->error));
}

static void test_customer_merge_traits_into_none(void **state)
{
    struct builder_fixture *fixture = *state;
    merge(fixture, TEXT("\x82\xa1"
                        "b\x01\xa1"
                        "a\x02"));
    builder_assert_text(fixture->customer.traits, TEXT("\x82\xa1"
                                                       "a\x02\xa1"
                                                       "b\x01"));
}

static void test_customer_merge_traits_key_by_key(void **state)
{
    struct builder_fixture *fixture = *state;
    merge(fixture, TEXT("\x83\xa1"
                        "a\x01\xa1"
                        "b\x02\xa1"
                        "c\x03"));
    merge(fixture, TEXT("\x83\xa1"
                        "b\x07\xa1"
                        "d\x08\xa1"
                        "c\xc0"));
    builder_assert_text(fixture->customer.traits, TEXT("\x83\xa1"
                                                       "a\x01\xa1"
                                                       "b\x07\xa1"
                                                       "d\x08"));
}

/* Numbers of odd width, floats, nested maps, nil inside: as they came. */
static void test_customer_merge_traits_keeps_values_verbatim(void **state)
{
    struct builder_fixture *fixture = *state;
    const struct text map = TEXT("\x83\xa1"
                                 "a\xcd\0\x01\xa1"
                                 "b\x82\xa1z\xc0\xa1y\xc4\x01x\xa1"
                                 "c\xca\x3f\x80\0\0");
    merge(fixture, map);
    builder_assert_text(fixture->customer.traits, map);
    merge(fixture, map);
    builder_assert_text(fixture->customer.traits, map);
}

/* Binary keys become str, long headers short ones; of a key that stands twice the last holds. */
static void test_customer_merge_traits_is_canonical(void **state)
{
    struct builder_fixture *fixture = *state;
    merge(fixture, TEXT("\xdf\0\0\0\x03\xc4\x01"
                        "k\x01\xdb\0\0\0\x01"
                        "a\x02\xd9\x01"
                        "k\x03"));
    builder_assert_text(fixture->customer.traits, TEXT("\x82\xa1"
                                                       "a\x02\xa1k\x03"));
}

static void test_customer_merge_traits_of_keys_with_nul(void **state)
{
    struct builder_fixture *fixture = *state;
    merge(fixture, TEXT("\x83\xa2k\0\x01\xa1k\x02\xa0\x03"));
    builder_assert_text(fixture->customer.traits, TEXT("\x83\xa0\x03\xa1k\x02\xa2k\0\x01"));
}

static void test_customer_merge_traits_until_none_is_left(void **state)
{
    struct builder_fixture *fixture = *state;
    merge(fixture, TEXT("\x81\xa1k\x01"));
    merge(fixture, TEXT("\x80"));
    assert_int_equal(fixture->customer.traits.length, 4);
    merge(fixture, TEXT("\x82\xa1k\xc0\xa1n\xc0"));
    assert_null(fixture->customer.traits.bytes);
    assert_int_equal(fixture->customer.traits.length, 0);
}

static void assert_refused(struct builder_fixture *fixture, struct text map, const char *why)
{
    struct text before = fixture->customer.traits;
    assert_false(customer_merge_traits(&fixture->customer, map, &fixture->error));
    assert_int_equal(fixture->error.code, ERROR_INVALID);
    assert_non_null(strstr(fixture->error.message, "traits: "));
    assert_non_null(strstr(fixture->error.message, why));
    assert_ptr_equal(fixture->customer.traits.bytes, before.bytes);
    assert_int_equal(fixture->customer.traits.length, before.length);
}

static void test_customer_merge_traits_refuses_what_is_no_map(void **state)
{
    struct builder_fixture *fixture = *state;
    merge(fixture, TEXT("\x81\xa1k\x01"));
    assert_refused(fixture, TEXT("\x91\x01"), "a map");
    assert_refused(fixture, TEXT("\x81\x01\x02"), "a map");
    assert_refused(fixture, TEXT("\x82\xa1k\x02"), "a map");
}

/* Appends "<letter>": a text of that many bytes in all, headers included. */
static void put_entry(struct buffer *out, const char *key, size_t size)
{
    static const char filling[CUSTOMER_TRAITS_BYTES];
    packed_put_str(out, text_from(key));
    packed_put_str(out, (struct text){filling, size - strlen(key) - 1 - 3});
}

static void test_customer_merge_traits_up_to_the_bound(void **state)
{
    struct builder_fixture *fixture = *state;
    struct buffer map;
    buffer_create(&map);
    packed_put_map(&map, 1);
    put_entry(&map, "a", CUSTOMER_TRAITS_BYTES - 1);
    assert_int_equal(map.length, CUSTOMER_TRAITS_BYTES);
    merge(fixture, (struct text){map.bytes, map.length});
    assert_int_equal(fixture->customer.traits.length, CUSTOMER_TRAITS_BYTES);
    assert_refused(fixture, TEXT("\x81\xa1z\x01"), "16387 bytes in all, at most 16384");
    merge(fixture, TEXT("\x82\xa1z\x01\xa1"
                        "a\xc0")); /* one goes, another comes */
    builder_assert_text(fixture->customer.traits, TEXT("\x81\xa1z\x01"));
    buffer_destroy(&map);
}

/* Many small ones, against what they should be: sorted, all there. */
static void test_customer_merge_traits_of_many_keys(void **state)
{
    struct builder_fixture *fixture = *state;
    struct packed_map map;
    struct text key, value, previous = {NULL, 0};
    unsigned count = 0;
    for (unsigned i = 0; i < 300; i++) {
        struct buffer one;
        buffer_create(&one);
        packed_put_map(&one, 1);
        packed_put_str(&one, builder_name(&fixture->arena, "key", i * 7919 % 300));
        buffer_append(&one, "\x01", 1);
        merge(fixture, (struct text){one.bytes, one.length});
        buffer_destroy(&one);
    }
    packed_map_open(&map, fixture->customer.traits);
    for (; packed_map_next(&map, &key, &value); count++, previous = key)
        assert_true(count == 0 || text_compare(previous, key) < 0);
    assert_false(map.failed);
    assert_int_equal(count, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BUILDER_TEST(test_customer_merge_traits_into_none),
        BUILDER_TEST(test_customer_merge_traits_key_by_key),
        BUILDER_TEST(test_customer_merge_traits_keeps_values_verbatim),
        BUILDER_TEST(test_customer_merge_traits_is_canonical),
        BUILDER_TEST(test_customer_merge_traits_of_keys_with_nul),
        BUILDER_TEST(test_customer_merge_traits_until_none_is_left),
        BUILDER_TEST(test_customer_merge_traits_refuses_what_is_no_map),
        BUILDER_TEST(test_customer_merge_traits_up_to_the_bound),
        BUILDER_TEST(test_customer_merge_traits_of_many_keys),
    };
    return cmocka_run_group_tests_name("model/customer_traits", tests, NULL, NULL);
}
