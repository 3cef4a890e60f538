/*
 * Strategies and personas written at random, in Lua: functions that read whatever they like of a customer, in
 * branches, loops and helpers, and now and then fail or ask for the time or for chance.
 */
#ifndef SENDA_TESTS_SCRIPT_SCRIPTS_BUILDER_H
#define SENDA_TESTS_SCRIPT_SCRIPTS_BUILDER_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/random.h"

/* How many of a hundred statements… */
struct scripts_habits {
    uint32_t failing; /* may raise an error */
    uint32_t chancy;  /* may ask for `now` or `random` */
    uint32_t walking; /* walk over a whole map */
    uint32_t greedy;  /* read more entries than are kept track of */
};

enum { SCRIPTS_KEYS = 12 };

/* Names that the functions read of context, traits and consents. */
extern const char *const scripts_keys[SCRIPTS_KEYS];

enum { SCRIPTS_EVENTS = 5 };

/* Events that the functions ask about. */
extern const char *const scripts_events[SCRIPTS_EVENTS];

/* Each appends a NUL-terminated file that declares `count` of them. */
void scripts_write_strategies(struct buffer *out, struct random_state *random,
                              const struct scripts_habits *habits, uint32_t count);
void scripts_write_personas(struct buffer *out, struct random_state *random,
                            const struct scripts_habits *habits, uint32_t count);

#endif
