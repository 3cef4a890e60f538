/* A small site and somebody who walks through it; see walk_builder.h. */
#include "walk_builder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../cmocka_all.h"
#include "../decide/site_builder.h"

static const double seconds_of_day = 24 * 60 * 60;

int64_t walk_day(double days)
{
    return INT64_C(1767225600000) + (int64_t)(days * WALK_DAY);
}

uint32_t walk_name(int days)
{
    struct day_calendar *utc = malloc(sizeof *utc);
    assert_non_null(utc);
    day_calendar_create(utc, TEXT("UTC"));
    uint32_t name = day_of(utc, walk_day(days));
    free(utc);
    return name;
}

static uint64_t hash_of(const char *event)
{
    uint64_t hash = 0;
    for (; *event != '\0'; event++)
        hash = hash * 31 + (unsigned char)*event;
    return hash << 8;
}

/* Rules need hashes of their own, as the loader gives them: by what they say. */
static struct enter_rule *add_rule(struct snapshot *site, struct stage *stage, const char *event)
{
    enum { RULES_MOST = 4 };
    if (stage->enter == NULL)
        stage->enter = arena_allocate_zeroed(&site->arena, RULES_MOST, sizeof *stage->enter);
    assert_true(stage->enter != NULL && stage->enter_count < RULES_MOST);
    struct enter_rule *rule = (struct enter_rule *)&stage->enter[stage->enter_count++];
    *rule = (struct enter_rule){
        .event = text_from(event), .times = 1, .within = INFINITY, .hash = hash_of(event) + stage->position};
    return rule;
}

static void add_where(struct snapshot *site, struct enter_rule *rule, struct text key, struct text value)
{
    struct rule_where *where = arena_allocate_zeroed(&site->arena, 1, sizeof *where);
    assert_non_null(where);
    *where = (struct rule_where){key, value};
    rule->where = where;
    rule->where_count = 1;
}

static void add_times(struct enter_rule *rule, uint32_t times, double days)
{
    rule->times = times;
    rule->within = days * seconds_of_day;
}

static struct stage *add_stage(struct snapshot *site, const char *name, double silent_days, double back_days)
{
    struct stage *stage = site_add_stage(site, name);
    stage->leave_after = silent_days * seconds_of_day;
    stage->re_enters = back_days > 0;
    stage->cool_down = back_days * seconds_of_day;
    return stage;
}

static void add_stay(struct snapshot *site, bool later)
{
    static const struct text names[] = {TEXT("quedarse"), TEXT("stay")};
    struct stage *stay = add_stage(site, later ? "remain" : "stay", 40, 0);
    add_times(add_rule(site, stay, "purchase"), 2, 100);
    add_where(site, add_rule(site, stay, "review"), TEXT("rating"), TEXT("\x05"));
    stay->aliases = names;
    stay->alias_count = later ? 2 : 1;
}

static void add_choose(struct snapshot *site)
{
    struct stage *choose = add_stage(site, "choose", 10, 5);
    add_rule(site, choose, "cart");
    add_times(add_rule(site, choose, "price"), 2, 7);
}

static void add_walk(struct snapshot *site, bool later)
{
    site_add_journey(site, "walk");
    add_stage(site, "start", 30, 0);
    struct stage *look = add_stage(site, "look", 20, 10);
    add_rule(site, look, "view");
    add_where(site, add_rule(site, look, "peek"), TEXT("section"), TEXT("\xA4shop"));
    if (!later)
        add_choose(site);
    add_rule(site, add_stage(site, "buy", 0, 0), "purchase");
    add_stay(site, later);
}

static void add_club(struct snapshot *site)
{
    site_add_journey(site, "club");
    add_rule(site, add_stage(site, "join", 50, 0), "sign_up");
    add_rule(site, add_stage(site, "member", 0, 0), "pay");
}

