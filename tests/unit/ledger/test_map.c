/* map: the figures of a journey in a window of days, as they lie in a store. */
#include "../cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/map.h"
#include "walk_builder.h"

struct asking {
    struct walk *walk;
    struct store *store;
    struct map_reading *reading;
    const struct map *map; /* the answer, once there is one */
    int steps;
    bool failed;
};

static int setup(void **state)
{
    struct asking *asking = calloc(1, sizeof *asking);
    struct error error;
    void *walk;
    if (asking == NULL || walk_setup(&walk) != 0)
        return -1;
    asking->walk = walk;
    asking->store = store_memory_open(&error);
    *state = asking;
    return asking->store == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct asking *asking = *state;
    void *walk = asking->walk;
    map_reading_free(asking->reading);
    store_close(asking->store);
    free(asking);
    return walk_teardown(&walk);
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    assert_null(error);
}

/* Writes what the funnel has collected; the store has nothing of it yet. */
static void keep(struct asking *asking)
{
    size_t count;
    struct error error;
    struct funnel *funnel = &asking->walk->funnel;
    funnel_keys(funnel, &count);
    struct text *nothing = calloc(count + 1, sizeof *nothing);
    assert_non_null(nothing);
    const struct store_write *writes = funnel_settle(funnel, nothing, &error);
    assert_non_null(writes);
    store_write(asking->store, writes, count, written_cb, NULL);
    free(nothing);
    funnel_clear(funnel);
}

static void put(struct asking *asking, struct text key, struct text value)
{
    struct store_write write = {key, value};
    store_write(asking->store, &write, 1, written_cb, NULL);
}

static void step_cb(void *context, const struct map *map, const struct error *error)
{
    struct asking *asking = context;
    asking->map = map;
    asking->failed = error != NULL;
    asking->steps++;
}

static const struct map *ask(struct asking *asking, uint32_t from, uint32_t to)
{
    struct error error;
    map_reading_free(asking->reading);
    asking->reading = map_reading_new(asking->walk->site, 0, from, to, &error);
    assert_non_null(asking->reading);
    asking->map = NULL;
    asking->steps = 0;
    while (asking->map == NULL) {
        map_reading_step(asking->reading, asking->store, step_cb, asking);
        assert_false(asking->failed);
    }
    return asking->map;
}

static void count_move(struct asking *asking, int day, const char *stage, enum funnel_move move, int times)
{
    for (int i = 0; i < times; i++)
        funnel_move(&asking->walk->funnel, walk_name(day), TEXT("walk"), text_from(stage), move, 1);
}

static void count_touch(struct asking *asking, int day, const char *stage, const char *offer,
                        const char *placement, enum touch_kind touch, double value)
{
    struct funnel_names names = {TEXT("walk"), text_from(stage), text_from(offer), text_from(placement)};
    funnel_touch(&asking->walk->funnel, walk_name(day), &names, touch, value);
}

static void test_map_has_all_stages_in_order(void **state)
{
    const struct map *map = ask(*state, walk_name(0), walk_name(10));
    static const char *const names[] = {"start", "look", "choose", "buy", "stay"};
    assert_int_equal(map->stage_count, 5);
    for (uint32_t i = 0; i < map->stage_count; i++) {
        assert_true(text_equal(map->stages[i].name, text_from(names[i])));
        assert_int_equal(map->stages[i].number, i);
        assert_int_equal(map->stages[i].entered, 0);
        assert_int_equal(map->stages[i].offer_count, 0);
    }
    assert_int_equal(map->offer_count, 0);
    assert_int_equal(map->from, walk_name(0));
    assert_int_equal(map->to, walk_name(10));
}

static void test_map_sums_the_days_of_the_window(void **state)
{
    struct asking *asking = *state;
    for (int day = 0; day < 5; day++)
        count_move(asking, day, "look", FUNNEL_ENTERED, 10);
    count_move(asking, 2, "look", FUNNEL_ADVANCED, 4);
    count_move(asking, 3, "look", FUNNEL_DROPPED, 1);
    count_move(asking, 4, "look", FUNNEL_DROPPED, 1);
    keep(asking);
    const struct map *map = ask(asking, walk_name(1), walk_name(3));
    assert_int_equal(map->stages[1].entered, 30);
    assert_int_equal(map->stages[1].advanced, 4);
    assert_int_equal(map->stages[1].dropped, 1);
    assert_int_equal(map->stages[1].inside, 25);
    assert_int_equal(ask(asking, walk_name(2), walk_name(2))->stages[1].entered, 10);
}

static void test_map_leaves_other_journeys_out(void **state)
{
    struct asking *asking = *state;
    funnel_move(&asking->walk->funnel, walk_name(0), TEXT("club"), TEXT("look"), FUNNEL_ENTERED, 1);
    keep(asking);
    const struct map *map = ask(asking, walk_name(0), walk_name(0));
    assert_int_equal(map->stages[1].entered, 0);
    assert_int_equal(map->stage_count, 5);
}

