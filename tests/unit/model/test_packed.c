/* packed: walking over maps of every form, against msgpack-c, and over bytes that are none. */
#include "../cmocka_all.h"

#include <msgpack/unpack.h>
#include <stdlib.h>

#include "../wire/message_builder.h"
#include "customer_builder.h"
#include "model/packed.h"

enum { ROUNDS = 4000, NOISE = 4000 };

static void test_packed_map_of_nothing(void **state)
{
    (void)state;
    struct packed_map map;
    struct text key, value;
    packed_map_open(&map, (struct text){NULL, 0});
    assert_false(packed_map_next(&map, &key, &value));
    assert_false(map.failed);
    packed_map_open(&map, TEXT("\x80"));
    assert_false(packed_map_next(&map, &key, &value));
    assert_false(map.failed);
}

static void test_packed_map_next_hands_out_entries(void **state)
{
    (void)state;
    struct packed_map map;
    struct text key, value;
    packed_map_open(&map, TEXT("\xde\0\x03\xa1"
                               "a\x93\x01\x02\x81\xc0\xc0\xc4\x02"
                               "b\0\xc0\xd9\x01"
                               "c\xcb\0\0\0\0\0\0\0\0"));
    assert_true(packed_map_next(&map, &key, &value));
    builder_assert_text(key, TEXT("a"));
    builder_assert_text(value, TEXT("\x93\x01\x02\x81\xc0\xc0"));
    assert_true(packed_map_next(&map, &key, &value));
    builder_assert_text(key, TEXT("b\0"));
    assert_true(packed_is_nil(value));
    assert_true(packed_map_next(&map, &key, &value));
    builder_assert_text(key, TEXT("c"));
    assert_int_equal(value.length, 9);
    assert_false(packed_is_nil(value));
    assert_false(packed_map_next(&map, &key, &value));
    assert_false(map.failed);
}

static void test_packed_is_value(void **state)
{
    (void)state;
    assert_true(packed_is_value(TEXT("\xc0")));
    assert_true(packed_is_value(TEXT("\x92\x81\xa1"
                                     "a\x01\xc7\x01\x05x")));
    assert_false(packed_is_value((struct text){NULL, 0}));
    assert_false(packed_is_value(TEXT("\xc0\xc0")));
    assert_false(packed_is_value(TEXT("\x92\x01")));
    assert_false(packed_is_value(TEXT("\xdf\xff\xff\xff\xff")));
    assert_false(packed_is_value(TEXT("\xdb\xff\xff\xff\xff")));
    assert_false(packed_is_value(TEXT("\xc1")));
}

/* Walks to the end; whether it was a map of texts and nothing else. */
static bool walk(struct text bytes)
{
    struct packed_map map;
    struct text key, value;
    packed_map_open(&map, bytes);
    while (packed_map_next(&map, &key, &value))
        continue;
    return !map.failed;
}

static void test_packed_map_refuses_what_is_none(void **state)
{
    (void)state;
    assert_false(walk(TEXT("\xc0")));                 /* not a map */
    assert_false(walk(TEXT("\x91\xc0")));             /* a list */
    assert_false(walk(TEXT("\x81")));                 /* cut */
    assert_false(walk(TEXT("\x81\xa1")));             /* in the key */
    assert_false(walk(TEXT("\x81\xa1k")));            /* behind the key */
    assert_false(walk(TEXT("\x81\xa1k\x92\xc0")));    /* in the value */
    assert_false(walk(TEXT("\x81\x01\x02")));         /* a key that is no text */
    assert_false(walk(TEXT("\x81\xa1k\xc1")));        /* a byte that means nothing */
    assert_false(walk(TEXT("\x81\xa1k\xc0\xc0")));    /* something behind */
    assert_false(walk(TEXT("\xdf\xff\xff\xff\xff"))); /* more than there is */
    assert_false(walk(TEXT("\x81\xa1k\xc6\xff\xff\xff\xff")));
    assert_false(walk(TEXT("\x81\xa1k\xdf\xff\xff\xff\xff\xc0")));
    assert_false(walk(TEXT("\x80\x80")));
}

/* A random map, written by the tests' own builder of all forms. */
static uint32_t put_map(struct buffer *out, struct random_state *random)
{
    uint32_t count = message_pick(random, 6);
    packed_put_map(out, count);
    for (uint32_t i = 0; i < count; i++) {
        message_put_length(out, 0xD9, 2, 1);
        buffer_append(out, "kk", 2);
        message_put_random(out, random, 5);
    }
    return count;
}

