/*
 * Erasing goes on in the log of decisions after the store has forgotten the customer: a step at a time,
 * between batches. The receipt is handed out when nothing is left in either.
 */
#include "ledger/ledger_internal.h"

#include <stdlib.h>

#include "base/log.h"
#include "ledger/log_redaction.h"

enum {
    STEP_BYTES = 4 << 20, /* of the log, looked at in one step */
    TRIES_MOST = 3,       /* of going through the log, before it is given up for now */
};

/* One customer's erasure. */
struct ledger_erasure {
    struct ledger_erasure *next; /* owned */
    struct log_redaction redaction;
    size_t worker;          /* who waits for the receipt */
    struct outcome receipt; /* its texts are in `bytes` */
    struct buffer bytes;    /* owned */
    struct text *ids;       /* owned, and their bytes */
    size_t id_count;
    uint32_t tries;
    bool begun;
};

static void free_erasure(struct ledger_erasure *erasure)
{
    if (erasure->begun)
        log_redaction_destroy(&erasure->redaction);
    for (size_t i = 0; i < erasure->id_count; i++)
        free((char *)erasure->ids[i].bytes);
    free(erasure->ids);
    buffer_destroy(&erasure->bytes);
    free(erasure);
}

static bool copy_id(struct ledger_erasure *erasure, struct text id)
{
    char *copy = malloc(id.length);
    if (copy == NULL)
        return false;
    memcpy(copy, id.bytes, id.length);
    erasure->ids[erasure->id_count++] = (struct text){copy, id.length};
    return true;
}

/* All that the batch erased, and the id that was asked for, which the store may not have known any more. */
static bool copy_ids(struct ledger_erasure *erasure, const struct ledger *ledger, struct text asked)
{
    size_t count;
    const struct text *erased = batch_erased(ledger->batch, &count);
    erasure->ids = calloc(count + 1, sizeof *erasure->ids);
    if (erasure->ids == NULL || !copy_id(erasure, asked))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!copy_id(erasure, erased[i]))
            return false;
    return true;
}

static bool copy_receipt(struct ledger_erasure *erasure, const struct outcome *outcome)
{
    size_t size = outcome_size(outcome);
    char *bytes = buffer_extend(&erasure->bytes, size);
    if (bytes == NULL)
        return false;
    outcome_encode(outcome, bytes);
    return outcome_decode(&erasure->receipt, (struct text){bytes, size}, NULL);
}

bool ledger_hold_receipt(struct ledger *ledger, size_t worker, const struct outcome *outcome,
                         struct text customer)
{
    struct ledger_erasure *erasure = calloc(1, sizeof *erasure);
    struct ledger_erasure **end = &ledger->erasures;
    if (erasure == NULL)
        return false;
    erasure->worker = worker;
    if (!copy_receipt(erasure, outcome) || !copy_ids(erasure, ledger, customer)) {
        free_erasure(erasure);
        return false;
    }
    while (*end != NULL)
        end = &(*end)->next;
    *end = erasure;
    return true;
}

/* The first one's receipt, or the error in its place. */
static void hand_out(struct ledger *ledger, enum error_code code, struct text message)
{
    struct ledger_erasure *erasure = ledger->erasures;
    struct outcome refusal = {.ticket = erasure->receipt.ticket, .code = code, .payload = message};
    ledger_push_outcome(ledger, erasure->worker, code == ERROR_NONE ? &erasure->receipt : &refusal);
    ledger->erasures = erasure->next;
    free_erasure(erasure);
    ledger_wake_workers(ledger);
}

static bool begin(struct ledger *ledger, struct ledger_erasure *erasure, struct error *error)
{
    erasure->begun =
        log_redaction_create(&erasure->redaction, ledger->log, erasure->ids, erasure->id_count, error);
    return erasure->begun;
}

static void fail(struct ledger *ledger, const struct error *error)
{
    struct ledger_erasure *erasure = ledger->erasures;
    if (erasure->begun)
        log_redaction_destroy(&erasure->redaction);
    erasure->begun = false;
    log_error("the log of decisions can't be erased from", LOG_TEXT("error", error->message));
    if (++erasure->tries == TRIES_MOST)
        hand_out(ledger, ERROR_UNAVAILABLE,
                 TEXT("erased from the store, but not yet from the log of decisions; try again"));
}

void ledger_erase_on(struct ledger *ledger)
{
    struct ledger_erasure *erasure = ledger->erasures;
    struct error error;
    if (!erasure->begun && !begin(ledger, erasure, &error)) {
        fail(ledger, &error);
        return;
    }
    switch (log_redaction_step(&erasure->redaction, STEP_BYTES, &error)) {
    case LOG_REDACTION_MORE:
        break;
    case LOG_REDACTION_DONE:
        hand_out(ledger, ERROR_NONE, (struct text){NULL, 0});
        break;
    case LOG_REDACTION_FAILED:
        fail(ledger, &error);
        break;
    }
}

void ledger_forget_erasures(struct ledger *ledger)
{
    while (ledger->erasures != NULL) {
        struct ledger_erasure *erasure = ledger->erasures;
        ledger->erasures = erasure->next;
        free_erasure(erasure);
    }
}
