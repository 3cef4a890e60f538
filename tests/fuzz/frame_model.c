/* Walking over a message with a list of what is still to come. */
#include "frame_model.h"

#include <math.h>
#include <string.h>

#include "fuzz.h"

enum { DECODER_DEPTH = 32 /* containers inside each other that msgpack-c has room for */ };

/* The message so far. */
struct walk {
    const uint8_t *bytes;
    size_t length, at;
    const struct frame_limits *limits;
    uint64_t values;                    /* begun */
    uint64_t left;                      /* known to come */
    uint64_t open[FRAME_DEPTH_MAX + 2]; /* still to come in each container, as long as it is not refused */
    uint32_t depth;                     /* of those */
    uint64_t size;                      /* elements of the outermost */
    uint8_t type;
    bool refused;
    struct frame_model model;
};

/* One value's header. */
struct value {
    size_t header;           /* bytes; of numbers all of them */
    uint64_t behind, inside; /* bytes behind it, values in it */
    bool array, container, unused;
};

static uint64_t number_at(const uint8_t *bytes, size_t width)
{
    uint64_t number = 0;
    while (width-- > 0)
        number = number << 8 | *bytes++;
    return number;
}

/* By the specification's table of formats; false where bytes are missing. */
static bool read_value(const uint8_t *b, size_t length, struct value *v)
{
    uint8_t first = b[0];
    size_t width = 0;
    *v = (struct value){.header = 1};
    if (first >= 0xD9)
        width = first <= 0xDB   ? 1U << (first - 0xD9)
                : first <= 0xDD ? 2U << (first - 0xDC)
                                : 2U << (first & 1);
    if (first >= 0xE0 || first < 0x80)
        width = 0;
    else if (first >= 0xC4 && first <= 0xC9)
        width = 1U << (first - 0xC4) % 3;
    if (length < 1 + width)
        return false;
    uint64_t count = number_at(b + 1, width);
    v->header += width;
    v->unused = first == 0xC1;
    v->array = (first & 0xF0) == 0x90 || first == 0xDC || first == 0xDD;
    v->container = v->array || (first & 0xF0) == 0x80 || first == 0xDE || first == 0xDF;
    if (v->container)
        v->inside = (width > 0 ? count : first & 0x0FU) * (v->array ? 1 : 2);
    else if ((first & 0xE0) == 0xA0)
        v->behind = first & 0x1F;
    else if (first == 0xCA || first == 0xCB)
        v->header += 4U << (first - 0xCA);
    else if (first >= 0xCC && first <= 0xD3)
        v->header += 1U << (first - 0xCC) % 4;
    else if (first >= 0xD4 && first <= 0xD8)
        v->header += 1 + (1U << (first - 0xD4));
    else
        v->behind = count + (first >= 0xC7 && first <= 0xC9);
    return length >= v->header;
}

static double float_at(const uint8_t *b)
{
    uint32_t half = (uint32_t)number_at(b + 1, 4);
    uint64_t whole = half;
    float single;
    double number;
    memcpy(&single, &half, sizeof single);
    if (b[0] == 0xCA)
        return (double)single;
    whole = whole << 32 | number_at(b + 5, 4);
    memcpy(&number, &whole, sizeof number);
    return number;
}

/* A whole number of 32 bits that is not negative, however it is written. */
static bool read_u32(const uint8_t *b, uint32_t *out)
{
    uint64_t number = b[0];
    if (b[0] == 0xCA || b[0] == 0xCB) {
        double given = float_at(b);
        if (!isfinite(given) || given < 0 || given > UINT32_MAX || fmod(given, 1) != 0)
            return false;
        number = (uint64_t)given;
    } else if (b[0] >= 0xCC && b[0] <= 0xD3) {
        number = number_at(b + 1, 1U << (b[0] - 0xCC) % 4);
        if (b[0] >= 0xD0 && b[1] >= 0x80)
            return false;
    } else if (b[0] >= 0x80) {
        return false;
    }
    *out = (uint32_t)number;
    return number <= UINT32_MAX;
}

static void note(struct walk *walk, enum frame_status status, enum frame_fault fault)
{
    struct frame_model_step *step = &walk->model.steps[walk->model.count++];
    if (walk->model.count > 1) {
        *step = walk->model.steps[0];
        fault = step->fault;
    }
    step->status = status;
    step->fault = fault;
    step->at = walk->at;
}

static void note_id(struct walk *walk, uint32_t id)
{
    for (size_t i = 0; i < 2; i++) {
        walk->model.steps[i].has_id = true;
        walk->model.steps[i].id = id;
    }
}

