/*
 * The phases of a batch.
 *
 * Whatever is needed is asked for first and read between two phases. Commands are taken in segments: one ends
 * where a command needs to know what an earlier one, a join or an erasure, will have left in the store.
 *
 * The store may call back at once or later. So there is one loop, turn(), which goes on while nothing is
 * waited for; a callback that comes while the loop runs only says that it may go on.
 */
#include "ledger/batch.h"

#include <stdlib.h>

#include "ledger/choices.h"
#include "ledger/erase.h"
#include "ledger/join.h"
#include "ledger/known.h"
#include "ledger/known_piece.h"
#include "ledger/profile.h"
#include "ledger/retention.h"
#include "ledger/sweep.h"
#include "ledger/timers.h"
#include "ledger/track.h"
#include "ledger/work.h"

enum {
    ARENA_BLOCK = 1024 * 1024,
    ARENA_MOST = 64 * 1024 * 1024, /* bytes that are kept from one batch to the next */
    FIRST_ROOM = 256,
};

enum phase {
    PHASE_DECISIONS, /* records can be applied */
    PHASE_COLLECT,   /* the next segment of commands can be looked at */
    PHASE_COMMANDS,  /* it can be applied */
    PHASE_SWEEP,     /* all commands are applied */
    PHASE_SETTLE,    /* timers and counters can be brought up to date */
    PHASE_WRITTEN,   /* the store has said yes */
};

struct batch {
    struct work work;
    struct sweep sweep;
    struct step *steps; /* one for each command; owned */
    struct batch_outcome *outcomes;
    size_t step_count, step_room;
    struct choice *choices; /* one for each record; owned */
    size_t choice_count, choice_room;
    size_t segment_begin, segment_end; /* steps of the segment */
    uint32_t sweep_due;                /* entries; 0: no sweep this time */
    uint32_t sweep_round;              /* likewise of each walk that goes round */
    struct buffer encoded;             /* customers' records to be written */
    struct store_write *writes;        /* owned */
    size_t write_room;
    enum phase phase;
    bool running;         /* between batch_run and done */
    bool waiting;         /* for the store */
    bool turning;         /* turn() is at work further up the stack */
    struct error failure; /* code ERROR_NONE: none */
    batch_done_cb done;
    void *context; /* of done */
};

static void turn(struct batch *batch);

static void fail(struct batch *batch, const struct error *error)
{
    if (batch->failure.code == ERROR_NONE)
        batch->failure = *error;
}

static void store_cb(void *context, const struct error *error)
{
    struct batch *batch = context;
    if (error != NULL)
        fail(batch, error);
    batch->waiting = false;
    turn(batch);
}

static void set_calendar(struct batch *batch, const struct snapshot *site)
{
    day_calendar_create(&batch->work.calendar, site == NULL ? TEXT("UTC") : site->time_zone);
}

struct batch *batch_new(struct store *store, const struct batch_options *options)
{
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return NULL;
    struct work *work = &batch->work;
    work->options = *options;
    work->keep_ms = options->keep_ms;
    arena_create(&work->arena, ARENA_BLOCK);
    entries_create(&work->entries, &work->arena);
    documents_create(&work->documents, &work->entries);
    loading_create(&work->loading, store, &work->documents);
    work->loading.next = store_cb;
    work->loading.context = batch;
    funnel_create(&work->funnel);
    work->path = (struct path){NULL, &work->calendar, &work->funnel};
    set_calendar(batch, NULL);
    sweep_create(&batch->sweep, work);
    buffer_create(&batch->encoded);
    return batch;
}

void batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    funnel_destroy(&batch->work.funnel);
    entries_destroy(&batch->work.entries);
    arena_destroy(&batch->work.arena);
    buffer_destroy(&batch->encoded);
    free(batch->steps);
    free(batch->outcomes);
    free(batch->choices);
    free(batch->writes);
    free(batch);
}

