/*
 * A copy of what is in a state directory, made by any process while the daemon runs: the store as of one
 * moment, the decision log up to a little later, and a note that the copy is whole.
 *
 *     data.mdb            the store, with nothing that was deleted
 *     decisions/          segments of the log
 *     backup              the note, see backup_note.h; written last
 */
#ifndef SENDA_BACKUP_BACKUP_H
#define SENDA_BACKUP_BACKUP_H

#include "backup/backup_note.h"

struct backup_result {
    struct backup_note note;
    uint64_t damaged; /* bytes of the log that hold no decision and were left behind */
};

/*
 * Into a directory that is new or empty; everything is on the disk when this returns true. On failure nothing
 * is left in it. ERROR_INVALID, ERROR_NOT_FOUND: one of the directories is not what it should be.
 */
MUST_CHECK bool backup_make(struct backup_result *result, const char *state_directory, const char *directory,
                            struct error *error);

#endif
