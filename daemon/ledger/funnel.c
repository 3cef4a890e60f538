/* Collecting what a batch counts. */
#include "ledger/funnel.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>

enum {
    FIRST_ROOM = 64,
    ARENA_BLOCK = 64 * 1024,
    KEEP_BYTES = 256 * 1024, /* of encoded values, from one batch to the next */
};

/* What is to be added to one row. */
struct funnel_delta {
    char key[FUNNEL_KEY_BYTES];
    struct funnel_row row; /* names are in the arena */
};

void funnel_create(struct funnel *funnel)
{
    *funnel = (struct funnel){0};
    arena_create(&funnel->arena, ARENA_BLOCK);
    buffer_create(&funnel->values);
}

void funnel_destroy(struct funnel *funnel)
{
    free(funnel->places);
    free(funnel->deltas);
    buffer_destroy(&funnel->values);
    arena_destroy(&funnel->arena);
}

static size_t count_places(const struct funnel *funnel)
{
    return funnel->room * 2;
}

/* The end of a key is as good as random, but the same on every day: the day is spread over all bits. */
static uint64_t hash_key(const char *key)
{
    uint64_t names;
    uint32_t day;
    memcpy(&names, key + FUNNEL_KEY_BYTES - sizeof names, sizeof names);
    memcpy(&day, key + 1, sizeof day);
    return names ^ (((uint64_t)be32toh(day) * UINT64_C(0x9E3779B97F4A7C15)) >> 16);
}

/* The delta's place, or the empty one where it belongs. */
static struct funnel_delta **find_place(const struct funnel *funnel, const char *key)
{
    size_t mask = count_places(funnel) - 1, at = hash_key(key) & mask;
    while (funnel->places[at] != NULL && memcmp(funnel->places[at]->key, key, FUNNEL_KEY_BYTES) != 0)
        at = (at + 1) & mask;
    return &funnel->places[at];
}

static void place_all(struct funnel *funnel)
{
    for (size_t i = 0; i < funnel->count; i++)
        *find_place(funnel, funnel->deltas[i]->key) = funnel->deltas[i];
}

static bool grow(struct funnel *funnel)
{
    size_t room = funnel->room == 0 ? FIRST_ROOM : funnel->room * 2;
    struct funnel_delta **deltas = realloc(funnel->deltas, room * sizeof(struct funnel_delta *));
    if (deltas == NULL)
        return false;
    funnel->deltas = deltas;
    struct funnel_delta **places = calloc(room * 2, sizeof(struct funnel_delta *));
    if (places == NULL)
        return false;
    free(funnel->places);
    funnel->places = places;
    funnel->room = room;
    place_all(funnel);
    return true;
}

static bool copy_text(struct arena *arena, struct text *text)
{
    if (text->length == 0) {
        *text = (struct text){NULL, 0};
        return true;
    }
    text->bytes = arena_copy(arena, text->bytes, text->length);
    return text->bytes != NULL;
}

static bool copy_names(struct arena *arena, struct funnel_names *names)
{
    return copy_text(arena, &names->journey) && copy_text(arena, &names->stage) &&
           copy_text(arena, &names->offer) && copy_text(arena, &names->placement);
}

static struct funnel_delta *new_delta(struct funnel *funnel, uint32_t day, const struct funnel_names *names,
                                      const char *key)
{
    struct funnel_delta *delta = arena_allocate_zeroed(&funnel->arena, 1, sizeof *delta);
    if (delta == NULL || (funnel->count == funnel->room && !grow(funnel)))
        return NULL;
    memcpy(delta->key, key, FUNNEL_KEY_BYTES);
    delta->row = (struct funnel_row){.day = day, .names = *names};
    if (!copy_names(&funnel->arena, &delta->row.names))
        return NULL;
    funnel->deltas[funnel->count++] = delta;
    *find_place(funnel, key) = delta;
    return delta;
}

/* NULL, and remembered as failed, when memory is out. */
static struct funnel_row *row_of(struct funnel *funnel, uint32_t day, const struct funnel_names *names)
{
    char key[FUNNEL_KEY_BYTES];
    funnel_row_key(day, names, key);
    struct funnel_delta *delta = funnel->count > 0 ? *find_place(funnel, key) : NULL;
    if (delta == NULL)
        delta = new_delta(funnel, day, names, key);
    funnel->failed = funnel->failed || delta == NULL;
    return delta == NULL ? NULL : &delta->row;
}

void funnel_move(struct funnel *funnel, uint32_t day, struct text journey, struct text stage,
                 enum funnel_move move, int count)
{
    struct funnel_names names = {.journey = journey, .stage = stage};
    struct funnel_row *row = row_of(funnel, day, &names);
    if (row != NULL)
        row->moves[move] += count;
}

/* Sums stay numbers, or the row with all its counters could not be read again. */
static double add_values(double a, double b)
{
    double sum = a + b;
    return isfinite(sum) ? sum : a;
}

void funnel_touch(struct funnel *funnel, uint32_t day, const struct funnel_names *names,
                  enum touch_kind touch, double value)
{
    struct funnel_row *row = names->offer.length == 0 ? NULL : row_of(funnel, day, names);
    if (row == NULL)
        return;
    row->touches[touch]++;
    row->value = add_values(row->value, value);
}

