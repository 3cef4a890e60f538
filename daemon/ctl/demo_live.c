/* Walking at a person's pace; see demo_live.h. */
#include "ctl/demo_live.h"

#include "ctl/demo_crowd.h"
#include "ctl/demo_pause.h"
#include "ctl/demo_summary.h"
#include "ctl/demo_turn.h"
#include "ctl/demo_view.h"
#include "ctl/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PACE_MS = 900,         /* between visits that are told of */
    WATCH_MS = 450,        /* between looks whether the site has changed */
    WALKS = 40,            /* customers to watch; then it is quiet but for the site */
    MOST_LOOKED_AT = 1000, /* customers among whom an example is looked for */
};

struct live {
    const struct demo *demo;   /* borrowed */
    senda_request *map, *list; /* used again for each request; owned */
    struct demo_turn turn;     /* what people are invited to change */
    bool has_turn;             /* there is one */
    enum ctl_exit code;        /* how it ends */
};

/* The answer, to be unreferenced; NULL after saying why there is none. */
static senda_reply *ask(struct live *live, const char *method, const senda_request *request)
{
    senda_reply *reply;
    enum senda_status status = senda_client_call(live->demo->client, method, request, &reply);
    if (status == SENDA_OK)
        return reply;
    live->code = status == SENDA_REFUSED ? CTL_EXIT_REFUSED : CTL_EXIT_UNREACHABLE;
    say_problem("%s: %s", senda_status_text(status), reply != NULL ? senda_reply_message(reply) : "");
    senda_reply_unref(reply);
    return NULL;
}

/* ---- One's own turn ---- */

/* Shows what the customer of the turn sees, the first time and whenever the site has changed. */
static bool watch_site(struct live *live)
{
    if (!live->has_turn)
        return true;
    senda_reply *reply = ask(live, "recommend", live->turn.request);
    if (reply == NULL)
        return false;
    if (live->turn.version[0] == '\0')
        demo_turn_write(live->demo, &live->turn, senda_reply_result(reply));
    else
        demo_turn_compare(live->demo, &live->turn, senda_reply_result(reply));
    senda_reply_unref(reply);
    return fflush(live->demo->print.file) == 0; /* else nobody reads any more */
}

/* Waits, looking after the site meanwhile; false when it is time to end. */
static bool rest(struct live *live, unsigned milliseconds)
{
    for (unsigned passed = 0; passed < milliseconds; passed += WATCH_MS) {
        enum demo_wake wake = demo_pause(WATCH_MS);
        if (!demo_daemon_runs(live->demo->daemon)) {
            fputs("sendactl: the demo's daemon has ended\n", stderr);
            live->code = CTL_EXIT_UNREACHABLE;
            return false;
        }
        if (wake == DEMO_WAKE_STOP || !watch_site(live))
            return false;
    }
    return true;
}

/* ---- Watching customers ---- */

/* The next request of a walk; false where the demo is over, *more says whether the walk goes on. */
static bool take_step(struct live *live, struct demo_walk *walk, bool *more)
{
    const senda_request *request;
    const char *method = demo_walk_next(walk, live->map, live->list, &request);
    *more = method != NULL;
    if (method == NULL)
        return true;
    senda_reply *reply = ask(live, method, request);
    if (reply == NULL)
        return false;
    (void)demo_walk_take(walk, senda_reply_result(reply));
    senda_reply_unref(reply);
    return true;
}

/* Tells of a visit once it is over. What comes next is already planned then. */
static bool tell(struct live *live, const struct demo_walk *walk, int64_t at_ms)
{
    struct demo_walk told = *walk;
    told.visit.at_ms = at_ms;
    demo_view_write_visit(live->demo, &told);
    return fflush(live->demo->print.file) == 0 && rest(live, PACE_MS);
}

static bool watch_walk(struct live *live, size_t number)
{
    struct demo_walk walk = demo_crowd_walk_of(live->demo, number);
    bool more = true;
    demo_view_write_person(live->demo, &walk.person);
    while (more) {
        bool acts = walk.step == DEMO_STEP_ACT;
        int64_t at_ms = walk.visit.at_ms;
        if (!take_step(live, &walk, &more) || (acts && !tell(live, &walk, at_ms)))
            return false;
    }
    putc('\n', live->demo->print.file);
    return true;
}

/* ---- Finding an example ---- */

/* Somebody who weighs options makes the best example. */
static bool is_example(const struct demo_walk *walk)
{
    return walk->visit.phase == DEMO_CONSIDERATION && walk->visit.shown > 0;
}

/* Lets customers walk unseen until one is a good example; that one stands still there. */
static bool find_example(struct live *live, struct demo_walk *walk, size_t first, bool *found)
{
    *found = false;
    for (size_t i = 0; i < MOST_LOOKED_AT && !*found; i++) {
        bool more = true;
        *walk = demo_crowd_walk_of(live->demo, first + i);
        while (more && !*found) {
            if (!take_step(live, walk, &more))
                return false;
            *found = walk->step == DEMO_STEP_ACT && is_example(walk);
        }
    }
    return true;
}

static bool begin_turn(struct live *live, size_t first, size_t *number)
{
    struct demo_walk walk;
    bool found;
    if (!find_example(live, &walk, first, &found))
        return false;
    *number = walk.person.number + 1;
    live->has_turn =
        found && demo_turn_create(&live->turn, walk.person.id, walk.visit.placement, walk.visit.decision);
    if (found)
        return watch_site(live);
    fputs("None of them was shown anything; Ctrl-C ends the demo.\n", live->demo->print.file);
    return fflush(live->demo->print.file) == 0;
}

/* ---- All of it ---- */

static void watch_all(struct live *live, size_t number)
{
    print_styled(&live->demo->print, PRINT_BOLD, "Meanwhile");
    fputs(", others walk on. Their days pass in seconds.\n\n", live->demo->print.file);
    bool more = true;
    for (size_t i = 0; more && i < WALKS; i++)
        more = watch_walk(live, number + i);
    while (more)
        more = rest(live, WATCH_MS);
}

/* Those who walk before anybody looks, and what became of them. */
static bool walk_first(struct live *live)
{
    struct demo_outcome *outcome = malloc(sizeof *outcome); /* it holds histograms */
    if (outcome == NULL)
        return false;
    demo_outcome_create(outcome);
    bool whole = demo_crowd_walk(live->demo, &outcome->tally, &outcome->walked);
    if (whole) {
        demo_funnel_create(&outcome->funnel, live->demo, outcome->walked.inside);
        demo_summary_write_funnel(live->demo, outcome);
    }
    if (!demo_daemon_runs(live->demo->daemon))
        live->code = CTL_EXIT_UNREACHABLE;
    demo_outcome_destroy(outcome);
    free(outcome);
    return whole && fflush(live->demo->print.file) == 0;
}

static void live_on(struct live *live)
{
    size_t number;
    if (walk_first(live) && begin_turn(live, live->demo->customers + 1, &number))
        watch_all(live, number);
    if (live->has_turn)
        demo_turn_destroy(&live->turn);
}

enum ctl_exit demo_live(const struct demo *demo)
{
    struct live live = {.demo = demo, .map = senda_request_new(), .list = senda_request_new_list()};
    demo_view_write_intro(demo);
    fflush(demo->print.file);
    if (live.map != NULL && live.list != NULL)
        live_on(&live);
    senda_request_free(live.map);
    senda_request_free(live.list);
    if (live.code == CTL_EXIT_OK)
        fputs("\nThe demo is over.\n", demo->print.file);
    return live.code;
}
