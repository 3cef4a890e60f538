/* One's own turn: which file to change, how to load it, how to ask; and what changed. */
#ifndef SENDA_CTL_DEMO_TURN_H
#define SENDA_CTL_DEMO_TURN_H

#include "ctl/ask_request.h"
#include "ctl/demo.h"

struct demo_turn {
    struct ask_request ask; /* the question that people are given to type; texts are below */
    char customer[32];      /* text of the question */
    char placement[256];    /* text of the question */
    char decision[160];     /* one that was taken for that customer; "": none */
    char version[64];       /* of the site that answered last; "": none yet */
    senda_request *request; /* the question as a dry run; owned */
};

/* For a customer who was shown something there by that decision. False: memory is out. */
MUST_CHECK bool demo_turn_create(struct demo_turn *turn, const char *customer, struct text placement,
                                 const char *decision);
void demo_turn_destroy(struct demo_turn *turn);

/* The steps. `result`: what the question is answered now. */
void demo_turn_write(const struct demo *demo, struct demo_turn *turn, const senda_value *result);

/* Shows the answer where another version of the site gave it than the last time. */
void demo_turn_compare(const struct demo *demo, struct demo_turn *turn, const senda_value *result);

#endif
