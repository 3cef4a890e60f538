/* frame: headers, pieces, limits, envelopes, and walking over what is refused. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "message_builder.h"
#include "wire/frame.h"

static const struct frame_limits wide = {.bytes = 256 * 1024, .depth = 16, .items = 4096};

/* All that a caller can learn from one message. */
struct outcome {
    enum frame_status first; /* the first answer that is not FRAME_PARTIAL */
    enum frame_status last;  /* the answer at its end */
    size_t end;              /* bytes of the message */
    enum frame_fault fault;
    bool has_id;
    uint32_t id;
    uint8_t type;
};

/* Hands the scanner all `length` bytes, in memory of that size. */
static enum frame_status scan(struct frame_scanner *scanner, const uint8_t *bytes, size_t length)
{
    uint8_t *copy = message_copy_exactly(bytes, length);
    enum frame_status status = frame_scan(scanner, copy, length);
    free(copy);
    return status;
}

static void note(struct outcome *outcome, const struct frame_scanner *scanner, enum frame_status status)
{
    if (outcome->first == FRAME_PARTIAL)
        outcome->first = status;
    outcome->last = status;
    outcome->end = scanner->position;
    outcome->fault = scanner->fault;
    outcome->has_id = scanner->has_message_id;
    outcome->id = scanner->has_message_id ? scanner->message_id : 0;
    outcome->type = scanner->type;
}

/* Goes on behind FRAME_REFUSED, as callers do. */
static void scan_on(struct outcome *outcome, struct frame_scanner *scanner, const uint8_t *bytes,
                    size_t length)
{
    enum frame_status status = scan(scanner, bytes, length);
    note(outcome, scanner, status);
    if (status == FRAME_REFUSED)
        note(outcome, scanner, scan(scanner, bytes, length));
}

static struct outcome scan_whole(struct frame_limits limits, const uint8_t *bytes, size_t length)
{
    struct frame_scanner scanner;
    struct outcome outcome = {.first = FRAME_PARTIAL};
    frame_scanner_create(&scanner, limits);
    scan_on(&outcome, &scanner, bytes, length);
    return outcome;
}

static bool is_over(const struct outcome *outcome)
{
    return outcome->last == FRAME_COMPLETE || outcome->last == FRAME_SKIPPED || outcome->last == FRAME_BROKEN;
}

/* The message in two pieces: the first `split` bytes, then everything. */
static struct outcome scan_split(struct frame_limits limits, const uint8_t *bytes, size_t length,
                                 size_t split)
{
    struct frame_scanner scanner;
    struct outcome outcome = {.first = FRAME_PARTIAL};
    frame_scanner_create(&scanner, limits);
    scan_on(&outcome, &scanner, bytes, split);
    if (!is_over(&outcome))
        scan_on(&outcome, &scanner, bytes, length);
    return outcome;
}

static struct outcome scan_bytewise(struct frame_limits limits, const uint8_t *bytes, size_t length)
{
    struct frame_scanner scanner;
    struct outcome outcome = {.first = FRAME_PARTIAL};
    frame_scanner_create(&scanner, limits);
    for (size_t i = 0; i <= length && !is_over(&outcome); i++)
        scan_on(&outcome, &scanner, bytes, i);
    return outcome;
}

static void assert_same(const struct outcome *a, const struct outcome *b)
{
    assert_int_equal(a->first, b->first);
    assert_int_equal(a->last, b->last);
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->fault, b->fault);
    assert_int_equal(a->has_id, b->has_id);
    assert_int_equal(a->id, b->id);
    assert_int_equal(a->type, b->type);
}

static void assert_same_in_pieces(struct frame_limits limits, const struct buffer *message)
{
    const uint8_t *bytes = (const uint8_t *)message->bytes;
    struct outcome whole = scan_whole(limits, bytes, message->length);
    struct outcome bytewise = scan_bytewise(limits, bytes, message->length);
    assert_same(&bytewise, &whole);
    for (size_t split = 0; split <= message->length; split++) {
        struct outcome halves = scan_split(limits, bytes, message->length, split);
        assert_same(&halves, &whole);
    }
}

/* Test cases as string literals: the bytes without the NUL behind them. */
struct sample {
    const char *bytes;
    size_t length;
};
#define SAMPLE(literal)                                                                                      \
    {                                                                                                        \
        (literal), sizeof(literal) - 1                                                                       \
    }

static struct outcome scan_sample(struct frame_limits limits, struct sample sample)
{
    return scan_whole(limits, (const uint8_t *)sample.bytes, sample.length);
}