/* Each value ends where msgpack-c says. */
static void check_against_msgpack(struct text bytes, uint32_t count)
{
    struct packed_map map;
    struct text key, value;
    msgpack_zone zone;
    msgpack_object object;
    uint32_t entries = 0;
    packed_map_open(&map, bytes);
    for (; packed_map_next(&map, &key, &value); entries++) {
        size_t end = 0;
        assert_true(msgpack_zone_init(&zone, 2048));
        assert_int_equal(msgpack_unpack(value.bytes, value.length, &end, &zone, &object),
                         MSGPACK_UNPACK_SUCCESS);
        msgpack_zone_destroy(&zone);
    }
    assert_false(map.failed);
    assert_int_equal(entries, count);
}

static void test_packed_map_agrees_with_msgpack(void **state)
{
    (void)state;
    struct random_state random = {11};
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct buffer buffer;
        buffer_create(&buffer);
        uint32_t count = put_map(&buffer, &random);
        uint8_t *exactly = message_copy_exactly(buffer.bytes, buffer.length);
        check_against_msgpack((struct text){(const char *)exactly, buffer.length}, count);
        free(exactly);
        buffer_destroy(&buffer);
    }
}

/* Every cut is noticed, and nothing behind it is read. */
static void test_packed_map_notices_every_cut(void **state)
{
    (void)state;
    struct random_state random = {12};
    struct buffer buffer;
    buffer_create(&buffer);
    while (put_map(&buffer, &random) < 5)
        buffer_clear(&buffer, SIZE_MAX);
    for (size_t length = 1; length < buffer.length; length++) {
        uint8_t *exactly = message_copy_exactly(buffer.bytes, length);
        assert_false(walk((struct text){(const char *)exactly, length}));
        free(exactly);
    }
    buffer_destroy(&buffer);
}

static void test_packed_map_survives_noise(void **state)
{
    (void)state;
    struct random_state random = {13};
    unsigned whole = 0;
    for (unsigned i = 0; i < NOISE; i++) {
        uint8_t noise[24];
        for (size_t j = 0; j < sizeof noise; j++)
            noise[j] = (uint8_t)random_next(&random);
        noise[0] = (uint8_t)(0x80 | noise[0] % 4);
        size_t length = 1 + message_pick(&random, sizeof noise);
        uint8_t *exactly = message_copy_exactly(noise, length);
        whole += walk((struct text){(const char *)exactly, length});
        free(exactly);
    }
    assert_true(whole > 0 && whole < NOISE);
}

static void test_packed_put_uses_the_shortest_form(void **state)
{
    (void)state;
    static const struct {
        uint32_t length;
        uint8_t first;
    } forms[] = {{0, 0xA0}, {31, 0xBF}, {32, 0xD9}, {255, 0xD9}, {256, 0xDA}, {65535, 0xDA}, {65536, 0xDB}};
    static char text[65536];
    struct buffer buffer;
    buffer_create(&buffer);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        buffer_clear(&buffer, SIZE_MAX);
        packed_put_map(&buffer, 1);
        packed_put_str(&buffer, (struct text){text, forms[i].length});
        assert_int_equal((uint8_t)buffer.bytes[1], forms[i].first);
        buffer_append(&buffer, "\xc0", 1);
        assert_true(walk((struct text){buffer.bytes, buffer.length}));
    }
    buffer_destroy(&buffer);
}

static void test_packed_put_map_of_every_size(void **state)
{
    (void)state;
    static const struct {
        uint32_t count;
        struct text bytes;
    } forms[] = {{0, {"\x80", 1}},
                 {15, {"\x8f", 1}},
                 {16, {"\xde\0\x10", 3}},
                 {65535, {"\xde\xff\xff", 3}},
                 {65536, {"\xdf\0\x01\0\0", 5}}};
    struct buffer buffer;
    buffer_create(&buffer);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        buffer_clear(&buffer, SIZE_MAX);
        packed_put_map(&buffer, forms[i].count);
        builder_assert_text(((struct text){buffer.bytes, buffer.length}), forms[i].bytes);
    }
    buffer_destroy(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packed_is_value),
        cmocka_unit_test(test_packed_map_of_nothing),
        cmocka_unit_test(test_packed_map_next_hands_out_entries),
        cmocka_unit_test(test_packed_map_refuses_what_is_none),
        cmocka_unit_test(test_packed_map_agrees_with_msgpack),
        cmocka_unit_test(test_packed_map_notices_every_cut),
        cmocka_unit_test(test_packed_map_survives_noise),
        cmocka_unit_test(test_packed_put_uses_the_shortest_form),
        cmocka_unit_test(test_packed_put_map_of_every_size),
    };
    return cmocka_run_group_tests_name("model/packed", tests, NULL, NULL);
}
