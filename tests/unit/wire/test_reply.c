/* reply: the bytes of responses, to the letter. */
#include "../cmocka_all.h"

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
    msgpack_packer packer;
    reply_packer(&packer, out);
    reply_number(&packer, 0.0);
    reply_number(&packer, 12.0);
    reply_number(&packer, -1.0);
    reply_number(&packer, 1.5);
    reply_number(&packer, 9007199254740992.0);
    assert_bytes(out, "\x00\x0c\xff\xcb\x3f\xf8\0\0\0\0\0\0\xcf\x00\x20\0\0\0\0\0\0");
    buffer_clear(out, SIZE_MAX);
    reply_number(&packer, 9007199254740994.0); /* above 2^53 not every whole number exists */
    assert_bytes(out, "\xcb\x43\x40\0\0\0\0\0\x01");
    buffer_clear(out, SIZE_MAX);
    reply_number(&packer, 1e300);
    assert_int_equal((unsigned char)out->bytes[0], 0xCB);
}

static void test_reply_text_or_nil_tells_empty_from_none(void **state)
{
    struct buffer *out = *state;
    msgpack_packer packer;
    reply_packer(&packer, out);
    reply_text_or_nil(&packer, (struct text){NULL, 0});
    reply_text_or_nil(&packer, TEXT(""));
    reply_text(&packer, TEXT("a\xc3\xb1o"));
    reply_word(&packer, "url");
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
        REPLY_TEST(test_reply_text_or_nil_tells_empty_from_none),
    };
    return cmocka_run_group_tests_name("wire/reply", tests, NULL, NULL);
}
