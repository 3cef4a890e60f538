/* What the parts of the demo share while it runs. */
#ifndef SENDA_CTL_DEMO_H
#define SENDA_CTL_DEMO_H

#include "catalogue/bundle.h"
#include "ctl/command.h"
#include "ctl/demo_daemon.h"
#include "ctl/demo_plan.h"
#include "ctl/demo_sessions.h"
#include "ctl/map_view.h"
#include "ctl/print.h"

struct demo {
    struct print print;                   /* for people */
    size_t width;                         /* columns of the terminal; 0: none */
    const char *site;                     /* the site's folder as people write it; borrowed */
    const char *source;                   /* file of the recorded visits; NULL: there are none; borrowed */
    const struct bundle *bundle;          /* the site's files; borrowed */
    const struct demo_plan *plan;         /* what to ask; borrowed */
    const struct demo_sessions *sessions; /* recorded visits; may be empty; borrowed */
    struct demo_daemon *daemon;           /* who answers; borrowed */
    senda_client *client;                 /* connects to it; borrowed */
    size_t customers;                     /* who walk without being watched */
    uint64_t seed;                        /* of all of them */
    int64_t now_ms;                       /* where their time ends, since the epoch */
    struct map_view map;                  /* how the funnel is drawn */
};

#endif
