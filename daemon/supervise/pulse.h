/*
 * Whether the daemon lives, and whether it gets on: what decides if the watchdog is fed, and if systemd is
 * asked for more time. Seen from the supervisor, whose own loop turns if it asks at all.
 */
#ifndef SENDA_SUPERVISE_PULSE_H
#define SENDA_SUPERVISE_PULSE_H

#include <stdbool.h>
#include <stdint.h>

struct supervisor;

struct pulse {
    uint64_t served_ms;   /* monotonic; when a worker was last seen to serve and to turn its loop */
    uint64_t turned_ms;   /* monotonic; the latest turn of any process's loop that was seen */
    uint64_t rewritten;   /* bytes that a rewriting of the store had written when last seen; 0: none */
    uint64_t extended_ms; /* monotonic; when more time was last asked for; 0: not yet */
};

/*
 * Every process turns its loop, or is being replaced; and at least one worker has served lately. Who stands
 * still is replaced long before this says no: then nobody did it.
 */
bool pulse_is_fine(struct supervisor *supervisor, uint64_t now_ms);

/* Whether a loop turned or the store's rewriting went on since the last call. */
bool pulse_advances(struct supervisor *supervisor);

#endif
