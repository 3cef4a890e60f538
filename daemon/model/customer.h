/*
 * What senda remembers of one customer.
 *
 * Decoded from a record of the store into an arena, changed in place, encoded again. Times are milliseconds
 * since the epoch. Texts and arrays live in the arena that the customer was decoded into or that made it.
 */
#ifndef SENDA_MODEL_CUSTOMER_H
#define SENDA_MODEL_CUSTOMER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

enum {
    CUSTOMER_ID_MOST = 128,       /* bytes */
    CUSTOMER_OFFERS_MOST = 512,   /* offers remembered; beyond, the one longest unseen is forgotten */
    CUSTOMER_TOUCHES_MOST = 4096, /* moments remembered in all */
    CUSTOMER_EVENTS_MOST = 128,   /* names of events that are counted one by one; the rest as "other" */
    CUSTOMER_MOMENTS_MOST = 64,   /* of each event's name */
    CUSTOMER_ALIASES_MOST = 256,  /* other ids of the same person */
    CUSTOMER_CONSENTS_MOST = 256,
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

static inline customer_moment customer_moment_make(int64_t at_ms, unsigned kind, uint32_t position)
{
    return (uint64_t)at_ms << 20 | (uint64_t)kind << 16 | position;
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
    struct text journey, stage;
    int64_t left_ms;
};

/* Progress on an `enter` rule that needs several events: moments of those that matched. */
struct customer_progress {
    uint64_t rule;     /* the rule's hash in the snapshot */
    int64_t *times_ms; /* ascending; at most rule.times of them */
    uint32_t count;
};

struct customer_consent {
    struct text name;
    bool granted;     /* false: refused or revoked */
    int64_t at_ms;    /* of the last change */
    int64_t first_ms; /* when it was first granted; 0: never */
};

/* One kind of event, e.g. "purchase". */
struct customer_event {
    struct text name;
    uint64_t count;  /* since ever */
    int64_t last_ms; /* latest */
    double value;    /* sum of the values given */
};

struct customer_offer {
    struct text offer, kind;
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
    int64_t created_ms;
    int64_t last_ms; /* latest event; 0: none yet */
    bool restricted;
    struct text persona; /* set by profile.set; no bytes: guessed at each decision */
    struct text locale;  /* no bytes: not known */
    struct text traits;  /* one MessagePack map; no bytes: none */
    /* Arrays, with how many are in use and how many there is room for. */
    struct text *aliases;
    struct customer_journey *journeys;
    struct customer_visit *visits;
    struct customer_progress *progress;
    struct customer_consent *consents;
    struct customer_event *events;
    struct customer_offer *offers;
    struct customer_reservation *reservations;
    customer_moment *touches; /* of offers, ascending */
    customer_moment *moments; /* of events, ascending */
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

/* A customer never seen before. */
void customer_create(struct customer *customer, struct arena *arena, struct text id, int64_t now_ms);

/*
 * Reads a record. `bytes` must outlive the customer, or be in the arena: texts point into them. Arrays may
 * too, and are copied when something is added. ERROR_INTERNAL for a record that is damaged or newer than this
 * program.
 */
MUST_CHECK bool customer_decode(struct customer *customer, struct arena *arena, struct text bytes,
                                struct error *error);

/*
 * The canonical id where the record is only an alias of another one (see identify); no bytes for a customer's
 * own.
 */
struct text customer_record_alias(struct text bytes);

void customer_encode(const struct customer *customer, struct buffer *out);
void customer_encode_alias(struct text canonical, struct buffer *out);

/* ---- Looking things up: positions, or UINT32_MAX. ---- */

uint32_t customer_find_journey(const struct customer *customer, struct text journey);
uint32_t customer_find_offer(const struct customer *customer, struct text offer);
uint32_t customer_find_event(const struct customer *customer, struct text name);
uint32_t customer_find_consent(const struct customer *customer, struct text name);

/* How often the event happened in the `within_ms` before now (0: ever). */
uint64_t customer_count_events(const struct customer *customer, struct text name, int64_t within_ms,
                               int64_t now_ms);

/* Touches of one kind of the offers called so, or of that kind, in the `within_ms` before now (0: ever). */
uint64_t customer_count_touches(const struct customer *customer, enum touch_kind kind,
                                struct text offer_or_kind, int64_t within_ms, int64_t now_ms);

/* ---- Changing. False: out of memory. ---- */

MUST_CHECK bool customer_add_event(struct customer *customer, struct text name, int64_t at_ms, double value);

/* `kind` is the offer's kind now; no bytes: not known. */
MUST_CHECK bool customer_add_touch(struct customer *customer, struct text offer, struct text kind,
                                   enum touch_kind touch, int64_t at_ms);

/* Takes a reservation back when its impression came; false where there was none. */
bool customer_take_reservation(struct customer *customer, uint64_t decision, struct text offer);
MUST_CHECK bool customer_add_reservation(struct customer *customer, uint64_t decision, struct text offer,
                                         struct text kind, int64_t at_ms);

MUST_CHECK bool customer_set_consent(struct customer *customer, struct text name, bool granted,
                                     int64_t at_ms);

/* Lays a MessagePack map over the traits, key by key; a nil value removes its key. ERROR_INVALID: too large.
 */
MUST_CHECK bool customer_merge_traits(struct customer *customer, struct text map, struct error *error);

/* Grows an array for one more element: what `customer_…_push` macros of the implementation use. */
struct customer_journey *customer_new_journey(struct customer *customer, struct text journey);
struct customer_visit *customer_new_visit(struct customer *customer, struct text journey, struct text stage);
struct customer_progress *customer_progress_of(struct customer *customer, uint64_t rule);
MUST_CHECK bool customer_add_progress(struct customer *customer, uint64_t rule, int64_t at_ms,
                                      uint32_t times);
MUST_CHECK bool customer_add_alias(struct customer *customer, struct text alias);

/*
 * Joins another person's history, consents (the later word on each wins), traits (`into` wins), counts and
 * aliases into this one. Journeys are the caller's affair. Idempotent where the other was joined before (it
 * is an alias).
 */
MUST_CHECK bool customer_join(struct customer *into, const struct customer *from, struct error *error);

/*
 * Forgets what no rule needs: moments older than `keep_ms` before now, but at least the newest of each;
 * reservations older than `reserved_ms`; and what is beyond the bounds above.
 */
void customer_compact(struct customer *customer, int64_t now_ms, int64_t keep_ms, int64_t reserved_ms);

#endif
