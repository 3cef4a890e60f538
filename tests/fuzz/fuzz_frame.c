/*
 * The frame scanner against msgpack-c's decoder, against the model in frame_model.h, and against itself in
 * pieces. The first byte of an input chooses limits and sizes of pieces, the rest is what a client sends.
 */
#include <msgpack/unpack.h>
#include <string.h>

#include "frame_model.h"
#include "fuzz.h"
#include "wire/frame.h"
#include "wire/peek.h"

enum { MOST_STEPS = 64 }; /* that are compared */

/* What the scanner found in a stream, message by message. */
struct step {
    enum frame_status status;
    size_t at; /* bytes from the stream's beginning */
    enum frame_fault fault;
    uint32_t id;
    bool has_id;
};

struct walk {
    struct step steps[MOST_STEPS];
    size_t count;
};

/* A stream, as far as it has come in. */
struct stream {
    const uint8_t *bytes;
    size_t length;
    size_t start;   /* of what the scanner is shown */
    size_t message; /* where the message began */
    struct frame_scanner scanner;
};

static const struct frame_limits limits_of[] = {
    {256 * 1024, 16, 4096}, {64, 4, 16}, {200, 3, 40}, {1000, 31, 12}};

/* Containers inside each other, and values. */
static void measure(const msgpack_object *value, uint32_t depth, uint32_t *deepest, uint32_t *values)
{
    bool list = value->type == MSGPACK_OBJECT_ARRAY, map = value->type == MSGPACK_OBJECT_MAP;
    (*values)++;
    if ((list || map) && depth + 1 > *deepest)
        *deepest = depth + 1;
    for (uint32_t i = 0; list && i < value->via.array.size; i++)
        measure(&value->via.array.ptr[i], depth + 1, deepest, values);
    for (uint32_t i = 0; map && i < value->via.map.size; i++) {
        measure(&value->via.map.ptr[i].key, depth + 1, deepest, values);
        measure(&value->via.map.ptr[i].val, depth + 1, deepest, values);
    }
}

static bool is_number(const msgpack_object *value, uint32_t number)
{
    if (value->type == MSGPACK_OBJECT_FLOAT32 || value->type == MSGPACK_OBJECT_FLOAT64)
        return value->via.f64 == number;
    return value->type == MSGPACK_OBJECT_POSITIVE_INTEGER && value->via.u64 == number;
}

/* What the scanner let through is what it says, and within the limits. */
static void check_message(const struct frame_scanner *scanner, const msgpack_object *message)
{
    uint32_t deepest = 0, values = 0;
    REQUIRE(message->type == MSGPACK_OBJECT_ARRAY);
    REQUIRE(is_number(&message->via.array.ptr[0], scanner->type));
    REQUIRE(message->via.array.size == (scanner->type == 2 ? 3 : 4));
    if (scanner->type == 0)
        REQUIRE(scanner->has_message_id && is_number(&message->via.array.ptr[1], scanner->message_id));
    measure(message, 0, &deepest, &values);
    REQUIRE(deepest <= scanner->limits.depth && values <= scanner->limits.items);
    REQUIRE(scanner->position <= scanner->limits.bytes);
}

/* msgpack-c allocates for what is declared before it is there: it is asked only where all of that is, or is
 * within the limits. */
static bool may_decode(const struct frame_scanner *scanner, enum frame_status status)
{
    return status == FRAME_COMPLETE || status == FRAME_SKIPPED ||
           (status == FRAME_PARTIAL && !frame_is_refused(scanner) &&
            scanner->left <= scanner->limits.bytes) ||
           (status == FRAME_REFUSED && scanner->fault == FRAME_FAULT_FORMAT);
}

/*
 * What msgpack-c thinks of the bytes from the message's beginning to `end`. It takes what the scanner walks
 * over unless there is something in it that only the scanner bears: the unused byte, or more depth.
 */
static void compare(const struct stream *stream, enum frame_status status, size_t end)
{
    msgpack_unpacked unpacked;
    size_t offset = 0, length = end - stream->message;
    const uint8_t *bytes = stream->bytes + stream->message;
    if (!may_decode(&stream->scanner, status))
        return;
    msgpack_unpacked_init(&unpacked);
    msgpack_unpack_return result = msgpack_unpack_next(&unpacked, (const char *)bytes, length, &offset);
    if (status == FRAME_COMPLETE) {
        REQUIRE(result == MSGPACK_UNPACK_SUCCESS && offset == length);
        check_message(&stream->scanner, &unpacked.data);
    } else if (status == FRAME_SKIPPED) {
        static const msgpack_unpack_return results[] = {MSGPACK_UNPACK_SUCCESS, MSGPACK_UNPACK_PARSE_ERROR,
                                                        MSGPACK_UNPACK_NOMEM_ERROR};
        REQUIRE(result == results[frame_model_of(bytes, length, &stream->scanner.limits).decoder]);
        REQUIRE(result != MSGPACK_UNPACK_SUCCESS || offset == length);
    } else if (status == FRAME_PARTIAL) {
        REQUIRE(result == MSGPACK_UNPACK_CONTINUE);
    } else if (status == FRAME_REFUSED) {
        REQUIRE(result == MSGPACK_UNPACK_PARSE_ERROR);
    }
    msgpack_unpacked_destroy(&unpacked);
}