void batch_set_site(struct batch *batch, const struct snapshot *site)
{
    batch->work.path.site = site;
    batch->work.keep_ms = retention_of(site, batch->work.options.keep_ms);
    set_calendar(batch, site);
}

static bool grow(void **array, size_t room, size_t element)
{
    void *larger = realloc(*array, room * element);
    if (larger != NULL)
        *array = larger;
    return larger != NULL;
}

static size_t larger_room(size_t room)
{
    return room == 0 ? FIRST_ROOM : room * 2;
}

bool batch_add_record(struct batch *batch, const struct record *record)
{
    if (batch->choice_count == batch->choice_room) {
        size_t room = larger_room(batch->choice_room);
        if (!grow((void **)&batch->choices, room, sizeof *batch->choices))
            return false;
        batch->choice_room = room;
    }
    batch->choices[batch->choice_count++] = (struct choice){.record = *record};
    return true;
}

bool batch_add_command(struct batch *batch, uint32_t worker, uint64_t ticket, const struct command *command)
{
    if (batch->step_count == batch->step_room) {
        size_t room = larger_room(batch->step_room);
        if (!grow((void **)&batch->steps, room, sizeof *batch->steps) ||
            !grow((void **)&batch->outcomes, room, sizeof *batch->outcomes))
            return false;
        batch->step_room = room;
    }
    size_t place = batch->step_count++;
    batch->steps[place] = (struct step){.command = *command, .touch = TOUCH_KINDS};
    batch->outcomes[place] = (struct batch_outcome){worker, {.ticket = ticket}};
    return true;
}

bool batch_put_meta(struct batch *batch, struct text name, struct text value)
{
    struct key key;
    key_meta(&key, name);
    struct entry *entry = entries_at(&batch->work.entries, key_text(&key));
    char *bytes = entries_put(&batch->work.entries, entry, value.length);
    if (bytes != NULL && value.length > 0)
        memcpy(bytes, value.bytes, value.length);
    return bytes != NULL;
}

bool batch_forget(struct batch *batch, struct text id)
{
    erase_forget(&batch->work, id);
    return !batch->work.entries.failed;
}

void batch_add_sweep(struct batch *batch, uint32_t due, uint32_t round)
{
    batch->sweep_due = due;
    batch->sweep_round = round;
}

size_t batch_size(const struct batch *batch)
{
    return batch->step_count + batch->choice_count;
}

/* ---- Collecting ---- */

static bool check_id(struct work *work, struct step *step, const char *field, struct text id, bool due)
{
    if (id.length > CUSTOMER_ID_MOST)
        step_fail(work, step, ERROR_INVALID, "%s: longer than %d bytes", field, CUSTOMER_ID_MOST);
    else if (id.length == 0 && due)
        step_fail(work, step, ERROR_INVALID, "%s: missing", field);
    return step->outcome->outcome.code == ERROR_NONE;
}

static bool check_step(struct work *work, struct step *step)
{
    const struct command *command = &step->command;
    if (command->type == COMMAND_FLUSH)
        return true;
    if (command->type == COMMAND_TRACK && command->name.length == 0) {
        step_fail(work, step, ERROR_INVALID, "event: missing");
        return false;
    }
    return check_id(work, step, "customer", command->customer, command->type != COMMAND_TRACK) &&
           (command->type != COMMAND_IDENTIFY || check_id(work, step, "anonymous", command->id, true));
}

static void begin_step(struct work *work, struct step *step, struct batch_outcome *outcome)
{
    const struct command *command = &step->command;
    step->outcome = outcome;
    if (!check_step(work, step) || (command->type == COMMAND_TRACK && !track_begin(work, step)) ||
        command->customer.length == 0)
        return;
    step->customer = documents_want(&work->documents, command->customer);
    if (command->type == COMMAND_TRACK && command->id.length > 0 && step->customer != NULL)
        known_expect(work, step->customer);
    if (command->type == COMMAND_IDENTIFY)
        step->anonymous = documents_want(&work->documents, command->id);
}

