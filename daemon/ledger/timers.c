/* Keeping timers in step with where customers stand. */
#include "ledger/timers.h"

static struct entry *find_moment(struct work *work, const struct document *document, uint32_t journey)
{
    struct key key;
    key_customer_timer(&key, document->id, document->customer.journeys[journey].journey);
    return entries_want(&work->entries, key_text(&key));
}

static bool concerns(const struct work *work, const struct document *document)
{
    return work->path.site != NULL && document->moved && document->state == DOCUMENT_PRESENT;
}

void timers_collect(struct work *work)
{
    for (struct document *document = work->documents.first; document != NULL; document = document->next) {
        if (!concerns(work, document))
            continue;
        for (uint32_t i = 0; i < document->customer.journey_count; i++)
            document_own(document, find_moment(work, document, i));
    }
}

static struct entry *find_timer(struct work *work, int64_t due_ms, const struct entry *moment)
{
    struct key key;
    key_timer_of(&key, due_ms, moment->key);
    return entries_at(&work->entries, key_text(&key));
}

void timers_remove(struct work *work, struct entry *moment)
{
    if (moment->value.bytes == NULL)
        return;
    entries_delete(find_timer(work, (int64_t)entry_number(moment, 0), moment));
    entries_delete(moment);
}

static void set_timer(struct work *work, struct entry *moment, int64_t due_ms)
{
    timers_remove(work, moment);
    struct entry *timer = find_timer(work, due_ms, moment);
    if (timer != NULL)
        entries_put_borrowed(timer, TEXT(""));
    entries_put_number(&work->entries, moment, (uint64_t)due_ms);
}

/* One that is not needed any more is left until it is due, so that nobody who comes and goes costs writes. */
static void settle(struct work *work, const struct document *document, uint32_t journey)
{
    struct entry *moment = find_moment(work, document, journey);
    if (moment == NULL)
        return;
    int64_t due_ms = path_due(&work->path, &document->customer, journey);
    int64_t set_ms = (int64_t)entry_number(moment, INT64_MAX);
    bool rang = set_ms <= work->now_ms;
    if (due_ms == INT64_MAX && rang)
        timers_remove(work, moment);
    else if (due_ms != INT64_MAX && due_ms != set_ms && (rang || due_ms < set_ms))
        set_timer(work, moment, due_ms);
}

void timers_settle(struct work *work)
{
    for (struct document *document = work->documents.first; document != NULL; document = document->next) {
        if (!concerns(work, document))
            continue;
        for (uint32_t i = 0; i < document->customer.journey_count; i++)
            settle(work, document, i);
    }
}
