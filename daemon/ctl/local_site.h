/* A site's folder loaded in this process, without a daemon: for checking and testing it. */
#ifndef SENDA_CTL_LOCAL_SITE_H
#define SENDA_CTL_LOCAL_SITE_H

#include "flow/flow.h"
#include "script/deadline.h"

struct local_site {
    struct bundle *bundle;    /* owned; NULL where the folder can't be read */
    struct engine *engine;    /* owned; NULL where the site has errors */
    struct problems problems; /* errors and warnings */
    struct deadline deadline; /* for its scripts */
    struct metrics_slot slot; /* counts for nobody */
    struct flow flow;         /* answers from the engine */
};

/* False where it can't even be tried; problems of the site itself are in `problems`. Stays where it is. */
MUST_CHECK bool local_site_create(struct local_site *site, const char *directory, struct error *error);
void local_site_destroy(struct local_site *site);

#endif
