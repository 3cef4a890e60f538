/* client/request: what the builder encodes, and what it refuses. */
#include "../cmocka_all.h"

#include "client/scan.h"
#include "senda/client.h"

#include <stdio.h>
#include <string.h>

static void assert_bytes(const senda_request *request, const char *expected, size_t expected_length)
{
    size_t length;
    const void *bytes = senda_request_bytes(request, &length);
    assert_non_null(bytes);
    assert_int_equal(length, expected_length);
    assert_memory_equal(bytes, expected, expected_length);
}

#define ASSERT_BYTES(request, literal) assert_bytes((request), (literal), sizeof(literal) - 1)

static void test_request_encodes_every_kind(void **state)
{
    (void)state;
    senda_request *request = senda_request_new();
    senda_request_string(request, "s", "x");
    senda_request_string(request, "n", NULL);
    senda_request_string_of(request, "o", "a\0b", 3);
    senda_request_integer(request, "i", -1);
    senda_request_number(request, "d", 1.5);
    senda_request_boolean(request, "b", true);
    senda_request_raw(request, "r", "\x90", 1);
    ASSERT_BYTES(request, "\x87\xA1s\xA1x\xA1n\xC0\xA1o\xA3"
                          "a\0b\xA1i\xFF\xA1"
                          "d\xCB\x3F\xF8\0\0\0\0\0\0"
                          "\xA1"
                          "b\xC3\xA1r\x90");
    senda_request_clear(request);
    ASSERT_BYTES(request, "\x80");
    senda_request_free(request);
}

static void test_request_nests(void **state)
{
    (void)state;
    senda_request *request = senda_request_new_list();
    senda_request_open_map(request, NULL);
    senda_request_open_list(request, "k");
    senda_request_integer(request, NULL, 7);
    senda_request_close(request);
    senda_request_close(request);
    senda_request_nil(request, NULL);
    ASSERT_BYTES(request, "\x92\x81\xA1k\x91\x07\xC0");
    senda_request_free(request);
}

/* Heads grow while outer containers are open and hold something already. */
static void test_request_heads_grow_with_their_counts(void **state)
{
    (void)state;
    static const int counts[] = {15, 16, 65535, 65536};
    static const char *const heads[] = {"\x9F", "\xDC\x00\x10", "\xDC\xFF\xFF", "\xDD\x00\x01\x00\x00"};
    static const size_t widths[] = {1, 3, 3, 5};
    for (size_t i = 0; i < 4; i++) {
        size_t length;
        senda_request *request = senda_request_new();
        senda_request_string(request, "before", "it");
        senda_request_open_list(request, "list");
        for (int j = 0; j < counts[i]; j++)
            senda_request_integer(request, NULL, j % 100);
        senda_request_close(request);
        senda_request_integer(request, "after", 1);
        const unsigned char *bytes = senda_request_bytes(request, &length);
        assert_true(client_scan_is_one_value(bytes, length));
        assert_int_equal(bytes[0], 0x83);
        assert_memory_equal(bytes + 16, heads[i], widths[i]);
        assert_memory_equal(bytes + length - 7,
                            "\xA5"
                            "after\x01",
                            7);
        for (int j = 0; j < counts[i]; j++)
            assert_int_equal(bytes[16 + widths[i] + (size_t)j], j % 100);
        senda_request_free(request);
    }
}

static void test_request_remembers_misuse(void **state)
{
    (void)state;
    senda_request *request = senda_request_new();
    size_t length = 1;
    senda_request_integer(request, NULL, 1); /* a map wants a key */
    assert_int_equal(senda_request_check(request), SENDA_MISUSE);
    assert_null(senda_request_bytes(request, &length));
    assert_int_equal(length, 0);
    senda_request_clear(request);
    senda_request_close(request);
    assert_int_equal(senda_request_check(request), SENDA_MISUSE);
    senda_request_clear(request);
    senda_request_open_list(request, "l");
    assert_int_equal(senda_request_check(request), SENDA_MISUSE); /* still open */
    senda_request_integer(request, "key", 1);
    senda_request_close(request);
    assert_int_equal(senda_request_check(request), SENDA_MISUSE); /* a list wants none */
    senda_request_clear(request);
    senda_request_raw(request, "r", "\x92\x01", 2);
    assert_int_equal(senda_request_check(request), SENDA_MISUSE);
    senda_request_free(request);
}

static void test_request_refuses_a_seventeenth_level(void **state)
{
    (void)state;
    senda_request *request = senda_request_new();
    for (int i = 0; i < 16; i++)
        senda_request_open_map(request, "deeper");
    for (int i = 0; i < 16; i++)
        senda_request_close(request);
    assert_int_equal(senda_request_check(request), SENDA_OK);
    senda_request_clear(request);
    for (int i = 0; i < 17; i++)
        senda_request_open_map(request, "deeper");
    for (int i = 0; i < 17; i++)
        senda_request_close(request);
    assert_int_equal(senda_request_check(request), SENDA_MISUSE);
    senda_request_free(request);
}

static void test_request_raw_is_taken_whole(void **state)
{
    (void)state;
    assert_null(senda_request_new_raw("\x81\xA1", 2));
    assert_null(senda_request_new_raw("\x80\x80", 2));
    senda_request *request = senda_request_new_raw("\x81\xA1k\x01", 4);
    assert_non_null(request);
    ASSERT_BYTES(request, "\x81\xA1k\x01");
    senda_request_integer(request, "more", 1);
    assert_int_equal(senda_request_check(request), SENDA_MISUSE);
    senda_request_clear(request);
    senda_request_integer(request, "k", 2);
    ASSERT_BYTES(request, "\x81\xA1k\x02");
    senda_request_free(request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_encodes_every_kind),
        cmocka_unit_test(test_request_nests),
        cmocka_unit_test(test_request_heads_grow_with_their_counts),
        cmocka_unit_test(test_request_remembers_misuse),
        cmocka_unit_test(test_request_refuses_a_seventeenth_level),
        cmocka_unit_test(test_request_raw_is_taken_whole),
    };
    return cmocka_run_group_tests_name("client/request", tests, NULL, NULL);
}
