/*
 * A worker's end of the way to the ledger: commands and decisions go there, outcomes come back.
 *
 * Nothing waits. What was pushed outlives the worker: the ledger does it even if the worker dies at once.
 */
#ifndef SENDA_LEDGER_LINK_H
#define SENDA_LEDGER_LINK_H

#include "ledger/shared.h"
#include "model/command.h"
#include "model/record.h"

enum {
    LINK_OPEN_MOST = 65536,    /* commands that may wait for their outcome, so that those find room */
    LINK_SHARE = 4096,         /* of them that one who asks may have while others wait, too */
    LINK_BYTES_MOST = 1 << 20, /* of one command, so that it always fits into an empty ring */
};

struct link {
    struct shared *shared; /* borrowed */
    size_t worker;         /* whose lane */
    uint64_t first;        /* older tickets are those of a worker that died */
    uint32_t open;         /* commands that wait for their outcome */
    bool commands;         /* some were pushed since the last flush */
    bool decisions;        /* likewise */
};

void link_create(struct link *link, struct shared *shared, size_t worker);

/*
 * Hands a command over; *ticket comes back with its outcome, tickets only grow. False: ERROR_UNAVAILABLE
 * while there is no ledger, ERROR_OVERLOADED while too much waits, ERROR_TOO_LARGE for what never fits.
 */
MUST_CHECK bool link_send(struct link *link, const struct command *command, uint64_t *ticket,
                          struct error *error);

/*
 * Whether who has so many commands waiting, of so many bytes, should wait: nobody takes more than is left,
 * nor than a share while others wait, nor, alone, than two batches: whoever comes then waits for no more.
 */
bool link_is_crowded(const struct link *link, uint32_t commands, size_t bytes);

/* Hands a decision over; false: there is no room, it goes unrecorded. */
MUST_CHECK bool link_record(struct link *link, const struct record *record);

/* Likewise one whose bytes were kept, of a decision that was taken once more, and when. */
MUST_CHECK bool link_record_again(struct link *link, struct text record, const struct record_key *key);

/* Lets the ledger know, if it has to. To be called before replies are written that speak of it. */
void link_flush(struct link *link);

/*
 * Calls `take` for the outcomes that have come, oldest first, until it is `until_ns` of clock_monotonic_ns();
 * false: there are more, for which link_wake_fd wakes again. `take` says whether that ticket was still waited
 * for: a ledger that came back may answer once more.
 */
typedef bool (*link_outcome_cb)(void *context, const struct outcome *outcome);
bool link_take(struct link *link, uint64_t until_ns, link_outcome_cb take, void *context);

/* One ticket is not waited for any more, though its outcome has not come. */
void link_give_up(struct link *link);

/* To be watched for reading: outcomes have come. link_take empties it, but for more. */
int link_wake_fd(const struct link *link);

/*
 * Tickets before this one have their outcome among those that link_take finds from now on, or get none: the
 * ledger died while it held them.
 */
uint64_t link_abandoned(const struct link *link);

/* Commands are taken now. */
bool link_is_served(const struct link *link);

#endif
