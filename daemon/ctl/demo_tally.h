/* Counts what the demo's visitors were answered. */
#ifndef SENDA_CTL_DEMO_TALLY_H
#define SENDA_CTL_DEMO_TALLY_H

#include "ctl/histogram.h"
#include "senda/client.h"

enum { DEMO_NAME = 128 }; /* bytes of a name that is counted by; longer ones are cut */

/* Decisions of one stage whose first item is of one kind. */
struct demo_row {
    char stage[DEMO_NAME];
    char kind[DEMO_NAME];  /* "": nothing was shown */
    uint64_t count;        /* decisions */
    uint64_t fallbacks;    /* of these, because nothing better could be decided */
    size_t example_number; /* the lowest number of a visitor among them */
    senda_reply *example;  /* what that visitor was answered; a reference of ours */
};

/* Decisions that fell back for one reason at one stage and placement. */
struct demo_fall {
    char reason[DEMO_NAME];
    char stage[DEMO_NAME];
    char placement[DEMO_NAME];
    uint64_t count; /* decisions */
};

struct demo_tally {
    struct demo_row *rows;      /* owned */
    size_t row_count;           /* rows */
    struct demo_fall *falls;    /* owned */
    size_t fall_count;          /* reasons at places */
    uint64_t answered;          /* decisions */
    uint64_t failed;            /* errors instead of an answer */
    uint64_t fallbacks;         /* of those answered */
    char first_error[512];      /* "" for none */
    struct histogram latencies; /* nanoseconds of requests that were sent one at a time */
    uint64_t together;          /* decisions asked for with others on their way */
    uint64_t elapsed;           /* nanoseconds that these took, all in all */
    bool short_of_memory;       /* something is not counted */
};

void demo_tally_create(struct demo_tally *tally);
void demo_tally_destroy(struct demo_tally *tally);

/* Counts how a request for visitor `number` ended. */
void demo_tally_add(struct demo_tally *tally, size_t number, senda_reply *reply);

/* Counts something else that went wrong. */
void demo_tally_add_problem(struct demo_tally *tally, const char *problem);

/* Counts a request that could not even be sent. */
void demo_tally_add_unsent(struct demo_tally *tally, enum senda_status status);

/* Stages in the order in which they are given, kinds by how often; stages that are not among them last. */
void demo_tally_sort(struct demo_tally *tally, const char *const *stages, size_t stage_count);

#endif
