/* Wording; the numbers are those that the gates compared. */
#include "decide/reason.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

struct text reason_keep(struct arena *arena, struct text text)
{
    const char *copy = arena_copy(arena, text.bytes, text.length);
    return copy == NULL ? TEXT("out of memory") : (struct text){copy, text.length};
}

struct text reason_say(struct arena *arena, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    return reason_keep(arena, text_drop_cut_character(text_from(line)));
}

/* Short spans of text, made one after the other for one sentence. */
struct span {
    char bytes[64];
};

static const struct unit {
    const char *written, *spoken; /* as authors write it, and as it is said to people */
    int64_t seconds;
} units[] = {{"d", "d", 86400}, {"h", "h", 3600}, {"m", "min", 60}, {"s", "s", 1}};

enum { UNITS = sizeof units / sizeof *units };

/* " in 7d", as the author would write it; nothing for a limit without a window. */
static struct span window_of(const struct limit *limit)
{
    struct span span = {""};
    size_t unit = 0;
    if (!isfinite(limit->within))
        return span;
    int64_t seconds = llround(limit->within);
    while (unit < UNITS - 1 && seconds % units[unit].seconds != 0)
        unit++;
    snprintf(span.bytes, sizeof span.bytes, " in %" PRId64 "%s", seconds / units[unit].seconds,
             units[unit].written);
    return span;
}

/* "2 d 3 h": two units at most, rounded up. */
static struct span duration_of(int64_t ms)
{
    struct span span;
    int64_t seconds = (ms + 999) / 1000;
    size_t unit = 0;
    while (unit < UNITS - 1 && seconds < units[unit].seconds)
        unit++;
    size_t smaller = unit < UNITS - 1 ? unit + 1 : unit;
    int64_t parts = (seconds + units[smaller].seconds - 1) / units[smaller].seconds;
    if (unit > 0 && parts * units[smaller].seconds == units[unit - 1].seconds)
        unit--; /* 59 min 60 s */
    int64_t whole = parts * units[smaller].seconds / units[unit].seconds;
    int64_t rest = (parts * units[smaller].seconds - whole * units[unit].seconds) / units[smaller].seconds;
    int length = snprintf(span.bytes, sizeof span.bytes, "%" PRId64 " %s", whole, units[unit].spoken);
    if (rest > 0)
        snprintf(span.bytes + length, sizeof span.bytes - (size_t)length, " %" PRId64 " %s", rest,
                 units[smaller].spoken);
    return span;
}

static struct span return_of(const struct limits *limits, int64_t free_ms)
{
    struct span span;
    if (free_ms == INT64_MAX)
        snprintf(span.bytes, sizeof span.bytes, "never free again");
    else
        snprintf(span.bytes, sizeof span.bytes, "free again in %s",
                 duration_of(free_ms - limits->now_ms).bytes);
    return span;
}

static const char *done(const struct limit *limit)
{
    static const char *const words[] = {[LIMIT_DECISIONS] = "decided",
                                        [LIMIT_IMPRESSIONS] = "seen",
                                        [LIMIT_CLICKS] = "clicked",
                                        [LIMIT_DISMISSALS] = "dismissed",
                                        [LIMIT_CONVERSIONS] = "converted"};
    return words[limit->counts];
}

/* "policy 'few-mails': " in front of what a policy is the reason of. */
static struct text whose(struct arena *arena, const struct limit *limit)
{
    return limit->policy ? reason_say(arena, "policy '%s': ", limit->name.bytes) : TEXT("");
}

/* Of the offer's limits that are in this state, the one that lasts longest; SNAPSHOT_NONE where none is. What
 * others claim of one that they stop is all that it leaves. */
static uint32_t find_longest(struct bounds *bounds, const struct offer *offer, enum decision_gate gate,
                             int64_t *free_ms)
{
    uint32_t longest = SNAPSHOT_NONE;
    for (uint32_t i = 0; i < offer->limit_count; i++) {
        if (limits_gate(&bounds->limits, offer->limits[i]) != gate)
            continue;
        bool claimed = gate == DECISION_GATE_LIMIT;
        int64_t this_ms = limits_free_ms(&bounds->limits, offer->limits[i], claimed);
        if (longest != SNAPSHOT_NONE && this_ms <= *free_ms)
            continue;
        longest = offer->limits[i];
        *free_ms = this_ms;
    }
    return longest;
}

