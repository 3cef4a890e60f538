/*
 * Standard error as the log's way out: whoever does not read it holds nobody up. Where it takes no more, such
 * as a pipe that is full, a writer waits for a moment; what comes behind is dropped until somebody reads
 * again.
 */
#ifndef SENDA_BASE_LOG_OUTPUT_H
#define SENDA_BASE_LOG_OUTPUT_H

#include <stdint.h>

#include "base/text.h"

enum { LOG_OUTPUT_PATIENCE_MS = 100 };

/* From now on nothing waits for whoever reads a pipe or a terminal: standard error gets an open file of its
 * own, inherited by processes that are forked. Where that cannot be had everything stays as it is. */
void log_output_open(void);

/* Writes as much as is taken. `patience_ms` are waited, each time, for who takes nothing. What cannot be
 * written at all counts as taken: it can't be reported either. Returns the bytes taken. */
size_t log_output_give(struct text text, int patience_ms);

#endif
