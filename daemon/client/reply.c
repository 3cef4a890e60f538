/* Decoding and holding replies; see reply.h. */
#include "client/reply.h"

#include "client/value.h"

#include <msgpack/unpack.h>
#include <msgpack/zone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ZONE_CHUNK = 1024, /* bytes; an ordinary reply's objects fit into a few */
    CODE_SIZE = 32,    /* bytes for the daemon's code and its NUL */
};

struct senda_reply {
    unsigned references;         /* who holds it */
    enum senda_status status;    /* how the request ended */
    enum client_reply_kind kind; /* what the daemon sent; ANSWER also where nothing came */
    uint32_t id;                 /* of the request answered */
    bool decoded;                /* `zone` is there */
    msgpack_zone zone;           /* holds the containers below `root`; strings lie in `bytes` */
    msgpack_object root;         /* the whole message */
    const senda_value *result;   /* within root: the result, or a notification's params; NULL: none */
    const char *method;          /* within bytes: a notification's method; else NULL */
    char code[CODE_SIZE];        /* the daemon's; "" where it did not refuse */
    const char *message;         /* within bytes, or `json`; what went wrong, or "" */
    char *json;                  /* owned; an error that is no text, as JSON; else NULL */
    char bytes[];                /* the message with a NUL behind, or the text of a failure */
};

static senda_reply *reply_new(const void *bytes, size_t length)
{
    senda_reply *reply = calloc(1, sizeof *reply + length + 1);
    if (reply == NULL)
        return NULL;
    reply->references = 1;
    reply->kind = CLIENT_REPLY_ANSWER;
    reply->message = "";
    if (length > 0)
        memcpy(reply->bytes, bytes, length);
    return reply;
}

/* Where a string is empty, msgpack-c's pointer is anything: NULL, or another string. */
static void terminate(const char **bytes, uint32_t size)
{
    if (size == 0)
        *bytes = "";
    else
        ((char *)(uintptr_t)*bytes)[size] = '\0';
}

/*
 * Puts a NUL behind every string. What it overwrites is the first byte of the value behind, which has been
 * decoded and is not read again. Depth is bounded by the scanner that has seen the message before.
 */
static void terminate_strings(msgpack_object *object)
{
    if (object->type == MSGPACK_OBJECT_STR) {
        terminate(&object->via.str.ptr, object->via.str.size);
    } else if (object->type == MSGPACK_OBJECT_BIN) {
        terminate(&object->via.bin.ptr, object->via.bin.size);
    } else if (object->type == MSGPACK_OBJECT_ARRAY) {
        for (uint32_t i = 0; i < object->via.array.size; i++)
            terminate_strings(&object->via.array.ptr[i]);
    } else if (object->type == MSGPACK_OBJECT_MAP) {
        for (uint32_t i = 0; i < object->via.map.size; i++) {
            terminate_strings(&object->via.map.ptr[i].key);
            terminate_strings(&object->via.map.ptr[i].val);
        }
    }
}

/* "CODE: message" */
static void take_error_text(senda_reply *reply, const char *text, size_t length)
{
    const char *colon = memchr(text, ':', length);
    size_t code = colon != NULL ? (size_t)(colon - text) : 0;
    reply->message = text;
    if (code == 0 || code >= sizeof reply->code || memchr(text, ' ', code) != NULL)
        return;
    memcpy(reply->code, text, code);
    reply->message = colon + 1 + (colon[1] == ' ');
}

/* A number that is not known stays a number. */
static void take_code_number(senda_reply *reply, int64_t number)
{
    static const char *const codes[] = {"INVALID",      "UNKNOWN_METHOD", "NOT_FOUND",   "TOO_LARGE",
                                        "UNAUTHORIZED", "OVERLOADED",     "UNAVAILABLE", "INTERNAL"};
    if (number >= 1 && number <= (int64_t)(sizeof codes / sizeof codes[0]))
        snprintf(reply->code, sizeof reply->code, "%s", codes[number - 1]);
    else
        snprintf(reply->code, sizeof reply->code, "%lld", (long long)number);
}

/* [code or its number, message] */
static bool take_error_pair(senda_reply *reply, const senda_value *error)
{
    const senda_value *code = senda_value_at(error, 0);
    const char *message = senda_value_string(senda_value_at(error, 1), NULL);
    if (senda_value_type(error) != SENDA_TYPE_LIST || senda_value_count(error) != 2 || message == NULL)
        return false;
    const char *name = senda_value_string(code, NULL);
    if (name != NULL)
        snprintf(reply->code, sizeof reply->code, "%s", name);
    else
        take_code_number(reply, senda_value_integer(code, 0));
    reply->message = message;
    return true;
}

