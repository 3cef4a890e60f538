/*
 * What senda remembers of one customer.
 *
 * Decoded from a record of the store into an arena, changed in place, encoded again. Times are milliseconds
 * since the epoch; those before it, and beyond the year 2527, are taken as the nearest that can be said.
 *
 * A window of `within_ms` before now holds what happened later than now - within_ms: what is exactly that old
 * is out. What lies in the future, because clocks differ, counts as now. A window of 0 is all time.
 *
 * Names (of offers, events, stages and so on) are bytes, NUL among them, compared byte by byte. One of more
 * than CUSTOMER_NAME_MOST bytes is cut there, at the beginning of a character, both when it is kept and when
 * it is looked for.
 */
#ifndef SENDA_MODEL_CUSTOMER_H
#define SENDA_MODEL_CUSTOMER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

enum {
    CUSTOMER_ID_MOST = 128,   /* bytes */
    CUSTOMER_NAME_MOST = 255, /* bytes */
    /* Offers remembered; beyond, the one longest unseen is forgotten with its touches, but none with an open
     * reservation while there is one without. */
    CUSTOMER_OFFERS_MOST = 512,
    /* Touches remembered. Beyond, of each offer and kind of touch as many of the newest as fit: what happens
     * often loses its oldest, so that limits go on counting what is rare. */
    CUSTOMER_TOUCHES_MOST = 4096,
    CUSTOMER_EVENTS_MOST = 128,   /* names of events that are counted one by one; the rest as "other" */
    CUSTOMER_MOMENTS_MOST = 64,   /* of each event's name, the newest */
    CUSTOMER_ALIASES_MOST = 256,  /* other ids of the same person; beyond, refused */
    CUSTOMER_CONSENTS_MOST = 256, /* beyond, the oldest that is not granted is forgotten, else the oldest */
    CUSTOMER_JOURNEYS_MOST = 64,  /* beyond, the one longest without a sign of life is forgotten */
    CUSTOMER_VISITS_MOST = 256,   /* beyond, the one left longest ago is forgotten */
    /* Rules with progress; beyond, the one longest without a match is forgotten. */
    CUSTOMER_PROGRESS_MOST = 256,
    CUSTOMER_PROGRESS_TIMES = 10000,  /* matches kept for one rule */
    CUSTOMER_PROGRESS_IN_ALL = 16384, /* matches kept for all rules; beyond as CUSTOMER_PROGRESS_MOST */
    CUSTOMER_RESERVATIONS_MOST = 512, /* beyond, the oldest is forgotten */
    CUSTOMER_TRAITS_BYTES = 16 * 1024,
};

/* What can happen to an offer that was decided on. */
enum touch_kind {
    TOUCH_DECISION,
    TOUCH_IMPRESSION,
    TOUCH_CLICK,
    TOUCH_DISMISSAL,
    TOUCH_CONVERSION,
    TOUCH_KINDS
};

/*
 * A moment at which something happened, in one word that sorts by time: 44 bits of milliseconds, 4 bits of
 * what (enum touch_kind; 0 for events), 16 bits of the position in customer.offers or customer.events.
 */
typedef uint64_t customer_moment;

enum { CUSTOMER_MOMENT_BITS = 44 }; /* of the time */

/* The nearest time that a moment can say. */
static inline int64_t customer_bound_time(int64_t at_ms)
{
    int64_t latest = (INT64_C(1) << CUSTOMER_MOMENT_BITS) - 1;
    return at_ms < 0 ? 0 : at_ms > latest ? latest : at_ms;
}

static inline customer_moment customer_moment_make(int64_t at_ms, unsigned kind, uint32_t position)
{
    return (uint64_t)customer_bound_time(at_ms) << 20 | (uint64_t)kind << 16 | position;
}

static inline int64_t customer_moment_at(customer_moment moment)
{
    return (int64_t)(moment >> 20);
}

static inline unsigned customer_moment_kind(customer_moment moment)
{
    return moment >> 16 & 15;
}

static inline uint32_t customer_moment_position(customer_moment moment)
{
    return moment & 0xFFFF;
}

/* A window holds what happened later than this: the time itself is out. */
static inline int64_t customer_window_begin(int64_t within_ms, int64_t now_ms)
{
    int64_t begin;
    return within_ms <= 0 || __builtin_sub_overflow(now_ms, within_ms, &begin) ? INT64_MIN : begin;
}

static inline bool customer_in_window(int64_t at_ms, int64_t within_ms, int64_t now_ms)
{
    return at_ms > customer_window_begin(within_ms, now_ms);
}