/* Of a damaged store they add up to more than numbers can say: what would go beyond is left out. */
static int64_t add_counters(int64_t a, int64_t b)
{
    int64_t sum = a + b;
    return sum > FUNNEL_SUM_MOST || sum < -FUNNEL_SUM_MOST ? a : sum;
}

static void add_row(struct funnel_row *sum, const struct funnel_row *row)
{
    for (int i = 0; i < FUNNEL_MOVES; i++)
        sum->moves[i] = add_counters(sum->moves[i], row->moves[i]);
    for (int i = 0; i < TOUCH_KINDS; i++)
        sum->touches[i] = add_counters(sum->touches[i], row->touches[i]);
    sum->value = add_values(sum->value, row->value);
}

void funnel_add(struct funnel *funnel, const struct funnel_row *row)
{
    struct funnel_row *sum = row_of(funnel, row->day, &row->names);
    if (sum != NULL)
        add_row(sum, row);
}

bool funnel_has(const struct funnel *funnel, uint32_t day, const struct funnel_names *names)
{
    char key[FUNNEL_KEY_BYTES];
    funnel_row_key(day, names, key);
    return funnel->count > 0 && *find_place(funnel, key) != NULL;
}

const struct funnel_row *funnel_row_at(const struct funnel *funnel, size_t index)
{
    return &funnel->deltas[index]->row;
}

bool funnel_is_full(const struct funnel *funnel)
{
    return funnel->count >= FUNNEL_ROWS_MANY;
}

static int compare_keys(const void *a, const void *b)
{
    const struct funnel_delta *const *left = a, *const *right = b;
    return memcmp((*left)->key, (*right)->key, FUNNEL_KEY_BYTES);
}

const struct text *funnel_keys(struct funnel *funnel, size_t *count)
{
    *count = funnel->count;
    if (funnel->count == 0)
        return NULL;
    qsort(funnel->deltas, funnel->count, sizeof(struct funnel_delta *), compare_keys);
    funnel->keys = arena_allocate_zeroed(&funnel->arena, funnel->count, sizeof *funnel->keys);
    for (size_t i = 0; funnel->keys != NULL && i < funnel->count; i++)
        funnel->keys[i] = (struct text){funnel->deltas[i]->key, FUNNEL_KEY_BYTES};
    funnel->failed = funnel->failed || funnel->keys == NULL;
    return funnel->keys;
}

static void bound_counters(int64_t *counters, int count)
{
    for (int i = 0; i < count; i++) {
        counters[i] = counters[i] < FUNNEL_COUNT_MOST ? counters[i] : FUNNEL_COUNT_MOST;
        counters[i] = counters[i] > -FUNNEL_COUNT_MOST ? counters[i] : -FUNNEL_COUNT_MOST;
    }
}

/* A row that cannot be read must not stop the writer for ever: it begins anew. */
static void encode_sum(struct funnel *funnel, const struct funnel_delta *delta, struct text present)
{
    struct funnel_row sum = delta->row, before;
    struct text key = {delta->key, FUNNEL_KEY_BYTES};
    struct error error = {.code = ERROR_NONE};
    if (present.bytes != NULL && funnel_row_decode(&before, key, present, &error))
        add_row(&sum, &before);
    funnel->damaged += error.code == ERROR_INVALID;
    funnel->values.failed |= error.code == ERROR_UNAVAILABLE; /* what was counted may not begin anew */
    bound_counters(sum.moves, FUNNEL_MOVES);                  /* what is beyond could not be read again */
    bound_counters(sum.touches, TOUCH_KINDS);
    funnel_row_encode(&sum, &funnel->values);
}

const struct store_write *funnel_settle(struct funnel *funnel, const struct text *values, struct error *error)
{
    struct store_write *writes = NULL;
    if (!funnel->failed)
        writes = arena_allocate_zeroed(&funnel->arena, funnel->count + 1, sizeof *writes);
    buffer_clear(&funnel->values, KEEP_BYTES);
    for (size_t i = 0; writes != NULL && i < funnel->count; i++) {
        size_t before = funnel->values.length;
        encode_sum(funnel, funnel->deltas[i], values[i]);
        writes[i] = (struct store_write){funnel->keys[i], {NULL, funnel->values.length - before}};
    }
    if (writes == NULL || funnel->values.failed) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    const char *bytes = funnel->values.bytes; /* only now: the buffer moves while it grows */
    for (size_t i = 0; i < funnel->count; bytes += writes[i++].value.length)
        writes[i].value.bytes = bytes;
    return funnel->writes = writes;
}

void funnel_clear(struct funnel *funnel)
{
    if (funnel->count > 0)
        memset(funnel->places, 0, count_places(funnel) * sizeof(struct funnel_delta *));
    arena_clear(&funnel->arena);
    buffer_clear(&funnel->values, KEEP_BYTES);
    funnel->count = 0;
    funnel->keys = NULL;
    funnel->writes = NULL;
    funnel->damaged = 0;
    funnel->failed = false;
}
