/* Copying plain files from folder to folder, on the disk when it is done, and summing up what is in them. */
#ifndef SENDA_BACKUP_BACKUP_FILES_H
#define SENDA_BACKUP_BACKUP_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Of the bytes of some files, one after the other. */
struct backup_sum {
    void *hash;     /* owned */
    uint64_t bytes; /* that went into it */
};

MUST_CHECK bool backup_sum_create(struct backup_sum *sum, struct error *error);
void backup_sum_destroy(struct backup_sum *sum);
uint64_t backup_sum_digest(const struct backup_sum *sum);

/* Descriptor of the folder at `path`; -1 on failure. ERROR_NOT_FOUND where there is none. */
int backup_folder_open(const char *path, struct error *error) MUST_CHECK;

/* Adds a file's bytes to the sum. `where`: the folder's path, for messages. */
MUST_CHECK bool backup_file_sum(int folder, const char *where, const char *name, struct backup_sum *sum,
                                struct error *error);

/*
 * Copies a file into another folder, which has none of that name, for its owner alone; adds its bytes to the
 * sum. It is on the disk when this returns true; its name is when `to` is synced.
 */
MUST_CHECK bool backup_file_copy(int from, const char *where, int to, const char *name,
                                 struct backup_sum *sum, struct error *error);

/* A new file of those bytes, likewise. */
MUST_CHECK bool backup_file_write(int folder, const char *name, const void *bytes, size_t length,
                                  struct error *error);

/* Writes all of it at `offset`; false with errno. */
MUST_CHECK bool backup_write_all(int fd, const void *bytes, size_t length, uint64_t offset);

#endif
