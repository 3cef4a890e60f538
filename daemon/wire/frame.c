/* The frame scanner: one pass over headers, no allocation, no recursion. */
#include "wire/frame.h"

#include <stdio.h>
#include <string.h>

/* What a header byte announces. */
enum shape {
    SHAPE_PLAIN,  /* nothing behind the header and its `width` bytes */
    SHAPE_BYTES,  /* that many bytes behind it */
    SHAPE_ARRAY,  /* that many values */
    SHAPE_MAP,    /* that many pairs */
    SHAPE_UNUSED, /* 0xc1 */
};

struct header {
    uint8_t shape; /* enum shape */
    uint8_t width; /* bytes of length (or of a plain value) behind the first byte */
    uint8_t extra; /* bytes more than the length says: an ext's type */
};

/* 0xc0 … 0xdf; the other ranges carry their length in the first byte. */
static const struct header headers[32] = {
    {SHAPE_PLAIN, 0, 0}, {SHAPE_UNUSED, 0, 0}, {SHAPE_PLAIN, 0, 0},
    {SHAPE_PLAIN, 0, 0},                                            /* nil c1 false true */
    {SHAPE_BYTES, 1, 0}, {SHAPE_BYTES, 2, 0},  {SHAPE_BYTES, 4, 0}, /* bin */
    {SHAPE_BYTES, 1, 1}, {SHAPE_BYTES, 2, 1},  {SHAPE_BYTES, 4, 1}, /* ext */
    {SHAPE_PLAIN, 4, 0}, {SHAPE_PLAIN, 8, 0},                       /* float */
    {SHAPE_PLAIN, 1, 0}, {SHAPE_PLAIN, 2, 0},  {SHAPE_PLAIN, 4, 0},
    {SHAPE_PLAIN, 8, 0}, /* uint */
    {SHAPE_PLAIN, 1, 0}, {SHAPE_PLAIN, 2, 0},  {SHAPE_PLAIN, 4, 0},
    {SHAPE_PLAIN, 8, 0},                                            /* int */
    {SHAPE_PLAIN, 2, 0}, {SHAPE_PLAIN, 3, 0},  {SHAPE_PLAIN, 5, 0}, /* fixext 1 2 4 */
    {SHAPE_PLAIN, 9, 0}, {SHAPE_PLAIN, 17, 0},                      /* fixext 8 16 */
    {SHAPE_BYTES, 1, 0}, {SHAPE_BYTES, 2, 0},  {SHAPE_BYTES, 4, 0}, /* str */
    {SHAPE_ARRAY, 2, 0}, {SHAPE_ARRAY, 4, 0},  {SHAPE_MAP, 2, 0},
    {SHAPE_MAP, 4, 0},
};

/* One value's header, read. */
struct value_header {
    enum shape shape;
    uint32_t size;   /* bytes of the header itself; a plain value is all header */
    uint64_t length; /* bytes, values or pairs behind it, by shape */
};

void frame_scanner_create(struct frame_scanner *scanner, struct frame_limits limits)
{
    *scanner = (struct frame_scanner){.limits = limits};
    frame_scanner_reset(scanner);
}

void frame_scanner_reset(struct frame_scanner *scanner)
{
    scanner->position = 0; /* member by member: `open` is written before it is read */
    scanner->forgotten = 0;
    scanner->left = 1;
    scanner->skip = 0;
    scanner->items = 0;
    scanner->depth = 0;
    scanner->message_id = 0;
    scanner->has_message_id = false;
    scanner->envelope_size = 0;
    scanner->type = 0;
    scanner->fault = FRAME_FAULT_NONE;
}

void frame_forget(struct frame_scanner *scanner)
{
    scanner->forgotten += scanner->position;
    scanner->position = 0;
}

static uint64_t read_big_endian(const uint8_t *bytes, unsigned width)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < width; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* False where the header is not whole yet. */
static bool read_header(const uint8_t *bytes, size_t length, struct value_header *out)
{
    uint8_t first = bytes[0];
    *out = (struct value_header){SHAPE_PLAIN, 1, 0};
    if (first < 0x80 || first >= 0xE0)
        return true;
    if (first < 0xC0) {
        out->shape = first < 0x90 ? SHAPE_MAP : first < 0xA0 ? SHAPE_ARRAY : SHAPE_BYTES;
        out->length = first < 0xA0 ? first & 0x0F : first & 0x1F;
        return true;
    }
    const struct header *header = &headers[first - 0xC0];
    out->shape = header->shape;
    out->size = 1U + header->width;
    if (length < out->size)
        return false;
    if (header->shape != SHAPE_PLAIN)
        out->length = read_big_endian(bytes + 1, header->width) + header->extra;
    return true;
}

static enum frame_status refuse(struct frame_scanner *scanner, enum frame_fault fault)
{
    scanner->fault = fault;
    return FRAME_REFUSED;
}

