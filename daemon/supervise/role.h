/*
 * What a worker and the ledger have in common: a loop, the supervisor's messages, a site that is loaded in
 * small steps beside the one in use, a heartbeat, and SIGTERM.
 */
#ifndef SENDA_SUPERVISE_ROLE_H
#define SENDA_SUPERVISE_ROLE_H

#include <event2/event.h>

#include "base/metrics.h"
#include "config/config.h"
#include "flow/engine.h"
#include "ledger/shared.h"
#include "script/deadline.h"
#include "supervise/access.h"
#include "supervise/channel.h"
#include "supervise/confine.h"
#include "supervise/sockets.h"

/* A loop may stand still that many times as long as a script may run; then its process is killed. */
enum { ROLE_LOOP_FACTOR = 10 };

struct role_setup {
    unsigned number;               /* from 0; the slot in the metrics page, too */
    int channel;                   /* to the supervisor; the role's own */
    const struct sockets *sockets; /* to accept on; borrowed */
    const struct config *config;   /* borrowed */
    struct metrics_slot *slots;    /* of all processes; borrowed */
    size_t slot_count;             /* how many */
    size_t workers;                /* processes that answer */
    struct shared *shared;         /* between workers and ledger; borrowed; NULL: there is no ledger */
    bool first;                    /* the daemon is starting: what cannot be done ends it */
};

/* What each role does its own way. */
struct role_hooks {
    void *context;
    /* Uses these from now on and takes them over; `access` NULL: as before. False: the process is about to
     * end. */
    bool (*swap)(void *context, struct engine *engine, struct access *access);
    void (*drain)(void *context); /* finish what is open, then role_end() */
    void (*take)(void *context, const struct channel_message *message); /* answers to reloads; may be NULL */
    bool outlives_term; /* SIGTERM is not for it: it ends when the supervisor says so */
};

struct role {
    const struct role_setup *setup; /* borrowed */
    struct role_hooks hooks;
    struct event_base *base; /* the loop; owned */

    size_t memo_memory;             /* bytes of results that an engine may remember */
    size_t answer_memory;           /* likewise of whole answers */
    struct bundle *bundle;          /* of the site being loaded; owned; NULL: none */
    struct engine_loading *loading; /* owned; NULL: nothing is being loaded */
    struct engine *next;            /* loaded, waits for its swap; owned; NULL: none */
    uint32_t generation;            /* of the site being loaded, or of `next` */
    struct access *access;    /* comes with generation `access_of`; owned; NULL: none, or it was refused */
    uint32_t access_of;       /* 0: none came yet */
    struct deadline deadline; /* of the scripts of all engines */
    char site_name[CONFIG_NAME_SIZE]; /* what a site without a name is called */

    struct event *readable;  /* the channel has something; owned */
    struct event *step;      /* the next step of loading; owned */
    struct event *heartbeat; /* shows that the loop turns; owned */
    struct event *signals;   /* SIGTERM; owned */
    int signal_fd;           /* behind `signals`; owned */
    bool timed;              /* the deadline was created */
    bool draining;           /* on the way out */
    int exit_code;           /* of the process */

    struct channel_inbox inbox; /* last message */
};

MUST_CHECK bool role_create(struct role *role, const struct role_setup *setup, struct role_hooks hooks,
                            struct error *error);

/* Once nothing uses the engines any more. */
void role_destroy(struct role *role);

/* Gives up what the role does not need, runs the loop until role_end; returns the exit code. */
int role_run(struct role *role, enum confine_files files);
void role_end(struct role *role, int exit_code);

struct metrics_slot *role_slot(const struct role *role);

/* Notes that the loop turns. */
void role_turn(struct role *role);

/* Begins the end, once: calls the hook. */
void role_drain(struct role *role);

/* A site is on its way in that has yet to be swapped to. */
bool role_expects_site(const struct role *role);

#endif
