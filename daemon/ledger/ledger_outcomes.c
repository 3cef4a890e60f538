/* What became of commands, on its way back to the workers. */
#include "ledger/ledger_internal.h"
#include "ledger/link.h"

/*
 * For all outcomes that a worker may wait for, without their texts, and for the one that it looks at right
 * now; what does not fit behind the end of the ring is wasted.
 */
static size_t kept_free(void)
{
    return (LINK_OPEN_MOST + 2) * ring_space(outcome_size(&(struct outcome){.ticket = 0}));
}

/* Without its words, and if need be without places: that it is done or not is told in any case. */
static void *reserve(struct ring *ring, struct outcome *outcome)
{
    void *room = ring_reserve_leaving(ring, outcome_size(outcome), kept_free());
    if (room != NULL)
        return room;
    outcome->payload = (struct text){NULL, 0};
    room = ring_reserve_leaving(ring, outcome_size(outcome), kept_free());
    if (room != NULL)
        return room;
    outcome->journey = outcome->stage = (struct text){NULL, 0};
    return ring_reserve(ring, outcome_size(outcome));
}

/* There is no room at all only where a worker died and left what nobody waits for any more. */
void ledger_push_outcome(struct ledger *ledger, size_t worker, const struct outcome *outcome)
{
    struct ring *ring = ledger->shared->lanes[worker].outcomes;
    struct outcome told = *outcome;
    void *room = reserve(ring, &told);
    ledger->lanes[worker].answered = true; /* woken even where there is no room: it makes some */
    if (room == NULL)
        return;
    outcome_encode(&told, room);
    ring_commit(ring, outcome_size(&told));
}

/* Nobody is told that something is erased of which the log may still know. */
static void hold_receipt(struct ledger *ledger, const struct batch_outcome *outcome,
                         const struct ledger_erase *erase)
{
    if (!ledger_hold_receipt(ledger, outcome->worker, &outcome->outcome, erase->customer))
        ledger_push_outcome(ledger, outcome->worker,
                            &(struct outcome){.ticket = outcome->outcome.ticket,
                                              .code = ERROR_UNAVAILABLE,
                                              .payload = TEXT("out of memory; try again")});
}

void ledger_push_outcomes(struct ledger *ledger)
{
    size_t count;
    const struct batch_outcome *outcomes = batch_outcomes(ledger->batch, &count);
    const struct ledger_erase *erase = ledger->erases; /* the next one, in the same order */
    for (size_t i = 0; i < count; i++) {
        bool erases = erase != NULL && erase->command == i;
        if (erases && outcomes[i].outcome.code == ERROR_NONE && ledger_may_log_know(ledger))
            hold_receipt(ledger, &outcomes[i], erase);
        else
            ledger_push_outcome(ledger, outcomes[i].worker, &outcomes[i].outcome);
        if (erases)
            erase = erase->next;
    }
}

void ledger_push_written(struct ledger *ledger, size_t worker, uint64_t ticket)
{
    ledger_push_outcome(ledger, worker, &(struct outcome){.ticket = ticket, .accepted = true});
}

/* Why is known to nobody any more, and there is no harm in asking again: nothing was done. */
void ledger_push_refusal(struct ledger *ledger, const struct ledger_refusal *refusal)
{
    struct outcome outcome = {.ticket = refusal->ticket, .code = (enum error_code)refusal->code};
    if (outcome.code != ERROR_NONE)
        outcome.payload = TEXT("it was interrupted before it could say why; send this one again to be told");
    ledger_push_outcome(ledger, refusal->worker, &outcome);
}

void ledger_wake_workers(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->shared->workers; i++) {
        if (ledger->lanes[i].answered)
            shared_wake_worker(ledger->shared, i);
        ledger->lanes[i].answered = false;
    }
}
