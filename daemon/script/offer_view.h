/* The offers as scripts see them: read-only views, made when a strategy first looks at one. */
#ifndef SENDA_SCRIPT_OFFER_VIEW_H
#define SENDA_SCRIPT_OFFER_VIEW_H

#include <lua.h>

#include "catalogue/snapshot.h"

struct offer_views {
    const struct snapshot *snapshot; /* borrowed */
    int views;                       /* registry reference: offer number + 1 → view */
    int metatable;                   /* registry reference: of the tables behind the views */
};

/* Raises Lua errors, as all below. */
void offer_views_create(lua_State *L, struct offer_views *views, const struct snapshot *snapshot);

/* Pushes the list of what an offer has, by name. */
void offer_views_push_names(lua_State *L);

/* Pushes the view of an offer; `list` is the stack index of the table behind views->views. */
void offer_views_push(lua_State *L, struct offer_views *views, int list, uint32_t offer);

/* The number of the offer whose view is at `index`, or SNAPSHOT_NONE. */
uint32_t offer_views_number(lua_State *L, int index);

#endif
