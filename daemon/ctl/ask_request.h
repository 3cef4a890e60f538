/* What `sendactl ask` was told on its command line, and the request that comes of it. */
#ifndef SENDA_CTL_ASK_REQUEST_H
#define SENDA_CTL_ASK_REQUEST_H

#include "ctl/pairs.h"

/* Texts are borrowed; NULL: not given. */
struct ask_request {
    const char *placement;  /* where */
    const char *customer;   /* whom */
    const char *stage;      /* assumed */
    const char *persona;    /* assumed */
    const char *journey;    /* assumed */
    const char *locale;     /* assumed */
    const char *touchpoint; /* assumed */
    struct pairs traits;    /* NAME=VALUE */
    struct pairs consents;  /* NAME or NAME=BOOL */
    struct pairs context;   /* NAME=VALUE */
    struct pairs exclude;   /* offers */
    long count;             /* offers wanted; 0: not given */
    bool explain;           /* with a trace */
    bool dry_run;           /* nothing is remembered */
    bool at_given;          /* `at` counts */
    bool seed_given;        /* `seed` counts */
    int64_t at;             /* seconds since the epoch */
    long seed;              /* of the draw */
};

void ask_request_destroy(struct ask_request *request);

/* The arguments of `recommend`, to be given to senda_request_free; NULL: no memory. */
senda_request *ask_request_encode(const struct ask_request *request);

#endif
