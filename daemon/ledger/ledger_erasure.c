/*
 * Erasing goes on in the log of decisions after the store has forgotten the customers: a step at a time,
 * between batches. Receipts are handed out when nothing is left in either.
 *
 * All that is erased while one erasure goes through the log waits for the next one together, so that the log
 * is gone through once for all of them, however many there are.
 *
 * Until then the store has notes of the ids, written with the erasure itself: a ledger that dies is followed
 * by one that goes on, and where the log refuses, the next erasure takes the ids along. The last step is the
 * batch that takes the notes away.
 */
#include "ledger/ledger_internal.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text_set.h"
#include "decisionlog/log_folder.h"
#include "decisionlog/log_redaction.h"
#include "ledger/keys.h"

enum {
    STEP_BYTES = 4 << 20, /* of the log, looked at in one step */
    TRIES_MOST = 3,       /* of going through the log, before it is given up for now */
};

/* Somebody waits for it. */
struct receipt {
    struct receipt *next;   /* the one asked for after it; owned; NULL: the last */
    size_t worker;          /* whose client waits */
    struct outcome outcome; /* its texts are in `bytes` */
    char bytes[];           /* as it was encoded */
};

/* One way through the log. */
struct ledger_erasure {
    struct ledger_erasure *next; /* owned */
    struct log_redaction redaction;
    struct text_set ids;                     /* of all customers */
    struct receipt *receipts, *last_receipt; /* in the order of being asked for; owned; NULL: none */
    uint32_t tries;                          /* that failed */
    bool begun;                              /* there is a redaction */
};

static void free_receipts(struct ledger_erasure *erasure)
{
    while (erasure->receipts != NULL) {
        struct receipt *receipt = erasure->receipts;
        erasure->receipts = receipt->next;
        free(receipt);
    }
}

static struct ledger_erasure *new_erasure(void)
{
    struct ledger_erasure *erasure = calloc(1, sizeof *erasure);
    if (erasure != NULL)
        text_set_create(&erasure->ids);
    return erasure;
}

static void free_erasure(struct ledger_erasure *erasure)
{
    if (erasure->begun)
        log_redaction_destroy(&erasure->redaction);
    free_receipts(erasure);
    text_set_destroy(&erasure->ids);
    free(erasure);
}

static void free_erasures(struct ledger_erasure **erasures)
{
    while (*erasures != NULL) {
        struct ledger_erasure *erasure = *erasures;
        *erasures = erasure->next;
        free_erasure(erasure);
    }
}

static void append(struct ledger *ledger, struct ledger_erasure *erasure)
{
    struct ledger_erasure **end = &ledger->erasures;
    while (*end != NULL)
        end = &(*end)->next;
    *end = erasure;
}

/* The last one, if it has not set out yet, or a new one. So there hardly ever are more than two. */
static struct ledger_erasure *next_erasure(struct ledger *ledger)
{
    struct ledger_erasure *last = ledger->erasures;
    while (last != NULL && last->next != NULL)
        last = last->next;
    if (last != NULL && !last->begun && last->tries == 0)
        return last;
    last = new_erasure();
    if (last != NULL)
        append(ledger, last);
    return last;
}

