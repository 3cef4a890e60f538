/* ctl/bench_reply: the fast scanner against replies of every shape, cut at every byte. */
#include "../cmocka_all.h"

#include "ctl/bench_reply.h"

#include <msgpack/pack.h>
#include <msgpack/sbuffer.h>
#include <stdlib.h>
#include <string.h>

static msgpack_sbuffer buffer;
static msgpack_packer packer;

static void begin(uint32_t id)
{
    msgpack_sbuffer_clear(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    msgpack_pack_array(&packer, 4);
    msgpack_pack_int(&packer, 1);
    msgpack_pack_uint32(&packer, id);
}

static void pack_text(const char *text, size_t length)
{
    msgpack_pack_str_with_body(&packer, text, length);
}

/* A copy with nothing but the slack behind, so that the address sanitizer sees a look too far. */
static enum bench_reply_state scan(size_t length, struct bench_reply *reply, size_t *used)
{
    unsigned char *copy = malloc(length + BENCH_REPLY_SLACK);
    const unsigned char *next = NULL;
    assert_non_null(copy);
    memcpy(copy, buffer.data, length);
    memset(copy + length, 0xC1, BENCH_REPLY_SLACK); /* what must not be looked at is broken */
    enum bench_reply_state state = bench_reply_scan(copy, copy + length, reply, &next);
    *used = state == BENCH_REPLY_WHOLE ? (size_t)(next - copy) : 0;
    free(copy);
    return state;
}

/* The buffer holds one reply: whole at its end, and never before. */
static struct bench_reply assert_whole(void)
{
    struct bench_reply reply;
    size_t used;
    for (size_t length = 0; length < buffer.size; length++)
        assert_int_equal(scan(length, &reply, &used), BENCH_REPLY_MORE);
    assert_int_equal(scan(buffer.size, &reply, &used), BENCH_REPLY_WHOLE);
    assert_int_equal(used, buffer.size);
    return reply;
}

static void test_bench_reply_reads_numbers_of_every_width(void **state)
{
    (void)state;
    static const uint32_t ids[] = {0, 127, 128, 255, 256, 65535, 65536, UINT32_MAX};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        begin(ids[i]);
        msgpack_pack_nil(&packer);
        msgpack_pack_map(&packer, 0);
        struct bench_reply reply = assert_whole();
        assert_int_equal(reply.id, ids[i]);
        assert_false(reply.error);
        assert_false(reply.fallback);
    }
}

static void test_bench_reply_sees_errors(void **state)
{
    (void)state;
    begin(1);
    pack_text("OVERLOADED: later", 17);
    msgpack_pack_nil(&packer);
    assert_true(assert_whole().error);
}

static void pack_pair(const char *key, const char *text)
{
    pack_text(key, strlen(key));
    if (text != NULL)
        pack_text(text, strlen(text));
    else
        msgpack_pack_nil(&packer);
}

static void test_bench_reply_sees_fallbacks_of_the_result_alone(void **state)
{
    (void)state;
    begin(1);
    msgpack_pack_nil(&packer);
    msgpack_pack_map(&packer, 3);
    pack_pair("fallback", NULL);
    pack_text("items", 5);
    msgpack_pack_map(&packer, 1);
    pack_pair("fallback", "deeper");
    pack_pair("why", "fallback");
    assert_false(assert_whole().fallback);
    begin(1);
    msgpack_pack_nil(&packer);
    msgpack_pack_map(&packer, 17); /* a head of three bytes */
    for (int i = 0; i < 16; i++)
        pack_pair("key", "value");
    pack_pair("fallback", "no_offer_fits");
    assert_true(assert_whole().fallback);
}

static void pack_all_kinds(void)
{
    static const char text[70000];
    static const size_t lengths[] = {0, 1, 31, 32, 255, 256, 65535, 65536};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        pack_text(text, lengths[i]);
        msgpack_pack_bin_with_body(&packer, text, lengths[i]);
        msgpack_pack_ext_with_body(&packer, text, lengths[i], 3);
    }
    for (size_t length = 1; length <= 16; length *= 2)
        msgpack_pack_ext_with_body(&packer, text, length, 3);
    for (int shift = 0; shift < 64; shift++) {
        msgpack_pack_uint64(&packer, UINT64_MAX >> shift);
        msgpack_pack_int64(&packer, INT64_MIN >> shift);
    }
    msgpack_pack_float(&packer, 1.5F);
    msgpack_pack_double(&packer, 1.5);
    msgpack_pack_true(&packer);
    msgpack_pack_false(&packer);
}

/* As pack_all_kinds: values of three kinds for 8 lengths, 5 fixed extensions, 128 numbers, and 4. */
enum { ALL_KINDS = 3 * 8 + 5 + 128 + 4 };

static void test_bench_reply_skips_values_of_every_kind(void **state)
{
    (void)state;
    struct bench_reply reply;
    size_t used;
    begin(1);
    msgpack_pack_nil(&packer);
    msgpack_pack_array(&packer, ALL_KINDS + 2);
    pack_all_kinds();
    msgpack_pack_array(&packer, 70000);
    for (int i = 0; i < 70000; i++)
        msgpack_pack_nil(&packer);
    msgpack_pack_map(&packer, 70000);
    for (int i = 0; i < 140000; i++)
        msgpack_pack_int(&packer, i % 100 - 30);
    assert_int_equal(scan(buffer.size, &reply, &used), BENCH_REPLY_WHOLE);
    assert_int_equal(used, buffer.size);
    assert_int_equal(scan(buffer.size - 1, &reply, &used), BENCH_REPLY_MORE);
}

static void test_bench_reply_finds_where_the_next_begins(void **state)
{
    (void)state;
    struct bench_reply reply;
    size_t used;
    begin(5);
    msgpack_pack_nil(&packer);
    msgpack_pack_nil(&packer);
    size_t first = buffer.size;
    msgpack_pack_array(&packer, 4);
    assert_int_equal(scan(buffer.size, &reply, &used), BENCH_REPLY_WHOLE);
    assert_int_equal(used, first);
}

static void assert_broken(const char *bytes, size_t length)
{
    struct bench_reply reply;
    size_t used;
    msgpack_sbuffer_clear(&buffer);
    msgpack_sbuffer_write(&buffer, bytes, length);
    assert_int_equal(scan(length, &reply, &used), BENCH_REPLY_BROKEN);
}

static void test_bench_reply_refuses_what_is_no_reply(void **state)
{
    (void)state;
    assert_broken("HTTP/1.1", 8);
    assert_broken("\x94\x00\x01\xC0\xC0", 5);     /* a request */
    assert_broken("\x94\x01\xA1x\xC0\xC0", 6);    /* a number that is text */
    assert_broken("\x94\x01\x01\xC0\x91\xC1", 6); /* a byte that MessagePack never uses */
}

static int set_up(void **state)
{
    (void)state;
    msgpack_sbuffer_init(&buffer);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    msgpack_sbuffer_destroy(&buffer);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bench_reply_reads_numbers_of_every_width),
        cmocka_unit_test(test_bench_reply_sees_errors),
        cmocka_unit_test(test_bench_reply_sees_fallbacks_of_the_result_alone),
        cmocka_unit_test(test_bench_reply_skips_values_of_every_kind),
        cmocka_unit_test(test_bench_reply_finds_where_the_next_begins),
        cmocka_unit_test(test_bench_reply_refuses_what_is_no_reply),
    };
    return cmocka_run_group_tests_name("ctl/bench_reply", tests, set_up, tear_down);
}
