/* From the rings into the batch, and giving the rings back. */
#include "base/clock.h"
#include "base/log.h"
#include "decisionlog/log_writer.h"
#include "ledger/ledger_internal.h"

#include <string.h>

enum {
    ARENA_KEPT = 16 * 1024 * 1024, /* bytes that are kept from one batch to the next */
};

/* Nothing but itself is lost when it is skipped, and it can only be there after a fault of memory. */
static void report_damage(const char *what, size_t worker, const struct error *error)
{
    log_error("a record between worker and ledger is damaged, and skipped", LOG_TEXT("what", what),
              LOG_NUMBER("worker", worker), LOG_TEXT("error", error->message));
}

/* Once, also if the store refuses the batch and the decision is taken again. */
static void log_decision(struct ledger *ledger, struct ledger_lane *lane, struct text bytes,
                         uint64_t position)
{
    if (ledger->log != NULL && position > lane->logged)
        log_writer_append(ledger->log, bytes);
    lane->logged = position > lane->logged ? position : lane->logged;
}

/*
 * One that began before its customer was erased would bring back what they were, behind the receipt: from
 * here on it is nobody's. A copy, since what is half overwritten must not be there for the next ledger.
 * False: out of memory.
 */
static bool redact_forgotten(struct ledger *ledger, struct text *bytes)
{
    const struct forgotten *forgotten = ledger->shared->forgotten;
    int64_t now_us = clock_wall_us();
    struct record_key key;
    struct text customer;
    if (!record_read_key(*bytes, &key) || !forgotten_has_any(forgotten, key.clock_us, now_us) ||
        !record_read_customer(*bytes, &customer) || !forgotten_has(forgotten, customer, key.clock_us, now_us))
        return true;
    char *copy = arena_copy(&ledger->arena, bytes->bytes, bytes->length);
    if (copy == NULL)
        return false;
    record_redact(copy, bytes->length);
    bytes->bytes = copy;
    return true;
}

/* `position` is behind it. */
static bool add_decision(struct ledger *ledger, size_t worker, struct text bytes, uint64_t position)
{
    struct error error;
    struct record record;
    if (!redact_forgotten(ledger, &bytes))
        return false;
    if (!record_decode(&record, &ledger->arena, bytes, &error)) {
        if (error.code != ERROR_INVALID) /* memory is out */
            return false;
        report_damage("decision", worker, &error);
        return true;
    }
    if (!batch_add_record(ledger->batch, &record))
        return false;
    ledger->decisions++;
    log_decision(ledger, &ledger->lanes[worker], bytes, position);
    return true;
}

static bool collect_decisions(struct ledger *ledger, size_t worker, uint64_t end)
{
    struct ledger_lane *lane = &ledger->lanes[worker];
    const struct ring *ring = ledger->shared->lanes[worker].decisions;
    uint64_t position = lane->decisions;
    struct text bytes;
    while (ring_read(ring, &position, end, &bytes)) {
        if (!add_decision(ledger, worker, bytes, position))
            return false;
        lane->decisions = position;
    }
    lane->decisions = position;
    return true;
}

/* The log has to forget, too; see ledger_erasure.c. */
static bool note_erase(struct ledger *ledger, const struct command *command)
{
    if (command->type != COMMAND_ERASE)
        return true;
    struct ledger_erase *erase = arena_allocate(&ledger->arena, sizeof *erase);
    if (erase == NULL)
        return false;
    *erase = (struct ledger_erase){NULL, ledger->commands, command->customer};
    if (ledger->erases == NULL)
        ledger->erases = erase;
    else
        ledger->last_erase->next = erase;
    ledger->last_erase = erase;
    return true;
}

/*
 * A command that the store has already is answered once more and not done again: others, which came later,
 * may rest on it by now, so that a second time would undo what they did. Nor is one that was refused: it
 * would come behind those. The log may not have forgotten yet whom the store has.
 */
static bool add_written(struct ledger *ledger, size_t worker, uint64_t ticket, const struct command *command)
{
    const struct command flush = {.type = COMMAND_FLUSH};
    const struct ledger_refusal *refusal = ledger_find_refusal(ledger, worker, ticket);
    if (refusal != NULL || command->type == COMMAND_TRACK) {
        if (refusal != NULL)
            ledger_push_refusal(ledger, refusal);
        else
            ledger_push_written(ledger, worker, ticket);
        return true;
    }
    if (!note_erase(ledger, command) || !batch_add_command(ledger->batch, (uint32_t)worker, ticket, &flush))
        return false;
    ledger->commands++;
    return true;
}

