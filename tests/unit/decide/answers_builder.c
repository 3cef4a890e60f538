/* Answering from tables; see answers_builder.h. */
#include "answers_builder.h"

#include <math.h>
#include <stdlib.h>

#include "../cmocka_all.h"

struct answers *answers_new(const struct snapshot *site)
{
    struct answers *answers = calloc(1, sizeof *answers);
    assert_non_null(answers);
    assert_true(site->strategy_count <= ANSWERS_MOST);
    answers->site = site;
    for (uint32_t i = 0; i < ANSWERS_MOST; i++) {
        answers->by_strategy[i].applies = true;
        for (uint32_t j = 0; j < SITE_MOST_OFFERS; j++)
            answers->by_strategy[i].scores[j] = 1.0;
    }
    return answers;
}

static void remember(struct answers *answers, const struct hooks_call *call)
{
    assert_true(answers->asked_count < ANSWERS_MOST);
    answers->asked[answers->asked_count++] = (struct asking){call->strategy, call->count, call->wanted};
    answers->last_strategy = call->strategy;
    memcpy(answers->last_offers, call->offers, call->count * sizeof *call->offers);
}

static enum hooks_result evaluate(void *context, struct hooks_call *call)
{
    struct answers *answers = context;
    const struct answer *answer = &answers->by_strategy[call->strategy];
    bool may_stop = !answers->site->strategies[call->strategy].has_score;
    uint32_t fitting = 0;
    remember(answers, call);
    call->applies = answer->applies;
    for (uint32_t i = 0; answer->applies && i < call->count; i++) {
        bool looked = !may_stop || fitting < call->wanted;
        call->scores[i] = looked ? answer->scores[call->offers[i]] : (double)NAN;
        fitting += call->scores[i] >= 0.0;
    }
    return answer->result;
}

static struct text reason(void *context, uint32_t i)
{
    const struct answers *answers = context;
    return text_from(answers->by_strategy[answers->last_strategy].reasons[answers->last_offers[i]]);
}

struct hooks answers_hooks(struct answers *answers)
{
    return (struct hooks){answers, evaluate, reason};
}

void answers_forget(struct answers *answers)
{
    answers->asked_count = 0;
}
