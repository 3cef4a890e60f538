/* Rows of the funnel as the store keeps them. */
#include <endian.h>
#include <msgpack/unpack.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ledger/funnel.h"
#include "model/packed.h"
#include "wire/reply.h"
#include "wire/value.h"

enum { PREFIX = 'f', NAMES = 4, HASH_BYTES = 16 };

/* Each name with its length in front, so that no two lists of names are alike. */
static void hash_name(XXH3_state_t *state, struct text name)
{
    uint32_t length = htobe32((uint32_t)name.length);
    XXH3_128bits_update(state, &length, sizeof length);
    XXH3_128bits_update(state, name.bytes, name.length);
}

void funnel_row_key(uint32_t day, const struct funnel_names *names, char key[FUNNEL_KEY_BYTES])
{
    XXH3_state_t state;
    XXH128_canonical_t hash;
    uint32_t big_endian = htobe32(day);
    XXH3_128bits_reset(&state);
    hash_name(&state, names->journey);
    hash_name(&state, names->stage);
    hash_name(&state, names->offer);
    hash_name(&state, names->placement);
    XXH128_canonicalFromHash(&hash, XXH3_128bits_digest(&state));
    key[0] = PREFIX;
    memcpy(key + 1, &big_endian, sizeof big_endian);
    memcpy(key + 1 + sizeof big_endian, &hash, HASH_BYTES);
}

static void put_name(struct buffer *out, struct text name)
{
    reply_text_or_nil(out, name.length == 0 ? (struct text){NULL, 0} : name);
}

static void put_counters(struct buffer *out, const int64_t *counters, int count)
{
    for (int i = 0; i < count; i++)
        reply_number(out, (double)counters[i]);
}

void funnel_row_encode(const struct funnel_row *row, struct buffer *out)
{
    bool is_stage = row->names.offer.length == 0;
    reply_array(out, is_stage ? NAMES + FUNNEL_MOVES : NAMES + TOUCH_KINDS + 1);
    put_name(out, row->names.journey);
    put_name(out, row->names.stage);
    put_name(out, row->names.offer);
    put_name(out, row->names.placement);
    if (is_stage) {
        put_counters(out, row->moves, FUNNEL_MOVES);
    } else {
        put_counters(out, row->touches, TOUCH_KINDS);
        reply_number(out, row->value);
    }
}

static bool read_names(const msgpack_object *elements, struct funnel_names *names)
{
    struct text *const into[NAMES] = {&names->journey, &names->stage, &names->offer, &names->placement};
    for (int i = 0; i < NAMES; i++) {
        *into[i] = (struct text){NULL, 0};
        if (elements[i].type != MSGPACK_OBJECT_NIL && !value_text(&elements[i], into[i]))
            return false;
    }
    return true;
}

static bool read_counters(const msgpack_object *elements, int64_t *counters, int count)
{
    const double most = (double)FUNNEL_COUNT_MOST;
    for (int i = 0; i < count; i++) {
        double number;
        if (!value_number(&elements[i], &number) || !(number >= -most && number <= most))
            return false;
        counters[i] = (int64_t)number;
    }
    return true;
}

static bool read_row(struct funnel_row *row, const msgpack_object *array)
{
    if (array->type != MSGPACK_OBJECT_ARRAY || array->via.array.size < NAMES)
        return false;
    const msgpack_object *elements = array->via.array.ptr;
    uint32_t counters = array->via.array.size - NAMES;
    if (!read_names(elements, &row->names))
        return false;
    if (row->names.offer.length == 0)
        return counters >= FUNNEL_MOVES && read_counters(elements + NAMES, row->moves, FUNNEL_MOVES);
    return counters > TOUCH_KINDS && read_counters(elements + NAMES, row->touches, TOUCH_KINDS) &&
           value_number(&elements[NAMES + TOUCH_KINDS], &row->value);
}

bool funnel_row_decode(struct funnel_row *row, struct text key, struct text value, struct error *error)
{
    uint32_t big_endian;
    size_t end = 0;
    msgpack_unpacked unpacked;
    *row = (struct funnel_row){0};
    if (key.length != FUNNEL_KEY_BYTES || key.bytes[0] != PREFIX)
        return error_set(error, ERROR_INVALID, "no row of the funnel");
    memcpy(&big_endian, key.bytes + 1, sizeof big_endian);
    row->day = be32toh(big_endian);
    msgpack_unpacked_init(&unpacked);
    msgpack_unpack_return status = MSGPACK_UNPACK_PARSE_ERROR;
    if (packed_is_value(value))
        status = msgpack_unpack_next(&unpacked, value.bytes, value.length, &end);
    bool read = status == MSGPACK_UNPACK_SUCCESS && end == value.length && read_row(row, &unpacked.data);
    msgpack_unpacked_destroy(&unpacked); /* texts stay where they are, in the value's bytes */
    if (status == MSGPACK_UNPACK_NOMEM_ERROR)
        return error_set(error, ERROR_UNAVAILABLE, "out of memory");
    return read || error_set(error, ERROR_INVALID, "a damaged row of the funnel");
}
