/* A message from the daemon, decoded: the answer to a request, or a notification. */
#ifndef SENDA_CLIENT_REPLY_H
#define SENDA_CLIENT_REPLY_H

#include "senda/client.h"

enum client_reply_kind {
    CLIENT_REPLY_ANSWER = 1,       /* [1, id, error, result] */
    CLIENT_REPLY_NOTIFICATION = 2, /* [2, method, params] */
};

/*
 * Decodes one whole message of `length` bytes, which are copied. NULL where it is neither of the two or
 * memory is out; `*status` says which (SENDA_PROTOCOL, SENDA_NO_MEMORY). The caller has the reference.
 */
senda_reply *client_reply_decode(const void *bytes, size_t length, enum senda_status *status);

/* A reply for a request that got none: `status`, and what to tell people (copied). NULL: no memory. */
senda_reply *client_reply_new_failed(enum senda_status status, const char *message);

enum client_reply_kind client_reply_kind(const senda_reply *reply);
uint32_t client_reply_id(const senda_reply *reply);               /* of an answer */
const char *client_reply_method(const senda_reply *reply);        /* of a notification */
const senda_value *client_reply_params(const senda_reply *reply); /* of a notification; never NULL */

#endif
