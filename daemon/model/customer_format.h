/*
 * How a customer is laid out in a record: what customer_encode.c writes and customer_decode.c reads.
 *
 *     u8 format, u8 flags, u8 lengths of id, persona, locale, u32 length of traits,
 *     u16 × 10 counts (in the order of the arrays below), u32 progress times in all,
 *     u64 revision, i64 created, i64 last
 *     arrays of elements of fixed width
 *     texts: id, persona, locale, traits, then those of the arrays, element by element
 *
 * Numbers are little-endian, nothing is aligned, and nothing follows. One customer has one record: what could
 * be written in two ways is damaged in all but one of them. Times alone are read as the nearest one that can
 * be (customer_bound_time).
 *
 *     touch, moment  u64
 *     reservation    u64 decision, i64 at, u16 offer
 *     progress       u64 rule, u16 times; then, behind all of them, the times: i64
 *     alias          u8 length
 *     offer          u8 length, u8 length of kind, u32 × TOUCH_KINDS counts, i64 last
 *     event          u8 length, u64 count, i64 last, f64 value
 *     journey        u8 length, u8 length of stage, u8 flags, u32 day, i64 since, i64 active
 *     visit          u8 length of journey, u8 length of stage, i64 left
 *     consent        u8 length, u8 granted, i64 at, i64 first
 *
 * An alias record: u8 format, then the canonical id to the record's end.
 */
#ifndef SENDA_MODEL_CUSTOMER_FORMAT_H
#define SENDA_MODEL_CUSTOMER_FORMAT_H

#include "model/customer.h"

/* A record's first byte. */
enum { CUSTOMER_FORMAT = 1, CUSTOMER_FORMAT_ALIAS = 2 };

enum { CUSTOMER_FLAG_RESTRICTED = 1 };
enum { CUSTOMER_JOURNEY_DROPPED = 1, CUSTOMER_JOURNEY_FIXED = 2, CUSTOMER_JOURNEY_FLAGS = 3 };

/* Bytes of the fixed parts. */
enum {
    CUSTOMER_HEADER_SIZE = 5 + 4 + 10 * 2 + 4 + 3 * 8,
    CUSTOMER_MOMENT_SIZE = 8,
    CUSTOMER_RESERVATION_SIZE = 8 + 8 + 2,
    CUSTOMER_PROGRESS_SIZE = 8 + 2,
    CUSTOMER_TIME_SIZE = 8,
    CUSTOMER_ALIAS_SIZE = 1,
    CUSTOMER_OFFER_SIZE = 2 + 4 * TOUCH_KINDS + 8,
    CUSTOMER_EVENT_SIZE = 1 + 3 * 8,
    CUSTOMER_JOURNEY_SIZE = 3 + 4 + 2 * 8,
    CUSTOMER_VISIT_SIZE = 2 + 8,
    CUSTOMER_CONSENT_SIZE = 2 + 2 * 8,
};

/* All moments of all events. */
enum { CUSTOMER_MOMENTS_IN_ALL = CUSTOMER_EVENTS_MOST * CUSTOMER_MOMENTS_MOST };

/* What counts cannot say must not come to be. */
_Static_assert(CUSTOMER_MOMENTS_IN_ALL <= UINT16_MAX && CUSTOMER_TOUCHES_MOST <= UINT16_MAX &&
                   CUSTOMER_PROGRESS_TIMES <= UINT16_MAX && CUSTOMER_OFFERS_MOST <= UINT16_MAX,
               "counts and positions are 16 bits wide");
_Static_assert(CUSTOMER_NAME_MOST <= UINT8_MAX && CUSTOMER_ID_MOST <= CUSTOMER_NAME_MOST,
               "lengths of names are 8 bits wide");

/* Bytes of all elements. */
static inline size_t customer_format_fixed(const struct customer *customer, uint32_t progress_count,
                                           uint32_t times)
{
    return CUSTOMER_HEADER_SIZE +
           CUSTOMER_MOMENT_SIZE * ((size_t)customer->touch_count + customer->moment_count) +
           (size_t)CUSTOMER_RESERVATION_SIZE * customer->reservation_count +
           (size_t)CUSTOMER_PROGRESS_SIZE * progress_count + (size_t)CUSTOMER_TIME_SIZE * times +
           (size_t)CUSTOMER_ALIAS_SIZE * customer->alias_count +
           (size_t)CUSTOMER_OFFER_SIZE * customer->offer_count +
           (size_t)CUSTOMER_EVENT_SIZE * customer->event_count +
           (size_t)CUSTOMER_JOURNEY_SIZE * customer->journey_count +
           (size_t)CUSTOMER_VISIT_SIZE * customer->visit_count +
           (size_t)CUSTOMER_CONSENT_SIZE * customer->consent_count;
}

#endif