static const struct sample valid[] = {
    SAMPLE("\x94\x00\x07\xa4ping\x90"),
    SAMPLE("\x94\x00\x07\xa4ping\x80"),
    SAMPLE("\x94\x00\xcd\x12\x34\xa4ping\x91\x80"),
    SAMPLE("\x94\x00\xce\xff\xff\xff\xff\xc4\x04ping\x91\x82\xa1\x61\x01\xa1\x62\xcb\x40\x45\0\0\0\0\0\0"),
    SAMPLE("\x93\x02\xa5track\x92\x81\xa1\x61\xd6\xff\x12\x34\x56\x78\xc0"),
    SAMPLE("\x94\x01\x05\xc0\xc3"),
    SAMPLE("\xdc\x00\x04\x00\x00\xd9\x01m\xdd\x00\x00\x00\x02\xdf\0\0\0\1\xc2\xc8\x00\x03\x05xyz\x90"),
    SAMPLE("\xdd\x00\x00\x00\x03\xcc\x02\xda\x00\x01m\x91\x91\x91\x91\x93\x01\x02\x80"),
};

static void test_frame_scan_is_the_same_in_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        struct outcome outcome = scan_sample(wide, valid[i]);
        struct buffer message;
        assert_int_equal(outcome.first, FRAME_COMPLETE);
        assert_int_equal(outcome.end, valid[i].length);
        buffer_create(&message);
        buffer_append(&message, valid[i].bytes, valid[i].length);
        message_put(&message, 3, 0x94, 0x00, 0x01); /* the next one's beginning changes nothing */
        assert_same_in_pieces(wide, &message);
        buffer_destroy(&message);
    }
}

/* A value that begins with `first`, its length three where it has one. */
static void put_value_of(struct buffer *out, uint8_t first)
{
    static const uint8_t behind[] = {/* 0xc0 … 0xdf: bytes of length or value, then of content */
                                     0, 0, 0, 0, 1, 2, 4, 1, 2,  4, 4, 8, 1, 2, 4, 8,
                                     1, 2, 4, 8, 2, 3, 5, 9, 17, 1, 2, 4, 2, 4, 2, 4};
    bool counts = (first >= 0xC4 && first <= 0xC9) || first >= 0xD9;
    if (first < 0x80 || first >= 0xE0) {
        message_put_run(out, first, 1);
    } else if (first < 0xC0) {
        uint32_t values = first < 0x90 ? 2U * (first & 15) : first < 0xA0 ? first & 15 : first & 31;
        message_put_run(out, first, 1);
        message_put_run(out, 0xC0, values);
    } else {
        message_put_length(out, first, counts ? 3 : 0, behind[first - 0xC0]);
        bool ext = first >= 0xC7 && first <= 0xC9, map = first == 0xDE || first == 0xDF;
        message_put_run(out, 0xC0, !counts ? 0 : ext ? 4 : map ? 6 : 3);
    }
}

static void test_frame_scan_knows_every_first_byte(void **state)
{
    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        struct buffer message;
        buffer_create(&message);
        message_put(&message, 4, 0x93, 0x02, 0xA1, 'm');
        put_value_of(&message, (uint8_t)first);
        const uint8_t *bytes = (const uint8_t *)message.bytes;
        struct outcome cut = scan_whole(wide, bytes, message.length - 1);
        struct outcome whole = scan_whole(wide, bytes, message.length);
        assert_int_equal(cut.last, FRAME_PARTIAL);
        assert_int_equal(whole.first, first == 0xC1 ? FRAME_REFUSED : FRAME_COMPLETE);
        assert_int_equal(whole.end, message.length);
        buffer_destroy(&message);
    }
}

static void test_frame_scan_takes_exactly_the_limit_of_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        struct frame_limits limits = wide;
        limits.bytes = valid[i].length;
        assert_int_equal(scan_sample(limits, valid[i]).first, FRAME_COMPLETE);
        limits.bytes = valid[i].length - 1;
        struct outcome over = scan_sample(limits, valid[i]);
        assert_int_equal(over.first, FRAME_REFUSED);
        assert_int_equal(over.fault, FRAME_FAULT_BYTES);
        assert_int_equal(over.last, FRAME_SKIPPED);
        assert_int_equal(over.end, valid[i].length);
    }
}

