/* Lets customers walk, many at the same time, and counts what came of it. */
#ifndef SENDA_CTL_DEMO_CROWD_H
#define SENDA_CTL_DEMO_CROWD_H

#include "ctl/demo.h"
#include "ctl/demo_tally.h"
#include "ctl/demo_walk.h"

enum { DEMO_CROWD = 128 }; /* customers on their way at once, on one connection */

struct demo_walked {
    uint64_t customers;      /* whose walk came to its end */
    uint64_t visits;         /* of all of them */
    uint64_t returned;       /* came back after long silence */
    uint64_t inside;         /* are in their stage still, all others have left it by silence */
    uint64_t told, kept;     /* events, and those that were acknowledged */
    uint64_t moves;          /* from stage to stage */
    uint64_t together;       /* events acknowledged while many were on their way */
    struct histogram writes; /* nanoseconds from telling of one visit to the acknowledgement, one at a time */
};

/*
 * Customers 1 … demo->customers walk: most of them together, the last ones one after the other, so that the
 * time of a single request is measured apart from waiting in line. Decisions are counted in `tally`, requests
 * that were not answered as they should be too. False: a signal to stop came, or the daemon went away.
 */
MUST_CHECK bool demo_crowd_walk(const struct demo *demo, struct demo_tally *tally,
                                struct demo_walked *walked);

/* The walk of one of them, from its beginning. */
struct demo_walk demo_crowd_walk_of(const struct demo *demo, size_t number);

#endif
