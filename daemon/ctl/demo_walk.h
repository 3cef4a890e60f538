/*
 * One customer on their way, told and asked by events alone: what they send next, and what they make of the
 * answer. Where they stand is only ever what the daemon said last.
 *
 * A visit is: ask at a placement, see what is shown, perhaps click or refuse, perhaps do what leads on. Its
 * events are told together, dated when the visit was: the timeline ends at `now_ms`, and who is not done by
 * then is still on the way. Decisions are taken when they are asked for, which is now; so limits and what
 * strategies ask of the past count what lies within their days of now.
 *
 * No I/O and no clock: the same seed and the same answers make the same walk.
 */
#ifndef SENDA_CTL_DEMO_WALK_H
#define SENDA_CTL_DEMO_WALK_H

#include "ctl/demo_person.h"
#include "ctl/demo_sessions.h"

enum { DEMO_ITEMS = 4, DEMO_WORD = 160 }; /* items of a decision that are looked at; bytes of a name */

enum demo_step { DEMO_STEP_ARRIVE, DEMO_STEP_INTRODUCE, DEMO_STEP_ASK, DEMO_STEP_ACT, DEMO_STEP_END };

/* What happened in a visit, for whoever tells of it. */
struct demo_visit {
    int64_t at_ms;                      /* since the epoch */
    struct text placement;              /* the site's name; borrowed */
    enum demo_phase phase;              /* where the customer stood */
    uint32_t stage_before, stage_now;   /* numbers in the site */
    char decision[DEMO_WORD];           /* "": none */
    char offers[DEMO_ITEMS][DEMO_WORD]; /* what was shown */
    char title[DEMO_WORD];              /* of the first */
    size_t shown;                       /* offers */
    bool clicked;                       /* on the first */
    bool dismissed;                     /* the first */
    const struct enter_rule *wish;      /* what they did to go on; NULL: nothing; borrowed */
    bool bought;                        /* although nothing asked for it */
    double value;                       /* of what they bought; 0: nothing */
    bool quits;                         /* is not seen again for long */
};

struct demo_walk {
    const struct demo_plan *plan;         /* borrowed */
    const struct demo_sessions *sessions; /* recorded visits that theirs are like; may be empty; borrowed */
    struct demo_person person;
    int64_t now_ms;                /* where the timeline ends */
    enum demo_step step;           /* what comes next */
    struct demo_visit visit;       /* the present one */
    const struct enter_rule *wish; /* what they have begun to do and goes on; NULL: nothing */
    unsigned wished;               /* visits in which they did it */
    unsigned visits;               /* the present one included */
    unsigned here;                 /* visits in the present stage */
    unsigned events;               /* told so far */
    int64_t last_ms;               /* the latest event that was acknowledged */
    bool returned;                 /* came back after having quit */
};

/* What an answer was about. */
struct demo_taken {
    unsigned told, kept; /* events, and those of them that were acknowledged */
    bool moved;          /* to another stage */
    bool decided;        /* it was a decision */
    char problem[256];   /* of an event that was not kept; "": none */
};

void demo_walk_create(struct demo_walk *walk, const struct demo_plan *plan,
                      const struct demo_sessions *sessions, struct demo_person person, int64_t now_ms);

/* The method to call next, with its arguments in `map` or, for several events, in `list` (made with
 * senda_request_new_list); *request is the one that was filled in. NULL: the walk is over. */
const char *demo_walk_next(struct demo_walk *walk, senda_request *map, senda_request *list,
                           const senda_request **request);

/* What came back. Answers that are none leave the walk where it is: it is then to be given up. */
struct demo_taken demo_walk_take(struct demo_walk *walk, const senda_value *result);

/* True where the daemon has to count them as being in their stage now, not as having left it. */
bool demo_walk_is_inside(const struct demo_walk *walk);

#endif
