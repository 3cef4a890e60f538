/* Requests written as JSON, for tests that care about what is asked and not about its bytes. */
#ifndef SENDA_TESTS_WIRE_REQUEST_BUILDER_H
#define SENDA_TESTS_WIRE_REQUEST_BUILDER_H

#include <stdint.h>

#include "base/buffer.h"

/* Appends [0, id, method, [arguments]]. `arguments` is JSON in which ' may stand for "; NULL: none, []. */
void request_put(struct buffer *out, uint32_t id, const char *method, const char *arguments);

/* The same as [2, method, [arguments]]. */
void request_put_notification(struct buffer *out, const char *method, const char *arguments);

/* Appends [1, id, nil, result]. */
void request_put_result(struct buffer *out, uint32_t id, const char *result);

#endif
