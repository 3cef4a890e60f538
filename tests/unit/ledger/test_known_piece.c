/* ledger/known_piece: bytes of pieces, also of what is none. */
#include "../cmocka_all.h"

#include <endian.h>
#include <string.h>

#include "ledger/keys.h"
#include "ledger/known_piece.h"

#define NOW INT64_C(1790000000000)

struct pieces {
    struct arena arena;
    struct entries entries;
    struct entry *recent, *closed;
};

static int setup(void **state)
{
    static struct pieces pieces;
    struct key key;
    arena_create(&pieces.arena, 4096);
    entries_create(&pieces.entries, &pieces.arena);
    key_recent(&key, TEXT("ada"));
    pieces.recent = entries_at(&pieces.entries, key_text(&key));
    key_ids(&key, TEXT("ada"), NOW, 1);
    pieces.closed = entries_at(&pieces.entries, key_text(&key));
    *state = &pieces;
    return 0;
}

static int teardown(void **state)
{
    struct pieces *pieces = *state;
    entries_destroy(&pieces->entries);
    arena_destroy(&pieces->arena);
    return 0;
}

static bool add(struct pieces *pieces, uint64_t hash, int64_t received_ms)
{
    const struct piece_id id = {hash, received_ms};
    return piece_add(&pieces->entries, pieces->recent, &id);
}

static void test_pieces_are_told_apart(void **state)
{
    struct pieces *pieces = *state;
    struct key key;
    assert_true(piece_is_recent(pieces->recent) && !piece_is_closed(pieces->recent));
    assert_true(piece_is_closed(pieces->closed) && !piece_is_recent(pieces->closed));
    key_event(&key, TEXT(""), TEXT("of nobody"));
    const struct entry *event = entries_at(&pieces->entries, key_text(&key));
    assert_false(piece_is_recent(event) || piece_is_closed(event));
    key_customer(&key, TEXT("ada"));
    const struct entry *record = entries_at(&pieces->entries, key_text(&key));
    assert_false(piece_is_recent(record) || piece_is_closed(record));
}

static void test_piece_fills(void **state)
{
    struct pieces *pieces = *state;
    for (uint64_t i = 0; i < PIECE_IDS; i++)
        assert_true(add(pieces, i + 1, NOW + (int64_t)i));
    assert_false(add(pieces, 999, NOW + 1000));
    assert_int_equal(piece_count(pieces->recent), PIECE_IDS);
    for (size_t i = 0; i < PIECE_IDS; i++) {
        assert_int_equal(piece_at(pieces->recent, i).hash, i + 1);
        assert_int_equal(piece_at(pieces->recent, i).received_ms, NOW + (int64_t)i);
        assert_true(piece_has(pieces->recent, i + 1, NOW));
    }
    assert_int_equal(piece_newest_ms(pieces->recent->value), NOW + PIECE_IDS - 1);
    assert_false(piece_has(pieces->recent, 999, 0));
    assert_false(piece_has(pieces->recent, 5, NOW + 5));
    assert_true(piece_has(pieces->recent, 5, NOW + 4));
}

static void test_piece_takes_no_time_that_it_cannot_say(void **state)
{
    struct pieces *pieces = *state;
    assert_true(add(pieces, 1, NOW));
    assert_false(add(pieces, 2, NOW - 1));
    assert_false(add(pieces, 2, NOW + UINT32_MAX + INT64_C(1)));
    assert_true(add(pieces, 2, NOW + UINT32_MAX));
    assert_int_equal(piece_at(pieces->recent, 1).received_ms, NOW + UINT32_MAX);
}

static void test_piece_renewed_keeps_what_is_new_enough(void **state)
{
    struct pieces *pieces = *state;
    for (uint64_t i = 0; i < 10; i++)
        add(pieces, i + 1, NOW + (int64_t)i);
    piece_renew(&pieces->entries, pieces->recent, NOW + 7);
    assert_int_equal(piece_count(pieces->recent), 3);
    assert_int_equal(piece_at(pieces->recent, 0).hash, 8);
    assert_int_equal(piece_at(pieces->recent, 0).received_ms, NOW + 7);
    assert_int_equal(piece_first(pieces->recent).received_ms, NOW);
    piece_renew(&pieces->entries, pieces->recent, INT64_MAX);
    assert_int_equal(piece_count(pieces->recent), 0);
    assert_true(add(pieces, 20, NOW - 5)); /* tells its times anew */
    assert_int_equal(piece_first(pieces->recent).received_ms, NOW - 5);
}

