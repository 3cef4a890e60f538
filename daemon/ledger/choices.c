/* Applying decision records: touches, reservations, promised stock, counters. */
#include "ledger/choices.h"

#include "ledger/decided.h"
#include "ledger/stock.h"

void choices_collect(struct work *work, struct choice *choice)
{
    const struct record *record = &choice->record;
    if (record->customer.length > 0 && record->customer.length <= CUSTOMER_ID_MOST)
        choice->customer = documents_want(&work->documents, record->customer);
    for (uint32_t i = 0; i < record->item_count; i++) {
        if (record->items[i].stocked)
            stock_want(work, record->items[i].offer);
    }
}

/* Whom it is about; NULL where that is nobody, or cannot be read. */
static struct document *find_customer(const struct choice *choice)
{
    struct document *document = choice->customer == NULL ? NULL : document_canonical(choice->customer);
    return document == NULL || document->state == DOCUMENT_DAMAGED ? NULL : document;
}

static void reserve_stock(struct work *work, const struct record *record, struct document *document)
{
    for (uint32_t i = 0; i < record->item_count; i++) {
        struct text offer = record->items[i].offer;
        if (!record->items[i].stocked)
            continue;
        struct entry *promise = stock_promise(work, record->clock_us, record->seed, offer);
        stock_reserve(work, promise, stock_want(work, offer), offer);
        if (document != NULL)
            document_own(document, promise);
    }
}

static bool promises_stock(const struct record *record)
{
    for (uint32_t i = 0; i < record->item_count; i++)
        if (record->items[i].stocked)
            return true;
    return false;
}

/*
 * Says whose it was, where, and which offers it had, as long as its events may come: so that nobody else's
 * are taken for them, that they need not say it, and that they count where it did. Of nobody's only what took
 * something of a stock is worth it: anybody may ask for decisions, and each would be a value to write and to
 * delete.
 */
static void remember_decision(struct work *work, const struct record *record, struct document *document)
{
    struct key key;
    if (record->item_count == 0 || (document == NULL && !promises_stock(record)))
        return;
    key_decision(&key, record->clock_us, record->seed);
    struct entry *entry = entries_at(&work->entries, key_text(&key));
    char *bytes = entries_put(&work->entries, entry, decided_size(record));
    if (bytes == NULL)
        return;
    decided_write(record, document == NULL ? 0 : key_hash(document->id), bytes);
    if (document != NULL)
        document_own(document, entry);
}

static void touch_offers(struct work *work, const struct record *record, struct customer *customer)
{
    uint64_t decision = key_hash_decision(record->clock_us, record->seed);
    int64_t at_ms = record->clock_us / 1000;
    for (uint32_t i = 0; i < record->item_count; i++) {
        const struct record_item *item = &record->items[i];
        if (!customer_add_touch(customer, item->offer, item->kind, TOUCH_DECISION, at_ms))
            work_run_out(work);
        if (item->reserves && !customer_add_reservation(customer, decision, item->offer, item->kind, at_ms))
            work_run_out(work);
    }
}

static void apply_to_customer(struct work *work, const struct record *record, struct document *document)
{
    work_meet_customer(work, document, record->clock_us / 1000);
    if (record->item_count == 0)
        return;
    touch_offers(work, record, &document->customer);
    document->changed = true;
}

static void count(struct work *work, const struct record *record)
{
    struct funnel_names names = {record->journey, record->stage, {NULL, 0}, record->placement};
    uint32_t day = day_of(&work->calendar, record->clock_us / 1000);
    for (uint32_t i = 0; i < record->item_count; i++) {
        names.offer = record->items[i].offer;
        funnel_touch(&work->funnel, day, &names, TOUCH_DECISION, 0.0);
    }
}

/* Of restricted customers nothing is kept; but what they took from the shelf is gone from it. */
void choices_apply(struct work *work, const struct choice *choice)
{
    const struct record *record = &choice->record;
    struct document *document = find_customer(choice);
    bool restricted =
        document != NULL && document->state == DOCUMENT_PRESENT && document->customer.restricted;
    struct document *owner = restricted ? NULL : document;
    reserve_stock(work, record, owner);
    remember_decision(work, record, owner);
    if (restricted)
        return;
    if (document != NULL)
        apply_to_customer(work, record, document);
    count(work, record);
}