static void note(struct walk *walk, const struct stream *stream, enum frame_status status, size_t at)
{
    const struct frame_scanner *scanner = &stream->scanner;
    if (walk->count < MOST_STEPS)
        walk->steps[walk->count++] =
            (struct step){status, at, scanner->fault, scanner->has_message_id ? scanner->message_id : 0,
                          scanner->has_message_id};
}

static void next_message(struct stream *stream, size_t at)
{
    stream->start = stream->message = at;
    frame_scanner_reset(&stream->scanner);
}

/* Goes on as a connection does, with the first `there` bytes at hand; false once the connection is over. */
static bool walk_on(struct stream *stream, size_t there, struct walk *walk, bool with_decoder)
{
    while (stream->start < there) {
        enum frame_status status =
            frame_scan(&stream->scanner, stream->bytes + stream->start, there - stream->start);
        size_t at = stream->start + stream->scanner.position;
        REQUIRE(at <= there);
        if (with_decoder)
            compare(stream, status, at);
        if (status != FRAME_PARTIAL)
            note(walk, stream, status, at);
        if (status == FRAME_BROKEN || (status == FRAME_REFUSED && !stream->scanner.has_message_id))
            return false;
        if (status == FRAME_COMPLETE || status == FRAME_SKIPPED || frame_is_over(&stream->scanner)) {
            next_message(stream, at);
            continue;
        }
        if (frame_is_refused(&stream->scanner)) {
            frame_forget(&stream->scanner);
            stream->start = at;
        }
        if (status == FRAME_PARTIAL)
            return true;
    }
    return true;
}

static void walk_all(struct walk *walk, const uint8_t *bytes, size_t length, struct frame_limits limits,
                     size_t piece, bool with_decoder)
{
    struct stream stream = {.bytes = bytes, .length = length};
    size_t there = 0;
    walk->count = 0;
    frame_scanner_create(&stream.scanner, limits);
    while (there < length) {
        there = length - there < piece ? length : there + piece;
        if (!walk_on(&stream, there, walk, with_decoder))
            return;
    }
}

/* What the model says of the same stream. */
static void walk_model(struct walk *walk, const uint8_t *bytes, size_t length, struct frame_limits limits)
{
    struct frame_model model = {.over = true};
    bool goes_on = true;
    walk->count = 0;
    for (size_t start = 0; goes_on && model.over && start < length;
         start += model.steps[model.count - 1].at) {
        model = frame_model_of(bytes + start, length - start, &limits);
        for (size_t i = 0; i < model.count; i++) {
            const struct frame_model_step *step = &model.steps[i];
            goes_on = goes_on && (step->status != FRAME_REFUSED || step->has_id);
            if (walk->count < MOST_STEPS)
                walk->steps[walk->count++] =
                    (struct step){step->status, start + step->at, step->fault, step->id, step->has_id};
            if (!goes_on)
                return;
        }
        if (model.count == 0)
            return;
    }
}

static void require_same(const struct walk *one, const struct walk *other)
{
    REQUIRE(one->count == other->count);
    for (size_t i = 0; i < one->count; i++) {
        const struct step *a = &one->steps[i], *b = &other->steps[i];
        REQUIRE(a->status == b->status && a->at == b->at && a->fault == b->fault);
        REQUIRE(a->id == b->id && a->has_id == b->has_id);
    }
}

/* Whatever is guessed lies within the bytes, in its order. */
static void check_customers(const uint8_t *bytes, size_t length)
{
    enum { MOST = 3 };
    struct text ids[MOST];
    const uint8_t *at = bytes;
    size_t seen, count = peek_customers(bytes, length, ids, MOST, &seen);
    REQUIRE(count <= MOST && seen <= length && (count == MOST || seen == length));
    for (size_t i = 0; i < count; i++) {
        REQUIRE((const uint8_t *)ids[i].bytes > at);
        at = (const uint8_t *)ids[i].bytes + ids[i].length;
        REQUIRE(at <= bytes + seen);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct walk whole, pieces, model;
    if (length == 0)
        return 0;
    struct frame_limits limits = limits_of[bytes[0] & 3];
    walk_all(&whole, bytes + 1, length - 1, limits, length, true);
    walk_all(&pieces, bytes + 1, length - 1, limits, (size_t)(bytes[0] >> 2) + 1, false);
    require_same(&whole, &pieces);
    walk_model(&model, bytes + 1, length - 1, limits);
    require_same(&whole, &model);
    check_customers(bytes + 1, length - 1);
    return 0;
}
