/* What the demo asks of a site: which of its stages a visitor is at, at which of its placements, in which of
 * its languages. Works with any site: names that it knows are preferred, others are taken as they come. */
#ifndef SENDA_CTL_DEMO_PLAN_H
#define SENDA_CTL_DEMO_PLAN_H

#include "catalogue/snapshot.h"
#include "ctl/demo_session.h"

enum { DEMO_PLACES = 16 }; /* most placements of a site, or of a stage, that are asked for */

struct demo_places {
    struct text names[DEMO_PLACES]; /* borrowed from the site */
    size_t count;                   /* at least 1, unless the site has no placement */
};

struct demo_plan {
    const struct snapshot *site;            /* borrowed */
    struct text stages[DEMO_PHASES];        /* of the site's default journey; borrowed */
    struct demo_places places[DEMO_PHASES]; /* where visitors of that phase are asked for, in turns */
};

/* Somebody of a recorded visit to ask for. Texts are the site's. */
struct demo_visitor {
    const struct demo_session *session; /* borrowed */
    size_t number;                      /* from 1 */
    enum demo_phase phase;
    struct text stage;     /* of the site */
    struct text placement; /* of the site */
    struct text locale;    /* of the site */
};

/* The site must outlive the plan. */
void demo_plan_create(struct demo_plan *plan, const struct snapshot *site);

/* The phase that a stage (a number in the site) stands for: by its name, else by how far along it is. */
enum demo_phase demo_plan_phase(const struct demo_plan *plan, uint32_t stage);

/* The visitor with that number (from 1). Placements and languages go by the number alone: no visit says them.
 */
struct demo_visitor demo_plan_visitor(const struct demo_plan *plan, const struct demo_session *session,
                                      size_t number);

/* Replaces the arguments in `request` by those of `recommend` for that visitor, of whom nothing is
 * remembered: the stage is told. */
void demo_visitor_put(const struct demo_visitor *visitor, senda_request *request);

#endif
