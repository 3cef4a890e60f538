/* A backtracking matcher that counts its steps; see match.h. Follows the semantics of Lua 5.4's lstrlib.c. */
#include "script/match.h"

#include "script/sandbox.h"
#include "script/scratch.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

enum {
    MATCH_STEPS = 1024,  /* between looks at the deadline */
    MATCH_DEPTH = 200,   /* of recursion, which only captures and repetitions in the pattern need */
    MATCH_COMPARED = 16, /* bytes that memcmp compares in about the time of a step */
    MATCH_SKIMMED = 4,   /* bytes of a set that are looked at in about the time of a step */
};

static const char *match_here(struct match *match, const char *s, const char *p);

void match_create(struct match *match, lua_State *L, const char *text, size_t text_length,
                  const char *pattern, size_t pattern_length)
{
    match->L = L;
    match->text = text;
    match->text_end = text + text_length;
    match->pattern = pattern;
    match->pattern_end = pattern + pattern_length;
    match->steps = MATCH_STEPS;
    match->depth = 0;
    match->level = 0;
}

static inline void match_step(struct match *match, ptrdiff_t cost)
{
    match->steps -= (int)cost;
    if (match->steps > 0)
        return;
    match->steps = MATCH_STEPS;
    sandbox_tick(match->L);
}

/* Behind the set whose first byte after `[` and `^` is at p. */
static const char *set_end(struct match *match, const char *p)
{
    const char *begin = p;
    do { /* the first byte is never the end */
        if (p == match->pattern_end)
            luaL_error(match->L, "malformed pattern (missing ']')");
        if (*p++ == '%')
            p += p < match->pattern_end;
    } while (p == match->pattern_end || *p != ']');
    match_step(match, (p - begin) / MATCH_SKIMMED);
    return p + 1;
}

