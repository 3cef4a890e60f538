/* path: every journey that ships can be walked from its first stage to its last, by events alone. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "../script/served_builder.h"
#include "ledger/path.h"
#include "wire/reply.h"

enum { HOUR_MS = 60 * 60 * 1000 };

static const struct served_file files[] = {
    {"site.lua", "site 'all' { locale = 'es', locales = { 'es', 'en' }, time_zone = 'Europe/Madrid',\n"
                 "  journey = 'seven-stages', journeys = { 'five-stages', 'five-stages-b2b', 'four-stages',\n"
                 "  'buying-process', 'template' } }"},
    {"journeys/road.lua", NULL},
    {"journeys/other.lua", NULL},
    {"offers/o.lua", "offer 'house' { kind = 'guide', title = 'House', url = '/house', placements = { } }"},
};

/* Somebody who walks. */
struct walker {
    struct served served;
    const struct snapshot *site; /* borrowed */
    struct day_calendar calendar;
    struct funnel funnel;
    struct path path;
    struct arena arena;
    struct customer customer;
    int64_t now_ms;
};

static int setup(void **state)
{
    struct walker *walker = calloc(1, sizeof *walker);
    if (walker == NULL)
        return -1;
    served_begin(&walker->served, NULL, files, sizeof files / sizeof *files);
    walker->site = engine_snapshot(walker->served.engine);
    day_calendar_create(&walker->calendar, walker->site->time_zone);
    funnel_create(&walker->funnel);
    walker->path = (struct path){walker->site, &walker->calendar, &walker->funnel};
    arena_create(&walker->arena, 4096);
    walker->now_ms = INT64_C(1767225600000);
    *state = walker;
    return 0;
}

static int teardown(void **state)
{
    struct walker *walker = *state;
    arena_destroy(&walker->arena);
    funnel_destroy(&walker->funnel);
    served_end(&walker->served);
    free(walker);
    return 0;
}

/* Stands in the first stage of the journey, and has never been anywhere else. */
static void begin(struct walker *walker, uint32_t journey)
{
    const struct journey *walked = &walker->site->journeys[journey];
    struct error error;
    arena_clear(&walker->arena);
    customer_create(&walker->customer, &walker->arena, TEXT("c"), walker->now_ms);
    assert_true(path_set(&walker->path, &walker->customer, walked->name,
                         walker->site->stages[walked->first_stage].name, walker->now_ms, &error));
}

/* What the rule asks for, as properties of an event. */
static void put_properties(const struct enter_rule *rule, struct buffer *out)
{
    reply_map(out, rule->where_count);
    for (uint32_t i = 0; i < rule->where_count; i++) {
        reply_text(out, rule->where[i].key);
        buffer_append(out, rule->where[i].value.bytes, rule->where[i].value.length);
    }
}

/* Does once what the rule asks for; the stage's number then. */
static uint32_t obey_once(struct walker *walker, uint32_t journey, const struct enter_rule *rule,
                          struct text properties)
{
    struct path_event event = {
        .name = rule->event, .at_ms = walker->now_ms += HOUR_MS, .properties = properties};
    struct path_outcome outcome;
    struct error error;
    assert_true(path_apply(&walker->path, &walker->customer, &event, journey, &outcome, &error));
    return symbols_find(&walker->site->stage_names[journey], outcome.now.stage);
}

/* Does it as often as the rule asks for, or until the stage is reached; where that led. */
static uint32_t obey(struct walker *walker, uint32_t stage, const struct enter_rule *rule)
{
    struct buffer properties;
    uint32_t reached = SNAPSHOT_NONE;
    buffer_create(&properties);
    put_properties(rule, &properties);
    for (uint32_t i = 0; i < rule->times && reached != stage; i++)
        reached = obey_once(walker, walker->site->stages[stage].journey, rule,
                            (struct text){properties.bytes, properties.length});
    buffer_destroy(&properties);
    return reached;
}

