/* A loaded site for tests, from texts instead of a folder: a small one that has a bit of everything. */
#ifndef SENDA_TESTS_FLOW_ENGINE_BUILDER_H
#define SENDA_TESTS_FLOW_ENGINE_BUILDER_H

#include "flow/engine.h"

struct engine_built {
    struct bundle *bundle; /* owned */
    struct engine *engine; /* owned; NULL where the site is refused */
};

/*
 * The site: journeys walk (curious, choosing, resting, failing) and talk (hello, choosing), in es and en;
 * placements hero (two slots), banner and list (50 slots); engine_builder.c has the rest. `slot` counts for
 * its scripts. False after printing why.
 */
bool engine_build(struct engine_built *built, struct metrics_slot *slot);

/* The same with one file instead of, or besides, its own. */
bool engine_build_with(struct engine_built *built, struct metrics_slot *slot, const char *path,
                       const char *content);
void engine_built_destroy(struct engine_built *built);

#endif
