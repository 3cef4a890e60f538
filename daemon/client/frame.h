/* Encodes a request or notification: what goes onto the wire around the arguments. */
#ifndef SENDA_CLIENT_FRAME_H
#define SENDA_CLIENT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client_frame {
    const char *method;   /* borrowed */
    size_t method_length; /* bytes */
    const void *params;   /* borrowed; one encoded value; NULL: an empty array of arguments goes out */
    size_t params_length; /* bytes */
    uint32_t id;          /* the request's number */
    bool notification;    /* no number, no answer */
};

/* Bytes that client_frame_encode writes. */
size_t client_frame_length(const struct client_frame *frame);
void client_frame_encode(const struct client_frame *frame, unsigned char *out);

#endif
