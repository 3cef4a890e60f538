/* What the files of the customer share: names, growing arrays, and keeping to the bounds. */
#ifndef SENDA_MODEL_CUSTOMER_INTERNAL_H
#define SENDA_MODEL_CUSTOMER_INTERNAL_H

#include <math.h>

#include "model/customer.h"

/* Joining holds the offers of two for a moment. */
enum { CUSTOMER_OFFERS_ROOM = 2 * CUSTOMER_OFFERS_MOST };

/* The name that events are counted by when there are too many names. */
#define CUSTOMER_EVENT_OTHER TEXT("other")

/* As it is kept: not longer than CUSTOMER_NAME_MOST. */
struct text customer_name(struct text name);

/* A copy of the name as it is kept, in the customer's arena; false: out of memory. No bytes stay none. */
MUST_CHECK bool customer_copy_name(struct customer *customer, struct text name, struct text *copy);

/*
 * The array with room for one more element behind `count`: itself, or a copy with twice the room. NULL: out
 * of memory, nothing has changed.
 */
void *customer_grow(struct customer *customer, void *array, uint32_t count, uint32_t *room, size_t element);

/*
 * The offer's position, one behind the bound perhaps (see customer_trim_offers) where it was not known, and
 * last seen at `at_ms` at least. UINT32_MAX: out of memory.
 */
uint32_t customer_meet_offer(struct customer *customer, struct text offer, struct text kind, int64_t at_ms);

/* The event's position, or that of "other" where there are too many; UINT32_MAX: out of memory. */
uint32_t customer_meet_event(struct customer *customer, struct text name);

/* Adds a consent that was never heard of; NULL: out of memory. */
struct customer_consent *customer_new_consent(struct customer *customer, struct text name);

/*
 * Makes `below` with `above` laid over it the customer's traits. ERROR_INVALID: not maps of texts, or too
 * large; the traits are then as they were.
 */
MUST_CHECK bool customer_overlay_traits(struct customer *customer, struct text below, struct text above,
                                        struct error *error);

/* Adds without asking whether it is there, and without keeping to the bound; false: out of memory. */
MUST_CHECK bool customer_push_reservation(struct customer *customer, struct customer_reservation reservation);

/* Adds what is in no order yet; false: out of memory. */
MUST_CHECK bool customer_push_touch(struct customer *customer, customer_moment moment);
MUST_CHECK bool customer_push_moment(struct customer *customer, customer_moment moment);

static inline uint32_t customer_add_counts(uint32_t a, uint32_t b)
{
    uint32_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT32_MAX : sum;
}

/* Sums of values stay numbers. */
static inline double customer_add_values(double a, double b)
{
    double sum = a + b;
    return isfinite(sum) ? sum : a;
}

/* ---- Keeping to the bounds of customer.h. ---- */

void customer_trim_offers(struct customer *customer);                   /* with what speaks of them */
void customer_trim_touches(struct customer *customer);                  /* after the offers */
void customer_forget_moment(struct customer *customer, uint32_t event); /* the oldest of that event */
void customer_trim_reservations(struct customer *customer);             /* after the offers */
void customer_trim_progress(struct customer *customer);

/*
 * Keeps of each position and kind at most the newest `most`, and of those what happened later than
 * `after_ms`, but always the newest. Returns how many are left.
 */
uint32_t customer_thin(customer_moment *moments, uint32_t count, uint32_t most, int64_t after_ms);

#endif
