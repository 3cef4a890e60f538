/* frame against msgpack-c: both find the same end, and what the scanner lets through can be decoded. */
#include "../cmocka_all.h"

#include <msgpack/unpack.h>
#include <stdlib.h>

#include "message_builder.h"
#include "wire/frame.h"

enum { ROUNDS = 6000, DEPTH = 8, NOISE = 80 };

static const struct frame_limits wide = {.bytes = 1 << 20, .depth = FRAME_DEPTH_MAX, .items = 1 << 20};

/* Like a caller that throws nothing away: over refused messages to their end. */
static enum frame_status scan_to_the_end(struct frame_scanner *scanner, const uint8_t *bytes, size_t length)
{
    enum frame_status status = frame_scan(scanner, bytes, length);
    return status == FRAME_REFUSED ? frame_scan(scanner, bytes, length) : status;
}

/* Decodes the first value; its bytes in `end`. */
static bool decode(const uint8_t *bytes, size_t length, msgpack_zone *zone, msgpack_object *out, size_t *end)
{
    *end = 0;
    msgpack_unpack_return status = msgpack_unpack((const char *)bytes, length, end, zone, out);
    return status == MSGPACK_UNPACK_SUCCESS || status == MSGPACK_UNPACK_EXTRA_BYTES;
}

static uint32_t count_items(const msgpack_object *value)
{
    uint32_t items = 1;
    if (value->type == MSGPACK_OBJECT_ARRAY)
        for (uint32_t i = 0; i < value->via.array.size; i++)
            items += count_items(&value->via.array.ptr[i]);
    if (value->type == MSGPACK_OBJECT_MAP)
        for (uint32_t i = 0; i < value->via.map.size; i++)
            items += count_items(&value->via.map.ptr[i].key) + count_items(&value->via.map.ptr[i].val);
    return items;
}

static void assert_scan_ends(const uint8_t *bytes, size_t length, struct frame_limits limits,
                             enum frame_status expected, size_t end)
{
    struct frame_scanner scanner;
    uint8_t *copy = message_copy_exactly(bytes, length);
    frame_scanner_create(&scanner, limits);
    assert_int_equal(scan_to_the_end(&scanner, copy, length), expected);
    assert_int_equal(scanner.position, end);
    free(copy);
}

/* One message, with the beginning of something else behind it; at its own size as limit, and below. */
static void check_message(const struct buffer *message, size_t length)
{
    const uint8_t *bytes = (const uint8_t *)message->bytes;
    msgpack_zone zone;
    msgpack_object object;
    size_t end;
    assert_true(msgpack_zone_init(&zone, 8192));
    assert_true(decode(bytes, message->length, &zone, &object, &end));
    assert_int_equal(end, length);
    struct frame_limits limits = wide;
    assert_scan_ends(bytes, message->length, limits, FRAME_COMPLETE, length);
    limits = (struct frame_limits){.bytes = length, .depth = FRAME_DEPTH_MAX, .items = count_items(&object)};
    assert_scan_ends(bytes, message->length, limits, FRAME_COMPLETE, length);
    limits.items--;
    assert_scan_ends(bytes, message->length, limits, FRAME_SKIPPED, length);
    limits.items++;
    limits.bytes--;
    assert_scan_ends(bytes, message->length, limits, FRAME_SKIPPED, length);
    msgpack_zone_destroy(&zone);
}

static void test_frame_scan_ends_where_msgpack_ends(void **state)
{
    (void)state;
    struct random_state random = {20260101};
    for (int round = 0; round < ROUNDS; round++) {
        struct buffer message;
        buffer_create(&message);
        message_put_random_envelope(&message, &random, DEPTH);
        size_t length = message.length;
        for (uint32_t more = message_pick(&random, 5); more > 0; more--)
            message_put_run(&message, (uint8_t)random_next(&random), 1);
        check_message(&message, length);
        buffer_destroy(&message);
    }
}

static bool is_number(const msgpack_object *value, uint32_t number)
{
    if (value->type == MSGPACK_OBJECT_FLOAT32 || value->type == MSGPACK_OBJECT_FLOAT64)
        return value->via.f64 == number;
    return value->type == MSGPACK_OBJECT_POSITIVE_INTEGER && value->via.u64 == number;
}

/* What flow relies on when it looks into a message. */
static void assert_can_be_handled(const struct frame_scanner *scanner, const uint8_t *bytes)
{
    msgpack_zone zone;
    msgpack_object object;
    size_t end;
    assert_true(msgpack_zone_init(&zone, 8192));
    assert_true(decode(bytes, scanner->position, &zone, &object, &end));
    assert_int_equal(end, scanner->position);
    assert_int_equal(object.type, MSGPACK_OBJECT_ARRAY);
    assert_int_equal(object.via.array.size, scanner->type == 2 ? 3 : 4);
    assert_int_equal(scanner->has_message_id, scanner->type == 0);
    if (scanner->type == 0)
        assert_true(is_number(&object.via.array.ptr[1], scanner->message_id));
    msgpack_zone_destroy(&zone);
}

