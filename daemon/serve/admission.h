/*
 * Whether new requests are taken or refused, by how long they have stood: the controller alone, with the
 * caller's clock.
 *
 * While no queue stands, everything is taken. A queue stands when, for a whole interval, nobody's turn came
 * within the target (CoDel's criterion); then the worker refuses. From then on each pass over the connections
 * that have something to say may take so much time, and each of them gets an equal share of it; what goes
 * beyond is refused at once, which is cheap. Shares are kept account of in time, so that who asks what is
 * dear, or much, pays for it alone, and who asks little is not refused at all.
 *
 * What a connection's own earlier requests took does not count as standing, and a connection that is alone is
 * never refused: who waits only for oneself is slowed down by not being read from, which is enough.
 */
#ifndef SENDA_SERVE_ADMISSION_H
#define SENDA_SERVE_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

/* One connection's share. */
struct admission_account {
    int64_t credit_ns; /* of service that it may still take; negative: it has taken more already */
    uint32_t episode;  /* of refusing, for which that counts */
};

struct admission {
    uint64_t target_ns;         /* how long a queue may stand; 0: nobody is ever refused */
    uint64_t most_ns;           /* who has stood longer than this is refused, whatever else holds */
    bool refusing;              /* a queue stands */
    uint32_t episode;           /* counts the times that refusing began */
    uint64_t interval_ends_ns;  /* of the interval at hand; 0: none has begun */
    uint64_t least_ns;          /* that anyone has stood in it */
    uint64_t stood_ns;          /* in it, by all together */
    uint64_t allowed_ns;        /* the same, if everybody had used up a share */
    uint64_t idle_ns;           /* in which the loop waited in it */
    const void *refused;        /* somebody who was refused in it; NULL: nobody */
    bool refused_several;       /* more than one was */
    uint64_t left_ns;           /* when refusing last ended; 0: never yet */
    uint64_t cost_ns;           /* what one request costs, a moving average */
    uint64_t refusing_ns;       /* what a turn costs in which everything is refused, likewise */
    uint64_t share_ns;          /* of each connection in the pass at hand */
    size_t connections;         /* in it */
    struct random_state chance; /* who begins where */
};

/* One connection's turn, while it lasts. */
struct admission_turn {
    struct admission_account *account; /* whose */
    uint64_t stood_ns;                 /* how long what it says has stood */
    bool bounded;                      /* by its share */
    uint32_t admitted, refused;        /* requests */
};

void admission_create(struct admission *admission, uint64_t target_ns, uint64_t most_ns, uint64_t seed);

/* `connections` wait for their turn. */
void admission_begin_pass(struct admission *admission, size_t connections);

/* The loop had nothing to do for so long. */
void admission_rest(struct admission *admission, uint64_t idle_ns);

/* One's turn comes, after its words have stood so long. */
void admission_begin_turn(struct admission *admission, struct admission_account *account, uint64_t now_ns,
                          uint64_t stood_ns, struct admission_turn *turn);

/* Whether one more request is taken. `begun`: part of it had been read in an earlier turn. */
bool admission_admits(struct admission *admission, struct admission_turn *turn, bool begun);

/* It took so long, all in all. */
void admission_end_turn(struct admission *admission, const struct admission_turn *turn, uint64_t spent_ns);

#endif
