/* Strategies' functions as tables: what each strategy says of each offer, and a record of what it was asked.
 */
#ifndef SENDA_TESTS_DECIDE_ANSWERS_BUILDER_H
#define SENDA_TESTS_DECIDE_ANSWERS_BUILDER_H

#include "decide/hooks.h"
#include "site_builder.h"

enum { ANSWERS_MOST = 8 }; /* strategies */

/* One strategy's answers. */
struct answer {
    enum hooks_result result;              /* how asking it ends */
    bool applies;                          /* what `when` says */
    double scores[SITE_MOST_OFFERS];       /* by offer number; below 0: does not fit */
    const char *reasons[SITE_MOST_OFFERS]; /* by offer number; NULL: none */
};

/* One time that a strategy was asked. */
struct asking {
    uint32_t strategy, count, wanted;
};

struct answers {
    const struct snapshot *site; /* borrowed */
    struct answer by_strategy[ANSWERS_MOST];
    struct asking asked[ANSWERS_MOST];      /* in order, since answers_forget */
    uint32_t asked_count;                   /* of those */
    uint32_t last_offers[SITE_MOST_OFFERS]; /* candidates of the last call, for reasons */
    uint32_t last_strategy;                 /* who was asked then */
};

/* Every strategy applies and gives every offer 1, without reasons; on the heap, freed with free(). */
struct answers *answers_new(const struct snapshot *site);

/* The hooks that answer from the table. As a script would, a strategy without a score function stops looking
 * when as many fit as are wanted. */
struct hooks answers_hooks(struct answers *answers);

void answers_forget(struct answers *answers);

#endif