static void take_error(senda_reply *reply, const senda_value *error)
{
    size_t length;
    const char *text = senda_value_string(error, &length);
    reply->status = SENDA_REFUSED;
    if (text != NULL) {
        take_error_text(reply, text, length);
    } else if (!take_error_pair(reply, error)) {
        reply->json = senda_value_to_json(error, 0);
        reply->message = reply->json != NULL ? reply->json : "";
    }
}

static bool take_answer(senda_reply *reply, const senda_value *root)
{
    const senda_value *id = senda_value_at(root, 1), *error = senda_value_at(root, 2);
    int64_t number = senda_value_integer(id, -1);
    if (senda_value_count(root) != 4 || number < 0 || number > UINT32_MAX)
        return false;
    reply->id = (uint32_t)number;
    if (senda_value_type(error) != SENDA_TYPE_NIL)
        take_error(reply, error);
    else
        reply->result = senda_value_at(root, 3);
    return true;
}

static bool take_notification(senda_reply *reply, const senda_value *root)
{
    reply->method = senda_value_string(senda_value_at(root, 1), NULL);
    reply->result = senda_value_at(root, 2);
    return senda_value_count(root) == 3 && reply->method != NULL;
}

static bool take_message(senda_reply *reply)
{
    const senda_value *root = client_value_of(&reply->root);
    int64_t kind = senda_value_integer(senda_value_at(root, 0), -1);
    if (senda_value_type(root) != SENDA_TYPE_LIST)
        return false;
    terminate_strings(&reply->root);
    if (kind == CLIENT_REPLY_NOTIFICATION) {
        reply->kind = CLIENT_REPLY_NOTIFICATION;
        return take_notification(reply, root);
    }
    return kind == CLIENT_REPLY_ANSWER && take_answer(reply, root);
}

senda_reply *client_reply_decode(const void *bytes, size_t length, enum senda_status *status)
{
    *status = SENDA_NO_MEMORY;
    senda_reply *reply = reply_new(bytes, length);
    if (reply == NULL)
        return NULL;
    reply->decoded = msgpack_zone_init(&reply->zone, ZONE_CHUNK);
    if (reply->decoded) {
        size_t offset = 0;
        int done = (int)msgpack_unpack(reply->bytes, length, &offset, &reply->zone, &reply->root);
        *status = done == MSGPACK_UNPACK_NOMEM_ERROR ? SENDA_NO_MEMORY : SENDA_PROTOCOL;
        if (done == MSGPACK_UNPACK_SUCCESS && take_message(reply))
            return reply;
    }
    senda_reply_unref(reply);
    return NULL;
}

senda_reply *client_reply_new_failed(enum senda_status status, const char *message)
{
    senda_reply *reply = reply_new(message, strlen(message));
    if (reply == NULL)
        return NULL;
    reply->status = status;
    reply->message = reply->bytes;
    return reply;
}

enum client_reply_kind client_reply_kind(const senda_reply *reply)
{
    return reply->kind;
}

uint32_t client_reply_id(const senda_reply *reply)
{
    return reply->id;
}

const char *client_reply_method(const senda_reply *reply)
{
    return reply->method;
}

const senda_value *client_reply_params(const senda_reply *reply)
{
    return reply->result;
}

senda_reply *senda_reply_ref(senda_reply *reply)
{
    if (reply != NULL)
        reply->references++;
    return reply;
}

void senda_reply_unref(senda_reply *reply)
{
    if (reply == NULL || --reply->references > 0)
        return;
    if (reply->decoded)
        msgpack_zone_destroy(&reply->zone);
    free(reply->json);
    free(reply);
}

enum senda_status senda_reply_status(const senda_reply *reply)
{
    return reply != NULL ? reply->status : SENDA_NO_MEMORY;
}

const senda_value *senda_reply_result(const senda_reply *reply)
{
    return senda_reply_status(reply) == SENDA_OK ? reply->result : NULL;
}

const char *senda_reply_code(const senda_reply *reply)
{
    return reply != NULL ? reply->code : "";
}

const char *senda_reply_message(const senda_reply *reply)
{
    return reply != NULL ? reply->message : senda_status_text(SENDA_NO_MEMORY);
}
