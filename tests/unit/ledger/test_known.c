/* ledger/known: ids of events, the newest beside their customer, the others elsewhere. */
#include "../cmocka_all.h"

#include "batch_builder.h"
#include "ledger/keys.h"
#include "ledger/known.h"
#include "ledger/known_piece.h"

#include <endian.h>
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

/* So many, each twice, in one batch. */
static void track_twice(struct batching *batching, const char *customer, unsigned first, unsigned many)
{
    static char ids[2 * 300][16];
    assert_true(2 * many <= sizeof ids / sizeof *ids);
    for (uint64_t i = 0; i < 2 * many; i++) {
        struct command command = batching_event(batching, "view", customer, NULL);
        snprintf(ids[i], sizeof ids[i], "event-%u", first + (unsigned)(i % many));
        command.id = text_from(ids[i]);
        assert_true(batch_add_command(batching->batch, 0, i, &command));
    }
    assert_true(batching_run(batching));
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(batching->batch, &count);
    assert_int_equal(count, 2 * many);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(outcomes[i].outcome.duplicate, i >= many);
    batch_clear(batching->batch);
}

/* More in one batch than all are looked through for, and more than one piece holds. */
static void test_known_finds_ids_among_many(void **state)
{
    struct batching *batching = *state;
    track_twice(batching, "ada", 0, 300);
    assert_int_equal(batching_customer(batching, "ada")->events[0].count, 300);
    for (unsigned i = 0; i < 300; i++)
        assert_true(track(batching, "ada", i).duplicate);
    track_twice(batching, "ada", 300, 100);
}

/* Full pieces go elsewhere; what is beside the record stays one key. */
static void test_known_pieces_are_closed_when_full(void **state)
{
    struct batching *batching = *state;
    for (unsigned i = 0; i < PIECE_IDS; i++)
        assert_false(track(batching, "ada", i).duplicate);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 0);
    size_t beside = batching_count_keys(batching, KEY_CUSTOMER);
    for (unsigned i = PIECE_IDS; i < 3 * PIECE_IDS + 1; i++)
        assert_false(track(batching, "ada", i).duplicate);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 3);
    assert_int_equal(batching_count_keys(batching, KEY_CUSTOMER), beside);
    for (unsigned i = 0; i < 3 * PIECE_IDS + 1; i++)
        assert_true(track(batching, "ada", i).duplicate);
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

static void put(struct batching *batching, const struct key *key, const char *bytes, size_t length)
{
    const struct store_write write = {key_text(key), {bytes, length}};
    store_write(batching->moody.inner, &write, 1, written_cb, NULL);
}

/* A closed piece of the one event of that number, which came so many milliseconds ago. */
static void put_piece(struct batching *batching, const char *customer, unsigned number, int64_t ago_ms)
{
    char id[32];
    snprintf(id, sizeof id, "event-%u", number);
    int64_t at_ms = batching->now_ms - ago_ms;
    const struct {
        uint64_t newest_ms, hash;
        uint32_t after_ms;
    } piece = {htobe64((uint64_t)at_ms), htobe64(key_hash(text_from(id))), 0};
    struct key key;
    key_ids(&key, text_from(customer), at_ms, key_hash(text_from(id)));
    put(batching, &key, (const char *)&piece, 2 * sizeof(uint64_t) + sizeof(uint32_t));
}

/* So many such pieces, numbers ascending from the oldest, one a second. */
static void put_pieces(struct batching *batching, const char *customer, unsigned count)
{
    char head[PIECE_HEAD];
    struct key key;
    for (unsigned i = 0; i < count; i++)
        put_piece(batching, customer, i, (int64_t)(count - i) * 1000);
    piece_write_head(head, batching->now_ms - 1000);
    key_recent(&key, text_from(customer));
    put(batching, &key, head, sizeof head);
}

