/* Texts as bytes: the functions of `string` that know no pattern. */
#include "script/library.h"

#include "script/sandbox.h"
#include "script/scratch.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

enum { STRING_BYTES_MAX = 1000 /* results of string.byte */ };

/* A position counted from 1, or from the end where negative, as a start: 1 at least. */
static size_t string_start(lua_Integer position, size_t length)
{
    if (position > 0)
        return (size_t)position;
    if (position == 0 || position < -(lua_Integer)length)
        return 1;
    return length + (size_t)position + 1;
}

/* As an end: at most the length, 0 where it lies before the text. */
static size_t string_end(lua_Integer position, size_t length)
{
    if (position > (lua_Integer)length)
        return length;
    if (position >= 0)
        return (size_t)position;
    if (position < -(lua_Integer)length)
        return 0;
    return length + (size_t)position + 1;
}

static int l_string_len(lua_State *L)
{
    size_t length;
    luaL_checklstring(L, 1, &length);
    lua_pushinteger(L, (lua_Integer)length);
    return 1;
}

static int l_string_sub(lua_State *L)
{
    size_t length;
    const char *s = luaL_checklstring(L, 1, &length);
    size_t start = string_start(luaL_checkinteger(L, 2), length);
    size_t end = string_end(luaL_optinteger(L, 3, -1), length);
    if (start > end) {
        lua_pushliteral(L, "");
        return 1;
    }
    scratch_check_length(L, end - start + 1);
    lua_pushlstring(L, s + start - 1, end - start + 1);
    return 1;
}

/* Pushes the text at index 1, changed byte by byte. */
static int string_map(lua_State *L, char (*change)(const char *s, size_t length, size_t at))
{
    size_t length;
    const char *s = luaL_checklstring(L, 1, &length);
    size_t mark = scratch_begin(L);
    char *out = scratch_extend(L, mark, length);
    for (size_t i = 0; i < length; i++)
        out[i] = change(s, length, i);
    scratch_push(L, mark);
    return 1;
}

static char change_lower(const char *s, size_t length, size_t at)
{
    (void)length;
    return s[at] >= 'A' && s[at] <= 'Z' ? (char)(s[at] - 'A' + 'a') : s[at];
}

static char change_upper(const char *s, size_t length, size_t at)
{
    (void)length;
    return s[at] >= 'a' && s[at] <= 'z' ? (char)(s[at] - 'a' + 'A') : s[at];
}

static char change_reverse(const char *s, size_t length, size_t at)
{
    return s[length - 1 - at];
}

static int l_string_lower(lua_State *L)
{
    return string_map(L, change_lower);
}

static int l_string_upper(lua_State *L)
{
    return string_map(L, change_upper);
}

static int l_string_reverse(lua_State *L)
{
    return string_map(L, change_reverse);
}

static int l_string_rep(lua_State *L)
{
    size_t length, between_length;
    const char *s = luaL_checklstring(L, 1, &length);
    lua_Integer count = luaL_checkinteger(L, 2);
    const char *between = luaL_optlstring(L, 3, "", &between_length);
    size_t each = length + between_length, most = each == 0 ? 0 : sandbox_of(L)->text_limit / each + 1;
    if (count <= 0 || each == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if ((lua_Unsigned)count > most)
        count = (lua_Integer)most + 1; /* too long as well */
    size_t mark = scratch_begin(L);
    char *out = scratch_extend(L, mark, (size_t)count * each - between_length);
    for (lua_Integer i = 1; i < count; i++, out += each) {
        memcpy(out, s, length);
        memcpy(out + length, between, between_length);
    }
    memcpy(out, s, length);
    scratch_push(L, mark);
    return 1;
}

static int l_string_byte(lua_State *L)
{
    size_t length;
    const char *s = luaL_checklstring(L, 1, &length);
    lua_Integer first = luaL_optinteger(L, 2, 1);
    size_t start = string_start(first, length);
    size_t end = string_end(luaL_optinteger(L, 3, first), length);
    if (start > end)
        return 0;
    if (end - start >= STRING_BYTES_MAX)
        return luaL_error(L, "string.byte gives %d bytes at most", STRING_BYTES_MAX);
    luaL_checkstack(L, (int)(end - start + 1), "string.byte");
    for (size_t i = start; i <= end; i++)
        lua_pushinteger(L, (unsigned char)s[i - 1]);
    return (int)(end - start + 1);
}

static int l_string_char(lua_State *L)
{
    int count = lua_gettop(L);
    size_t mark = scratch_begin(L);
    for (int i = 1; i <= count; i++) {
        lua_Integer value = luaL_checkinteger(L, i);
        luaL_argcheck(L, 0 <= value && value <= 255, i, "value out of range");
        scratch_append_byte(L, mark, (char)value);
    }
    scratch_push(L, mark);
    return 1;
}

void string_library_add(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"byte", l_string_byte},   {"char", l_string_char},   {"len", l_string_len},
        {"lower", l_string_lower}, {"rep", l_string_rep},     {"reverse", l_string_reverse},
        {"sub", l_string_sub},     {"upper", l_string_upper}, {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
}
