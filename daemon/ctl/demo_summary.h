/* What came of letting everybody walk: for people, or as JSON. */
#ifndef SENDA_CTL_DEMO_SUMMARY_H
#define SENDA_CTL_DEMO_SUMMARY_H

#include "ctl/demo.h"
#include "ctl/demo_crowd.h"
#include "ctl/demo_funnel.h"
#include "ctl/demo_tally.h"

enum { DEMO_EXAMPLES = 5 }; /* decisions that are shown in full */

struct demo_outcome {
    struct demo_tally tally;    /* decisions for customers */
    struct demo_tally recorded; /* decisions for recorded visits */
    struct demo_walked walked;  /* what customers did */
    struct demo_funnel funnel;  /* what the daemon made of it */
};

void demo_outcome_create(struct demo_outcome *outcome);
void demo_outcome_destroy(struct demo_outcome *outcome);

/* Sorts the tallies' rows by the site's stages first. */
void demo_summary_write(const struct demo *demo, struct demo_outcome *outcome);

/* The funnel alone. */
void demo_summary_write_funnel(const struct demo *demo, const struct demo_outcome *outcome);

void demo_summary_write_json(const struct demo *demo, struct demo_outcome *outcome, FILE *file);

/* True where everybody got an answer, every event was acknowledged, and somebody reached each stage. */
bool demo_summary_is_good(const struct demo *demo, const struct demo_outcome *outcome);

/* Up to DEMO_EXAMPLES rows: the commonest kind of each stage, then the second of each, and so on. The tally
 * has to be sorted. */
size_t demo_summary_choose(const struct demo_tally *tally, const struct demo_row *chosen[DEMO_EXAMPLES]);

/* Sorts by the stages of the site's default journey. */
void demo_summary_sort(const struct demo *demo, struct demo_tally *tally);

/* Decisions a second of those that were asked for together; 0: none were. */
double demo_summary_rate(const struct demo_tally *tally);

#endif