/* Keys under the clock that this decision may add: itself, and what it promises. */
static uint32_t count_due(const struct record *record)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < record->item_count; i++)
        count += record->items[i].stocked;
    return count;
}

static bool is_stray(const struct command *command)
{
    return command->type == COMMAND_TRACK && command->customer.length == 0 && command->id.length > 0;
}

/* Twice what may be added: what is behind catches up. */
static struct sweep_most sweep_bounds(const struct batch *batch)
{
    uint32_t due = (uint32_t)batch->step_count, strays = 0;
    for (size_t i = 0; i < batch->choice_count; i++)
        due += count_due(&batch->choices[i].record);
    for (size_t i = 0; i < batch->step_count; i++)
        strays += is_stray(&batch->steps[i].command);
    return (struct sweep_most){
        .due = batch->sweep_due + 2 * due,
        .customers = batch->sweep_round,
        .strays = batch->sweep_round + 2 * strays,
        .ids = batch->sweep_round + 2 * (uint32_t)batch->step_count / PIECE_IDS,
    };
}

static void begin(struct batch *batch)
{
    for (size_t i = 0; i < batch->choice_count; i++)
        choices_collect(&batch->work, &batch->choices[i]);
    for (size_t i = 0; i < batch->step_count; i++)
        begin_step(&batch->work, &batch->steps[i], &batch->outcomes[i]);
    if (batch->sweep_due > 0) {
        struct sweep_most most = sweep_bounds(batch);
        sweep_collect(&batch->sweep, &most);
    }
}

static bool is_busy(struct document *document)
{
    struct document *canonical = document == NULL ? NULL : document_canonical(document);
    return canonical != NULL && canonical->busy;
}

static void set_busy(struct document *document, bool busy)
{
    struct document *canonical = document == NULL ? NULL : document_canonical(document);
    if (canonical != NULL)
        canonical->busy = busy;
}

/* Joins and erasures change what keys there are; later commands on the same customer look again. */
static bool rearranges(const struct step *step)
{
    return step->command.type == COMMAND_IDENTIFY || step->command.type == COMMAND_ERASE;
}

static void collect_step(struct work *work, struct step *step)
{
    switch (step->command.type) {
    case COMMAND_TRACK:
        track_collect(work, step);
        return;
    case COMMAND_IDENTIFY:
        join_collect(work, step);
        return;
    case COMMAND_ERASE:
        erase_collect(work, step);
        return;
    case COMMAND_SET:
    case COMMAND_RESTRICT:
    case COMMAND_FLUSH:
    case COMMAND_TYPES:
        return;
    }
}

static void collect_segment(struct batch *batch)
{
    size_t place = batch->segment_begin = batch->segment_end;
    for (; place < batch->step_count; place++) {
        struct step *step = &batch->steps[place];
        if (is_busy(step->customer) || is_busy(step->anonymous))
            break;
        if (step->outcome->outcome.code == ERROR_NONE)
            collect_step(&batch->work, step);
        if (rearranges(step)) {
            set_busy(step->customer, true);
            set_busy(step->anonymous, true);
        }
    }
    batch->segment_end = place;
}

/* ---- Applying ---- */

static void apply_step(struct work *work, struct step *step)
{
    switch (step->command.type) {
    case COMMAND_TRACK:
        track_apply(work, step);
        return;
    case COMMAND_IDENTIFY:
        join_apply(work, step);
        return;
    case COMMAND_SET:
        profile_set(work, step);
        return;
    case COMMAND_RESTRICT:
        profile_restrict(work, step);
        return;
    case COMMAND_ERASE:
        erase_apply(work, step);
        return;
    case COMMAND_FLUSH:
        step->outcome->outcome.accepted = true;
        return;
    case COMMAND_TYPES:
        step_fail(work, step, ERROR_INTERNAL, "no such command");
        return;
    }
}

