/*
 * Where library functions put texts together before Lua gets them: a stack of texts in one block. Only the
 * topmost grows; an error drops what lies above the mark of whoever catches it.
 */
#ifndef SENDA_SCRIPT_SCRATCH_H
#define SENDA_SCRIPT_SCRATCH_H

#include <lua.h>
#include <stddef.h>

struct scratch {
    char *bytes;     /* owned; NULL before the first use */
    size_t used;     /* bytes of all the texts begun and not yet pushed */
    size_t capacity; /* bytes of the block */
};

void scratch_destroy(struct scratch *scratch);

/* Raises an error where a text of `length` bytes would be too long. */
void scratch_check_length(lua_State *L, size_t length);

/* Begins a text; the result is its mark for the functions below. */
size_t scratch_begin(lua_State *L);

/* Raises an error where the text or all texts together would become too long. */
void scratch_append(lua_State *L, size_t mark, const char *bytes, size_t length);
/* As scratch_append of bytes that the caller will write to where the result points, before the next call. */
char *scratch_extend(lua_State *L, size_t mark, size_t length);

void scratch_append_byte(lua_State *L, size_t mark, char byte);

/* Appends the string or number at `index`. */
void scratch_append_value(lua_State *L, size_t mark, int index);

/* Pushes the text as a Lua string and forgets it. */
void scratch_push(lua_State *L, size_t mark);

#endif
