/* How the demo's visitors behave: what is likely at each moment of a journey, and how people differ. The
 * figures are nobody's; they are of the size that shops report, so that the funnel looks like one. */
#ifndef SENDA_CTL_DEMO_HABITS_H
#define SENDA_CTL_DEMO_HABITS_H

#include "base/text.h"
#include "ctl/demo_session.h"

#include <stdint.h>

/* At one moment of the journey; all but `gap_days` are chances from 0 to 1 in one visit. */
struct demo_habits {
    double click;        /* on something that was shown */
    double dismiss;      /* else, of something that was shown */
    double go_on;        /* does what brings them into another stage */
    double skip;         /* of those, into the stage behind the next one */
    double quit;         /* else, is not seen again for long */
    double buy;          /* buys although nothing asks for it */
    double gap_days;     /* mean time to the next visit */
    const char *section; /* part of the website where they are met; static */
};

const struct demo_habits *demo_habits_of(enum demo_phase phase);

/* What makes a person differ; each is a factor. */
struct demo_temper {
    const char *persona; /* whose it is, where the site has that one; static */
    double curious;      /* on clicks */
    double bold;         /* on going on */
    double fickle;       /* on quitting */
    double slow;         /* on the time between visits */
};

/* By the persona's name where it is known, else by its number. */
const struct demo_temper *demo_temper_of(struct text persona, uint32_t number);

#endif
