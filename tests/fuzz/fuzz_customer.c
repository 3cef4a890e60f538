/*
 * Records of customers: refused, or read as what writes the same bytes again, but for times that cannot be,
 * and bears every change.
 */
#include <string.h>

#include "base/buffer.h"
#include "fuzz.h"
#include "model/bounded_times.h"
#include "model/customer.h"

enum { KEEP_MS = 1000, TIMES = 3 };

static const int64_t now_ms = 1790000000000;

static void check_moments(const customer_moment *moments, uint32_t count, uint32_t positions)
{
    for (uint32_t i = 0; i < count; i++) {
        REQUIRE(i == 0 || moments[i - 1] <= moments[i]);
        REQUIRE(customer_moment_position(moments[i]) < positions);
    }
}

static void check_sound(const struct customer *customer)
{
    REQUIRE(customer->offer_count <= CUSTOMER_OFFERS_MOST && customer->event_count <= CUSTOMER_EVENTS_MOST);
    REQUIRE(customer->touch_count <= CUSTOMER_TOUCHES_MOST);
    check_moments(customer->touches, customer->touch_count, customer->offer_count);
    check_moments(customer->moments, customer->moment_count, customer->event_count);
    for (uint32_t i = 0; i < customer->reservation_count; i++)
        REQUIRE(customer->reservations[i].offer < customer->offer_count);
}

/* What is written can be read, and reads as what writes the same. */
static void check_round_trip(const struct customer *customer, struct arena *arena)
{
    struct customer read;
    struct buffer once, twice;
    struct error error;
    buffer_create(&once);
    buffer_create(&twice);
    customer_encode(customer, &once);
    REQUIRE(customer_decode(&read, arena, (struct text){once.bytes, once.length}, &error));
    customer_encode(&read, &twice);
    REQUIRE(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    buffer_destroy(&once);
    buffer_destroy(&twice);
}

static void check_same_bytes(const struct customer *customer, struct text record)
{
    struct buffer again;
    buffer_create(&again);
    customer_encode(customer, &again);
    REQUIRE(bounded_times_apart_is_same(record, (struct text){again.bytes, again.length}));
    buffer_destroy(&again);
}

/* Names of the record itself, and new ones. */
static void change(struct customer *customer, struct arena *arena)
{
    struct text offer = customer->offer_count > 0 ? customer->offers[0].offer : TEXT("guide");
    struct text event = customer->event_count > 0 ? customer->events[0].name : TEXT("click");
    struct error error;
    REQUIRE(customer_count_touches(customer, TOUCH_CLICK, offer, KEEP_MS, now_ms) <= CUSTOMER_TOUCHES_MOST);
    REQUIRE(customer_count_events(customer, event, KEEP_MS, now_ms) <= customer->moment_count);
    REQUIRE(customer_add_touch(customer, offer, TEXT("kind"), TOUCH_IMPRESSION, now_ms));
    REQUIRE(customer_add_touch(customer, TEXT("new offer"), TEXT(""), TOUCH_CLICK, 5));
    REQUIRE(customer_add_event(customer, event, 7, 1));
    REQUIRE(customer_add_event(customer, TEXT("new event"), now_ms, 1));
    REQUIRE(customer_add_reservation(customer, 1, offer, TEXT(""), now_ms));
    REQUIRE(customer_set_consent(customer, TEXT("new consent"), true, now_ms));
    REQUIRE(customer_add_progress(customer, 1, now_ms, TIMES));
    REQUIRE(customer_new_journey(customer, TEXT("new")) != NULL);
    REQUIRE(customer_new_visit(customer, TEXT("new"), TEXT("stage")) != NULL);
    if (!customer_merge_traits(customer, TEXT("\x81\xa1k\x01"), &error))
        REQUIRE(error.code == ERROR_INVALID);
    check_sound(customer);
    check_round_trip(customer, arena);
}

static void join(const struct customer *from, struct arena *arena)
{
    struct customer into;
    struct error error;
    customer_create(&into, arena, TEXT("into"), now_ms);
    if (!customer_join(&into, from, &error))
        REQUIRE(error.code == ERROR_INVALID);
    check_sound(&into);
    check_round_trip(&into, arena);
}

static void compact(struct customer *customer, struct arena *arena)
{
    customer_compact(customer, now_ms, KEEP_MS, KEEP_MS);
    check_sound(customer);
    check_round_trip(customer, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct text record = {(const char *)bytes, length};
    struct customer customer;
    struct arena arena;
    struct error error = {0};
    arena_create(&arena, 65536);
    bool alias = customer_record_alias(record).length > 0;
    if (customer_decode(&customer, &arena, record, &error)) {
        REQUIRE(!alias);
        check_sound(&customer);
        check_same_bytes(&customer, record);
        join(&customer, &arena);
        change(&customer, &arena);
        compact(&customer, &arena);
    } else {
        REQUIRE(error.code == ERROR_INTERNAL && error.message[0] != '\0');
    }
    arena_destroy(&arena);
    return 0;
}
