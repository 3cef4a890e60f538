/* Numbered batches by chance. */
#include "batches_builder.h"

#include "../cmocka_all.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "asking_builder.h"
#include "base/random.h"

enum {
    KEYS = 40,   /* that batches write to */
    WRITES = 12, /* a batch at most, the number apart */
    DELETE_ONCE_IN = 5,
    LARGE_ONCE_IN = 6, /* values that take pages of their own */
    SMALL = 300,       /* bytes */
    LARGE = 9000,
};

#define LAST_KEY TEXT("mlast")

/* One batch, with the memory that its writes point into. */
struct batch {
    struct store_write writes[WRITES + 2];
    size_t count; /* of writes */
    char keys[WRITES][8];
    char values[WRITES][LARGE];
    uint64_t number;
    uint8_t variant;
    char variant_key[32];
};

static uint64_t pick(struct random_state *random, uint64_t below)
{
    return random_next(random) % below;
}

static void fill_write(struct batch *batch, size_t index, struct random_state *random)
{
    char *key = batch->keys[index], *value = batch->values[index];
    size_t length = 1 + pick(random, pick(random, LARGE_ONCE_IN) == 0 ? LARGE : SMALL);
    memcpy(key, "ckey-00", 8);
    uint64_t name = pick(random, KEYS);
    key[5] = (char)('0' + name / 10);
    key[6] = (char)('0' + name % 10);
    for (size_t i = 0; i < length; i++)
        value[i] = (char)(random->value >> (8 * (i % 8)));
    bool deletes = pick(random, DELETE_ONCE_IN) == 0;
    batch->writes[index] = (struct store_write){{key, 7}, {deletes ? NULL : value, deletes ? 0 : length}};
}

/* Where a store says which variant of a batch it has; 0 says nothing. */
static struct text key_of_variant(char out[32], uint64_t number)
{
    snprintf(out, 32, "mvariant %" PRIu64, number);
    return text_from(out);
}

static void fill_batch(struct batch *batch, uint64_t seed)
{
    struct random_state random = {(seed * 1000003 + batch->number) * 256 + batch->variant};
    random_next(&random);
    batch->count = 1 + pick(&random, WRITES);
    for (size_t i = 0; i < batch->count; i++)
        fill_write(batch, i, &random);
    batch->writes[batch->count++] =
        (struct store_write){LAST_KEY, {(const char *)&batch->number, sizeof batch->number}};
    if (batch->variant != 0)
        batch->writes[batch->count++] = (struct store_write){
            key_of_variant(batch->variant_key, batch->number), {(const char *)&batch->variant, 1}};
}

bool batches_write_variant(struct store *store, uint64_t seed, uint64_t number, uint8_t variant,
                           struct error *error)
{
    struct batch *batch = malloc(sizeof *batch);
    assert_non_null(batch);
    batch->number = number;
    batch->variant = variant;
    fill_batch(batch, seed);
    bool written = asking_write(store, batch->writes, batch->count, error);
    free(batch);
    return written;
}

bool batches_write(struct store *store, uint64_t seed, uint64_t number, struct error *error)
{
    return batches_write_variant(store, seed, number, 0, error);
}

uint64_t batches_last(struct store *store)
{
    struct buffer value;
    uint64_t number = 0;
    if (asking_get(store, LAST_KEY, &value)) {
        assert_int_equal(value.length, sizeof number);
        memcpy(&number, value.bytes, sizeof number);
    }
    buffer_destroy(&value);
    return number;
}

static uint8_t variant_of(struct store *store, uint64_t number)
{
    struct buffer value;
    char key[32];
    uint8_t variant = asking_get(store, key_of_variant(key, number), &value) ? (uint8_t)value.bytes[0] : 0;
    buffer_destroy(&value);
    return variant;
}

bool batches_are_whole(struct store *store, uint64_t seed)
{
    struct error error;
    struct store *expected = store_memory_open(&error);
    assert_non_null(expected);
    uint64_t last = batches_last(store);
    for (uint64_t number = 1; number <= last; number++)
        assert_true(batches_write_variant(expected, seed, number, variant_of(store, number), &error));
    bool same = asking_same(store, expected);
    store_close(expected);
    return same;
}

uint64_t batches_number_from(const char *variable, uint64_t otherwise)
{
    const char *value = getenv(variable);
    return value == NULL ? otherwise : strtoull(value, NULL, 0);
}
