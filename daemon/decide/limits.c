/* Sorting a customer's touches by limit, and reading from them how each limit stands. */
#include "decide/limits.h"

#include <math.h>
#include <stdlib.h>

/* Longer than any window, and nothing overflows. */
static const int64_t for_ever_ms = INT64_C(1) << 60;

bool limits_create(struct limits *limits, const struct snapshot *snapshot, struct error *error)
{
    size_t count = snapshot->limit_count > 0 ? snapshot->limit_count : 1;
    *limits = (struct limits){.snapshot = snapshot,
                              .standings = calloc(count, sizeof *limits->standings),
                              .met = calloc(count, sizeof *limits->met)};
    if (limits->standings != NULL && limits->met != NULL)
        return true;
    limits_destroy(limits);
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

void limits_destroy(struct limits *limits)
{
    free(limits->standings);
    free(limits->met);
    free(limits->offers);
    free(limits->touches);
    free(limits->moments);
    *limits = (struct limits){0};
}

void limits_begin(struct limits *limits, const struct customer *customer, int64_t now_ms, int64_t reserved_ms)
{
    limits->customer = customer;
    limits->now_ms = now_ms;
    limits->reserved_ms = reserved_ms;
    limits->round++;
    limits->read = false;
    limits->failed = false;
}

static int64_t milliseconds(double seconds)
{
    return isfinite(seconds) ? llround(seconds * 1000.0) : for_ever_ms;
}

static struct limits_standing *standing_of(struct limits *limits, uint32_t limit)
{
    struct limits_standing *standing = &limits->standings[limit];
    if (standing->round != limits->round)
        *standing = (struct limits_standing){
            .round = limits->round, .gate = limits->failed ? DECISION_GATE_LIMIT : DECISION_GATE_CHOSEN};
    return standing;
}

/* The standing of a limit that the history is about. */
static struct limits_standing *meet(struct limits *limits, uint32_t limit)
{
    if (limits->standings[limit].round != limits->round)
        limits->met[limits->met_count++] = limit;
    return standing_of(limits, limit);
}

/* False, and nothing changed, where memory is out. */
static bool make_room(void **array, size_t *room, size_t wanted, size_t size)
{
    if (wanted <= *room)
        return true;
    void *larger = reallocarray(*array, wanted + wanted / 2, size);
    if (larger == NULL)
        return false;
    *array = larger;
    *room = wanted + wanted / 2;
    return true;
}

static enum touch_kind touch_counted(const struct limit *limit)
{
    static const enum touch_kind kinds[] = {[LIMIT_DECISIONS] = TOUCH_DECISION,
                                            [LIMIT_IMPRESSIONS] = TOUCH_IMPRESSION,
                                            [LIMIT_CLICKS] = TOUCH_CLICK,
                                            [LIMIT_DISMISSALS] = TOUCH_DISMISSAL,
                                            [LIMIT_CONVERSIONS] = TOUCH_CONVERSION};
    return kinds[limit->counts];
}

static struct limits_offer limits_of(const struct snapshot *snapshot, struct text name)
{
    uint32_t number = symbols_find(&snapshot->offer_names, name);
    if (number == SNAPSHOT_NONE)
        return (struct limits_offer){NULL, 0, 0};
    const struct offer *offer = &snapshot->offers[number];
    struct limits_offer out = {offer->limits, offer->limit_count, 0};
    for (uint32_t i = 0; i < out.limit_count; i++)
        out.counted |= 1U << touch_counted(&snapshot->limits[out.limits[i]]);
    return out;
}

/* Looks up the customer's offers. */
static bool find_offers(struct limits *limits)
{
    const struct customer *customer = limits->customer;
    if (!make_room((void **)&limits->offers, &limits->offer_room, customer->offer_count,
                   sizeof *limits->offers))
        return false;
    for (uint32_t i = 0; i < customer->offer_count; i++)
        limits->offers[i] = limits_of(limits->snapshot, customer->offers[i].offer);
    return true;
}

/* What limits the offer at a position that a touch or a reservation names. */
static struct limits_offer limited_offer(const struct limits *limits, uint32_t position)
{
    return position < limits->customer->offer_count ? limits->offers[position]
                                                    : (struct limits_offer){NULL, 0, 0};
}

/* Moments are forgotten after a while, counts are not: they tell of limits that have no window. */
static void count_ever(struct limits *limits)
{
    for (uint32_t i = 0; i < limits->customer->offer_count; i++) {
        const struct limits_offer *offer = &limits->offers[i];
        for (uint32_t j = 0; j < offer->limit_count; j++) {
            const struct limit *limit = &limits->snapshot->limits[offer->limits[j]];
            if (!isfinite(limit->within))
                meet(limits, offer->limits[j])->ever +=
                    limits->customer->offers[i].counts[touch_counted(limit)];
        }
    }
}

static int64_t at_most_now(const struct limits *limits, int64_t at_ms)
{
    return at_ms < limits->now_ms ? at_ms : limits->now_ms;
}

/* Those that count, each with the limit that counts it; `out` has room for all. */
static uint32_t list_touches(struct limits *limits, struct limits_touch *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < limits->customer->touch_count; i++) {
        customer_moment touch = limits->customer->touches[i];
        unsigned kind = customer_moment_kind(touch);
        const struct limits_offer offer = limited_offer(limits, customer_moment_position(touch));
        for (uint32_t j = 0; offer.counted >> kind & 1 && j < offer.limit_count; j++)
            if (touch_counted(&limits->snapshot->limits[offer.limits[j]]) == kind)
                out[count++] =
                    (struct limits_touch){at_most_now(limits, customer_moment_at(touch)), offer.limits[j]};
    }
    return count;
}

