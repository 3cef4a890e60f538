/* Reading the funnel; see demo_funnel.h. */
#include "ctl/demo_funnel.h"

#include "base/clock.h"
#include "ctl/demo_pause.h"

#include <stdio.h>

enum {
    PATIENCE_MS = 10000, /* until all silence is noticed: the daemon looks for it every second */
    STEP_MS = 20,        /* between looks */
};

static uint64_t count_of(const senda_value *stage, const char *key)
{
    int64_t count = senda_value_integer(senda_value_get(stage, key), 0);
    return count > 0 ? (uint64_t)count : 0;
}

static void add_stage(struct demo_funnel *funnel, const senda_value *stage)
{
    const char *name = senda_value_string(senda_value_get(stage, "name"), NULL);
    uint64_t entered = count_of(stage, "entered");
    funnel->entered += entered;
    funnel->inside += count_of(stage, "inside");
    funnel->dropped += count_of(stage, "dropped");
    funnel->reached += entered > 0;
    if (entered == 0 && funnel->unreached[0] == '\0')
        snprintf(funnel->unreached, sizeof funnel->unreached, "%s", name != NULL ? name : "?");
}

void demo_funnel_sum(struct demo_funnel *funnel, const senda_value *map)
{
    const senda_value *stages = senda_value_get(map, "stages");
    funnel->entered = funnel->inside = funnel->dropped = funnel->reached = 0;
    funnel->unreached[0] = '\0';
    funnel->stages = senda_value_count(stages);
    for (size_t i = 0; i < funnel->stages; i++)
        add_stage(funnel, senda_value_at(stages, i));
}

static void read_once(struct demo_funnel *funnel, const struct demo *demo)
{
    senda_reply_unref(funnel->reply);
    funnel->reply = NULL;
    (void)senda_client_call(demo->client, "journey.map", NULL, &funnel->reply);
    demo_funnel_sum(funnel, demo_funnel_map(funnel));
}

void demo_funnel_create(struct demo_funnel *funnel, const struct demo *demo, uint64_t expected)
{
    uint64_t start = clock_monotonic_ms();
    *funnel = (struct demo_funnel){.expected = expected};
    read_once(funnel, demo);
    while (funnel->inside > expected && clock_monotonic_ms() - start < PATIENCE_MS) {
        if (demo_pause(STEP_MS) == DEMO_WAKE_STOP)
            return;
        read_once(funnel, demo);
    }
}

void demo_funnel_destroy(struct demo_funnel *funnel)
{
    senda_reply_unref(funnel->reply);
}

const senda_value *demo_funnel_map(const struct demo_funnel *funnel)
{
    return funnel->reply != NULL ? senda_reply_result(funnel->reply) : NULL;
}

bool demo_funnel_is_whole(const struct demo_funnel *funnel)
{
    return funnel->stages > 0 && funnel->reached == funnel->stages;
}
