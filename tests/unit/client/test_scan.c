/* client/scan: where values end, and what is refused. */
#include "../cmocka_all.h"

#include "client/scan.h"

#include <msgpack/pack.h>
#include <msgpack/sbuffer.h>
#include <string.h>

/* A value of every kind. */
static void pack_everything(msgpack_sbuffer *out)
{
    msgpack_packer packer;
    char text[300] = "";
    msgpack_sbuffer_init(out);
    msgpack_packer_init(&packer, out, msgpack_sbuffer_write);
    msgpack_pack_array(&packer, 22);
    msgpack_pack_nil(&packer);
    msgpack_pack_true(&packer);
    msgpack_pack_int(&packer, 5);
    msgpack_pack_int(&packer, -5);
    msgpack_pack_int(&packer, 200);
    msgpack_pack_int(&packer, 60000);
    msgpack_pack_int(&packer, 100000);
    msgpack_pack_int64(&packer, INT64_MIN);
    msgpack_pack_int(&packer, -100);
    msgpack_pack_int(&packer, -1000);
    msgpack_pack_int(&packer, -100000);
    msgpack_pack_float(&packer, 0.5F);
    msgpack_pack_double(&packer, 0.1);
    msgpack_pack_str_with_body(&packer, "abc", 3);
    msgpack_pack_str_with_body(&packer, text, 200);
    msgpack_pack_str_with_body(&packer, text, 300);
    msgpack_pack_bin_with_body(&packer, text, 300);
    msgpack_pack_ext_with_body(&packer, text, 4, 1);
    msgpack_pack_ext_with_body(&packer, text, 200, 1);
    msgpack_pack_map(&packer, 0);
    msgpack_pack_array(&packer, 20);
    for (int i = 0; i < 20; i++)
        msgpack_pack_int(&packer, i);
    msgpack_pack_map(&packer, 17);
    for (int i = 0; i < 34; i++)
        msgpack_pack_int(&packer, i);
}

static void test_scan_finds_the_end_byte_by_byte(void **state)
{
    (void)state;
    msgpack_sbuffer value;
    struct client_scan scan;
    pack_everything(&value);
    client_scan_start(&scan);
    for (size_t length = 0; length < value.size; length++)
        assert_int_equal(client_scan_continue(&scan, (unsigned char *)value.data, length, value.size),
                         CLIENT_SCAN_MORE);
    assert_int_equal(client_scan_continue(&scan, (unsigned char *)value.data, value.size, value.size),
                     CLIENT_SCAN_WHOLE);
    assert_int_equal(scan.offset, value.size);
    msgpack_sbuffer_destroy(&value);
}

static void test_scan_stops_behind_the_first_value(void **state)
{
    (void)state;
    struct client_scan scan;
    client_scan_start(&scan);
    assert_int_equal(client_scan_continue(&scan, (const unsigned char *)"\x91\x01\x02", 3, 100),
                     CLIENT_SCAN_WHOLE);
    assert_int_equal(scan.offset, 2);
}

static void refuse(const char *bytes, size_t length)
{
    struct client_scan scan;
    client_scan_start(&scan);
    assert_int_equal(client_scan_continue(&scan, (const unsigned char *)bytes, length, 1000),
                     CLIENT_SCAN_BROKEN);
}

static void test_scan_refuses_declared_lengths_beyond_the_limit(void **state)
{
    (void)state;
    refuse("\xDB\xFF\xFF\xFF\xFF", 5); /* str */
    refuse("\xC6\x00\x00\x10\x00", 5); /* bin */
    refuse("\xC9\xFF\xFF\xFF\xFF", 5); /* ext */
    refuse("\xDD\xFF\xFF\xFF\xFF", 5); /* array */
    refuse("\xDF\x80\x00\x00\x01", 5); /* map: twice as many values */
    refuse("\xDE\x02\x00", 3);         /* map: 512 pairs are 1,024 values */
}

static void test_scan_refuses_what_is_no_messagepack(void **state)
{
    (void)state;
    refuse("\xC1", 1);
    refuse("\x92\x01\xC1", 3);
}

static void test_scan_refuses_what_is_too_deep(void **state)
{
    (void)state;
    char deep[CLIENT_SCAN_DEPTH + 2];
    memset(deep, '\x91', sizeof deep);
    refuse(deep, CLIENT_SCAN_DEPTH + 1);
    deep[CLIENT_SCAN_DEPTH] = '\x01';
    assert_true(client_scan_is_one_value(deep, CLIENT_SCAN_DEPTH + 1));
}

static void test_scan_is_one_value(void **state)
{
    (void)state;
    assert_true(client_scan_is_one_value("\xC0", 1));
    assert_false(client_scan_is_one_value("", 0));
    assert_false(client_scan_is_one_value("\xC0\xC0", 2));
    assert_false(client_scan_is_one_value("\xA3zz", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scan_finds_the_end_byte_by_byte),
        cmocka_unit_test(test_scan_stops_behind_the_first_value),
        cmocka_unit_test(test_scan_refuses_declared_lengths_beyond_the_limit),
        cmocka_unit_test(test_scan_refuses_what_is_no_messagepack),
        cmocka_unit_test(test_scan_refuses_what_is_too_deep),
        cmocka_unit_test(test_scan_is_one_value),
    };
    return cmocka_run_group_tests_name("client/scan", tests, NULL, NULL);
}
