/* Progress on `enter` rules that need several events: the moments of those that matched. */
#include "model/customer_internal.h"

static struct customer_progress *find_progress(struct customer *customer, uint64_t rule)
{
    for (uint32_t i = 0; i < customer->progress_count; i++)
        if (customer->progress[i].rule == rule)
            return &customer->progress[i];
    return NULL;
}

static int64_t newest_of(const struct customer_progress *progress)
{
    return progress->count == 0 ? INT64_MIN : progress->times_ms[progress->count - 1];
}

static void forget_oldest(struct customer *customer)
{
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < customer->progress_count; i++)
        if (newest_of(&customer->progress[i]) < newest_of(&customer->progress[oldest]))
            oldest = i;
    customer->progress[oldest] = customer->progress[--customer->progress_count];
}

static uint32_t times_in_all(const struct customer *customer)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < customer->progress_count; i++)
        count += customer->progress[i].count;
    return count;
}

void customer_trim_progress(struct customer *customer)
{
    while (customer->progress_count > CUSTOMER_PROGRESS_MOST ||
           times_in_all(customer) > CUSTOMER_PROGRESS_IN_ALL)
        forget_oldest(customer);
}

struct customer_progress *customer_progress_of(struct customer *customer, uint64_t rule)
{
    struct customer_progress *progress = find_progress(customer, rule);
    if (progress != NULL)
        return progress;
    if (customer->progress_count == CUSTOMER_PROGRESS_MOST)
        forget_oldest(customer);
    uint32_t count = customer->progress_count;
    progress = customer_grow(customer, customer->progress, count, &customer->progress_room, sizeof *progress);
    if (progress == NULL)
        return NULL;
    customer->progress = progress;
    customer->progress_count++;
    progress[count] = (struct customer_progress){.rule = rule, .times_ms = NULL};
    return &progress[count];
}

static void drop_first(struct customer_progress *progress, uint32_t count)
{
    progress->count -= count;
    memmove(progress->times_ms, progress->times_ms + count, progress->count * sizeof *progress->times_ms);
}

static void insert_time(struct customer_progress *progress, int64_t at_ms)
{
    uint32_t place = progress->count++;
    for (; place > 0 && progress->times_ms[place - 1] > at_ms; place--)
        progress->times_ms[place] = progress->times_ms[place - 1];
    progress->times_ms[place] = at_ms;
}

bool customer_add_progress(struct customer *customer, uint64_t rule, int64_t at_ms, uint32_t times)
{
    struct customer_progress *progress = customer_progress_of(customer, rule);
    if (progress == NULL)
        return false;
    int64_t *list =
        customer_grow(customer, progress->times_ms, progress->count, &progress->room, sizeof *list);
    if (list == NULL)
        return false;
    progress->times_ms = list;
    insert_time(progress, customer_bound_time(at_ms));
    uint32_t most = times < CUSTOMER_PROGRESS_TIMES ? times : CUSTOMER_PROGRESS_TIMES;
    if (progress->count > most)
        drop_first(progress, progress->count - most);
    customer_trim_progress(customer);
    return true;
}
