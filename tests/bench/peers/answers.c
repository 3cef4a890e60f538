/* Which offers an answer names: what must be equal across systems before their speed is worth comparing. */
#include "answers.h"

#include <err.h>
#include <msgpack.h>
#include <string.h>
#include <unistd.h>

enum {
    ANSWER_MAX = 256 * 1024, /* bytes */
};

/* NULL where the object is no map or has no such key. */
static const msgpack_object *answers_field(const msgpack_object *object, const char *name)
{
    if (object->type != MSGPACK_OBJECT_MAP)
        return NULL;
    for (uint32_t i = 0; i < object->via.map.size; i++) {
        const msgpack_object_kv *pair = &object->via.map.ptr[i];
        if (pair->key.type == MSGPACK_OBJECT_STR && pair->key.via.str.size == strlen(name) &&
            memcmp(pair->key.via.str.ptr, name, pair->key.via.str.size) == 0)
            return &pair->val;
    }
    return NULL;
}

static void answers_write_one(FILE *out, const msgpack_object *answer)
{
    const msgpack_object *items = answers_field(answer, "items");
    if (!items || items->type != MSGPACK_OBJECT_ARRAY)
        errx(1, "an answer without items");
    for (uint32_t i = 0; i < items->via.array.size; i++) {
        const msgpack_object *offer = answers_field(&items->via.array.ptr[i], "offer");
        if (!offer || offer->type != MSGPACK_OBJECT_STR)
            errx(1, "an item without an offer");
        fprintf(out, "%s%.*s", i > 0 ? " " : "", (int)offer->via.str.size, offer->via.str.ptr);
    }
    fputc('\n', out);
}

static void answers_decode(FILE *out, struct bytes body)
{
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    if (msgpack_unpack_next(&unpacked, (const char *)body.data, body.length, NULL) != MSGPACK_UNPACK_SUCCESS)
        errx(1, "an answer that is not MessagePack");
    answers_write_one(out, &unpacked.data);
    msgpack_unpacked_destroy(&unpacked);
}

static void answers_send(int fd, const uint8_t *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = write(fd, data, length);
        if (sent <= 0)
            err(1, "sending");
        data += sent;
        length -= (size_t)sent;
    }
}

/* Waits for one reply; its body points into `in`. */
static void answers_receive(int fd, const struct protocol *protocol, uint8_t *in, struct reply *reply)
{
    size_t length = 0;
    enum reply_result result = REPLY_MORE;
    *reply = (struct reply){0};
    while (result == REPLY_MORE) {
        if (length == ANSWER_MAX)
            errx(1, "%s: a reply of more than %d bytes", protocol->name, ANSWER_MAX);
        ssize_t got = read(fd, in + length, ANSWER_MAX - length);
        if (got <= 0)
            errx(1, "%s: closed the connection", protocol->name);
        length += (size_t)got;
        result = protocol->scan(reply, in, length);
    }
    if (result == REPLY_BROKEN)
        errx(1, "%s: a reply that is none", protocol->name);
    if (reply->failed)
        protocol_fail(protocol, reply);
}

void answers_write(FILE *out, int fd, const struct protocol *protocol, const char *script,
                   const struct mix *mix, size_t count)
{
    static uint8_t request[PROTOCOL_REQUEST_MAX], in[ANSWER_MAX];
    for (size_t i = 0; i < count; i++) {
        struct reply reply;
        size_t length = protocol->encode(request, sizeof(request), mix->entries[i % mix->count], script);
        if (length == 0)
            errx(1, "%s: request %zu cannot be encoded", protocol->name, i);
        answers_send(fd, request, length);
        answers_receive(fd, protocol, in, &reply);
        answers_decode(out, reply.body);
    }
}
