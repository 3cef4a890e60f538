/* Texts and patterns: find, match, gmatch and gsub. */
#include "script/library.h"

#include "script/match.h"
#include "script/sandbox.h"
#include "script/scratch.h"
#include "script/view.h"

#include <lauxlib.h>
#include <string.h>

/* A byte that means something in patterns. */
static bool has_specials(const char *pattern, size_t length)
{
    static const char specials[] = "^$*+?.([%-";
    for (size_t i = 0; i < sizeof specials - 1; i++)
        if (memchr(pattern, specials[i], length) != NULL)
            return true;
    return false;
}

/* Where searching begins, counted from 0, as the argument at index 3 says. More than the length: nowhere. */
static size_t search_start(lua_State *L, int index, size_t length)
{
    lua_Integer position = luaL_optinteger(L, index, 1);
    if (position > 0)
        return (size_t)position - 1;
    if (position == 0 || position < -(lua_Integer)length)
        return 0;
    return length + (size_t)position;
}

/* stack: text, pattern, start. Pushes what find gives for a pattern that is taken literally. */
static int find_plain(lua_State *L, size_t start)
{
    size_t length, wanted_length;
    const char *s = lua_tolstring(L, 1, &length);
    const char *wanted = lua_tolstring(L, 2, &wanted_length);
    const char *found = memmem(s + start, length - start, wanted, wanted_length);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - s + 1);
    lua_pushinteger(L, found - s + (lua_Integer)wanted_length);
    return 2;
}

static int push_found(struct match *match, const char *start, const char *end, bool find)
{
    if (!find)
        return match_push_captures(match, start, end);
    lua_pushinteger(match->L, start - match->text + 1);
    lua_pushinteger(match->L, end - match->text);
    return 2 + match_push_captures(match, NULL, NULL);
}

static int search(lua_State *L, size_t start, bool find)
{
    struct match match;
    size_t length, pattern_length;
    const char *s = lua_tolstring(L, 1, &length);
    const char *pattern = lua_tolstring(L, 2, &pattern_length);
    bool anchor = pattern_length > 0 && *pattern == '^';
    match_create(&match, L, s, length, pattern + anchor, pattern_length - anchor);
    for (const char *at = s + start; at <= match.text_end; at++) {
        const char *end = match_at(&match, at);
        if (end != NULL)
            return push_found(&match, at, end, find);
        if (anchor)
            break;
    }
    lua_pushnil(L);
    return 1;
}

/* stack: text, pattern, start, plain */
static int find_or_match(lua_State *L, bool find)
{
    size_t length, pattern_length;
    luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    size_t start = search_start(L, 3, length);
    if (start > length) {
        lua_pushnil(L);
        return 1;
    }
    if (find && (lua_toboolean(L, 4) || !has_specials(pattern, pattern_length)))
        return find_plain(L, start);
    return search(L, start, find);
}

static int l_string_find(lua_State *L)
{
    return find_or_match(L, true);
}

static int l_string_match(lua_State *L)
{
    return find_or_match(L, false);
}

/* Upvalues: text, pattern, where to go on, where the last match ended (-1: none yet); both counted from 0. */
static int l_string_next_match(lua_State *L)
{
    struct match match;
    size_t length, pattern_length;
    const char *s = lua_tolstring(L, lua_upvalueindex(1), &length);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &pattern_length);
    lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    match_create(&match, L, s, length, pattern, pattern_length);
    for (const char *at = s + lua_tointeger(L, lua_upvalueindex(3)); at <= match.text_end; at++) {
        const char *end = match_at(&match, at);
        if (end == NULL || end - s == last)
            continue;
        lua_pushinteger(L, end - s);
        lua_pushvalue(L, -1);
        lua_replace(L, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return match_push_captures(&match, at, end);
    }
    lua_pushinteger(L, (lua_Integer)length + 1);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

static int l_string_gmatch(lua_State *L)
{
    size_t length;
    luaL_checklstring(L, 1, &length);
    luaL_checkstring(L, 2);
    size_t start = search_start(L, 3, length);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)(start > length ? length + 1 : start));
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, l_string_next_match, 4);
    return 1;
}

