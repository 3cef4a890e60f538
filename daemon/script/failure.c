/* Copying error objects; see failure.h. */
#include "script/failure.h"

#include "base/text.h"
#include "script/sandbox.h"

/* Numbers are not converted by Lua, which would need memory. */
static void failure_copy_number(lua_State *L, struct error *error)
{
    if (lua_isinteger(L, -1))
        error_set(error, ERROR_INTERNAL, "raised the number %lld as an error",
                  (long long)lua_tointeger(L, -1));
    else
        error_set(error, ERROR_INTERNAL, "raised the number %.14g as an error", lua_tonumber(L, -1));
}

static void failure_copy_text(lua_State *L, struct error *error)
{
    struct text text;
    char escaped[sizeof error->message];
    text.bytes = lua_tolstring(L, -1, &text.length);
    error_set(error, ERROR_INTERNAL, "%s", text_escape(text, escaped, sizeof escaped));
}

void failure_copy(lua_State *L, struct error *error)
{
    int type = lua_type(L, -1);
    if (error == NULL)
        return;
    if (type == LUA_TSTRING)
        failure_copy_text(L, error);
    else if (type == LUA_TNUMBER)
        failure_copy_number(L, error);
    else
        error_set(error, ERROR_INTERNAL, "raised an error without a message (a %s instead)",
                  type == LUA_TUSERDATA ? "table" : lua_typename(L, type));
}
