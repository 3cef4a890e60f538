/* Numbers: `math` without a random state of its own. */
#include "script/library.h"

#include <lauxlib.h>
#include <math.h>
#include <stdbool.h>

static int l_math_abs(lua_State *L)
{
    if (lua_isinteger(L, 1)) {
        lua_Integer n = lua_tointeger(L, 1);
        lua_pushinteger(L, n < 0 ? (lua_Integer)(0U - (lua_Unsigned)n) : n);
    } else {
        lua_pushnumber(L, fabs(luaL_checknumber(L, 1)));
    }
    return 1;
}

/* As an integer where it fits one. */
static void math_push_rounded(lua_State *L, double value)
{
    lua_Integer n;
    if (lua_numbertointeger(value, &n))
        lua_pushinteger(L, n);
    else
        lua_pushnumber(L, value);
}

static int math_round(lua_State *L, double (*round)(double))
{
    if (lua_isinteger(L, 1))
        lua_settop(L, 1);
    else
        math_push_rounded(L, round(luaL_checknumber(L, 1)));
    return 1;
}

static int l_math_ceil(lua_State *L)
{
    return math_round(L, ceil);
}

static int l_math_floor(lua_State *L)
{
    return math_round(L, floor);
}

/* Pushes the argument that comes before all others by `<` (or behind them). */
static int math_choose(lua_State *L, bool greatest)
{
    int count = lua_gettop(L), best = 1;
    luaL_checknumber(L, 1);
    for (int i = 2; i <= count; i++) {
        luaL_checknumber(L, i);
        if (greatest ? lua_compare(L, best, i, LUA_OPLT) : lua_compare(L, i, best, LUA_OPLT))
            best = i;
    }
    lua_pushvalue(L, best);
    return 1;
}

static int l_math_max(lua_State *L)
{
    return math_choose(L, true);
}

static int l_math_min(lua_State *L)
{
    return math_choose(L, false);
}

static int math_remainder_of_integers(lua_State *L)
{
    lua_Integer divisor = lua_tointeger(L, 2);
    luaL_argcheck(L, divisor != 0, 2, "zero");
    /* The least integer has no quotient by -1. */
    lua_pushinteger(L, divisor == -1 ? 0 : lua_tointeger(L, 1) % divisor);
    return 1;
}

static int l_math_fmod(lua_State *L)
{
    if (lua_isinteger(L, 1) && lua_isinteger(L, 2))
        return math_remainder_of_integers(L);
    lua_pushnumber(L, fmod(luaL_checknumber(L, 1), luaL_checknumber(L, 2)));
    return 1;
}

static int l_math_modf(lua_State *L)
{
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        lua_pushnumber(L, 0);
        return 2;
    }
    double value = luaL_checknumber(L, 1);
    double whole = value < 0 ? ceil(value) : floor(value);
    math_push_rounded(L, whole);
    lua_pushnumber(L, value == whole ? 0.0 : value - whole);
    return 2;
}

#define MATH_FUNCTION(name)                                                                                  \
    static int l_math_##name(lua_State *L)                                                                   \
    {                                                                                                        \
        lua_pushnumber(L, name(luaL_checknumber(L, 1)));                                                     \
        return 1;                                                                                            \
    }

MATH_FUNCTION(sqrt)
MATH_FUNCTION(exp)
MATH_FUNCTION(sin)
MATH_FUNCTION(cos)
MATH_FUNCTION(tan)
MATH_FUNCTION(asin)
MATH_FUNCTION(acos)

static int l_math_atan(lua_State *L)
{
    lua_pushnumber(L, atan2(luaL_checknumber(L, 1), luaL_optnumber(L, 2, 1)));
    return 1;
}

static int l_math_log(lua_State *L)
{
    double value = luaL_checknumber(L, 1);
    if (lua_isnoneornil(L, 2)) {
        lua_pushnumber(L, log(value));
        return 1;
    }
    double base = luaL_checknumber(L, 2);
    if (base == 2.0)
        lua_pushnumber(L, log2(value));
    else
        lua_pushnumber(L, base == 10.0 ? log10(value) : log(value) / log(base));
    return 1;
}

static int l_math_tointeger(lua_State *L)
{
    int exact;
    luaL_checkany(L, 1);
    lua_Integer n = lua_tointegerx(L, 1, &exact);
    if (exact)
        lua_pushinteger(L, n);
    else
        lua_pushnil(L);
    return 1;
}

static int l_math_type(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_type(L, 1) != LUA_TNUMBER)
        lua_pushnil(L);
    else
        lua_pushstring(L, lua_isinteger(L, 1) ? "integer" : "float");
    return 1;
}

static int l_math_ult(lua_State *L)
{
    lua_pushboolean(L, (lua_Unsigned)luaL_checkinteger(L, 1) < (lua_Unsigned)luaL_checkinteger(L, 2));
    return 1;
}

static void math_add_number(lua_State *L, const char *name, double value)
{
    lua_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

static void math_add_integer(lua_State *L, const char *name, lua_Integer value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

void math_library_add(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"abs", l_math_abs},   {"acos", l_math_acos},     {"asin", l_math_asin},
        {"atan", l_math_atan}, {"ceil", l_math_ceil},     {"cos", l_math_cos},
        {"exp", l_math_exp},   {"floor", l_math_floor},   {"fmod", l_math_fmod},
        {"log", l_math_log},   {"max", l_math_max},       {"min", l_math_min},
        {"modf", l_math_modf}, {"random", l_base_random}, {"sin", l_math_sin},
        {"sqrt", l_math_sqrt}, {"tan", l_math_tan},       {"tointeger", l_math_tointeger},
        {"type", l_math_type}, {"ult", l_math_ult},       {NULL, NULL},
    };
    luaL_setfuncs(L, functions, 0);
    math_add_number(L, "pi", M_PI);
    math_add_number(L, "huge", HUGE_VAL);
    math_add_integer(L, "maxinteger", LUA_MAXINTEGER);
    math_add_integer(L, "mininteger", LUA_MININTEGER);
}
