/* path: whatever happens to many customers, the funnel agrees with where they stand. */
#include "../cmocka_all.h"

#include <stdlib.h>

#include "../decide/random_builder.h"
#include "walk_builder.h"

enum {
    PEOPLE = 24,
    SEEDS = 12,
    STEPS = 4000,
    STEPS_BETWEEN_CHECKS = 100,
    STEP_HOURS = 12, /* at most, between two steps */
    LATE_DAYS = 60,  /* at most, for an event that comes late */
    ARENA_BLOCK = 4096,
};

struct person {
    struct arena arena;
    struct customer customer;
    struct path_event last; /* what they did last, to be told twice */
};

struct world {
    struct walk *walk;
    struct snapshot *sites[2]; /* as it is, and as it will be; the first is the walk's */
    struct random_state random;
    int64_t now_ms;
    struct person people[PEOPLE];
    long told, late, moved_late, set, dropped, joined, erased, changed; /* how often each came up */
};

static uint32_t pick(struct world *world, uint32_t below)
{
    return random_pick(&world->random, below);
}

static void be_born(struct world *world, struct person *person)
{
    arena_destroy(&person->arena);
    arena_create(&person->arena, ARENA_BLOCK);
    customer_create(&person->customer, &person->arena, TEXT("c"), world->now_ms);
    person->last = (struct path_event){.name = TEXT("hello"), .at_ms = world->now_ms};
}

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    void *walk;
    if (world == NULL || walk_setup(&walk) != 0)
        return -1;
    world->walk = walk;
    world->sites[0] = world->walk->site;
    world->sites[1] = walk_site_later();
    for (int i = 0; i < PEOPLE; i++)
        arena_create(&world->people[i].arena, ARENA_BLOCK);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    void *walk = world->walk;
    for (int i = 0; i < PEOPLE; i++)
        arena_destroy(&world->people[i].arena);
    snapshot_free(world->sites[1]);
    free(world);
    return walk_teardown(&walk);
}

static void begin(struct world *world, uint64_t seed)
{
    world->random.value = seed;
    world->now_ms = walk_day(0);
    world->walk->path.site = world->sites[0];
    funnel_clear(&world->walk->funnel);
    for (int i = 0; i < PEOPLE; i++)
        be_born(world, &world->people[i]);
}

/* ---- What happens ---- */

static struct path_event something(struct world *world, int64_t at_ms)
{
    static const struct path_event events[] = {
        {.name = TEXT("hello")},
        {.name = TEXT("view")},
        {.name = TEXT("view")},
        {.name = TEXT("cart")},
        {.name = TEXT("cart")},
        {.name = TEXT("price")},
        {.name = TEXT("price")},
        {.name = TEXT("purchase")},
        {.name = TEXT("sign_up")},
        {.name = TEXT("pay")},
        {.name = TEXT("review"), .properties = TEXT("\x81\xA6rating\x05")},
        {.name = TEXT("peek"), .properties = TEXT("\x81\xA7section\xA4shop")}};
    struct path_event event = events[pick(world, sizeof events / sizeof *events)];
    event.at_ms = at_ms;
    return event;
}

static int64_t position_of(const struct world *world, const struct customer *customer)
{
    struct path_place place = path_place_of(&world->walk->path, customer, SNAPSHOT_NONE);
    uint32_t stage = symbols_find(&world->walk->path.site->stage_names[0], place.stage);
    return stage == SNAPSHOT_NONE ? -1 : (int64_t)world->walk->path.site->stages[stage].position;
}

/* Rule 5 of path.h: what is late moves nobody back. */
static void tell(struct world *world, struct person *person, const struct path_event *event)
{
    struct path_outcome outcome;
    struct error error;
    struct path_place before = path_place_of(&world->walk->path, &person->customer, SNAPSHOT_NONE);
    int64_t position = position_of(world, &person->customer);
    bool late = event->at_ms < before.since_ms;
    assert_true(path_apply(&world->walk->path, &person->customer, event, SNAPSHOT_NONE, &outcome, &error));
    if (late)
        assert_true(position_of(world, &person->customer) >= position);
    world->told++;
    world->late += late;
    world->moved_late += late && outcome.moved;
    person->last = *event;
}