static void test_map_sums_offers_over_placements(void **state)
{
    struct asking *asking = *state;
    count_touch(asking, 0, "look", "map", "hero", TOUCH_IMPRESSION, 0);
    count_touch(asking, 0, "look", "map", "side", TOUCH_IMPRESSION, 0);
    count_touch(asking, 1, "look", "map", NULL, TOUCH_CONVERSION, 2.5);
    count_touch(asking, 1, "buy", "map", "hero", TOUCH_CONVERSION, 4);
    keep(asking);
    const struct map *map = ask(asking, walk_name(0), walk_name(1));
    assert_int_equal(map->stages[1].offer_count, 1);
    assert_int_equal(map->stages[1].offers[0].touches[TOUCH_IMPRESSION], 2);
    assert_int_equal(map->stages[1].offers[0].touches[TOUCH_CONVERSION], 1);
    assert_float_equal(map->stages[1].offers[0].value, 2.5, 1e-9);
    assert_int_equal(map->stages[3].offers[0].touches[TOUCH_CONVERSION], 1);
    assert_int_equal(map->offer_count, 1);
    assert_int_equal(map->offers[0].touches[TOUCH_CONVERSION], 2);
    assert_float_equal(map->offers[0].value, 6.5, 1e-9);
}

static void test_map_has_what_is_gone_behind_the_rest(void **state)
{
    struct asking *asking = *state;
    count_touch(asking, 0, "look", "zebra", "hero", TOUCH_CLICK, 0);
    count_touch(asking, 0, "look", "aged", "hero", TOUCH_CLICK, 0);
    count_touch(asking, 0, "look", "map", "hero", TOUCH_CLICK, 0);
    count_touch(asking, 0, NULL, "map", "hero", TOUCH_CLICK, 0);
    count_move(asking, 0, "ponder", FUNNEL_ENTERED, 3);
    keep(asking);
    const struct map *map = ask(asking, walk_name(0), walk_name(0));
    assert_int_equal(map->stages[1].offer_count, 3);
    assert_true(text_equal(map->stages[1].offers[0].id, TEXT("map")));
    assert_true(text_equal(map->stages[1].offers[1].id, TEXT("aged")));
    assert_true(text_equal(map->stages[1].offers[2].id, TEXT("zebra")));
    assert_int_equal(map->stages[1].offers[2].number, SNAPSHOT_NONE);
    assert_int_equal(map->stage_count, 7);
    assert_null(map->stages[5].name.bytes);
    assert_int_equal(map->stages[5].offer_count, 1);
    assert_true(text_equal(map->stages[6].name, TEXT("ponder")));
    assert_int_equal(map->stages[6].inside, 3);
    assert_int_equal(map->offers[0].touches[TOUCH_CLICK], 2);
}

/* Counted before a stage was renamed, and after. */
static void test_map_knows_stages_by_all_their_names(void **state)
{
    struct asking *asking = *state;
    count_move(asking, 0, "stay", FUNNEL_ENTERED, 1);
    count_move(asking, 0, "quedarse", FUNNEL_ENTERED, 2);
    count_move(asking, 0, "quedarse", FUNNEL_DROPPED, 1);
    keep(asking);
    const struct map *map = ask(asking, walk_name(0), walk_name(0));
    assert_int_equal(map->stage_count, 5);
    assert_int_equal(map->stages[4].entered, 3);
    assert_int_equal(map->stages[4].inside, 2);
}

static void test_map_passes_over_what_it_cannot_read(void **state)
{
    struct asking *asking = *state;
    char key[FUNNEL_KEY_BYTES];
    struct funnel_names names = {TEXT("walk"), TEXT("look"), {NULL, 0}, {NULL, 0}};
    funnel_row_key(walk_name(0), &names, key);
    put(asking, (struct text){key, sizeof key}, TEXT("\x93 no row"));
    put(asking, TEXT("f\x01\x35\x26\x14 too short"), TEXT("\x90"));
    count_move(asking, 0, "start", FUNNEL_ENTERED, 1);
    keep(asking);
    const struct map *map = ask(asking, walk_name(0), walk_name(365));
    assert_int_equal(map->stages[0].entered, 1);
    assert_int_equal(map->damaged, 2);
}