/* Where the customer stands on one journey. */
struct customer_journey {
    struct text journey, stage; /* names of the site */
    int64_t since_ms;           /* when the stage was entered */
    int64_t active_ms;          /* last sign of life: the latest of the customer's events */
    uint32_t entered_day;       /* yyyymmdd in the site's time zone: where the funnel counted the entry */
    bool dropped;               /* counted as dropped; comes back with the next event */
    bool fixed;                 /* set by profile.set: events move it on from there */
};

/* A stage left in the past, for re-entry. */
struct customer_visit {
    struct text journey, stage; /* names of the site */
    int64_t left_ms;            /* when it was left, the last time */
};

/* Progress on an `enter` rule that needs several events: moments of those that matched. */
struct customer_progress {
    uint64_t rule;        /* the rule's hash in the snapshot */
    int64_t *times_ms;    /* ascending; the newest rule.times of them (both persons' after a join) */
    uint32_t count, room; /* times in use, and how many there is room for */
};

struct customer_consent {
    struct text name; /* of what is consented to */
    bool granted;     /* false: refused or revoked */
    int64_t at_ms;    /* of the last change */
    int64_t first_ms; /* when it was first granted; 0: never */
};

/* One kind of event, e.g. "purchase". */
struct customer_event {
    struct text name; /* of the event */
    uint64_t count;   /* since ever */
    int64_t last_ms;  /* latest; 0: none */
    double value;     /* sum of the values given */
};

struct customer_offer {
    struct text offer, kind;      /* its id; its kind when last heard of, no bytes: not known */
    uint32_t counts[TOUCH_KINDS]; /* since ever */
    int64_t last_ms;              /* latest of any */
};

/* A decision whose impression has not come yet: it counts as one until it is too old. */
struct customer_reservation {
    uint64_t decision; /* hash of the decision's id */
    uint32_t offer;    /* position in customer.offers */
    int64_t at_ms;     /* of the decision */
};

struct customer {
    struct arena *arena; /* borrowed */
    struct text id;      /* canonical */
    uint64_t revision;   /* goes up with every write */
    int64_t created_ms;  /* when the customer was first heard of */
    int64_t last_ms;     /* latest event; 0: none yet */
    bool restricted;     /* nothing is to be done with what is known (profile.restrict) */
    struct text persona; /* set by profile.set; no bytes: guessed at each decision */
    struct text locale;  /* no bytes: not known */
    struct text traits;  /* one MessagePack map; no bytes: none */
    /* Arrays, with how many are in use and how many there is room for. */
    struct text *aliases;
    struct customer_journey *journeys; /* where the customer is, journey by journey */
    struct customer_visit *visits;
    struct customer_progress *progress;
    struct customer_consent *consents;
    struct customer_event *events;
    struct customer_offer *offers;
    struct customer_reservation *reservations; /* ascending by time */
    customer_moment *touches;                  /* of offers, ascending */
    customer_moment *moments;                  /* of events, ascending */
    uint32_t alias_count, alias_room;
    uint32_t journey_count, journey_room;
    uint32_t visit_count, visit_room;
    uint32_t progress_count, progress_room;
    uint32_t consent_count, consent_room;
    uint32_t event_count, event_room;
    uint32_t offer_count, offer_room;
    uint32_t reservation_count, reservation_room;
    uint32_t touch_count, touch_room;
    uint32_t moment_count, moment_room;
};

/* A customer never seen before. `id` is not copied: it has to outlive the customer. */
void customer_create(struct customer *customer, struct arena *arena, struct text id, int64_t now_ms);

/*
 * Reads a record. `bytes` must outlive the customer, or be in the arena: texts point into them. Arrays are
 * the customer's own and may be changed in place. What is empty has no bytes (NULL). The traits are not
 * looked at. ERROR_INTERNAL for a record that is damaged, an alias, or newer than this program.
 */
MUST_CHECK bool customer_decode(struct customer *customer, struct arena *arena, struct text bytes,
                                struct error *error);

/*
 * The canonical id where the record is only an alias of another one (see identify); no bytes for a customer's
 * own, and for what is damaged, which customer_decode() refuses.
 */
struct text customer_record_alias(struct text bytes);

/* Appends the record: the same customer gives the same bytes. Out of memory: `out` says so (failed). */
void customer_encode(const struct customer *customer, struct buffer *out);
void customer_encode_alias(struct text canonical, struct buffer *out);