static void tell_late(struct world *world, struct person *person)
{
    int64_t ago = (int64_t)pick(world, LATE_DAYS * 24) * WALK_HOUR;
    struct path_event event = something(world, world->now_ms - ago);
    tell(world, person, &event);
}

static void set_somewhere(struct world *world, struct person *person)
{
    const struct snapshot *site = world->walk->path.site;
    const struct stage *stage = &site->stages[pick(world, site->stage_count)];
    struct error error;
    assert_true(path_set(&world->walk->path, &person->customer, site->journeys[stage->journey].name,
                         stage->name, world->now_ms, &error));
    world->set++;
}

static void look_at_timers(struct world *world, struct person *person)
{
    world->dropped += path_drop_if_silent(&world->walk->path, &person->customer, TEXT("walk"), world->now_ms);
    world->dropped += path_drop_if_silent(&world->walk->path, &person->customer, TEXT("club"), world->now_ms);
}

static void join(struct world *world, struct person *person)
{
    struct person *other = &world->people[pick(world, PEOPLE)];
    struct error error;
    if (other == person)
        return;
    assert_true(path_join(&world->walk->path, &person->customer, &other->customer, &error));
    be_born(world, other);
    world->joined++;
}

static void erase(struct world *world, struct person *person)
{
    path_leave_all(&world->walk->path, &person->customer);
    be_born(world, person);
    world->erased++;
}

static void change_site(struct world *world)
{
    world->walk->path.site = world->sites[world->walk->path.site == world->sites[0]];
    world->changed++;
}

/* To the store and back. */
static void keep(struct world *world, struct person *person)
{
    struct buffer bytes;
    struct arena arena;
    struct error error;
    arena_create(&arena, ARENA_BLOCK);
    buffer_create(&bytes);
    path_compact(&world->walk->path, &person->customer, world->now_ms, (int64_t)LATE_DAYS * WALK_DAY);
    customer_encode(&person->customer, &bytes);
    const char *copy = arena_copy(&arena, bytes.bytes, bytes.length);
    assert_non_null(copy);
    arena_destroy(&person->arena);
    person->arena = arena;
    assert_true(
        customer_decode(&person->customer, &person->arena, (struct text){copy, bytes.length}, &error));
    buffer_destroy(&bytes);
}

static void step(struct world *world)
{
    struct person *person = &world->people[pick(world, PEOPLE)];
    uint32_t chance = pick(world, 1000);
    struct path_event event = something(world, world->now_ms);
    if (chance < 600)
        tell(world, person, &event);
    else if (chance < 740)
        tell_late(world, person);
    else if (chance < 790)
        tell(world, person, &person->last);
    else if (chance < 820)
        set_somewhere(world, person);
    else if (chance < 920)
        look_at_timers(world, person);
    else if (chance < 935)
        join(world, person);
    else if (chance < 945)
        erase(world, person);
    else if (chance < 950)
        change_site(world);
    else
        keep(world, person);
    world->now_ms += (int64_t)pick(world, STEP_HOURS) * WALK_HOUR;
}

/* ---- What has to be true ---- */

static int64_t inside(const struct funnel_row *row)
{
    return row->moves[FUNNEL_ENTERED] - row->moves[FUNNEL_ADVANCED] - row->moves[FUNNEL_DROPPED];
}

static bool is_of(const struct customer_journey *place, const struct funnel_row *row)
{
    return !place->dropped && place->entered_day == row->day && text_equal(place->stage, row->names.stage) &&
           text_equal(place->journey, row->names.journey);
}

static int64_t count_people(const struct world *world, const struct funnel_row *row)
{
    int64_t count = 0;
    for (int i = 0; i < PEOPLE; i++)
        for (uint32_t j = 0; j < world->people[i].customer.journey_count; j++)
            count += row == NULL ? !world->people[i].customer.journeys[j].dropped
                                 : is_of(&world->people[i].customer.journeys[j], row);
    return count;
}

