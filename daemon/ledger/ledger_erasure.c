/*
 * Erasing goes on in the log of decisions after the store has forgotten the customer: a step at a time,
 * between batches. The receipt is handed out when nothing is left in either.
 *
 * Until then the store has notes of the ids, written with the erasure itself: a ledger that dies is followed
 * by one that goes on, and where the log refuses, the next erasure takes the ids along. The last step is the
 * batch that takes the notes away.
 */
#include "ledger/ledger_internal.h"

#include <stdlib.h>

#include "base/log.h"
#include "decisionlog/log_redaction.h"
#include "ledger/keys.h"

enum {
    STEP_BYTES = 4 << 20, /* of the log, looked at in one step */
    TRIES_MOST = 3,       /* of going through the log, before it is given up for now */
};

/* One customer's erasure. */
struct ledger_erasure {
    struct ledger_erasure *next; /* owned */
    struct log_redaction redaction;
    size_t worker;          /* who waits for the receipt */
    bool awaited;           /* somebody does */
    struct outcome receipt; /* its texts are in `bytes` */
    struct buffer bytes;    /* owned */
    struct text *ids;       /* owned, and their bytes */
    size_t id_count, id_room;
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

static bool make_room(struct ledger_erasure *erasure)
{
    size_t room = erasure->id_room == 0 ? 8 : 2 * erasure->id_room;
    if (erasure->id_count < erasure->id_room)
        return true;
    struct text *ids = realloc(erasure->ids, room * sizeof *ids);
    if (ids == NULL)
        return false;
    erasure->ids = ids;
    erasure->id_room = room;
    return true;
}

static bool copy_id(struct ledger_erasure *erasure, struct text id)
{
    char *copy = make_room(erasure) ? malloc(id.length) : NULL;
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
    if (!copy_id(erasure, asked))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!copy_id(erasure, erased[i]))
            return false;
    return true;
}

/* ---- Notes in the store ---- */

struct reading {
    struct ledger_erasure *erasure;
    struct error *error; /* may be NULL */
    bool whole;          /* out */
    bool over;           /* out: the store has answered */
};

static bool note_cb(void *context, struct text key, struct text value)
{
    struct reading *reading = context;
    struct text id;
    (void)value;
    reading->whole = !key_read_forget(key, &id) || copy_id(reading->erasure, id);
    return reading->whole;
}

static void notes_cb(void *context, const struct error *error)
{
    struct reading *reading = context;
    reading->over = error == NULL;
    if (error != NULL && reading->error != NULL)
        *reading->error = *error;
}

/* Adds the ids of all that was erased and not yet forgotten by the log. */
static bool add_noted(struct ledger *ledger, struct ledger_erasure *erasure, struct error *error)
{
    struct reading reading = {erasure, error, true, false};
    struct key key;
    key_range(&key, KEY_FORGET);
    error_set(error, ERROR_UNAVAILABLE, "the store does not answer");
    store_scan(ledger->store, (struct text){NULL, 0}, key_text(&key), SIZE_MAX, note_cb, notes_cb, &reading);
    return reading.over &&
           (reading.whole || error_set(error, ERROR_INTERNAL, "out of memory for an erasure"));
}

static void free_erasures(struct ledger_erasure **erasures)
{
    while (*erasures != NULL) {
        struct ledger_erasure *erasure = *erasures;
        *erasures = erasure->next;
        free_erasure(erasure);
    }
}

/* ---- Receipts ---- */

static bool copy_receipt(struct ledger_erasure *erasure, const struct outcome *outcome)
{
    size_t size = outcome_size(outcome);
    char *bytes = buffer_extend(&erasure->bytes, size);
    if (bytes == NULL)
        return false;
    outcome_encode(outcome, bytes);
    return outcome_decode(&erasure->receipt, (struct text){bytes, size}, NULL);
}

static void append(struct ledger *ledger, struct ledger_erasure *erasure)
{
    struct ledger_erasure **end = &ledger->erasures;
    while (*end != NULL)
        end = &(*end)->next;
    *end = erasure;
}

