/* erase: nothing of a customer stays in any key or value, but sums that name nobody. */
#include <endian.h>
#include <msgpack/unpack.h>

#include "../cmocka_all.h"
#include "batch_builder.h"
#include "wire/value.h"

static struct outcome erase(struct batching *batching, const char *customer)
{
    struct command command = batching_command(batching, COMMAND_ERASE, customer);
    return batching_do(batching, &command);
}

static bool contains_hash(struct batching *batching, const char *id)
{
    uint64_t hash = htobe64(key_hash(text_from(id)));
    return batching_contains(batching, (struct text){(const char *)&hash, sizeof hash});
}

/* Somebody with everything: two ids, events with ids, decisions, stock, timers on two journeys, a profile. */
static void live(struct batching *batching)
{
    struct command event = batching_event(batching, "view", "visitor", NULL);
    event.id = TEXT("e1");
    assert_true(batching_do(batching, &event).accepted);
    batching_decide(batching, "visitor", "ticket", 1);
    struct command join = batching_identify(batching, "visitor", "ada");
    assert_true(batching_do(batching, &join).accepted);
    event.customer = TEXT("ada");
    event.id = TEXT("e2");
    assert_true(batching_do(batching, &event).accepted);
    batching_decide(batching, "ada", "seat", 2);
    batching_track(batching, "impression", "ada", "map");
    batching_track(batching, "sign_up", "ada", NULL);
    struct command set = batching_command(batching, COMMAND_SET, "ada");
    set.properties = TEXT("\x81\xA4role\xA2it");
    set.consents = TEXT("\x81\xA9marketing\xC3");
    assert_true(batching_do(batching, &set).accepted);
}

static void assert_nothing_left(struct batching *batching)
{
    assert_false(batching_contains(batching, TEXT("ada")));
    assert_false(batching_contains(batching, TEXT("visitor")));
    assert_false(contains_hash(batching, "ada"));
    assert_false(contains_hash(batching, "visitor"));
    assert_int_equal(batching_count_keys(batching, KEY_CUSTOMER), 0);
    assert_int_equal(batching_count_keys(batching, KEY_DUE), 0);
    assert_int_equal(batching_count_keys(batching, KEY_DECISION), 0);
    assert_int_equal(batching_count_keys(batching, KEY_PROMISE), 0);
    assert_int_equal(batching_stock(batching, "ticket").reserved, 0);
    assert_int_equal(batching_stock(batching, "seat").reserved, 0);
}

static void test_erase_leaves_nothing(void **state)
{
    struct batching *batching = *state;
    live(batching);
    assert_true(erase(batching, "ada").accepted);
    assert_nothing_left(batching);
    assert_string_equal(batching_moves(batching, "start"), "1/1/0");
    assert_string_equal(batching_moves(batching, "look"), "1/0/1");
    assert_string_equal(batching_touches(batching, "look", "map"), "0/1/0/0/0");
    struct key key;
    key_meta(&key, TEXT("erased"));
    assert_true(batching_contains(batching, key_text(&key)));
}

static void test_erase_by_an_alias_is_the_same(void **state)
{
    struct batching *batching = *state;
    live(batching);
    assert_true(erase(batching, "visitor").accepted);
    assert_nothing_left(batching);
}

static void assert_count(const msgpack_object *receipt, const char *field, double count)
{
    double number;
    const msgpack_object *value = value_map_get(receipt, text_from(field));
    assert_non_null(value);
    assert_true(value_number(value, &number));
    assert_true(number == count);
}

static void test_erase_gives_a_receipt(void **state)
{
    struct batching *batching = *state;
    live(batching);
    struct outcome outcome = erase(batching, "ada");
    msgpack_unpacked receipt;
    msgpack_unpacked_init(&receipt);
    assert_int_equal(msgpack_unpack_next(&receipt, outcome.payload.bytes, outcome.payload.length, NULL),
                     MSGPACK_UNPACK_SUCCESS);
    assert_count(&receipt.data, "events", 4);
    assert_count(&receipt.data, "decisions", 2);
    assert_count(&receipt.data, "offers", 3);
    assert_count(&receipt.data, "journeys", 2);
    assert_count(&receipt.data, "aliases", 1);
    assert_count(&receipt.data, "consents", 1);
    assert_count(&receipt.data, "traits", 1);
    assert_count(value_map_get(&receipt.data, TEXT("counts")), "view", 2);
    msgpack_unpacked_destroy(&receipt);
}

