/* Merge sort; see sort.h. */
#include "script/sort.h"

#include "base/text.h"
#include "script/sandbox.h"

#include <lauxlib.h>
#include <stdint.h>
#include <string.h>

enum {
    SORT_MAX = 1 << 24, /* items */
    SORT_STEPS = 1024,  /* items copied between looks at the deadline */
};

struct sorting {
    lua_State *L;           /* at the top of its stack while sorting: the items, the memory of the orders */
    int items;              /* index of a table with a copy of the items */
    sort_before_cb *before; /* the order */
    uint32_t *from;         /* positions of items, runs of which are in order */
    uint32_t *to;           /* where runs of twice that length go */
};

static bool sorting_before(struct sorting *sorting, uint32_t a, uint32_t b)
{
    sandbox_tick(sorting->L);
    lua_rawgeti(sorting->L, sorting->items, a);
    lua_rawgeti(sorting->L, sorting->items, b);
    bool result = sorting->before(sorting->L);
    lua_pop(sorting->L, 2);
    return result;
}

/* Merges from[left, middle) and from[middle, right); of equals the left one comes first. */
static void sorting_merge(struct sorting *sorting, size_t left, size_t middle, size_t right)
{
    const uint32_t *from = sorting->from;
    size_t a = left, b = middle;
    if (middle == right || !sorting_before(sorting, from[middle], from[middle - 1])) {
        memcpy(sorting->to + left, from + left, (right - left) * sizeof *from); /* in order already */
        return;
    }
    for (size_t out = left; out < right; out++) {
        bool take_left = a < middle && (b == right || !sorting_before(sorting, from[b], from[a]));
        sorting->to[out] = take_left ? from[a++] : from[b++];
    }
}

static void sorting_pass(struct sorting *sorting, size_t count, size_t width)
{
    for (size_t left = 0; left < count; left += 2 * width) {
        size_t middle = left + width < count ? left + width : count;
        size_t right = middle + width < count ? middle + width : count;
        sorting_merge(sorting, left, middle, right);
    }
    uint32_t *from = sorting->from;
    sorting->from = sorting->to;
    sorting->to = from;
}

/* Pushes a copy of the items. */
static void sorting_copy_items(lua_State *L, int index, lua_Integer count)
{
    lua_createtable(L, (int)count, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        if (i % SORT_STEPS == 0)
            sandbox_tick(L);
        lua_rawgeti(L, index, i);
        lua_rawseti(L, -2, i);
    }
}

void sort_table(lua_State *L, int index, lua_Integer count, sort_before_cb *before)
{
    if (count < 2)
        return;
    if (count > SORT_MAX)
        luaL_error(L, "too many items to sort");
    index = lua_absindex(L, index);
    luaL_checkstack(L, 8, NULL);
    size_t length = (size_t)count;
    sorting_copy_items(L, index, count);
    struct sorting sorting = {L, lua_gettop(L), before, NULL, NULL};
    sorting.from = lua_newuserdatauv(L, 2 * length * sizeof(uint32_t), 0);
    sorting.to = sorting.from + length;
    for (size_t i = 0; i < length; i++)
        sorting.from[i] = (uint32_t)i + 1;
    for (size_t width = 1; width < length; width *= 2)
        sorting_pass(&sorting, length, width);
    for (size_t i = 0; i < length; i++) {
        if (i % SORT_STEPS == 0)
            sandbox_tick(L);
        lua_rawgeti(L, sorting.items, sorting.from[i]);
        lua_rawseti(L, index, (lua_Integer)i + 1);
    }
    lua_pop(L, 2);
}

static bool texts_before(lua_State *L)
{
    struct text a, b;
    a.bytes = lua_tolstring(L, -2, &a.length);
    b.bytes = lua_tolstring(L, -1, &b.length);
    return text_compare(a, b) < 0;
}

bool sort_values(lua_State *L)
{
    if (lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING)
        return texts_before(L);
    return lua_compare(L, -2, -1, LUA_OPLT) != 0;
}

static int key_rank(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        return 0;
    case LUA_TSTRING:
        return 1;
    case LUA_TBOOLEAN:
        return 2 + lua_toboolean(L, index);
    default:
        return luaL_error(L, "can't go through a table in order that has tables or functions as keys");
    }
}

bool sort_keys(lua_State *L)
{
    int a = key_rank(L, -2), b = key_rank(L, -1);
    if (a != b || a > 1)
        return a < b;
    return sort_values(L);
}