/* What it leaves others are taking, if anything: decisions that were made, or impressions on their way. */
static struct text limit_reason(struct bounds *bounds, struct arena *arena, uint32_t number)
{
    const struct limit *limit = &bounds->snapshot->limits[number];
    const struct limits_standing *standing = limits_standing(&bounds->limits, number);
    uint32_t claimed = limits_open(&bounds->limits, number);
    bool decided = limit->counts == LIMIT_DECISIONS;
    uint32_t used = standing->used + (decided ? claimed : 0);
    uint32_t promised = standing->promised + (decided ? 0 : claimed);
    struct span coming = {""};
    if (promised > 0)
        snprintf(coming.bytes, sizeof coming.bytes, ", %" PRIu32 " more on %s way", promised,
                 promised == 1 ? "its" : "their");
    return reason_say(arena, "%s%s %" PRIu32 " of %" PRIu32 "%s%s; %s", whose(arena, limit).bytes,
                      done(limit), used, limit->times, window_of(limit).bytes, coming.bytes,
                      return_of(&bounds->limits, limits_free_ms(&bounds->limits, number, true)).bytes);
}

static struct text rest_reason(struct bounds *bounds, struct arena *arena, uint32_t number, int64_t free_ms)
{
    const struct limit *limit = &bounds->snapshot->limits[number];
    return reason_say(arena, "%sresting after %" PRIu32 " of %" PRIu32 "%s; %s", whose(arena, limit).bytes,
                      limit->times, limit->times, window_of(limit).bytes,
                      return_of(&bounds->limits, free_ms).bytes);
}

static struct text stock_reason(const struct bounds *bounds, struct arena *arena, uint32_t offer)
{
    uint64_t stock = bounds->snapshot->offers[offer].stock, left;
    if (!bounds_stock_left(bounds, offer, &left))
        return TEXT("stock: how many were given cannot be told at this moment");
    return reason_say(arena, "stock: %" PRIu64 " of %" PRIu64 " given", stock, stock);
}

/* Of the limits that choosing the offer uses up, the one that allows least; SNAPSHOT_NONE: there is none. */
static uint32_t find_scarcest(struct bounds *bounds, const struct offer *offer)
{
    uint32_t scarcest = SNAPSHOT_NONE;
    for (uint32_t i = 0; i < offer->limit_count; i++)
        if (limits_are_taken(&bounds->snapshot->limits[offer->limits[i]]) &&
            (scarcest == SNAPSHOT_NONE ||
             limits_open(&bounds->limits, offer->limits[i]) < limits_open(&bounds->limits, scarcest)))
            scarcest = offer->limits[i];
    return scarcest;
}

/* Others had what a limit left, and it is not known which: a moment later the store said so, and this is
 * worded likewise. */
static struct text held_reason(struct bounds *bounds, struct arena *arena, uint32_t offer)
{
    uint32_t number = find_scarcest(bounds, &bounds->snapshot->offers[offer]);
    return number == SNAPSHOT_NONE ? TEXT("taken by another request at this moment")
                                   : limit_reason(bounds, arena, number);
}

struct text reason_bounds(struct bounds *bounds, struct arena *arena, uint32_t offer, enum decision_gate gate)
{
    int64_t free_ms = 0;
    if ((bounds->unknown || bounds->limits.failed) && gate == DECISION_GATE_LIMIT)
        return TEXT("how often the customer has had it cannot be told at this moment");
    if (gate == DECISION_GATE_LIMIT || gate == DECISION_GATE_RESTED) {
        uint32_t limit = find_longest(bounds, &bounds->snapshot->offers[offer], gate, &free_ms);
        if (limit != SNAPSHOT_NONE)
            return gate == DECISION_GATE_LIMIT ? limit_reason(bounds, arena, limit)
                                               : rest_reason(bounds, arena, limit, free_ms);
    }
    return gate == DECISION_GATE_STOCK ? stock_reason(bounds, arena, offer)
                                       : held_reason(bounds, arena, offer);
}

struct text reason_taken(struct bounds *bounds, struct arena *arena, uint32_t number)
{
    const struct offer *offer = &bounds->snapshot->offers[number];
    uint32_t i = 0;
    while (i < offer->limit_count && limits_room(&bounds->limits, offer->limits[i]) > 0)
        i++;
    if (i == offer->limit_count)
        return TEXT("this answer promises as much as one answer can");
    const struct limit *limit = &bounds->snapshot->limits[offer->limits[i]];
    const struct limits_standing *standing = limits_standing(&bounds->limits, offer->limits[i]);
    return reason_say(arena, "%s%s %" PRIu32 " of %" PRIu32 "%s, and this answer has %" PRIu32 " more",
                      whose(arena, limit).bytes, done(limit),
                      standing->used + standing->promised + standing->claimed, limit->times,
                      window_of(limit).bytes, standing->taken);
}
