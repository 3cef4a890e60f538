/* ledger/known: ids of events, in pieces beside their customer. */
#include "../cmocka_all.h"

#include "batch_builder.h"
#include "ledger/known.h"

#include <stdio.h>

static struct outcome track(struct batching *batching, const char *customer, unsigned number)
{
    char id[32];
    struct command command = batching_event(batching, "view", customer, NULL);
    snprintf(id, sizeof id, "event-%u", number);
    command.id = text_from(id);
    return batching_do(batching, &command);
}

/* Keys of ids in the whole store. */
static size_t count_pieces(struct batching *batching)
{
    size_t all = batching_count_keys(batching, 0), others = 0;
    static const char kinds[] = {'d', 'f', 'm', 'r', 's', 't'};
    for (size_t i = 0; i < sizeof kinds; i++)
        others += batching_count_keys(batching, kinds[i]);
    return all - others;
}

static void test_known_ids_share_a_piece(void **state)
{
    struct batching *batching = *state;
    track(batching, "ada", 0);
    size_t before = count_pieces(batching);
    for (unsigned i = 1; i < 20; i++)
        assert_false(track(batching, "ada", i).duplicate);
    assert_int_equal(count_pieces(batching), before);
    for (unsigned i = 0; i < 20; i++)
        assert_true(track(batching, "ada", i).duplicate);
    assert_false(track(batching, "berta", 3).duplicate);
}

/* More in one batch than pieces are looked through for, and more than one piece holds. */
static void test_known_finds_ids_among_many(void **state)
{
    struct batching *batching = *state;
    enum { MANY = 300 };
    static char ids[2 * MANY][16];
    for (uint64_t i = 0; i < 2 * MANY; i++) {
        struct command command = batching_event(batching, "view", "ada", NULL);
        snprintf(ids[i], sizeof ids[i], "e%u", (unsigned)(i % MANY));
        command.id = text_from(ids[i]);
        assert_true(batch_add_command(batching->batch, 0, i, &command));
    }
    assert_true(batching_run(batching));
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(batching->batch, &count);
    assert_int_equal(count, 2 * MANY);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(outcomes[i].outcome.duplicate, i >= MANY);
    batch_clear(batching->batch);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, MANY);
}

static void test_known_ids_are_forgotten_one_by_one(void **state)
{
    struct batching *batching = *state;
    track(batching, "ada", 1);
    batching->now_ms += BATCHING_DAY / 2;
    track(batching, "ada", 2);
    batching->now_ms += 7 * (int64_t)BATCHING_DAY - BATCHING_DAY / 4;
    assert_false(track(batching, "ada", 1).duplicate);
    assert_true(track(batching, "ada", 2).duplicate);
}

static void test_known_ids_move_with_their_customer(void **state)
{
    struct batching *batching = *state;
    track(batching, "visitor", 1); /* in the same moment: two pieces that want one key */
    track(batching, "ada", 1);
    track(batching, "visitor", 2);
    struct command join = {.type = COMMAND_IDENTIFY,
                           .customer = TEXT("ada"),
                           .id = TEXT("visitor"),
                           .at_ms = batching->now_ms,
                           .received_ms = batching->now_ms};
    assert_true(batching_do(batching, &join).accepted);
    for (unsigned i = 1; i <= 2; i++) {
        assert_true(track(batching, "ada", i).duplicate);
        assert_true(track(batching, "visitor", i).duplicate);
    }
    assert_false(track(batching, "ada", 3).duplicate);
}

static void test_known_newest_of_what_is_no_piece(void **state)
{
    (void)state;
    assert_int_equal(known_newest_ms((struct text){NULL, 0}), 0);
    assert_int_equal(known_newest_ms(TEXT("short")), 0);
    assert_int_equal(known_newest_ms((struct text){"\0\0\0\0\0\0\1\2", 8}), 258);
}

int main(void)
{
#define BATCHING(test) cmocka_unit_test_setup_teardown(test, batching_setup, batching_teardown)
    const struct CMUnitTest tests[] = {
        BATCHING(test_known_ids_share_a_piece),
        BATCHING(test_known_finds_ids_among_many),
        BATCHING(test_known_ids_are_forgotten_one_by_one),
        BATCHING(test_known_ids_move_with_their_customer),
        cmocka_unit_test(test_known_newest_of_what_is_no_piece),
    };
    return cmocka_run_group_tests_name("ledger/known", tests, NULL, NULL);
}
