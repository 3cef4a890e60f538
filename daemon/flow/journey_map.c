/* Reading the funnel for a map, and writing the map down. */
#include "flow/journey_map.h"

#include "base/clock.h"
#include "flow/map_reply.h"
#include "flow/map_request.h"
#include "flow/names.h"

/* A map being read. */
struct mapping {
    const struct snapshot *site;
    struct buffer *out;
    struct error *error;
    bool over;   /* the map is in `out`, or the error is set */
    bool failed; /* the latter */
};

bool journey_map_read_days(struct flow *flow, const struct arguments *arguments, struct waiting *waiting,
                           struct error *error)
{
    struct day_calendar calendar;
    struct map_window window;
    uint32_t journey;
    if (flow->engine == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "the site is not loaded yet");
    const struct snapshot *site = engine_snapshot(flow->engine);
    if (waiting->subject.length > 0 &&
        !names_find("journey", waiting->subject, &site->journey_names, &journey, error))
        return false;
    day_calendar_create(&calendar, site->time_zone);
    if (!map_request_read(arguments, &calendar, clock_wall_us() / 1000, &window, error))
        return false;
    if (calendar.failed)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    waiting->from = window.from;
    waiting->to = window.to;
    return true;
}

static void step_cb(void *context, const struct map *map, const struct error *error)
{
    struct mapping *mapping = context;
    mapping->over = map != NULL || error != NULL;
    mapping->failed = error != NULL;
    if (error != NULL)
        *mapping->error = *error;
    else if (map != NULL)
        map_reply(mapping->site, map, mapping->out);
}

static bool read_map(struct map_reading *reading, struct store *store, struct mapping *mapping)
{
    while (!mapping->over)
        map_reading_step(reading, store, step_cb, mapping);
    map_reading_free(reading);
    return !mapping->failed;
}

bool journey_map_answer(struct flow *flow, const struct waiting *waiting, struct buffer *out,
                        struct error *error)
{
    const struct snapshot *site = engine_snapshot(flow->engine);
    struct store *store = recall_store(flow->recall);
    struct mapping mapping = {.site = site, .out = out, .error = error};
    uint32_t journey = site->default_journey;
    if (store == NULL)
        return error_set(error, ERROR_UNAVAILABLE, "what happened cannot be read now");
    if (waiting->subject.length > 0 &&
        !names_find("journey", waiting->subject, &site->journey_names, &journey, error))
        return false;
    struct map_reading *reading = map_reading_new(site, journey, waiting->from, waiting->to, error);
    return reading != NULL && read_map(reading, store, &mapping);
}
