/* Reading a customer, by any of their ids. */
#include "flow/recall.h"

#include "base/clock.h"
#include "base/log.h"
#include "ledger/stock.h"

enum {
    ARENA_BLOCK = 64 * 1024,
    RETRY_MS = 200, /* between two tries to open the store */
};

void recall_create(struct recall *recall, struct shared *shared, size_t worker, const char *directory,
                   int64_t reserve_ms)
{
    *recall = (struct recall){.directory = directory, .reserve_ms = reserve_ms};
    link_create(&recall->link, shared, worker);
    arena_create(&recall->arena, ARENA_BLOCK);
}

void recall_destroy(struct recall *recall)
{
    if (recall->store != NULL)
        store_close(recall->store);
    arena_destroy(&recall->arena);
}

/* Said once for each time that it begins. */
static void open_store(struct recall *recall)
{
    struct error error;
    bool first = recall->retry_ms == 0;
    uint64_t now_ms = clock_monotonic_ms();
    if (now_ms < recall->retry_ms)
        return;
    recall->store = store_lmdb_open(recall->directory, STORE_READER, 0, &error);
    recall->retry_ms = recall->store != NULL ? 0 : now_ms + RETRY_MS;
    if (recall->store == NULL && first)
        log_warning("customers can't be read", LOG_TEXT("error", error.message));
}

struct store *recall_store(struct recall *recall)
{
    if (recall->store == NULL)
        open_store(recall);
    return recall->store;
}

bool recall_is_far(const struct recall *recall)
{
    return recall->store != NULL && store_is_far(recall->store);
}

void recall_expect(struct recall *recall, const struct text *ids, size_t count)
{
    struct key keys[RECALL_EXPECTED_MOST];
    struct text texts[RECALL_EXPECTED_MOST];
    size_t used = 0;
    for (size_t i = 0; i < count && used < RECALL_EXPECTED_MOST; i++) {
        if (ids[i].length == 0)
            continue;
        key_customer(&keys[used], ids[i]);
        texts[used] = key_text(&keys[used]);
        used++;
    }
    if (recall->store != NULL && used > 1)
        store_expect(recall->store, texts, used);
}

/* A read of one key. */
struct reading {
    struct recall *recall;
    struct text value; /* out; in the arena */
    bool good;         /* out */
};

static void read_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct reading *reading = context;
    (void)count;
    if (error != NULL)
        return;
    reading->good = true;
    if (values[0].bytes == NULL)
        return;
    reading->value.bytes = arena_copy(&reading->recall->arena, values[0].bytes, values[0].length);
    reading->value.length = values[0].length;
    reading->good = reading->value.bytes != NULL;
}

/* Of the key only the bytes in use: it has room for the longest. */
static void note_seen(struct recall *recall, const struct key *key, struct text value)
{
    uint64_t moment = store_moment(recall->store);
    struct recall_seen *seen = &recall->seen[recall->seen_count++];
    seen->key.length = key->length;
    memcpy(seen->key.bytes, key->bytes, key->length);
    seen->value = value;
    recall->seen_at = recall->seen_count == 1 || recall->seen_at == moment ? moment : 0;
}

/* The value, copied and noted; no bytes where there is none. */
static bool read_key(struct recall *recall, const struct key *key, struct text *value)
{
    struct store *store = recall_store(recall);
    struct reading reading = {recall, {NULL, 0}, false};
    struct text text = key_text(key);
    if (store != NULL)
        store_read(store, &text, 1, read_cb, &reading);
    *value = reading.value;
    if (reading.good)
        note_seen(recall, key, reading.value);
    return reading.good;
}

/* A look at a key that was read before. */
struct comparing {
    struct text before;
    bool same; /* out */
};

static void compare_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct comparing *comparing = context;
    (void)count;
    comparing->same = error == NULL && (values[0].bytes == NULL) == (comparing->before.bytes == NULL) &&
                      text_equal(values[0], comparing->before);
}

bool recall_is_unchanged(struct recall *recall)
{
    struct store *store = recall_store(recall);
    bool same = store != NULL;
    if (same && recall->seen_count > 0 && store_is_unchanged(store, recall->seen_at))
        return true;
    for (size_t i = 0; same && i < recall->seen_count; i++) {
        struct comparing comparing = {recall->seen[i].value, false};
        struct text key = key_text(&recall->seen[i].key);
        store_read(store, &key, 1, compare_cb, &comparing);
        same = comparing.same;
    }
    return same;
}

void recall_begin(struct recall *recall)
{
    arena_clear(&recall->arena);
    recall->record = (struct text){NULL, 0};
    recall->seen_count = 0;
}

static enum recall_found decode(struct recall *recall, struct text record, struct customer *out)
{
    struct error error;
    if (customer_decode(out, &recall->arena, record, &error)) {
        recall->record = record;
        return RECALL_FOUND;
    }
    log_error("a customer's record can't be read", LOG_TEXT("error", error.message));
    return RECALL_UNAVAILABLE;
}

enum recall_found recall_find(struct recall *recall, struct text id, struct customer *out)
{
    recall_begin(recall);
    for (int hop = 0; hop < RECALL_HOPS_MOST; hop++) {
        struct text record;
        struct key key;
        key_customer(&key, id);
        if (!read_key(recall, &key, &record))
            return RECALL_UNAVAILABLE;
        if (record.bytes == NULL)
            return RECALL_UNKNOWN;
        id = customer_record_alias(record);
        if (id.bytes == NULL)
            return decode(recall, record, out);
    }
    return RECALL_UNKNOWN;
}

bool recall_refuse(struct text id, struct error *error)
{
    char shown[160];
    return error_set(error, ERROR_NOT_FOUND, "customer: no customer '%s'",
                     text_escape(id, shown, sizeof shown));
}

/* A look for a note. */
struct looking {
    bool there, good; /* out */
};

static void look_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct looking *looking = context;
    (void)count;
    looking->good = error == NULL;
    looking->there = looking->good && values[0].bytes != NULL;
}

bool recall_is_being_erased(struct recall *recall, struct text id, bool *erased)
{
    struct store *store = recall_store(recall);
    struct looking looking = {false, false};
    struct key key;
    key_forget(&key, id);
    struct text text = key_text(&key);
    if (store != NULL)
        store_read(store, &text, 1, look_cb, &looking);
    *erased = looking.there;
    return looking.good;
}

/* A read of an offer's stock. */
struct counting {
    uint64_t given; /* out */
    bool good;      /* out */
};

static void count_cb(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct counting *counting = context;
    (void)count;
    if (error != NULL)
        return;
    struct stock_count stock = stock_count_decode(values[0]);
    counting->given = stock.confirmed + stock.reserved;
    counting->good = true;
}

bool recall_stock_given(struct recall *recall, struct text offer, uint64_t *given)
{
    struct store *store = recall_store(recall);
    struct counting counting = {0, false};
    struct key key;
    key_stock(&key, offer);
    struct text text = key_text(&key);
    if (store != NULL)
        store_read(store, &text, 1, count_cb, &counting);
    *given = counting.given;
    return counting.good;
}
