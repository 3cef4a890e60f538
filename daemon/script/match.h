/* Matching Lua's patterns, at a price that the deadline bounds. Knows no Lua functions but those that raise.
 */
#ifndef SENDA_SCRIPT_MATCH_H
#define SENDA_SCRIPT_MATCH_H

#include <lua.h>
#include <stddef.h>

enum { MATCH_CAPTURES_MAX = 32 };

struct match_capture {
    const char *start; /* in the text */
    ptrdiff_t length;  /* bytes; or one of those below */
};

enum {
    MATCH_CAPTURE_OPEN = -1,     /* its end is not found yet */
    MATCH_CAPTURE_POSITION = -2, /* `()`: stands for where it is */
};

struct match {
    lua_State *L;            /* where errors are raised */
    const char *text;        /* borrowed */
    const char *text_end;    /* behind the text */
    const char *pattern;     /* borrowed; without an anchor in front */
    const char *pattern_end; /* behind the pattern */
    int steps;               /* until the deadline is looked at */
    int depth;               /* recursion */
    int level;               /* captures, finished or not */
    struct match_capture captures[MATCH_CAPTURES_MAX];
};

void match_create(struct match *match, lua_State *L, const char *text, size_t text_length,
                  const char *pattern, size_t pattern_length);

/* Where the match that begins at `start` (in the text) ends; NULL where none begins there. Raises for bad
 * patterns. */
const char *match_at(struct match *match, const char *start);

/* Pushes capture number `index`; number 0 of a pattern without captures is the match from `start` to `end`.
 */
void match_push_capture(struct match *match, int index, const char *start, const char *end);

/* Pushes all captures, or the whole match where there are none; with `start` NULL nothing then. Returns how
 * many. */
int match_push_captures(struct match *match, const char *start, const char *end);

#endif
