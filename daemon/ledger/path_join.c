/* Two customers turn out to be one: of two places on a journey one stays. */
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

static bool take_over(const struct path *path, struct customer *into, const struct customer_journey *place)
{
    path_make_room(path, into);
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
        return take_over(path, into, &from->journeys[from_row]);
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

bool path_join(const struct path *path, struct customer *into, struct customer *from, struct error *error)
{
    bool joined = true;
    for (uint32_t i = 0; joined && i < from->journey_count; i++)
        joined = join_place(path, into, from, i);
    from->journey_count = 0;
    return joined || error_set(error, ERROR_INTERNAL, "out of memory");
}