/* On every day, so in every window; and nobody stands where the funnel has no row. */
static void check(const struct world *world)
{
    int64_t all = 0;
    for (size_t i = 0; i < world->walk->funnel.count; i++) {
        const struct funnel_row *row = funnel_row_at(&world->walk->funnel, i);
        for (int move = 0; move < FUNNEL_MOVES; move++)
            assert_true(row->moves[move] >= 0);
        assert_int_equal(inside(row), count_people(world, row));
        all += inside(row);
    }
    assert_int_equal(all, count_people(world, NULL));
}

static void test_path_agrees_with_the_funnel(void **state)
{
    struct world *world = *state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(world, seed);
        for (int i = 1; i <= STEPS; i++) {
            step(world);
            if (i % STEPS_BETWEEN_CHECKS == 0)
                check(world);
        }
    }
    /* A test of nothing passes, too. */
    assert_true(world->told > 10000 && world->late > 1000 && world->moved_late > 50 && world->set > 100);
    assert_true(world->dropped > 100 && world->joined > 100 && world->erased > 50 && world->changed > 20);
}

/* In the end nobody is left, and all who entered have advanced or dropped. */
static void test_path_ends_with_nobody_inside(void **state)
{
    struct world *world = *state;
    begin(world, 99);
    for (int i = 0; i < STEPS; i++)
        step(world);
    for (int i = 0; i < PEOPLE; i++)
        path_leave_all(&world->walk->path, &world->people[i].customer);
    for (size_t i = 0; i < world->walk->funnel.count; i++)
        assert_int_equal(inside(funnel_row_at(&world->walk->funnel, i)), 0);
    check(world);
}

/* ---- It does not matter when timers go off ---- */

static void assert_same_rows(struct funnel *a, struct funnel *b)
{
    size_t count, other;
    const struct text *keys = funnel_keys(a, &count), *others = funnel_keys(b, &other);
    assert_int_equal(count, other);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(keys[i].bytes, others[i].bytes, FUNNEL_KEY_BYTES);
        assert_memory_equal(funnel_row_at(a, i)->moves, funnel_row_at(b, i)->moves,
                            sizeof funnel_row_at(a, i)->moves);
    }
}

static void assert_same_places(const struct customer *a, const struct customer *b)
{
    assert_int_equal(a->journey_count, b->journey_count);
    for (uint32_t i = 0; i < a->journey_count; i++) {
        assert_true(text_equal(a->journeys[i].stage, b->journeys[i].stage));
        assert_int_equal(a->journeys[i].since_ms, b->journeys[i].since_ms);
        assert_int_equal(a->journeys[i].entered_day, b->journeys[i].entered_day);
        assert_int_equal(a->journeys[i].dropped, b->journeys[i].dropped);
    }
}

static void test_path_is_the_same_with_and_without_timers(void **state)
{
    struct world *world = *state;
    struct funnel other_funnel;
    funnel_create(&other_funnel);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct person *timed = &world->people[0], *untimed = &world->people[1];
        struct path_outcome outcome;
        struct error error;
        begin(world, seed);
        funnel_clear(&other_funnel);
        struct path other = world->walk->path;
        other.funnel = &other_funnel;
        for (int i = 0; i < STEPS / 4; i++) {
            struct path_event event = something(world, world->now_ms);
            tell(world, timed, &event);
            assert_true(path_apply(&other, &untimed->customer, &event, SNAPSHOT_NONE, &outcome, &error));
            world->now_ms += (int64_t)pick(world, 4 * 24 * (pick(world, 10) == 0 ? 15 : 1)) * WALK_HOUR;
            if (pick(world, 2) == 0)
                look_at_timers(world, timed);
        }
        look_at_timers(world, timed);
        path_drop_if_silent(&other, &untimed->customer, TEXT("walk"), world->now_ms);
        path_drop_if_silent(&other, &untimed->customer, TEXT("club"), world->now_ms);
        assert_same_places(&timed->customer, &untimed->customer);
        assert_same_rows(&world->walk->funnel, &other_funnel);
    }
    assert_true(world->dropped > 50);
    funnel_destroy(&other_funnel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_path_agrees_with_the_funnel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_path_ends_with_nobody_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_path_is_the_same_with_and_without_timers, setup, teardown),
    };
    return cmocka_run_group_tests_name("ledger/path, at random", tests, NULL, NULL);
}