/* Some languages have no other numbers than these. */
static bool read_u32_of_float(const uint8_t *bytes, uint32_t *out)
{
    double number;
    if (bytes[0] == 0xCA) {
        uint32_t bits = (uint32_t)read_big_endian(bytes + 1, 4);
        float single;
        memcpy(&single, &bits, sizeof single);
        number = (double)single;
    } else {
        uint64_t bits = read_big_endian(bytes + 1, 8);
        memcpy(&number, &bits, sizeof number);
    }
    if (!(number >= 0 && number <= UINT32_MAX)) /* so that NaN is none either */
        return false;
    *out = (uint32_t)number;
    return (double)*out == number;
}

/* A whole number from 0 up to 32 bits, as a message id or type; false for anything else. */
static bool read_u32(const uint8_t *bytes, uint32_t *out)
{
    static const uint8_t widths[] = {1, 2, 4, 8};
    uint8_t first = bytes[0];
    if (first < 0x80) {
        *out = first;
        return true;
    }
    if (first >= 0xCC && first <= 0xCF) {
        uint64_t number = read_big_endian(bytes + 1, widths[first - 0xCC]);
        *out = (uint32_t)number;
        return number <= UINT32_MAX;
    }
    if (first >= 0xD0 && first <= 0xD3) {
        uint64_t number = read_big_endian(bytes + 1, widths[first - 0xD0]);
        bool negative = bytes[1] >= 0x80;
        *out = (uint32_t)number;
        return !negative && number <= UINT32_MAX;
    }
    return (first == 0xCA || first == 0xCB) && read_u32_of_float(bytes, out);
}

static enum frame_status break_envelope(struct frame_scanner *scanner)
{
    scanner->fault = FRAME_FAULT_ENVELOPE;
    return FRAME_BROKEN;
}

/* False where a message of that type can't have so many elements, or too few to say which request it is. */
static bool is_type(uint32_t type, uint32_t envelope_size)
{
    return type == 0 ? envelope_size >= 2 : type == 1 ? envelope_size == 4 : type == 2 && envelope_size == 3;
}

/* Looks at the type (first element) and a request's id (second). */
static enum frame_status read_envelope(struct frame_scanner *scanner, const uint8_t *bytes, uint32_t index)
{
    uint32_t number;
    if (index == 0) {
        if (!read_u32(bytes, &number) || !is_type(number, scanner->envelope_size))
            return break_envelope(scanner);
        scanner->type = (uint8_t)number;
        return FRAME_PARTIAL;
    }
    if (scanner->type != 0)
        return FRAME_PARTIAL;
    if (!read_u32(bytes, &number))
        return break_envelope(scanner);
    scanner->message_id = number;
    scanner->has_message_id = true;
    if (scanner->envelope_size != 4)
        return refuse(scanner, FRAME_FAULT_ENVELOPE);
    return FRAME_PARTIAL;
}

/* The first value of a message has to be an array of at least a type. */
static enum frame_status begin_message(struct frame_scanner *scanner, const struct value_header *header)
{
    if (header->shape != SHAPE_ARRAY) {
        scanner->fault = FRAME_FAULT_NO_ARRAY;
        return FRAME_BROKEN;
    }
    if (header->length == 0)
        return break_envelope(scanner);
    scanner->envelope_size = (uint32_t)header->length;
    return FRAME_PARTIAL;
}

static enum frame_fault check_limits(const struct frame_scanner *scanner, const struct value_header *header,
                                     uint64_t values)
{
    /* Every value to come takes a byte at least, so what cannot fit is known before it arrives. */
    uint64_t bytes = header->shape == SHAPE_BYTES ? header->length : 0;
    if (header->shape == SHAPE_UNUSED)
        return FRAME_FAULT_FORMAT;
    if (scanner->position + header->size + bytes + scanner->left - 1 + values > scanner->limits.bytes)
        return FRAME_FAULT_BYTES;
    if (scanner->items + values + 1 > scanner->limits.items)
        return FRAME_FAULT_ITEMS;
    bool container = header->shape == SHAPE_ARRAY || header->shape == SHAPE_MAP;
    if (container && scanner->depth + 1 > scanner->limits.depth)
        return FRAME_FAULT_DEPTH;
    return FRAME_FAULT_NONE;
}

/* What a request declares is measured from its id on, so that it can be answered whatever it declares. */
static bool is_measured(const struct frame_scanner *scanner)
{
    return scanner->has_message_id || scanner->type != 0;
}

/* Closes the containers that end here. */
static void end_value(struct frame_scanner *scanner)
{
    while (scanner->depth > 0 && --scanner->open[scanner->depth] == 0)
        scanner->depth--;
}

/* What was walked over and what is known to come are together more than anyone would send. */
static bool is_endless(const struct frame_scanner *scanner)
{
    uint64_t most = (uint64_t)scanner->limits.bytes * FRAME_SKIP_FACTOR;
    return scanner->forgotten + scanner->position + scanner->skip + scanner->left > most;
}

