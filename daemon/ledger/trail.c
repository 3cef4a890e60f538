/* Walking along the decisions in a customer's history. */
#include "ledger/trail.h"

#include <string.h>

#include "ledger/decided.h"
#include "ledger/stock.h"

/* A walk through the decisions of one millisecond, and through what one of them promised. */
struct trail {
    struct work *work;
    struct document *document; /* whose they are */
    int64_t until_us;          /* decisions before this */
};

static struct loading_scan *new_scan(struct work *work, struct document *document, int64_t until_us)
{
    struct loading_scan *scan = loading_add_scan(&work->loading);
    struct trail *trail = arena_allocate(&work->arena, sizeof *trail);
    if (scan == NULL || trail == NULL) {
        work_run_out(work);
        return NULL;
    }
    *trail = (struct trail){work, document, until_us};
    scan->context = trail;
    return scan;
}

static struct entry *learn(struct trail *trail, struct text key, struct text value)
{
    struct entry *entry = entries_at(&trail->work->entries, key);
    if (entry == NULL || !entries_learn(&trail->work->entries, entry, value))
        return NULL;
    document_own(trail->document, entry);
    return entry;
}

static bool promise_cb(void *context, struct text key, struct text value)
{
    struct trail *trail = context;
    struct entry *promise = learn(trail, key, value);
    if (promise != NULL && promise->value.bytes != NULL)
        stock_want(trail->work, stock_promised(promise));
    return promise != NULL;
}

static void scan_promises(const struct trail *trail, int64_t clock_us, uint64_t seed)
{
    struct loading_scan *scan = new_scan(trail->work, trail->document, 0);
    if (scan == NULL)
        return;
    key_reserved_prefix(&scan->prefix, clock_us, seed);
    scan->entry = promise_cb;
}

static bool decision_cb(void *context, struct text key, struct text value)
{
    struct trail *trail = context;
    int64_t clock_us;
    uint64_t seed;
    if (!key_read_decision(key, &clock_us, &seed) || clock_us >= trail->until_us)
        return false;
    if (!document_is_hash(trail->document, decided_read(value).owner))
        return true;
    scan_promises(trail, clock_us, seed);
    return learn(trail, key, value) != NULL;
}

static void scan_decisions(struct work *work, struct document *document, int64_t at_ms)
{
    struct loading_scan *scan = new_scan(work, document, (at_ms + 1) * 1000);
    if (scan == NULL)
        return;
    key_decision(&scan->from, at_ms * 1000, 0);
    key_range(&scan->prefix, KEY_DECISION);
    scan->entry = decision_cb;
}

/* The customer's touches say when there were decisions that may still be known. */
void trail_collect(struct work *work, struct document *document, int64_t from_ms)
{
    const struct customer *customer = &document->customer;
    int64_t last_ms = INT64_MIN;
    for (uint32_t i = 0; i < customer->touch_count; i++) {
        int64_t at_ms = customer_moment_at(customer->touches[i]);
        if (customer_moment_kind(customer->touches[i]) != TOUCH_DECISION || at_ms < from_ms ||
            at_ms == last_ms)
            continue;
        scan_decisions(work, document, at_ms);
        last_ms = at_ms;
    }
}

/* Keys of promises ascend by the decision's time. */
static bool is_before(const struct entry *promise, const struct entry *other)
{
    size_t length = promise->key.length < other->key.length ? promise->key.length : other->key.length;
    return memcmp(promise->key.bytes, other->key.bytes, length) < 0;
}

static bool is_promise_of(const struct entry *entry, struct text offer, int64_t from_ms)
{
    int64_t clock_us;
    uint64_t seed;
    return entry->key.bytes[0] == KEY_PROMISE && stock_is_open(entry) &&
           text_equal(stock_promised(entry), offer) && key_read_decision(entry->key, &clock_us, &seed) &&
           clock_us / 1000 >= from_ms;
}

struct entry *trail_find_promise(const struct document *document, struct text offer, int64_t from_ms)
{
    struct entry *oldest = NULL;
    for (struct entry *entry = document->beside; entry != NULL; entry = entry->beside)
        if (is_promise_of(entry, offer, from_ms) && (oldest == NULL || is_before(entry, oldest)))
            oldest = entry;
    return oldest;
}
