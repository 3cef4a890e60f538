/* What `sendactl ask` was told on its command line, and the request that comes of it. */
#ifndef SENDA_CTL_ASK_REQUEST_H
#define SENDA_CTL_ASK_REQUEST_H

#include "senda/client.h"

struct ask_list {
    const char **items; /* owned array of borrowed texts; NULL while empty */
    size_t count;       /* texts */
};

/* Texts are borrowed; NULL: not given. */
struct ask_request {
    const char *placement;    /* where */
    const char *customer;     /* whom */
    const char *stage;        /* assumed */
    const char *persona;      /* assumed */
    const char *journey;      /* assumed */
    const char *locale;       /* assumed */
    const char *touchpoint;   /* assumed */
    struct ask_list traits;   /* NAME=VALUE */
    struct ask_list consents; /* NAME or NAME=BOOL */
    struct ask_list context;  /* NAME=VALUE */
    struct ask_list exclude;  /* offers */
    long count;               /* offers wanted; 0: not given */
    bool explain;             /* with a trace */
    bool dry_run;             /* nothing is remembered */
    bool at_given;            /* `at` counts */
    bool seed_given;          /* `seed` counts */
    int64_t at;               /* seconds since the epoch */
    long seed;                /* of the draw */
};

void ask_request_destroy(struct ask_request *request);

/* Each returns NULL, or why the text cannot be taken. */
const char *ask_list_add(struct ask_list *list, const char *text);
const char *ask_list_add_pair(struct ask_list *list, const char *text);
const char *ask_list_add_consent(struct ask_list *list, const char *text);

/* Seconds since the epoch from figures, a date, or a date with a time; false for anything else. */
bool ask_parse_time(const char *text, int64_t *seconds);

/* The arguments of `recommend`, to be given to senda_request_free; NULL: no memory. */
senda_request *ask_request_encode(const struct ask_request *request);

#endif