/* Of one touch at the most. */
static uint32_t most_limits(const struct limits *limits)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < limits->customer->offer_count; i++)
        if (limits->offers[i].limit_count > most)
            most = limits->offers[i].limit_count;
    return most;
}

/* Gives each limit its part of the moments. */
static void lay_out(struct limits *limits)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < limits->met_count; i++) {
        struct limits_standing *standing = &limits->standings[limits->met[i]];
        standing->first = total;
        total += standing->count;
        standing->count = 0;
    }
}

/* Sorts the touches by limit. False where memory is out. */
static bool sort_touches(struct limits *limits)
{
    size_t most = (size_t)limits->customer->touch_count * most_limits(limits);
    if (!make_room((void **)&limits->touches, &limits->touch_room, most, sizeof *limits->touches) ||
        !make_room((void **)&limits->moments, &limits->moment_room, most, sizeof *limits->moments))
        return false;
    uint32_t count = list_touches(limits, limits->touches);
    for (uint32_t i = 0; i < count; i++)
        meet(limits, limits->touches[i].limit)->count++;
    lay_out(limits);
    for (uint32_t i = 0; i < count; i++) {
        struct limits_standing *standing = &limits->standings[limits->touches[i].limit];
        limits->moments[standing->first + standing->count++] = limits->touches[i].at_ms;
    }
    return true;
}

static bool is_open(const struct limits *limits, const struct customer_reservation *reservation)
{
    return limits->now_ms - at_most_now(limits, reservation->at_ms) < limits->reserved_ms;
}

static void count_reservations(struct limits *limits)
{
    for (uint32_t i = 0; i < limits->customer->reservation_count; i++) {
        const struct customer_reservation *reservation = &limits->customer->reservations[i];
        const struct limits_offer offer = limited_offer(limits, reservation->offer);
        for (uint32_t j = 0; is_open(limits, reservation) && j < offer.limit_count; j++)
            if (limits->snapshot->limits[offer.limits[j]].counts == LIMIT_IMPRESSIONS)
                meet(limits, offer.limits[j])->promised++;
    }
}

