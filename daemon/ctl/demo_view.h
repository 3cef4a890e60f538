/* How the demo shows things: itself, what its visitors are made of, and what one of them is shown. */
#ifndef SENDA_CTL_DEMO_VIEW_H
#define SENDA_CTL_DEMO_VIEW_H

#include "ctl/demo.h"
#include "ctl/demo_walk.h"

/* Site, daemon, who comes, and how their time is made short. */
void demo_view_write_intro(const struct demo *demo);

/* How a recorded visit becomes a visitor. */
void demo_view_write_legend(const struct demo *demo);

/* "visitor-1042", where they stand, what they are shown, and why. */
void demo_view_write_visitor(const struct demo *demo, const char *label, const senda_value *result);

/* What `recommend` answered alone: the first item and why, behind `label`. */
void demo_view_write_answer(const struct demo *demo, const char *label, const senda_value *result);

/* Who sets out. */
void demo_view_write_person(const struct demo *demo, const struct demo_person *person);

/* The visit that is just over: when, what they saw and did, and where that brought them. */
void demo_view_write_visit(const struct demo *demo, const struct demo_walk *walk);

/* What the stage is called that a line of the legend speaks of, and the line; for JSON. */
enum { DEMO_LEGEND = 4 };
struct demo_legend {
    struct text stage;   /* the site's name for it */
    const char *meaning; /* static */
};

/* Fills in the stages that recorded visits can reach, in the order in which they are tried. */
void demo_view_legend(const struct demo *demo, struct demo_legend legend[DEMO_LEGEND]);

/* What else there is to know about how a visit becomes a visitor; static. */
const char *demo_view_notes(void);

#endif
