/* Stores asked and answered in one call. */
#include "asking_builder.h"

#include "../cmocka_all.h"

struct outcome {
    unsigned times;     /* that it came */
    bool succeeded;     /* the last one */
    struct error error; /* if not */
};

static void written(void *context, const struct error *error)
{
    struct outcome *outcome = context;
    outcome->times++;
    outcome->succeeded = error == NULL;
    if (error != NULL)
        outcome->error = *error;
}

bool asking_write(struct store *store, const struct store_write *writes, size_t count, struct error *error)
{
    struct outcome outcome = {.times = 0};
    store_write(store, writes, count, written, &outcome);
    assert_int_equal(outcome.times, 1);
    if (!outcome.succeeded)
        *error = outcome.error;
    return outcome.succeeded;
}

static void write_one(struct store *store, struct store_write write)
{
    struct error error;
    if (!asking_write(store, &write, 1, &error))
        fail_msg("%s", error.message);
}

void asking_put(struct store *store, struct text key, struct text value)
{
    write_one(store, (struct store_write){key, value});
}

void asking_delete(struct store *store, struct text key)
{
    write_one(store, (struct store_write){key, {NULL, 0}});
}

struct reading {
    struct outcome outcome;
    bool found;           /* the key */
    struct buffer *value; /* filled */
};

static void read_value(void *context, const struct text *values, size_t count, const struct error *error)
{
    struct reading *reading = context;
    written(&reading->outcome, error);
    if (error != NULL) {
        assert_null(values);
        return;
    }
    assert_int_equal(count, 1);
    reading->found = values[0].bytes != NULL;
    buffer_append(reading->value, values[0].bytes, values[0].length);
}

bool asking_can_read(struct store *store, struct text key, struct error *error)
{
    struct buffer value;
    struct reading reading = {.value = &value};
    buffer_create(&value);
    store_read(store, &key, 1, read_value, &reading);
    buffer_destroy(&value);
    assert_int_equal(reading.outcome.times, 1);
    *error = reading.outcome.error;
    return reading.outcome.succeeded;
}

bool asking_get(struct store *store, struct text key, struct buffer *value)
{
    struct reading reading = {.value = value};
    buffer_create(value);
    store_read(store, &key, 1, read_value, &reading);
    assert_int_equal(reading.outcome.times, 1);
    if (!reading.outcome.succeeded)
        fail_msg("%s", reading.outcome.error.message);
    return reading.found;
}

bool asking_finds(struct store *store, struct text key, struct text value)
{
    struct buffer found;
    bool is_there = asking_get(store, key, &found);
    bool same = is_there == (value.bytes != NULL) && text_equal((struct text){found.bytes, found.length},
                                                                (struct text){value.bytes, value.length});
    buffer_destroy(&found);
    return same;
}

struct scanning {
    struct outcome outcome;
    size_t entries;     /* seen */
    struct buffer *out; /* filled */
};

static bool scan_entry(void *context, struct text key, struct text value)
{
    struct scanning *scanning = context;
    assert_int_equal(scanning->outcome.times, 0);
    scanning->entries++;
    buffer_append(scanning->out, &key.length, sizeof key.length);
    buffer_append(scanning->out, key.bytes, key.length);
    buffer_append(scanning->out, &value.length, sizeof value.length);
    buffer_append(scanning->out, value.bytes, value.length);
    return true;
}

static void scanned(void *context, const struct error *error)
{
    written(&((struct scanning *)context)->outcome, error);
}

size_t asking_scan(struct store *store, struct text from, struct text prefix, size_t most, struct buffer *out)
{
    struct scanning scanning = {.out = out};
    store_scan(store, from, prefix, most, scan_entry, scanned, &scanning);
    assert_int_equal(scanning.outcome.times, 1);
    if (!scanning.outcome.succeeded)
        fail_msg("%s", scanning.outcome.error.message);
    assert_false(out->failed);
    return scanning.entries;
}

bool asking_same(struct store *a, struct store *b)
{
    struct buffer of_a, of_b;
    buffer_create(&of_a);
    buffer_create(&of_b);
    const struct text all = {NULL, 0};
    asking_scan(a, all, all, SIZE_MAX, &of_a);
    asking_scan(b, all, all, SIZE_MAX, &of_b);
    bool same = text_equal((struct text){of_a.bytes, of_a.length}, (struct text){of_b.bytes, of_b.length});
    buffer_destroy(&of_a);
    buffer_destroy(&of_b);
    return same;
}
