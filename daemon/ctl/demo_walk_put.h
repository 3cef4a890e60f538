/* What customers who walk put into their requests. Part of demo_walk. */
#ifndef SENDA_CTL_DEMO_WALK_PUT_H
#define SENDA_CTL_DEMO_WALK_PUT_H

#include "ctl/demo_walk.h"
#include "ctl/demo_wish.h"

enum { DEMO_BETWEEN_MS = 20000 }; /* between two events of a visit */

/* Arguments of profile.set: persona, language, consent. */
void demo_walk_put_profile(const struct demo_walk *walk, senda_request *request);

/* Arguments of recommend for the present visit. The stage is not among them. */
void demo_walk_put_question(const struct demo_walk *walk, senda_request *request);

/* Events of one visit, one after the other. */
struct demo_tell {
    struct demo_walk *walk; /* borrowed */
    senda_request *list;    /* borrowed */
    int64_t at_ms;          /* of the next event */
};

struct demo_tell demo_tell_begin(struct demo_walk *walk, senda_request *list);

/* That they are there. */
void demo_tell_visit(struct demo_tell *tell);

/* impression, click, dismiss or conversion of one of the offers that were shown; `value` 0: none. */
void demo_tell_touch(struct demo_tell *tell, const char *event, size_t item, double value);

/* All that the rule asks for in one visit. */
void demo_tell_wish(struct demo_tell *tell, const struct enter_rule *rule);

/* A purchase that no rule asked for. */
void demo_tell_purchase(struct demo_tell *tell);

#endif
