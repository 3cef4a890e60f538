/* Two customers turn out to be one: their places, visits and progress come together. */
#include "ledger/path_rules.h"
#include "ledger/path_step.h"

/* A place with what the site says of it. */
struct candidate {
    struct customer_journey place;
    int64_t position;             /* of its stage; -1: the site does not know it */
    int64_t signed_ms, silent_ms; /* see struct path_standing */
};

static struct candidate candidate_of(const struct path *path, const struct customer *customer, uint32_t row)
{
    struct candidate candidate = {customer->journeys[row], -1, 0, INT64_MAX};
    uint32_t journey = path->site == NULL ? SNAPSHOT_NONE
                                          : symbols_find(&path->site->journey_names, candidate.place.journey);
    if (journey == SNAPSHOT_NONE)
        return candidate;
    struct path_standing standing = path_stand(path->site, customer, journey);
    candidate.position = standing.position;
    candidate.signed_ms = standing.signed_ms;
    candidate.silent_ms = standing.silent_ms;
    return candidate;
}

/* True where the first of the two is the place that stays. */
static bool stays(const struct candidate *a, const struct candidate *b)
{
    if (a->place.fixed && b->place.fixed)
        return a->place.since_ms >= b->place.since_ms;
    if (a->place.fixed && b->place.since_ms <= a->place.since_ms)
        return true;
    if (b->place.fixed && a->place.since_ms <= b->place.since_ms)
        return false;
    if (a->position != b->position)
        return a->position > b->position;
    if (a->place.dropped != b->place.dropped)
        return b->place.dropped;
    return a->place.since_ms <= b->place.since_ms;
}

/* Whoever was given up here was seen there: as if that had been told as an event. */
static void come_back(const struct path *path, struct customer_journey *place, const struct candidate *here,
                      const struct candidate *there)
{
    if (!place->dropped || there->place.dropped || there->signed_ms <= here->signed_ms)
        return;
    if (there->signed_ms < here->silent_ms && here->silent_ms != INT64_MAX) {
        path_undrop(path, place);
        return;
    }
    bool began_there = there->place.since_ms >= here->silent_ms;
    place->since_ms = began_there ? there->place.since_ms : there->signed_ms;
    place->entered_day = day_of(path->calendar, place->since_ms);
    place->dropped = false;
    funnel_move(path->funnel, place->entered_day, place->journey, place->stage, FUNNEL_ENTERED, 1);
}

/* The place that does not stay is taken out of the funnel, and remembered as left. */
static bool give_up(const struct path *path, struct customer *into, const struct candidate *staying,
                    const struct candidate *other)
{
    const struct customer_journey *place = &other->place;
    enum funnel_move leaving = staying->position > other->position ? FUNNEL_ADVANCED : FUNNEL_DROPPED;
    int64_t left_ms = staying->place.since_ms > place->since_ms ? staying->place.since_ms : place->since_ms;
    if (!place->dropped)
        funnel_move(path->funnel, place->entered_day, place->journey, place->stage, leaving, 1);
    return text_equal(place->stage, staying->place.stage) ||
           path_note_left(into, place->journey, place->stage, left_ms);
}

static bool copy_stage(struct customer *into, struct customer_journey *place)
{
    place->stage.bytes = arena_copy(into->arena, place->stage.bytes, place->stage.length);
    return place->stage.bytes != NULL;
}

static bool take_over(struct customer *into, const struct customer_journey *place)
{
    struct customer_journey *row = customer_new_journey(into, place->journey);
    if (row == NULL)
        return false;
    struct text journey = row->journey;
    *row = *place;
    row->journey = journey;
    return copy_stage(into, row);
}

static bool join_place(const struct path *path, struct customer *into, const struct customer *from,
                       uint32_t from_row)
{
    uint32_t row = customer_find_journey(into, from->journeys[from_row].journey);
    if (row == UINT32_MAX)
        return take_over(into, &from->journeys[from_row]);
    struct candidate own = candidate_of(path, into, row), theirs = candidate_of(path, from, from_row);
    bool own_stays = stays(&own, &theirs);
    const struct candidate *staying = own_stays ? &own : &theirs, *other = own_stays ? &theirs : &own;
    struct customer_journey *place = &into->journeys[row];
    struct text journey = place->journey;
    *place = staying->place;
    place->journey = journey;
    come_back(path, place, staying, other);
    if (place->active_ms < other->place.active_ms)
        place->active_ms = other->place.active_ms;
    return (own_stays || copy_stage(into, place)) && give_up(path, into, staying, other);
}

static bool join_visits(struct customer *into, const struct customer *from)
{
    for (uint32_t i = 0; i < from->visit_count; i++) {
        const struct customer_visit *visit = &from->visits[i];
        if (!path_note_left(into, visit->journey, visit->stage, visit->left_ms))
            return false;
    }
    return true;
}

/* What the site no longer asks for is not taken over. */
static bool join_progress(const struct path *path, struct customer *into, const struct customer *from)
{
    for (uint32_t i = 0; i < from->progress_count; i++) {
        const struct customer_progress *progress = &from->progress[i];
        const struct enter_rule *rule = path_rule_find(path->site, progress->rule);
        for (uint32_t j = 0; rule != NULL && j < progress->count; j++)
            if (!customer_add_progress(into, progress->rule, progress->times_ms[j], rule->times))
                return false;
    }
    return true;
}

bool path_join(const struct path *path, struct customer *into, struct customer *from, struct error *error)
{
    bool joined = true;
    for (uint32_t i = 0; joined && i < from->journey_count; i++)
        joined = join_place(path, into, from, i);
    if (!joined || !join_visits(into, from) || !join_progress(path, into, from))
        return error_set(error, ERROR_INTERNAL, "out of memory");
    from->journey_count = 0;
    from->visit_count = 0;
    from->progress_count = 0;
    return true;
}