/* Behind the single-character class that begins at p. */
static const char *class_end(struct match *match, const char *p)
{
    if (*p++ == '%') {
        if (p == match->pattern_end)
            luaL_error(match->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (p[-1] != '[')
        return p;
    if (p < match->pattern_end && *p == '^')
        p++;
    return set_end(match, p);
}

/* Whether byte c is in the class named by a letter, as in %a; ASCII only, whatever the locale is. */
static bool class_has(int c, int letter)
{
    bool ascii = c < 0x80, result;
    switch (tolower(letter)) {
    case 'a':
        result = ascii && isalpha(c);
        break;
    case 'c':
        result = ascii && iscntrl(c);
        break;
    case 'd':
        result = ascii && isdigit(c);
        break;
    case 'g':
        result = ascii && isgraph(c);
        break;
    case 'l':
        result = ascii && islower(c);
        break;
    case 'p':
        result = ascii && ispunct(c);
        break;
    case 's':
        result = ascii && isspace(c);
        break;
    case 'u':
        result = ascii && isupper(c);
        break;
    case 'w':
        result = ascii && isalnum(c);
        break;
    case 'x':
        result = ascii && isxdigit(c);
        break;
    case 'z':
        result = c == 0;
        break;
    default:
        return letter == c;
    }
    return isupper(letter) ? !result : result;
}

/* Whether c is in the set that begins with '[' at p and ends with ']' at last. */
static bool set_has(int c, const char *p, const char *last)
{
    bool found = true;
    if (p[1] == '^') {
        found = false;
        p++;
    }
    while (++p < last) {
        if (*p == '%') {
            p++;
            if (class_has(c, (unsigned char)*p))
                return found;
        } else if (p[1] == '-' && p + 2 < last) {
            p += 2;
            if ((unsigned char)p[-2] <= c && c <= (unsigned char)*p)
                return found;
        } else if ((unsigned char)*p == c) {
            return found;
        }
    }
    return !found;
}

/* Whether the byte at s is in the class from p to behind. */
static bool match_single(struct match *match, const char *s, const char *p, const char *behind)
{
    if (s >= match->text_end)
        return false;
    int c = (unsigned char)*s;
    match_step(match, 1);
    switch (*p) {
    case '.':
        return true;
    case '%':
        return class_has(c, (unsigned char)p[1]);
    case '[':
        match_step(match, (behind - p) / MATCH_SKIMMED);
        return set_has(c, p, behind - 1);
    default:
        return (unsigned char)*p == c;
    }
}

/* %bxy: p is at the x. */
static const char *match_balance(struct match *match, const char *s, const char *p)
{
    if (match->pattern_end - p < 2)
        luaL_error(match->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= match->text_end || *s != *p)
        return NULL;
    int nested = 1;
    while (++s < match->text_end) {
        match_step(match, 1);
        if (*s == p[1]) {
            if (--nested == 0)
                return s + 1;
        } else if (*s == p[0]) {
            nested++;
        }
    }
    return NULL;
}

/* As many as possible, then fewer. */
static const char *match_most(struct match *match, const char *s, const char *p, const char *behind)
{
    ptrdiff_t count = 0;
    while (match_single(match, s + count, p, behind))
        count++;
    for (; count >= 0; count--) {
        const char *end = match_here(match, s + count, behind + 1);
        if (end != NULL)
            return end;
    }
    return NULL;
}

/* As few as possible, then more. */
static const char *match_fewest(struct match *match, const char *s, const char *p, const char *behind)
{
    for (;; s++) {
        const char *end = match_here(match, s, behind + 1);
        if (end != NULL)
            return end;
        if (!match_single(match, s, p, behind))
            return NULL;
    }
}

static const char *match_open(struct match *match, const char *s, const char *p, ptrdiff_t what)
{
    if (match->level >= MATCH_CAPTURES_MAX)
        luaL_error(match->L, "too many captures");
    match->captures[match->level] = (struct match_capture){s, what};
    match->level++;
    const char *end = match_here(match, s, p);
    if (end == NULL)
        match->level--;
    return end;
}

static const char *match_close(struct match *match, const char *s, const char *p)
{
    int level = match->level - 1;
    while (level >= 0 && match->captures[level].length != MATCH_CAPTURE_OPEN)
        level--;
    if (level < 0)
        luaL_error(match->L, "invalid pattern capture");
    match->captures[level].length = s - match->captures[level].start;
    const char *end = match_here(match, s, p);
    if (end == NULL)
        match->captures[level].length = MATCH_CAPTURE_OPEN;
    return end;
}

/* %1 to %9: behind the repetition of that capture. */
static const char *match_again(struct match *match, const char *s, int digit)
{
    int index = digit - '1';
    if (index < 0 || index >= match->level || match->captures[index].length == MATCH_CAPTURE_OPEN) {
        failure_withhold(match->L, 1, "invalid capture index in the pattern");
        luaL_error(match->L, "invalid capture index %%%d in the pattern", index + 1);
    }
    const struct match_capture *capture = &match->captures[index];
    if (capture->length == MATCH_CAPTURE_POSITION)
        return NULL;
    size_t length = (size_t)capture->length;
    match_step(match, 1 + (ptrdiff_t)length / MATCH_COMPARED);
    if ((size_t)(match->text_end - s) < length || memcmp(capture->start, s, length) != 0)
        return NULL;
    return s + length;
}

/* %f[set]: p is at the set, behind is behind it. */
static bool match_frontier(struct match *match, const char *s, const char *p, const char *behind)
{
    int before = s == match->text ? 0 : (unsigned char)s[-1];
    int here = s == match->text_end ? 0 : (unsigned char)*s;
    match_step(match, 1 + 2 * (behind - p) / MATCH_SKIMMED);
    return !set_has(before, p, behind - 1) && set_has(here, p, behind - 1);
}

static const char *frontier_set_end(struct match *match, const char *p)
{
    if (p >= match->pattern_end || *p != '[')
        luaL_error(match->L, "missing '[' after '%%f' in the pattern");
    return class_end(match, p);
}

/* Whether p is at one of `%b`, `%f`, `%0` to `%9`. */
static bool is_special_escape(const struct match *match, const char *p)
{
    return *p == '%' && p + 1 < match->pattern_end &&
           (p[1] == 'b' || p[1] == 'f' || isdigit((unsigned char)p[1]));
}

/* Moves *p behind the special escape; returns where the text goes on, or NULL. */
static const char *match_escape(struct match *match, const char *s, const char **p)
{
    const char *at = *p;
    if (at[1] == 'b') {
        *p = at + 4;
        return match_balance(match, s, at + 2);
    }
    if (at[1] == 'f') {
        *p = frontier_set_end(match, at + 2);
        return match_frontier(match, s, at + 2, *p) ? s : NULL;
    }
    *p = at + 2;
    return match_again(match, s, (unsigned char)at[1]);
}

/*
 * A class and what follows it. Either the whole rest is decided: true, *end is the result. Or the match goes
 * on at *s and *p: false.
 */
static bool match_class(struct match *match, const char **s, const char **p, const char **end)
{
    const char *behind = class_end(match, *p);
    char repeat = behind < match->pattern_end ? *behind : '\0';
    if (repeat == '*' || repeat == '-' || repeat == '+') {
        if (repeat == '+' && !match_single(match, *s, *p, behind))
            *end = NULL;
        else if (repeat == '-')
            *end = match_fewest(match, *s, *p, behind);
        else
            *end = match_most(match, *s + (repeat == '+'), *p, behind);
        return true;
    }
    bool single = match_single(match, *s, *p, behind);
    *p = behind;
    if (repeat == '?') {
        *p = behind + 1;
        *end = single ? match_here(match, *s + 1, *p) : NULL;
        return *end != NULL;
    }
    (*s)++;
    *end = NULL;
    return !single;
}

/* Whether the pattern at p is one of those that decide about all that follows; *end is the result then. */
static bool match_structure(struct match *match, const char *s, const char *p, const char **end)
{
    bool last = p + 1 == match->pattern_end;
    if (*p == '(' && !last && p[1] == ')')
        *end = match_open(match, s, p + 2, MATCH_CAPTURE_POSITION);
    else if (*p == '(')
        *end = match_open(match, s, p + 1, MATCH_CAPTURE_OPEN);
    else if (*p == ')')
        *end = match_close(match, s, p + 1);
    else if (*p == '$' && last)
        *end = s == match->text_end ? s : NULL;
    else
        return false;
    return true;
}

static const char *match_on(struct match *match, const char *s, const char *p)
{
    const char *end;
    while (p < match->pattern_end) {
        match_step(match, 1);
        if (match_structure(match, s, p, &end))
            return end;
        if (is_special_escape(match, p)) {
            s = match_escape(match, s, &p);
            if (s == NULL)
                return NULL;
        } else if (match_class(match, &s, &p, &end)) {
            return end;
        }
    }
    return s;
}

static const char *match_here(struct match *match, const char *s, const char *p)
{
    if (++match->depth > MATCH_DEPTH)
        luaL_error(match->L, "pattern too complex");
    const char *end = match_on(match, s, p);
    match->depth--;
    return end;
}

const char *match_at(struct match *match, const char *start)
{
    match->level = 0;
    match->depth = 0;
    return match_here(match, start, match->pattern);
}

void match_push_capture(struct match *match, int index, const char *start, const char *end)
{
    lua_State *L = match->L;
    if (index >= match->level) {
        if (index != 0) {
            failure_withhold(L, 1, "invalid capture index");
            luaL_error(L, "invalid capture index %%%d", index + 1);
        }
        scratch_check_length(L, (size_t)(end - start));
        lua_pushlstring(L, start, (size_t)(end - start));
        return;
    }
    const struct match_capture *capture = &match->captures[index];
    if (capture->length == MATCH_CAPTURE_OPEN)
        luaL_error(L, "unfinished capture");
    if (capture->length == MATCH_CAPTURE_POSITION) {
        lua_pushinteger(L, capture->start - match->text + 1);
        return;
    }
    scratch_check_length(L, (size_t)capture->length);
    lua_pushlstring(L, capture->start, (size_t)capture->length);
}

int match_push_captures(struct match *match, const char *start, const char *end)
{
    int count = match->level == 0 && start != NULL ? 1 : match->level;
    luaL_checkstack(match->L, count, "too many captures");
    for (int i = 0; i < count; i++)
        match_push_capture(match, i, start, end);
    return count;
}
