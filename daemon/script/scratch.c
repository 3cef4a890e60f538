/* The stack of unfinished texts; see scratch.h. */
#include "script/scratch.h"

#include "script/sandbox.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCRATCH_SMALLEST = 4096, /* bytes of the first block */
    SCRATCH_NESTED = 4,      /* so many texts of the greatest length may be unfinished at once */
};

void scratch_destroy(struct scratch *scratch)
{
    free(scratch->bytes);
    *scratch = (struct scratch){NULL, 0, 0};
}

void scratch_check_length(lua_State *L, size_t length)
{
    size_t limit = sandbox_of(L)->text_limit;
    if (length > limit)
        luaL_error(L, "this text would be longer than the %I bytes that a text may have", (LUAI_UACINT)limit);
}

size_t scratch_begin(lua_State *L)
{
    return sandbox_of(L)->scratch.used;
}

static void scratch_grow(lua_State *L, struct scratch *scratch, size_t needed)
{
    size_t capacity = scratch->capacity == 0 ? SCRATCH_SMALLEST : scratch->capacity;
    while (capacity < needed)
        capacity *= 2;
    char *bytes = realloc(scratch->bytes, capacity);
    if (bytes == NULL) {
        memory_fail(&sandbox_of(L)->memory);
        sandbox_raise_stop(L);
    }
    scratch->bytes = bytes;
    scratch->capacity = capacity;
}

char *scratch_extend(lua_State *L, size_t mark, size_t length)
{
    struct sandbox *sandbox = sandbox_of(L);
    struct scratch *scratch = &sandbox->scratch;
    size_t limit = sandbox->text_limit;
    scratch_check_length(L, length);
    scratch_check_length(L, scratch->used - mark + length);
    if (scratch->used + length > SCRATCH_NESTED * limit)
        luaL_error(L, "too many long texts are put together inside of each other");
    if (scratch->bytes == NULL || scratch->used + length > scratch->capacity)
        scratch_grow(L, scratch, scratch->used + length);
    scratch->used += length;
    return scratch->bytes + scratch->used - length;
}

void scratch_append(lua_State *L, size_t mark, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    memcpy(scratch_extend(L, mark, length), bytes, length);
}

void scratch_append_byte(lua_State *L, size_t mark, char byte)
{
    *scratch_extend(L, mark, 1) = byte;
}

void scratch_append_value(lua_State *L, size_t mark, int index)
{
    size_t length;
    lua_pushvalue(L, index); /* lua_tolstring turns a number into a string where it stands */
    const char *bytes = lua_tolstring(L, -1, &length);
    scratch_append(L, mark, bytes, length);
    lua_pop(L, 1);
}

void scratch_push(lua_State *L, size_t mark)
{
    struct scratch *scratch = &sandbox_of(L)->scratch;
    const char *text = scratch->bytes == NULL ? "" : scratch->bytes + mark;
    lua_pushlstring(L, text, scratch->used - mark);
    scratch->used = mark;
}