static struct snapshot *build(bool later)
{
    struct snapshot *site = site_new();
    site_add_locale(site, "en");
    site_add_kind(site, "guide", 0.0);
    add_walk(site, later);
    if (!later)
        add_club(site);
    site_add_offer(site, "map", 1.0);
    site->time_zone = TEXT("UTC");
    site_finish(site);
    return site;
}

struct snapshot *walk_site(void)
{
    return build(false);
}

struct snapshot *walk_site_later(void)
{
    return build(true);
}

int walk_setup(void **state)
{
    struct walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL || (walk->calendar = malloc(sizeof *walk->calendar)) == NULL)
        return -1;
    walk->site = walk_site();
    day_calendar_create(walk->calendar, walk->site->time_zone);
    funnel_create(&walk->funnel);
    arena_create(&walk->arena, 4096);
    walk->path = (struct path){walk->site, walk->calendar, &walk->funnel};
    customer_create(&walk->customer, &walk->arena, TEXT("c-1"), walk_day(0));
    *state = walk;
    return 0;
}

int walk_teardown(void **state)
{
    struct walk *walk = *state;
    funnel_destroy(&walk->funnel);
    arena_destroy(&walk->arena);
    snapshot_free(walk->site);
    free(walk->calendar);
    free(walk);
    return 0;
}

struct path_outcome walk_event_with(struct walk *walk, const char *name, double days, struct text properties)
{
    struct path_event event = {.name = text_from(name), .at_ms = walk_day(days), .properties = properties};
    struct path_outcome outcome;
    struct error error;
    assert_true(path_apply(&walk->path, &walk->customer, &event, SNAPSHOT_NONE, &outcome, &error));
    return outcome;
}

struct path_outcome walk_event(struct walk *walk, const char *name, double days)
{
    return walk_event_with(walk, name, days, (struct text){NULL, 0});
}

const char *walk_stage(const struct walk *walk, const struct customer *customer, const char *journey)
{
    static char shown[80];
    uint32_t number = symbols_find(&walk->site->journey_names, text_from(journey));
    struct path_place place = path_place_of(&walk->path, customer, number);
    if (place.stage.length == 0)
        return "(none)";
    snprintf(shown, sizeof shown, "%.*s%s", (int)place.stage.length, place.stage.bytes,
             place.dropped ? "-" : "");
    return shown;
}

void walk_rows(struct funnel *funnel, walk_row_cb row, void *context)
{
    size_t count;
    struct error error;
    const struct text *keys = funnel_keys(funnel, &count);
    struct text *nothing = calloc(count + 1, sizeof *nothing);
    assert_non_null(nothing);
    const struct store_write *writes = funnel_settle(funnel, nothing, &error);
    assert_non_null(writes);
    for (size_t i = 0; i < count; i++) {
        struct funnel_row decoded;
        assert_true(funnel_row_decode(&decoded, keys[i], writes[i].value, NULL));
        row(context, &decoded);
    }
    free(nothing);
}

struct summing {
    const char *journey, *stage;
    uint32_t day;
    int64_t moves[FUNNEL_MOVES];
};

static void sum_row(void *context, const struct funnel_row *row)
{
    struct summing *summing = context;
    if (!text_equal(row->names.journey, text_from(summing->journey)) ||
        !text_equal(row->names.stage, text_from(summing->stage)) ||
        (summing->day != 0 && row->day != summing->day))
        return;
    for (int i = 0; i < FUNNEL_MOVES; i++)
        summing->moves[i] += row->moves[i];
}

const char *walk_moves(struct walk *walk, const char *journey, const char *stage, uint32_t day)
{
    static char shown[80];
    struct summing summing = {.journey = journey, .stage = stage, .day = day};
    walk_rows(&walk->funnel, sum_row, &summing);
    snprintf(shown, sizeof shown, "%d/%d/%d", (int)summing.moves[FUNNEL_ENTERED],
             (int)summing.moves[FUNNEL_ADVANCED], (int)summing.moves[FUNNEL_DROPPED]);
    return shown;
}
