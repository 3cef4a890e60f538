/*
 * When a function that fails is set aside. The promise: three failures, and it is left alone until the next
 * load. But what strangers send may make a function fail that works for all others, by leaving out a field
 * that it reads; they must not be able to switch it off. So one that has answered often has shown that it
 * works, and is judged by failures in a row. Taking too long, or too much memory, is everybody's loss, and is
 * hardly forgiven.
 */
#ifndef SENDA_SCRIPT_STRIKES_H
#define SENDA_SCRIPT_STRIKES_H

#include <stdbool.h>
#include <stdint.h>

enum {
    STRIKES_MOST = 3,       /* failures, or overruns, that set a function aside */
    STRIKES_PROVEN = 100,   /* answers, after which failures count in a row only */
    STRIKES_SHARE = 10,     /* then as many as one of so many answers set it aside, */
    STRIKES_IN_ROW = 10000, /* or so many */
    STRIKES_FORGIVEN = 100, /* answers that make up for an overrun */
};

/* Of one function; zeros at first. */
struct strikes {
    uint32_t answers;  /* since the load; stays at its greatest value */
    uint32_t failures; /* in a row once it has proven itself; before, all */
    uint32_t overruns; /* of time or memory, not made up for */
    uint32_t since;    /* answers since the last overrun, or since one was forgiven */
    uint32_t times;    /* failures and overruns since the load, those of dry runs among them */
    uint64_t failed;   /* the request that it failed in last; see struct strategies */
    bool set_aside;
};

/* It did what it should. */
void strikes_add_answer(struct strikes *strikes);

/* It failed; `overran`: it was stopped for its time or memory. Whether it is set aside now. */
bool strikes_add_failure(struct strikes *strikes, bool overran);

#endif
