/*
 * Rows of the funnel and the map that is made of them: each row is refused, or read as what is written and
 * read as the same; the map counts every row of its window once, and says how many it could not read. An
 * input is keys (behind their first byte) and values.
 */
#include <math.h>

#include "base/buffer.h"
#include "flow/engine_builder.h"
#include "fuzz.h"
#include "ledger/map.h"
#include "store_input.h"

enum { ROWS_MOST = 64, FROM = 20260101, TO = 20261231, KEY_DAY = 5 /* bytes with the day */ };

/* What the map has to say of the first journey. */
struct sums {
    const struct snapshot *site;
    uint64_t damaged;
    int64_t entered, clicks;
};

static void check_row(const struct funnel_row *row, struct text key)
{
    struct funnel_row again;
    struct buffer once, twice;
    buffer_create(&once);
    buffer_create(&twice);
    funnel_row_encode(row, &once);
    REQUIRE(funnel_row_decode(&again, key, (struct text){once.bytes, once.length}, NULL));
    funnel_row_encode(&again, &twice);
    REQUIRE(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    REQUIRE(again.day == row->day && text_equal(again.names.journey, row->names.journey));
    REQUIRE(memcmp(again.moves, row->moves, sizeof again.moves) == 0);
    REQUIRE(memcmp(again.touches, row->touches, sizeof again.touches) == 0);
    buffer_destroy(&once);
    buffer_destroy(&twice);
}

/* What the keys of a day begin with; lives until the next call. */
static struct text begin_of(uint32_t day)
{
    static char key[KEY_DAY] = "f";
    for (size_t i = 1; i < KEY_DAY; i++)
        key[i] = (char)(day >> 8 * (KEY_DAY - 1 - i));
    return (struct text){key, KEY_DAY};
}

static bool entry_cb(void *context, struct text key, struct text value)
{
    struct sums *sums = context;
    struct funnel_row row;
    bool is_row = funnel_row_decode(&row, key, value, NULL);
    if (is_row)
        check_row(&row, key);
    if (text_compare(key, begin_of(FROM)) < 0)
        return true;
    if (key.length >= KEY_DAY && text_compare(key, begin_of(TO + 1)) >= 0)
        return false;
    sums->damaged += !is_row;
    if (is_row && text_equal(row.names.journey, sums->site->journeys[0].name)) {
        sums->entered += row.moves[FUNNEL_ENTERED];
        sums->clicks += row.touches[TOUCH_CLICK];
    }
    return true;
}

static void scanned_cb(void *context, const struct error *error)
{
    (void)context;
    REQUIRE(error == NULL);
}

static void check_map(const struct sums *sums, const struct map *map)
{
    int64_t entered = 0, clicks = 0, clicks_of_stages = 0;
    for (uint32_t i = 0; i < map->stage_count; i++) {
        const struct map_stage *stage = &map->stages[i];
        entered += stage->entered;
        REQUIRE(stage->inside == stage->entered - stage->advanced - stage->dropped);
        for (uint32_t j = 0; j < stage->offer_count; j++)
            clicks_of_stages += stage->offers[j].touches[TOUCH_CLICK];
    }
    for (uint32_t i = 0; i < map->offer_count; i++)
        clicks += map->offers[i].touches[TOUCH_CLICK];
    REQUIRE(map->damaged == sums->damaged);
    REQUIRE(entered == sums->entered && clicks == sums->clicks && clicks_of_stages == sums->clicks);
}

static void map_cb(void *context, const struct map *map, const struct error *error)
{
    REQUIRE(error == NULL && map != NULL); /* few rows are one step */
    check_map(context, map);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    struct sums sums = {.site = store_input_site()};
    struct error error;
    struct store *store = store_input_open(&input, TEXT("f"), ROWS_MOST);
    store_scan(store, TEXT(""), TEXT("f"), SIZE_MAX, entry_cb, scanned_cb, &sums);
    struct map_reading *reading = map_reading_new(sums.site, 0, FROM, TO, &error);
    REQUIRE(reading != NULL);
    map_reading_step(reading, store, map_cb, &sums);
    map_reading_free(reading);
    store_close(store);
    return 0;
}
