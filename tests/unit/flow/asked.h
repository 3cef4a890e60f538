/* Checked arguments of a method, from JSON. */
#ifndef SENDA_TESTS_FLOW_ASKED_H
#define SENDA_TESTS_FLOW_ASKED_H

#include "../cmocka_all.h"

#include <msgpack/unpack.h>

#include "../wire/request_builder.h"
#include "wire/method.h"

struct asked {
    struct buffer bytes; /* of the message that the arguments stand in */
    msgpack_unpacked message;
    struct arguments arguments;
};

/* `json` is as in request_put. The arguments live until asked_end. */
static inline void asked_begin(struct asked *asked, enum method_id method, const char *json)
{
    struct error error = {ERROR_NONE, ""};
    size_t end = 0;
    buffer_create(&asked->bytes);
    msgpack_unpacked_init(&asked->message);
    request_put(&asked->bytes, 1, method_get(method)->name, json);
    assert_int_equal(msgpack_unpack_next(&asked->message, asked->bytes.bytes, asked->bytes.length, &end),
                     MSGPACK_UNPACK_SUCCESS);
    if (!method_read_arguments(method, &asked->message.data.via.array.ptr[3], &asked->arguments, &error))
        fail_msg("%s %s: %s", method_get(method)->name, json, error.message);
}

static inline void asked_end(struct asked *asked)
{
    msgpack_unpacked_destroy(&asked->message);
    buffer_destroy(&asked->bytes);
}

#endif