/* The oldest go, of this customer alone; whoever sends one of these again counts once more. */
static void test_known_pieces_have_a_bound(void **state)
{
    struct batching *batching = *state;
    put_pieces(batching, "ada", KNOWN_PIECES_MOST + 3);
    put_pieces(batching, "berta", 3);
    assert_true(track(batching, "ada", 0).duplicate);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), KNOWN_PIECES_MOST + 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_false(track(batching, "ada", i).duplicate);
        assert_true(track(batching, "ada", i).duplicate);
        assert_true(track(batching, "berta", i).duplicate);
    }
    assert_true(track(batching, "ada", 3).duplicate);
    assert_true(track(batching, "ada", KNOWN_PIECES_MOST + 2).duplicate);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), KNOWN_PIECES_MOST + 3);
}

/* Many are not all removed at once, and none where there are as many as may be. */
static void test_known_pieces_beyond_go_piece_by_piece(void **state)
{
    struct batching *batching = *state;
    put_pieces(batching, "ada", KNOWN_PIECES_MOST + KNOWN_FORGOTTEN_MOST + 5);
    static const unsigned left[] = {KNOWN_PIECES_MOST + 5, KNOWN_PIECES_MOST, KNOWN_PIECES_MOST};
    for (unsigned i = 0; i < sizeof left / sizeof *left; i++) {
        assert_false(track(batching, "ada", 1000000 + i).duplicate);
        assert_int_equal(batching_count_keys(batching, KEY_IDS), left[i]);
    }
}

/* Their pieces were looked at before they are one's own. */
static void test_known_pieces_beyond_go_after_a_join(void **state)
{
    struct batching *batching = *state;
    put_pieces(batching, "ada", KNOWN_PIECES_MOST + 2);
    put_pieces(batching, "visitor", 2);
    track(batching, "visitor", 1000000);
    struct command join = batching_identify(batching, "visitor", "ada");
    assert_true(batching_do(batching, &join).accepted);
    assert_false(track(batching, "ada", 1000001).duplicate);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), KNOWN_PIECES_MOST);
    assert_true(track(batching, "ada", 1000000).duplicate);
}

/* Where most of a full piece may be forgotten there is room again. */
static void test_known_pieces_of_the_past_make_room(void **state)
{
    struct batching *batching = *state;
    for (unsigned i = 0; i < PIECE_IDS - 2; i++)
        track(batching, "ada", i);
    batching->now_ms += 8 * (int64_t)BATCHING_DAY;
    for (unsigned i = 0; i < 4; i++)
        assert_false(track(batching, "ada", 1000 + i).duplicate);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 0);
    assert_false(track(batching, "ada", 0).duplicate);
    for (unsigned i = 0; i < 4; i++)
        assert_true(track(batching, "ada", 1000 + i).duplicate);
}

/* Of who had few events lately nothing but the recent piece is read, of others all of it. */
static void test_known_closed_pieces_are_read_where_there_are_any(void **state)
{
    struct batching *batching = *state;
    track(batching, "berta", 0);
    unsigned scans = batching->moody.scans;
    track(batching, "berta", 1);
    assert_int_equal(batching->moody.scans, scans);
    track_twice(batching, "ada", 0, PIECE_IDS + 1);
    scans = batching->moody.scans;
    assert_true(track(batching, "ada", 0).duplicate);
    assert_int_equal(batching->moody.scans, scans + 1);
    batching->now_ms += 8 * (int64_t)BATCHING_DAY;
    assert_false(track(batching, "ada", 0).duplicate);
    assert_int_equal(batching->moody.scans, scans + 1);
}

static void test_known_ids_survive_a_clock_that_steps_back(void **state)
{
    struct batching *batching = *state;
    track(batching, "ada", 1);
    batching->now_ms -= BATCHING_DAY;
    track(batching, "ada", 2);
    track(batching, "ada", 3);
    for (unsigned i = 1; i <= 3; i++)
        assert_true(track(batching, "ada", i).duplicate);
}