static bool add_command(struct ledger *ledger, size_t worker, struct text bytes, bool written)
{
    struct error error;
    uint64_t ticket;
    struct command command;
    if (bytes.length < sizeof ticket)
        return true;
    memcpy(&ticket, bytes.bytes, sizeof ticket);
    struct text rest = {bytes.bytes + sizeof ticket, bytes.length - sizeof ticket};
    if (!command_decode(&command, rest, &error)) {
        report_damage("command", worker, &error);
        ledger_push_outcome(ledger, worker,
                            &(struct outcome){.ticket = ticket,
                                              .code = ERROR_INTERNAL,
                                              .payload = TEXT("the command was damaged")});
        return true;
    }
    if (written)
        return add_written(ledger, worker, ticket, &command);
    if (!note_erase(ledger, &command) ||
        !batch_add_command(ledger->batch, (uint32_t)worker, ticket, &command))
        return false;
    ledger->commands++;
    return true;
}

/* Until there are `most` in the batch; decisions are bounded by their rings. */
static bool collect_commands(struct ledger *ledger, size_t worker, uint64_t end, uint32_t most)
{
    struct ledger_lane *lane = &ledger->lanes[worker];
    const struct ring *ring = ledger->shared->lanes[worker].commands;
    uint64_t position = lane->commands;
    struct text bytes;
    while (ledger->commands < most && ring_read(ring, &position, end, &bytes)) {
        if (!add_command(ledger, worker, bytes, position <= lane->written))
            return false;
        lane->commands = position;
    }
    if (position == end)
        lane->commands = position;
    return true;
}

/* Each lane its share first, so that none waits for another one; then what is left to whoever has more. */
static bool collect_shares(struct ledger *ledger, const uint64_t *ends)
{
    size_t workers = ledger->shared->workers;
    uint32_t room = ledger->most > ledger->commands ? ledger->most - ledger->commands : 0;
    uint32_t share = room / (uint32_t)workers;
    bool whole = true;
    for (size_t i = 0; whole && i < 2 * workers; i++) {
        size_t lane = (ledger->first + i) % workers;
        uint32_t most = i < workers ? ledger->commands + share : ledger->most;
        whole = collect_commands(ledger, lane, ends[lane], most);
    }
    return whole;
}

/*
 * Whatever led to an event was pushed before it, perhaps by another worker. So the ends of all rings of
 * commands are looked at first, and all decisions are taken after that.
 */
bool ledger_collect(struct ledger *ledger, uint64_t now_ms)
{
    size_t workers = ledger->shared->workers;
    uint64_t *ends = arena_allocate(&ledger->arena, workers * sizeof *ends);
    uint32_t commands = ledger->commands, decisions = ledger->decisions;
    bool whole = ends != NULL;
    for (size_t i = 0; whole && i < workers; i++)
        ends[i] = ring_end(ledger->shared->lanes[i].commands);
    for (size_t i = 0; whole && i < workers; i++)
        whole = collect_decisions(ledger, i, ring_end(ledger->shared->lanes[i].decisions));
    whole = whole && collect_shares(ledger, ends);
    if (commands == 0 && ledger->commands > 0)
        ledger->since_ms = now_ms;
    if (decisions == 0 && ledger->decisions > 0)
        ledger->decided_ms = now_ms;
    return whole;
}

/* What a decision had claimed. */
struct claimed {
    uint32_t places[RECORD_CLAIMS_MOST];
    uint32_t count;
};

static void read_claims(struct text bytes, struct claimed *claimed)
{
    uint32_t count = record_read_claims(bytes, claimed->places);
    claimed->count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (claimed->places[i] < CLAIMS_PLACES)
            claimed->places[claimed->count++] = claimed->places[i];
}

/*
 * One by one, and given back before its claims are settled: whoever dies in between leaves claims that stand
 * until they are healed, which holds something back for a while. The other way round the next ledger would
 * settle them twice, and something might be given twice.
 *
 * Positions are loaded from the store, so the ring may be ahead of what a lane collected.
 */
static void release_decisions(struct ledger *ledger, size_t worker)
{
    struct ring *ring = ledger->shared->lanes[worker].decisions;
    uint64_t position = ring_done(ring), end = ledger->lanes[worker].decisions;
    struct claimed claimed;
    struct text bytes;
    while (ring_read(ring, &position, end, &bytes)) {
        read_claims(bytes, &claimed);
        ring_release(ring, position);
        for (uint32_t i = 0; i < claimed.count; i++)
            claims_settle(ledger->shared->claims, claimed.places[i]);
    }
    ring_release(ring, end);
    ledger->lanes[worker].recorded = end;
}

static void forget(struct ledger *ledger)
{
    batch_clear(ledger->batch);
    arena_clear_keeping(&ledger->arena, ARENA_KEPT);
    ledger->erases = NULL;
    ledger->first++;
    ledger->commands = ledger->decisions = 0;
}

void ledger_release(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->shared->workers; i++) {
        release_decisions(ledger, i);
        ring_release(ledger->shared->lanes[i].commands, ledger->lanes[i].commands);
    }
    forget(ledger);
}

void ledger_take_back(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->shared->workers; i++) {
        ring_release(ledger->shared->lanes[i].commands, ledger->lanes[i].commands);
        ledger->lanes[i].decisions = ledger->lanes[i].recorded;
    }
    forget(ledger);
}