static void test_map_takes_several_steps_for_much(void **state)
{
    struct asking *asking = *state;
    enum { DAYS = 40 };
    char offers[200][8];
    for (int i = 0; i < 200; i++) {
        snprintf(offers[i], sizeof offers[i], "o%d", i);
        for (int day = 0; day < DAYS; day++)
            count_touch(asking, day, "look", offers[i], "hero", TOUCH_CLICK, 0.5);
    }
    keep(asking);
    const struct map *map = ask(asking, walk_name(0), walk_name(DAYS - 1));
    assert_int_equal(asking->steps, 200 * DAYS / MAP_SCAN_ROWS + 1);
    assert_int_equal(map->offer_count, 200);
    for (uint32_t i = 0; i < map->offer_count; i++) {
        assert_int_equal(map->offers[i].touches[TOUCH_CLICK], DAYS);
        assert_float_equal(map->offers[i].value, DAYS * 0.5, 1e-9);
    }
    assert_int_equal(ask(asking, walk_name(3), walk_name(4))->offers[0].touches[TOUCH_CLICK], 2);
    assert_int_equal(asking->steps, 200 * 2 / MAP_SCAN_ROWS + 1);
}

static const struct map_offer *find_offer(const struct map *map, const char *id)
{
    for (uint32_t i = 0; i < map->offer_count; i++)
        if (text_equal(map->offers[i].id, text_from(id)))
            return &map->offers[i];
    return NULL;
}

/* As stores have it from when events could make rows of whatever they named. */
static void test_map_tells_a_bounded_number_of_names_that_nobody_was_given(void **state)
{
    enum { INVENTED = MAP_STRANGERS_MOST + 500 };
    struct asking *asking = *state;
    char offers[INVENTED][8];
    for (int i = 0; i < INVENTED; i++) {
        snprintf(offers[i], sizeof offers[i], "o%d", i);
        count_touch(asking, 0, "look", offers[i], "hero", TOUCH_CLICK, 0);
        count_touch(asking, 0, "start", offers[i], "hero", TOUCH_CLICK, 0);
    }
    count_touch(asking, 1, "look", "map", "hero", TOUCH_CLICK, 0);
    count_touch(asking, 1, "look", "given", "hero", TOUCH_DECISION, 0);
    count_touch(asking, 2, "look", "given", "hero", TOUCH_CLICK, 0);
    keep(asking);
    const struct map *map = ask(asking, walk_name(0), walk_name(2));
    assert_int_equal(map->offer_count, MAP_STRANGERS_MOST + 3);
    assert_int_equal(find_offer(map, "(other)")->touches[TOUCH_CLICK], 2 * 500);
    assert_int_equal(find_offer(map, "map")->touches[TOUCH_CLICK], 1);
    assert_int_equal(find_offer(map, "given")->touches[TOUCH_CLICK], 1);
    assert_int_equal(ask(asking, walk_name(1), walk_name(2))->offer_count, 2);
}

static void refused(struct asking *asking, uint32_t from, uint32_t to, const char *message)
{
    struct error error;
    assert_null(map_reading_new(asking->walk->site, 0, from, to, &error));
    assert_int_equal(error.code, ERROR_INVALID);
    assert_string_equal(error.message, message);
}

static void test_map_refuses_windows(void **state)
{
    refused(*state, 20260230, 20260301, "from: expected a day of the calendar, got 20260230");
    refused(*state, 20260301, 0, "to: expected a day of the calendar, got 0");
    refused(*state, 20260301, 20260228, "to: expected a day that is not before `from`");
    assert_int_equal(ask(*state, 19700101, 99991231)->stage_count, 5);
}

/* A store that is gone. */
static void refuse_scan(struct store *store, struct text from, struct text prefix, size_t most,
                        store_entry_cb entry, store_done_cb done, void *context)
{
    (void)store, (void)from, (void)prefix, (void)most, (void)entry;
    struct error error;
    error_set(&error, ERROR_UNAVAILABLE, "the store is away");
    done(context, &error);
}

static void away_cb(void *context, const struct map *map, const struct error *error)
{
    assert_null(map);
    assert_int_equal(error->code, ERROR_UNAVAILABLE);
    *(bool *)context = true;
}

static void test_map_says_what_the_store_says(void **state)
{
    struct asking *asking = *state;
    static const struct store_kind away_kind = {.scan = refuse_scan};
    struct store away = {&away_kind};
    struct error error;
    bool called = false;
    asking->reading = map_reading_new(asking->walk->site, 0, 20260101, 20260102, &error);
    assert_non_null(asking->reading);
    map_reading_step(asking->reading, &away, away_cb, &called);
    assert_true(called);
}

int main(void)
{
#define ASKING(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        ASKING(test_map_has_all_stages_in_order),
        ASKING(test_map_sums_the_days_of_the_window),
        ASKING(test_map_leaves_other_journeys_out),
        ASKING(test_map_sums_offers_over_placements),
        ASKING(test_map_has_what_is_gone_behind_the_rest),
        ASKING(test_map_knows_stages_by_all_their_names),
        ASKING(test_map_passes_over_what_it_cannot_read),
        ASKING(test_map_takes_several_steps_for_much),
        ASKING(test_map_tells_a_bounded_number_of_names_that_nobody_was_given),
        ASKING(test_map_refuses_windows),
        ASKING(test_map_says_what_the_store_says),
    };
    return cmocka_run_group_tests_name("ledger/map", tests, NULL, NULL);
}
