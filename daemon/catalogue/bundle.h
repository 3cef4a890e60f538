/*
 * The site's files as bytes: read once, shared with every worker through a sealed memory file, so that all of
 * them load the same bytes even while somebody edits the folder.
 */
#ifndef SENDA_CATALOGUE_BUNDLE_H
#define SENDA_CATALOGUE_BUNDLE_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum {
    BUNDLE_MOST_FILES = 5000,              /* files of one site */
    BUNDLE_MOST_BYTES = 256 * 1024 * 1024, /* their contents together */
    BUNDLE_MOST_IGNORED = 1000,            /* ignored names that are kept for the report */
    BUNDLE_VERSION_SIZE = 33,              /* 32 hex digits and the NUL */
};

struct bundle; /* a mapping of the memory file; read-only */

struct bundle_file {
    struct text path;    /* below the site's folder, "/" between parts: "offers/summer.lua"; NUL behind it */
    struct text content; /* the file's bytes; a NUL behind them that isn't counted */
};

/*
 * Reads site.lua, shared.lua, placements.lua, policies.lua, the Lua files right in journeys, personas,
 * offers, strategies and tests, and the CSV files in offers. Symbolic links may lead anywhere inside the
 * folder. Names that begin with a dot are passed over; every other name is remembered as ignored. What
 * belongs to a site and can't be read is remembered with the reason, so that it is told among the other
 * problems. Returns the sealed memory file, which the caller closes, or -1.
 */
int bundle_read(const char *directory, struct error *error) MUST_CHECK;

/* The same from memory, for files that come from elsewhere; `files` need not be sorted. */
int bundle_pack(const struct bundle_file *files, size_t count, struct error *error) MUST_CHECK;

/* Maps what bundle_read or bundle_pack made; the descriptor may be closed afterwards. NULL on failure. */
struct bundle *bundle_map(int fd, struct error *error) MUST_CHECK;

/* Texts handed out by the bundle end with it. NULL is fine. */
void bundle_unmap(struct bundle *bundle);

/* XXH3 (128 bits) of all paths and contents, as 32 hex digits. */
const char *bundle_version(const struct bundle *bundle);

/* Files are sorted by path, in byte order. */
size_t bundle_count(const struct bundle *bundle);
struct bundle_file bundle_file(const struct bundle *bundle, size_t index);

/* False where the site has no such file. */
bool bundle_find(const struct bundle *bundle, struct text path, struct bundle_file *file);

/* Names in the folder that are no part of a site; folders end in "/". At most BUNDLE_MOST_IGNORED. */
size_t bundle_ignored_count(const struct bundle *bundle);
struct text bundle_ignored(const struct bundle *bundle, size_t index);

/* Files and folders of the site that can't be read: the path, and as content the reason in words. A site with
 * any is refused. Folders end in "/". */
size_t bundle_unread_count(const struct bundle *bundle);
struct bundle_file bundle_unread(const struct bundle *bundle, size_t index);

#endif
