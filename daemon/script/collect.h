/* From the authoring library's normalised result to the snapshot. */
#ifndef SENDA_SCRIPT_COLLECT_H
#define SENDA_SCRIPT_COLLECT_H

#include <lua.h>

#include "catalogue/snapshot.h"

/*
 * Reads everything but the offers (see scripts/lib/site.lua for the shape of the result, which is on the top
 * of the stack and stays). Raises Lua errors: to be run below sandbox_protect.
 */
void collect_site(lua_State *L, struct snapshot *snapshot);

/* Reads the offers `first` … `first + count - 1` that there are; false when none is left. */
bool collect_offers(lua_State *L, struct snapshot *snapshot, uint32_t first, uint32_t count);

#endif
