/* Feeding visitors to the daemon; see demo_feed.h. */
#include "ctl/demo_feed.h"

#include "base/clock.h"
#include "ctl/demo_pause.h"

enum {
    ALONE = 1000,        /* visitors asked for one at a time, about */
    LEAST_STRIDE = 2,    /* and never more than every second one */
    LOOK_INTERVAL = 256, /* visitors between looks whether to stop */
};

struct feed {
    const struct demo *demo;  /* what is fed; borrowed */
    struct demo_tally *tally; /* where it is counted; borrowed */
    senda_request *request;   /* used again for each visitor; owned */
    size_t stride;            /* every so many visitors one is asked for alone */
    size_t next;              /* visitor to send next, from 0 */
    bool stopped;             /* nothing more is sent */
};

/* One of the requests that are on their way. */
struct slot {
    struct feed *feed; /* borrowed */
    size_t index;      /* of the visitor, from 0 */
};

/* A signal that came. The daemon's end shows in its answers. */
static void look(struct feed *feed)
{
    if (feed->next % LOOK_INTERVAL == 0 && demo_pause(0) == DEMO_WAKE_STOP)
        feed->stopped = true;
}

static void fill(struct feed *feed, size_t index)
{
    const struct demo *demo = feed->demo;
    struct demo_visitor visitor = demo_plan_visitor(demo->plan, &demo->sessions->list[index], index + 1);
    demo_visitor_put(&visitor, feed->request);
}

static void count(struct feed *feed, size_t index, senda_reply *reply)
{
    enum senda_status status = senda_reply_status(reply);
    demo_tally_add(feed->tally, index + 1, reply);
    if (status != SENDA_OK && status != SENDA_REFUSED)
        feed->stopped = true;
}

/* ---- Together ---- */

static void on_reply(senda_client *client, senda_reply *reply, void *context);

/* Sends the next visitor's request in that slot, if there is one. */
static void send_next(struct slot *slot)
{
    struct feed *feed = slot->feed;
    look(feed);
    feed->next += feed->next % feed->stride == 0; /* that one is asked for alone */
    if (feed->stopped || feed->next >= feed->demo->sessions->count)
        return;
    slot->index = feed->next++;
    fill(feed, slot->index);
    enum senda_status status =
        senda_client_send(feed->demo->client, "recommend", feed->request, on_reply, slot, NULL);
    if (status == SENDA_OK) {
        feed->tally->together++;
        return;
    }
    demo_tally_add_unsent(feed->tally, status);
    feed->stopped = true;
}

static void on_reply(senda_client *client, senda_reply *reply, void *context)
{
    struct slot *slot = context;
    (void)client;
    count(slot->feed, slot->index, reply);
    send_next(slot);
}

static void feed_together(struct feed *feed)
{
    struct slot slots[DEMO_FEED_DEPTH];
    uint64_t start = clock_monotonic_ns();
    for (int i = 0; i < DEMO_FEED_DEPTH; i++) {
        slots[i].feed = feed;
        send_next(&slots[i]);
    }
    (void)senda_client_wait(feed->demo->client,
                            0); /* each request ends in its callback, one way or another */
    feed->tally->elapsed = clock_monotonic_ns() - start;
}

/* ---- One at a time ---- */

static void ask_alone(struct feed *feed, size_t index)
{
    senda_reply *reply;
    fill(feed, index);
    uint64_t start = clock_monotonic_ns();
    enum senda_status status = senda_client_call(feed->demo->client, "recommend", feed->request, &reply);
    if (status == SENDA_OK)
        histogram_record(&feed->tally->latencies, clock_monotonic_ns() - start);
    if (reply != NULL)
        count(feed, index, reply);
    else
        demo_tally_add_unsent(feed->tally, status);
    senda_reply_unref(reply);
}

static void feed_alone(struct feed *feed)
{
    for (feed->next = 0; feed->next < feed->demo->sessions->count; feed->next += feed->stride) {
        look(feed);
        if (feed->stopped)
            return;
        ask_alone(feed, feed->next);
    }
}

bool demo_feed(const struct demo *demo, struct demo_tally *tally)
{
    struct feed feed = {demo, tally, senda_request_new(), demo->sessions->count / ALONE, 0, false};
    senda_reply *reply = NULL;
    if (feed.request == NULL)
        return false;
    if (feed.stride < LEAST_STRIDE)
        feed.stride = LEAST_STRIDE;
    feed.stopped = senda_client_call(demo->client, "ping", NULL, &reply) != SENDA_OK; /* connects */
    senda_reply_unref(reply);
    feed_together(&feed);
    feed_alone(&feed);
    senda_request_free(feed.request);
    return !feed.stopped;
}