static void test_piece_closed_has_the_same_ids(void **state)
{
    struct pieces *pieces = *state;
    for (uint64_t i = 0; i < 5; i++)
        add(pieces, i + 1, NOW + (int64_t)i);
    piece_close(&pieces->entries, pieces->closed, pieces->recent);
    assert_int_equal(piece_count(pieces->closed), 5);
    assert_int_equal(piece_newest_ms(pieces->closed->value), NOW + 4);
    assert_int_equal(piece_at(pieces->closed, 4).received_ms, NOW + 4);
    assert_int_equal(piece_closed_ms(pieces->recent->value), 0);
    piece_note_closed(&pieces->entries, pieces->recent, NOW + 4);
    piece_note_closed(&pieces->entries, pieces->recent, NOW + 1);
    assert_int_equal(piece_closed_ms(pieces->recent->value), NOW + 4);
}

/* What was read is not written to: it is copied first, as it was. */
static void test_piece_that_was_read_goes_on(void **state)
{
    struct pieces *pieces = *state;
    char head[PIECE_HEAD];
    piece_write_head(head, NOW);
    assert_true(entries_learn(&pieces->entries, pieces->recent, (struct text){head, sizeof head}));
    assert_int_equal(piece_count(pieces->recent), 0);
    assert_true(add(pieces, 1, NOW - 1));
    assert_int_equal(piece_closed_ms(pieces->recent->value), NOW);
    assert_int_equal(piece_newest_ms(pieces->recent->value), NOW);
    assert_int_equal(piece_at(pieces->recent, 0).received_ms, NOW - 1);
}

static void test_piece_of_what_is_none(void **state)
{
    struct pieces *pieces = *state;
    assert_int_equal(piece_newest_ms((struct text){NULL, 0}), 0);
    assert_int_equal(piece_newest_ms(TEXT("short")), 0);
    assert_int_equal(piece_newest_ms((struct text){"\0\0\0\0\0\0\1\2", 8}), 258);
    assert_int_equal(piece_closed_ms(TEXT("too short as well")), 0);
    for (size_t length = 0; length < 3 * PIECE_HEAD; length++) {
        static const char zeros[3 * PIECE_HEAD];
        entries_put_borrowed(pieces->recent, (struct text){zeros, length});
        assert_false(piece_has(pieces->recent, 77, 0));
        assert_true(add(pieces, 77, 5));
        assert_true(piece_has(pieces->recent, 77, 5));
    }
}

/* A damaged store may say any time; what is reckoned with it stays within what a number can say. */
static void test_piece_of_absurd_times(void **state)
{
    struct pieces *pieces = *state;
    static const uint64_t times[] = {UINT64_C(1) << 63, UINT64_MAX, INT64_MAX};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char bytes[PIECE_HEAD + 12];
        memset(bytes, 0xFF, sizeof bytes);
        for (size_t at = 0; at < PIECE_HEAD; at += sizeof(uint64_t)) {
            uint64_t big = htobe64(times[i]);
            memcpy(bytes + at, &big, sizeof big);
        }
        entries_put_borrowed(pieces->recent, (struct text){bytes, sizeof bytes});
        assert_int_equal(piece_count(pieces->recent), 1);
        assert_true(piece_at(pieces->recent, 0).received_ms >= 0);
        assert_true(piece_newest_ms(pieces->recent->value) >= 0);
        assert_true(piece_closed_ms(pieces->recent->value) >= 0);
        add(pieces, 77, NOW); /* a piece of its own begins where it doesn't fit here */
    }
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_pieces_are_told_apart),
        TEST(test_piece_fills),
        TEST(test_piece_takes_no_time_that_it_cannot_say),
        TEST(test_piece_renewed_keeps_what_is_new_enough),
        TEST(test_piece_closed_has_the_same_ids),
        TEST(test_piece_that_was_read_goes_on),
        TEST(test_piece_of_what_is_none),
        TEST(test_piece_of_absurd_times),
    };
    return cmocka_run_group_tests_name("ledger/known_piece", tests, NULL, NULL);
}
