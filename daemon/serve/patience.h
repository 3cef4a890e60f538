/*
 * Waiting no longer than so long, for many at once: one list for all that wait equally long, in the order in
 * which they began, so that only its front is ever looked at. Costs no timer for each.
 */
#ifndef SENDA_SERVE_PATIENCE_H
#define SENDA_SERVE_PATIENCE_H

#include <stdint.h>

#include "serve/list.h"

struct patience {
    struct list_node waiting; /* of struct patience_node; who began first is in front */
    uint64_t ms;              /* how long each may wait */
};

struct patience_node {
    struct list_node node; /* linked to itself while it does not wait */
    uint64_t since_ms;     /* on the caller's clock, which never steps back */
};

void patience_create(struct patience *patience, uint64_t ms);
void patience_node_create(struct patience_node *node);

/* From now on; also for one that waits already. */
void patience_begin(struct patience *patience, struct patience_node *node, uint64_t now_ms);

/* Does not wait any more; also for one that did not. */
void patience_end(struct patience_node *node);

static inline bool patience_is_waiting(const struct patience_node *node)
{
    return !list_is_empty(&node->node);
}

/* Somebody who has waited too long; NULL: nobody has. Who began later than `now_ms` has not. */
struct patience_node *patience_first_over(const struct patience *patience, uint64_t now_ms);

#endif