static void apply_decisions(struct batch *batch)
{
    for (size_t i = 0; i < batch->choice_count; i++)
        choices_apply(&batch->work, &batch->choices[i]);
}

/* Who was busy is so no more: what is changed of them from here on is in memory. */
static void apply_segment(struct batch *batch)
{
    for (size_t i = batch->segment_begin; i < batch->segment_end; i++) {
        struct step *step = &batch->steps[i];
        set_busy(step->customer, false);
        set_busy(step->anonymous, false);
        if (step->outcome->outcome.code == ERROR_NONE)
            apply_step(&batch->work, step);
    }
}

static void want_counters(struct batch *batch)
{
    size_t count;
    const struct text *keys = funnel_keys(&batch->work.funnel, &count);
    for (size_t i = 0; keys != NULL && i < count; i++)
        entries_want(&batch->work.entries, keys[i]);
}

static void sweep(struct batch *batch)
{
    if (batch->sweep_due > 0)
        sweep_apply(&batch->sweep);
    timers_collect(&batch->work);
    want_counters(batch);
}

/* ---- Writing ---- */

/* Values of the counters that are touched; NULL: none are, or memory ran out. */
static struct text *counter_values(struct batch *batch, size_t *count)
{
    const struct text *keys = funnel_keys(&batch->work.funnel, count);
    struct text *values = keys == NULL ? NULL : arena_allocate(&batch->work.arena, *count * sizeof *values);
    for (size_t i = 0; values != NULL && i < *count; i++) {
        const struct entry *entry = entries_at(&batch->work.entries, keys[i]);
        values[i] = entry == NULL ? (struct text){NULL, 0} : entry->value;
    }
    if (keys != NULL && values == NULL)
        work_run_out(&batch->work);
    return values;
}

static bool settle_counters(struct batch *batch, const struct store_write **writes, size_t *count)
{
    *count = 0;
    *writes = NULL;
    struct text *values = counter_values(batch, count);
    if (values == NULL)
        return !batch->work.entries.failed && !batch->work.funnel.failed;
    *writes = funnel_settle(&batch->work.funnel, values, NULL);
    return *writes != NULL;
}

static size_t add_writes(struct batch *batch, const struct store_write *counters, size_t count)
{
    size_t length = 0;
    for (const struct entry *entry = batch->work.entries.first; entry != NULL; entry = entry->next) {
        if (entry->changed)
            batch->writes[length++] = (struct store_write){entry->key, entry->value};
    }
    for (size_t i = 0; i < count; i++)
        batch->writes[length++] = counters[i];
    return length;
}

static bool make_room_for_writes(struct batch *batch, size_t count)
{
    if (count <= batch->write_room)
        return true;
    if (!grow((void **)&batch->writes, count * 2, sizeof *batch->writes))
        return false;
    batch->write_room = count * 2;
    return true;
}

static bool settle_outcomes(struct batch *batch)
{
    const struct batch_options *options = &batch->work.options;
    return options->settled == NULL || options->settled(options->context);
}

static void write_all(struct batch *batch)
{
    const struct store_write *counters;
    size_t count;
    timers_settle(&batch->work);
    sweep_changed(&batch->work);
    if (!settle_outcomes(batch) || !settle_counters(batch, &counters, &count) ||
        !documents_encode(&batch->work.documents, &batch->encoded) ||
        !make_room_for_writes(batch, batch->work.entries.count + count)) {
        work_run_out(&batch->work);
        return;
    }
    count = add_writes(batch, counters, count);
    if (count == 0 || batch->work.entries.failed)
        return;
    batch->waiting = true;
    store_write(batch->work.loading.store, batch->writes, count, store_cb, batch);
}

/* ---- The loop ---- */

