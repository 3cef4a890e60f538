/* memo: whatever sites and customers there are, remembering changes no decision. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "../wire/message_builder.h"
#include "history_builder.h"
#include "scripts_builder.h"
#include "served_builder.h"

enum { SITES = 25, SITUATIONS = 250, PAST = 24, MOST_ENTRIES = 7, STRATEGIES = 5, PERSONAS = 3 };

/* A customer, their request and the moment; the maps' memory is the zone's. */
struct asked {
    struct situation situation;
    msgpack_object maps[3]; /* context, traits, consents */
    uint32_t excluded[3];   /* behind situation.excluded */
};

/* One site served twice: remembering nothing, and remembering. */
struct twins {
    struct served plain, remembering;
    struct metrics_slot slot;    /* of the second */
    struct arena histories;      /* of customers */
    struct random_state *random; /* borrowed */
    struct asked past[PAST];     /* asked before */
    uint32_t past_count;
    uint32_t decisions, remembered; /* taken, and of these without running a script */
};

static msgpack_object text_object(msgpack_object_type type, const char *bytes, size_t length)
{
    msgpack_object object = {.type = type};
    object.via.str.ptr = bytes;
    object.via.str.size = (uint32_t)length;
    return object;
}

static msgpack_object number_object(double number)
{
    msgpack_object object = {.type = MSGPACK_OBJECT_FLOAT64};
    object.via.f64 = number;
    return object;
}

static msgpack_object integer_object(int64_t number)
{
    msgpack_object object = {.type = number < 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER
                                                : MSGPACK_OBJECT_POSITIVE_INTEGER};
    object.via.i64 = number;
    return object;
}

static msgpack_object boolean_object(bool truth)
{
    msgpack_object object = {.type = MSGPACK_OBJECT_BOOLEAN};
    object.via.boolean = truth;
    return object;
}

/* A moment as the timestamp extension has it. */
static msgpack_object moment_object(void)
{
    msgpack_object object = {.type = MSGPACK_OBJECT_EXT};
    object.via.ext.type = -1;
    object.via.ext.size = 4;
    object.via.ext.ptr = "\0\0\0\3";
    return object;
}

/* Values that are near each other: the same in another type, the same in another order. */
static msgpack_object pick_scalar(struct random_state *random)
{
    static const char *const texts[] = {"3",         "a",      "red", "hard to compare",
                                        "marketing", "mobile", "k1",  "true"};
    static const double numbers[] = {3.0, 3.5, 0.0, -0.0, 9007199254740992.0, 1e300, 0.1};
    static const int64_t integers[] = {3, 0, 1, 2, -1, 9007199254740992, 9007199254740993, INT64_MAX};
    static char page[3000];
    uint32_t form = message_pick(random, 12);
    const char *text = texts[message_pick(random, 8)];
    memset(page, 'x', sizeof page);
    if (form < 3)
        return integer_object(integers[message_pick(random, 8)]);
    if (form < 5)
        return number_object(numbers[message_pick(random, 7)]);
    if (form < 8)
        return text_object(form == 5 ? MSGPACK_OBJECT_BIN : MSGPACK_OBJECT_STR, text, strlen(text));
    if (form == 8)
        return text_object(MSGPACK_OBJECT_STR, page,
                           message_pick(random, 4) == 0 ? sizeof page : message_pick(random, 3));
    if (form == 9)
        return moment_object();
    return form == 10 ? (msgpack_object){.type = MSGPACK_OBJECT_NIL}
                      : boolean_object(message_pick(random, 2));
}

static void *zone_array(msgpack_zone *zone, size_t count, size_t size)
{
    void *memory = msgpack_zone_malloc(zone, count * size + 1);
    assert_non_null(memory);
    return memory;
}

static msgpack_object pick_map(struct random_state *random, msgpack_zone *zone, uint32_t depth);

static msgpack_object pick_value(struct random_state *random, msgpack_zone *zone, uint32_t depth)
{
    uint32_t form = message_pick(random, 10);
    if (form > 2 || depth == 0)
        return pick_scalar(random);
    if (form == 0)
        return pick_map(random, zone, depth - 1);
    msgpack_object list = {.type = MSGPACK_OBJECT_ARRAY};
    list.via.array.size = message_pick(random, 4);
    list.via.array.ptr = zone_array(zone, 4, sizeof(msgpack_object));
    for (uint32_t i = 0; i < list.via.array.size; i++)
        list.via.array.ptr[i] = pick_value(random, zone, depth - 1);
    return list;
}

