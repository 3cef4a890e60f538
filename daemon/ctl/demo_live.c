/* Showing visitors at a person's pace; see demo_live.h. */
#include "ctl/demo_live.h"

#include "ctl/demo_pause.h"
#include "ctl/demo_turn.h"
#include "ctl/demo_view.h"

#include <stdio.h>

enum {
    PACE_MS = 400,  /* between visitors */
    WATCH_MS = 500, /* between looks whether the site has changed */
};

struct live {
    const struct demo *demo;     /* borrowed */
    size_t next[DEMO_PHASES];    /* from which visitor on to look for one of that phase */
    unsigned phase;              /* whose turn it is */
    bool chosen;                 /* there is somebody for one's own turn */
    struct demo_visitor visitor; /* who that is */
    enum ctl_exit code;          /* how it ends */
};

/* The next one of that phase, starting over at the end; false where there is none. */
static bool find_visitor(struct live *live, enum demo_phase phase, size_t *index)
{
    const struct demo_sessions *sessions = live->demo->sessions;
    size_t stride = sessions->count / (live->demo->shown + 1) + 1;
    for (size_t i = 0; i < sessions->count; i++) {
        *index = (live->next[phase] + i) % sessions->count;
        if (demo_session_phase(&sessions->list[*index]) != phase)
            continue;
        live->next[phase] = *index + stride; /* the next one comes from elsewhere in the list */
        return true;
    }
    return false;
}

/* Stages take turns, so that all of them are seen. */
static size_t pick(struct live *live)
{
    size_t index = 0;
    while (!find_visitor(live, (enum demo_phase)(live->phase % DEMO_PHASES), &index))
        live->phase++;
    live->phase++;
    return index;
}

/* The answer, to be unreferenced; NULL after saying why there is none. */
static senda_reply *ask(struct live *live, const senda_request *request)
{
    senda_reply *reply;
    enum senda_status status = senda_client_call(live->demo->client, "recommend", request, &reply);
    if (status == SENDA_OK)
        return reply;
    live->code = status == SENDA_REFUSED ? CTL_EXIT_REFUSED : CTL_EXIT_UNREACHABLE;
    fprintf(stderr, "sendactl: %s: %s\n", senda_status_text(status),
            reply != NULL ? senda_reply_message(reply) : "");
    senda_reply_unref(reply);
    return NULL;
}

/* Somebody who weighs options makes the best example; else the first who was shown something. */
static void consider(struct live *live, const struct demo_visitor *visitor, const senda_value *result)
{
    bool fell = senda_value_type(senda_value_get(result, "fallback")) != SENDA_TYPE_NIL;
    bool better =
        !live->chosen || (visitor->phase == DEMO_CONSIDERATION && live->visitor.phase != DEMO_CONSIDERATION);
    if (!better || fell || senda_value_count(senda_value_get(result, "items")) == 0)
        return;
    live->visitor = *visitor;
    live->chosen = true;
}

static bool show(struct live *live, senda_request *request)
{
    const struct demo *demo = live->demo;
    size_t index = pick(live);
    struct demo_visitor visitor = demo_plan_visitor(demo->plan, &demo->sessions->list[index], index + 1);
    demo_visitor_put(&visitor, request);
    senda_reply *reply = ask(live, request);
    if (reply == NULL)
        return false;
    demo_view_write_visitor(demo, &visitor, senda_reply_result(reply));
    consider(live, &visitor, senda_reply_result(reply));
    senda_reply_unref(reply);
    return fflush(demo->print.file) == 0; /* else nobody reads any more */
}

/* Waits; false when it is time to end. */
static bool rest(struct live *live, unsigned milliseconds)
{
    enum demo_wake wake = demo_pause(milliseconds);
    if (demo_daemon_runs(live->demo->daemon))
        return wake != DEMO_WAKE_STOP;
    fputs("sendactl: the demo's daemon has ended\n", stderr);
    live->code = CTL_EXIT_UNREACHABLE;
    return false;
}

static bool show_all(struct live *live)
{
    senda_request *request = senda_request_new();
    bool more = request != NULL;
    for (size_t i = 0; more && i < live->demo->shown; i++)
        more = show(live, request) && rest(live, PACE_MS);
    senda_request_free(request);
    return more;
}

static bool watch_once(struct live *live, struct demo_turn *turn)
{
    senda_reply *reply = ask(live, turn->request);
    if (reply == NULL)
        return false;
    if (turn->version[0] == '\0')
        demo_turn_write(live->demo, turn, senda_reply_result(reply));
    else
        demo_turn_compare(live->demo, turn, senda_reply_result(reply));
    senda_reply_unref(reply);
    return fflush(live->demo->print.file) == 0;
}

static void watch(struct live *live)
{
    struct demo_turn turn;
    bool more = demo_turn_create(&turn, &live->visitor);
    while (more)
        more = watch_once(live, &turn) && rest(live, WATCH_MS);
    demo_turn_destroy(&turn);
}

/* Serves until the end. */
static void take_turn(struct live *live)
{
    if (live->chosen) {
        watch(live);
        return;
    }
    fputs("None of them was shown anything; Ctrl-C ends the demo.\n", live->demo->print.file);
    fflush(live->demo->print.file);
    while (rest(live, WATCH_MS))
        continue;
}

enum ctl_exit demo_live(const struct demo *demo)
{
    struct live live = {.demo = demo, .code = CTL_EXIT_OK};
    demo_view_write_intro(demo);
    fputs("Some of them, each stage in its turn:\n\n", demo->print.file);
    fflush(demo->print.file);
    if (show_all(&live))
        take_turn(&live);
    if (live.code == CTL_EXIT_OK)
        fputs("\nThe demo is over.\n", demo->print.file);
    return live.code;
}
