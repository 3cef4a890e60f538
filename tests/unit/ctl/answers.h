/* Replies of `recommend` to count and to show. */
#ifndef SENDA_TESTS_CTL_ANSWERS_H
#define SENDA_TESTS_CTL_ANSWERS_H

#include "../cmocka_all.h"

#include "client/reply.h"

#include <string.h>

static inline void put_decision(senda_request *result, const char *stage, const char *kind,
                                const char *fallback)
{
    senda_request_string(result, "stage", stage);
    senda_request_string(result, "placement", "hero");
    senda_request_string(result, "version", "v1");
    senda_request_string(result, "fallback", fallback);
    senda_request_open_list(result, "items");
    if (kind != NULL) {
        senda_request_open_map(result, NULL);
        senda_request_string(result, "offer", "some-offer");
        senda_request_string(result, "kind", kind);
        senda_request_string(result, "title", "A title");
        senda_request_string(result, "because", "it fits");
        senda_request_close(result);
    }
    senda_request_close(result);
}

/* A reply whose result is that map; frees it. Its texts end with a NUL, as those of real replies do. */
static inline senda_reply *reply_of(senda_request *result)
{
    unsigned char bytes[4096] = {0x94, 1, 0, 0xC0};
    enum senda_status status;
    size_t length;
    const void *encoded = senda_request_bytes(result, &length);
    assert_non_null(encoded);
    assert_true(length <= sizeof bytes - 4);
    memcpy(bytes + 4, encoded, length);
    senda_reply *reply = client_reply_decode(bytes, 4 + length, &status);
    assert_non_null(reply);
    senda_request_free(result);
    return reply;
}

/* `kind` NULL: nothing is shown; `fallback` NULL: none. */
static inline senda_reply *answer(const char *stage, const char *kind, const char *fallback)
{
    senda_request *result = senda_request_new();
    put_decision(result, stage, kind, fallback);
    return reply_of(result);
}

#endif
