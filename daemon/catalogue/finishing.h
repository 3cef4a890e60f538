/*
 * Making a filled snapshot ready for decisions: names, offers under each limit, the fixed parts of replies,
 * the candidate index. In small pieces, since whoever does it may have visitors waiting.
 */
#ifndef SENDA_CATALOGUE_FINISHING_H
#define SENDA_CATALOGUE_FINISHING_H

#include "catalogue/snapshot.h"

struct finishing;

enum finishing_step {
    FINISHING_MORE, /* call again */
    FINISHING_DONE,
    FINISHING_FAILED, /* memory is out, or all that the snapshot may take is taken */
};

/* Borrows the snapshot, all of whose arrays are filled, until freed. NULL when memory is out. */
struct finishing *finishing_new(struct snapshot *snapshot);

/* One piece, and others until `ns` nanoseconds have passed. */
enum finishing_step finishing_step(struct finishing *finishing, uint64_t ns);
void finishing_free(struct finishing *finishing);

#endif
