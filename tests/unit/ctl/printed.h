/* Catches what is printed, and makes values to print. */
#ifndef SENDA_TESTS_CTL_PRINTED_H
#define SENDA_TESTS_CTL_PRINTED_H

#include "../cmocka_all.h"

#include "client/value.h"
#include "ctl/print.h"

#include <msgpack/unpack.h>
#include <stdlib.h>
#include <string.h>

/* What was printed, to be freed. */
static char *text;
static size_t size;

static inline struct print begin(bool colour)
{
    return (struct print){open_memstream(&text, &size), colour};
}

static inline void assert_printed(struct print *print, const char *expected)
{
    fclose(print->file);
    assert_string_equal(text, expected);
    free(text);
}

static msgpack_unpacked unpacked;

static inline const senda_value *decode(senda_request *request)
{
    size_t length;
    const char *bytes = senda_request_bytes(request, &length);
    assert_non_null(bytes);
    msgpack_unpacked_init(&unpacked);
    assert_int_equal(msgpack_unpack_next(&unpacked, bytes, length, NULL), MSGPACK_UNPACK_SUCCESS);
    return client_value_of(&unpacked.data);
}

static inline void forget(senda_request *request)
{
    msgpack_unpacked_destroy(&unpacked);
    senda_request_free(request);
}

#endif