static void test_erase_tells_whose_ids_are_gone(void **state)
{
    struct batching *batching = *state;
    live(batching);
    struct command command = batching_command(batching, COMMAND_ERASE, "ada");
    assert_true(batch_add_command(batching->batch, 0, 0, &command));
    assert_true(batching_run(batching));
    size_t count;
    const struct text *erased = batch_erased(batching->batch, &count);
    assert_int_equal(count, 2);
    assert_text(erased[0], "visitor");
    assert_text(erased[1], "ada");
    batch_clear(batching->batch);
    batch_erased(batching->batch, &count);
    assert_int_equal(count, 0);
}

static void test_erase_of_nobody_is_an_empty_receipt(void **state)
{
    struct batching *batching = *state;
    struct outcome outcome = erase(batching, "nobody");
    assert_int_equal(outcome.code, ERROR_NONE);
    assert_true(outcome.payload.length > 0);
    assert_false(batching_contains(batching, TEXT("nobody")));
}

static void test_erase_and_all_before_it_in_one_batch(void **state)
{
    struct batching *batching = *state;
    struct record_item item = {.offer = TEXT("ticket"), .stocked = true, .reserves = true};
    struct record record = {.clock_us = BATCHING_NOW * 1000,
                            .seed = 5,
                            .customer = TEXT("visitor"),
                            .items = &item,
                            .item_count = 1};
    struct command event = batching_event(batching, "view", "visitor", NULL);
    event.id = TEXT("e1");
    struct command join = batching_identify(batching, "visitor", "ada");
    struct command gone = batching_command(batching, COMMAND_ERASE, "ada");
    assert_true(batch_add_record(batching->batch, &record));
    assert_true(batch_add_command(batching->batch, 0, 0, &event));
    assert_true(batch_add_command(batching->batch, 0, 1, &join));
    assert_true(batch_add_command(batching->batch, 0, 2, &gone));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_nothing_left(batching);
    assert_string_equal(batching_moves(batching, "look"), "1/0/1");
}

static void test_erase_and_beginning_again_in_one_batch(void **state)
{
    struct batching *batching = *state;
    live(batching);
    struct command event = batching_event(batching, "hello", "visitor", NULL);
    event.id = TEXT("e1");
    struct command gone = batching_command(batching, COMMAND_ERASE, "ada");
    assert_true(batch_add_command(batching->batch, 0, 0, &gone));
    assert_true(batch_add_command(batching->batch, 0, 1, &event));
    assert_true(batching_run(batching));
    size_t count;
    assert_false(batch_outcomes(batching->batch, &count)[1].outcome.duplicate);
    batch_clear(batching->batch);
    assert_false(batching_contains(batching, TEXT("ada")));
    const struct customer *visitor = batching_customer(batching, "visitor");
    assert_non_null(visitor);
    assert_int_equal(visitor->event_count, 1);
    assert_int_equal(visitor->revision, 1);
}

static void test_erase_leaves_others_alone(void **state)
{
    struct batching *batching = *state;
    live(batching);
    struct command event = batching_event(batching, "view", "bea", NULL);
    event.id = TEXT("e1");
    assert_true(batching_do(batching, &event).accepted);
    batching_decide(batching, "bea", "ticket", 3);
    assert_true(erase(batching, "ada").accepted);
    assert_int_equal(batching_customer(batching, "bea")->event_count, 1);
    assert_int_equal(batching_stock(batching, "ticket").reserved, 1);
    assert_int_equal(batching_count_keys(batching, KEY_DECISION), 1);
    assert_true(batching_do(batching, &event).duplicate);
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static void put(struct batching *batching, const struct key *key, struct text value)
{
    struct store_write write = {key_text(key), value};
    store_write(batching->moody.inner, &write, 1, written_cb, NULL);
}

/* A record that cannot be read can still be erased, with what lies beside it. */
static void test_erase_takes_damaged_records(void **state)
{
    struct batching *batching = *state;
    struct key record, event;
    key_customer(&record, TEXT("ada"));
    key_event(&event, TEXT("ada"), TEXT("e1"));
    put(batching, &record, TEXT("\x63not a record"));
    put(batching, &event, TEXT("\0\0\0\0\0\0\0\1"));
    assert_int_equal(batching_track(batching, "view", "ada", NULL).code, ERROR_INTERNAL);
    assert_true(erase(batching, "ada").accepted);
    assert_false(batching_contains(batching, TEXT("ada")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, batching_setup, batching_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_erase_leaves_nothing),
        TEST(test_erase_by_an_alias_is_the_same),
        TEST(test_erase_gives_a_receipt),
        TEST(test_erase_tells_whose_ids_are_gone),
        TEST(test_erase_of_nobody_is_an_empty_receipt),
        TEST(test_erase_and_all_before_it_in_one_batch),
        TEST(test_erase_and_beginning_again_in_one_batch),
        TEST(test_erase_leaves_others_alone),
        TEST(test_erase_takes_damaged_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
