/* client/frame: what goes onto the wire around the arguments, byte by byte. */
#include "../cmocka_all.h"

#include "client/frame.h"

#include <msgpack/unpack.h>
#include <stdlib.h>
#include <string.h>

/* The encoded message in memory of exactly the length that was announced; the caller frees it. */
static unsigned char *encode(const struct client_frame *frame, size_t *length)
{
    *length = client_frame_length(frame);
    unsigned char *bytes = malloc(*length);
    assert_non_null(bytes);
    client_frame_encode(frame, bytes);
    return bytes;
}

static void assert_bytes(const struct client_frame *frame, const char *expected, size_t expected_length)
{
    size_t length;
    unsigned char *bytes = encode(frame, &length);
    assert_int_equal(length, expected_length);
    assert_memory_equal(bytes, expected, length);
    free(bytes);
}

#define ASSERT_BYTES(frame, literal) assert_bytes((frame), (literal), sizeof(literal) - 1)

static void test_frame_of_a_request(void **state)
{
    (void)state;
    struct client_frame frame = {.method = "ping", .method_length = 4, .id = 0x01020304};
    ASSERT_BYTES(&frame, "\x94\x00\xCE\x01\x02\x03\x04\xA4ping\x90");
    frame.params = "\x81\xA1k\x07";
    frame.params_length = 4;
    ASSERT_BYTES(&frame, "\x94\x00\xCE\x01\x02\x03\x04\xA4ping\x91\x81\xA1k\x07");
}

static void test_frame_of_a_notification(void **state)
{
    (void)state;
    struct client_frame frame = {.method = "ping", .method_length = 4, .id = 9, .notification = true};
    ASSERT_BYTES(&frame, "\x93\x02\xA4ping\x90");
}

/* Every id, and methods around the length where a str's head changes. */
static void test_frame_decodes_to_what_went_in(void **state)
{
    (void)state;
    static const char method[] = "a-method-with-a-name-that-is-longer-than-anyone-would-choose";
    static const uint32_t ids[] = {0, 127, 128, 65535, UINT32_MAX};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        for (size_t length = 0; length < sizeof method; length++) {
            struct client_frame frame = {.method = method, .method_length = length, .id = ids[i]};
            size_t size, end = 0;
            msgpack_unpacked unpacked;
            unsigned char *bytes = encode(&frame, &size);
            msgpack_unpacked_init(&unpacked);
            assert_int_equal(msgpack_unpack_next(&unpacked, (char *)bytes, size, &end),
                             MSGPACK_UNPACK_SUCCESS);
            const msgpack_object *elements = unpacked.data.via.array.ptr;
            assert_int_equal(end, size);
            assert_int_equal(elements[1].via.u64, ids[i]);
            assert_int_equal(elements[2].via.str.size, length);
            assert_memory_equal(elements[2].via.str.ptr, method, length);
            msgpack_unpacked_destroy(&unpacked);
            free(bytes);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_of_a_request),
        cmocka_unit_test(test_frame_of_a_notification),
        cmocka_unit_test(test_frame_decodes_to_what_went_in),
    };
    return cmocka_run_group_tests_name("client/frame", tests, NULL, NULL);
}
