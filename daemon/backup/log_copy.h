/*
 * Copies the decision log, frame by frame, while the ledger writes it: every segment up to the end of its
 * last whole frame. Bytes that hold no good frame are left behind, as zeros, so that whatever else is in a
 * segment is found where it was.
 */
#ifndef SENDA_BACKUP_LOG_COPY_H
#define SENDA_BACKUP_LOG_COPY_H

#include <stdint.h>

#include "base/error.h"

struct log_copy {
    uint64_t segments; /* copied */
    uint64_t damaged;  /* bytes that were left behind */
};

/*
 * From one state directory into another directory, which has no log yet. A log that isn't there has no
 * segments. What was copied is on the disk; on failure part of it may be left.
 */
MUST_CHECK bool log_copy(struct log_copy *copy, const char *state_directory, const char *directory,
                         struct error *error);

#endif
