/* Walking through ranges of the store, and removing what is void. */
#include "ledger/sweep.h"

#include "ledger/known_piece.h"
#include "ledger/stock.h"

static bool add_find(struct sweep_walk *walk, struct entry *entry, struct document *document)
{
    struct work *work = walk->sweep->work;
    struct sweep_find *find = arena_allocate(&work->arena, sizeof *find);
    if (find == NULL) {
        work_run_out(work);
        return false;
    }
    *find = (struct sweep_find){walk->finds, entry, document};
    walk->finds = find;
    return true;
}

/* The entry of what a walk met; NULL: out of memory. */
static struct entry *learn(struct sweep_walk *walk, struct text key, struct text value)
{
    struct entries *entries = &walk->sweep->work->entries;
    struct entry *entry = entries_at(entries, key);
    return entry != NULL && entries_learn(entries, entry, value) ? entry : NULL;
}

/* Decisions before this are not waited for any more. */
static bool is_too_old(const struct work *work, struct text key)
{
    int64_t clock_us;
    uint64_t seed;
    return !key_read_decision(key, &clock_us, &seed) ||
           clock_us / 1000 <= work->now_ms - work->options.reserve_ms;
}

static bool find_promise(struct sweep_walk *walk, struct text key, struct text value)
{
    struct work *work = walk->sweep->work;
    struct entry *entry = is_too_old(work, key) ? learn(walk, key, value) : NULL;
    if (entry == NULL)
        return false;
    if (entry->value.bytes != NULL)
        stock_want(work, stock_promised(entry));
    return add_find(walk, entry, NULL);
}

static bool find_decision(struct sweep_walk *walk, struct text key, struct text value)
{
    struct entry *entry = is_too_old(walk->sweep->work, key) ? learn(walk, key, value) : NULL;
    return entry != NULL && add_find(walk, entry, NULL);
}

static bool find_timer(struct sweep_walk *walk, struct text key, struct text value)
{
    struct work *work = walk->sweep->work;
    int64_t due_ms;
    struct text id;
    struct document *document = NULL;
    bool readable = key_read_timer(key, &due_ms, &id);
    if (readable && due_ms > work->now_ms)
        return false;
    if (readable)
        document = documents_want(&work->documents, id);
    struct entry *entry = learn(walk, key, value);
    return entry != NULL && add_find(walk, entry, document);
}

static bool is_old_event(const struct work *work, const struct entry *event)
{
    return event->value.bytes != NULL && piece_newest_ms(event->value) < work->now_ms - work->options.id_ms;
}

static bool find_ids(struct sweep_walk *walk, struct text key, struct text value)
{
    struct work *work = walk->sweep->work;
    struct entry met = {.value = value};
    if (!is_old_event(work, &met))
        return true;
    struct entry *entry = learn(walk, key, value);
    return entry != NULL && add_find(walk, entry, NULL);
}

/* The walk goes on right behind this key. */
static void note_reached(struct sweep_walk *walk, struct text key)
{
    walk->reached.length = 0;
    if (key.length + 1 > sizeof walk->reached.bytes)
        return;
    memcpy(walk->reached.bytes, key.bytes, key.length);
    walk->reached.bytes[key.length] = 0;
    walk->reached.length = key.length + 1;
}

static bool find_customer(struct sweep_walk *walk, struct text key, struct text value)
{
    struct work *work = walk->sweep->work;
    struct text id;
    char part;
    if (!key_read_customer(key, &id, &part) || part == KEY_TIMER)
        return true;
    if (part == KEY_EVENT)
        return find_ids(walk, key, value);
    if (customer_record_alias(value).bytes != NULL)
        return true;
    struct document *document = documents_want(&work->documents, id);
    return document != NULL && add_find(walk, NULL, document);
}

static bool walk_cb(void *context, struct text key, struct text value)
{
    struct sweep_walk *walk = context;
    if (walk->circles)
        note_reached(walk, key);
    return walk->find(walk, key, value);
}

static void walked_cb(void *context)
{
    struct sweep_walk *walk = context;
    bool bounded = walk->scan->seen == walk->scan->most;
    if (walk->circles && !bounded)
        walk->reached.length = 0;
    else if (!walk->circles)
        walk->sweep->behind |= bounded;
}

static void walk_create(struct sweep *sweep, struct sweep_walk *walk, bool circles,
                        bool (*find)(struct sweep_walk *, struct text, struct text))
{
    *walk = (struct sweep_walk){.sweep = sweep, .find = find, .circles = circles};
}

void sweep_create(struct sweep *sweep, struct work *work)
{
    *sweep = (struct sweep){.work = work};
    walk_create(sweep, &sweep->promises, false, find_promise);
    walk_create(sweep, &sweep->decisions, false, find_decision);
    walk_create(sweep, &sweep->timers, false, find_timer);
    walk_create(sweep, &sweep->customers, true, find_customer);
    key_customers(&sweep->customers.first);
    walk_create(sweep, &sweep->strays, true, find_ids);
    walk_create(sweep, &sweep->ids, true, find_ids);
}

