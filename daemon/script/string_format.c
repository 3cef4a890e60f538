/* string.format without addresses: %c %d %i %u %o %x %X %a %A %e %E %f %g %G %s %%. */
#include "script/library.h"

#include "script/sandbox.h"
#include "script/scratch.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum {
    FORMAT_SPEC_MAX = 16,  /* bytes of "%-+ #099.99lld" */
    FORMAT_ITEM_MAX = 512, /* bytes of a number: 1e308 with 99 decimals and room */
};

struct formatting {
    lua_State *L;               /* the arguments are on its stack */
    size_t mark;                /* of the result in the scratch memory */
    int argument;               /* index of the one that was read last */
    char spec[FORMAT_SPEC_MAX]; /* "%5.2f": flags, width, precision and conversion for snprintf */
    bool precise;               /* the spec has a precision */
};

/* Copies up to `most` digits. */
static const char *copy_digits(const char *p, char **out, int most)
{
    for (int i = 0; i < most && isdigit((unsigned char)*p); i++)
        *(*out)++ = *p++;
    return p;
}

/* Reads flags, width and precision behind the '%'; returns where the conversion stands. */
static const char *formatting_read_spec(struct formatting *formatting, const char *p)
{
    char *out = formatting->spec;
    *out++ = '%';
    for (int flags = 0; *p != '\0' && strchr("-+ #0", *p) != NULL; flags++) {
        if (flags == 5)
            luaL_error(formatting->L, "invalid format (repeated flags)");
        *out++ = *p++;
    }
    p = copy_digits(p, &out, 2);
    formatting->precise = *p == '.';
    if (formatting->precise) {
        *out++ = *p++;
        p = copy_digits(p, &out, 2);
    }
    if (isdigit((unsigned char)*p))
        luaL_error(formatting->L, "invalid format (width or precision too long)");
    *out = '\0';
    return p;
}

/* Completes the spec by a length and the conversion. */
static void formatting_complete(struct formatting *formatting, const char *length, char conversion)
{
    size_t used = strlen(formatting->spec);
    snprintf(formatting->spec + used, sizeof formatting->spec - used, "%s%c", length, conversion);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* made by formatting_read_spec alone */

static void formatting_add_integer(struct formatting *formatting, char conversion)
{
    char item[FORMAT_ITEM_MAX];
    long long value = luaL_checkinteger(formatting->L, formatting->argument);
    formatting_complete(formatting, "ll", conversion);
    int length = snprintf(item, sizeof item, formatting->spec, value);
    scratch_append(formatting->L, formatting->mark, item, (size_t)length);
}

static void formatting_add_float(struct formatting *formatting, char conversion)
{
    char item[FORMAT_ITEM_MAX];
    double value = luaL_checknumber(formatting->L, formatting->argument);
    formatting_complete(formatting, "", conversion);
    int length = snprintf(item, sizeof item, formatting->spec, value);
    scratch_append(formatting->L, formatting->mark, item, (size_t)length);
}

static void formatting_add_byte(struct formatting *formatting)
{
    char item[FORMAT_ITEM_MAX];
    int value = (int)luaL_checkinteger(formatting->L, formatting->argument);
    formatting_complete(formatting, "", 'c');
    int length = snprintf(item, sizeof item, formatting->spec, value);
    scratch_append(formatting->L, formatting->mark, item, (size_t)length);
}

/* Long texts are not padded, as in Lua. */
static void formatting_add_text(struct formatting *formatting)
{
    lua_State *L = formatting->L;
    char item[FORMAT_ITEM_MAX];
    size_t length;
    luaL_checkany(L, formatting->argument);
    lua_pushvalue(L, formatting->argument);
    const char *s = library_to_text(L, -1, &length);
    bool plain = formatting->spec[1] == '\0' || (length >= 100 && !formatting->precise);
    if (!plain && strlen(s) != length)
        luaL_argerror(L, formatting->argument, "text contains zeros");
    if (plain) {
        scratch_append(L, formatting->mark, s, length);
    } else {
        formatting_complete(formatting, "", 's');
        int written = snprintf(item, sizeof item, formatting->spec, s);
        scratch_append(L, formatting->mark, item, (size_t)written);
    }
    lua_pop(L, 1);
}

#pragma GCC diagnostic pop

/* Other flags than those mean nothing with the conversion, or have no defined result in C. */
static void formatting_check(struct formatting *formatting, const char *flags, bool precision)
{
    size_t fine = strspn(formatting->spec + 1, flags);
    if (strspn(formatting->spec + 1, "-+ #0") <= fine && (!formatting->precise || precision))
        return;
    failure_withhold(formatting->L, 1, "invalid conversion for string.format");
    luaL_error(formatting->L, "invalid conversion '%s…' for string.format", formatting->spec);
}

static void formatting_add(struct formatting *formatting, char conversion)
{
    formatting->argument++;
    switch (conversion) {
    case 'c':
        formatting_check(formatting, "-", false);
        formatting_add_byte(formatting);
        break;
    case 'd':
    case 'i':
        formatting_check(formatting, "-+0 ", true);
        formatting_add_integer(formatting, conversion);
        break;
    case 'u':
        formatting_check(formatting, "-0", true);
        formatting_add_integer(formatting, conversion);
        break;
    case 'o':
    case 'x':
    case 'X':
        formatting_check(formatting, "-#0", true);
        formatting_add_integer(formatting, conversion);
        break;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
        formatting_add_float(formatting, conversion);
        break;
    case 's':
        formatting_check(formatting, "-", true);
        formatting_add_text(formatting);
        break;
    default:
        failure_withhold(formatting->L, 1,
                         "invalid conversion for string.format; there are %%d %%f %%g %%s %%x");
        luaL_error(formatting->L,
                   "invalid conversion '%%%c' for string.format; there are %%d %%f %%g %%s %%x", conversion);
    }
}

static int l_string_format(lua_State *L)
{
    size_t length;
    const char *format = luaL_checklstring(L, 1, &length);
    struct formatting formatting = {.L = L, .mark = scratch_begin(L), .argument = 1};
    const char *end = format + length;
    for (const char *p = format; p < end; p++) {
        if (*p != '%') {
            scratch_append_byte(L, formatting.mark, *p);
        } else if (*++p == '%') {
            scratch_append_byte(L, formatting.mark, '%');
        } else {
            p = formatting_read_spec(&formatting, p);
            formatting_add(&formatting, *p);
            sandbox_tick(L);
        }
    }
    scratch_push(L, formatting.mark);
    return 1;
}

void string_format_add(lua_State *L)
{
    lua_pushcfunction(L, l_string_format);
    lua_setfield(L, -2, "format");
}
