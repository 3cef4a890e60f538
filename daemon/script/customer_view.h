/*
 * The customer as scripts see them: one read-only view, pointed at the next situation for each decision.
 * Fields and entries of traits, context and consents are converted when a script first reads them; what is
 * remembered of the customer is asked for by functions, see customer_history.h.
 */
#ifndef SENDA_SCRIPT_CUSTOMER_VIEW_H
#define SENDA_SCRIPT_CUSTOMER_VIEW_H

#include <lua.h>

#include "base/buffer.h"
#include "decide/situation.h"
#include "script/offer_view.h"
#include "script/reads.h"

/* The maps of a situation that scripts can read. */
enum customer_map { CUSTOMER_TRAITS, CUSTOMER_CONTEXT, CUSTOMER_CONSENTS, CUSTOMER_MAPS };

struct customer_view {
    const struct snapshot *snapshot;   /* borrowed */
    const struct situation *situation; /* of the decision being taken; borrowed */
    int view;                          /* registry reference: the view */
    int fields;                        /* registry reference: the table behind it */
    int entries[CUSTOMER_MAPS];        /* registry references: the tables behind traits, context, consents */
    struct reads reads;                /* what was read since customer_view_forget */
    uint32_t read;                     /* bit n: field n was converted since the last situation */
    bool read_map[CUSTOMER_MAPS];      /* likewise in each map */
};

/* Raises Lua errors. The struct must stay where it is. */
void customer_view_create(lua_State *L, struct customer_view *customer, const struct snapshot *snapshot);

/* Pushes the list of what a customer has, by name. */
void customer_view_push_names(lua_State *L);

/* Adds a function that finds the customer in its first upvalue to the table on the top. */
void customer_view_add_method(lua_State *L, struct customer_view *customer, const char *name,
                              lua_CFunction function);

/* Shows this situation from now on; what was converted for the last one has to be forgotten first. */
static inline void customer_view_turn_to(struct customer_view *customer, const struct situation *situation)
{
    customer->situation = situation;
}

/* Forgets what was converted and what was read. Allocates nothing. */
void customer_view_forget(lua_State *L, struct customer_view *customer);

/* Appends the value behind a read so that equal bytes mean equal values. */
void customer_view_append(const struct customer_view *customer, const struct read *read, struct buffer *out);

#endif
