/*
 * How customers move through journeys: by what they do, by silence, and by what is said of them.
 *
 * No clock and no I/O: moments are handed in, the customer is changed in place, every change is reported to
 * the funnel. The invariant behind all functions: each of a customer's places (struct customer_journey) that
 * is not dropped is one entry of the funnel, on its entered_day, that was not taken out again as advanced or
 * dropped.
 *
 * Rules of moving, one journey at a time:
 *
 * 1. An event fulfils a rule where it says what the rule's `where` asks for and is, with earlier and later
 *    ones, the times-th within `within`. The moment of entering is that of the event that completed the rule:
 *    for an event that comes late, that may be one that came before it.
 * 2. The stage furthest on whose rule is fulfilled wins. If it is behind where the customer stands, they move
 *    there; leaving is advancing.
 * 3. Nobody is moved where they are already: a fulfilled rule of the present stage holds them there.
 * 4. Else they come back to the furthest earlier stage that has `re_enter`, if its cool-down has passed since
 *    they last left it, or passed it over on the way. That, too, counts as having advanced from the other.
 * 5. A late event, older than the present stage's since_ms, moves nobody back. It moves forward, unless the
 *    customer came back to the present stage or was set there: what was before does not count against that.
 * 6. Silence of a stage's leave_after, counted from the last event or from the entering, whichever is later,
 *    is dropping out. An event behind that moment brings the customer back, on its day: to where it leads,
 *    else to the same stage; that is a new entry. It does not matter whether the timer or the event comes
 *    first. An event before that moment shows that there was no such silence: the drop is taken back.
 * 7. A journey that is not the default one is entered by a fulfilled rule of any of its stages.
 * 8. A stage that is renamed keeps its customers where the old name stays among its names. A stage that is
 *    gone is left, counted as dropped, with the first event that leads to another one, whichever that is.
 * Until then customers stay there, never silent, and it counts again if it comes back. So do places on a
 * journey that is gone.
 */
#ifndef SENDA_LEDGER_PATH_H
#define SENDA_LEDGER_PATH_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "catalogue/snapshot.h"
#include "ledger/day.h"
#include "ledger/funnel.h"
#include "model/customer.h"

/* What all functions work with; everything is borrowed. */
struct path {
    const struct snapshot *site;   /* NULL: none is loaded, nobody moves */
    struct day_calendar *calendar; /* of the site's time zone */
    struct funnel *funnel;
};

/* Something the customer did. Texts without bytes: not told. */
struct path_event {
    struct text name;
    int64_t at_ms;
    struct text offer;
    struct text kind; /* the offer's; without bytes it is looked up in the site */
    struct text placement, touchpoint;
    bool has_value;
    double value;
    struct text properties; /* a MessagePack map; no bytes: none */
};

/* Where the customer stands on one journey. Texts live as long as the customer's arena. */
struct path_place {
    struct text journey, stage; /* names; no bytes: nowhere */
    int64_t since_ms;
    bool dropped;
};

/* What an event did on the journey that was asked about. */
struct path_outcome {
    struct path_place before, now;
    bool moved;    /* to another stage */
    bool returned; /* was counted as dropped before, or would have been by then */
};

/* The customer's place on a journey of the site, by its number; SNAPSHOT_NONE: the default one. */
struct path_place path_place_of(const struct path *path, const struct customer *customer, uint32_t journey);

/* A new customer: enters the first stage of the default journey, unless they stand on it. */
MUST_CHECK bool path_start(const struct path *path, struct customer *customer, int64_t at_ms,
                           struct error *error);

/*
 * Applies one event to all journeys, starting the default one where the customer is not on it. The outcome is
 * about `journey` (SNAPSHOT_NONE: the default one). Events are to be given once each: who sees to that is the
 * caller. False (ERROR_INTERNAL) when memory is out.
 */
MUST_CHECK bool path_apply(const struct path *path, struct customer *customer, const struct path_event *event,
                           uint32_t journey, struct path_outcome *outcome, struct error *error);

/*
 * Puts the customer into a stage, by any of its names (profile.set); `journey` without bytes: the default
 * one. Leaving for a stage further on is advancing, for an earlier one dropping. ERROR_INVALID: no such name,
 * with the nearest one.
 */
MUST_CHECK bool path_set(const struct path *path, struct customer *customer, struct text journey,
                         struct text stage, int64_t at_ms, struct error *error);

/*
 * When silence on customer->journeys[index] will have lasted long enough to drop them, if nothing happens;
 * INT64_MAX: never. A timer is to be set for it after every change.
 */
int64_t path_due(const struct path *path, const struct customer *customer, uint32_t index);

/* Drops them where that moment has come; true where it did. `journey` is a name, as the timer has it. */
bool path_drop_if_silent(const struct path *path, struct customer *customer, struct text journey,
                         int64_t now_ms);

/* The customer is erased: all their places count as dropped, and are forgotten. */
void path_leave_all(const struct path *path, struct customer *customer);

/*
 * `from` turns out to be the same person as `into`, which takes over its places; `from` has none afterwards.
 * Where both stand on a journey, the place further on stays, and the other one counts as advanced; as dropped
 * where both stand in the same stage (the one entered first stays). A place set by profile.set stays before
 * one that was entered earlier. All the rest, visits and progress as well, is customer_join's.
 */
MUST_CHECK bool path_join(const struct path *path, struct customer *into, struct customer *from,
                          struct error *error);

/*
 * Forgets progress on rules that the site no longer has, and what is longer ago than the rule looks back and
 * either `keep_ms` old or of a stage that the customer is past for good.
 */
void path_compact(const struct path *path, struct customer *customer, int64_t now_ms, int64_t keep_ms);

#endif
