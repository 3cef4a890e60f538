/* Walking; see demo_walk.h. What is put into requests is in demo_walk_put.c. */
#include "ctl/demo_walk.h"

#include "ctl/demo_walk_put.h"

#include <stdio.h>

enum {
    MOST_VISITS = 400,
    VISIT_MS = 900000, /* more than a visit takes */
    RETURN_DAYS = 20,  /* mean time after which those who had quit for long come back */
};

#define DAY_MS 86400000.0
#define SHARE_RETURNS 0.25    /* of those who quit */
#define CLICKED_GOES_ON 1.5   /* factor: what pleased helps */
#define DISMISSED_GOES_ON 0.6 /* factor: what annoyed does not */

void demo_walk_create(struct demo_walk *walk, const struct demo_plan *plan,
                      const struct demo_sessions *sessions, struct demo_person person, int64_t now_ms)
{
    const struct snapshot *site = plan->site;
    *walk = (struct demo_walk){.plan = plan, .sessions = sessions, .person = person, .now_ms = now_ms};
    walk->visit.at_ms = person.begins_ms;
    walk->visit.stage_now = site->journeys[site->default_journey].first_stage;
}

/* ---- Making up a visit ---- */

static void begin_visit(struct demo_walk *walk)
{
    struct demo_visit *visit = &walk->visit;
    *visit = (struct demo_visit){.at_ms = visit->at_ms,
                                 .stage_before = visit->stage_now,
                                 .stage_now = visit->stage_now,
                                 .phase = demo_plan_phase(walk->plan, visit->stage_now)};
    const struct demo_places *places = &walk->plan->places[visit->phase];
    if (places->count > 0)
        visit->placement = places->names[(size_t)(random_unit(&walk->person.random) * (double)places->count)];
    walk->visits++;
    walk->here++;
}

static const struct enter_rule *choose_wish(struct demo_walk *walk, const struct demo_habits *habits)
{
    struct demo_person *person = &walk->person;
    double chance = habits->go_on * person->temper->bold;
    double draw = random_unit(&person->random), which = random_unit(&person->random);
    bool skip = demo_person_chance(person, habits->skip);
    if (walk->visit.clicked)
        chance *= CLICKED_GOES_ON;
    if (walk->visit.dismissed)
        chance *= DISMISSED_GOES_ON;
    if (walk->wish != NULL && walk->wished < walk->wish->times)
        return walk->wish;
    walk->wished = 0;
    if (draw >= chance)
        return NULL;
    return demo_wish_pick(walk->plan->site, walk->visit.stage_now, skip, which);
}

/* What they do now that they see what is shown. */
static void decide(struct demo_walk *walk)
{
    struct demo_person *person = &walk->person;
    struct demo_visit *visit = &walk->visit;
    const struct demo_habits *habits = demo_habits_of(visit->phase);
    bool click = demo_person_chance(person, habits->click * person->temper->curious);
    bool dismiss = demo_person_chance(person, habits->dismiss);
    double amount = random_unit(&person->random);
    visit->clicked = click && visit->shown > 0;
    visit->dismissed = dismiss && !click && visit->shown > 0;
    visit->wish = walk->wish = choose_wish(walk, habits);
    walk->wished += walk->wish != NULL;
    bool buys = demo_person_chance(person, habits->buy);
    bool quits = demo_person_chance(person, habits->quit * person->temper->fickle);
    visit->bought = buys && visit->wish == NULL;
    visit->quits = quits && visit->wish == NULL;
    if (visit->bought || (visit->wish != NULL && demo_wish_buys(visit->wish)))
        visit->value = (double)(int)(900 + 5000 * amount * amount) / 100; /* euros: mostly a bag or two */
}

/* Silence that lasts beyond what the stage allows. */
static int64_t long_silence(struct demo_walk *walk)
{
    double leave_after = walk->plan->site->stages[walk->visit.stage_now].leave_after;
    return (int64_t)(leave_after * 1000) + demo_person_gap(&walk->person, RETURN_DAYS);
}

static void plan_next_visit(struct demo_walk *walk)
{
    const struct demo_habits *habits = demo_habits_of(demo_plan_phase(walk->plan, walk->visit.stage_now));
    bool returns = demo_person_chance(&walk->person, SHARE_RETURNS);
    int64_t gap_ms =
        walk->visit.quits ? long_silence(walk) : demo_person_gap(&walk->person, habits->gap_days);
    walk->visit.at_ms += gap_ms;
    walk->returned |= walk->visit.quits && returns;
    bool over = (walk->visit.quits && !returns) || walk->visit.at_ms >= walk->now_ms - VISIT_MS;
    walk->step = over || walk->visits >= MOST_VISITS ? DEMO_STEP_END : DEMO_STEP_ASK;
}

/* ---- Sending ---- */

static void put_arrival(struct demo_walk *walk, senda_request *list)
{
    struct demo_tell tell = demo_tell_begin(walk, list);
    demo_tell_visit(&tell);
}

