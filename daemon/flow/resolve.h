/* From a recommend's arguments, and what is remembered of the customer, to the situation that is decided on.
 */
#ifndef SENDA_FLOW_RESOLVE_H
#define SENDA_FLOW_RESOLVE_H

#include <msgpack/zone.h>

#include "decide/situation.h"
#include "wire/method.h"

/* Everything is borrowed, and has to outlive the situation. */
struct resolving {
    const struct snapshot *snapshot;
    const struct arguments *arguments; /* of recommend, checked */
    const struct customer *known;      /* what is remembered; NULL: nothing */
    msgpack_zone *zone;                /* memory of maps that are laid over each other */
    uint32_t *excluded;                /* room for RESOLVE_EXCLUDED_MOST */
    int64_t now_us;                    /* the clock, unless a dry run assumes another one */
    uint64_t seed;                     /* likewise */
};

enum { RESOLVE_EXCLUDED_MOST = 4096 };

/* ERROR_INVALID with the field's name for names that the site does not have. */
MUST_CHECK bool resolve_situation(const struct resolving *resolving, struct situation *out,
                                  struct error *error);

/* True where the request says so: nothing is counted, reserved or logged. */
bool resolve_is_dry_run(const struct arguments *arguments);

/* The time that the request assumes, microseconds since the epoch; false: none. */
bool resolve_clock(const struct arguments *arguments, int64_t *at_us);

/* The customer asked about; no bytes: anonymous. */
struct text resolve_customer(const struct arguments *arguments);

#endif
