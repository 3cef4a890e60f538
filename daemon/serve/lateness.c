/* Looks at the fronts of the lists, a few times a second. */
#include "serve/lateness.h"

#include <stddef.h>

#include "base/clock.h"
#include "serve/server_internal.h"

enum { TICK_MS = 250, GUEST_MS = 1000 /* those without room are told so, and gone, in this time */ };

static struct connection *of_node(struct patience_node *node, size_t offset)
{
    return (struct connection *)((char *)node - offset);
}

static void end_frames(struct lateness *lateness, uint64_t now_ms)
{
    struct patience_node *node;
    while ((node = patience_first_over(&lateness->frames, now_ms)) != NULL)
        connection_frame_late(of_node(node, offsetof(struct connection, begun)));
}

static void end_readers(struct lateness *lateness, uint64_t now_ms)
{
    const struct flow_options *flow = &lateness->server->options.flow;
    struct patience_node *node;
    while ((node = patience_first_over(&lateness->readers, now_ms)) != NULL) {
        metrics_add(&flow->slots[flow->own_slot], METRICS_slow_readers_dropped, 1);
        connection_abort(of_node(node, offsetof(struct connection, unread)));
    }
}

static void end_guests(struct lateness *lateness, uint64_t now_ms)
{
    struct patience_node *node;
    while ((node = patience_first_over(&lateness->guests, now_ms)) != NULL)
        connection_free(of_node(node, offsetof(struct connection, guest)));
}

static void schedule(struct lateness *lateness)
{
    static const struct timeval tick = {0, TICK_MS * 1000};
    event_add(lateness->tick, &tick);
}

static void tick_cb(evutil_socket_t fd, short what, void *argument)
{
    struct lateness *lateness = argument;
    uint64_t now_ms = clock_coarse_ms(); /* as in lateness_begin */
    (void)fd;
    (void)what;
    turns_look(&lateness->server->turns);
    end_frames(lateness, now_ms);
    end_readers(lateness, now_ms);
    end_guests(lateness, now_ms);
    if (!list_is_empty(&lateness->frames.waiting) || !list_is_empty(&lateness->readers.waiting) ||
        !list_is_empty(&lateness->guests.waiting))
        schedule(lateness);
}

bool lateness_create(struct lateness *lateness, struct server *server)
{
    lateness->server = server;
    patience_create(&lateness->frames, server->options.frame_ms);
    patience_create(&lateness->readers, server->options.reader_ms);
    patience_create(&lateness->guests, GUEST_MS);
    lateness->tick = evtimer_new(server->base, tick_cb, lateness);
    return lateness->tick != NULL;
}

void lateness_destroy(struct lateness *lateness)
{
    if (lateness->tick != NULL)
        event_free(lateness->tick);
}

void lateness_begin(struct lateness *lateness, struct patience *patience, struct patience_node *node)
{
    patience_begin(patience, node, clock_coarse_ms());
    if (!event_pending(lateness->tick, EV_TIMEOUT, NULL))
        schedule(lateness);
}
