/* What a decision asked of scripts. */
#ifndef SENDA_SCRIPT_TRAIL_H
#define SENDA_SCRIPT_TRAIL_H

#include <stdbool.h>
#include <stdint.h>

enum { SCRIPT_TRAIL_MOST = 8 };

struct script_trail {
    bool steady; /* all of it would be said again to whoever is alike: nothing came of the clock or of chance,
                    nothing failed, and all strategies that were asked are here */
    uint32_t count;                         /* strategies that answered */
    uint32_t strategies[SCRIPT_TRAIL_MOST]; /* their numbers */
    uint32_t personas; /* persona n answered where n is less, if it has a function that is not set aside */
};

#endif
