/* Reading the funnel of one journey. */
#include "ledger/map.h"

#include <endian.h>
#include <stdlib.h>

#include "ledger/day.h"

enum { PREFIX_BYTES = 1, DAY_BYTES = 4, ARENA_BLOCK = 16 * 1024 };

struct map_reading {
    const struct snapshot *site; /* borrowed */
    struct map map;              /* filled in at the end; arrays are in the arena */
    struct arena arena;
    struct funnel by_stage;        /* sums of (stage, offer); day 0, no placement */
    struct funnel by_offer;        /* sums of offers; nothing but the offer is named */
    char next[STORE_KEY_MOST + 1]; /* key where the next scan begins */
    size_t next_length;            /* bytes of it */
    size_t rows;                   /* that this scan has looked at */
    uint32_t strangers;            /* offers so far that the site does not have, and nobody was given */
    bool passed;                   /* a row behind the window was seen */
    map_step_cb done;              /* of the step under way */
    void *context;
};

static bool check_day(const char *name, uint32_t day, struct error *error)
{
    return day_exists(day) ||
           error_set(error, ERROR_INVALID, "%s: expected a day of the calendar, got %u", name, (unsigned)day);
}

static bool check_window(uint32_t from, uint32_t to, struct error *error)
{
    if (!check_day("from", from, error) || !check_day("to", to, error))
        return false;
    return day_distance(from, to) >= 0 ||
           error_set(error, ERROR_INVALID, "to: expected a day that is not before `from`");
}

/* Keys of a day begin with it. */
static void begin_at(struct map_reading *reading, uint32_t day)
{
    uint32_t big_endian = htobe32(day);
    reading->next[0] = 'f';
    memcpy(reading->next + PREFIX_BYTES, &big_endian, DAY_BYTES);
    reading->next_length = PREFIX_BYTES + DAY_BYTES;
}

struct map_reading *map_reading_new(const struct snapshot *site, uint32_t journey, uint32_t from, uint32_t to,
                                    struct error *error)
{
    if (!check_window(from, to, error))
        return NULL;
    struct map_reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    reading->site = site;
    reading->map = (struct map){.journey = journey, .from = from, .to = to};
    arena_create(&reading->arena, ARENA_BLOCK);
    funnel_create(&reading->by_stage);
    funnel_create(&reading->by_offer);
    begin_at(reading, from);
    return reading;
}

void map_reading_free(struct map_reading *reading)
{
    if (reading == NULL)
        return;
    funnel_destroy(&reading->by_stage);
    funnel_destroy(&reading->by_offer);
    arena_destroy(&reading->arena);
    free(reading);
}

static uint32_t find_stage(const struct map_reading *reading, struct text name)
{
    return symbols_find(&reading->site->stage_names[reading->map.journey], name);
}

/* The site does not have it, this row knows of no decision for it, and no row before did. */
static bool is_new_stranger(const struct map_reading *reading, const struct funnel_row *row)
{
    struct funnel_names names = {.offer = row->names.offer};
    return row->names.offer.length > 0 && row->touches[TOUCH_DECISION] == 0 &&
           symbols_find(&reading->site->offer_names, row->names.offer) == SNAPSHOT_NONE &&
           !funnel_has(&reading->by_offer, 0, &names);
}

/* Earlier versions kept a row of whatever events named. */
static void admit(struct map_reading *reading, struct funnel_row *row)
{
    if (!is_new_stranger(reading, row))
        return;
    if (reading->strangers < MAP_STRANGERS_MOST)
        reading->strangers++;
    else
        row->names.offer = FUNNEL_OTHER;
}

/* Adds one row to the sums, under the stage's own name. */
static void add_row(struct map_reading *reading, struct funnel_row *row)
{
    if (!text_equal(row->names.journey, reading->site->journeys[reading->map.journey].name))
        return;
    uint32_t stage = find_stage(reading, row->names.stage);
    if (stage != SNAPSHOT_NONE)
        row->names.stage = reading->site->stages[stage].name;
    row->day = 0;
    row->names.placement = (struct text){NULL, 0};
    admit(reading, row);
    funnel_add(&reading->by_stage, row);
    row->names = (struct funnel_names){.offer = row->names.offer};
    if (row->names.offer.length > 0)
        funnel_add(&reading->by_offer, row);
}

static uint32_t day_of_key(struct text key)
{
    uint32_t big_endian;
    memcpy(&big_endian, key.bytes + PREFIX_BYTES, DAY_BYTES);
    return be32toh(big_endian);
}

/* The smallest key behind this one is the same with a zero byte more. */
static void go_on_behind(struct map_reading *reading, struct text key)
{
    memcpy(reading->next, key.bytes, key.length);
    reading->next[key.length] = '\0';
    reading->next_length = key.length + 1;
}