bool ledger_hold_receipt(struct ledger *ledger, size_t worker, const struct outcome *outcome,
                         struct text customer)
{
    struct ledger_erasure *erasure = calloc(1, sizeof *erasure);
    if (erasure == NULL)
        return false;
    erasure->worker = worker;
    erasure->awaited = true;
    if (!copy_receipt(erasure, outcome) || !copy_ids(erasure, ledger, customer)) {
        free_erasure(erasure);
        return false;
    }
    append(ledger, erasure);
    return true;
}

bool ledger_resume_erasures(struct ledger *ledger, struct error *error)
{
    if (ledger->log == NULL)
        return true;
    struct ledger_erasure *erasure = calloc(1, sizeof *erasure);
    if (erasure == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    bool read = add_noted(ledger, erasure, error);
    if (read && erasure->id_count > 0)
        append(ledger, erasure);
    else
        free_erasure(erasure);
    return read;
}

/* The receipt, or an error in its place; once. */
static void hand_out(struct ledger *ledger, struct ledger_erasure *erasure, enum error_code code,
                     struct text message)
{
    struct outcome refusal = {.ticket = erasure->receipt.ticket, .code = code, .payload = message};
    if (erasure->awaited)
        ledger_push_outcome(ledger, erasure->worker, code == ERROR_NONE ? &erasure->receipt : &refusal);
    erasure->awaited = false;
}

/* The receipt comes with the end of the notes: they name who was erased, too. */
static void finish(struct ledger *ledger)
{
    struct ledger_erasure *erasure = ledger->erasures;
    ledger->owes = false;
    ledger->erasures = erasure->next;
    erasure->next = ledger->erased;
    ledger->erased = erasure;
}

/* The ids stay noted. */
static void give_up(struct ledger *ledger)
{
    struct ledger_erasure *erasure = ledger->erasures;
    hand_out(ledger, erasure, ERROR_UNAVAILABLE,
             TEXT("erased from the store, but not yet from the log of decisions; try again"));
    ledger_wake_workers(ledger);
    ledger->owes = true;
    ledger->erasures = erasure->next;
    free_erasure(erasure);
}

static bool is_pending(const struct ledger *ledger, struct text id)
{
    for (const struct ledger_erasure *erasure = ledger->erasures; erasure != NULL; erasure = erasure->next)
        for (size_t i = 0; i < erasure->id_count; i++)
            if (text_equal(erasure->ids[i], id))
                return true;
    return false;
}

/* Where memory is out, so it is for the batch. */
void ledger_put_erased(struct ledger *ledger)
{
    bool whole = true;
    for (struct ledger_erasure *erasure = ledger->erased; erasure != NULL; erasure = erasure->next)
        for (size_t i = 0; whole && i < erasure->id_count; i++)
            whole = is_pending(ledger, erasure->ids[i]) || batch_forget(ledger->batch, erasure->ids[i]);
    ledger->settles_erased = ledger->erased != NULL;
}

void ledger_settle_erased(struct ledger *ledger, bool written)
{
    if (!ledger->settles_erased)
        return;
    for (struct ledger_erasure *erasure = ledger->erased; erasure != NULL; erasure = erasure->next)
        hand_out(ledger, erasure, written ? ERROR_NONE : ERROR_UNAVAILABLE,
                 TEXT("erased, but for the note of it; try again"));
    if (written)
        free_erasures(&ledger->erased);
    ledger->settles_erased = false;
}

static bool begin(struct ledger *ledger, struct ledger_erasure *erasure, struct error *error)
{
    if (ledger->owes && !add_noted(ledger, erasure, error))
        return false;
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
        give_up(ledger);
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
        finish(ledger);
        break;
    case LOG_REDACTION_FAILED:
        fail(ledger, &error);
        break;
    }
}

void ledger_forget_erasures(struct ledger *ledger)
{
    free_erasures(&ledger->erasures);
    free_erasures(&ledger->erased);
}
