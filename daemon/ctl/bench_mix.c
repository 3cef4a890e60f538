/* Encoding the bench's requests; see bench_mix.h. */
#include "ctl/bench_mix.h"

#include "client/frame.h"
#include "client/scan.h"
#include "senda/client.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool out_of_memory(struct error *error)
{
    return error_set(error, ERROR_INTERNAL, "memory is out");
}

/* Where the digits behind a blank's text begin; 0: it does not stand there. */
static uint32_t blank_at(const unsigned char *bytes, size_t length, const char *blank, size_t digits)
{
    const unsigned char *at = memmem(bytes, length, blank, strlen(blank));
    return at == NULL ? 0 : (uint32_t)((size_t)(at - bytes) + strlen(blank) - digits);
}

static bool add_blanks(struct bench_messages *messages, const unsigned char *bytes, size_t length)
{
    struct bench_blanks *blanks = realloc(messages->blanks, (messages->count + 1) * sizeof *blanks);
    if (blanks == NULL)
        return false;
    messages->blanks = blanks;
    blanks[messages->count] =
        (struct bench_blanks){blank_at(bytes, length, BENCH_MIX_CUSTOMER, BENCH_MIX_CUSTOMER_DIGITS),
                              blank_at(bytes, length, BENCH_MIX_EVENT, BENCH_MIX_EVENT_DIGITS)};
    return true;
}

static bool add_message(struct bench_messages *messages, const char *method, const void *params,
                        size_t length, struct error *error)
{
    struct client_frame frame = {method, strlen(method), params, length, 0, false};
    size_t size = client_frame_length(&frame);
    size_t end = messages->count > 0 ? messages->offsets[messages->count] : 0;
    unsigned char *bytes = realloc(messages->bytes, end + size);
    if (bytes == NULL)
        return out_of_memory(error);
    messages->bytes = bytes;
    size_t *offsets = realloc(messages->offsets, (messages->count + 2) * sizeof *offsets);
    if (offsets == NULL)
        return out_of_memory(error);
    messages->offsets = offsets;
    client_frame_encode(&frame, bytes + end);
    if (!add_blanks(messages, bytes + end, size))
        return out_of_memory(error);
    offsets[messages->count] = end;
    offsets[++messages->count] = end + size;
    if (size > messages->longest)
        messages->longest = size;
    return true;
}

void bench_messages_destroy(struct bench_messages *messages)
{
    free(messages->bytes);
    free(messages->offsets);
    free(messages->blanks);
    *messages = (struct bench_messages){0};
}

void bench_blanks_fill(const struct bench_blanks *blanks, unsigned char *bytes, uint32_t customer,
                       uint64_t event)
{
    static const char hexadecimal[] = "0123456789abcdef";
    for (unsigned i = BENCH_MIX_CUSTOMER_DIGITS; blanks->customer > 0 && i-- > 0; customer /= 10)
        bytes[blanks->customer + i] = (unsigned char)('0' + customer % 10);
    for (unsigned i = BENCH_MIX_EVENT_DIGITS; blanks->event > 0 && i-- > 0; event /= 16)
        bytes[blanks->event + i] = (unsigned char)hexadecimal[event % 16];
}

/* The kinds of request differ in the ways in which those of a site do. */
static void fill_recommend(senda_request *request, const char *placement, size_t number)
{
    senda_request_string(request, "placement", placement);
    if (number % 4 != 0)
        senda_request_string(request, "customer", BENCH_MIX_CUSTOMER);
    if (number % 4 == 2)
        senda_request_integer(request, "count", 1);
    if (number % 4 == 3) {
        senda_request_open_map(request, "traits");
        senda_request_integer(request, "visits", (int64_t)(number % 20));
        senda_request_close(request);
    }
}

/* Page views and what else visitors do most. */
static void fill_track(senda_request *request, size_t number)
{
    static const char *const names[] = {"page_view", "page_view", "search", "page_view", "download"};
    senda_request_string(request, "customer", BENCH_MIX_CUSTOMER);
    senda_request_string(request, "event", names[number % (sizeof names / sizeof *names)]);
    senda_request_string(request, "id", BENCH_MIX_EVENT);
    senda_request_open_map(request, "properties");
    senda_request_integer(request, "visits", (int64_t)number);
    senda_request_close(request);
}

