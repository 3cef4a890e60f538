/* Sites, situations and answers by chance, small enough that every gate and every tie comes up often. */
#ifndef SENDA_TESTS_DECIDE_RANDOM_BUILDER_H
#define SENDA_TESTS_DECIDE_RANDOM_BUILDER_H

#include "answers_builder.h"
#include "base/random.h"
#include "decide/situation.h"
#include "history_builder.h"
#include "site_builder.h"

/* Moments that dates are made of: 0 … RANDOM_MOMENTS - 1 seconds. */
enum { RANDOM_MOMENTS = 8, RANDOM_MOST_EXCLUDED = 8 };

/* Uniform in 0 … below - 1. */
uint32_t random_pick(struct random_state *random, uint32_t below);

/* True once in `times`. */
bool random_once_in(struct random_state *random, uint32_t times);

/* Not yet finished. */
struct snapshot *random_site(struct random_state *random);

/* `excluded` is where its list goes. */
struct situation random_situation(struct random_state *random, const struct snapshot *site,
                                  uint32_t excluded[RANDOM_MOST_EXCLUDED]);

/* What the situation's customer remembers, if it has one, and what else bounds offers. */
struct random_bounds {
    struct history history;
    uint64_t given[SITE_MOST_OFFERS]; /* of the stock, by offer; UINT64_MAX: cannot be told */
    uint32_t held[2];
    uint64_t claims; /* seed of what others claim */
};
void random_bounds(struct random_state *random, const struct snapshot *site, struct situation *situation,
                   struct random_bounds *bounds);

void random_answers(struct random_state *random, struct answers *answers);

#endif