/* An envelope of too many elements, within the limits and beyond them. */
static void test_frame_scan_walks_over_any_number_of_elements(void **state)
{
    static const uint32_t counts[] = {5, 15, 16, 17, 255, 5000, 65536, 256 * 1024, 300 * 1024};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct buffer message;
        buffer_create(&message);
        message_put_length(&message, 0xDD, counts[i], 4);
        message_put(&message, 2, 0x00, 0x07);
        message_put_run(&message, 0xC0, counts[i] - 2);
        struct outcome outcome = scan_whole(wide, (const uint8_t *)message.bytes, message.length);
        assert_int_equal(outcome.first, FRAME_REFUSED);
        assert_int_equal(outcome.fault,
                         message.length > wide.bytes ? FRAME_FAULT_BYTES : FRAME_FAULT_ENVELOPE);
        assert_int_equal(outcome.id, 7);
        assert_int_equal(outcome.last, FRAME_SKIPPED);
        assert_int_equal(outcome.end, message.length);
        buffer_destroy(&message);
    }
}

/* [0, 7, "m", [nil × count]] has five values around the count. */
static void put_list_request(struct buffer *out, uint32_t count)
{
    message_put(out, 5, 0x94, 0x00, 0x07, 0xA1, 'm');
    message_put_length(out, 0xDD, count, 4);
    message_put_run(out, 0xC0, count);
}

static void test_frame_scan_takes_exactly_the_limit_of_items(void **state)
{
    (void)state;
    struct buffer message;
    buffer_create(&message);
    put_list_request(&message, 4096 - 5);
    struct outcome at = scan_whole(wide, (const uint8_t *)message.bytes, message.length);
    assert_int_equal(at.first, FRAME_COMPLETE);
    buffer_clear(&message, SIZE_MAX);
    put_list_request(&message, 4096 - 4);
    struct outcome over = scan_whole(wide, (const uint8_t *)message.bytes, message.length);
    assert_int_equal(over.first, FRAME_REFUSED);
    assert_int_equal(over.fault, FRAME_FAULT_ITEMS);
    assert_int_equal(over.last, FRAME_SKIPPED);
    assert_int_equal(over.end, message.length);
    buffer_destroy(&message);
}

/* Many small containers break the limit on items as one large does; keys of maps count. */
static void test_frame_scan_counts_items_of_siblings(void **state)
{
    (void)state;
    struct sample maps = SAMPLE("\x94\x00\x07\xa1m\x92\x81\x01\x02\x82\x01\x02\x03\x04");
    struct frame_limits limits = wide;
    limits.items = 13;
    assert_int_equal(scan_sample(limits, maps).first, FRAME_COMPLETE);
    limits.items = 12;
    assert_int_equal(scan_sample(limits, maps).fault, FRAME_FAULT_ITEMS);
}

/* [0, 7, "m", [[…[nil]…]]], `depth` arrays inside each other, the message's own among them. */
static void put_nested_request(struct buffer *out, uint32_t depth)
{
    message_put(out, 5, 0x94, 0x00, 0x07, 0xA1, 'm');
    message_put_run(out, 0x91, depth - 1);
    message_put_run(out, 0xC0, 1);
}

static void test_frame_scan_takes_exactly_the_limit_of_depth(void **state)
{
    (void)state;
    for (uint32_t depth = 2; depth <= FRAME_DEPTH_MAX; depth++) {
        struct frame_limits limits = wide;
        struct buffer message;
        limits.depth = depth;
        buffer_create(&message);
        put_nested_request(&message, depth);
        struct outcome at = scan_whole(limits, (const uint8_t *)message.bytes, message.length);
        assert_int_equal(at.first, FRAME_COMPLETE);
        buffer_clear(&message, SIZE_MAX);
        put_nested_request(&message, depth + 1);
        struct outcome over = scan_whole(limits, (const uint8_t *)message.bytes, message.length);
        assert_int_equal(over.first, FRAME_REFUSED);
        assert_int_equal(over.fault, FRAME_FAULT_DEPTH);
        assert_int_equal(over.id, 7);
        assert_int_equal(over.end, message.length);
        buffer_destroy(&message);
    }
}

/* Depth is of what is open at once, not of how many containers there were. */
static void test_frame_scan_closes_containers(void **state)
{
    (void)state;
    struct buffer message;
    buffer_create(&message);
    message_put(&message, 6, 0x94, 0x00, 0x07, 0xA1, 'm', 0xDC);
    message_put(&message, 2, 0x01, 0x00);
    for (int i = 0; i < 256; i++)
        message_put(&message, 3, 0x91, 0x91, 0x90);
    struct frame_limits limits = wide;
    limits.depth = 5;
    struct outcome outcome = scan_whole(limits, (const uint8_t *)message.bytes, message.length);
    assert_int_equal(outcome.first, FRAME_COMPLETE);
    assert_int_equal(outcome.end, message.length);
    buffer_destroy(&message);
}