/* What came through damaged memory may say any time. */
static void test_known_ids_live_with_absurd_times(void **state)
{
    static const int64_t times[] = {INT64_MIN, INT64_MAX, -1};
    struct batching *batching = *state;
    track(batching, "ada", 1);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct command command = batching_event(batching, "view", "ada", NULL);
        command.id = TEXT("event-2");
        command.received_ms = times[i];
        assert_true(batching_do(batching, &command).accepted);
    }
    assert_true(track(batching, "ada", 1).duplicate);
    assert_true(track(batching, "ada", 2).duplicate); /* it came in the future */
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

/* Whoever comes to be in the batch that joins them takes nothing from who was there. */
static void test_known_ids_stay_when_somebody_new_is_joined(void **state)
{
    struct batching *batching = *state;
    track(batching, "ada", 1);
    struct command event = batching_event(batching, "view", "visitor", NULL);
    struct command join = batching_identify(batching, "visitor", "ada");
    event.id = TEXT("event-2");
    assert_true(batch_add_command(batching->batch, 0, 1, &event));
    assert_true(batch_add_command(batching->batch, 0, 2, &join));
    assert_true(batching_run(batching));
    batch_clear(batching->batch);
    assert_true(track(batching, "ada", 1).duplicate);
    assert_true(track(batching, "ada", 2).duplicate);
}

/* Closed pieces, and those that one batch has just closed, go along as well. */
static void test_known_closed_pieces_move_with_their_customer(void **state)
{
    struct batching *batching = *state;
    const char *aliases[] = {"ada", "visitor"};
    track_twice(batching, "visitor", 0, 2 * PIECE_IDS + 5);
    track_twice(batching, "ada", 1000, 2 * PIECE_IDS + 5);
    struct command join = batching_identify(batching, "visitor", "ada");
    struct command event = batching_event(batching, "view", "visitor", NULL);
    event.id = TEXT("event-1001");
    assert_true(batch_add_command(batching->batch, 0, 1, &join));
    assert_true(batch_add_command(batching->batch, 0, 2, &event));
    assert_true(batching_run(batching));
    size_t count;
    assert_true(batch_outcomes(batching->batch, &count)[1].outcome.duplicate);
    batch_clear(batching->batch);
    for (unsigned i = 0; i < 2 * PIECE_IDS + 5; i++) {
        assert_true(track(batching, aliases[i % 2], i).duplicate);
        assert_true(track(batching, aliases[i % 2], 1000 + i).duplicate);
    }
    struct command erase = batching_command(batching, COMMAND_ERASE, "visitor");
    assert_true(batching_do(batching, &erase).accepted);
    assert_int_equal(batching_count_keys(batching, KEY_IDS), 0);
    assert_int_equal(batching_count_keys(batching, KEY_CUSTOMER), 0);
    assert_false(track(batching, "ada", 1).duplicate);
}

int main(void)
{
#define BATCHING(test) cmocka_unit_test_setup_teardown(test, batching_setup, batching_teardown)
    const struct CMUnitTest tests[] = {
        BATCHING(test_known_ids_share_a_piece),
        BATCHING(test_known_finds_ids_among_many),
        BATCHING(test_known_ids_live_with_absurd_times),
        BATCHING(test_known_ids_are_forgotten_one_by_one),
        BATCHING(test_known_ids_move_with_their_customer),
        BATCHING(test_known_pieces_are_closed_when_full),
        BATCHING(test_known_pieces_of_the_past_make_room),
        BATCHING(test_known_closed_pieces_are_read_where_there_are_any),
        BATCHING(test_known_ids_survive_a_clock_that_steps_back),
        BATCHING(test_known_closed_pieces_move_with_their_customer),
        BATCHING(test_known_ids_stay_when_somebody_new_is_joined),
        BATCHING(test_known_pieces_have_a_bound),
        BATCHING(test_known_pieces_beyond_go_piece_by_piece),
        BATCHING(test_known_pieces_beyond_go_after_a_join),
    };
    return cmocka_run_group_tests_name("ledger/known", tests, NULL, NULL);
}
