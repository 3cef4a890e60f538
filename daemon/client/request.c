/*
 * Builds the arguments of a request. The bytes are well-formed after every call: each container's head holds
 * the count so far, and grows from one byte to three and five when the count asks for it.
 */
#include "client/scan.h"
#include "senda/client.h"

#include <msgpack/pack.h>
#include <msgpack/sbuffer.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 17 }; /* the request itself and 16 within */

struct level {
    size_t head;    /* where the container's first byte is */
    uint32_t count; /* entries or items so far */
    bool map;       /* else a list */
};

struct senda_request {
    msgpack_sbuffer bytes;       /* the encoded value */
    struct level levels[LEVELS]; /* containers open; 0 is the request itself */
    unsigned depth;              /* the innermost open one */
    enum senda_status status;    /* what went wrong first, else SENDA_OK */
    bool raw;                    /* made from bytes: nothing can be added */
};

static void fail(senda_request *request, enum senda_status status)
{
    if (request->status == SENDA_OK)
        request->status = status;
}

static void put(senda_request *request, const void *bytes, size_t length)
{
    if (msgpack_sbuffer_write(&request->bytes, bytes, length) != 0)
        fail(request, SENDA_NO_MEMORY);
}

/* Makes room for two more bytes behind a container's first one. */
static void widen(senda_request *request, size_t head)
{
    size_t behind = request->bytes.size - head - 1;
    put(request, "\0\0", 2);
    if (request->status == SENDA_OK)
        memmove(request->bytes.data + head + 3, request->bytes.data + head + 1, behind);
}

/* Writes the innermost container's count into its head. */
static void write_count(senda_request *request)
{
    struct level *level = &request->levels[request->depth];
    unsigned width = level->count < 16 ? 0 : level->count < 65536 ? 2 : 4;
    if (level->count == 16 || level->count == 65536)
        widen(request, level->head);
    if (request->status != SENDA_OK)
        return;
    unsigned char *head = (unsigned char *)request->bytes.data + level->head;
    if (width == 0)
        head[0] = (unsigned char)((level->map ? 0x80U : 0x90U) | level->count);
    else
        head[0] = (unsigned char)((level->map ? 0xDEU : 0xDCU) + (width == 4));
    for (unsigned i = 0; i < width; i++)
        head[1 + i] = (unsigned char)(level->count >> (8 * (width - 1 - i)));
}

static void put_string(senda_request *request, const char *bytes, size_t length)
{
    msgpack_packer packer;
    if (length > UINT32_MAX) {
        fail(request, SENDA_MISUSE);
        return;
    }
    msgpack_packer_init(&packer, &request->bytes, msgpack_sbuffer_write);
    if (msgpack_pack_str(&packer, length) != 0 || msgpack_pack_str_body(&packer, bytes, length) != 0)
        fail(request, SENDA_NO_MEMORY);
}

/* Counts one entry more and writes its key; false where no value may follow. */
static bool begin_entry(senda_request *request, const char *key)
{
    struct level *level = &request->levels[request->depth];
    if (request->raw || level->map != (key != NULL) || level->count == UINT32_MAX)
        fail(request, SENDA_MISUSE);
    if (request->status != SENDA_OK)
        return false;
    level->count++;
    write_count(request);
    if (key != NULL)
        put_string(request, key, strlen(key));
    return request->status == SENDA_OK;
}

static void open_container(senda_request *request, bool map)
{
    request->levels[request->depth] = (struct level){request->bytes.size, 0, map};
    put(request, map ? "\x80" : "\x90", 1);
}

static senda_request *request_new(bool map)
{
    senda_request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return NULL;
    msgpack_sbuffer_init(&request->bytes);
    open_container(request, map);
    return request;
}

senda_request *senda_request_new(void)
{
    return request_new(true);
}

senda_request *senda_request_new_list(void)
{
    return request_new(false);
}

senda_request *senda_request_new_raw(const void *bytes, size_t length)
{
    if (!client_scan_is_one_value(bytes, length))
        return NULL;
    senda_request *request = calloc(1, sizeof *request);
    if (request == NULL)
        return NULL;
    msgpack_sbuffer_init(&request->bytes);
    request->levels[0].map = true;
    request->raw = true;
    put(request, bytes, length);
    if (request->status == SENDA_OK)
        return request;
    senda_request_free(request);
    return NULL;
}

void senda_request_free(senda_request *request)
{
    if (request == NULL)
        return;
    msgpack_sbuffer_destroy(&request->bytes);
    free(request);
}

void senda_request_clear(senda_request *request)
{
    msgpack_sbuffer_clear(&request->bytes);
    request->depth = 0;
    request->status = SENDA_OK;
    request->raw = false;
    open_container(request, request->levels[0].map);
}

void senda_request_string_of(senda_request *request, const char *key, const char *bytes, size_t length)
{
    if (begin_entry(request, key))
        put_string(request, bytes, length);
}

void senda_request_string(senda_request *request, const char *key, const char *value)
{
    if (value == NULL)
        senda_request_nil(request, key);
    else
        senda_request_string_of(request, key, value, strlen(value));
}

#define PACK(request, key, call)                                                                             \
    do {                                                                                                     \
        msgpack_packer packer;                                                                               \
        if (!begin_entry((request), (key)))                                                                  \
            return;                                                                                          \
        msgpack_packer_init(&packer, &(request)->bytes, msgpack_sbuffer_write);                              \
        if ((call) != 0)                                                                                     \
            fail((request), SENDA_NO_MEMORY);                                                                \
    } while (0)

void senda_request_integer(senda_request *request, const char *key, int64_t value)
{
    PACK(request, key, msgpack_pack_int64(&packer, value));
}

void senda_request_number(senda_request *request, const char *key, double value)
{
    PACK(request, key, msgpack_pack_double(&packer, value));
}

void senda_request_boolean(senda_request *request, const char *key, bool value)
{
    PACK(request, key, value ? msgpack_pack_true(&packer) : msgpack_pack_false(&packer));
}

void senda_request_nil(senda_request *request, const char *key)
{
    PACK(request, key, msgpack_pack_nil(&packer));
}

void senda_request_raw(senda_request *request, const char *key, const void *bytes, size_t length)
{
    if (!client_scan_is_one_value(bytes, length))
        fail(request, SENDA_MISUSE);
    else if (begin_entry(request, key))
        put(request, bytes, length);
}

static void open_within(senda_request *request, const char *key, bool map)
{
    if (request->depth + 1 == LEVELS)
        fail(request, SENDA_MISUSE);
    if (!begin_entry(request, key))
        return;
    request->depth++;
    open_container(request, map);
}

void senda_request_open_map(senda_request *request, const char *key)
{
    open_within(request, key, true);
}

void senda_request_open_list(senda_request *request, const char *key)
{
    open_within(request, key, false);
}

void senda_request_close(senda_request *request)
{
    if (request->depth == 0)
        fail(request, SENDA_MISUSE);
    else
        request->depth--;
}

enum senda_status senda_request_check(const senda_request *request)
{
    if (request->status != SENDA_OK)
        return request->status;
    return request->depth == 0 ? SENDA_OK : SENDA_MISUSE;
}

const void *senda_request_bytes(const senda_request *request, size_t *length)
{
    bool ready = senda_request_check(request) == SENDA_OK;
    *length = ready ? request->bytes.size : 0;
    return ready ? request->bytes.data : NULL;
}
