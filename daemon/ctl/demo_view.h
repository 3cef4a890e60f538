/* How the demo shows things: itself, what its visitors are made of, and what one of them is shown. */
#ifndef SENDA_CTL_DEMO_VIEW_H
#define SENDA_CTL_DEMO_VIEW_H

#include "ctl/demo.h"

/* Site, daemon and visitors, and how a visit becomes a visitor. */
void demo_view_write_intro(const struct demo *demo);

/* "visitor-1042", who that is, where they stand, what they are shown, and why. */
void demo_view_write_visitor(const struct demo *demo, const struct demo_visitor *visitor,
                             const senda_value *result);

/* What `recommend` answered alone: the first item and why, behind `label`. */
void demo_view_write_answer(const struct demo *demo, const char *label, const senda_value *result);

/* What the stage is called that a line of the legend speaks of, and the line; for JSON. */
enum { DEMO_LEGEND = DEMO_PHASES };
struct demo_legend {
    struct text stage;   /* the site's name for it */
    const char *meaning; /* static */
};

/* Fills in the stages that these visits can reach, in the order in which they are tried; returns how many. */
size_t demo_view_legend(const struct demo *demo, struct demo_legend legend[DEMO_LEGEND]);

/* What else there is to know about how a visit becomes a visitor; static. */
const char *demo_view_notes(const struct demo *demo);

#endif
