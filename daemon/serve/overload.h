/* What operators see of overload: a figure, and a line where it begins and where it ends. */
#ifndef SENDA_SERVE_OVERLOAD_H
#define SENDA_SERVE_OVERLOAD_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/metrics.h"
#include "serve/admission.h"

struct overload {
    struct metrics_slot *slot;         /* borrowed */
    const struct admission *admission; /* what refuses; borrowed */
    struct event *tick;                /* owned; looks for the end, between beginning and end */
    bool told;                         /* its beginning was, its end was not */
    uint64_t began_ns;                 /* when it was told; monotonic, as below */
    uint64_t latest_ns;                /* when requests were last found refused */
    uint64_t refused_before;           /* requests refused when it began */
    uint64_t refused;                  /* so far */
};

/* False: out of memory. */
bool overload_create(struct overload *overload, struct event_base *base, struct metrics_slot *slot,
                     const struct admission *admission);
void overload_destroy(struct overload *overload);

/* To be called whenever requests may have been refused. */
void overload_note(struct overload *overload, uint64_t now_ns);

#endif
