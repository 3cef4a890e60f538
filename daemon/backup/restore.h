/*
 * Puts a backup into a state directory, all or nothing: it is copied beside what is there, looked at, and
 * only then takes its place. The store changes over by one rename; the log, which no decision depends on,
 * just before. What was there is moved aside.
 */
#ifndef SENDA_BACKUP_RESTORE_H
#define SENDA_BACKUP_RESTORE_H

#include <limits.h>

#include "backup/backup_note.h"

struct restore_result {
    struct backup_note note;
    char aside[PATH_MAX]; /* where the old memory is now; "": there was none */
};

/*
 * The directory is made where there is none, and held as a daemon would hold it. `force`: what is there may
 * be moved aside. ERROR_INVALID, ERROR_NOT_FOUND: one of the directories is not what it should be, nothing
 * was done; ERROR_UNAVAILABLE: a daemon holds it, somebody reads it, the copy is damaged or too new, or the
 * disk refuses.
 */
MUST_CHECK bool restore_make(struct restore_result *result, const char *backup, const char *state_directory,
                             bool force, struct error *error);

#endif
