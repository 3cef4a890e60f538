/* Counting what is promised and what is shown. */
#include "ledger/stock.h"

#include <endian.h>

/* The first byte of a promise's value; the offer's id follows. */
enum { PROMISED = 0, SHOWN = 1 };

/* Of a damaged store: so large that nobody gets more, and small enough to be added up. */
static uint64_t bounded(uint64_t number)
{
    return number < INT64_MAX ? number : INT64_MAX;
}

struct stock_count stock_count_decode(struct text value)
{
    uint64_t numbers[2] = {0, 0};
    if (value.length == sizeof numbers)
        memcpy(numbers, value.bytes, sizeof numbers);
    return (struct stock_count){bounded(be64toh(numbers[0])), bounded(be64toh(numbers[1]))};
}

static void put_count(struct work *work, struct entry *stock, struct stock_count count)
{
    uint64_t numbers[2] = {htobe64(count.confirmed), htobe64(count.reserved)};
    char *bytes = entries_put(&work->entries, stock, sizeof numbers);
    if (bytes != NULL)
        memcpy(bytes, numbers, sizeof numbers);
}

struct entry *stock_want(struct work *work, struct text offer)
{
    struct key key;
    key_stock(&key, offer);
    return entries_want(&work->entries, key_text(&key));
}

struct entry *stock_promise(struct work *work, int64_t clock_us, uint64_t seed, struct text offer)
{
    struct key key;
    key_reserved(&key, clock_us, seed, offer);
    return entries_at(&work->entries, key_text(&key));
}

struct entry *stock_want_promise(struct work *work, int64_t clock_us, uint64_t seed, struct text offer)
{
    struct key key;
    key_reserved(&key, clock_us, seed, offer);
    return entries_want(&work->entries, key_text(&key));
}

static void put_promise(struct work *work, struct entry *promise, char state, struct text offer)
{
    char *bytes = entries_put(&work->entries, promise, 1 + offer.length);
    if (bytes == NULL)
        return;
    bytes[0] = state;
    memcpy(bytes + 1, offer.bytes, offer.length);
}

struct text stock_promised(const struct entry *promise)
{
    if (promise == NULL || promise->value.length < 1)
        return (struct text){NULL, 0};
    return (struct text){promise->value.bytes + 1, promise->value.length - 1};
}

bool stock_is_open(const struct entry *promise)
{
    return promise != NULL && promise->value.length > 0 && promise->value.bytes[0] == PROMISED;
}

void stock_reserve(struct work *work, struct entry *promise, struct entry *stock, struct text offer)
{
    if (promise == NULL || stock == NULL || promise->value.bytes != NULL)
        return;
    struct stock_count count = stock_count_decode(stock->value);
    count.reserved++;
    put_count(work, stock, count);
    put_promise(work, promise, PROMISED, offer);
}

void stock_show(struct work *work, struct entry *promise, struct entry *stock, bool stocked)
{
    if (stock == NULL)
        return;
    struct text offer = stock_promised(promise);
    struct stock_count count = stock_count_decode(stock->value);
    if (stock_is_open(promise)) {
        count.reserved -= count.reserved > 0;
        put_promise(work, promise, SHOWN, offer);
    } else if (offer.bytes != NULL || !stocked) {
        return;
    }
    count.confirmed++;
    put_count(work, stock, count);
}

void stock_release(struct work *work, struct entry *promise)
{
    if (stock_is_open(promise)) {
        struct entry *stock = stock_want(work, stock_promised(promise));
        if (stock == NULL)
            return;
        struct stock_count count = stock_count_decode(stock->value);
        count.reserved -= count.reserved > 0;
        put_count(work, stock, count);
    }
    entries_delete(promise);
}
