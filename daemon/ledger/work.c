/* Small things that all parts of a batch need. */
#include "ledger/work.h"

#include <stdarg.h>
#include <stdio.h>

struct text work_copy(struct work *work, struct text text)
{
    char *bytes = arena_copy(&work->arena, text.bytes, text.length);
    if (bytes == NULL)
        work_run_out(work);
    return (struct text){bytes, bytes == NULL ? 0 : text.length};
}

void step_fail(struct work *work, struct step *step, enum error_code code, const char *format, ...)
{
    char message[sizeof(((struct error *)NULL)->message)];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    size_t kept = length < 0 ? 0 : (size_t)length < sizeof message ? (size_t)length : sizeof message - 1;
    step->outcome->outcome.code = code;
    step->outcome->outcome.accepted = false;
    step->outcome->outcome.payload = work_copy(work, (struct text){message, kept});
}

struct document *step_canonical(struct work *work, struct step *step, struct document *document)
{
    struct document *canonical = document_canonical(document);
    if (canonical == NULL || canonical->state == DOCUMENT_DAMAGED) {
        step_fail(work, step, ERROR_INTERNAL, "customer: the record of this customer cannot be read");
        return NULL;
    }
    return canonical;
}

void step_tell_place(const struct work *work, struct step *step, const struct customer *customer)
{
    struct path_place place = path_place_of(&work->path, customer, SNAPSHOT_NONE);
    step->outcome->outcome.journey = place.journey;
    step->outcome->outcome.stage = place.stage;
}

void work_make_customer(struct work *work, struct document *document, int64_t at_ms)
{
    if (document->state == DOCUMENT_PRESENT)
        return;
    customer_create(&document->customer, &work->arena, document->id, at_ms);
    document->state = DOCUMENT_PRESENT;
    document->changed = true;
}

void work_meet_customer(struct work *work, struct document *document, int64_t at_ms)
{
    work_make_customer(work, document, at_ms);
    uint64_t before = work_places(&document->customer);
    if (!path_start(&work->path, &document->customer, at_ms, NULL))
        work_run_out(work);
    if (work_places(&document->customer) != before)
        document->changed = document->moved = true;
}

/* Times of entering tell stages apart, and so do the places of their names in memory. */
uint64_t work_places(const struct customer *customer)
{
    uint64_t sum = customer->journey_count;
    for (uint32_t i = 0; i < customer->journey_count; i++) {
        const struct customer_journey *place = &customer->journeys[i];
        sum = sum * 31 + (uint64_t)place->since_ms;
        sum = sum * 31 + (uint64_t)(uintptr_t)place->stage.bytes;
        sum = sum * 31 + place->dropped;
    }
    return sum;
}

struct own_keys {
    struct work *work;
    struct document *document; /* whose they are */
};

static bool own_key_cb(void *context, struct text key, struct text value)
{
    struct own_keys *own = context;
    struct entry *entry = entries_at(&own->work->entries, key);
    struct text id;
    char part;
    if (entry == NULL || !entries_learn(&own->work->entries, entry, value))
        return false;
    if (!key_read_customer(key, &id, &part) || part != KEY_RECORD)
        document_own(own->document, entry);
    return true;
}

static void scan_keys(struct work *work, struct own_keys *own, const struct key *prefix)
{
    struct loading_scan *scan = loading_add_scan(&work->loading);
    if (scan == NULL)
        return;
    scan->prefix = *prefix;
    scan->entry = own_key_cb;
    scan->context = own;
}

void work_scan_own_keys(struct work *work, struct document *document, struct text id)
{
    struct key prefix;
    struct own_keys *own = arena_allocate(&work->arena, sizeof *own);
    if (own == NULL) {
        work_run_out(work);
        return;
    }
    *own = (struct own_keys){work, document};
    key_customer_prefix(&prefix, id);
    scan_keys(work, own, &prefix);
    key_ids_prefix(&prefix, id);
    scan_keys(work, own, &prefix);
}
