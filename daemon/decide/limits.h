/*
 * Contact limits: how each stands for one customer at one moment.
 *
 * A limit is reached by the touch that makes it `times` within the trailing window, and then rests. Touches
 * that come while the window is still full (an impression that was late, say) reach nothing anew; it has to
 * run empty and be filled again. A limit without a window that rests counts anew behind each rest, without
 * what came during it. All of it follows from the moments alone, in whatever order they were told.
 * What lies in the future, because clocks differ, counts as now.
 *
 * The customer's history is gone through once for a decision, and only where some limit is asked for.
 */
#ifndef SENDA_DECIDE_LIMITS_H
#define SENDA_DECIDE_LIMITS_H

#include "catalogue/snapshot.h"
#include "decide/decision.h"
#include "model/customer.h"

/* How one limit stands. */
struct limits_standing {
    uint64_t round; /* of `struct limits` that the rest is from; of another one: nothing is known yet */
    enum decision_gate gate; /* LIMIT, RESTED, or CHOSEN: it lets pass */
    uint32_t used;           /* touches in the trailing window, or since the last rest */
    uint32_t promised;       /* impressions that are on their way: open reservations */
    uint32_t taken;          /* chosen in this very decision */
    uint32_t claimed;        /* promised by others, and nothing else here tells of it yet */
    bool asked;              /* `claimed` is known; else it is 0 */
    uint32_t first, count;   /* its touches, in limits.moments */
    uint32_t ever;           /* of limits without a window: touches since ever */
    int64_t rest_ends_ms;    /* when the rest ends that it is in; 0: it is in none */
};

/* What limits one of the customer's offers. */
struct limits_offer {
    const uint32_t *limits; /* numbers in the snapshot; borrowed */
    uint32_t limit_count;   /* 0: nothing does, or the site has it no more */
    uint32_t counted;       /* kinds of touches that some of them count, as bits */
};

/* A touch that a limit counts. */
struct limits_touch {
    int64_t at_ms;  /* now at the latest */
    uint32_t limit; /* number in the snapshot */
};

struct limits {
    const struct snapshot *snapshot;   /* borrowed */
    const struct customer *customer;   /* borrowed; NULL: nothing is remembered */
    int64_t now_ms;                    /* milliseconds since the epoch */
    int64_t reserved_ms;               /* how long a reservation counts */
    uint64_t round;                    /* goes up with each decision */
    bool read;                         /* the history was gone through in this round */
    bool failed;                       /* no memory for that: every limit is taken as reached */
    struct limits_standing *standings; /* by number of limit; owned */
    uint32_t *met;                     /* limits that the history is about; owned */
    uint32_t met_count;
    struct limits_offer *offers; /* by position in customer->offers; owned */
    size_t offer_room;
    struct limits_touch *touches; /* those that count, in order of time; owned */
    size_t touch_room;
    int64_t *moments; /* the same by limit, ascending; owned */
    size_t moment_room;
};

MUST_CHECK bool limits_create(struct limits *limits, const struct snapshot *snapshot, struct error *error);
void limits_destroy(struct limits *limits);

/* Forgets the last decision. `customer` is looked at until the next time. */
void limits_begin(struct limits *limits, const struct customer *customer, int64_t now_ms,
                  int64_t reserved_ms);

/* Never NULL; valid until limits_begin. Only `taken`, `claimed` and `asked` are for others to change. */
struct limits_standing *limits_standing(struct limits *limits, uint32_t limit);

/* LIMIT, RESTED, or CHOSEN: it lets pass, also beside what others claimed. */
enum decision_gate limits_gate(struct limits *limits, uint32_t limit);

/* How many more there may be, whether it rests or not. */
uint32_t limits_open(struct limits *limits, uint32_t limit);

/* The same; 0 where it does not let pass. */
uint32_t limits_left(struct limits *limits, uint32_t limit);

/* What of this is left beside what others claimed and this decision has taken. */
uint32_t limits_room(struct limits *limits, uint32_t limit);

/* True for what choosing alone uses up: decisions, and impressions that are promised with them. */
static inline bool limits_are_taken(const struct limit *limit)
{
    return limit->counts == LIMIT_DECISIONS || limit->counts == LIMIT_IMPRESSIONS;
}

/*
 * When it lets pass if nothing more happens, milliseconds since the epoch; INT64_MAX: never. `claimed`: at
 * this moment others are taking all that it leaves.
 */
int64_t limits_free_ms(struct limits *limits, uint32_t limit, bool claimed);

#endif
