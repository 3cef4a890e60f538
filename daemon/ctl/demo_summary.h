/* What came of feeding all visitors: for people, or as JSON. */
#ifndef SENDA_CTL_DEMO_SUMMARY_H
#define SENDA_CTL_DEMO_SUMMARY_H

#include "ctl/demo.h"
#include "ctl/demo_tally.h"

enum { DEMO_EXAMPLES = 5 }; /* decisions that are shown in full */

/* Sorts the tally's rows by the site's stages first. */
void demo_summary_write(const struct demo *demo, struct demo_tally *tally);

void demo_summary_write_json(const struct demo *demo, struct demo_tally *tally, FILE *file);

/* True where every visitor got an answer. */
bool demo_summary_is_good(const struct demo *demo, const struct demo_tally *tally);

/* Up to DEMO_EXAMPLES rows: the commonest kind of each stage, then the second of each, and so on. The tally
 * has to be sorted. */
size_t demo_summary_choose(const struct demo_tally *tally, const struct demo_row *chosen[DEMO_EXAMPLES]);

/* Sorts by the stages of the site's default journey. */
void demo_summary_sort(const struct demo *demo, struct demo_tally *tally);

/* Decisions a second of those that were asked for together; 0: none were. */
double demo_summary_rate(const struct demo_tally *tally);

#endif
