/*
 * Reads what a batch asks for, round by round: entries that are wanted, scans, and what these make wanted.
 *
 * One read or scan is under way at a time. An embedded store answers before the call returns, so whoever
 * drives this has a loop, not a recursion: see batch.c.
 */
#ifndef SENDA_LEDGER_LOADING_H
#define SENDA_LEDGER_LOADING_H

#include "ledger/documents.h"
#include "ledger/keys.h"

/* Entries of one read: enough to make the round trip cheap, few enough for any store. */
enum { LOADING_READ_MOST = 512 };

/* One range to be walked through. */
struct loading_scan {
    struct loading_scan *next;   /* the one to be done after it; NULL: none */
    struct key from, prefix;     /* `from` without bytes: from the first */
    size_t most;                 /* entries */
    size_t seen;                 /* entries that were handed out */
    store_entry_cb entry;        /* false: enough */
    void (*done)(void *context); /* NULL: nobody asks */
    void *context;               /* of both */
};

struct loading {
    struct store *store;               /* borrowed */
    struct entries *entries;           /* borrowed */
    struct documents *documents;       /* borrowed */
    struct loading_scan *first, *last; /* to be done */
    size_t read_from;                  /* of entries->wanted: those before it were read */
    size_t read_count;                 /* entries of the read under way */
    struct text keys[LOADING_READ_MOST];
    void (*next)(void *context, const struct error *error); /* something was read, or could not be */
    void *context;                                          /* of next */
};

void loading_create(struct loading *loading, struct store *store, struct documents *documents);
void loading_clear(struct loading *loading);

/* Room for a scan in the arena of the batch, queued behind the others, to be filled in. NULL: no memory. */
struct loading_scan *loading_add_scan(struct loading *loading);

/*
 * Starts the next read or scan; `next` will be called once, perhaps before this returns. False: nothing is
 * left to be read, everything that was wanted is known.
 */
bool loading_start(struct loading *loading);

#endif
