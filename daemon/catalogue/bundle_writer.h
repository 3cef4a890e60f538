/* Writes the memory file behind a bundle: index in front, bytes behind, hashed on the way, sealed at the end.
 */
#ifndef SENDA_CATALOGUE_BUNDLE_WRITER_H
#define SENDA_CATALOGUE_BUNDLE_WRITER_H

#include <stdint.h>

#include <xxhash.h>

#include "base/error.h"
#include "base/text.h"

#define BUNDLE_MAGIC "sendabn2"

/* Where the bytes of one entry lie in the memory file; each run has a NUL behind it. */
struct bundle_entry {
    uint64_t path, path_length;       /* offset from the start of the file, bytes */
    uint64_t content, content_length; /* the same for the content; 0, 0 for an ignored name;
                                         of an unread name the reason */
};

struct bundle_header {
    char magic[8];          /* BUNDLE_MAGIC, without NUL */
    char version[40];       /* hex digits, NUL behind */
    uint64_t file_count;    /* entries behind the header that are files */
    uint64_t ignored_count; /* entries behind those that are ignored names */
    uint64_t unread_count;  /* entries behind those that are names which could not be read */
    uint64_t size;          /* bytes of the whole memory file */
};

struct bundle_writer {
    int fd;                       /* the memory file; -1 after bundle_writer_finish */
    struct bundle_header header;  /* written last */
    struct bundle_entry *entries; /* owned; file_count + ignored_count + unread_count of them */
    size_t begun;                 /* entries begun so far */
    uint64_t contents;            /* bytes of content so far, held against BUNDLE_MOST_BYTES */
    XXH3_state_t *hash;           /* owned; of everything that makes the version */
};

/* Room for that many entries; they come in order: files, ignored names, unread ones. */
bool bundle_writer_create(struct bundle_writer *writer, size_t files, size_t ignored, size_t unread,
                          struct error *error) MUST_CHECK;
void bundle_writer_destroy(struct bundle_writer *writer);

/* The next file; its bytes follow by bundle_writer_append, then bundle_writer_end. */
bool bundle_writer_begin(struct bundle_writer *writer, struct text path, struct error *error) MUST_CHECK;
bool bundle_writer_append(struct bundle_writer *writer, struct text bytes, struct error *error) MUST_CHECK;
bool bundle_writer_end(struct bundle_writer *writer, struct error *error) MUST_CHECK;

/* The next ignored name; after all files. */
bool bundle_writer_ignore(struct bundle_writer *writer, struct text path, struct error *error) MUST_CHECK;

/* The next name that could not be read, and why; after all ignored names. */
bool bundle_writer_refuse(struct bundle_writer *writer, struct text path, struct text reason,
                          struct error *error) MUST_CHECK;

/* Seals the memory file and gives it to the caller; -1 on failure. */
int bundle_writer_finish(struct bundle_writer *writer, struct error *error) MUST_CHECK;

#endif
