/* What the parts of a batch share: its memory, what it has read, the rules, and one step for each command. */
#ifndef SENDA_LEDGER_WORK_H
#define SENDA_LEDGER_WORK_H

#include "ledger/batch.h"
#include "ledger/documents.h"
#include "ledger/loading.h"
#include "ledger/path.h"
#include "model/decision_id.h"

struct work {
    struct arena arena; /* all that lives until batch_clear */
    struct entries entries;
    struct documents documents;
    struct loading loading;
    struct funnel funnel;
    struct day_calendar calendar; /* of the site's time zone; UTC where there is no site */
    struct path path;             /* all of the above; the site may be NULL */
    struct batch_options options;
    int64_t keep_ms; /* of the options, or as long as the site needs */
    int64_t now_ms;
    struct text *erased; /* ids of which nothing is left; in the arena */
    size_t erased_count, erased_room;
};

/* One of the offers that an event is about. Entries are NULL where they are not needed. */
struct touched {
    struct text offer;      /* its id */
    struct text kind;       /* in the site; no bytes: not known */
    bool known;             /* to the site */
    bool stocked;           /* the site says that there is an end of it */
    struct entry *reserved; /* the unit of stock that was promised with the event's decision */
    struct entry *stock;    /* its count */
};

/* One command on its way. Entries are NULL where they are not needed. */
struct step {
    struct command command;
    struct batch_outcome *outcome; /* what became of it; its texts are in the arena */
    struct document *customer;     /* of the id as given; NULL: nobody */
    struct document *anonymous;    /* the other one of COMMAND_IDENTIFY; else NULL */
    struct entry *event;           /* the idempotency key's, of an event without customer */
    struct entry *decision;        /* whose the event's decision was, and what; see decided.h */
    struct decision_id moment;     /* of the event's decision */
    bool has_moment;               /* there is one */
    enum touch_kind touch;         /* what the event is to its offers; TOUCH_KINDS: nothing */
    struct touched *touched;       /* these offers, in the arena */
    uint32_t touched_count;        /* of them; 0: none, or which of them cannot be told */
    bool inferred;                 /* they are its decision's: it names none */
    bool ambiguous;                /* the event names none of the several offers that it may be about */
};

/* Memory ran out: the batch as a whole fails. */
static inline void work_run_out(struct work *work)
{
    work->entries.failed = true;
}

/* A copy in the arena; no bytes where memory ran out. */
struct text work_copy(struct work *work, struct text text);

/* The command failed, alone. */
void step_fail(struct work *work, struct step *step, enum error_code code, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* Whom an id is about; NULL (the step failed) where the record cannot be read. */
struct document *step_canonical(struct work *work, struct step *step, struct document *document);

/* Says where the customer stands on the default journey. */
void step_tell_place(const struct work *work, struct step *step, const struct customer *customer);

/* A record in memory for an id that has none; on no journey yet. */
void work_make_customer(struct work *work, struct document *document, int64_t at_ms);

/* Makes them where they are new, and sees to it that they stand on the default journey. */
void work_meet_customer(struct work *work, struct document *document, int64_t at_ms);

/* Has all keys read that are `id`'s alone, the customer's own or an alias: they hang at the document then. */
void work_scan_own_keys(struct work *work, struct document *document, struct text id);

/* A number that changes when the customer moves on any journey, drops out or comes back. */
uint64_t work_places(const struct customer *customer);

#endif
