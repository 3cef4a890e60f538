/* Fitting visitors to a site; see demo_plan.h. */
#include "ctl/demo_plan.h"

#include <stdio.h>

enum { PREFERENCES = 6 }; /* most names to try */

/* What the stage of a phase may be called, the most telling name first. */
static const char *const stage_names[DEMO_PHASES][PREFERENCES] = {
    [DEMO_AWARENESS] = {"awareness"},
    [DEMO_CONSIDERATION] = {"consideration", "learning"},
    [DEMO_DECISION] = {"decision", "choosing"},
    [DEMO_PURCHASE] = {"purchase", "purchasing", "post-sale", "retention"},
    [DEMO_EXPERIENCE] = {"experience", "satisfaction", "post-sale", "retention"},
    [DEMO_RETENTION] = {"retention", "satisfaction", "post-sale"},
    [DEMO_ADVOCACY] = {"advocacy", "referral", "satisfaction", "post-sale"},
};

/* Where somebody in a phase is likely to be met. */
static const char *const place_names[DEMO_PHASES][PREFERENCES] = {
    [DEMO_AWARENESS] = {"hero", "sidebar"},
    [DEMO_CONSIDERATION] = {"hero", "sidebar", "footer"},
    [DEMO_DECISION] = {"hero", "checkout", "sidebar"},
    [DEMO_PURCHASE] = {"checkout", "account", "email"},
    [DEMO_EXPERIENCE] = {"hero", "account", "email"},
    [DEMO_RETENTION] = {"hero", "sidebar", "account"},
    [DEMO_ADVOCACY] = {"hero", "account", "sidebar"},
};

/* A stage that has one of the names; else the one that lies as far along the journey as the phase does. */
static struct text choose_stage(const struct snapshot *site, enum demo_phase phase)
{
    const struct journey *journey = &site->journeys[site->default_journey];
    const struct symbols *known = &site->stage_names[site->default_journey];
    uint32_t along = ((uint32_t)phase * (journey->stage_count - 1) + DEMO_PHASES / 2) / (DEMO_PHASES - 1);
    uint32_t number = journey->first_stage + along;
    for (int i = 0; i < PREFERENCES && stage_names[phase][i] != NULL; i++) {
        uint32_t found = symbols_find(known, text_from(stage_names[phase][i]));
        if (found != SNAPSHOT_NONE) {
            number = found;
            break;
        }
    }
    return site->stages[number].name;
}

/* How telling the stage's name is for that phase, 0 the most; PREFERENCES: not at all. */
static int rank_stage(const struct stage *stage, int phase)
{
    int rank = 0;
    while (rank < PREFERENCES && stage_names[phase][rank] != NULL &&
           !text_equal(stage->name, text_from(stage_names[phase][rank])))
        rank++;
    return rank < PREFERENCES && stage_names[phase][rank] != NULL ? rank : PREFERENCES;
}

enum demo_phase demo_plan_phase(const struct demo_plan *plan, uint32_t stage)
{
    const struct stage *here = &plan->site->stages[stage];
    uint32_t last = plan->site->journeys[here->journey].stage_count - 1;
    uint32_t along = last > 0 ? (here->position * (DEMO_PHASES - 1) + last / 2) / last : 0;
    int best = (int)along, least = PREFERENCES;
    for (int phase = 0; phase < DEMO_PHASES; phase++) {
        int rank = rank_stage(here, phase);
        best = rank < least ? phase : best;
        least = rank < least ? rank : least;
    }
    return (enum demo_phase)best;
}

static void add_place(struct demo_places *places, struct text name)
{
    if (places->count < DEMO_PLACES)
        places->names[places->count++] = name;
}

/* Those that the site has of the ones that fit; all of them where it has none. */
static void choose_places(const struct snapshot *site, enum demo_phase phase, struct demo_places *places)
{
    places->count = 0;
    for (int i = 0; i < PREFERENCES && place_names[phase][i] != NULL; i++) {
        uint32_t found = symbols_find(&site->placement_names, text_from(place_names[phase][i]));
        if (found != SNAPSHOT_NONE)
            add_place(places, site->placements[found].name);
    }
    if (places->count > 0)
        return;
    for (uint32_t i = 0; i < site->placement_count; i++)
        add_place(places, site->placements[i].name);
}

void demo_plan_create(struct demo_plan *plan, const struct snapshot *site)
{
    plan->site = site;
    for (int phase = 0; phase < DEMO_PHASES; phase++) {
        plan->stages[phase] = choose_stage(site, (enum demo_phase)phase);
        choose_places(site, (enum demo_phase)phase, &plan->places[phase]);
    }
}

struct demo_visitor demo_plan_visitor(const struct demo_plan *plan, const struct demo_session *session,
                                      size_t number)
{
    enum demo_phase phase = demo_session_phase(session);
    const struct demo_places *places = &plan->places[phase];
    struct demo_visitor visitor = {session, number, phase, plan->stages[phase], TEXT(""), TEXT("")};
    size_t languages = plan->site->locale_count;
    if (languages > 0)
        visitor.locale = plan->site->locales[number % languages];
    if (places->count > 0) /* every language gets to every place */
        visitor.placement = places->names[number / (languages > 0 ? languages : 1) % places->count];
    return visitor;
}

static void put_text(senda_request *request, const char *key, struct text text)
{
    if (text.length > 0)
        senda_request_string_of(request, key, text.bytes, text.length);
}

void demo_visitor_put(const struct demo_visitor *visitor, senda_request *request)
{
    senda_request_clear(request);
    put_text(request, "placement", visitor->placement);
    put_text(request, "stage", visitor->stage);
    put_text(request, "locale", visitor->locale);
    senda_request_open_map(request, "context");
    demo_session_put(visitor->session, request);
    demo_session_put_history(visitor->session, request);
    senda_request_close(request);
}