static void put_deeds(struct demo_walk *walk, senda_request *list)
{
    struct demo_tell tell = demo_tell_begin(walk, list);
    demo_tell_visit(&tell);
    for (size_t i = 0; i < walk->visit.shown; i++)
        demo_tell_touch(&tell, "impression", i, 0);
    if (walk->visit.clicked)
        demo_tell_touch(&tell, "click", 0, 0);
    if (walk->visit.dismissed)
        demo_tell_touch(&tell, "dismiss", 0, 0);
    if (walk->visit.clicked && (walk->visit.wish != NULL || walk->visit.bought))
        demo_tell_touch(&tell, "conversion", 0, walk->visit.value);
    if (walk->visit.wish != NULL)
        demo_tell_wish(&tell, walk->visit.wish);
    if (walk->visit.bought)
        demo_tell_purchase(&tell);
}

const char *demo_walk_next(struct demo_walk *walk, senda_request *map, senda_request *list,
                           const senda_request **request)
{
    senda_request_clear(map);
    senda_request_clear(list);
    *request = map;
    switch (walk->step) {
    case DEMO_STEP_ARRIVE:
        *request = list;
        put_arrival(walk, list);
        return "track";
    case DEMO_STEP_INTRODUCE:
        demo_walk_put_profile(walk, map);
        return "profile.set";
    case DEMO_STEP_ASK:
        begin_visit(walk);
        demo_walk_put_question(walk, map);
        return "recommend";
    case DEMO_STEP_ACT:
        *request = list;
        decide(walk);
        put_deeds(walk, list);
        return "track";
    case DEMO_STEP_END:
        break;
    }
    return NULL;
}

/* ---- Taking answers ---- */

static void copy(const senda_value *map, const char *key, char out[DEMO_WORD])
{
    const char *text = senda_value_string(senda_value_get(map, key), NULL);
    snprintf(out, DEMO_WORD, "%s", text != NULL ? text : "");
}

static void see(struct demo_visit *visit, const senda_value *decision)
{
    const senda_value *items = senda_value_get(decision, "items");
    size_t count = senda_value_count(items);
    copy(decision, "decision", visit->decision);
    copy(senda_value_at(items, 0), "title", visit->title);
    visit->shown = count < DEMO_ITEMS ? count : DEMO_ITEMS;
    for (size_t i = 0; i < visit->shown; i++)
        copy(senda_value_at(items, i), "offer", visit->offers[i]);
}

static void note_stage(struct demo_walk *walk, const senda_value *outcome)
{
    const struct snapshot *site = walk->plan->site;
    size_t length = 0;
    const char *name = senda_value_string(senda_value_get(outcome, "stage"), &length);
    uint32_t stage =
        name == NULL ? SNAPSHOT_NONE
                     : symbols_find(&site->stage_names[site->default_journey], (struct text){name, length});
    if (stage == SNAPSHOT_NONE || stage == walk->visit.stage_now)
        return;
    walk->visit.stage_now = stage;
    walk->wish = NULL;
    walk->wished = walk->here = 0;
}

/* Outcomes come in the order of the events. */
static void take_outcomes(struct demo_walk *walk, const senda_value *list, struct demo_taken *taken)
{
    for (size_t i = 0; i < senda_value_count(list); i++) {
        const senda_value *outcome = senda_value_at(list, i);
        const char *problem = senda_value_string(senda_value_get(outcome, "error"), NULL);
        bool kept = senda_value_boolean(senda_value_get(outcome, "accepted"), false);
        taken->told++;
        taken->kept += kept;
        taken->moved |= kept && senda_value_boolean(senda_value_get(outcome, "moved"), false);
        if (!kept && taken->problem[0] == '\0')
            snprintf(taken->problem, sizeof taken->problem, "%s",
                     problem != NULL ? problem : "an event was not kept");
        if (kept)
            note_stage(walk, outcome);
    }
    if (taken->kept > 0)
        walk->last_ms = walk->visit.at_ms + (int64_t)(taken->told - 1) * DEMO_BETWEEN_MS;
}

struct demo_taken demo_walk_take(struct demo_walk *walk, const senda_value *result)
{
    struct demo_taken taken = {.told = 0};
    switch (walk->step) {
    case DEMO_STEP_ARRIVE:
        take_outcomes(walk, result, &taken);
        walk->step = DEMO_STEP_INTRODUCE;
        break;
    case DEMO_STEP_INTRODUCE:
        walk->step = DEMO_STEP_ASK;
        break;
    case DEMO_STEP_ASK:
        see(&walk->visit, result);
        taken.decided = true;
        walk->step = DEMO_STEP_ACT;
        break;
    case DEMO_STEP_ACT:
        take_outcomes(walk, result, &taken);
        plan_next_visit(walk);
        break;
    case DEMO_STEP_END:
        break;
    }
    return taken;
}

bool demo_walk_is_inside(const struct demo_walk *walk)
{
    double leave_after = walk->plan->site->stages[walk->visit.stage_now].leave_after;
    return leave_after <= 0 || walk->last_ms + (int64_t)(leave_after * 1000) > walk->now_ms;
}
