/*
 * Getting rid of what was erased for good: LMDB leaves deleted bytes in its file until their pages are used
 * again. An erasure leaves a note (see erase.c); when the daemon starts the next time, before anybody has the
 * file open, it is rewritten with what is live, and the note is taken away.
 */
#ifndef SENDA_LEDGER_COMPACTION_H
#define SENDA_LEDGER_COMPACTION_H

#include "store/store.h"

struct compaction {
    bool wanted;           /* there was a note */
    bool done;             /* the file was rewritten and the note is gone */
    struct error problem;  /* why it was not; ERROR_NONE: it was, or nobody wanted it */
    uint64_t bytes_before; /* of the file */
    uint64_t bytes_after;  /* of the file */
    uint64_t took_ms;      /* milliseconds */
};

/*
 * As store_lmdb_open for the writer. What keeps the file from being rewritten, such as a full disk, keeps
 * nobody from opening it; the note stays then. NULL on failure.
 */
struct store *compaction_open(const char *directory, struct compaction *result, struct error *error);

#endif
