/* The window and the journey of a map. */
#include "flow/journey_map.h"

#include "base/clock.h"
#include "flow/map_request.h"
#include "flow/names.h"

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

struct map_reading *journey_map_begin(const struct flow *flow, const struct waiting *waiting,
                                      struct error *error)
{
    const struct snapshot *site = engine_snapshot(flow->engine);
    uint32_t journey = site->default_journey;
    if (waiting->subject.length > 0 &&
        !names_find("journey", waiting->subject, &site->journey_names, &journey, error))
        return NULL;
    return map_reading_new(site, journey, waiting->from, waiting->to, error);
}