static bool entry_cb(void *context, struct text key, struct text value)
{
    struct map_reading *reading = context;
    struct funnel_row row;
    struct error error;
    reading->rows++;
    reading->passed = key.length >= PREFIX_BYTES + DAY_BYTES && day_of_key(key) > reading->map.to;
    if (reading->passed)
        return false;
    go_on_behind(reading, key);
    if (funnel_row_decode(&row, key, value, &error))
        add_row(reading, &row);
    else if (error.code == ERROR_INVALID)
        reading->map.damaged++;
    else
        reading->by_stage.failed = true;
    return true;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static struct map_offer offer_of(const struct map_reading *reading, const struct funnel_row *row)
{
    struct map_offer offer = {.id = row->names.offer,
                              .number = symbols_find(&reading->site->offer_names, row->names.offer),
                              .value = row->value};
    memcpy(offer.touches, row->touches, sizeof offer.touches);
    return offer;
}

/* In the site's order; SNAPSHOT_NONE is the largest number, so that what is gone comes last, by its id. */
static int compare_offers(const void *a, const void *b)
{
    const struct map_offer *left = a, *right = b;
    int order = compare_numbers(left->number, right->number);
    return order != 0 ? order : text_compare(left->id, right->id);
}

static struct map_stage stage_of(const struct map_reading *reading, const struct funnel_row *row)
{
    return (struct map_stage){.name = row->names.stage, .number = find_stage(reading, row->names.stage)};
}

static int compare_stages(const void *a, const void *b)
{
    const struct map_stage *left = a, *right = b;
    int order = compare_numbers(left->number, right->number);
    return order != 0 ? order : text_compare(left->name, right->name);
}

/* The stage of that name among those found so far, which are not sorted yet. */
static struct map_stage *find_found(struct map_stage *stages, uint32_t count, struct text name)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal(stages[i].name, name))
            return &stages[i];
    return NULL;
}

/* All stages of the journey, and those that are gone of which there are rows. NULL when memory is out. */
static struct map_stage *list_stages(struct map_reading *reading, uint32_t *count)
{
    const struct journey *journey = &reading->site->journeys[reading->map.journey];
    struct map_stage *stages = arena_allocate_zeroed(
        &reading->arena, journey->stage_count + reading->by_stage.count + 1, sizeof *stages);
    if (stages == NULL)
        return NULL;
    for (*count = 0; *count < journey->stage_count; (*count)++)
        stages[*count] = (struct map_stage){.name = reading->site->stages[journey->first_stage + *count].name,
                                            .number = journey->first_stage + *count};
    for (size_t i = 0; i < reading->by_stage.count; i++) {
        const struct funnel_row *row = funnel_row_at(&reading->by_stage, i);
        if (find_found(stages, *count, row->names.stage) == NULL)
            stages[(*count)++] = stage_of(reading, row);
    }
    qsort(stages, *count, sizeof *stages, compare_stages);
    return stages;
}

static void add_moves(struct map_stage *stage, const struct funnel_row *row)
{
    stage->entered = row->moves[FUNNEL_ENTERED];
    stage->advanced = row->moves[FUNNEL_ADVANCED];
    stage->dropped = row->moves[FUNNEL_DROPPED];
    stage->inside = stage->entered - stage->advanced - stage->dropped;
}

/* Offers of the stage go to `room`, sorted; returns how many there are. */
static uint32_t fill_stage(const struct map_reading *reading, struct map_stage *stage, struct map_offer *room)
{
    uint32_t count = 0;
    for (size_t i = 0; i < reading->by_stage.count; i++) {
        const struct funnel_row *row = funnel_row_at(&reading->by_stage, i);
        if (!text_equal(row->names.stage, stage->name))
            continue;
        if (row->names.offer.length == 0)
            add_moves(stage, row);
        else
            room[count++] = offer_of(reading, row);
    }
    qsort(room, count, sizeof *room, compare_offers);
    stage->offers = room;
    stage->offer_count = count;
    return count;
}

static struct map_offer *new_offers(struct map_reading *reading, size_t count)
{
    return arena_allocate_zeroed(&reading->arena, count + 1, sizeof(struct map_offer));
}

static bool fill_stages(struct map_reading *reading)
{
    uint32_t count;
    struct map_stage *stages = list_stages(reading, &count);
    struct map_offer *room = new_offers(reading, reading->by_stage.count);
    if (stages == NULL || room == NULL)
        return false;
    for (uint32_t i = 0; i < count; i++)
        room += fill_stage(reading, &stages[i], room);
    reading->map.stages = stages;
    reading->map.stage_count = count;
    return true;
}

static bool fill_offers(struct map_reading *reading)
{
    size_t count = reading->by_offer.count;
    struct map_offer *offers = new_offers(reading, count);
    if (offers == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        offers[i] = offer_of(reading, funnel_row_at(&reading->by_offer, i));
    qsort(offers, count, sizeof *offers, compare_offers);
    reading->map.offers = offers;
    reading->map.offer_count = (uint32_t)count;
    return true;
}

static void finish(struct map_reading *reading)
{
    struct error error;
    if (!reading->by_stage.failed && !reading->by_offer.failed && fill_stages(reading) &&
        fill_offers(reading)) {
        reading->done(reading->context, &reading->map, NULL);
        return;
    }
    error_set(&error, ERROR_INTERNAL, "out of memory");
    reading->done(reading->context, NULL, &error);
}

static void scanned_cb(void *context, const struct error *error)
{
    struct map_reading *reading = context;
    if (error != NULL)
        reading->done(reading->context, NULL, error);
    else if (reading->passed || reading->rows < MAP_SCAN_ROWS)
        finish(reading);
    else
        reading->done(reading->context, NULL, NULL);
}

void map_reading_step(struct map_reading *reading, struct store *store, map_step_cb done, void *context)
{
    reading->done = done;
    reading->context = context;
    reading->rows = 0;
    store_scan(store, (struct text){reading->next, reading->next_length}, TEXT("f"), MAP_SCAN_ROWS, entry_cb,
               scanned_cb, reading);
}