static void say(const struct walker *walker, const struct stage *stage, const struct enter_rule *rule)
{
    print_message("%s: %s, by %s\n", walker->site->journeys[stage->journey].name.bytes, stage->name.bytes,
                  rule->event.bytes);
}

/* From stage to stage, by the first rule of each that is not one of a stage further on as well. */
static void walk_to(struct walker *walker, const struct journey *journey, uint32_t last)
{
    for (uint32_t number = journey->first_stage + 1; number <= last; number++) {
        const struct stage *stage = &walker->site->stages[number];
        assert_true(stage->enter_count > 0);
        if (obey(walker, number, &stage->enter[0]) == number)
            continue;
        say(walker, stage, &stage->enter[0]);
        fail();
    }
}

static void test_path_walks_every_journey_that_ships(void **state)
{
    struct walker *walker = *state;
    assert_int_equal(walker->site->journey_count, 6);
    for (uint32_t i = 0; i < walker->site->journey_count; i++) {
        const struct journey *journey = &walker->site->journeys[i];
        assert_true(journey->stage_count >= 3);
        begin(walker, i);
        walk_to(walker, journey, journey->first_stage + journey->stage_count - 1);
    }
}

/* Every single rule does what it says: it leads from the stage before to its own. */
static void test_path_obeys_every_rule_that_ships(void **state)
{
    struct walker *walker = *state;
    int rules = 0;
    for (uint32_t i = 0; i < walker->site->stage_count; i++) {
        const struct stage *stage = &walker->site->stages[i];
        for (uint32_t j = 0; stage->position > 0 && j < stage->enter_count; j++, rules++) {
            begin(walker, stage->journey);
            walk_to(walker, &walker->site->journeys[stage->journey], i - 1);
            if (obey(walker, i, &stage->enter[j]) == i)
                continue;
            say(walker, stage, &stage->enter[j]);
            fail();
        }
    }
    assert_true(rules > 60);
}

/* The same rules where the offer tells its kind, not a property. */
static void test_path_knows_the_kind_of_an_offer(void **state)
{
    struct walker *walker = *state;
    uint32_t journey = symbols_find(&walker->site->journey_names, TEXT("buying-process"));
    struct path_event event = {.name = TEXT("click"), .offer = TEXT("a"), .kind = TEXT("article")};
    struct path_outcome outcome;
    struct error error;
    begin(walker, journey);
    event.at_ms = walker->now_ms + 1;
    assert_true(path_apply(&walker->path, &walker->customer, &event, journey, &outcome, &error));
    assert_true(text_equal(outcome.now.stage, TEXT("discovering")));
}

/* Every stage that lets go of silent customers does; all shipped stages do. */
static void test_path_drops_from_every_stage_that_ships(void **state)
{
    struct walker *walker = *state;
    for (uint32_t i = 0; i < walker->site->stage_count; i++) {
        const struct stage *stage = &walker->site->stages[i];
        struct text journey = walker->site->journeys[stage->journey].name;
        begin(walker, stage->journey);
        walk_to(walker, &walker->site->journeys[stage->journey], i);
        int64_t due_ms = walker->now_ms + (int64_t)(stage->leave_after * 1000);
        assert_true(stage->leave_after > 0);
        assert_false(path_drop_if_silent(&walker->path, &walker->customer, journey, due_ms - 1));
        assert_true(path_drop_if_silent(&walker->path, &walker->customer, journey, due_ms));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_path_walks_every_journey_that_ships, setup, teardown),
        cmocka_unit_test_setup_teardown(test_path_obeys_every_rule_that_ships, setup, teardown),
        cmocka_unit_test_setup_teardown(test_path_knows_the_kind_of_an_offer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_path_drops_from_every_stage_that_ships, setup, teardown),
    };
    return cmocka_run_group_tests_name("ledger/path, on shipped journeys", tests, NULL, NULL);
}
