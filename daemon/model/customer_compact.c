/* Forgetting what no rule needs any more. */
#include "model/customer_internal.h"

/* The moment `span_ms` ago: what happened then or before is forgotten. */
static int64_t before(int64_t now_ms, int64_t span_ms)
{
    int64_t then;
    return __builtin_sub_overflow(now_ms, span_ms, &then) ? INT64_MIN : then;
}

static void forget_reservations(struct customer *customer, int64_t until_ms)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < customer->reservation_count; i++)
        if (customer->reservations[i].at_ms > until_ms)
            customer->reservations[kept++] = customer->reservations[i];
    customer->reservation_count = kept;
}

void customer_compact(struct customer *customer, int64_t now_ms, int64_t keep_ms, int64_t reserved_ms)
{
    int64_t until_ms = before(now_ms, keep_ms);
    forget_reservations(customer, before(now_ms, reserved_ms));
    customer_trim_offers(customer);
    customer_trim_touches(customer);
    customer->touch_count = customer_thin(customer->touches, customer->touch_count, UINT32_MAX, until_ms);
    customer->moment_count =
        customer_thin(customer->moments, customer->moment_count, CUSTOMER_MOMENTS_MOST, until_ms);
    customer_trim_reservations(customer);
    customer_trim_progress(customer);
}
