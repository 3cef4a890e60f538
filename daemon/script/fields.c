/* Reading fields; see fields.h. */
#include "script/fields.h"

#include <lauxlib.h>

void *fields_allocate(lua_State *L, struct snapshot *snapshot, size_t count, size_t size)
{
    void *memory = arena_allocate_zeroed(&snapshot->arena, count, size);
    if (memory == NULL)
        luaL_error(L, "out of memory");
    return memory;
}

struct text fields_copy_text(lua_State *L, struct snapshot *snapshot, int index)
{
    size_t length;
    const char *bytes = lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, &length) : NULL;
    if (bytes == NULL)
        return (struct text){NULL, 0};
    const char *copy = arena_copy(&snapshot->arena, bytes, length);
    if (copy == NULL)
        luaL_error(L, "out of memory");
    return (struct text){copy, length};
}

struct text fields_text(lua_State *L, struct snapshot *snapshot, const char *name)
{
    lua_getfield(L, -1, name);
    struct text text = fields_copy_text(L, snapshot, -1);
    lua_pop(L, 1);
    return text;
}

double fields_number(lua_State *L, const char *name, double otherwise)
{
    int there;
    lua_getfield(L, -1, name);
    double number = lua_tonumberx(L, -1, &there);
    lua_pop(L, 1);
    return there ? number : otherwise;
}

uint32_t fields_index(lua_State *L, const char *name)
{
    double number = fields_number(L, name, 0);
    return number >= 1 ? (uint32_t)number - 1 : SNAPSHOT_NONE;
}

struct number_list fields_indexes(lua_State *L, struct snapshot *snapshot, const char *name)
{
    struct number_list list = {NULL, 0, false};
    lua_getfield(L, -1, name); /* stack: table, list (top) */
    if (lua_type(L, -1) == LUA_TTABLE) {
        list.restricts = true;
        list.count = (uint32_t)lua_rawlen(L, -1);
        uint32_t *numbers = fields_allocate(L, snapshot, list.count, sizeof *numbers);
        for (uint32_t i = 0; i < list.count; i++) {
            lua_rawgeti(L, -1, i + 1);
            numbers[i] = (uint32_t)lua_tonumber(L, -1) - 1;
            lua_pop(L, 1);
        }
        list.numbers = numbers;
    }
    lua_pop(L, 1);
    return list;
}

struct localized fields_localized(lua_State *L, struct snapshot *snapshot, const char *name)
{
    struct localized localized = {NULL};
    lua_getfield(L, -1, name); /* stack: table, texts (top) */
    if (lua_type(L, -1) == LUA_TTABLE) {
        struct text *texts = fields_allocate(L, snapshot, snapshot->locale_count, sizeof *texts);
        struct text everywhere = fields_text(L, snapshot, "*");
        for (uint32_t i = 0; i < snapshot->locale_count; i++) {
            texts[i] = fields_text(L, snapshot, snapshot->locales[i].bytes);
            if (texts[i].bytes == NULL)
                texts[i] = everywhere;
        }
        localized.by_locale = texts;
    }
    lua_pop(L, 1);
    return localized;
}

static void read_text(lua_State *L, struct snapshot *snapshot, void *element)
{
    *(struct text *)element = fields_copy_text(L, snapshot, -1);
}

const struct text *fields_texts(lua_State *L, struct snapshot *snapshot, const char *name, uint32_t *count)
{
    return fields_array(L, snapshot, name, sizeof(struct text), read_text, count);
}

void *fields_array(lua_State *L, struct snapshot *snapshot, const char *name, size_t size, fields_read read,
                   uint32_t *count)
{
    char *array = NULL;
    *count = 0;
    luaL_checkstack(L, 8, "too deep");
    lua_getfield(L, -1, name); /* stack: table, list (top) */
    if (lua_type(L, -1) == LUA_TTABLE && lua_rawlen(L, -1) > 0) {
        *count = (uint32_t)lua_rawlen(L, -1);
        array = fields_allocate(L, snapshot, *count, size);
        for (uint32_t i = 0; i < *count; i++) {
            lua_rawgeti(L, -1, i + 1);
            read(L, snapshot, array + i * size);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    return array;
}
