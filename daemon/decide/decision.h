/* What was decided: the items, why, and on request what stopped every other offer. */
#ifndef SENDA_DECIDE_DECISION_H
#define SENDA_DECIDE_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { DECISION_ITEMS_MAX = 50 };

/* name on the wire (NULL: none) */
#define DECISION_FALLBACKS(X)                                                                                \
    X(NONE, NULL)                                                                                            \
    X(NO_OFFER_FITS, "no_offer_fits")                                                                        \
    X(STRATEGY_ERROR, "strategy_error")                                                                      \
    X(DEADLINE, "deadline")                                                                                  \
    X(STORE_UNAVAILABLE, "store_unavailable")                                                                \
    X(RESTRICTED, "restricted")

enum decision_fallback {
#define X(name, wire) DECISION_FALLBACK_##name,
    DECISION_FALLBACKS(X)
#undef X
};

/* The gates in the order in which they are passed; name on the wire (NULL: chosen). */
#define DECISION_GATES(X)                                                                                    \
    X(CHOSEN, NULL)                                                                                          \
    X(PLACEMENT, "placement")                                                                                \
    X(STAGE, "stage")                                                                                        \
    X(PERSONA, "persona")                                                                                    \
    X(LOCALE, "locale")                                                                                      \
    X(DATES, "dates")                                                                                        \
    X(CONSENT, "consent")                                                                                    \
    X(LIMIT, "limit")                                                                                        \
    X(STOCK, "stock")                                                                                        \
    X(RESTED, "rested")                                                                                      \
    X(EXCLUDED, "excluded")                                                                                  \
    X(STRATEGY, "strategy")                                                                                  \
    X(RANK, "rank")

enum decision_gate {
#define X(name, wire) DECISION_GATE_##name,
    DECISION_GATES(X)
#undef X
};

struct decision_item {
    uint32_t offer;      /* number */
    uint32_t strategy;   /* number of the one that chose it, or SNAPSHOT_NONE */
    double score;        /* priority: propensity × value × levers × the strategy's score */
    double propensity;   /* probability that exactly this was chosen, after all gates */
    bool fallback;       /* shown because nothing better filled the slot */
    struct text because; /* for a person; may have no bytes */
};

/* A candidate, and how far it came: for the log. */
struct decision_note {
    uint32_t offer;          /* number */
    enum decision_gate gate; /* LIMIT, STOCK, RESTED, STRATEGY, RANK or CHOSEN */
    double score;            /* 0 where it was stopped before that was known */
};

struct decision_trace {
    uint32_t offer;          /* number */
    enum decision_gate gate; /* the first that stopped it */
    double score;            /* as above; 0 where it was stopped before that was known */
    double propensity;       /* 0 where it was not chosen */
    struct text because;     /* never without bytes */
};

struct decision {
    struct decision_item items[DECISION_ITEMS_MAX]; /* best first */
    uint32_t count;
    enum decision_fallback fallback;
    uint32_t strategy;                 /* the one that filled the first slot, or SNAPSHOT_NONE */
    struct text because;               /* why there is no item, or only a fallback; no bytes otherwise */
    const struct decision_note *notes; /* of all candidates; the decider's, until the next decision */
    uint32_t note_count;
    struct decision_trace *traces; /* in the decider's arena; NULL unless asked for */
    uint32_t trace_count;
};

const char *decision_fallback_name(enum decision_fallback fallback);
/* "unknown" for what is no gate of this program. */
const char *decision_gate_name(enum decision_gate gate);

#endif
