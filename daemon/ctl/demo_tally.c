/* Counting decisions; see demo_tally.h. */
#include "ctl/demo_tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void demo_tally_create(struct demo_tally *tally)
{
    memset(tally, 0, sizeof *tally);
}

void demo_tally_destroy(struct demo_tally *tally)
{
    for (size_t i = 0; i < tally->row_count; i++)
        senda_reply_unref(tally->rows[i].example);
    free(tally->rows);
    free(tally->falls);
}

/* A text of a reply; "" where it is none. */
static void take_name(const senda_value *map, const char *key, char name[DEMO_NAME])
{
    const char *text = senda_value_string(senda_value_get(map, key), NULL);
    snprintf(name, DEMO_NAME, "%s", text != NULL ? text : "");
}

/* Room for one more entry of `size` bytes at the end of a list; NULL: no memory. */
static void *grow(struct demo_tally *tally, void *list, size_t count, size_t size)
{
    void *grown = realloc(list, (count + 1) * size);
    tally->short_of_memory = tally->short_of_memory || grown == NULL;
    return grown;
}

static struct demo_row *find_row(struct demo_tally *tally, const struct demo_row *like)
{
    for (size_t i = 0; i < tally->row_count; i++)
        if (strcmp(tally->rows[i].kind, like->kind) == 0 && strcmp(tally->rows[i].stage, like->stage) == 0)
            return &tally->rows[i];
    struct demo_row *rows = grow(tally, tally->rows, tally->row_count, sizeof *rows);
    if (rows == NULL)
        return NULL;
    tally->rows = rows;
    rows[tally->row_count] = *like;
    return &rows[tally->row_count++];
}

static struct demo_fall *find_fall(struct demo_tally *tally, const struct demo_fall *like)
{
    for (size_t i = 0; i < tally->fall_count; i++) {
        struct demo_fall *fall = &tally->falls[i];
        if (strcmp(fall->reason, like->reason) == 0 && strcmp(fall->stage, like->stage) == 0 &&
            strcmp(fall->placement, like->placement) == 0)
            return fall;
    }
    struct demo_fall *falls = grow(tally, tally->falls, tally->fall_count, sizeof *falls);
    if (falls == NULL)
        return NULL;
    tally->falls = falls;
    falls[tally->fall_count] = *like;
    return &falls[tally->fall_count++];
}

static void count_fall(struct demo_tally *tally, const senda_value *result)
{
    struct demo_fall like = {.count = 0};
    take_name(result, "fallback", like.reason);
    take_name(result, "stage", like.stage);
    take_name(result, "placement", like.placement);
    struct demo_fall *fall = find_fall(tally, &like);
    if (fall != NULL)
        fall->count++;
    tally->fallbacks++;
}

static void keep_example(struct demo_row *row, size_t number, senda_reply *reply)
{
    if (row->example != NULL && row->example_number <= number)
        return;
    senda_reply_unref(row->example);
    row->example = senda_reply_ref(reply);
    row->example_number = number;
}

static void count_decision(struct demo_tally *tally, size_t number, senda_reply *reply)
{
    const senda_value *result = senda_reply_result(reply);
    bool fell = senda_value_type(senda_value_get(result, "fallback")) != SENDA_TYPE_NIL;
    struct demo_row like = {.count = 0};
    take_name(result, "stage", like.stage);
    take_name(senda_value_at(senda_value_get(result, "items"), 0), "kind", like.kind);
    struct demo_row *row = find_row(tally, &like);
    tally->answered++;
    if (fell)
        count_fall(tally, result);
    if (row == NULL)
        return;
    row->count++;
    row->fallbacks += fell;
    keep_example(row, number, reply);
}

void demo_tally_add(struct demo_tally *tally, size_t number, senda_reply *reply)
{
    if (senda_reply_status(reply) == SENDA_OK) {
        count_decision(tally, number, reply);
        return;
    }
    const char *code = senda_reply_code(reply);
    if (tally->failed++ == 0)
        snprintf(tally->first_error, sizeof tally->first_error, "%s%s%s", code, code[0] != '\0' ? ": " : "",
                 senda_reply_message(reply));
}

void demo_tally_add_problem(struct demo_tally *tally, const char *problem)
{
    if (tally->failed++ == 0)
        snprintf(tally->first_error, sizeof tally->first_error, "%s", problem);
}

void demo_tally_add_unsent(struct demo_tally *tally, enum senda_status status)
{
    demo_tally_add_problem(tally, senda_status_text(status));
}

/* ---- Order ---- */

struct order {
    const char *const *stages; /* borrowed */
    size_t count;              /* stages */
};

static size_t rank(const struct order *order, const char *stage)
{
    size_t i = 0;
    while (i < order->count && strcmp(order->stages[i], stage) != 0)
        i++;
    return i;
}

static int compare_stages(const struct order *order, const char *a, const char *b)
{
    size_t first = rank(order, a), second = rank(order, b);
    return first != second ? (first < second ? -1 : 1) : strcmp(a, b);
}

static int compare_rows(const void *a, const void *b, void *order)
{
    const struct demo_row *first = a, *second = b;
    int stages = compare_stages(order, first->stage, second->stage);
    if (stages != 0)
        return stages;
    if (first->count != second->count)
        return first->count > second->count ? -1 : 1;
    return strcmp(first->kind, second->kind);
}

static int compare_falls(const void *a, const void *b, void *order)
{
    const struct demo_fall *first = a, *second = b;
    int stages = compare_stages(order, first->stage, second->stage);
    if (stages != 0)
        return stages;
    int reasons = strcmp(first->reason, second->reason);
    return reasons != 0 ? reasons : strcmp(first->placement, second->placement);
}

void demo_tally_sort(struct demo_tally *tally, const char *const *stages, size_t stage_count)
{
    struct order order = {stages, stage_count};
    if (tally->row_count > 0)
        qsort_r(tally->rows, tally->row_count, sizeof *tally->rows, compare_rows, &order);
    if (tally->fall_count > 0)
        qsort_r(tally->falls, tally->fall_count, sizeof *tally->falls, compare_falls, &order);
}
