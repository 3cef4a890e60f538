/*
 * Writes a marketer's file as bytes say: each byte chooses a production of a grammar, so that whatever bytes
 * there are, the file has no syntax error but those that are meant, and a fuzzer that changes bytes changes
 * the script.
 */
#ifndef SENDA_TESTS_SCRIPT_WRITER_H
#define SENDA_TESTS_SCRIPT_WRITER_H

#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Appends a file that sets the globals `when`, `match` (functions of c), `eligible` and `score` (of c and o).
 * When the bytes are used up, the shortest production is always chosen.
 */
void script_write(struct buffer *out, const uint8_t *bytes, size_t length);

#endif
