/* Values that scripts hand to the host: data only, and not too much of it. */
#ifndef SENDA_SCRIPT_PLAIN_H
#define SENDA_SCRIPT_PLAIN_H

#include "base/error.h"

#include <lua.h>
#include <stdbool.h>

enum {
    PLAIN_DEPTH_MAX = 8,    /* tables inside of tables */
    PLAIN_ITEMS_MAX = 1000, /* values in all */
};

/*
 * Whether the value at `index` is nil, a boolean, a number, a text, or a table or view of such with texts and
 * numbers as keys, within the limits above, which also end cycles. Raises nothing but for the stack.
 */
MUST_CHECK bool plain_check(lua_State *L, int index, struct error *error);

#endif
