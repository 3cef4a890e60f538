/* What deciding needs of the strategies' functions, whatever language they are written in. */
#ifndef SENDA_DECIDE_HOOKS_H
#define SENDA_DECIDE_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum hooks_result {
    HOOKS_DONE,
    HOOKS_FAILED,   /* an error in the strategy, already reported to the operator */
    HOOKS_DEADLINE, /* it took too long, already reported */
};

/* One strategy's look at the candidates. */
struct hooks_call {
    uint32_t strategy;      /* its number */
    const uint32_t *offers; /* candidates: numbers of offers, best first */
    uint32_t count;         /* of those */
    uint32_t wanted;        /* without a score function it may stop after so many fit */
    bool applies;           /* out: what `when` said */
    double *scores;         /* out, `count`: below 0 does not fit, NAN not looked at */
};

struct hooks {
    void *context;
    enum hooks_result (*evaluate)(void *context, struct hooks_call *call);
    /* The reason given for candidate `i` of the last call, no bytes where there is none; valid until the
     * next. */
    struct text (*reason)(void *context, uint32_t i);
};

#endif
