/* Copying error objects; see failure.h. */
#include "script/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/* The length of a place, "file:12: ", at the beginning of a text; 0 where there is none. */
static size_t failure_place_length(struct text text)
{
    const char *end = text.bytes + text.length;
    const char *colon = memmem(text.bytes, text.length, ": ", 2);
    const char *digits = colon;
    while (digits != NULL && digits > text.bytes && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    bool placed = colon != NULL && digits < colon && digits > text.bytes && digits[-1] == ':' &&
                  memchr(text.bytes, ' ', (size_t)(digits - text.bytes)) == NULL;
    return placed && colon + 2 <= end ? (size_t)(colon + 2 - text.bytes) : 0;
}

/* Of places that stand before one another the last is the author's; those before it are of who called. */
static struct text failure_skip_callers(struct text text)
{
    for (;;) {
        size_t skipped = failure_place_length(text);
        struct text rest = {text.bytes + skipped, text.length - skipped};
        if (skipped == 0 || failure_place_length(rest) == 0)
            return text;
        text = rest;
    }
}

static void failure_copy_text(lua_State *L, struct error *error)
{
    struct text text;
    char escaped[sizeof error->message];
    text.bytes = lua_tolstring(L, -1, &text.length);
    text = failure_skip_callers(text);
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

/* Pushes nothing, so that there is nothing to go wrong. */
void failure_withhold(lua_State *L, int level, const char *format, ...)
{
    struct failure_withheld *withheld = &sandbox_of(L)->withheld;
    lua_Debug at;
    int used = 0;
    if (lua_getstack(L, level, &at) && lua_getinfo(L, "Sl", &at) && at.currentline > 0)
        used = snprintf(withheld->message, sizeof withheld->message, "%s:%d: ", at.short_src, at.currentline);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(withheld->message + used, sizeof withheld->message - (size_t)used, format, arguments);
    va_end(arguments);
}

struct error failure_in_public(const struct failure_withheld *withheld, const struct error *error)
{
    struct error public = *error;
    if (withheld->message[0] != '\0')
        error_set(&public, error->code, "%s", withheld->message);
    return public;
}

void failure_place(struct error *error, const char *file, uint32_t line)
{
    struct error plain = *error;
    if (failure_place_length(text_from(error->message)) == 0)
        snprintf(error->message, sizeof error->message, "%s:%u: %s", file, (unsigned)line, plain.message);
}

void failure_explain(struct error *error)
{
    static const char number[] = "; what was not told is nil: write, for instance, (c.context.visits or 0)";
    static const char never[] =
        "; what never happened is false: write, for instance, (c:did(\"purchase\") or 0)";
    static const struct {
        const char *said; /* by Lua */
        const char *hint; /* what to do about it */
    } hints[] = {
        {"attempt to compare nil with", number},
        {"with nil", number},
        {"attempt to perform arithmetic on a nil", number},
        {"attempt to compare boolean with number", never},
        {"attempt to compare number with boolean", never},
        {"attempt to perform arithmetic on a boolean", never},
        {"attempt to concatenate a nil",
         "; what was not told is nil: write, for instance, (c.context.city or \"your town\")"},
        {"attempt to index a nil",
         "; what was not told is nil and has no fields: first see whether it is there"},
        {"attempt to call a nil", "; there is no function of that name"},
    };
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        size_t used = strlen(error->message);
        if (strstr(error->message, hints[i].said) == NULL)
            continue;
        snprintf(error->message + used, sizeof error->message - used, "%s", hints[i].hint);
        return;
    }
}
