/*
 * What a backup says of itself: a small file of words, written last, so that a copy without one was never
 * finished.
 */
#ifndef SENDA_BACKUP_BACKUP_NOTE_H
#define SENDA_BACKUP_BACKUP_NOTE_H

#include <stdint.h>

#include "base/error.h"

#define BACKUP_NOTE_FILE "backup"

enum { BACKUP_FORMAT = 1 /* what this program writes, and the newest that it reads */ };

struct backup_note {
    int64_t made;       /* seconds since the epoch */
    uint64_t keys;      /* in the store */
    uint64_t customers; /* with a record of their own */
    uint64_t segments;  /* of the decision log */
    uint64_t bytes;     /* of store and segments */
    uint64_t sum;       /* of those bytes: the store's first, then the segments' in their order */
};

/* The file and its name are on the disk when this returns true. */
MUST_CHECK bool backup_note_write(const struct backup_note *note, int folder, struct error *error);

/* ERROR_NOT_FOUND where `path` is no finished backup, ERROR_UNAVAILABLE where it is of a newer format. */
MUST_CHECK bool backup_note_read(struct backup_note *note, const char *path, struct error *error);

#endif
