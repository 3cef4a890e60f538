/* Growing, emptying and shifting a buffer. */
#include "base/buffer.h"

#include <stdint.h>
#include <stdlib.h>

enum { SMALLEST = 256 };

void buffer_destroy(struct buffer *buffer)
{
    free(buffer->bytes);
    buffer_create(buffer);
}

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->failed || more > SIZE_MAX / 2 - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t need = buffer->length + more;
    if (need <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity < SMALLEST ? SMALLEST : buffer->capacity;
    while (capacity < need)
        capacity *= 2;
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_clear(struct buffer *buffer, size_t keep)
{
    if (buffer->capacity > keep)
        buffer_destroy(buffer);
    buffer->length = 0;
    buffer->failed = false;
}

void buffer_consume(struct buffer *buffer, size_t length)
{
    buffer->length -= length;
    if (buffer->length > 0 && length > 0)
        memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}
