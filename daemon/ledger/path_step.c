/* Entering, leaving and passing over stages. */
#include "ledger/path_step.h"

int64_t path_milliseconds(double seconds)
{
    const double most = 4e15; /* longer than anything lasts, and far from what would overflow */
    return (int64_t)((seconds < most ? seconds : most) * 1000);
}

uint32_t path_find_stage(const struct snapshot *site, uint32_t journey, struct text name)
{
    return symbols_find(&site->stage_names[journey], name);
}

int64_t path_left_ms(const struct snapshot *site, const struct customer *customer, uint32_t stage)
{
    int64_t left_ms = INT64_MIN;
    uint32_t journey = site->stages[stage].journey;
    for (uint32_t i = 0; i < customer->visit_count; i++) {
        const struct customer_visit *visit = &customer->visits[i];
        if (visit->left_ms > left_ms && text_equal(visit->journey, site->journeys[journey].name) &&
            path_find_stage(site, journey, visit->stage) == stage)
            left_ms = visit->left_ms;
    }
    return left_ms;
}

/* Who came back to a stage, or was set there, is not moved on by what was before. */
static int64_t floor_of(const struct snapshot *site, const struct customer *customer,
                        const struct customer_journey *place, uint32_t stage)
{
    bool came_back = stage != SNAPSHOT_NONE && path_left_ms(site, customer, stage) != INT64_MIN;
    return place->fixed || came_back ? place->since_ms : INT64_MIN;
}

static int64_t silent_from(const struct snapshot *site, uint32_t stage, int64_t signed_ms)
{
    double leave_after = stage == SNAPSHOT_NONE ? 0 : site->stages[stage].leave_after;
    return leave_after > 0 ? signed_ms + path_milliseconds(leave_after) : INT64_MAX;
}

struct path_standing path_stand(const struct snapshot *site, const struct customer *customer,
                                uint32_t journey)
{
    uint32_t row = customer_find_journey(customer, site->journeys[journey].name);
    struct path_standing standing = {.journey = journey,
                                     .row = row,
                                     .stage = SNAPSHOT_NONE,
                                     .position = -1,
                                     .floor_ms = INT64_MIN,
                                     .silent_ms = INT64_MAX};
    if (row == UINT32_MAX)
        return standing;
    const struct customer_journey *place = &customer->journeys[row];
    standing.stage = path_find_stage(site, journey, place->stage);
    if (standing.stage != SNAPSHOT_NONE)
        standing.position = site->stages[standing.stage].position;
    standing.floor_ms = floor_of(site, customer, place, standing.stage);
    standing.signed_ms = place->active_ms > place->since_ms ? place->active_ms : place->since_ms;
    standing.silent_ms = silent_from(site, standing.stage, standing.signed_ms);
    return standing;
}

bool path_is_in_reach(const struct path_standing *standing, const struct stage *stage)
{
    return stage->re_enters || (int64_t)stage->position >= standing->position;
}

static bool copy_name(struct arena *arena, struct text name, struct text *copy)
{
    *copy = (struct text){arena_copy(arena, name.bytes, name.length), name.length};
    return copy->bytes != NULL;
}

/* The place on another journey than the default one that was entered or used longest ago. */
static uint32_t oldest_place(const struct path *path, const struct customer *customer)
{
    struct text kept = path->site == NULL || path->site->journey_count == 0
                           ? (struct text){NULL, 0}
                           : path->site->journeys[path->site->default_journey].name;
    uint32_t oldest = UINT32_MAX;
    for (uint32_t i = 0; i < customer->journey_count; i++)
        if (!text_equal(customer->journeys[i].journey, kept) &&
            (oldest == UINT32_MAX || customer->journeys[i].active_ms < customer->journeys[oldest].active_ms))
            oldest = i;
    return oldest;
}

void path_make_room(const struct path *path, struct customer *customer)
{
    if (customer->journey_count < CUSTOMER_JOURNEYS_MOST)
        return;
    uint32_t oldest = oldest_place(path, customer);
    if (!customer->journeys[oldest].dropped)
        path_drop(path, &customer->journeys[oldest]);
    customer->journeys[oldest] = customer->journeys[--customer->journey_count];
}

static struct customer_journey *new_place(const struct path *path, struct customer *customer,
                                          struct text journey)
{
    path_make_room(path, customer);
    return customer_new_journey(customer, journey);
}

void path_enter_again(const struct path *path, struct customer_journey *place, int64_t at_ms)
{
    place->since_ms = at_ms;
    place->active_ms = place->active_ms > at_ms ? place->active_ms : at_ms;
    place->entered_day = day_of(path->calendar, at_ms);
    place->dropped = false;
    place->fixed = false;
    funnel_move(path->funnel, place->entered_day, place->journey, place->stage, FUNNEL_ENTERED, 1);
}

bool path_enter(const struct path *path, struct customer *customer, const struct path_standing *standing,
                uint32_t stage, int64_t at_ms)
{
    struct text journey = path->site->journeys[standing->journey].name, name;
    struct customer_journey *place =
        standing->row == UINT32_MAX ? new_place(path, customer, journey) : &customer->journeys[standing->row];
    if (place == NULL || !copy_name(customer->arena, path->site->stages[stage].name, &name))
        return false;
    place->stage = name;
    path_enter_again(path, place, at_ms);
    return true;
}

bool path_note_left(struct customer *customer, struct text journey, struct text stage, int64_t left_ms)
{
    struct customer_visit *visit = customer_new_visit(customer, journey, stage);
    if (visit != NULL && visit->left_ms < left_ms)
        visit->left_ms = left_ms;
    return visit != NULL;
}

/* Only stages that customers may come back to need it to be known. */
static bool note_passed(const struct path *path, struct customer *customer,
                        const struct path_standing *standing, uint32_t stage, int64_t at_ms)
{
    const struct journey *journey = &path->site->journeys[standing->journey];
    for (int64_t at = standing->position + 1; at < path->site->stages[stage].position; at++) {
        const struct stage *passed = &path->site->stages[journey->first_stage + at];
        if (passed->re_enters && !path_note_left(customer, journey->name, passed->name, at_ms))
            return false;
    }
    return true;
}

static bool leave(const struct path *path, struct customer *customer, uint32_t row, enum funnel_move leaving,
                  int64_t at_ms)
{
    const struct customer_journey *place = &customer->journeys[row];
    if (!place->dropped)
        funnel_move(path->funnel, place->entered_day, place->journey, place->stage, leaving, 1);
    return path_note_left(customer, place->journey, place->stage,
                          at_ms > place->since_ms ? at_ms : place->since_ms);
}

bool path_move(const struct path *path, struct customer *customer, const struct path_standing *standing,
               uint32_t stage, enum funnel_move leaving, int64_t at_ms)
{
    return (standing->row == UINT32_MAX || leave(path, customer, standing->row, leaving, at_ms)) &&
           note_passed(path, customer, standing, stage, at_ms) &&
           path_enter(path, customer, standing, stage, at_ms);
}

void path_drop(const struct path *path, struct customer_journey *place)
{
    funnel_move(path->funnel, place->entered_day, place->journey, place->stage, FUNNEL_DROPPED, 1);
    place->dropped = true;
}

void path_undrop(const struct path *path, struct customer_journey *place)
{
    funnel_move(path->funnel, place->entered_day, place->journey, place->stage, FUNNEL_DROPPED, -1);
    place->dropped = false;
}