static const struct sample bombs[] = {
    SAMPLE("\xdd\xff\xff\xff\xff"), SAMPLE("\xdf\xff\xff\xff\xff"), SAMPLE("\xdb\xff\xff\xff\xff"),
    SAMPLE("\xc6\xff\xff\xff\xff"), SAMPLE("\xc9\xff\xff\xff\xff"),
};
enum { BOMB_COUNT = sizeof bombs / sizeof *bombs };

/* What may be a request is looked at as far as its id, so that it can be answered. */
static void test_frame_scan_reads_the_id_of_a_bomb_on_top(void **state)
{
    static const struct sample request = SAMPLE("\xdd\xff\xff\xff\xff\x00\xce\x01\x02\x03\x04");
    (void)state;
    for (size_t length = 0; length < request.length; length++)
        assert_int_equal(scan_sample(wide, (struct sample){request.bytes, length}).last, FRAME_PARTIAL);
    struct outcome outcome = scan_sample(wide, request);
    assert_int_equal(outcome.first, FRAME_BROKEN);
    assert_int_equal(outcome.id, 0x01020304);
}

static void test_frame_scan_breaks_at_other_bombs_on_top(void **state)
{
    (void)state;
    for (size_t i = 1; i < BOMB_COUNT; i++) {
        struct outcome outcome = scan_sample(wide, bombs[i]);
        assert_int_equal(outcome.first, FRAME_BROKEN);
        assert_false(outcome.has_id);
        assert_int_not_equal(outcome.fault, FRAME_FAULT_NONE);
    }
}

/* The five bytes suffice: nothing of what they announce is waited for. */
static void test_frame_scan_breaks_at_bombs_in_params(void **state)
{
    (void)state;
    static const struct sample heads[] = {
        SAMPLE("\x94\x00\x07\xa1m"),                 /* as params */
        SAMPLE("\x94\x00\x07\xa1m\x91"),             /* in place of the map */
        SAMPLE("\x94\x00\x07\xa1m\x91\x82\xa1\x61"), /* as an argument */
        SAMPLE("\x94\x00\x07\xa1m\x91\x82"),         /* as a key */
        SAMPLE("\x94\x00\x07"),                      /* as the method */
    };
    for (size_t i = 0; i < BOMB_COUNT * (sizeof heads / sizeof *heads); i++) {
        struct buffer message;
        buffer_create(&message);
        buffer_append(&message, heads[i / BOMB_COUNT].bytes, heads[i / BOMB_COUNT].length);
        buffer_append(&message, bombs[i % BOMB_COUNT].bytes, bombs[i % BOMB_COUNT].length);
        struct outcome outcome = scan_whole(wide, (const uint8_t *)message.bytes, message.length);
        assert_int_equal(outcome.first, FRAME_BROKEN);
        assert_int_equal(outcome.fault, FRAME_FAULT_BYTES);
        assert_true(outcome.has_id);
        assert_int_equal(outcome.id, 7);
        assert_same_in_pieces(wide, &message);
        buffer_destroy(&message);
    }
}

/* Refused at the header, where the rest would not fit any more. */
static void test_frame_scan_refuses_before_the_bytes_arrive(void **state)
{
    (void)state;
    static const uint8_t firsts[] = {0xDD, 0xDF, 0xDB, 0xC6, 0xC9};
    for (size_t i = 0; i < sizeof firsts; i++) {
        struct buffer message;
        buffer_create(&message);
        message_put(&message, 5, 0x94, 0x00, 0x07, 0xA1, 'm');
        message_put_length(&message, firsts[i], 300 * 1024, 4);
        struct outcome outcome = scan_whole(wide, (const uint8_t *)message.bytes, message.length);
        assert_int_equal(outcome.first, FRAME_REFUSED);
        assert_int_equal(outcome.fault, FRAME_FAULT_BYTES);
        assert_int_equal(outcome.last, FRAME_PARTIAL);
        buffer_destroy(&message);
    }
}

