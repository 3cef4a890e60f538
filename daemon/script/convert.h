/* Between Lua values and MessagePack: free fields of offers, customers' contexts. */
#ifndef SENDA_SCRIPT_CONVERT_H
#define SENDA_SCRIPT_CONVERT_H

#include <lua.h>
#include <msgpack/object.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "base/text.h"

enum { CONVERT_DEPTH = 8, CONVERT_ITEMS = 1000 };

/*
 * Appends the value at `index`, plain and without metatables, as MessagePack: maps with keys in byte order,
 * nil as an empty map at the top. False where it is deeper than CONVERT_DEPTH, has more than CONVERT_ITEMS
 * values in it or one that has no counterpart. Raises where memory runs out.
 */
bool convert_pack(lua_State *L, int index, struct buffer *out);

/* The same with `most` values in it. */
bool convert_pack_up_to(lua_State *L, int index, int most, struct buffer *out);

/* Both raise Lua errors. Pushes a decoded value; maps and lists as new tables. Whole floats within 2^53
 * become integers. */
void convert_push(lua_State *L, const msgpack_object *value);

/* Pushes what `bytes`, made by convert_pack, hold. */
void convert_push_packed(lua_State *L, struct text bytes);

#endif