/* What is left of an earlier log nobody reads any more, but somebody may later. */
bool ledger_may_log_know(const struct ledger *ledger)
{
    return ledger->log != NULL || ledger->options.log_left;
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
    reading->whole = !key_read_forget(key, &id) || text_set_add(&reading->erasure->ids, id);
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

static void note_ids(struct ledger *ledger, const struct text *ids, size_t count)
{
    int64_t now_us = clock_wall_us();
    for (size_t i = 0; i < count; i++)
        forgotten_note(ledger->shared->forgotten, ids[i], now_us);
}

/* Where nothing is left of the log, it has forgotten. */
static void take_noted(struct ledger *ledger, struct ledger_erasure *noted)
{
    note_ids(ledger, noted->ids.texts, noted->ids.count);
    ledger->renews = true;
    if (ledger_may_log_know(ledger)) {
        append(ledger, noted);
        return;
    }
    noted->next = ledger->erased;
    ledger->erased = noted;
}

bool ledger_resume_erasures(struct ledger *ledger, struct error *error)
{
    struct ledger_erasure *noted = new_erasure();
    if (noted == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    bool read = add_noted(ledger, noted, error);
    if (read && noted->ids.count > 0)
        take_noted(ledger, noted);
    else
        free_erasure(noted);
    return read;
}

void ledger_note_forgotten(struct ledger *ledger)
{
    size_t count;
    const struct text *erased = batch_erased(ledger->batch, &count);
    if (count > 0)
        note_ids(ledger, erased, count);
}

/* As long as a process may stand still and live, so long may a decision of its be under way. */
void ledger_settle_forgotten(struct ledger *ledger)
{
    struct forgotten *forgotten = ledger->shared->forgotten;
    if (forgotten->latest_us > 0) /* somebody was erased */
        forgotten_settle(forgotten, clock_wall_us(), (int64_t)ledger->options.heal_ms * 1000);
}

/* ---- Receipts ---- */

/* All that the batch erased, once for all of its receipts. NULL: out of memory. */
static struct ledger_erasure *hold(struct ledger *ledger)
{
    size_t count;
    const struct text *erased = batch_erased(ledger->batch, &count);
    struct ledger_erasure *erasure = ledger->holding != NULL ? ledger->holding : next_erasure(ledger);
    for (size_t i = 0; ledger->holding == NULL && erasure != NULL && i < count; i++)
        if (!text_set_add(&erasure->ids, erased[i]))
            return NULL;
    return ledger->holding = erasure;
}

static bool add_receipt(struct ledger_erasure *erasure, size_t worker, const struct outcome *outcome)
{
    size_t size = outcome_size(outcome);
    struct receipt *receipt = malloc(sizeof *receipt + size);
    if (receipt == NULL)
        return false;
    *receipt = (struct receipt){.worker = worker};
    outcome_encode(outcome, receipt->bytes);
    if (!outcome_decode(&receipt->outcome, (struct text){receipt->bytes, size}, NULL)) {
        free(receipt);
        return false;
    }
    if (erasure->receipts == NULL)
        erasure->receipts = receipt;
    else
        erasure->last_receipt->next = receipt;
    erasure->last_receipt = receipt;
    return true;
}

/* With the id that was asked for, which the store may not have known any more. */
bool ledger_hold_receipt(struct ledger *ledger, size_t worker, const struct outcome *outcome,
                         struct text customer)
{
    struct ledger_erasure *erasure = hold(ledger);
    if (erasure != NULL && text_set_add(&erasure->ids, customer) && add_receipt(erasure, worker, outcome))
        return true;
    ledger->owes = true; /* the store has its note */
    return false;
}

/* Receipts, or an error in their place; once. */
static void hand_out(struct ledger *ledger, struct ledger_erasure *erasure, enum error_code code,
                     struct text message)
{
    for (const struct receipt *receipt = erasure->receipts; receipt != NULL; receipt = receipt->next) {
        struct outcome refusal = {.ticket = receipt->outcome.ticket, .code = code, .payload = message};
        ledger_push_outcome(ledger, receipt->worker, code == ERROR_NONE ? &receipt->outcome : &refusal);
    }
    free_receipts(erasure);
}

/* The receipt comes with the end of the notes: they name who was erased, too. */
static void finish(struct ledger *ledger)
{
    struct ledger_erasure *erasure = ledger->erasures;
    ledger->renews = false;
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
        if (text_set_has(&erasure->ids, id))
            return true;
    return false;
}

/* Where memory is out, so it is for the batch. */
void ledger_put_erased(struct ledger *ledger)
{
    bool whole = true;
    for (struct ledger_erasure *erasure = ledger->erased; erasure != NULL; erasure = erasure->next)
        for (size_t i = 0; whole && i < erasure->ids.count; i++)
            whole = is_pending(ledger, erasure->ids.texts[i]) ||
                    batch_forget(ledger->batch, erasure->ids.texts[i]);
    ledger->settles_erased = ledger->erased != NULL;
}

void ledger_settle_erased(struct ledger *ledger, bool written)
{
    ledger->holding = NULL;
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
    ledger->owes = false;
    erasure->begun =
        log_redaction_create(&erasure->redaction, ledger->log, erasure->ids.texts, erasure->ids.count, error);
    if (erasure->begun && ledger->renews)
        log_redaction_renew(&erasure->redaction);
    return erasure->begun;
}

static void fail(struct ledger *ledger, const struct error *error)
{
    struct ledger_erasure *erasure = ledger->erasures;
    if (erasure->begun)
        log_redaction_destroy(&erasure->redaction);
    erasure->begun = false;
    ledger->renews = true;
    log_error("the log of decisions can't be erased from", LOG_TEXT("error", error->message));
    if (++erasure->tries == TRIES_MOST)
        give_up(ledger);
}

/* Without a log all that is left of an earlier one has to go. */
static enum log_redaction_state delete_left(const struct ledger *ledger, struct error *error)
{
    size_t deleted;
    bool gone = log_folder_clear(ledger->options.log_directory, &deleted, error);
    if (deleted > 0)
        log_notice("decisions that were logged before are deleted, since log_bytes is 0",
                   LOG_NUMBER("segments", deleted));
    return gone ? LOG_REDACTION_DONE : LOG_REDACTION_FAILED;
}

static enum log_redaction_state take_step(struct ledger *ledger, struct error *error)
{
    struct ledger_erasure *erasure = ledger->erasures;
    if (!erasure->begun && !begin(ledger, erasure, error))
        return LOG_REDACTION_FAILED;
    return ledger->log != NULL ? log_redaction_step(&erasure->redaction, STEP_BYTES, error)
                               : delete_left(ledger, error);
}

void ledger_erase_on(struct ledger *ledger)
{
    struct error error;
    switch (take_step(ledger, &error)) {
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
