/* stock: promised by decisions, taken by impressions once, given back by time. */
#include <endian.h>
#include <string.h>

#include "../cmocka_all.h"
#include "batch_builder.h"

#define assert_stock(batching, offer, shown, promised)                                                       \
    do {                                                                                                     \
        struct stock_count count = batching_stock(batching, offer);                                          \
        assert_int_equal(count.confirmed, shown);                                                            \
        assert_int_equal(count.reserved, promised);                                                          \
    } while (0)

static void show(struct batching *batching, const char *customer, const char *offer, const char *decision)
{
    struct command command = batching_event(batching, "impression", customer, offer);
    command.decision = text_from(decision);
    assert_true(batching_do(batching, &command).accepted);
}

static void test_stock_is_promised_and_shown_once(void **state)
{
    struct batching *batching = *state;
    const char *decision = batching_decide(batching, "ada", "ticket", 1);
    assert_stock(batching, "ticket", 0, 1);
    show(batching, "ada", "ticket", decision);
    assert_stock(batching, "ticket", 1, 0);
    show(batching, "ada", "ticket", decision);
    assert_stock(batching, "ticket", 1, 0);
    assert_stock(batching, "seat", 0, 0);
}

static void test_stock_is_given_back_by_time(void **state)
{
    struct batching *batching = *state;
    batching_decide(batching, NULL, "ticket", 1);
    batching->now_ms += BATCHING_RESERVE - 1;
    batching_sweep(batching);
    assert_stock(batching, "ticket", 0, 1);
    batching->now_ms += 1;
    batching_sweep(batching);
    assert_stock(batching, "ticket", 0, 0);
    assert_int_equal(batching_count_keys(batching, KEY_PROMISE), 0);
}

static void test_stock_counts_late_impressions_still(void **state)
{
    struct batching *batching = *state;
    const char *decision = batching_decide(batching, "ada", "ticket", 1);
    batching->now_ms += BATCHING_RESERVE;
    batching_sweep(batching);
    show(batching, "ada", "ticket", decision);
    assert_stock(batching, "ticket", 1, 0);
}

static void test_stock_shown_is_not_given_back(void **state)
{
    struct batching *batching = *state;
    show(batching, "ada", "ticket", batching_decide(batching, "ada", "ticket", 1));
    assert_int_equal(batching_count_keys(batching, KEY_PROMISE), 1);
    batching->now_ms += BATCHING_RESERVE;
    batching_sweep(batching);
    assert_int_equal(batching_count_keys(batching, KEY_PROMISE), 0);
    assert_stock(batching, "ticket", 1, 0);
}

static void test_stock_counts_impressions_that_nobody_promised(void **state)
{
    struct batching *batching = *state;
    batching_track(batching, "impression", NULL, "seat");
    batching_track(batching, "impression", "ada", "map");
    batching_track(batching, "click", "ada", "seat");
    assert_stock(batching, "seat", 1, 0);
    assert_int_equal(batching_count_keys(batching, KEY_STOCK), 1);
}

static void test_stock_of_offers_that_are_gone_is_settled(void **state)
{
    struct batching *batching = *state;
    const char *decision = batching_decide(batching, "ada", "ticket", 1);
    batch_set_site(batching->batch, NULL);
    show(batching, "ada", "ticket", decision);
    assert_stock(batching, "ticket", 1, 0);
    batching_track(batching, "impression", "ada", "ticket");
    assert_stock(batching, "ticket", 1, 0);
}

static void test_stock_is_taken_by_restricted_customers(void **state)
{
    struct batching *batching = *state;
    struct command command = batching_command(batching, COMMAND_RESTRICT, "ada");
    command.restricted = true;
    assert_true(batching_do(batching, &command).accepted);
    const char *decision = batching_decide(batching, "ada", "ticket", 1);
    assert_stock(batching, "ticket", 0, 1);
    uint64_t hash = htobe64(key_hash(TEXT("ada")));
    assert_false(batching_contains(batching, (struct text){(const char *)&hash, sizeof hash}));
    struct command impression = batching_event(batching, "impression", "ada", "ticket");
    impression.decision = text_from(decision);
    for (int i = 0; i < 2; i++) {
        assert_false(batching_do(batching, &impression).accepted);
        assert_stock(batching, "ticket", 1, 0);
    }
}

static void test_stock_count_decode_takes_what_is_damaged_for_nothing(void **state)
{
    (void)state;
    struct stock_count count = stock_count_decode(TEXT("\0\0\0\0\0\0\1\2\0\0\0\0\0\0\0\3"));
    assert_int_equal(count.confirmed, 258);
    assert_int_equal(count.reserved, 3);
    count = stock_count_decode(TEXT("short"));
    assert_int_equal(count.confirmed + count.reserved, 0);
}

/* Whatever the store says, nobody gets more than there is because numbers have an end. */
static void test_stock_count_decode_can_be_added_up(void **state)
{
    (void)state;
    static const char bytes[] = "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\1";
    struct stock_count count = stock_count_decode((struct text){bytes, 16});
    assert_int_equal(count.reserved, 1);
    assert_true(count.confirmed + count.reserved > count.confirmed);
    char most[16];
    memset(most, 0xFF, sizeof most);
    count = stock_count_decode((struct text){most, sizeof most});
    assert_true(count.confirmed + count.reserved >= count.confirmed);
    assert_true(count.confirmed + 1 > count.confirmed && count.reserved + 1 > count.reserved);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_stock_is_promised_and_shown_once),
        TEST(test_stock_is_given_back_by_time),
        TEST(test_stock_counts_late_impressions_still),
        TEST(test_stock_shown_is_not_given_back),
        TEST(test_stock_counts_impressions_that_nobody_promised),
        TEST(test_stock_of_offers_that_are_gone_is_settled),
        TEST(test_stock_is_taken_by_restricted_customers),
        TEST(test_stock_count_decode_takes_what_is_damaged_for_nothing),
        TEST(test_stock_count_decode_can_be_added_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