/* Through keys that begin with the prefix. */
static void start_walk(struct sweep_walk *walk, const struct key *prefix, uint32_t most)
{
    struct work *work = walk->sweep->work;
    struct loading_scan *scan = loading_add_scan(&work->loading);
    if (scan == NULL)
        return;
    uint32_t due = walk->circles ? sweep_pace_due(&walk->pace, work->now_ms) : 0;
    scan->prefix = *prefix;
    scan->from = walk->cursor.length > 0 ? walk->cursor : walk->first;
    scan->most = due > most ? due : most;
    scan->entry = walk_cb;
    scan->done = walked_cb;
    scan->context = walk;
    walk->scan = scan;
}

static void start_walk_of(struct sweep_walk *walk, enum key_kind kind, uint32_t most)
{
    struct key prefix;
    key_range(&prefix, kind);
    start_walk(walk, &prefix, most);
}

/* Without a site nobody can say whether a timer still counts: they wait. */
void sweep_collect(struct sweep *sweep, const struct sweep_most *most)
{
    struct key nobody;
    start_walk_of(&sweep->promises, KEY_PROMISE, most->due);
    start_walk_of(&sweep->decisions, KEY_DECISION, most->due);
    if (sweep->work->path.site != NULL)
        start_walk_of(&sweep->timers, KEY_DUE, most->due);
    start_walk_of(&sweep->customers, KEY_CUSTOMER, most->customers);
    key_customer_prefix(&nobody, (struct text){NULL, 0});
    start_walk(&sweep->strays, &nobody, most->strays);
    start_walk_of(&sweep->ids, KEY_IDS, most->ids);
}

static bool is_timer_of(const struct entry *timer, const struct document *document, uint32_t journey)
{
    struct key key;
    int64_t due_ms;
    struct text id;
    if (!key_read_timer(timer->key, &due_ms, &id))
        return false;
    key_timer(&key, due_ms, document->id, document->customer.journeys[journey].journey);
    return text_equal(key_text(&key), timer->key);
}

/* Those who are not silent get another timer: timers_settle() sees that this one rang. */
static void ring(struct work *work, struct entry *timer, struct document *document)
{
    entries_delete(timer);
    if (document == NULL || document->state != DOCUMENT_PRESENT)
        return;
    document->moved = true;
    for (uint32_t i = 0; i < document->customer.journey_count; i++) {
        if (is_timer_of(timer, document, i) &&
            path_drop_if_silent(&work->path, &document->customer, document->customer.journeys[i].journey,
                                work->now_ms))
            document->changed = true;
    }
}

/* How much is remembered of the customer. */
static uint64_t extent(const struct customer *customer)
{
    return (uint64_t)customer->touch_count + customer->moment_count + customer->reservation_count +
           customer->progress_count + customer->offer_count;
}

static void compact(struct work *work, struct document *document)
{
    if (document->state != DOCUMENT_PRESENT)
        return;
    uint64_t before = extent(&document->customer);
    customer_compact(&document->customer, work->now_ms, work->keep_ms, work->options.reserve_ms);
    path_compact(&work->path, &document->customer, work->now_ms, work->keep_ms);
    document->changed |= extent(&document->customer) != before;
    document->moved = true;
}

/* Reservations ascend by time. */
static bool waits_in_vain(const struct work *work, const struct customer *customer)
{
    return customer->reservation_count > 0 &&
           customer->reservations[0].at_ms <= work->now_ms - work->options.reserve_ms;
}

void sweep_changed(struct work *work)
{
    for (struct document *document = work->documents.first; document != NULL; document = document->next) {
        if (document->changed && document->state == DOCUMENT_PRESENT &&
            waits_in_vain(work, &document->customer))
            customer_compact(&document->customer, work->now_ms, work->keep_ms, work->options.reserve_ms);
    }
}

static void apply_in_circle(struct sweep_walk *walk)
{
    struct work *work = walk->sweep->work;
    for (struct sweep_find *find = walk->finds; find != NULL; find = find->next) {
        if (find->document != NULL)
            compact(work, find->document);
        else if (is_old_event(work, find->entry))
            entries_delete(find->entry);
    }
}

void sweep_apply(struct sweep *sweep)
{
    struct work *work = sweep->work;
    for (struct sweep_find *find = sweep->promises.finds; find != NULL; find = find->next)
        stock_release(work, find->entry);
    for (struct sweep_find *find = sweep->decisions.finds; find != NULL; find = find->next)
        entries_delete(find->entry);
    for (struct sweep_find *find = sweep->timers.finds; find != NULL; find = find->next)
        ring(work, find->entry, find->document);
    apply_in_circle(&sweep->customers);
    apply_in_circle(&sweep->strays);
    apply_in_circle(&sweep->ids);
}

static void move_on(struct sweep_walk *walk)
{
    if (walk->scan == NULL)
        return;
    walk->cursor = walk->reached;
    sweep_pace_walked(&walk->pace, walk->sweep->work->now_ms, walk->scan->seen, walk->reached.length == 0);
}

void sweep_succeed(struct sweep *sweep)
{
    move_on(&sweep->customers);
    move_on(&sweep->strays);
    move_on(&sweep->ids);
}

static void clear_walk(struct sweep_walk *walk)
{
    walk->scan = NULL;
    walk->finds = NULL;
    walk->reached.length = 0;
}

void sweep_clear(struct sweep *sweep)
{
    clear_walk(&sweep->promises);
    clear_walk(&sweep->decisions);
    clear_walk(&sweep->timers);
    clear_walk(&sweep->customers);
    clear_walk(&sweep->strays);
    clear_walk(&sweep->ids);
    sweep->behind = false;
}