/* Touch i is the one that makes it `times` within the window: neither fewer nor more. */
static bool reaches(const int64_t *moments, uint32_t i, uint32_t times, int64_t within_ms)
{
    int64_t begin = moments[i] - within_ms;
    return i + 1 >= times && moments[i + 1 - times] > begin && (i < times || moments[i - times] <= begin);
}

/* When the rest ends that began last; only looks at those that have not ended. */
static int64_t rest_end(const struct limits *limits, const struct limit *limit,
                        const struct limits_standing *standing)
{
    const int64_t *moments = limits->moments + standing->first;
    int64_t rest_ms = milliseconds(limit->rest), within_ms = milliseconds(limit->within);
    for (uint32_t i = standing->count; i > 0 && moments[i - 1] + rest_ms > limits->now_ms; i--)
        if (reaches(moments, i - 1, limit->times, within_ms))
            return moments[i - 1] + rest_ms;
    return 0;
}

static uint32_t count_in_window(const struct limits *limits, const struct limit *limit,
                                const struct limits_standing *standing)
{
    const int64_t *moments = limits->moments + standing->first;
    int64_t begin = limits->now_ms - milliseconds(limit->within);
    uint32_t used = 0;
    while (used < standing->count && moments[standing->count - 1 - used] > begin)
        used++;
    return !isfinite(limit->within) && standing->ever > used ? standing->ever : used;
}

/* Without a window, what was counted before a rest does not count behind it. */
static bool begins_anew(const struct limit *limit)
{
    return !isfinite(limit->within) && limit->rest > 0;
}

/*
 * Counts from rest to rest; a touch during one is late and counts for nothing. Those whose moments are
 * forgotten came before all others, so long ago that no rest of theirs lasts still; of them it is assumed
 * that none was late.
 */
static void settle_anew(struct limits *limits, const struct limit *limit, struct limits_standing *standing)
{
    const int64_t *moments = limits->moments + standing->first;
    uint32_t forgotten = standing->ever > standing->count ? standing->ever - standing->count : 0;
    standing->used = forgotten % limit->times;
    for (uint32_t i = 0; i < standing->count; i++) {
        if (moments[i] < standing->rest_ends_ms || ++standing->used < limit->times)
            continue;
        standing->rest_ends_ms = moments[i] + milliseconds(limit->rest);
        standing->used = 0;
    }
}

static void settle(struct limits *limits, uint32_t number)
{
    const struct limit *limit = &limits->snapshot->limits[number];
    struct limits_standing *standing = &limits->standings[number];
    if (begins_anew(limit)) {
        settle_anew(limits, limit, standing);
    } else {
        standing->used = count_in_window(limits, limit, standing);
        standing->rest_ends_ms = rest_end(limits, limit, standing);
    }
    if ((uint64_t)standing->used + standing->promised >= limit->times)
        standing->gate = DECISION_GATE_LIMIT;
    else if (standing->rest_ends_ms > limits->now_ms)
        standing->gate = DECISION_GATE_RESTED;
}

static void read_history(struct limits *limits)
{
    limits->read = true;
    limits->met_count = 0;
    if (limits->customer == NULL)
        return;
    if (!find_offers(limits)) {
        limits->failed = true;
        return;
    }
    count_ever(limits);
    count_reservations(limits);
    if (!sort_touches(limits)) {
        limits->failed = true;
        limits->round++; /* forgets what was met */
        return;
    }
    for (uint32_t i = 0; i < limits->met_count; i++)
        settle(limits, limits->met[i]);
}

struct limits_standing *limits_standing(struct limits *limits, uint32_t limit)
{
    if (!limits->read)
        read_history(limits);
    return standing_of(limits, limit);
}

uint32_t limits_open(struct limits *limits, uint32_t number)
{
    const struct limits_standing *standing = limits_standing(limits, number);
    uint64_t gone = (uint64_t)standing->used + standing->promised;
    uint32_t times = limits->snapshot->limits[number].times;
    return gone < times ? times - (uint32_t)gone : 0;
}

uint32_t limits_left(struct limits *limits, uint32_t number)
{
    return limits_standing(limits, number)->gate == DECISION_GATE_CHOSEN ? limits_open(limits, number) : 0;
}

