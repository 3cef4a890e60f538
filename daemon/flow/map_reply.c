/* Encoding a journey map; see map_reply.h. */
#include "flow/map_reply.h"

#include <msgpack/unpack.h>
#include <stdio.h>

#include "wire/reply.h"
#include "wire/value.h"

enum {
    JOURNEY_FIELDS = 7, /* pairs besides the journey's rows */
    STAGE_FIELDS = 9,   /* pairs besides the stage's rows */
    OFFER_FIELDS = 4 + TOUCH_KINDS,
};

/* ---- Rows: what marketers wrote into the map, packed when the site was loaded ---- */

struct rows {
    msgpack_unpacked unpacked;
    uint32_t count;              /* pairs besides `names` */
    const msgpack_object *names; /* NULL: none are declared */
};

static void rows_create(struct rows *rows, struct text map, struct buffer *out)
{
    size_t end = 0;
    *rows = (struct rows){.count = 0};
    msgpack_unpacked_init(&rows->unpacked);
    msgpack_unpack_return status = msgpack_unpack_next(&rows->unpacked, map.bytes, map.length, &end);
    out->failed |= status == MSGPACK_UNPACK_NOMEM_ERROR;
    if (status != MSGPACK_UNPACK_SUCCESS || rows->unpacked.data.type != MSGPACK_OBJECT_MAP)
        return;
    rows->names = value_map_get(&rows->unpacked.data, TEXT("names"));
    rows->count = rows->unpacked.data.via.map.size - (rows->names != NULL);
}

static void rows_destroy(struct rows *rows)
{
    msgpack_unpacked_destroy(&rows->unpacked);
}

static void put_names(struct buffer *out, const struct rows *rows)
{
    reply_word(out, "names");
    if (rows->names != NULL)
        reply_object(out, rows->names);
    else
        reply_map(out, 0);
}

static void put_rows(struct buffer *out, const struct rows *rows)
{
    const msgpack_object *map = &rows->unpacked.data;
    for (uint32_t i = 0; rows->count > 0 && i < map->via.map.size; i++) {
        if (&map->via.map.ptr[i].val == rows->names)
            continue;
        reply_object(out, &map->via.map.ptr[i].key);
        reply_object(out, &map->via.map.ptr[i].val);
    }
}

/* ---- Figures ---- */

static void put_count(struct buffer *out, const char *name, int64_t count)
{
    reply_text(out, text_from(name));
    reply_number(out, (double)count);
}

static void put_offer(struct buffer *out, const struct snapshot *snapshot, uint32_t locale,
                      const struct map_offer *offer)
{
    static const char *const names[TOUCH_KINDS] = {
        [TOUCH_DECISION] = "decisions",   [TOUCH_IMPRESSION] = "impressions", [TOUCH_CLICK] = "clicks",
        [TOUCH_DISMISSAL] = "dismissals", [TOUCH_CONVERSION] = "conversions",
    };
    struct text kind = {NULL, 0}, title = {NULL, 0};
    if (offer->number != SNAPSHOT_NONE) {
        const struct offer *declared = &snapshot->offers[offer->number];
        kind = snapshot->kinds[declared->kind].name;
        title = localized_get(declared->titles, locale, locale);
    }
    reply_map(out, OFFER_FIELDS);
    reply_word(out, "offer");
    reply_text_or_nil(out, offer->id);
    reply_word(out, "kind");
    reply_text_or_nil(out, kind);
    reply_word(out, "title");
    reply_text_or_nil(out, title);
    for (int touch = 0; touch < TOUCH_KINDS; touch++)
        put_count(out, names[touch], offer->touches[touch]);
    reply_word(out, "value");
    reply_number(out, offer->value);
}

static void put_offers(struct buffer *out, const struct snapshot *snapshot, uint32_t locale,
                       const struct map_offer *offers, uint32_t count)
{
    reply_word(out, "offers");
    reply_array(out, count);
    for (uint32_t i = 0; i < count; i++)
        put_offer(out, snapshot, locale, &offers[i]);
}

static void put_position(struct buffer *out, const struct snapshot *snapshot, uint32_t number)
{
    reply_word(out, "position");
    if (number == SNAPSHOT_NONE)
        reply_nil(out);
    else
        reply_number(out, snapshot->stages[number].position);
}

static void put_stage(struct buffer *out, const struct snapshot *snapshot, uint32_t locale,
                      const struct map_stage *stage)
{
    struct rows rows;
    struct text nothing = {"", 0};
    rows_create(&rows, stage->number == SNAPSHOT_NONE ? nothing : snapshot->stages[stage->number].map, out);
    reply_map(out, STAGE_FIELDS + rows.count);
    reply_word(out, "stage");
    reply_text_or_nil(out, stage->name);
    reply_word(out, "name");
    reply_text_or_nil(out, stage->name);
    put_names(out, &rows);
    put_position(out, snapshot, stage->number);
    put_rows(out, &rows);
    put_count(out, "entered", stage->entered);
    put_count(out, "advanced", stage->advanced);
    put_count(out, "dropped", stage->dropped);
    put_count(out, "inside", stage->inside);
    put_offers(out, snapshot, locale, stage->offers, stage->offer_count);
    rows_destroy(&rows);
}

/* yyyymmdd as "yyyy-mm-dd". */
static void put_day(struct buffer *out, const char *name, uint32_t day)
{
    char text[16];
    snprintf(text, sizeof text, "%04u-%02u-%02u", day / 10000 % 10000, day / 100 % 100, day % 100);
    reply_text(out, text_from(name));
    reply_text(out, text_from(text));
}

void map_reply(const struct snapshot *snapshot, const struct map *map, struct buffer *out)
{
    const struct journey *journey = &snapshot->journeys[map->journey];
    struct rows rows;
    rows_create(&rows, journey->map, out);
    reply_map(out, JOURNEY_FIELDS + rows.count);
    reply_word(out, "journey");
    reply_text(out, journey->name);
    put_names(out, &rows);
    put_day(out, "from", map->from);
    put_day(out, "to", map->to);
    reply_word(out, "time_zone");
    reply_text(out, snapshot->time_zone.length > 0 ? snapshot->time_zone : TEXT("UTC"));
    put_rows(out, &rows);
    reply_word(out, "stages");
    reply_array(out, map->stage_count);
    for (uint32_t i = 0; i < map->stage_count; i++)
        put_stage(out, snapshot, journey->locale, &map->stages[i]);
    put_offers(out, snapshot, journey->locale, map->offers, map->offer_count);
    rows_destroy(&rows);
}
