/* Decoded MessagePack for tests, written as the bytes that a client sends. */
#ifndef SENDA_TESTS_WIRE_DECODED_H
#define SENDA_TESTS_WIRE_DECODED_H

#include <msgpack/unpack.h>
#include <stdlib.h>

#include "base/text.h"

/* Test fixture: *state is the zone that decoded values live in. */
static inline int decoded_setup(void **state)
{
    *state = msgpack_zone_new(4096);
    return *state == NULL ? -1 : 0;
}

static inline int decoded_teardown(void **state)
{
    msgpack_zone_free(*state);
    return 0;
}

/* The value lives until the test ends; the bytes are to be one value exactly. */
static inline const msgpack_object *decoded(void **state, struct text bytes)
{
    msgpack_object *object = msgpack_zone_malloc(*state, sizeof *object);
    size_t end = 0;
    assert_non_null(object);
    assert_int_equal(msgpack_unpack(bytes.bytes, bytes.length, &end, *state, object), MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(end, bytes.length);
    return object;
}

#define DECODED(literal) decoded(state, TEXT(literal))

#endif