enum decision_gate limits_gate(struct limits *limits, uint32_t number)
{
    const struct limits_standing *standing = limits_standing(limits, number);
    bool full = standing->claimed > 0 && standing->claimed >= limits_open(limits, number);
    return full ? DECISION_GATE_LIMIT : standing->gate;
}

uint32_t limits_room(struct limits *limits, uint32_t number)
{
    const struct limits_standing *standing = limits_standing(limits, number);
    uint64_t gone = (uint64_t)standing->taken + standing->claimed;
    uint32_t left = limits_left(limits, number);
    return gone < left ? left - (uint32_t)gone : 0;
}

static int compare_moments(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static bool is_under(struct limits_offer offer, uint32_t limit)
{
    for (uint32_t i = 0; i < offer.limit_count; i++)
        if (offer.limits[i] == limit)
            return true;
    return false;
}

/* When what is claimed now will count no more: as the touch or the promise that it is about to be. */
static int64_t claim_end(const struct limits *limits, const struct limit *limit)
{
    int64_t span_ms = milliseconds(limit->within);
    if (limit->counts == LIMIT_IMPRESSIONS)
        span_ms = limits->reserved_ms;
    else if (begins_anew(limit))
        span_ms = milliseconds(limit->rest);
    return span_ms < for_ever_ms ? limits->now_ms + span_ms : INT64_MAX;
}

/* When each touch in the window and each promise will count no more, in order, and what is claimed, all of
 * which does at once; `ends` has room for all. */
static uint32_t list_ends(const struct limits *limits, uint32_t number, bool claimed, int64_t *ends)
{
    const struct limit *limit = &limits->snapshot->limits[number];
    const struct limits_standing *standing = &limits->standings[number];
    const int64_t *past = limits->moments + standing->first + standing->count;
    uint32_t count = 0;
    for (uint32_t i = standing->used; isfinite(limit->within) && i > 0; i--)
        ends[count++] = *(past - i) + milliseconds(limit->within);
    for (uint32_t i = 0; standing->promised > 0 && i < limits->customer->reservation_count; i++) {
        const struct customer_reservation *reservation = &limits->customer->reservations[i];
        if (is_open(limits, reservation) && is_under(limited_offer(limits, reservation->offer), number))
            ends[count++] = at_most_now(limits, reservation->at_ms) + limits->reserved_ms;
    }
    if (claimed)
        ends[count++] = claim_end(limits, limit);
    qsort(ends, count, sizeof *ends, compare_moments);
    return count;
}

/* Decisions that are claimed reach the limit now; impressions do when they come. */
static int64_t rest_known(const struct limits *limits, const struct limit *limit,
                          const struct limits_standing *standing, bool claimed)
{
    bool reached = claimed && limit->counts == LIMIT_DECISIONS;
    int64_t rest_ends_ms = reached ? limits->now_ms + milliseconds(limit->rest) : standing->rest_ends_ms;
    return rest_ends_ms > limits->now_ms ? rest_ends_ms : limits->now_ms;
}

int64_t limits_free_ms(struct limits *limits, uint32_t number, bool claimed)
{
    const struct limits_standing *standing = limits_standing(limits, number);
    const struct limit *limit = &limits->snapshot->limits[number];
    bool is_open = limits_open(limits, number) > 0;
    int64_t free_ms = rest_known(limits, limit, standing, is_open && claimed);
    if (is_open && !claimed)
        return free_ms;
    int64_t *ends = calloc((size_t)standing->count + standing->promised + 1, sizeof *ends);
    uint32_t count = ends == NULL ? 0 : list_ends(limits, number, is_open, ends);
    uint64_t excess = is_open ? 0 : (uint64_t)standing->used + standing->promised - limit->times;
    int64_t full_until_ms = excess < count ? ends[excess] : INT64_MAX;
    free(ends);
    return full_until_ms > free_ms ? full_until_ms : free_ms;
}
