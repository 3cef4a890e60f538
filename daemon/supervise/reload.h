/*
 * The two phases of a reload, as bookkeeping without processes: every worker loads the new site, and only
 * when all have done so do all swap; one that refuses or dies before stops it for all. Where a site is served
 * already, one process that serves nobody, the trial, loads the new one before any of them begins.
 */
#ifndef SENDA_SUPERVISE_RELOAD_H
#define SENDA_SUPERVISE_RELOAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum reload_phase {
    RELOAD_IDLE,     /* nothing goes on */
    RELOAD_TRYING,   /* the trial loads; nobody else knows of the candidate */
    RELOAD_LOADING,  /* every worker was told to load; some have not answered */
    RELOAD_SWAPPING, /* decided: the candidate is the site; some workers have not said that they serve it */
};

/* What a worker said, or what became of it. */
enum reload_answer {
    RELOAD_LOADED,  /* it could serve */
    RELOAD_REFUSED, /* it could not */
    RELOAD_SERVING, /* it does serve */
    RELOAD_DIED,    /* it is gone; `generation` is ignored */
};

/* What is to be done about it. */
enum reload_step {
    RELOAD_WAIT,     /* nothing */
    RELOAD_KEEP,     /* the trial has not loaded it: the reload is over, and nobody else had begun */
    RELOAD_LOAD,     /* the trial has: tell every worker to load */
    RELOAD_SWAP,     /* tell every worker to swap */
    RELOAD_DISCARD,  /* tell every worker to forget the candidate; the reload is over */
    RELOAD_FINISHED, /* every worker serves the new site; the reload is over */
};

struct reload {
    enum reload_phase phase; /* where it stands */
    uint32_t committed;      /* generation that is served; 0: none yet */
    uint32_t candidate;      /* generation of the last reload begun */
    bool *awaited;           /* by worker: has yet to answer in this phase; owned */
    size_t workers;          /* how many */
};

bool reload_create(struct reload *reload, size_t workers, struct error *error) MUST_CHECK;
void reload_destroy(struct reload *reload);

/* Only when idle; returns the new candidate, which the trial is to load, or the first time every worker. */
uint32_t reload_begin(struct reload *reload);

/* Answers about other generations than the candidate count for nothing. */
enum reload_step reload_take(struct reload *reload, size_t worker, enum reload_answer answer,
                             uint32_t generation);

/* The same for the trial, which knows of no other candidate. */
enum reload_step reload_take_trial(struct reload *reload, enum reload_answer answer);

/* Nothing goes on any more: answers that still come count for nothing. */
void reload_give_up(struct reload *reload);

#endif
