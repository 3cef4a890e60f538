/* reply: the bytes of responses, to the letter. */
#include "../cmocka_all.h"

#include <msgpack/pack.h>
#include <msgpack/sbuffer.h>
#include <string.h>

#include "wire/reply.h"

#define assert_bytes(buffer, literal)                                                                        \
    do {                                                                                                     \
        assert_int_equal((buffer)->length, sizeof(literal) - 1);                                             \
        assert_memory_equal((buffer)->bytes, (literal), sizeof(literal) - 1);                                \
    } while (0)

static int setup(void **state)
{
    static struct buffer buffer;
    buffer_create(&buffer);
    *state = &buffer;
    return 0;
}

static int teardown(void **state)
{
    struct buffer *out = *state;
    int result = out->failed ? -1 : 0;
    buffer_destroy(out);
    return result;
}

static void test_reply_begin_echoes_any_id(void **state)
{
    struct buffer *out = *state;
    reply_begin(out, 0);
    assert_bytes(out, "\x94\x01\x00\xc0");
    buffer_clear(out, SIZE_MAX);
    reply_begin(out, 127);
    assert_bytes(out, "\x94\x01\x7f\xc0");
    buffer_clear(out, SIZE_MAX);
    reply_begin(out, 128);
    assert_bytes(out, "\x94\x01\xce\x00\x00\x00\x80\xc0");
    buffer_clear(out, SIZE_MAX);
    reply_begin(out, UINT32_MAX);
    assert_bytes(out, "\x94\x01\xce\xff\xff\xff\xff\xc0");
}

static void test_reply_error_as_text(void **state)
{
    struct buffer *out = *state;
    struct error error;
    error_set(&error, ERROR_INVALID, "no");
    reply_error(out, 7, REPLY_ERRORS_TEXT, &error);
    assert_bytes(out, "\x94\x01\x07\xabINVALID: no\xc0");
}

static void test_reply_error_as_pair(void **state)
{
    struct buffer *out = *state;
    struct error error;
    error_set(&error, ERROR_TOO_LARGE, "%d bytes", 9);
    reply_error(out, UINT32_MAX, REPLY_ERRORS_PAIR, &error);
    assert_int_equal(ERROR_TOO_LARGE, 4); /* clients know it by this number */
    assert_bytes(out, "\x94\x01\xce\xff\xff\xff\xff\x92\x04\xa7"
                      "9 bytes\xc0");
}

static void test_reply_failure_takes_long_messages(void **state)
{
    struct buffer *out = *state;
    char message[1000];
    memset(message, 'x', sizeof message);
    reply_failure(out, 1, REPLY_ERRORS_TEXT, ERROR_INTERNAL, (struct text){message, sizeof message});
    assert_int_equal(out->length, 3 + 3 + strlen("INTERNAL: ") + sizeof message + 1);
    assert_memory_equal(out->bytes + 3, "\xda\x03\xf2INTERNAL: xx", 15);
    assert_memory_equal(out->bytes + out->length - 2, "x\xc0", 2);
}

static void test_reply_number_is_whole_where_it_can_be(void **state)
{
    struct buffer *out = *state;
    reply_number(out, 0.0);
    reply_number(out, 12.0);
    reply_number(out, -1.0);
    reply_number(out, 1.5);
    reply_number(out, 9007199254740992.0);
    assert_bytes(out, "\x00\x0c\xff\xcb\x3f\xf8\0\0\0\0\0\0\xcf\x00\x20\0\0\0\0\0\0");
    buffer_clear(out, SIZE_MAX);
    reply_number(out, 9007199254740994.0); /* above 2^53 not every whole number exists */
    assert_bytes(out, "\xcb\x43\x40\0\0\0\0\0\x01");
    buffer_clear(out, SIZE_MAX);
    reply_number(out, 1e300);
    assert_int_equal((unsigned char)out->bytes[0], 0xCB);
}

/* What msgpack-c writes for the same value. */
static void assert_like_msgpack(struct buffer *out, const msgpack_sbuffer *expected)
{
    assert_int_equal(out->length, expected->size);
    assert_memory_equal(out->bytes, expected->data, expected->size);
}

static void test_reply_number_is_as_short_as_msgpack_makes_it(void **state)
{
    static const int64_t edges[] = {
        0,   127, 128,  255,  256,    65535,  65536,         4294967295,  4294967296, -1,
        -32, -33, -128, -129, -32768, -32769, -2147483648LL, -2147483649, 1LL << 53,  -(1LL << 53)};
    struct buffer *out = *state;
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        msgpack_sbuffer expected;
        msgpack_packer packer;
        msgpack_sbuffer_init(&expected);
        msgpack_packer_init(&packer, &expected, msgpack_sbuffer_write);
        msgpack_pack_int64(&packer, edges[i]);
        buffer_clear(out, SIZE_MAX);
        reply_number(out, (double)edges[i]);
        assert_like_msgpack(out, &expected);
        msgpack_sbuffer_destroy(&expected);
    }
}

static void test_reply_heads_are_as_short_as_msgpack_makes_them(void **state)
{
    static const size_t edges[] = {0, 15, 16, 31, 32, 255, 256, 65535, 65536};
    struct buffer *out = *state;
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        msgpack_sbuffer expected;
        msgpack_packer packer;
        msgpack_sbuffer_init(&expected);
        msgpack_packer_init(&packer, &expected, msgpack_sbuffer_write);
        msgpack_pack_map(&packer, edges[i]);
        msgpack_pack_array(&packer, edges[i]);
        msgpack_pack_str(&packer, edges[i]);
        buffer_clear(out, SIZE_MAX);
        reply_map(out, edges[i]);
        reply_array(out, edges[i]);
        reply_text_head(out, edges[i]);
        assert_like_msgpack(out, &expected);
        msgpack_sbuffer_destroy(&expected);
    }
}

static void test_reply_text_or_nil_tells_empty_from_none(void **state)
{
    struct buffer *out = *state;
    reply_text_or_nil(out, (struct text){NULL, 0});
    reply_text_or_nil(out, TEXT(""));
    reply_text(out, TEXT("a\xc3\xb1o"));
    reply_word(out, "url");
    assert_bytes(out, "\xc0\xa0\xa4\x61\xc3\xb1o\xa3url");
}

#define REPLY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLY_TEST(test_reply_begin_echoes_any_id),
        REPLY_TEST(test_reply_error_as_text),
        REPLY_TEST(test_reply_error_as_pair),
        REPLY_TEST(test_reply_failure_takes_long_messages),
        REPLY_TEST(test_reply_number_is_whole_where_it_can_be),
        REPLY_TEST(test_reply_number_is_as_short_as_msgpack_makes_it),
        REPLY_TEST(test_reply_heads_are_as_short_as_msgpack_makes_them),
        REPLY_TEST(test_reply_text_or_nil_tells_empty_from_none),
    };
    return cmocka_run_group_tests_name("wire/reply", tests, NULL, NULL);
}
