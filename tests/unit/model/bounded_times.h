/* Whether a record that was written again is the one that was read, but for times that cannot be. */
#ifndef SENDA_TESTS_MODEL_BOUNDED_TIMES_H
#define SENDA_TESTS_MODEL_BOUNDED_TIMES_H

#include "model/bytes.h"
#include "model/customer.h"

/* Whether `read` has a time at that place that cannot be, and `written` the nearest one that can. */
static inline bool bounded_time_is_at(const char *read, const char *written)
{
    int64_t was_ms = (int64_t)bytes_take_u64(&read), is_ms = (int64_t)bytes_take_u64(&written);
    return was_ms != is_ms && is_ms == customer_bound_time(was_ms);
}

/* What lies behind the time around that place; the place itself where there is none. */
static inline size_t bounded_time_end(struct text read, const char *written, size_t place)
{
    size_t begin = place < sizeof(int64_t) ? 0 : place - sizeof(int64_t) + 1;
    for (; begin <= place && begin + sizeof(int64_t) <= read.length; begin++)
        if (bounded_time_is_at(read.bytes + begin, written + begin))
            return begin + sizeof(int64_t);
    return place;
}

static inline bool bounded_times_apart_is_same(struct text read, struct text written)
{
    if (read.length != written.length)
        return false;
    for (size_t place = 0; place < read.length; place++) {
        if (read.bytes[place] == written.bytes[place])
            continue;
        size_t end = bounded_time_end(read, written.bytes, place);
        if (end == place)
            return false;
        place = end - 1;
    }
    return true;
}

#endif