/* Appends the text at index 3, in which %0 to %9 stand for captures. */
static void append_template(struct match *match, size_t mark, const char *start, const char *end)
{
    lua_State *L = match->L;
    size_t length;
    const char *template = lua_tolstring(L, 3, &length);
    for (const char *p = template; p < template + length; p++) {
        if (*p != '%') {
            scratch_append_byte(L, mark, *p);
            continue;
        }
        p++; /* a string of Lua has a NUL behind it */
        if (*p == '%') {
            scratch_append_byte(L, mark, '%');
        } else if (*p == '0') {
            scratch_append(L, mark, start, (size_t)(end - start));
        } else if (*p >= '1' && *p <= '9') {
            match_push_capture(match, *p - '1', start, end);
            scratch_append_value(L, mark, -1);
            lua_pop(L, 1);
        } else {
            luaL_error(L, "invalid use of '%%' in the replacement text");
        }
    }
}

/* Appends what the table or function at index 3 gives for the match; the match itself where it gives nothing.
 */
static void append_answer(struct match *match, size_t mark, const char *start, const char *end)
{
    lua_State *L = match->L;
    if (lua_type(L, 3) == LUA_TFUNCTION) {
        lua_pushvalue(L, 3);
        lua_call(L, match_push_captures(match, start, end), 1);
    } else {
        match_push_capture(match, 0, start, end);
        lua_gettable(L, 3);
    }
    if (!lua_toboolean(L, -1))
        scratch_append(L, mark, start, (size_t)(end - start));
    else if (lua_isstring(L, -1))
        scratch_append_value(L, mark, -1);
    else
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    lua_pop(L, 1);
}

static void append_replacement(struct match *match, size_t mark, const char *start, const char *end)
{
    if (lua_isstring(match->L, 3))
        append_template(match, mark, start, end);
    else
        append_answer(match, mark, start, end);
}

/* Appends the text with up to `most` matches replaced; returns how many there were. */
static lua_Integer replace_all(struct match *match, size_t mark, bool anchor, lua_Integer most)
{
    const char *at = match->text, *last = NULL;
    lua_Integer count = 0;
    while (count < most) {
        const char *end = match_at(match, at);
        if (end != NULL && end != last) {
            count++;
            append_replacement(match, mark, at, end);
            at = last = end;
        } else if (at < match->text_end) {
            scratch_append_byte(match->L, mark, *at++);
        } else {
            break;
        }
        if (anchor)
            break;
    }
    scratch_append(match->L, mark, at, (size_t)(match->text_end - at));
    return count;
}

static int l_string_gsub(lua_State *L)
{
    struct match match;
    size_t length, pattern_length;
    const char *s = luaL_checklstring(L, 1, &length);
    const char *pattern = luaL_checklstring(L, 2, &pattern_length);
    int type = lua_type(L, 3);
    if (type != LUA_TNUMBER && type != LUA_TSTRING && type != LUA_TTABLE && type != LUA_TFUNCTION &&
        !view_is(L, 3))
        return luaL_typeerror(L, 3, "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1);
    bool anchor = pattern_length > 0 && *pattern == '^';
    lua_settop(L, 3);
    match_create(&match, L, s, length, pattern + anchor, pattern_length - anchor);
    size_t mark = scratch_begin(L);
    lua_Integer count = replace_all(&match, mark, anchor, most);
    scratch_push(L, mark);
    lua_pushinteger(L, count);
    return 2;
}

void string_pattern_add(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"find", l_string_find},
        {"gmatch", l_string_gmatch},
        {"gsub", l_string_gsub},
        {"match", l_string_match},
        {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}
