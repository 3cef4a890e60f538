/* Overload that comes and goes within a moment is one overload. */
#include "serve/overload.h"

#include "base/clock.h"
#include "base/log.h"

static const uint64_t SECOND_NS = 1000000000, OVER_AFTER_NS = 2000000000;

static void schedule(struct overload *overload)
{
    static const struct timeval second = {1, 0};
    event_add(overload->tick, &second);
}

static void tick_cb(evutil_socket_t fd, short what, void *argument)
{
    struct overload *overload = argument;
    (void)fd;
    (void)what;
    overload_note(overload, clock_monotonic_ns());
    if (overload->told)
        schedule(overload);
}

bool overload_create(struct overload *overload, struct event_base *base, struct metrics_slot *slot,
                     const struct admission *admission)
{
    uint64_t refused = slot->values[METRICS_requests_refused_overload];
    *overload = (struct overload){.slot = slot, .admission = admission, .refused = refused};
    metrics_set(slot, METRICS_workers_overloaded, 0);
    overload->tick = evtimer_new(base, tick_cb, overload);
    return overload->tick != NULL;
}

void overload_destroy(struct overload *overload)
{
    if (overload->tick != NULL)
        event_free(overload->tick);
}

static void begin(struct overload *overload, uint64_t now_ns)
{
    overload->told = true;
    overload->began_ns = now_ns;
    overload->refused_before = overload->refused;
    metrics_set(overload->slot, METRICS_workers_overloaded, 1);
    log_warning("overloaded: requests are refused",
                LOG_NUMBER("microseconds_for_one", overload->admission->cost_ns / 1000),
                LOG_NUMBER("connections_waiting", overload->admission->connections));
    schedule(overload);
}

static void end(struct overload *overload)
{
    overload->told = false;
    metrics_set(overload->slot, METRICS_workers_overloaded, 0);
    log_notice("no longer overloaded", LOG_NUMBER("refused", overload->refused - overload->refused_before),
               LOG_NUMBER("seconds", (overload->latest_ns - overload->began_ns) / SECOND_NS));
}

void overload_note(struct overload *overload, uint64_t now_ns)
{
    uint64_t refused = overload->slot->values[METRICS_requests_refused_overload];
    if (refused != overload->refused) {
        overload->latest_ns = now_ns;
        if (!overload->told)
            begin(overload, now_ns);
        overload->refused = refused;
    } else if (overload->told && now_ns - overload->latest_ns > OVER_AFTER_NS) {
        end(overload);
    }
}
