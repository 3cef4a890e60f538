/* Walking side by side; see demo_crowd.h. */
#include "ctl/demo_crowd.h"

#include "base/clock.h"
#include "ctl/demo_pause.h"

#include <string.h>

enum {
    ALONE = 80,       /* customers who walk one after the other */
    ALONE_SHARE = 4,  /* and never more than one in so many */
    LOOK_EVERY = 256, /* answers between looks whether to stop */
};

struct crowd {
    const struct demo *demo;    /* borrowed */
    struct demo_tally *tally;   /* borrowed */
    struct demo_walked *walked; /* borrowed */
    size_t next, end;           /* numbers of the customer who sets out next, and behind the last */
    uint64_t answers;           /* so far */
    bool stopped;               /* nothing more is sent */
};

/* Where one customer after the other walks. */
struct lane {
    struct crowd *crowd;          /* borrowed */
    struct demo_walk walk;        /* the present one */
    senda_request *map, *list;    /* used again for each request; owned */
    const senda_request *request; /* one of them */
    const char *method;           /* of the request that is on its way; static */
};

struct demo_walk demo_crowd_walk_of(const struct demo *demo, size_t number)
{
    struct demo_walk walk;
    struct demo_person person = demo_person_make(demo->plan, demo->seed, number, demo->now_ms);
    demo_walk_create(&walk, demo->plan, demo->sessions, person, demo->now_ms);
    return walk;
}

/* ---- A lane ---- */

static bool lane_create(struct lane *lane, struct crowd *crowd)
{
    *lane = (struct lane){crowd, .map = senda_request_new(), .list = senda_request_new_list()};
    lane->walk.step = DEMO_STEP_END;
    return lane->map != NULL && lane->list != NULL;
}

static void lane_destroy(struct lane *lane)
{
    senda_request_free(lane->map);
    senda_request_free(lane->list);
}

static void count_walk(struct demo_walked *walked, const struct demo_walk *walk)
{
    walked->customers++;
    walked->visits += walk->visits;
    walked->returned += walk->returned;
    walked->inside += demo_walk_is_inside(walk);
}

/* Makes the next request of the lane, of the next customer where one is done; false: there is none. */
static bool prepare(struct lane *lane)
{
    struct crowd *crowd = lane->crowd;
    while (!crowd->stopped) {
        lane->method = demo_walk_next(&lane->walk, lane->map, lane->list, &lane->request);
        if (lane->method != NULL)
            return true;
        if (lane->walk.visits > 0)
            count_walk(crowd->walked, &lane->walk);
        lane->walk.visits = 0;
        if (crowd->next >= crowd->end)
            return false;
        lane->walk = demo_crowd_walk_of(crowd->demo, crowd->next++);
    }
    return false;
}

static void count_taken(struct crowd *crowd, const struct demo_taken *taken)
{
    crowd->walked->told += taken->told;
    crowd->walked->kept += taken->kept;
    crowd->walked->moves += taken->moved;
    if (taken->told != taken->kept)
        demo_tally_add_problem(crowd->tally, taken->problem);
}

static void give_up(struct lane *lane)
{
    lane->walk.step = DEMO_STEP_END;
    lane->walk.visits = 0;
}

static void take(struct lane *lane, senda_reply *reply)
{
    struct crowd *crowd = lane->crowd;
    enum senda_status status = senda_reply_status(reply);
    bool decision = strcmp(lane->method, "recommend") == 0;
    if (status != SENDA_OK || decision)
        demo_tally_add(crowd->tally, lane->walk.person.number, reply);
    if (status == SENDA_OK) {
        struct demo_taken taken = demo_walk_take(&lane->walk, senda_reply_result(reply));
        count_taken(crowd, &taken);
    } else {
        give_up(lane);
    }
    if (++crowd->answers % LOOK_EVERY == 0 && demo_pause(0) == DEMO_WAKE_STOP)
        crowd->stopped = true;
    crowd->stopped |= status != SENDA_OK && status != SENDA_REFUSED;
}

/* ---- Together ---- */

static void on_reply(senda_client *client, senda_reply *reply, void *context);

static void send_next(struct lane *lane)
{
    struct crowd *crowd = lane->crowd;
    if (!prepare(lane))
        return;
    enum senda_status status =
        senda_client_send(crowd->demo->client, lane->method, lane->request, on_reply, lane, NULL);
    if (status == SENDA_OK)
        return;
    demo_tally_add_unsent(crowd->tally, status);
    crowd->stopped = true;
}

static void on_reply(senda_client *client, senda_reply *reply, void *context)
{
    struct lane *lane = context;
    (void)client;
    take(lane, reply);
    send_next(lane);
}

static bool walk_together(struct crowd *crowd)
{
    struct lane lanes[DEMO_CROWD];
    bool good = true;
    uint64_t start = clock_monotonic_ns();
    for (int i = 0; i < DEMO_CROWD; i++)
        good = lane_create(&lanes[i], crowd) && good;
    for (int i = 0; good && i < DEMO_CROWD; i++)
        send_next(&lanes[i]);
    (void)senda_client_wait(crowd->demo->client, 0); /* each request ends in its callback */
    crowd->tally->elapsed = clock_monotonic_ns() - start;
    crowd->tally->together = crowd->tally->answered;
    crowd->walked->together = crowd->walked->kept;
    for (int i = 0; i < DEMO_CROWD; i++)
        lane_destroy(&lanes[i]);
    return good;
}

/* ---- One after the other ---- */

static void note_time(struct lane *lane, uint64_t ns)
{
    if (strcmp(lane->method, "recommend") == 0)
        histogram_record(&lane->crowd->tally->latencies, ns);
    else if (strcmp(lane->method, "track") == 0)
        histogram_record(&lane->crowd->walked->writes, ns);
}

static void call_next(struct lane *lane)
{
    struct crowd *crowd = lane->crowd;
    senda_reply *reply;
    uint64_t start = clock_monotonic_ns();
    enum senda_status status = senda_client_call(crowd->demo->client, lane->method, lane->request, &reply);
    if (status == SENDA_OK)
        note_time(lane, clock_monotonic_ns() - start);
    if (reply != NULL) {
        take(lane, reply);
    } else {
        demo_tally_add_unsent(crowd->tally, status);
        crowd->stopped = true;
    }
    senda_reply_unref(reply);
}

static bool walk_alone(struct crowd *crowd)
{
    struct lane lane;
    bool good = lane_create(&lane, crowd);
    while (good && prepare(&lane))
        call_next(&lane);
    lane_destroy(&lane);
    return good;
}

bool demo_crowd_walk(const struct demo *demo, struct demo_tally *tally, struct demo_walked *walked)
{
    size_t alone = demo->customers / ALONE_SHARE < ALONE ? demo->customers / ALONE_SHARE : ALONE;
    struct crowd crowd = {demo, tally, walked, 1, demo->customers - alone + 1, 0, false};
    bool good = walk_together(&crowd);
    crowd.end = demo->customers + 1;
    good = good && walk_alone(&crowd);
    return good && !crowd.stopped;
}
