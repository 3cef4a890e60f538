/* Converting values; nothing here trusts a depth or a size. */
#include "script/convert.h"

#include <lauxlib.h>
#include <math.h>
#include <msgpack/unpack.h>
#include <stdlib.h>

#include "model/packed.h"
#include "wire/reply.h"
#include "wire/value.h"

/* A value being packed. */
struct packing {
    lua_State *L;
    struct buffer *out; /* borrowed */
    int items;          /* values left */
};

static bool pack_value(struct packing *packing, int index, int depth);

static bool pack_list(struct packing *packing, int index, int depth)
{
    lua_State *L = packing->L;
    size_t count = lua_rawlen(L, index);
    reply_array(packing->out, count);
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        bool packed = pack_value(packing, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
        if (!packed)
            return false;
    }
    return true;
}

static int compare_keys(const void *left, const void *right)
{
    return text_compare(*(const struct text *)left, *(const struct text *)right);
}

/* How many keys the table at `index` has; false where one is no text, or where there are too many. */
static bool count_keys(lua_State *L, int index, size_t *count)
{
    *count = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        if (lua_type(L, -2) != LUA_TSTRING || ++*count > CONVERT_ITEMS) {
            lua_pop(L, 2);
            return false;
        }
    return true;
}

/* Pushes memory with the keys of the table at `index` in byte order: Lua's, which ends with any error. */
static const struct text *push_sorted_keys(lua_State *L, int index, size_t count)
{
    struct text *keys = lua_newuserdatauv(L, count * sizeof *keys + 1, 0);
    size_t i = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), i++)
        keys[i].bytes = lua_tolstring(L, -2, &keys[i].length);
    qsort(keys, count, sizeof *keys, compare_keys);
    return keys;
}

static bool pack_pairs(struct packing *packing, int index, int depth, const struct text *keys, size_t count)
{
    lua_State *L = packing->L;
    reply_map(packing->out, count);
    for (size_t i = 0; i < count; i++) {
        reply_text(packing->out, keys[i]);
        lua_pushlstring(L, keys[i].bytes, keys[i].length);
        lua_rawget(L, index);
        bool packed = pack_value(packing, lua_gettop(L), depth + 1);
        lua_pop(L, 1);
        if (!packed)
            return false;
    }
    return true;
}

static bool pack_map(struct packing *packing, int index, int depth)
{
    size_t count;
    if (!count_keys(packing->L, index, &count))
        return false;
    const struct text *keys = push_sorted_keys(packing->L, index, count);
    bool packed = pack_pairs(packing, index, depth, keys, count);
    lua_pop(packing->L, 1);
    return packed;
}

static bool pack_table(struct packing *packing, int index, int depth)
{
    lua_State *L = packing->L;
    if (depth >= CONVERT_DEPTH || !lua_checkstack(L, 8))
        return false;
    return lua_rawlen(L, index) > 0 ? pack_list(packing, index, depth) : pack_map(packing, index, depth);
}

static bool pack_value(struct packing *packing, int index, int depth)
{
    lua_State *L = packing->L;
    size_t length;
    const char *bytes;
    if (packing->items-- == 0)
        return false;
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN:
        reply_bool(packing->out, lua_toboolean(L, index));
        return true;
    case LUA_TNUMBER:
        reply_number(packing->out, lua_tonumber(L, index));
        return isfinite(lua_tonumber(L, index));
    case LUA_TSTRING:
        bytes = lua_tolstring(L, index, &length);
        reply_text(packing->out, (struct text){bytes, length});
        return true;
    case LUA_TTABLE:
        return pack_table(packing, index, depth);
    default:
        return false;
    }
}

bool convert_pack(lua_State *L, int index, struct buffer *out)
{
    return convert_pack_up_to(L, index, CONVERT_ITEMS, out);
}

bool convert_pack_up_to(lua_State *L, int index, int most, struct buffer *out)
{
    struct packing packing = {.L = L, .out = out, .items = 1 + most};
    if (lua_isnil(L, index)) {
        reply_map(out, 0);
        return !out->failed;
    }
    return pack_value(&packing, lua_absindex(L, index), 0) && !out->failed;
}

static void push_number(lua_State *L, double number)
{
    const double most = 9007199254740992.0;
    if (number >= -most && number <= most && number == floor(number))
        lua_pushinteger(L, (lua_Integer)number);
    else
        lua_pushnumber(L, number);
}

static void push_list(lua_State *L, const msgpack_object_array *list)
{
    luaL_checkstack(L, 4, "value nested too deep");
    lua_createtable(L, (int)list->size, 0);
    for (uint32_t i = 0; i < list->size; i++) {
        convert_push(L, &list->ptr[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_map(lua_State *L, const msgpack_object_map *map)
{
    struct text key;
    luaL_checkstack(L, 4, "value nested too deep");
    lua_createtable(L, 0, (int)map->size);
    for (uint32_t i = 0; i < map->size; i++) {
        if (!value_text(&map->ptr[i].key, &key))
            continue;
        lua_pushlstring(L, key.bytes, key.length);
        convert_push(L, &map->ptr[i].val);
        lua_rawset(L, -3);
    }
}

void convert_push(lua_State *L, const msgpack_object *value)
{
    struct text text;
    double number;
    if (value->type == MSGPACK_OBJECT_MAP)
        push_map(L, &value->via.map);
    else if (value->type == MSGPACK_OBJECT_ARRAY)
        push_list(L, &value->via.array);
    else if (value->type == MSGPACK_OBJECT_BOOLEAN)
        lua_pushboolean(L, value->via.boolean);
    else if (value_text(value, &text))
        lua_pushlstring(L, text.bytes, text.length);
    else if (value_number(value, &number))
        push_number(L, number);
    else
        lua_pushnil(L);
}

/* stack: the decoded value as light userdata */
static int l_convert_push(lua_State *L)
{
    convert_push(L, lua_touserdata(L, 1));
    return 1;
}

/* An error has to wait until the decoded value is freed. */
void convert_push_packed(lua_State *L, struct text bytes)
{
    msgpack_unpacked unpacked;
    size_t offset = 0;
    int status = LUA_OK;
    luaL_checkstack(L, 2, "values to be converted");
    msgpack_unpacked_init(&unpacked);
    if (packed_is_value(bytes) &&
        msgpack_unpack_next(&unpacked, bytes.bytes, bytes.length, &offset) == MSGPACK_UNPACK_SUCCESS) {
        lua_pushcfunction(L, l_convert_push);
        lua_pushlightuserdata(L, &unpacked.data);
        status = lua_pcall(L, 1, 1, 0);
    } else {
        lua_newtable(L);
    }
    msgpack_unpacked_destroy(&unpacked);
    if (status != LUA_OK)
        lua_error(L);
}