/* Byte by byte in exact memory, and whole: the same. Returns what became of it. */
static enum frame_status check_bytes(const uint8_t *bytes, size_t length, struct frame_limits limits)
{
    struct frame_scanner whole, pieces;
    enum frame_status status = FRAME_PARTIAL;
    frame_scanner_create(&whole, limits);
    frame_scanner_create(&pieces, limits);
    enum frame_status expected = scan_to_the_end(&whole, bytes, length);
    for (size_t i = 0; i <= length && status == FRAME_PARTIAL; i++) {
        uint8_t *copy = message_copy_exactly(bytes, i);
        status = scan_to_the_end(&pieces, copy, i);
        free(copy);
    }
    assert_int_equal(status, expected);
    assert_int_equal(pieces.position, whole.position);
    assert_int_equal(pieces.fault, whole.fault);
    assert_int_equal(pieces.has_message_id, whole.has_message_id);
    if (status == FRAME_COMPLETE)
        assert_can_be_handled(&whole, bytes);
    return status;
}

/* Noise behind the beginning of an envelope, or behind nothing. */
static size_t put_noise(struct random_state *random, uint8_t bytes[NOISE])
{
    static const uint8_t heads[][6] = {{0x94, 0x00, 0x05, 0xA1, 'm', 0x91},
                                       {0x93, 0x02, 0xA1, 'm', 0x81, 0xA0}};
    size_t length = message_pick(random, NOISE);
    for (size_t i = 0; i < NOISE; i++)
        bytes[i] = (uint8_t)random_next(random);
    uint32_t head = message_pick(random, 5);
    if (head < 4)
        memcpy(bytes, heads[head / 2], message_pick(random, 6) + 1);
    return length;
}

static void test_frame_scan_survives_noise(void **state)
{
    (void)state;
    struct random_state random = {42};
    struct frame_limits limits = {.bytes = 60, .depth = 5, .items = 30};
    unsigned seen[FRAME_BROKEN + 1] = {0};
    for (int round = 0; round < 5 * ROUNDS; round++) {
        uint8_t bytes[NOISE];
        size_t length = put_noise(&random, bytes);
        seen[check_bytes(bytes, length, round % 2 == 0 ? limits : wide)]++;
    }
    assert_true(seen[FRAME_PARTIAL] > 100);
    assert_true(seen[FRAME_COMPLETE] > 100);
    assert_true(seen[FRAME_SKIPPED] > 50);
    assert_true(seen[FRAME_BROKEN] > 100);
}

/* Any byte, the envelope's first ones more often. */
static size_t pick_place(struct random_state *random, size_t length)
{
    bool front = message_pick(random, 2) == 0;
    return message_pick(random, front && length > 3 ? 3 : (uint32_t)length);
}

/* Any byte, those that begin short arrays more often. */
static char damage(struct random_state *random)
{
    return (char)(message_pick(random, 2) == 0 ? 0x90 + message_pick(random, 6) : random_next(random));
}

/* Valid messages with a few bytes changed come nearer to the corners than noise does. */
static void test_frame_scan_survives_damaged_messages(void **state)
{
    (void)state;
    struct random_state random = {7};
    struct frame_limits limits = {.bytes = 90, .depth = 5, .items = 40};
    for (int round = 0; round < ROUNDS; round++) {
        struct buffer message;
        buffer_create(&message);
        message_put_random_envelope(&message, &random, 5);
        for (uint32_t changes = message_pick(&random, 3); changes > 0; changes--)
            message.bytes[pick_place(&random, message.length)] = damage(&random);
        size_t length = message.length < 160 ? message.length : 160;
        check_bytes((const uint8_t *)message.bytes, length, round % 2 == 0 ? limits : wide);
        buffer_destroy(&message);
    }
}

/* msgpack-c goes no deeper than its own stack; the scanner's greatest depth has to stay within that. */
static void test_frame_depth_max_can_be_decoded(void **state)
{
    (void)state;
    struct buffer message;
    struct frame_scanner scanner;
    buffer_create(&message);
    message_put(&message, 5, 0x94, 0x00, 0x07, 0xA1, 'm');
    message_put_run(&message, 0x91, FRAME_DEPTH_MAX - 2);
    message_put_run(&message, 0x90, 1);
    frame_scanner_create(&scanner, wide);
    assert_int_equal(frame_scan(&scanner, (const uint8_t *)message.bytes, message.length), FRAME_COMPLETE);
    assert_can_be_handled(&scanner, (const uint8_t *)message.bytes);
    buffer_destroy(&message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_scan_ends_where_msgpack_ends),
        cmocka_unit_test(test_frame_scan_survives_noise),
        cmocka_unit_test(test_frame_scan_survives_damaged_messages),
        cmocka_unit_test(test_frame_depth_max_can_be_decoded),
    };
    return cmocka_run_group_tests_name("wire/frame, at random", tests, NULL, NULL);
}
