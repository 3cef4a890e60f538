/* ledger/upgrade: a store of format 1 becomes one of format 2, also where that is interrupted. */
#include "../cmocka_all.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "../store/asking_builder.h"
#include "batch_builder.h"
#include "ledger/known_piece.h"
#include "ledger/upgrade.h"
#include "store/limits.h"

enum { PIECES = 3, IDS = 20 };

/* As format 1 had it: pieces beside the record, each under the moment of its first id. */
static void put_old_piece(struct store *store, const char *customer, int piece, int64_t now_ms)
{
    char value[8 + IDS * 12], id[48];
    struct key key;
    int64_t first_ms = now_ms - (PIECES - piece) * 1000;
    uint64_t newest = htobe64((uint64_t)(first_ms + IDS - 1)), moment = 0;
    memcpy(value, &newest, sizeof newest);
    for (int i = 0; i < IDS; i++) {
        snprintf(id, sizeof id, "%s-%d-%d", customer, piece, i);
        uint64_t hash = htobe64(key_hash(text_from(id)));
        uint32_t after = htobe32((uint32_t)i);
        memcpy(value + 8 + i * 12, &hash, sizeof hash);
        memcpy(value + 16 + i * 12, &after, sizeof after);
        moment = i == 0 ? htobe64((uint64_t)first_ms << 20 | (be64toh(hash) & 0xFFFFF)) : moment;
    }
    key_recent(&key, text_from(customer));
    memcpy(key.bytes + key.length, &moment, sizeof moment);
    key.length += sizeof moment;
    asking_put(store, key_text(&key), (struct text){value, sizeof value});
}

static void make_old(struct batching *batching, int customers)
{
    char id[32];
    for (int i = 0; i < customers; i++) {
        snprintf(id, sizeof id, "customer-%d", i);
        struct command command = batching_event(batching, "view", id, NULL);
        assert_true(batching_do(batching, &command).accepted);
        for (int piece = 0; piece < PIECES; piece++)
            put_old_piece(batching->moody.inner, id, piece, batching->now_ms);
    }
    struct command nobody = batching_event(batching, "view", NULL, NULL);
    nobody.id = TEXT("nobody's");
    assert_true(batching_do(batching, &nobody).accepted);
    asking_put(batching->moody.inner, STORE_FORMAT_KEY, TEXT("\0\0\0\1"));
}

static bool is_known(struct batching *batching, int customer, int piece, int number)
{
    char name[32], id[48];
    snprintf(name, sizeof name, "customer-%d", customer);
    snprintf(id, sizeof id, "%s-%d-%d", name, piece, number);
    struct command command = batching_event(batching, "view", name, NULL);
    command.id = text_from(id);
    return batching_do(batching, &command).duplicate;
}

static void assert_upgraded(struct batching *batching, int customers)
{
    struct text format = TEXT("\0\0\0\2");
    assert_true(asking_finds(batching->moody.inner, STORE_FORMAT_KEY, format));
    assert_int_equal(batching_count_keys(batching, KEY_IDS), customers * PIECES);
    for (int i = 0; i < customers; i += 1 + customers / 20)
        for (int j = 0; j < PIECES * IDS; j += 7)
            assert_true(is_known(batching, i, j / IDS, j % IDS));
    assert_false(is_known(batching, 0, PIECES, 0));
    struct command nobody = batching_event(batching, "view", NULL, NULL);
    nobody.id = TEXT("nobody's");
    assert_true(batching_do(batching, &nobody).duplicate);
}

static void test_upgrade_moves_ids(void **state)
{
    struct batching *batching = *state;
    uint64_t moved;
    struct error error;
    make_old(batching, 3);
    assert_true(upgrade_store(batching->moody.inner, &moved, &error));
    assert_int_equal(moved, 3 * PIECES);
    assert_upgraded(batching, 3);
    assert_true(upgrade_store(batching->moody.inner, &moved, &error));
    assert_int_equal(moved, 0);
}

/* More entries than one step looks at: customers are cut between two of them. */
static void test_upgrade_of_many(void **state)
{
    struct batching *batching = *state;
    uint64_t moved;
    struct error error;
    make_old(batching, 1700);
    assert_true(upgrade_store(batching->moody.inner, &moved, &error));
    assert_int_equal(moved, 1700 * PIECES);
    assert_upgraded(batching, 1700);
}

/* A store that takes so many batches, and then no more. */
struct tiring {
    struct store store;
    struct store *inner; /* borrowed */
    int left;
};

static void tiring_read(struct store *store, const struct text *keys, size_t count, store_read_cb done,
                        void *context)
{
    store_read(((struct tiring *)store)->inner, keys, count, done, context);
}

static void tiring_scan(struct store *store, struct text from, struct text prefix, size_t most,
                        store_entry_cb entry, store_done_cb done, void *context)
{
    store_scan(((struct tiring *)store)->inner, from, prefix, most, entry, done, context);
}

static void tiring_write(struct store *store, const struct store_write *writes, size_t count,
                         store_done_cb done, void *context)
{
    struct tiring *tiring = (struct tiring *)store;
    const struct error tired = {ERROR_UNAVAILABLE, "no room is left"};
    if (tiring->left-- > 0)
        store_write(tiring->inner, writes, count, done, context);
    else
        done(context, &tired);
}

static const struct store_kind tiring_kind = {
    .read = tiring_read, .scan = tiring_scan, .write = tiring_write};

static void test_upgrade_goes_on_where_it_was_interrupted(void **state)
{
    struct batching *batching = *state;
    uint64_t moved;
    struct error error;
    bool done = false;
    make_old(batching, 1700);
    for (int tries = 0; !done; tries++) {
        struct tiring tiring = {{&tiring_kind}, batching->moody.inner, 1};
        done = upgrade_store(&tiring.store, &moved, &error);
        assert_true(done || strcmp(error.message, "no room is left") == 0);
        assert_true(tries < 100);
    }
    assert_upgraded(batching, 1700);
}

static void test_upgrade_of_a_new_store_does_nothing(void **state)
{
    struct batching *batching = *state;
    uint64_t moved;
    struct error error;
    unsigned writes = batching->moody.writes_done;
    assert_true(upgrade_store(&batching->moody.store, &moved, &error));
    assert_int_equal(moved, 0);
    assert_int_equal(batching->moody.writes_done, writes);
    batching->moody.refuses_reads = true;
    assert_false(upgrade_store(&batching->moody.store, &moved, &error));
    batching->moody.refuses_reads = false;
}

int main(void)
{
#define BATCHING(test) cmocka_unit_test_setup_teardown(test, batching_setup, batching_teardown)
    const struct CMUnitTest tests[] = {
        BATCHING(test_upgrade_moves_ids),
        BATCHING(test_upgrade_of_many),
        BATCHING(test_upgrade_goes_on_where_it_was_interrupted),
        BATCHING(test_upgrade_of_a_new_store_does_nothing),
    };
    return cmocka_run_group_tests_name("ledger/upgrade", tests, NULL, NULL);
}