/* ---- Looking things up: positions, or UINT32_MAX. ---- */

uint32_t customer_find_journey(const struct customer *customer, struct text journey);
uint32_t customer_find_offer(const struct customer *customer, struct text offer);
uint32_t customer_find_event(const struct customer *customer, struct text name);
uint32_t customer_find_consent(const struct customer *customer, struct text name);

/* How often the event happened in the `within_ms` before now (0: ever). In a window at most
 * CUSTOMER_MOMENTS_MOST are known. */
uint64_t customer_count_events(const struct customer *customer, struct text name, int64_t within_ms,
                               int64_t now_ms);

/* Touches of one kind of the offers called so, or of that kind, in the `within_ms` before now (0: ever). */
uint64_t customer_count_touches(const struct customer *customer, enum touch_kind kind,
                                struct text offer_or_kind, int64_t within_ms, int64_t now_ms);

/*
 * ---- Changing. False: out of memory. ----
 *
 * Names are copied into the customer's arena. Whatever adds may move the array and what stands in it:
 * pointers and positions hold until the next change.
 */

/* In its right place in time, whatever happened since. */
MUST_CHECK bool customer_add_event(struct customer *customer, struct text name, int64_t at_ms, double value);

/* The same of an offer; `kind` is the offer's kind now, no bytes: not known. */
MUST_CHECK bool customer_add_touch(struct customer *customer, struct text offer, struct text kind,
                                   enum touch_kind touch, int64_t at_ms);

/* Takes a reservation back when its impression came; false where there was none. */
bool customer_take_reservation(struct customer *customer, uint64_t decision, struct text offer);

/* The same decision and offer twice are one. An offer not met before is remembered. */
MUST_CHECK bool customer_add_reservation(struct customer *customer, uint64_t decision, struct text offer,
                                         struct text kind, int64_t at_ms);

/* Takes effect unless a later change is known; of two at the same time the one that comes second. */
MUST_CHECK bool customer_set_consent(struct customer *customer, struct text name, bool granted,
                                     int64_t at_ms);

/*
 * Lays a MessagePack map over the traits, key by key; a nil value removes its key. Values are kept byte for
 * byte; keys are sorted, and of a key that stands twice the last holds. ERROR_INVALID: not a map with text
 * for keys, or too large; the traits are then as they were.
 */
MUST_CHECK bool customer_merge_traits(struct customer *customer, struct text map, struct error *error);

/* The journey, visit or progress of that name, a new one (all zeros) where there was none. NULL: out of
 * memory. Progress without times is not kept when the customer is encoded. */
struct customer_journey *customer_new_journey(struct customer *customer, struct text journey);
struct customer_visit *customer_new_visit(struct customer *customer, struct text journey, struct text stage);
struct customer_progress *customer_progress_of(struct customer *customer, uint64_t rule);

/* Adds a match of a rule, and keeps the newest `times`. */
MUST_CHECK bool customer_add_progress(struct customer *customer, uint64_t rule, int64_t at_ms,
                                      uint32_t times);

/* False also where there are CUSTOMER_ALIASES_MOST. The customer's own id and known ones are not added. */
MUST_CHECK bool customer_add_alias(struct customer *customer, struct text alias);

/*
 * Joins another person into this one: history, visits, progress and open reservations of both, counts summed
 * up; consents, where the later word on each holds, and of two at the same time the refusal; traits, persona
 * and locale, where `into` wins; restricted where either was. The other id and its aliases become aliases.
 * Journeys are the caller's affair. Does nothing where the other is an alias already, or the same.
 *
 * Where the traits of both are too large together, those of `into` stay alone. ERROR_INVALID: more aliases
 * than can be kept; `into` is as it was. After ERROR_INTERNAL (out of memory) it must not be used.
 */
MUST_CHECK bool customer_join(struct customer *into, const struct customer *from, struct error *error);

/*
 * Forgets what no rule needs: touches and moments that are `keep_ms` old or older, but for the newest of each
 * event, and of each offer and kind of touch; reservations that are `reserved_ms` old or older; and what is
 * beyond the bounds above.
 */
void customer_compact(struct customer *customer, int64_t now_ms, int64_t keep_ms, int64_t reserved_ms);

/*
 * Takes back what happened later than `at_ms`: touches, events and reservations. What is left of an event
 * without a moment that is known is taken to have happened at `at_ms`. Stages, consents and what else has no
 * history stay as they are: for a look, not to be kept.
 */
void customer_rewind(struct customer *customer, int64_t at_ms);

#endif