/* False where nothing can be made of the message any more; `fault` where it can still be answered. */
static bool read_envelope(struct walk *walk, const struct value *value, enum frame_fault *fault)
{
    const uint8_t *bytes = walk->bytes + walk->at;
    uint64_t index = walk->values == 0 ? 0 : walk->size - walk->open[1];
    uint32_t number;
    if (walk->values == 0) {
        walk->size = value->inside;
        *fault = value->array ? FRAME_FAULT_ENVELOPE : FRAME_FAULT_NO_ARRAY;
        bool sound = value->array && value->inside >= 1;
        if (sound)
            *fault = FRAME_FAULT_NONE;
        return sound;
    }
    if (walk->depth != 1 || index > 1 || (index == 1 && walk->type != 0))
        return true;
    *fault = FRAME_FAULT_ENVELOPE;
    if (!read_u32(bytes, &number))
        return false;
    if (index == 1)
        note_id(walk, number);
    else
        walk->type = (uint8_t)number;
    bool request = index == 1 || number == 0;
    bool fits = request ? walk->size >= 2 : number == 1 ? walk->size == 4 : number == 2 && walk->size == 3;
    if (!fits)
        return false;
    if (index == 0 || walk->size == 4)
        *fault = FRAME_FAULT_NONE;
    return true;
}

/* The first limit that the value breaks, with what it declares; of bytes, one for each value still to come.
 */
static enum frame_fault break_limit(const struct walk *walk, const struct value *value)
{
    /* Of a request nothing is measured before its id, which its answer needs. */
    if (walk->values == 0 || (walk->values == 1 && walk->type == 0))
        return FRAME_FAULT_NONE;
    uint64_t least = walk->at + value->header + value->behind + walk->left - 1 + value->inside;
    if (value->unused)
        return FRAME_FAULT_FORMAT;
    if (least > walk->limits->bytes)
        return FRAME_FAULT_BYTES;
    if (walk->values + 1 + value->inside > walk->limits->items)
        return FRAME_FAULT_ITEMS;
    return value->container && walk->depth >= walk->limits->depth ? FRAME_FAULT_DEPTH : FRAME_FAULT_NONE;
}

static void book(struct walk *walk, const struct value *value)
{
    walk->at += value->header;
    walk->values++;
    walk->left += value->inside;
    walk->left--;
    if (walk->refused)
        return;
    if (value->inside > 0) {
        walk->open[++walk->depth] = value->inside;
        return;
    }
    while (walk->depth > 0 && --walk->open[walk->depth] == 0)
        walk->depth--;
}

/* One value; false where the walk ends. */
static bool step(struct walk *walk)
{
    struct value value;
    enum frame_fault fault = FRAME_FAULT_NONE, limit;
    if (walk->at >= walk->length || !read_value(walk->bytes + walk->at, walk->length - walk->at, &value))
        return false;
    bool was_refused = walk->refused;
    if (!was_refused && !read_envelope(walk, &value, &fault)) {
        note(walk, FRAME_BROKEN, fault);
        return false;
    }
    limit = was_refused ? FRAME_FAULT_NONE : break_limit(walk, &value);
    fault = limit != FRAME_FAULT_NONE ? limit : fault;
    walk->refused |= fault != FRAME_FAULT_NONE;
    book(walk, &value);
    bool endless = walk->at + value.behind + walk->left > (uint64_t)walk->limits->bytes * FRAME_SKIP_FACTOR;
    if (walk->refused && endless)
        note(walk, FRAME_BROKEN, fault);
    else if (walk->refused && !was_refused)
        note(walk, FRAME_REFUSED, fault);
    if ((walk->refused && endless) || walk->length - walk->at < value.behind)
        return false;
    walk->at += value.behind;
    walk->model.over = walk->left == 0;
    /* Where nothing is left behind what it is refused for, nothing more is said of it. */
    if (walk->model.over && !(walk->refused && !was_refused && value.behind == 0))
        note(walk, walk->refused ? FRAME_SKIPPED : FRAME_COMPLETE, FRAME_FAULT_NONE);
    return !walk->model.over;
}

static enum frame_model_decoder decode(const uint8_t *bytes, size_t length)
{
    uint64_t open[DECODER_DEPTH + 1] = {1};
    struct value value;
    size_t depth = 0;
    for (size_t at = 0; at < length && read_value(bytes + at, length - at, &value);) {
        if (value.unused)
            return FRAME_MODEL_NO_FORMAT;
        if (value.container && depth == DECODER_DEPTH)
            return FRAME_MODEL_TOO_DEEP;
        at += value.header + value.behind;
        open[depth]--;
        if (value.inside > 0)
            open[++depth] = value.inside;
        while (depth > 0 && open[depth] == 0)
            depth--;
    }
    return FRAME_MODEL_DECODES;
}

struct frame_model frame_model_of(const uint8_t *bytes, size_t length, const struct frame_limits *limits)
{
    struct walk walk = {.bytes = bytes, .length = length, .limits = limits, .left = 1};
    while (step(&walk))
        ;
    if (walk.model.over)
        walk.model.decoder = decode(bytes, walk.at);
    return walk.model;
}
