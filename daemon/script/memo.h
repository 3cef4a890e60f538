/*
 * Remembers what pure functions returned for what they read.
 *
 * A site's functions are pure (see freeze.h): the same candidates, and the same values wherever a function
 * looked at the customer, give the same result. So a result is kept under the function, what it was asked
 * about, and the values of everything that this function was ever seen to read; a customer who differs in
 * nothing of that gets it without a script being run. Whatever depends on the clock or on chance is not kept.
 */
#ifndef SENDA_SCRIPT_MEMO_H
#define SENDA_SCRIPT_MEMO_H

#include "base/buffer.h"
#include "base/cache.h"
#include "base/error.h"
#include "script/customer_view.h"
#include "script/reads.h"

/* What one function was seen to read so far; grows only. */
struct memo_function {
    struct reads reads;
    uint32_t version; /* goes up when reads grow, so that older results are not found any more */
};

struct memo {
    struct memo_function *functions; /* by number; owned */
    uint32_t function_count;
    struct cache results; /* by function, subject and values read */
    struct buffer key;    /* of the question asked last */
};

/* `limit` 0: remembers nothing. */
MUST_CHECK bool memo_create(struct memo *memo, uint32_t functions, size_t limit, struct error *error);
void memo_destroy(struct memo *memo);

/* Whether anything is remembered at all. */
static inline bool memo_is_kept(const struct memo *memo)
{
    return cache_is_kept(&memo->results);
}

/*
 * The result kept for function number `function`, asked about the bytes `subject`, with this customer; no
 * bytes where there is none. Valid until memo_store. A subject without bytes could not be told: nothing is
 * known about it, and nothing kept.
 */
struct text memo_find(struct memo *memo, uint32_t function, struct text subject,
                      const struct customer_view *customer);

/*
 * Keeps `result`, unless it has no bytes, which the function gave after it had read customer->reads. Forgets
 * everything when it is full.
 */
void memo_store(struct memo *memo, uint32_t function, struct text subject,
                const struct customer_view *customer, struct text result);

#endif
