/* decided: whose a decision was and which offers it had, packed and unpacked. */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "base/random.h"
#include "ledger/decided.h"

static char value[16 * 1024];

static struct text pack(const struct record_item *items, uint32_t count, uint64_t owner)
{
    const struct record record = {.journey = TEXT("walk"),
                                  .stage = TEXT("start"),
                                  .placement = TEXT("hero"),
                                  .items = items,
                                  .item_count = count};
    size_t size = decided_size(&record);
    assert_true(size <= sizeof value);
    decided_write(&record, owner, value);
    return (struct text){value, size};
}

static void test_decided_comes_back(void **state)
{
    (void)state;
    const struct record_item items[] = {
        {.offer = TEXT("map")}, {.offer = TEXT("a\0b")}, {.offer = TEXT("t")}};
    struct decided decided = decided_read(pack(items, 3, UINT64_C(0xFEDCBA9876543210)));
    struct text offers = decided.offers, offer;
    assert_true(decided.owner == UINT64_C(0xFEDCBA9876543210));
    for (int i = 0; i < 3; i++) {
        assert_true(decided_next(&offers, &offer));
        assert_true(text_equal(offer, items[i].offer));
        assert_true(decided_has(&decided, offer));
    }
    assert_false(decided_next(&offers, &offer));
    assert_false(decided_has(&decided, TEXT("ma")));
    assert_false(decided_has(&decided, TEXT("")));
    assert_false(decided_has(&decided, TEXT("walk")));
    assert_true(text_equal(decided.journey, TEXT("walk")));
    assert_true(text_equal(decided.stage, TEXT("start")));
    assert_true(text_equal(decided.placement, TEXT("hero")));
}

/* The first of a value's eight bytes is the highest, as stores have it since they were made. */
static void test_decided_of_an_earlier_version(void **state)
{
    (void)state;
    struct decided decided = decided_read(TEXT("\0\0\0\0\0\0\1\2"));
    assert_int_equal(decided.owner, 258);
    assert_null(decided.offers.bytes);
    assert_false(decided_has(&decided, TEXT("map")));
    assert_null(decided.stage.bytes);
    decided = decided_read(TEXT("\0\0\0\0\0\0\1\2\3map\6ticket"));
    assert_int_equal(decided.owner, 258);
    assert_true(decided_has(&decided, TEXT("map")) && decided_has(&decided, TEXT("ticket")));
    assert_null(decided.stage.bytes);
}

static void test_decided_has_all_of_a_place_or_nothing(void **state)
{
    (void)state;
    const struct record_item items[] = {{.offer = TEXT("map")}};
    struct text whole = pack(items, 1, 1);
    for (size_t left = 1; left <= 6; left++) {
        struct decided decided = decided_read((struct text){whole.bytes, whole.length - left});
        assert_true(decided_has(&decided, TEXT("map")));
        assert_true(left < 5 ? text_equal(decided.stage, TEXT("start")) : decided.stage.bytes == NULL);
    }
}

static void test_decided_of_what_is_none(void **state)
{
    (void)state;
    struct decided decided = decided_read(TEXT("\0\0\1"));
    assert_int_equal(decided.owner, 0);
    assert_null(decided.offers.bytes);
    assert_int_equal(decided_read((struct text){NULL, 0}).owner, 0);
}

static void test_decided_cuts_what_no_event_could_name(void **state)
{
    (void)state;
    char *name = calloc(1, 1000);
    assert_non_null(name);
    const struct record_item items[] = {{.offer = {name, 1000}}, {.offer = TEXT("map")}};
    struct decided decided = decided_read(pack(items, 2, 1));
    assert_true(decided_has(&decided, (struct text){name, 255}));
    assert_true(decided_has(&decided, TEXT("map")));
    free(name);
}

/* Whatever stands there: offers lie within it, and there is an end of them. */
static void test_decided_of_any_bytes(void **state)
{
    (void)state;
    struct random_state random = {20261122};
    for (int round = 0; round < 2000; round++) {
        size_t length = random_next(&random) % 64;
        char *bytes = malloc(length + 1);
        assert_non_null(bytes);
        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)(random_next(&random) % 32);
        struct decided read = decided_read((struct text){bytes, length});
        struct text offers = read.offers, offer;
        const struct text place[] = {read.journey, read.stage, read.placement};
        for (size_t i = 0; i < 3; i++)
            assert_true(place[i].length == 0 ||
                        (place[i].bytes >= bytes && place[i].bytes + place[i].length <= bytes + length));
        size_t seen = 0;
        for (; decided_next(&offers, &offer); seen++)
            assert_true(offer.bytes >= bytes && offer.bytes + offer.length <= bytes + length);
        assert_true(seen <= length);
        free(bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decided_comes_back),
        cmocka_unit_test(test_decided_of_an_earlier_version),
        cmocka_unit_test(test_decided_has_all_of_a_place_or_nothing),
        cmocka_unit_test(test_decided_of_what_is_none),
        cmocka_unit_test(test_decided_cuts_what_no_event_could_name),
        cmocka_unit_test(test_decided_of_any_bytes),
    };
    return cmocka_run_group_tests_name("ledger/decided", tests, NULL, NULL);
}
