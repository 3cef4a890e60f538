/* The funnel at the end of the demo, as the daemon counts it. */
#ifndef SENDA_CTL_DEMO_FUNNEL_H
#define SENDA_CTL_DEMO_FUNNEL_H

#include "ctl/demo.h"

struct demo_funnel {
    senda_reply *reply;                /* what journey.map answered; NULL: nothing; owned */
    uint64_t expected;                 /* customers who are in their stage, by their own account */
    uint64_t entered, inside, dropped; /* of all stages, by the daemon's */
    size_t stages, reached;            /* of the journey, and those that somebody entered */
    char unreached[256];               /* name of the first one that nobody entered; "": there is none */
};

/* Reads the map until the daemon has noticed everybody's silence, for some seconds at most. */
void demo_funnel_create(struct demo_funnel *funnel, const struct demo *demo, uint64_t expected);
void demo_funnel_destroy(struct demo_funnel *funnel);

/* The sums of a map; for tests too. */
void demo_funnel_sum(struct demo_funnel *funnel, const senda_value *map);

/* The map; NULL: there is none. Borrowed. */
const senda_value *demo_funnel_map(const struct demo_funnel *funnel);

/* True where all stages were reached. */
bool demo_funnel_is_whole(const struct demo_funnel *funnel);

#endif