/* Books one value whose header is at `bytes`; scanner->position is moved behind the header. */
static enum frame_status take_value(struct frame_scanner *scanner, const uint8_t *bytes,
                                    const struct value_header *header)
{
    enum frame_status status = FRAME_PARTIAL;
    uint64_t values = header->shape == SHAPE_ARRAY ? header->length
                      : header->shape == SHAPE_MAP ? 2 * header->length
                                                   : 0;
    if (!frame_is_refused(scanner)) {
        if (scanner->envelope_size == 0)
            status = begin_message(scanner, header);
        else if (scanner->depth == 1 && scanner->envelope_size - scanner->open[1] < 2)
            status = read_envelope(scanner, bytes, scanner->envelope_size - scanner->open[1]);
        if (status == FRAME_BROKEN)
            return status;
        enum frame_fault fault =
            is_measured(scanner) ? check_limits(scanner, header, values) : FRAME_FAULT_NONE;
        if (fault != FRAME_FAULT_NONE)
            status = refuse(scanner, fault);
    }
    scanner->items++;
    scanner->position += header->size;
    scanner->left += values - 1;
    scanner->skip = header->shape == SHAPE_BYTES ? header->length : 0;
    if (frame_is_refused(scanner))
        return is_endless(scanner) ? FRAME_BROKEN : status;
    if (values > 0)
        scanner->open[++scanner->depth] = (uint32_t)values;
    else
        end_value(scanner);
    return status;
}

/* Walks over the bytes of a string; false where they are not all there. */
static bool skip_bytes(struct frame_scanner *scanner, size_t length)
{
    size_t there = length - scanner->position;
    if (scanner->skip > there) {
        scanner->skip -= there;
        scanner->position = length;
        return false;
    }
    scanner->position += scanner->skip;
    scanner->skip = 0;
    return true;
}

/* Bytes of a short text or a small number, which are what most values are; 0 for anything else. */
static size_t short_size(uint8_t first)
{
    if ((first & 0xE0) == 0xA0)
        return 1U + (first & 0x1F);
    return first < 0x80 || first >= 0xE0;
}

/*
 * Does what take_value does for a run of short values in one container behind the envelope. Stops in front of
 * anything else, of what is not all there and of what breaks a limit. True where it ended the container.
 */
static bool take_short_values(struct frame_scanner *scanner, const uint8_t *bytes, size_t length)
{
    if (scanner->depth < 2 || frame_is_refused(scanner))
        return false;
    size_t position = scanner->position;
    uint32_t most = scanner->open[scanner->depth], taken = 0;
    uint64_t left = scanner->left;
    for (; taken < most && position < length; taken++, left--) {
        size_t size = short_size(bytes[position]);
        if (size == 0 || length - position < size || position + size + left - 1 > scanner->limits.bytes ||
            scanner->items + taken >= scanner->limits.items)
            break;
        position += size;
    }
    scanner->position = position;
    scanner->left = left;
    scanner->items += taken;
    scanner->open[scanner->depth] -= taken;
    if (taken < most)
        return false;
    scanner->depth--;
    end_value(scanner);
    return true;
}

enum frame_status frame_scan(struct frame_scanner *scanner, const uint8_t *bytes, size_t length)
{
    while (skip_bytes(scanner, length)) {
        struct value_header header;
        while (take_short_values(scanner, bytes, length))
            ;
        if (scanner->left == 0)
            return frame_is_refused(scanner) ? FRAME_SKIPPED : FRAME_COMPLETE;
        if (scanner->position == length ||
            !read_header(bytes + scanner->position, length - scanner->position, &header))
            return FRAME_PARTIAL;
        enum frame_status status = take_value(scanner, bytes + scanner->position, &header);
        if (status != FRAME_PARTIAL)
            return status;
    }
    return FRAME_PARTIAL;
}

const char *frame_fault_message(const struct frame_scanner *scanner, char *out, size_t size)
{
    switch (scanner->fault) {
    case FRAME_FAULT_NONE:
        break;
    case FRAME_FAULT_BYTES:
        snprintf(out, size, "message: more than %zu bytes", scanner->limits.bytes);
        return out;
    case FRAME_FAULT_DEPTH:
        snprintf(out, size, "message: nested deeper than %u", scanner->limits.depth);
        return out;
    case FRAME_FAULT_ITEMS:
        snprintf(out, size, "message: more than %u values", scanner->limits.items);
        return out;
    case FRAME_FAULT_ENVELOPE:
        snprintf(out, size, "message: expected [0, msgid, method, params] or [2, method, params]");
        return out;
    case FRAME_FAULT_FORMAT:
        snprintf(out, size, "message: the byte 0xc1 is not MessagePack");
        return out;
    case FRAME_FAULT_NO_ARRAY:
        snprintf(out, size, "message: expected an array");
        return out;
    }
    snprintf(out, size, "message: fine");
    return out;
}
