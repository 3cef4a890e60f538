/* Who one of the demo's visitors is: made from the seed and a number, the same each time. */
#ifndef SENDA_CTL_DEMO_PERSON_H
#define SENDA_CTL_DEMO_PERSON_H

#include "base/random.h"
#include "ctl/demo_habits.h"
#include "ctl/demo_plan.h"

enum { DEMO_WEEKS = 26 }; /* of the timeline, which ends now */

struct demo_person {
    size_t number;                    /* from 1 */
    char id[32];                      /* "visitor-42" */
    struct text persona;              /* the site's name; no bytes: the site has none; borrowed */
    struct text locale;               /* no bytes: the site has none; borrowed */
    const struct demo_temper *temper; /* static */
    bool mobile;                      /* comes by telephone */
    bool consents;                    /* to be written to */
    int64_t begins_ms;                /* the first visit, since the epoch */
    struct random_state random;       /* for everything else they do */
};

/* `now_ms`: where the timeline ends. */
struct demo_person demo_person_make(const struct demo_plan *plan, uint64_t seed, size_t number,
                                    int64_t now_ms);

/* True with that chance. */
bool demo_person_chance(struct demo_person *person, double chance);

/* Milliseconds to the next visit, `mean_days` on average, never less than some hours. */
int64_t demo_person_gap(struct demo_person *person, double mean_days);

#endif
