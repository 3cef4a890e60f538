/* Fills a store with customers who have a past: make_customers DIRECTORY COUNT, for the reference site. */
#include "base/clock.h"
#include "base/random.h"
#include "ctl/bench_mix.h"
#include "ledger/keys.h"
#include "model/customer.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    BATCH = 8192,     /* customers written together */
    OFFERS = 8,       /* that each has seen */
    IMPRESSIONS = 2,  /* of each of them at most */
    EVENTS = 12,      /* of each customer */
    CORE_OFFERS = 400 /* of the reference site */
};

#define DAY_MS INT64_C(86400000)

struct filling {
    struct store *store;
    struct random_state random;
    int64_t now_ms;
    struct arena arena;    /* of one batch */
    struct buffer encoded; /* its records, one behind the other */
    struct key keys[BATCH];
    struct text values[BATCH]; /* lengths; bytes once all are encoded */
    struct store_write writes[BATCH];
};

static void fail(const char *what)
{
    fprintf(stderr, "make_customers: %s\n", what);
    exit(EXIT_FAILURE);
}

static int64_t some_time(struct filling *filling)
{
    return filling->now_ms - (int64_t)(random_next(&filling->random) % (uint64_t)(30 * DAY_MS));
}

static struct text some_offer(struct filling *filling, char *name, size_t room)
{
    unsigned number = 1 + (unsigned)(random_next(&filling->random) % CORE_OFFERS);
    return (struct text){name, (size_t)snprintf(name, room, "offer-%03u", number)};
}

static void add_offers(struct filling *filling, struct customer *customer)
{
    char name[32];
    for (int i = 0; i < OFFERS; i++) {
        struct text offer = some_offer(filling, name, sizeof name);
        int64_t at_ms = some_time(filling);
        uint64_t shown = 1 + random_next(&filling->random) % IMPRESSIONS;
        for (uint64_t k = 0; k < shown; k++)
            if (!customer_add_touch(customer, offer, TEXT("guide"), TOUCH_DECISION, at_ms) ||
                !customer_add_touch(customer, offer, TEXT("guide"), TOUCH_IMPRESSION, at_ms + 1000))
                fail("memory is out");
    }
}

static void add_events(struct filling *filling, struct customer *customer)
{
    static const struct text names[] = {TEXT("page_view"), TEXT("impression"), TEXT("search"),
                                        TEXT("download")};
    for (size_t i = 0; i < EVENTS; i++)
        if (!customer_add_event(customer, names[i % (sizeof names / sizeof *names)], some_time(filling), 0))
            fail("memory is out");
}

static void add_place(struct filling *filling, struct customer *customer)
{
    struct customer_journey *journey = customer_new_journey(customer, TEXT("reference"));
    struct error error;
    if (journey == NULL || !customer_set_consent(customer, TEXT("email"), true, some_time(filling)) ||
        !customer_merge_traits(customer, TEXT("\x82\xA4role\xA5owner\xA4size\x32"), &error))
        fail("memory is out");
    journey->stage = TEXT("consideration");
    journey->since_ms = journey->active_ms = some_time(filling);
    journey->entered_day = 20260101;
}

static void add_customer(struct filling *filling, uint32_t number, size_t place)
{
    struct customer customer;
    struct bench_blanks blanks = {sizeof BENCH_MIX_CUSTOMER - 1 - BENCH_MIX_CUSTOMER_DIGITS, 0};
    char *id = arena_copy(&filling->arena, BENCH_MIX_CUSTOMER, sizeof BENCH_MIX_CUSTOMER);
    if (id == NULL)
        fail("memory is out");
    bench_blanks_fill(&blanks, (unsigned char *)id, number, 0);
    struct text name = {id, sizeof BENCH_MIX_CUSTOMER - 1};
    customer_create(&customer, &filling->arena, name, filling->now_ms - 40 * DAY_MS);
    add_place(filling, &customer);
    add_offers(filling, &customer);
    add_events(filling, &customer);
    size_t before = filling->encoded.length;
    customer_encode(&customer, &filling->encoded);
    key_customer(&filling->keys[place], name);
    filling->values[place] = (struct text){NULL, filling->encoded.length - before};
}

static void written_cb(void *context, const struct error *error)
{
    (void)context;
    if (error != NULL)
        fail(error->message);
}

static void add_batch(struct filling *filling, uint32_t first, size_t count)
{
    size_t offset = 0;
    arena_clear(&filling->arena);
    filling->encoded.length = 0;
    for (size_t i = 0; i < count; i++)
        add_customer(filling, first + (uint32_t)i, i);
    if (filling->encoded.failed)
        fail("memory is out");
    for (size_t i = 0; i < count; i++) {
        struct text value = {filling->encoded.bytes + offset, filling->values[i].length};
        filling->writes[i] = (struct store_write){key_text(&filling->keys[i]), value};
        offset += value.length;
    }
    store_write(filling->store, filling->writes, count, written_cb, NULL);
}

int main(int argc, char **argv)
{
    static struct filling filling;
    struct error error;
    long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (count < 1 || count > BENCH_MIX_CUSTOMERS_MOST)
        fail("usage: make_customers DIRECTORY COUNT");
    filling.store = store_lmdb_open(argv[1], STORE_WRITER, 0, &error);
    if (filling.store == NULL)
        fail(error.message);
    filling.now_ms = clock_wall_us() / 1000;
    arena_create(&filling.arena, 1 << 20);
    buffer_create(&filling.encoded);
    for (long first = 0; first < count; first += BATCH)
        add_batch(&filling, (uint32_t)first, (size_t)(count - first < BATCH ? count - first : BATCH));
    store_close(filling.store);
    buffer_destroy(&filling.encoded);
    arena_destroy(&filling.arena);
    return EXIT_SUCCESS;
}
