/* The folder of the decision log in the state directory, and which segments are in it. */
#ifndef SENDA_DECISIONLOG_LOG_FOLDER_H
#define SENDA_DECISIONLOG_LOG_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct log_folder {
    int fd;          /* owned */
    int64_t *clocks; /* owned; the segments' first clocks, ascending: in the order in which they were begun */
    size_t count;    /* segments */
    size_t room;     /* there is room for */
};

enum log_folder_access {
    LOG_FOLDER_READ, /* ERROR_NOT_FOUND where there is none */
    LOG_FOLDER_MAKE, /* made where there is none, for its owner alone */
};

/* Lists the segments, too. */
MUST_CHECK bool log_folder_open(struct log_folder *folder, const char *state_directory,
                                enum log_folder_access access, struct error *error);
void log_folder_close(struct log_folder *folder);

/* Looks again. */
MUST_CHECK bool log_folder_list(struct log_folder *folder, struct error *error);

/*
 * Deletes all segments, how many; fine where there is no folder. Nobody may be writing to them. Where one
 * can't be deleted, all others are nevertheless, and the error is of the first such.
 */
MUST_CHECK bool log_folder_clear(const char *state_directory, size_t *deleted, struct error *error);

/* The position of the first segment that begins later; folder->count where none does. */
size_t log_folder_after(const struct log_folder *folder, int64_t first_clock_us);

#endif