/* Exactly at the edge of what is still walked over, and one behind it. */
static void test_frame_scan_walks_over_so_much_and_no_more(void **state)
{
    (void)state;
    struct frame_limits limits = {.bytes = 1000, .depth = 16, .items = 100};
    for (uint32_t more = 0; more < 2; more++) {
        struct buffer message;
        buffer_create(&message);
        message_put(&message, 5, 0x94, 0x00, 0x07, 0xA1, 'm');
        uint32_t others = 5 + 5; /* what stands above, and the text's header */
        message_put_length(&message, 0xDB, 1000 * FRAME_SKIP_FACTOR - others + more, 4);
        struct outcome outcome = scan_whole(limits, (const uint8_t *)message.bytes, message.length);
        assert_int_equal(outcome.first, more ? FRAME_BROKEN : FRAME_REFUSED);
        assert_int_equal(outcome.id, 7);
        buffer_destroy(&message);
    }
}

/* Many values that are each short enough: they are counted together, whatever was thrown away meanwhile. */
static void test_frame_scan_walks_over_so_much_in_all(void **state)
{
    (void)state;
    struct frame_scanner scanner;
    struct buffer piece;
    uint64_t walked = 0;
    frame_scanner_create(&scanner, (struct frame_limits){.bytes = 1000, .depth = 16, .items = 100});
    buffer_create(&piece);
    message_put(&piece, 5, 0x94, 0x00, 0x07, 0xA1, 'm');
    message_put_length(&piece, 0xDC, 5000, 2);
    enum frame_status status = frame_scan(&scanner, (const uint8_t *)piece.bytes, piece.length);
    assert_int_equal(status, FRAME_REFUSED);
    buffer_clear(&piece, 0);
    message_put_length(&piece, 0xDA, 900, 2);
    message_put_run(&piece, 'x', 900);
    for (status = FRAME_PARTIAL; status == FRAME_PARTIAL; walked += scanner.position) {
        frame_forget(&scanner);
        status = frame_scan(&scanner, (const uint8_t *)piece.bytes, piece.length);
        assert_true(walked <= 1000 * FRAME_SKIP_FACTOR);
    }
    assert_int_equal(status, FRAME_BROKEN);
    assert_int_equal(scanner.message_id, 7);
    buffer_destroy(&piece);
}

/* What was walked over of one message counts for that one alone. */
static void test_frame_scan_begins_to_count_anew(void **state)
{
    (void)state;
    struct frame_scanner scanner;
    struct buffer message;
    frame_scanner_create(&scanner, (struct frame_limits){.bytes = 1000, .depth = 16, .items = 100});
    buffer_create(&message);
    message_put(&message, 5, 0x94, 0x00, 0x07, 0xA1, 'm');
    message_put_length(&message, 0xDB, 1000 * (FRAME_SKIP_FACTOR - 1), 4);
    message_put_run(&message, 'x', 1000 * (FRAME_SKIP_FACTOR - 1));
    for (int i = 0; i < 3; i++) {
        const uint8_t *bytes = (const uint8_t *)message.bytes;
        assert_int_equal(frame_scan(&scanner, bytes, 20), FRAME_REFUSED);
        size_t walked = scanner.position;
        frame_forget(&scanner);
        assert_int_equal(frame_scan(&scanner, bytes + walked, message.length - 1 - walked), FRAME_PARTIAL);
        frame_forget(&scanner);
        assert_int_equal(frame_scan(&scanner, bytes, 1), FRAME_SKIPPED);
        frame_scanner_reset(&scanner);
    }
    buffer_destroy(&message);
}

struct envelope {
    struct sample sample;
    enum frame_status first;
    enum frame_fault fault;
    bool has_id;
    uint32_t id;
};

