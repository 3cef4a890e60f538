/*
 * Wrong tokens, counted by the address that they came from: each makes the next look at a token from there
 * wait longer, up to a bound, and time makes it shorter again. A right token waits as long as a wrong one, so
 * that the wait tells nothing; nobody is ever turned away for what others did behind the same address.
 */
#ifndef SENDA_FLOW_ATTEMPTS_H
#define SENDA_FLOW_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    ATTEMPTS_SETS = 512,        /* addresses fall into one of so many sets… */
    ATTEMPTS_IN_SET = 4,        /* …of so many places; the least suspect gives way */
    ATTEMPTS_FIRST_MS = 10,     /* the wait after the first failure; each one more doubles it */
    ATTEMPTS_COUNTED = 20,      /* more failures than these make nothing longer, nor longer to forget */
    ATTEMPTS_FORGET_MS = 10000, /* after so long one failure is forgotten */
};

/* One address. */
struct attempts_entry {
    uint64_t address;  /* its key; 0: the place is free */
    uint64_t since_ms; /* when the failures were last counted */
    uint32_t failures; /* not forgotten then */
};

struct attempts {
    struct attempts_entry entries[ATTEMPTS_SETS][ATTEMPTS_IN_SET];
    uint32_t longest_ms; /* the bound of a wait; 0: nobody waits */
};

/* How long a token from there, over a connection with so many failures of its own, waits to be looked at. */
uint32_t attempts_wait_ms(const struct attempts *attempts, uint64_t address, uint32_t own_failures,
                          uint64_t now_ms);

void attempts_note_failure(struct attempts *attempts, uint64_t address, uint64_t now_ms);

#endif