/* May name a key twice. */
static msgpack_object pick_map(struct random_state *random, msgpack_zone *zone, uint32_t depth)
{
    msgpack_object map = {.type = MSGPACK_OBJECT_MAP};
    map.via.map.size = message_pick(random, MOST_ENTRIES + 1);
    map.via.map.ptr = zone_array(zone, MOST_ENTRIES, sizeof(msgpack_object_kv));
    for (uint32_t i = 0; i < map.via.map.size; i++) {
        const char *key = scripts_keys[message_pick(random, SCRIPTS_KEYS)];
        map.via.map.ptr[i].key = text_object(MSGPACK_OBJECT_STR, key, strlen(key));
        map.via.map.ptr[i].val = pick_value(random, zone, depth);
    }
    return map;
}

/* The map with one entry changed; its other entries are shared. */
static msgpack_object change_map(struct random_state *random, msgpack_zone *zone, const msgpack_object *from)
{
    msgpack_object map = *from;
    if (map.type != MSGPACK_OBJECT_MAP || map.via.map.size == 0)
        return pick_map(random, zone, 2);
    map.via.map.ptr = zone_array(zone, MOST_ENTRIES, sizeof(msgpack_object_kv));
    memcpy(map.via.map.ptr, from->via.map.ptr, map.via.map.size * sizeof(msgpack_object_kv));
    msgpack_object_kv *entry = &map.via.map.ptr[message_pick(random, map.via.map.size)];
    if (message_pick(random, 4) == 0)
        *entry = map.via.map.ptr[--map.via.map.size];
    else
        entry->val = pick_value(random, zone, 2);
    return map;
}

/* Bytes NULL: not told, which is not the empty text. */
static struct text pick_text(struct random_state *random)
{
    static const struct text texts[] = {{NULL, 0}, TEXT(""), TEXT("1"), TEXT("c-2"), TEXT("site")};
    return texts[message_pick(random, 5)];
}

static void change_place(struct twins *twins, struct situation *situation)
{
    const struct snapshot *snapshot = engine_snapshot(twins->plain.engine);
    situation->placement = message_pick(twins->random, snapshot->placement_count);
    situation->stage = message_pick(twins->random, snapshot->stage_count);
    situation->journey = snapshot->stages[situation->stage].journey;
    situation->count = 1 + message_pick(twins->random, 5);
}

static void change_person(struct twins *twins, struct situation *situation)
{
    const struct snapshot *snapshot = engine_snapshot(twins->plain.engine);
    situation->customer = pick_text(twins->random);
    situation->touchpoint = pick_text(twins->random);
    situation->locale = message_pick(twins->random, snapshot->locale_count);
    situation->persona = message_pick(twins->random, 4) == 0
                             ? message_pick(twins->random, snapshot->persona_count)
                             : SNAPSHOT_NONE;
    situation->consented = message_pick(twins->random, 2);
}

/* Seconds since the epoch, so near each other that a window of seconds may begin between two of them. */
static int64_t pick_moment(struct random_state *random)
{
    static const int64_t years[] = {1760000000, 1790000000, 1830000000};
    return years[message_pick(random, 3)] + message_pick(random, 20);
}

static void add_touches(struct random_state *random, struct customer *customer)
{
    static const char *const offers[][2] = {
        {"a", "guide"}, {"b", "video"}, {"c", "guide"}, {"d", "webinar"}, {"gone", "guide"}};
    for (uint32_t count = message_pick(random, 8); count > 0; count--) {
        const char *const *offer = offers[message_pick(random, 5)];
        history_touched(customer, offer[0], offer[1], (enum touch_kind)message_pick(random, TOUCH_KINDS),
                        pick_moment(random) * 1000);
    }
}

static void change_history(struct twins *twins, struct situation *situation)
{
    struct random_state *random = twins->random;
    const struct snapshot *snapshot = engine_snapshot(twins->plain.engine);
    situation->known = NULL;
    if (message_pick(random, 4) == 0)
        return;
    struct customer *customer = history_new(&twins->histories, pick_moment(random) * 1000);
    for (uint32_t count = message_pick(random, 8); count > 0; count--)
        history_did(customer, scripts_events[message_pick(random, SCRIPTS_EVENTS)],
                    pick_moment(random) * 1000);
    add_touches(random, customer);
    for (uint32_t count = message_pick(random, 3); count > 0; count--) {
        const struct stage *stage = &snapshot->stages[message_pick(random, snapshot->stage_count)];
        history_entered(customer, snapshot->journeys[stage->journey].name, stage->name,
                        pick_moment(random) * 1000);
    }
    situation->known = customer;
}

