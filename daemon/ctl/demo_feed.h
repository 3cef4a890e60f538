/* Asks for the visitors of all recorded visits as fast as is reasonable, and times it. */
#ifndef SENDA_CTL_DEMO_FEED_H
#define SENDA_CTL_DEMO_FEED_H

#include "ctl/demo.h"
#include "ctl/demo_tally.h"

enum { DEMO_FEED_DEPTH = 128 }; /* requests on their way at once, on one connection */

/*
 * Each visitor is asked for exactly once: most together, then about a thousand of them, evenly picked, one at
 * a time, so that the time of a single decision is measured apart from waiting in line. False: a signal to
 * stop came, or the daemon went away; the tally holds what there was until then.
 */
MUST_CHECK bool demo_feed(const struct demo *demo, struct demo_tally *tally);

#endif