enum { KINDS = 20 /* of requests */ };

/* `placement` is NULL for events. */
static bool create_kinds(struct bench_messages *messages, const char *method, const char *placement,
                         struct error *error)
{
    *messages = (struct bench_messages){0};
    senda_request *request = senda_request_new();
    bool done = request != NULL || out_of_memory(error);
    for (size_t i = 0; done && i < KINDS; i++) {
        size_t length;
        senda_request_clear(request);
        if (placement != NULL)
            fill_recommend(request, placement, i);
        else
            fill_track(request, i);
        const void *bytes = senda_request_bytes(request, &length);
        done = bytes != NULL ? add_message(messages, method, bytes, length, error) : out_of_memory(error);
    }
    senda_request_free(request);
    if (!done)
        bench_messages_destroy(messages);
    return done;
}

bool bench_messages_create_built_in(struct bench_messages *messages, const char *method,
                                    const char *placement, struct error *error)
{
    return create_kinds(messages, method, placement, error);
}

bool bench_messages_create_track(struct bench_messages *messages, struct error *error)
{
    return create_kinds(messages, "track", NULL, error);
}

/* ---- From a file ---- */

struct contents {
    unsigned char *bytes; /* owned */
    size_t length;        /* bytes */
};

static bool read_file(struct contents *contents, const char *path, struct error *error)
{
    char piece[65536];
    FILE *file = fopen(path, "rbe");
    size_t count;
    *contents = (struct contents){0};
    if (file == NULL)
        return error_set_errno(error, "%s", path);
    while ((count = fread(piece, 1, sizeof piece, file)) > 0) {
        unsigned char *bytes = realloc(contents->bytes, contents->length + count);
        if (bytes == NULL)
            break;
        contents->bytes = bytes;
        memcpy(bytes + contents->length, piece, count);
        contents->length += count;
    }
    bool whole = ferror(file) == 0 && feof(file) != 0;
    fclose(file);
    return whole || error_set(error, ERROR_INVALID, "%s cannot be read", path);
}

/* The array's head: how many values follow, and where the first begins; 0 where it is no array. */
static size_t array_head(const struct contents *contents, size_t *count)
{
    const unsigned char *bytes = contents->bytes;
    size_t width = contents->length == 0 ? 0 : bytes[0] == 0xDC ? 2 : bytes[0] == 0xDD ? 4 : 0;
    if (contents->length < 1 + width || (width == 0 && (contents->length == 0 || (bytes[0] & 0xF0) != 0x90)))
        return 0;
    *count = width == 0 ? bytes[0] & 0x0FU : 0;
    for (size_t i = 1; i <= width; i++)
        *count = *count << 8 | bytes[i];
    return 1 + width;
}

static bool is_map(unsigned char first)
{
    return (first & 0xF0) == 0x80 || first == 0xDE || first == 0xDF;
}

/* An array's items, or one map behind the other to the file's end. */
static bool add_all(struct bench_messages *messages, const char *method, const struct contents *contents,
                    const char *path, struct error *error)
{
    size_t count = SIZE_MAX, at = array_head(contents, &count);
    for (size_t i = 0; i < count && (count != SIZE_MAX || at < contents->length); i++) {
        struct client_scan scan;
        const unsigned char *value = contents->bytes + at;
        size_t left = contents->length - at;
        client_scan_start(&scan);
        if (client_scan_continue(&scan, value, left, left) != CLIENT_SCAN_WHOLE || !is_map(value[0]))
            return error_set(error, ERROR_INVALID, "%s: item %zu is not a whole MessagePack map", path,
                             i + 1);
        if (!add_message(messages, method, value, scan.offset, error))
            return false;
        at += scan.offset;
    }
    return messages->count > 0 || error_set(error, ERROR_INVALID, "%s: no MessagePack map in it", path);
}

bool bench_messages_create_from_file(struct bench_messages *messages, const char *method, const char *path,
                                     struct error *error)
{
    struct contents contents;
    *messages = (struct bench_messages){0};
    bool done = read_file(&contents, path, error) && add_all(messages, method, &contents, path, error);
    free(contents.bytes);
    if (!done)
        bench_messages_destroy(messages);
    return done;
}
