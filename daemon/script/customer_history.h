/*
 * What scripts may ask about a customer's history: c:seen, c:did, c:since and c:days_in_stage, answered from
 * what is remembered (situation.known) at the situation's moment. Each notes what it was asked as a read.
 */
#ifndef SENDA_SCRIPT_CUSTOMER_HISTORY_H
#define SENDA_SCRIPT_CUSTOMER_HISTORY_H

#include "script/customer_view.h"

/* Adds the four functions to the table on the top of the stack. Raises Lua errors. */
void customer_history_add(lua_State *L, struct customer_view *customer);

/*
 * Appends the answer behind a read of history. Of the two that tell days only whether there is an answer: who
 * got days has used the clock, and its result is not kept (see sandbox.used_chance).
 */
void customer_history_append(const struct customer_view *customer, const struct read *read,
                             struct buffer *out);

#endif