static void change_moment(struct twins *twins, struct asked *asked)
{
    asked->situation.now_us = pick_moment(twins->random) * 1000000;
    asked->situation.seed = message_pick(twins->random, 4);
    asked->situation.explain = message_pick(twins->random, 8) == 0;
    asked->situation.excluded_count = message_pick(twins->random, 3);
    for (uint32_t i = 0; i < asked->situation.excluded_count; i++)
        asked->excluded[i] = message_pick(twins->random, engine_snapshot(twins->plain.engine)->offer_count);
}

static void change_all(struct twins *twins, struct asked *asked)
{
    change_place(twins, &asked->situation);
    change_person(twins, &asked->situation);
    change_history(twins, &asked->situation);
    change_moment(twins, asked);
    for (int i = 0; i < 3; i++)
        asked->maps[i] = pick_map(twins->random, twins->plain.zone, 2);
}

static void change_something(struct twins *twins, struct asked *asked)
{
    uint32_t what = message_pick(twins->random, 10);
    if (what < 5)
        asked->maps[what % 3] = change_map(twins->random, twins->plain.zone, &asked->maps[what % 3]);
    else if (what == 5)
        change_person(twins, &asked->situation);
    else if (what == 6)
        change_moment(twins, asked);
    else if (what < 9)
        change_history(twins, &asked->situation);
    else
        asked->maps[message_pick(twins->random, 3)].type = MSGPACK_OBJECT_NIL; /* not given */
}

/* Somebody new, somebody from before, or somebody who differs a little from them. */
static struct asked *pick_asked(struct twins *twins)
{
    uint32_t what = message_pick(twins->random, 10);
    struct asked asked = {0};
    if (twins->past_count == 0 || what == 0)
        change_all(twins, &asked);
    else
        asked = twins->past[message_pick(twins->random, twins->past_count)];
    if (what > 3)
        change_something(twins, &asked);
    uint32_t place = twins->past_count < PAST ? twins->past_count++ : message_pick(twins->random, PAST);
    twins->past[place] = asked;
    return &twins->past[place];
}

static const msgpack_object *given(const msgpack_object *map)
{
    return map->type == MSGPACK_OBJECT_MAP ? map : NULL;
}

static void decide(struct served *served, struct asked *asked)
{
    served->situation = asked->situation;
    served->situation.context = given(&asked->maps[0]);
    served->situation.traits = given(&asked->maps[1]);
    served->situation.consents = given(&asked->maps[2]);
    served->situation.excluded = asked->excluded;
    engine_decide(served->engine, &served->situation, &served->decision);
}

static void assert_same_text(struct text a, struct text b)
{
    assert_int_equal(a.bytes == NULL, b.bytes == NULL);
    assert_int_equal(a.length, b.length);
    if (a.length > 0)
        assert_memory_equal(a.bytes, b.bytes, a.length);
}

static void assert_same_traces(const struct decision *a, const struct decision *b)
{
    assert_int_equal(a->trace_count, b->trace_count);
    for (uint32_t i = 0; i < a->trace_count; i++) {
        assert_int_equal(a->traces[i].offer, b->traces[i].offer);
        assert_int_equal(a->traces[i].gate, b->traces[i].gate);
        assert_memory_equal(&a->traces[i].score, &b->traces[i].score, sizeof(double));
        assert_same_text(a->traces[i].because, b->traces[i].because);
    }
}

static void assert_same_decision(const struct decision *a, const struct decision *b)
{
    assert_int_equal(a->fallback, b->fallback);
    assert_int_equal(a->strategy, b->strategy);
    assert_same_text(a->because, b->because);
    assert_int_equal(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_int_equal(a->items[i].offer, b->items[i].offer);
        assert_int_equal(a->items[i].strategy, b->items[i].strategy);
        assert_memory_equal(&a->items[i].score, &b->items[i].score, sizeof(double));
        assert_memory_equal(&a->items[i].propensity, &b->items[i].propensity, sizeof(double));
        assert_int_equal(a->items[i].fallback, b->items[i].fallback);
        assert_same_text(a->items[i].because, b->items[i].because);
    }
    assert_same_traces(a, b);
}