static void refuse_all(struct batch *batch)
{
    struct text message = text_from(batch->failure.message);
    for (size_t i = 0; i < batch->step_count; i++) {
        uint64_t ticket = batch->outcomes[i].outcome.ticket;
        batch->outcomes[i].outcome =
            (struct outcome){.ticket = ticket, .code = ERROR_UNAVAILABLE, .payload = message};
    }
    batch->work.erased_count = 0;
}

static void finish(struct batch *batch)
{
    bool failed = batch->failure.code != ERROR_NONE;
    batch->running = false;
    if (failed)
        refuse_all(batch);
    else if (batch->sweep_due > 0)
        sweep_succeed(&batch->sweep);
    batch->done(batch->context, failed ? &batch->failure : NULL);
}

/* One phase; everything that it needs has been read. */
static void enter_phase(struct batch *batch)
{
    switch (batch->phase) {
    case PHASE_DECISIONS:
        apply_decisions(batch);
        batch->phase = PHASE_COLLECT;
        return;
    case PHASE_COLLECT:
        collect_segment(batch);
        batch->phase = PHASE_COMMANDS;
        return;
    case PHASE_COMMANDS:
        apply_segment(batch);
        batch->phase = batch->segment_end < batch->step_count ? PHASE_COLLECT : PHASE_SWEEP;
        return;
    case PHASE_SWEEP:
        sweep(batch);
        batch->phase = PHASE_SETTLE;
        return;
    case PHASE_SETTLE:
        batch->phase = PHASE_WRITTEN;
        write_all(batch);
        return;
    case PHASE_WRITTEN:
        finish(batch);
        return;
    }
}

static void check_memory(struct batch *batch)
{
    const struct error error = {ERROR_UNAVAILABLE, "out of memory"};
    if (batch->work.entries.failed || batch->work.funnel.failed || batch->work.calendar.failed)
        fail(batch, &error);
}

static void go_on(struct batch *batch)
{
    check_memory(batch);
    if (batch->failure.code != ERROR_NONE) {
        finish(batch);
        return;
    }
    batch->waiting = true;
    if (loading_start(&batch->work.loading))
        return;
    batch->waiting = false;
    enter_phase(batch);
}

static void turn(struct batch *batch)
{
    if (batch->turning)
        return;
    batch->turning = true;
    while (batch->running && !batch->waiting)
        go_on(batch);
    batch->turning = false;
}

void batch_run(struct batch *batch, int64_t now_ms, batch_done_cb done, void *context)
{
    batch->work.now_ms = now_ms;
    batch->done = done;
    batch->context = context;
    batch->running = true;
    batch->waiting = false;
    batch->phase = PHASE_DECISIONS;
    begin(batch);
    turn(batch);
}

/* ---- Afterwards ---- */

const struct batch_outcome *batch_outcomes(const struct batch *batch, size_t *count)
{
    *count = batch->step_count;
    return batch->outcomes;
}

const struct text *batch_erased(const struct batch *batch, size_t *count)
{
    *count = batch->work.erased_count;
    return batch->work.erased;
}

size_t batch_bytes(const struct batch *batch)
{
    return batch->work.arena.total + batch->encoded.capacity;
}

bool batch_sweep_is_behind(const struct batch *batch)
{
    return batch->sweep.behind;
}

void batch_clear(struct batch *batch)
{
    struct work *work = &batch->work;
    batch->step_count = batch->choice_count = 0;
    batch->segment_begin = batch->segment_end = 0;
    batch->sweep_due = batch->sweep_round = 0;
    batch->failure.code = ERROR_NONE;
    work->calendar.failed = false;
    sweep_clear(&batch->sweep);
    loading_clear(&work->loading);
    documents_clear(&work->documents);
    entries_clear(&work->entries);
    funnel_clear(&work->funnel);
    buffer_clear(&batch->encoded, ARENA_MOST);
    work->erased = NULL;
    work->erased_count = work->erased_room = 0;
    arena_clear_keeping(&work->arena, ARENA_MOST);
}
