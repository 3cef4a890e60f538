/* Finding and removing all that is kept of one customer. */
#include "ledger/erase.h"

#include "ledger/stock.h"
#include "ledger/timers.h"
#include "ledger/trail.h"
#include "wire/reply.h"

void erase_collect(struct work *work, struct step *step)
{
    struct document *document = document_canonical(step->customer);
    if (document == NULL)
        return;
    work_scan_own_keys(work, document, document->id);
    if (document->state != DOCUMENT_PRESENT)
        return;
    const struct customer *customer = &document->customer;
    for (uint32_t i = 0; i < customer->alias_count; i++) {
        documents_want(&work->documents, customer->aliases[i]);
        work_scan_own_keys(work, document, customer->aliases[i]);
    }
    trail_collect(work, document, INT64_MIN);
}

static uint64_t count_events(const struct customer *customer)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < customer->event_count; i++)
        count += customer->events[i].count;
    return count;
}

static uint64_t count_decisions(const struct customer *customer)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < customer->offer_count; i++)
        count += customer->offers[i].counts[TOUCH_DECISION];
    return count;
}

static void put_counts(struct buffer *out, const struct customer *customer)
{
    reply_word(out, "counts");
    reply_map(out, customer->event_count);
    for (uint32_t i = 0; i < customer->event_count; i++) {
        reply_text(out, customer->events[i].name);
        reply_number(out, (double)customer->events[i].count);
    }
}

#define RECEIPT_FIELDS 8

static void put_receipt(struct buffer *out, const struct customer *customer)
{
    const struct {
        struct text name;
        uint64_t count;
    } fields[RECEIPT_FIELDS - 1] = {
        {TEXT("events"), count_events(customer)},      {TEXT("decisions"), count_decisions(customer)},
        {TEXT("offers"), customer->offer_count},       {TEXT("journeys"), customer->journey_count},
        {TEXT("aliases"), customer->alias_count},      {TEXT("consents"), customer->consent_count},
        {TEXT("traits"), customer->traits.length > 0},
    };
    reply_map(out, RECEIPT_FIELDS);
    for (size_t i = 0; i < RECEIPT_FIELDS - 1; i++) {
        reply_text(out, fields[i].name);
        reply_number(out, (double)fields[i].count);
    }
    put_counts(out, customer);
}

static void write_receipt(struct work *work, struct step *step, const struct customer *customer)
{
    struct buffer receipt;
    buffer_create(&receipt);
    put_receipt(&receipt, customer);
    if (receipt.failed)
        work_run_out(work);
    else
        step->outcome->outcome.payload = work_copy(work, (struct text){receipt.bytes, receipt.length});
    buffer_destroy(&receipt);
}

static void remove_key(struct work *work, struct entry *entry)
{
    struct text id;
    char part;
    bool named = key_read_customer(entry->key, &id, &part);
    if (entry->value.bytes == NULL)
        return;
    if (named && part == KEY_TIMER)
        timers_remove(work, entry);
    else if (!named && entry->key.bytes[0] == KEY_PROMISE)
        stock_release(work, entry);
    else
        entries_delete(entry);
}

static void note_erased(struct work *work, struct text id)
{
    if (work->erased_count == work->erased_room) {
        size_t room = work->erased_room == 0 ? 16 : work->erased_room * 2;
        struct text *erased = arena_allocate(&work->arena, room * sizeof *erased);
        if (erased == NULL) {
            work_run_out(work);
            return;
        }
        if (work->erased_count > 0)
            memcpy(erased, work->erased, work->erased_count * sizeof *erased);
        work->erased = erased;
        work->erased_room = room;
    }
    work->erased[work->erased_count++] = id;
}

/* Tells whoever watches the files that they still hold what was deleted. */
static void note_compaction(struct work *work)
{
    struct key key;
    key_meta(&key, TEXT("erased"));
    entries_put_number(&work->entries, entries_at(&work->entries, key_text(&key)), (uint64_t)work->now_ms);
}

static struct entry *note_at(struct work *work, struct text id)
{
    struct key key;
    key_forget(&key, id);
    return entries_at(&work->entries, key_text(&key));
}

/* The note goes into the same batch as the erasure, so that no death of anybody comes between them. */
static void remove_id(struct work *work, struct document *document)
{
    if (document == NULL)
        return;
    note_erased(work, document->id);
    document_remove(document);
    if (work->options.notes_erased)
        entries_put_number(&work->entries, note_at(work, document->id), (uint64_t)work->now_ms);
}

/* The note names them, too. */
void erase_forget(struct work *work, struct text id)
{
    entries_delete(note_at(work, id));
    note_compaction(work);
}

static void remove_customer(struct work *work, struct document *document)
{
    const struct customer *customer = &document->customer;
    path_leave_all(&work->path, &document->customer);
    for (uint32_t i = 0; i < customer->alias_count; i++)
        remove_id(work, documents_want(&work->documents, customer->aliases[i]));
}

void erase_apply(struct work *work, struct step *step)
{
    struct document *document = document_canonical(step->customer);
    static const struct customer nobody;
    if (document == NULL) {
        step_fail(work, step, ERROR_INTERNAL, "customer: an alias leads in a circle");
        return;
    }
    bool present = document->state == DOCUMENT_PRESENT;
    write_receipt(work, step, present ? &document->customer : &nobody);
    for (struct entry *entry = document->beside; entry != NULL; entry = entry->beside)
        remove_key(work, entry);
    if (present)
        remove_customer(work, document);
    if (step->customer->state == DOCUMENT_ALIAS) /* one that the record does not know of: damaged */
        remove_id(work, step->customer);
    remove_id(work, document);
    note_compaction(work);
    step->outcome->outcome.accepted = true;
}
