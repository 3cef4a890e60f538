/* A growable run of bytes. Running out of memory is remembered, not reported at each append. */
#ifndef SENDA_BASE_BUFFER_H
#define SENDA_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buffer {
    char *bytes;     /* owned; NULL while nothing was appended */
    size_t length;   /* bytes in use */
    size_t capacity; /* bytes there is room for */
    bool failed;     /* an append did not fit into memory; what follows was thrown away */
};

static inline void buffer_create(struct buffer *buffer)
{
    *buffer = (struct buffer){NULL, 0, 0, false};
}

void buffer_destroy(struct buffer *buffer);

/* Makes room for `more` bytes behind `length`; false (and failed) when memory is out. */
bool buffer_reserve(struct buffer *buffer, size_t more);

static inline void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    if (length == 0 || (buffer->capacity - buffer->length < length && !buffer_reserve(buffer, length)))
        return;
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

/* Where `length` more bytes have to be written, which count as appended; NULL when memory is out. */
static inline char *buffer_extend(struct buffer *buffer, size_t length)
{
    if (buffer->capacity - buffer->length < length && !buffer_reserve(buffer, length))
        return NULL;
    char *bytes = buffer->bytes + buffer->length;
    buffer->length += length;
    return bytes;
}

/* Empties it, keeps the memory unless it is more than `keep` bytes. */
void buffer_clear(struct buffer *buffer, size_t keep);

/* Removes `length` bytes from the front. */
void buffer_consume(struct buffer *buffer, size_t length);

#endif
