/* plain: every type in its plain form, keys once, and what was plain stays as it is. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "decoded.h"
#include "message_builder.h"
#include "spelled.h"
#include "wire/plain.h"
#include "wire/reply.h"
#include "wire/value.h"

static void assert_plain(const msgpack_object *value, const char *bytes, size_t length)
{
    struct buffer out;
    buffer_create(&out);
    plain_put(&out, value);
    assert_int_equal(out.length, length);
    assert_memory_equal(out.bytes, bytes, length);
    buffer_destroy(&out);
}

#define BECOMES(from, to) assert_plain(DECODED(from), (to), sizeof(to) - 1)

static void test_plain_put_makes_texts_str(void **state)
{
    BECOMES("\xc4\x03"
            "abc",
            "\xa3"
            "abc");
    BECOMES("\xd9\x03"
            "abc",
            "\xa3"
            "abc");
    BECOMES("\x81\xc4\x01"
            "k\x92\xc4\x00\xa0",
            "\x81\xa1"
            "k\x92\xa0\xa0");
}

static void test_plain_put_makes_numbers_short(void **state)
{
    BECOMES("\xcb\x40\x14\0\0\0\0\0\0", "\x05");
    BECOMES("\xca\x40\xa0\0\0", "\x05");
    BECOMES("\xcf\0\0\0\0\0\0\0\x05", "\x05");
    BECOMES("\xcb\xbf\xf0\0\0\0\0\0\0", "\xff");
    BECOMES("\xcb\x3f\xe0\0\0\0\0\0\0", "\xcb\x3f\xe0\0\0\0\0\0\0");
    BECOMES("\xcf\0\x20\0\0\0\0\0\0", "\xcf\0\x20\0\0\0\0\0\0");   /* 2^53 */
    BECOMES("\xcf\x80\0\0\0\0\0\0\0", "\xcb\x43\xe0\0\0\0\0\0\0"); /* 2^63 */
}

static void test_plain_put_makes_times_seconds(void **state)
{
    BECOMES("\xd6\xff\0\0\0\x07", "\x07");
    BECOMES("\x91\xd7\xff\x77\x35\x94\0\0\0\0\x07", "\x91\xcb\x40\x1e\0\0\0\0\0\0"); /* 7.5 */
}

static void test_plain_put_keeps_the_rest(void **state)
{
    BECOMES("\xc0", "\xc0");
    BECOMES("\x92\xc2\xc3", "\x92\xc2\xc3");
    BECOMES("\x82\xa1"
            "a\x90\xa1"
            "b\x80",
            "\x82\xa1"
            "a\x90\xa1"
            "b\x80");
}

static void test_plain_put_keeps_the_last_of_a_key(void **state)
{
    BECOMES("\x83\xa1"
            "a\x01\xa1"
            "b\x02\xc4\x01"
            "a\x03",
            "\x82\xa1"
            "b\x02\xa1"
            "a\x03");
    BECOMES("\x91\x82\xa1"
            "a\x01\xa1"
            "a\x82\xa0\x01\xa0\x02",
            "\x91\x81\xa1"
            "a\x81\xa0\x02");
}

/* Each key stands three times; what stands last is kept where it stands. */
static void test_plain_put_keeps_the_last_of_many_keys(void **state)
{
    enum { KEYS = 3000 };
    struct buffer bytes, out, expected;
    buffer_create(&bytes);
    buffer_create(&out);
    buffer_create(&expected);
    reply_map(&bytes, KEYS);
    reply_map(&expected, KEYS / 3);
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        snprintf(key, sizeof key, "key %d", i * 7 % (KEYS / 3));
        reply_text(&bytes, text_from(key));
        reply_number(&bytes, i);
        if (i < KEYS / 3 * 2)
            continue;
        reply_text(&expected, text_from(key));
        reply_number(&expected, i);
    }
    plain_put(&out, decoded(state, (struct text){bytes.bytes, bytes.length}));
    assert_int_equal(out.length, expected.length);
    assert_memory_equal(out.bytes, expected.bytes, out.length);
    buffer_destroy(&bytes);
    buffer_destroy(&out);
    buffer_destroy(&expected);
}

static void test_plain_put_map_takes_an_empty_list(void **state)
{
    struct buffer out;
    buffer_create(&out);
    plain_put_map(&out, DECODED("\x90"));
    plain_put_map(&out, DECODED("\x81\xc4\x01"
                                "a\x01"));
    assert_int_equal(out.length, 5);
    assert_memory_equal(out.bytes,
                        "\x80\x81\xa1"
                        "a\x01",
                        5);
    buffer_destroy(&out);
}

/* Once plain, for ever plain; whatever a client may send. */
static void test_plain_put_of_plain_values_changes_nothing(void **state)
{
    struct random_state random = {11};
    struct error error;
    struct buffer bytes, once, twice;
    buffer_create(&bytes);
    buffer_create(&once);
    buffer_create(&twice);
    for (int round = 0; round < 3000; round++) {
        buffer_clear(&bytes, SIZE_MAX);
        buffer_clear(&once, SIZE_MAX);
        buffer_clear(&twice, SIZE_MAX);
        message_put_random(&bytes, &random, 4);
        const msgpack_object *value = decoded(state, (struct text){bytes.bytes, bytes.length});
        if (!value_check(value, "value", &error))
            continue;
        plain_put(&once, value);
        plain_put(&twice, decoded(state, (struct text){once.bytes, once.length}));
        assert_int_equal(once.length, twice.length);
        assert_memory_equal(once.bytes, twice.bytes, once.length);
    }
    buffer_destroy(&bytes);
    buffer_destroy(&once);
    buffer_destroy(&twice);
}

#define PLAIN_TEST(test) cmocka_unit_test_setup_teardown(test, decoded_setup, decoded_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAIN_TEST(test_plain_put_makes_texts_str),
        PLAIN_TEST(test_plain_put_makes_numbers_short),
        PLAIN_TEST(test_plain_put_makes_times_seconds),
        PLAIN_TEST(test_plain_put_keeps_the_rest),
        PLAIN_TEST(test_plain_put_keeps_the_last_of_a_key),
        PLAIN_TEST(test_plain_put_keeps_the_last_of_many_keys),
        PLAIN_TEST(test_plain_put_map_takes_an_empty_list),
        PLAIN_TEST(test_plain_put_of_plain_values_changes_nothing),
    };
    return cmocka_run_group_tests_name("wire/plain", tests, NULL, NULL);
}
