/* MessagePack spelled as JSON in which ' stands for ", so that a test can say what it expects in one line. */
#ifndef SENDA_TESTS_WIRE_SPELLED_H
#define SENDA_TESTS_WIRE_SPELLED_H

#include "../cmocka_all.h"

#include <msgpack/unpack.h>
#include <stdio.h>

#include "base/buffer.h"

static inline void spell_words(struct buffer *out, const char *words)
{
    buffer_append(out, words, strlen(words));
}

static inline void spell_text(struct buffer *out, const char *bytes, size_t length)
{
    spell_words(out, "'");
    buffer_append(out, bytes, length);
    spell_words(out, "'");
}

static inline void spell(struct buffer *out, const msgpack_object *value)
{
    char number[40];
    if (value->type == MSGPACK_OBJECT_NIL)
        spell_words(out, "null");
    else if (value->type == MSGPACK_OBJECT_BOOLEAN)
        spell_words(out, value->via.boolean ? "true" : "false");
    else if (value->type == MSGPACK_OBJECT_POSITIVE_INTEGER ||
             value->type == MSGPACK_OBJECT_NEGATIVE_INTEGER) {
        snprintf(number, sizeof number, "%lld", (long long)value->via.i64);
        spell_words(out, number);
    } else if (value->type == MSGPACK_OBJECT_FLOAT64) {
        snprintf(number, sizeof number, "%.15g", value->via.f64);
        spell_words(out, number);
    } else if (value->type == MSGPACK_OBJECT_STR)
        spell_text(out, value->via.str.ptr, value->via.str.size);
    else if (value->type == MSGPACK_OBJECT_ARRAY) {
        spell_words(out, "[");
        for (uint32_t i = 0; i < value->via.array.size; i++) {
            spell_words(out, i > 0 ? ", " : "");
            spell(out, &value->via.array.ptr[i]);
        }
        spell_words(out, "]");
    } else if (value->type == MSGPACK_OBJECT_MAP) {
        spell_words(out, "{");
        for (uint32_t i = 0; i < value->via.map.size; i++) {
            spell_words(out, i > 0 ? ", " : "");
            spell(out, &value->via.map.ptr[i].key);
            spell_words(out, ": ");
            spell(out, &value->via.map.ptr[i].val);
        }
        spell_words(out, "}");
    } else
        fail_msg("a value of type %d is never answered", value->type);
}

/* The one value that `bytes` holds, spelled; lives until the next call. */
static inline const char *spelled(const char *bytes, size_t length)
{
    static char text[64 * 1024];
    struct buffer out;
    msgpack_unpacked value;
    size_t end = 0;
    buffer_create(&out);
    msgpack_unpacked_init(&value);
    assert_int_equal(msgpack_unpack_next(&value, bytes, length, &end), MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(end, length);
    spell(&out, &value.data);
    assert_true(out.length < sizeof text);
    memcpy(text, out.bytes, out.length);
    text[out.length] = '\0';
    msgpack_unpacked_destroy(&value);
    buffer_destroy(&out);
    return text;
}

#define assert_spelled(bytes, length, expected) assert_string_equal(spelled((bytes), (length)), (expected))

#endif
