/* Directories for stores, made for one test and removed with all that is in them. */
#ifndef SENDA_TESTS_STORE_DIRECTORY_BUILDER_H
#define SENDA_TESTS_STORE_DIRECTORY_BUILDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct directory {
    char path[64];      /* made by mkdtemp, canonical */
    char store[96];     /* below it; an empty directory */
    char elsewhere[96]; /* below it; another one */
};

/* Fails the test where that isn't possible. In memory where the system has a place for that: tests sync a
 * lot. */
void directory_create(struct directory *directory);

/* Where a sync takes its time. */
void directory_create_on_disk(struct directory *directory);

void directory_destroy(struct directory *directory);

/* Removes all that is in it, but not itself. */
void directory_empty(const char *path);

/* `path`/`name`; good until the next call but one. */
const char *directory_below(const char *path, const char *name);

/* Whether the bytes are somewhere in a file below it. */
bool directory_holds(const char *path, struct text bytes);

/* How many files are below it that others than their owner may read or write; and how many there are. */
size_t directory_count_open_files(const char *path, size_t *files);

#endif
