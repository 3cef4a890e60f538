/* Moving customers by events, by silence and by what is said of them. */
#include "ledger/path.h"

#include <stdio.h>

#include "ledger/path_rules.h"
#include "ledger/path_step.h"

/* Where an event leads to on one journey. */
struct pull {
    uint32_t stage;  /* number; SNAPSHOT_NONE: nowhere else */
    int64_t when_ms; /* when the rule was fulfilled */
};

static bool out_of_memory(struct error *error)
{
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

static uint32_t journey_or_default(const struct path *path, uint32_t journey)
{
    if (path->site == NULL)
        return SNAPSHOT_NONE;
    uint32_t number = journey == SNAPSHOT_NONE ? path->site->default_journey : journey;
    return number < path->site->journey_count ? number : SNAPSHOT_NONE;
}

struct path_place path_place_of(const struct path *path, const struct customer *customer, uint32_t journey)
{
    struct path_place place = {{NULL, 0}, {NULL, 0}, 0, false};
    uint32_t number = journey_or_default(path, journey);
    if (number == SNAPSHOT_NONE)
        return place;
    struct path_standing standing = path_stand(path->site, customer, number);
    place.journey = path->site->journeys[number].name;
    if (standing.row == UINT32_MAX)
        return place;
    const struct customer_journey *row = &customer->journeys[standing.row];
    place.stage = standing.stage == SNAPSHOT_NONE ? row->stage : path->site->stages[standing.stage].name;
    place.since_ms = row->since_ms;
    place.dropped = row->dropped;
    return place;
}

bool path_start(const struct path *path, struct customer *customer, int64_t at_ms, struct error *error)
{
    uint32_t journey = journey_or_default(path, SNAPSHOT_NONE);
    if (journey == SNAPSHOT_NONE || path->site->journeys[journey].stage_count == 0)
        return true;
    struct path_standing standing = path_stand(path->site, customer, journey);
    return standing.row != UINT32_MAX ||
           path_enter(path, customer, &standing, path->site->journeys[journey].first_stage,
                      customer_bound_time(at_ms)) ||
           out_of_memory(error);
}

/* The moment at which a rule of the stage was fulfilled by this event; INT64_MAX: none was. */
static bool find_moment(struct customer *customer, struct path_reading *reading, const struct stage *stage,
                        int64_t floor_ms, int64_t *when_ms)
{
    int64_t moment;
    *when_ms = INT64_MAX;
    for (uint32_t i = 0; i < stage->enter_count; i++) {
        if (!path_rule_takes(reading, &stage->enter[i]))
            continue;
        if (!path_rule_count(customer, &stage->enter[i], reading->event->at_ms, floor_ms, &moment))
            return false;
        *when_ms = moment < *when_ms ? moment : *when_ms;
    }
    return true;
}

/* Where it is not known when they left, they did when they entered the present stage, at the latest. */
static bool may_come_back(const struct path *path, const struct customer *customer,
                          const struct path_standing *standing, uint32_t stage, int64_t when_ms)
{
    int64_t since_ms = customer->journeys[standing->row].since_ms;
    int64_t left_ms = path_left_ms(path->site, customer, stage);
    if (left_ms == INT64_MIN)
        left_ms = since_ms;
    return when_ms >= since_ms && when_ms - left_ms >= path_milliseconds(path->site->stages[stage].cool_down);
}

/* Stages come in their order: what is further on replaces what was found before. */
static bool find_pull(const struct path *path, struct customer *customer, struct path_reading *reading,
                      const struct path_standing *standing, struct pull *pull)
{
    const struct journey *journey = &path->site->journeys[standing->journey];
    *pull = (struct pull){SNAPSHOT_NONE, 0};
    for (uint32_t at = 0; at < journey->stage_count; at++) {
        uint32_t number = journey->first_stage + at;
        const struct stage *stage = &path->site->stages[number];
        int64_t when_ms = INT64_MAX;
        if (path_is_in_reach(standing, stage) &&
            !find_moment(customer, reading, stage, standing->floor_ms, &when_ms))
            return false;
        if (when_ms == INT64_MAX)
            continue;
        if (number == standing->stage)
            *pull = (struct pull){SNAPSHOT_NONE, 0};
        else if (at > standing->position || may_come_back(path, customer, standing, number, when_ms))
            *pull = (struct pull){number, when_ms};
    }
    return true;
}

/*
 * One journey on which the customer is. What came before silence was long enough shows that it was not: the
 * drop was none. A stage that the site no longer has may come back: nobody leaves it but for another one.
 */
static bool apply_to_place(const struct path *path, struct customer *customer,
                           const struct path_standing *standing, const struct pull *pull, int64_t at_ms)
{
    struct customer_journey *place = &customer->journeys[standing->row];
    bool known = standing->stage != SNAPSHOT_NONE, led = pull->stage != SNAPSHOT_NONE;
    int64_t silent_ms = standing->silent_ms == INT64_MAX ? standing->signed_ms + 1 : standing->silent_ms;
    bool returns = place->dropped && at_ms >= silent_ms;
    if (place->dropped && !returns && (led || at_ms > standing->signed_ms))
        path_undrop(path, place);
    if (led)
        return path_move(path, customer, standing, pull->stage, known ? FUNNEL_ADVANCED : FUNNEL_DROPPED,
                         pull->when_ms);
    if (returns && known)
        return path_enter(path, customer, standing, standing->stage, at_ms);
    if (returns)
        path_enter_again(path, place, at_ms);
    return true;
}

static bool apply_to_journey(const struct path *path, struct customer *customer, struct path_reading *reading,
                             uint32_t journey)
{
    struct path_standing standing = path_stand(path->site, customer, journey);
    struct pull pull;
    if (!find_pull(path, customer, reading, &standing, &pull))
        return false;
    if (standing.row != UINT32_MAX)
        return apply_to_place(path, customer, &standing, &pull, reading->event->at_ms);
    return pull.stage == SNAPSHOT_NONE ||
           path_move(path, customer, &standing, pull.stage, FUNNEL_ADVANCED, pull.when_ms);
}

static bool apply_to_all(const struct path *path, struct customer *customer, const struct path_event *event)
{
    struct path_reading reading;
    bool applied = true;
    path_reading_create(&reading, path->site, event);
    for (uint32_t journey = 0; applied && journey < path->site->journey_count; journey++)
        applied = apply_to_journey(path, customer, &reading, journey);
    path_reading_destroy(&reading);
    return applied && !reading.failed;
}

static void drop_silent(const struct path *path, struct customer *customer, int64_t now_ms)
{
    for (uint32_t i = 0; i < customer->journey_count; i++)
        if (path_due(path, customer, i) <= now_ms)
            path_drop(path, &customer->journeys[i]);
}

static void note_sign_of_life(struct customer *customer, int64_t at_ms)
{
    for (uint32_t i = 0; i < customer->journey_count; i++)
        if (customer->journeys[i].active_ms < at_ms)
            customer->journeys[i].active_ms = at_ms;
}

bool path_apply(const struct path *path, struct customer *customer, const struct path_event *event,
                uint32_t journey, struct path_outcome *outcome, struct error *error)
{
    struct path_event bounded = *event;
    bounded.at_ms = customer_bound_time(event->at_ms);
    *outcome = (struct path_outcome){0};
    if (path->site != NULL) {
        if (!path_start(path, customer, bounded.at_ms, error))
            return false;
        drop_silent(path, customer, bounded.at_ms);
        outcome->before = path_place_of(path, customer, journey);
        if (!apply_to_all(path, customer, &bounded))
            return out_of_memory(error);
    }
    note_sign_of_life(customer, bounded.at_ms);
    outcome->now = path_place_of(path, customer, journey);
    outcome->moved = !text_equal(outcome->before.stage, outcome->now.stage);
    outcome->returned = outcome->before.dropped && !outcome->now.dropped;
    return true;
}

static bool resolve(const struct path *path, struct text journey, struct text stage, uint32_t *journey_number,
                    uint32_t *stage_number, struct error *error)
{
    char what[80], shown[40];
    *journey_number = journey_or_default(path, SNAPSHOT_NONE);
    if (path->site == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "no site is loaded");
    if (journey.length > 0)
        *journey_number = symbols_find(&path->site->journey_names, journey);
    if (*journey_number == SNAPSHOT_NONE)
        return symbols_refuse(&path->site->journey_names, "journey", "journey", journey, error);
    *stage_number = path_find_stage(path->site, *journey_number, stage);
    if (*stage_number != SNAPSHOT_NONE)
        return true;
    text_escape(path->site->journeys[*journey_number].name, shown, sizeof shown);
    snprintf(what, sizeof what, "stage of journey '%s' called", shown);
    return symbols_refuse(&path->site->stage_names[*journey_number], "stage", what, stage, error);
}

/* Who stands there already stays, but for one who was given up: they enter again. */
static bool set_stage(const struct path *path, struct customer *customer,
                      const struct path_standing *standing, uint32_t stage, int64_t at_ms)
{
    bool there = standing->stage == stage;
    bool ahead = standing->position >= 0 && path->site->stages[stage].position > standing->position;
    if (there && !customer->journeys[standing->row].dropped)
        return true;
    if (there)
        return path_enter(path, customer, standing, stage, at_ms);
    return path_move(path, customer, standing, stage, ahead ? FUNNEL_ADVANCED : FUNNEL_DROPPED, at_ms);
}

bool path_set(const struct path *path, struct customer *customer, struct text journey, struct text stage,
              int64_t at_ms, struct error *error)
{
    uint32_t journey_number = SNAPSHOT_NONE, stage_number = SNAPSHOT_NONE;
    if (!resolve(path, journey, stage, &journey_number, &stage_number, error))
        return false;
    struct path_standing standing = path_stand(path->site, customer, journey_number);
    if (!set_stage(path, customer, &standing, stage_number, customer_bound_time(at_ms)))
        return out_of_memory(error);
    standing = path_stand(path->site, customer, journey_number);
    customer->journeys[standing.row].fixed = true;
    return true;
}

int64_t path_due(const struct path *path, const struct customer *customer, uint32_t index)
{
    const struct customer_journey *place = &customer->journeys[index];
    if (path->site == NULL || place->dropped)
        return INT64_MAX;
    uint32_t journey = symbols_find(&path->site->journey_names, place->journey);
    return journey == SNAPSHOT_NONE ? INT64_MAX : path_stand(path->site, customer, journey).silent_ms;
}

bool path_drop_if_silent(const struct path *path, struct customer *customer, struct text journey,
                         int64_t now_ms)
{
    uint32_t index = customer_find_journey(customer, journey);
    if (index == UINT32_MAX || path_due(path, customer, index) > now_ms)
        return false;
    path_drop(path, &customer->journeys[index]);
    return true;
}

void path_leave_all(const struct path *path, struct customer *customer)
{
    for (uint32_t i = 0; i < customer->journey_count; i++)
        if (!customer->journeys[i].dropped)
            path_drop(path, &customer->journeys[i]);
    customer->journey_count = 0;
    customer->visit_count = 0;
    customer->progress_count = 0;
}
