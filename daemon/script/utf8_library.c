/* Texts as characters: `utf8`, strict (RFC 3629). */
#include "script/library.h"

#include "script/sandbox.h"
#include "script/scratch.h"

#include <lauxlib.h>
#include <stdint.h>

enum {
    UTF8_CODES_MAX = 1000, /* results of utf8.codepoint */
    UTF8_STEPS = 1024,     /* characters between looks at the deadline */
    UTF8_HIGHEST = 0x10FFFF,
};

static bool is_continuation(const char *s)
{
    return ((unsigned char)*s & 0xC0) == 0x80;
}

/* Behind the character at s, whose code is stored; NULL where none is well-formed. Reads no further than a
 * NUL. */
static const char *utf8_decode(const char *s, uint32_t *code)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)*s;
    int more = first < 0x80   ? 0
               : first < 0xC0 ? -1
               : first < 0xE0 ? 1
               : first < 0xF0 ? 2
               : first < 0xF8 ? 3
                              : -1;
    if (more < 0)
        return NULL;
    uint32_t value = more == 0 ? first : first & (0x3FU >> more);
    for (int i = 1; i <= more; i++) {
        if (!is_continuation(s + i))
            return NULL;
        value = (value << 6) | ((unsigned char)s[i] & 0x3FU);
    }
    if (value < least[more] || value > UTF8_HIGHEST || (value >= 0xD800 && value <= 0xDFFF))
        return NULL;
    *code = value;
    return s + more + 1;
}

static size_t utf8_encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)((0xF00U >> length & 0xFF) | code);
    return length;
}

/* A position where negative ones count from the end; 0 where it lies before the text. */
static lua_Integer utf8_position(lua_Integer position, size_t length)
{
    if (position >= 0)
        return position;
    return position < -(lua_Integer)length ? 0 : (lua_Integer)length + position + 1;
}

static int l_utf8_len(lua_State *L)
{
    size_t length;
    lua_Integer count = 0;
    uint32_t code;
    const char *s = luaL_checklstring(L, 1, &length);
    lua_Integer i = utf8_position(luaL_optinteger(L, 2, 1), length);
    lua_Integer last = utf8_position(luaL_optinteger(L, 3, -1), length);
    luaL_argcheck(L, 1 <= i && i - 1 <= (lua_Integer)length, 2, "initial position out of bounds");
    luaL_argcheck(L, last - 1 < (lua_Integer)length, 3, "final position out of bounds");
    while (i <= last) {
        const char *next = utf8_decode(s + i - 1, &code);
        if (next == NULL) {
            lua_pushnil(L);
            lua_pushinteger(L, i);
            return 2;
        }
        i = next - s + 1;
        if (++count % UTF8_STEPS == 0)
            sandbox_tick(L);
    }
    lua_pushinteger(L, count);
    return 1;
}

static int l_utf8_codepoint(lua_State *L)
{
    size_t length;
    int count = 0;
    const char *s = luaL_checklstring(L, 1, &length);
    lua_Integer first = utf8_position(luaL_optinteger(L, 2, 1), length);
    lua_Integer last = utf8_position(luaL_optinteger(L, 3, first), length);
    luaL_argcheck(L, first >= 1, 2, "out of bounds");
    luaL_argcheck(L, last <= (lua_Integer)length, 3, "out of bounds");
    if (first <= last && last - first >= UTF8_CODES_MAX)
        return luaL_error(L, "utf8.codepoint reads %d bytes at most", UTF8_CODES_MAX);
    luaL_checkstack(L, first <= last ? (int)(last - first + 1) : 0, "utf8.codepoint");
    for (const char *at = s + first - 1; at < s + last; count++) {
        uint32_t code;
        at = utf8_decode(at, &code);
        if (at == NULL)
            return luaL_error(L, "invalid UTF-8 code");
        lua_pushinteger(L, code);
    }
    return count;
}

static int l_utf8_char(lua_State *L)
{
    int count = lua_gettop(L);
    size_t mark = scratch_begin(L);
    for (int i = 1; i <= count; i++) {
        char bytes[4];
        lua_Integer code = luaL_checkinteger(L, i);
        luaL_argcheck(L, 0 <= code && code <= UTF8_HIGHEST, i, "value out of range");
        scratch_append(L, mark, bytes, utf8_encode((uint32_t)code, bytes));
    }
    scratch_push(L, mark);
    return 1;
}

/* Forwards over `count` characters from the one at `i` (counted from 0); -1 where the text ends before. */
static lua_Integer utf8_forward(const char *s, lua_Integer length, lua_Integer i, lua_Integer count)
{
    while (count > 0 && i < length) {
        do {
            i++;
        } while (is_continuation(s + i));
        count--;
    }
    return count == 0 ? i : -1;
}

static lua_Integer utf8_backward(const char *s, lua_Integer i, lua_Integer count)
{
    while (count > 0 && i > 0) {
        do {
            i--;
        } while (i > 0 && is_continuation(s + i));
        count--;
    }
    return count == 0 ? i : -1;
}

static int l_utf8_offset(lua_State *L)
{
    size_t length;
    const char *s = luaL_checklstring(L, 1, &length);
    lua_Integer n = luaL_checkinteger(L, 2), size = (lua_Integer)length;
    lua_Integer i = utf8_position(luaL_optinteger(L, 3, n >= 0 ? 1 : size + 1), length) - 1;
    luaL_argcheck(L, 0 <= i && i <= size, 3, "position out of bounds");
    if (n == 0)
        while (i > 0 && is_continuation(s + i))
            i--;
    else if (is_continuation(s + i))
        return luaL_error(L, "initial position is a continuation byte");
    if (n > 0)
        i = utf8_forward(s, size, i, n - 1);
    else if (n < 0)
        i = utf8_backward(s, i, n == LUA_MININTEGER ? LUA_MAXINTEGER : -n);
    if (i < 0)
        lua_pushnil(L);
    else
        lua_pushinteger(L, i + 1);
    return 1;
}

/* stack: text, position of the last character (0: none yet) */
static int l_utf8_next_code(lua_State *L)
{
    size_t length;
    uint32_t code;
    const char *s = luaL_checklstring(L, 1, &length);
    lua_Unsigned i = (lua_Unsigned)luaL_checkinteger(L, 2);
    sandbox_tick(L);
    if (i >= length)
        return 0;
    while (i > 0 && is_continuation(s + i))
        i++;
    if (i >= length)
        return 0;
    const char *next = utf8_decode(s + i, &code);
    if (next == NULL || is_continuation(next))
        return luaL_error(L, "invalid UTF-8 code");
    lua_pushinteger(L, (lua_Integer)i + 1);
    lua_pushinteger(L, code);
    return 2;
}

static int l_utf8_codes(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_pushcfunction(L, l_utf8_next_code);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

void utf8_library_add(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"char", l_utf8_char}, {"codepoint", l_utf8_codepoint}, {"codes", l_utf8_codes},
        {"len", l_utf8_len},   {"offset", l_utf8_offset},       {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
    lua_pushlstring(L, "[\0-\x7F\xC2-\xFD][\x80-\xBF]*", 14);
    lua_setfield(L, -2, "charpattern");
}