static void assert_same_failure(struct twins *twins)
{
    char plain[700];
    snprintf(plain, sizeof plain, "%s", served_failure(&twins->plain));
    assert_string_equal(plain, served_failure(&twins->remembering));
    assert_int_equal(script_site_set_aside_count(engine_scripts(twins->plain.engine)),
                     script_site_set_aside_count(engine_scripts(twins->remembering.engine)));
}

static void ask_once(struct twins *twins)
{
    struct asked *asked = pick_asked(twins);
    size_t before = served_memory(&twins->remembering), plain_before = served_memory(&twins->plain);
    decide(&twins->plain, asked);
    decide(&twins->remembering, asked);
    twins->decisions++;
    twins->remembered +=
        served_memory(&twins->remembering) == before && served_memory(&twins->plain) > plain_before;
    assert_int_equal(twins->plain.situation.persona, twins->remembering.situation.persona);
    assert_same_decision(&twins->plain.decision, &twins->remembering.decision);
    assert_same_failure(twins);
    while (engine_collect(twins->plain.engine) || engine_collect(twins->remembering.engine))
        ;
}

static void serve_twins(struct twins *twins, const struct scripts_habits *habits, size_t memo)
{
    struct buffer strategies, personas;
    struct engine_options options = served_options();
    buffer_create(&strategies);
    buffer_create(&personas);
    scripts_write_strategies(&strategies, twins->random, habits, STRATEGIES);
    scripts_write_personas(&personas, twins->random, habits, PERSONAS);
    const struct served_file files[] = {{"strategies/s.lua", strategies.bytes},
                                        {"personas/p.lua", personas.bytes}};
    served_begin(&twins->plain, &options, files, 2);
    options.memo_memory = memo;
    options.metrics = &twins->slot;
    served_begin(&twins->remembering, &options, files, 2);
    buffer_destroy(&strategies);
    buffer_destroy(&personas);
}

/* The share of decisions that took no script, in percent. */
static uint32_t ask_sites(uint64_t seed, const struct scripts_habits *habits, size_t memo)
{
    struct random_state random = {seed};
    uint32_t decisions = 0, remembered = 0;
    for (int site = 0; site < SITES; site++) {
        struct twins *twins = calloc(1, sizeof *twins);
        assert_non_null(twins);
        twins->random = &random;
        arena_create(&twins->histories, 4096);
        serve_twins(twins, habits, memo);
        for (int i = 0; i < SITUATIONS; i++)
            ask_once(twins);
        decisions += twins->decisions;
        remembered += twins->remembered;
        served_end(&twins->plain);
        served_end(&twins->remembering);
        arena_destroy(&twins->histories);
        free(twins);
    }
    return remembered * 100 / decisions;
}

static void test_memo_changes_no_decision(void **state)
{
    (void)state;
    uint32_t share = ask_sites(1, &(struct scripts_habits){.chancy = 2}, 1 << 20);
    print_message("%u %% of the decisions took no script\n", share);
    assert_true(share > 5);
}

static void test_memo_changes_no_decision_when_it_overflows(void **state)
{
    (void)state;
    uint32_t share = ask_sites(2, &(struct scripts_habits){.chancy = 2}, 3000);
    print_message("%u %% of the decisions took no script\n", share);
    assert_true(share > 5);
}

static void test_memo_changes_no_decision_where_functions_fail(void **state)
{
    (void)state;
    uint32_t share = ask_sites(3, &(struct scripts_habits){.failing = 3, .chancy = 1}, 1 << 20);
    print_message("%u %% of the decisions took no script\n", share);
    assert_true(share > 5);
}

static void test_memo_changes_no_decision_where_everything_is_read(void **state)
{
    (void)state;
    ask_sites(4, &(struct scripts_habits){.failing = 1, .chancy = 10, .walking = 10, .greedy = 5}, 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memo_changes_no_decision),
        cmocka_unit_test(test_memo_changes_no_decision_when_it_overflows),
        cmocka_unit_test(test_memo_changes_no_decision_where_functions_fail),
        cmocka_unit_test(test_memo_changes_no_decision_where_everything_is_read),
    };
    return cmocka_run_group_tests_name("script/memo_random", tests, NULL, NULL);
}
