/* Sentences that tell people why; made while a decision is explained, kept in its arena. */
#ifndef SENDA_DECIDE_REASON_H
#define SENDA_DECIDE_REASON_H

#include "base/arena.h"
#include "base/error.h"
#include "decide/bounds.h"

struct text reason_keep(struct arena *arena, struct text text);

/* At most 512 bytes of it. */
struct text reason_say(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Why a gate of bounds_gate stops the offer. */
struct text reason_bounds(struct bounds *bounds, struct arena *arena, uint32_t offer,
                          enum decision_gate gate);

/* Why there is no room for the offer beside what was chosen. */
struct text reason_taken(struct bounds *bounds, struct arena *arena, uint32_t offer);

#endif