static const struct envelope envelopes[] = {
    {SAMPLE("\x94\x00\x00\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 0},
    {SAMPLE("\x94\x00\x7f\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 127},
    {SAMPLE("\x94\x00\xcc\xff\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 255},
    {SAMPLE("\x94\x00\xcd\xff\xfe\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 65534},
    {SAMPLE("\x94\x00\xce\xff\xff\xff\xff\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, UINT32_MAX},
    {SAMPLE("\x94\x00\xcf\0\0\0\0\xff\xff\xff\xff\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true,
     UINT32_MAX},
    {SAMPLE("\x94\x00\xd0\x05\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 5},
    {SAMPLE("\x94\x00\xd3\0\0\0\0\xff\xff\xff\xff\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true,
     UINT32_MAX},
    {SAMPLE("\x94\xcc\x00\x05\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 5},
    {SAMPLE("\xdc\x00\x04\x00\x05\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 5},
    {SAMPLE("\xdd\0\0\0\x04\x00\x05\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 5},
    {SAMPLE("\x93\x02\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, false, 0},
    {SAMPLE("\x94\x01\x05\xc0\xc0"), FRAME_COMPLETE, FRAME_FAULT_NONE, false, 0},
    /* floats that are whole, -0 and the largest id too */
    {SAMPLE("\x94\x00\xca\x40\xe0\0\0\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 7},
    {SAMPLE("\x94\x00\xca\x80\0\0\0\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 0},
    {SAMPLE("\x94\x00\xcb\x3f\xf0\0\0\0\0\0\0\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, true, 1},
    {SAMPLE("\x94\xca\0\0\0\0\xcb\x41\xef\xff\xff\xff\xe0\0\0\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE,
     true, UINT32_MAX},
    {SAMPLE("\x93\xcb\x40\0\0\0\0\0\0\0\xa1m\x90"), FRAME_COMPLETE, FRAME_FAULT_NONE, false, 0},
    {SAMPLE("\x94\xca\x3f\x80\0\0\x05\xc0\xc0"), FRAME_COMPLETE, FRAME_FAULT_NONE, false, 0},
    /* ids that are none */
    {SAMPLE("\x94\x00\xcf\0\0\0\1\0\0\0\0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xff\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xd0\xff\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xd3\xff\xff\xff\xff\xff\xff\xff\xff\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE,
     false, 0},
    {SAMPLE("\x94\x00\xa1\x37\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xca\x40\xe8\0\0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xca\xbf\x80\0\0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xca\x4f\x80\0\0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xcb\x41\xf0\0\0\0\0\0\0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xcb\x7f\xf8\0\0\0\0\0\0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xcb\x7f\xf0\0\0\0\0\0\0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xc0\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\x91\x07\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x00\xc1\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    /* types that are none */
    {SAMPLE("\x94\x03\x05\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\xff\x05\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\xc0\x05\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\xa1\x30\x05\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x90\x05\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\xcd\x01\x00\x05\xa1m\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    /* wrong counts */
    {SAMPLE("\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x91\x00"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x91\x01"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x91\x02"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x92\x00\x07"), FRAME_REFUSED, FRAME_FAULT_ENVELOPE, true, 7},
    {SAMPLE("\x93\x00\x07\xa1m"), FRAME_REFUSED, FRAME_FAULT_ENVELOPE, true, 7},
    {SAMPLE("\x95\x00\x07\xa1m\x90\x90"), FRAME_REFUSED, FRAME_FAULT_ENVELOPE, true, 7},
    {SAMPLE("\x93\x01\x05\xc0"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x92\x02\xa1m"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\x94\x02\xa1m\x90\x90"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\xdc\x00\x10\x00\x05\xa1m\x90\0\0\0\0\0\0\0\0\0\0\0\0"), FRAME_REFUSED, FRAME_FAULT_ENVELOPE,
     true, 5},
    {SAMPLE("\xdc\x00\x10\xca\0\0\0\0\xca\x40\xe0\0\0\xa1m\x90\0\0\0\0\0\0\0\0\0\0\0\0"), FRAME_REFUSED,
     FRAME_FAULT_ENVELOPE, true, 7},
    {SAMPLE("\xdd\xff\xff\xff\xff\x00\x07"), FRAME_BROKEN, FRAME_FAULT_BYTES, true, 7},
    {SAMPLE("\xdd\xff\xff\xff\xff\x01\x07"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    {SAMPLE("\xdd\xff\xff\xff\xff\x02\x07"), FRAME_BROKEN, FRAME_FAULT_ENVELOPE, false, 0},
    /* no array at all */
    {SAMPLE("\x80"), FRAME_BROKEN, FRAME_FAULT_NO_ARRAY, false, 0},
    {SAMPLE("GET / HTTP/1.1\r\n"), FRAME_BROKEN, FRAME_FAULT_NO_ARRAY, false, 0},
    {SAMPLE("\x16\x03\x01\x02\x00"), FRAME_BROKEN, FRAME_FAULT_NO_ARRAY, false, 0},
    {SAMPLE("\xc1"), FRAME_BROKEN, FRAME_FAULT_NO_ARRAY, false, 0},
    /* the byte that MessagePack never uses */
    {SAMPLE("\x94\x00\x07\xc1\x90"), FRAME_REFUSED, FRAME_FAULT_FORMAT, true, 7},
    {SAMPLE("\x94\x00\x07\xa1m\x91\xc1"), FRAME_REFUSED, FRAME_FAULT_FORMAT, true, 7},
};

static void test_frame_scan_reads_envelopes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        const struct envelope *expected = &envelopes[i];
        struct outcome outcome = scan_sample(wide, expected->sample);
        if (outcome.first != expected->first || outcome.fault != expected->fault ||
            outcome.has_id != expected->has_id || outcome.id != expected->id)
            fail_msg("envelope %zu: status %d, fault %d, id %d %u", i, (int)outcome.first, (int)outcome.fault,
                     outcome.has_id, outcome.id);
        if (outcome.first == FRAME_REFUSED)
            assert_int_equal(outcome.last, FRAME_SKIPPED);
        if (outcome.first != FRAME_BROKEN)
            assert_int_equal(outcome.end, expected->sample.length);
    }
}

static void test_frame_scan_reads_envelopes_in_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct buffer message;
        buffer_create(&message);
        buffer_append(&message, envelopes[i].sample.bytes, envelopes[i].sample.length);
        assert_same_in_pieces(wide, &message);
        buffer_destroy(&message);
    }
}

/* What happened to the messages of a stream, in order: 'c'omplete, 'r'efused, 's'kipped, 'b'roken, each
 * followed by the id where there is one. */
struct stream {
    struct frame_scanner scanner;
    struct buffer pending; /* received, not used up */
    char events[4096];
    size_t length; /* of events */
};

static void stream_note(struct stream *stream, char what)
{
    size_t room = sizeof stream->events - stream->length;
    int written =
        stream->scanner.has_message_id && what != 's'
            ? snprintf(stream->events + stream->length, room, "%c%u ", what, stream->scanner.message_id)
            : snprintf(stream->events + stream->length, room, "%c ", what);
    assert_true(written > 0 && (size_t)written < room);
    stream->length += (size_t)written;
}

/* Uses up what it can, as a connection does; false at the stream's end. */
static bool stream_step(struct stream *stream)
{
    enum frame_status status =
        scan(&stream->scanner, (const uint8_t *)stream->pending.bytes, stream->pending.length);
    size_t used = stream->scanner.position;
    if (status == FRAME_BROKEN) {
        stream_note(stream, 'b');
        return false;
    }
    if (status == FRAME_PARTIAL) {
        if (frame_is_refused(&stream->scanner)) {
            buffer_consume(&stream->pending, used);
            frame_forget(&stream->scanner);
        }
        return false;
    }
    stream_note(stream, status == FRAME_COMPLETE ? 'c' : status == FRAME_REFUSED ? 'r' : 's');
    buffer_consume(&stream->pending, used);
    if (status == FRAME_REFUSED)
        frame_forget(&stream->scanner);
    else
        frame_scanner_reset(&stream->scanner);
    return true;
}

static void stream_feed(struct stream *stream, struct frame_limits limits, const struct buffer *bytes,
                        size_t chunk)
{
    *stream = (struct stream){.length = 0};
    frame_scanner_create(&stream->scanner, limits);
    for (size_t at = 0; at < bytes->length; at += chunk) {
        size_t more = bytes->length - at < chunk ? bytes->length - at : chunk;
        buffer_append(&stream->pending, bytes->bytes + at, more);
        while (stream_step(stream)) {
        }
    }
    buffer_destroy(&stream->pending);
}

static void put_sample(struct buffer *out, struct sample sample)
{
    buffer_append(out, sample.bytes, sample.length);
}

/* Messages that break each limit, good ones between them. */
static void put_mixed_stream(struct buffer *out)
{
    put_sample(out, (struct sample)SAMPLE("\x94\x00\x01\xa1m\x90"));
    message_put(out, 5, 0x94, 0x00, 0x02, 0xA1, 'm');
    message_put_length(out, 0xDB, 300, 4); /* too long */
    message_put_run(out, 0x94, 300);
    put_sample(out, (struct sample)SAMPLE(
                        "\x94\x00\x03\xa1m\x91\x91\x91\x91\x91\x91\x93\x01\xa1x\xc0")); /* too deep */
    put_sample(out, (struct sample)SAMPLE("\x94\x00\x04\xa1m\x90"));
    message_put(out, 5, 0x94, 0x00, 0x05, 0xA1, 'm');
    message_put_length(out, 0xDE, 30, 2); /* too many values, strings and lists among them */
    for (int i = 0; i < 30; i++)
        message_put(out, 5, 0xA2, 0xDD, 0xDD, 0x91, 0xC0);
    put_sample(out, (struct sample)SAMPLE("\x94\x00\x06\xa1m\x92\xc1\xa2hi"));            /* 0xc1 */
    put_sample(out, (struct sample)SAMPLE("\x95\x00\x07\xa1m\x90\xc7\x02\x05xy"));        /* five */
    put_sample(out, (struct sample)SAMPLE("\x93\x00\x08\xc4\x01m"));                      /* three */
    put_sample(out, (struct sample)SAMPLE("\x94\x00\x09\xa1m\x91\x80\x93\x02\xa1m\x90")); /* two in a row */
}

static void test_frame_scan_finds_the_message_behind_a_refused_one(void **state)
{
    (void)state;
    struct frame_limits limits = {.bytes = 200, .depth = 6, .items = 40};
    struct buffer bytes;
    struct stream stream;
    buffer_create(&bytes);
    put_mixed_stream(&bytes);
    for (size_t chunk = 1; chunk <= bytes.length; chunk++) {
        stream_feed(&stream, limits, &bytes, chunk);
        assert_string_equal(stream.events, "c1 r2 s r3 s c4 r5 s r6 s r7 s r8 s c9 c ");
    }
    buffer_destroy(&bytes);
}

static void test_frame_scan_ends_a_stream_at_broken_bytes(void **state)
{
    (void)state;
    struct buffer bytes;
    struct stream stream;
    buffer_create(&bytes);
    put_sample(&bytes, (struct sample)SAMPLE("\x94\x00\x01\xa1m\x90\x94\x00\x02\xa1m\x90hello"));
    stream_feed(&stream, wide, &bytes, 3);
    assert_memory_equal(stream.events, "c1 c2 b ", 8);
    buffer_destroy(&bytes);
}

static void test_frame_fault_message_names_the_limit(void **state)
{
    (void)state;
    struct frame_scanner scanner;
    char out[160];
    frame_scanner_create(&scanner, (struct frame_limits){.bytes = 111, .depth = 22, .items = 333});
    scanner.fault = FRAME_FAULT_BYTES;
    assert_string_equal(frame_fault_message(&scanner, out, sizeof out), "message: more than 111 bytes");
    scanner.fault = FRAME_FAULT_DEPTH;
    assert_string_equal(frame_fault_message(&scanner, out, sizeof out), "message: nested deeper than 22");
    scanner.fault = FRAME_FAULT_ITEMS;
    assert_string_equal(frame_fault_message(&scanner, out, sizeof out), "message: more than 333 values");
    scanner.fault = FRAME_FAULT_ENVELOPE;
    assert_non_null(strstr(frame_fault_message(&scanner, out, sizeof out), "[0, msgid, method, params]"));
    scanner.fault = FRAME_FAULT_FORMAT;
    assert_non_null(strstr(frame_fault_message(&scanner, out, sizeof out), "0xc1"));
    scanner.fault = FRAME_FAULT_NO_ARRAY;
    assert_non_null(strstr(frame_fault_message(&scanner, out, sizeof out), "expected an array"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frame_scan_is_the_same_in_pieces),
        cmocka_unit_test(test_frame_scan_knows_every_first_byte),
        cmocka_unit_test(test_frame_scan_takes_exactly_the_limit_of_bytes),
        cmocka_unit_test(test_frame_scan_takes_exactly_the_limit_of_items),
        cmocka_unit_test(test_frame_scan_walks_over_any_number_of_elements),
        cmocka_unit_test(test_frame_scan_counts_items_of_siblings),
        cmocka_unit_test(test_frame_scan_takes_exactly_the_limit_of_depth),
        cmocka_unit_test(test_frame_scan_closes_containers),
        cmocka_unit_test(test_frame_scan_reads_the_id_of_a_bomb_on_top),
        cmocka_unit_test(test_frame_scan_breaks_at_other_bombs_on_top),
        cmocka_unit_test(test_frame_scan_breaks_at_bombs_in_params),
        cmocka_unit_test(test_frame_scan_refuses_before_the_bytes_arrive),
        cmocka_unit_test(test_frame_scan_walks_over_so_much_and_no_more),
        cmocka_unit_test(test_frame_scan_walks_over_so_much_in_all),
        cmocka_unit_test(test_frame_scan_begins_to_count_anew),
        cmocka_unit_test(test_frame_scan_reads_envelopes),
        cmocka_unit_test(test_frame_scan_reads_envelopes_in_pieces),
        cmocka_unit_test(test_frame_scan_finds_the_message_behind_a_refused_one),
        cmocka_unit_test(test_frame_scan_ends_a_stream_at_broken_bytes),
        cmocka_unit_test(test_frame_fault_message_names_the_limit),
    };
    return cmocka_run_group_tests_name("wire/frame", tests, NULL, NULL);
}
