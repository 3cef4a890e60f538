/* What making a backup and putting it back have in common: the parts of a copy, counted, summed up, moved. */
#ifndef SENDA_BACKUP_BACKUP_PARTS_H
#define SENDA_BACKUP_BACKUP_PARTS_H

#include "backup/backup_note.h"

/*
 * Whether whoever runs this owns the directory: files that another user made there would keep the daemon from
 * its memory. A directory that isn't there is everybody's.
 */
MUST_CHECK bool backup_check_owner(const char *directory, struct error *error);

/* Sets keys and customers of what is in the store there, opened as its writer; says so if its format is newer
 * than this program. */
MUST_CHECK bool backup_count(struct backup_note *note, const char *directory, struct error *error);

/*
 * Copies store and log into `to`, which has neither; NULL: only looks at them. Sets segments, bytes and sum.
 * What was copied is on the disk; on failure part of it may be left.
 */
MUST_CHECK bool backup_transfer(struct backup_note *note, const char *from, const char *to,
                                struct error *error);

/* Removes from a directory all that a copy consists of. */
void backup_clear(const char *directory);

#endif
