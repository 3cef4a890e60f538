/* The demo as somebody watches it: visitors one by one, then one's own turn at changing what they see. */
#ifndef SENDA_CTL_DEMO_LIVE_H
#define SENDA_CTL_DEMO_LIVE_H

#include "ctl/demo.h"

/* Until a signal to stop: CTL_EXIT_OK. CTL_EXIT_UNREACHABLE: the daemon ended by itself; CTL_EXIT_REFUSED: it
 * refused a request. Both have been said. */
MUST_CHECK enum ctl_exit demo_live(const struct demo *demo);

#endif
