/* A decision's name: made of clock, seed and site, so that a replay gives the same and a log can find it. */
#ifndef SENDA_MODEL_DECISION_ID_H
#define SENDA_MODEL_DECISION_ID_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum {
    DECISION_ID_LENGTH = 27, /* characters: base64url of clock (8 bytes), seed (8) and site version (4) */
    DECISION_ID_VERSION = 4, /* characters of the site's version that are part of it */
};

struct decision_id {
    int64_t clock_us;                  /* microseconds since the epoch */
    uint64_t seed;                     /* of the draw */
    char version[DECISION_ID_VERSION]; /* how the site's version begins; zeros behind a shorter one */
};

/* Without padding, NUL-terminated. */
void decision_id_write(const struct decision_id *id, char out[DECISION_ID_LENGTH + 1]);

/* The id of what was decided at that moment with that seed, for the site of that version. */
struct decision_id decision_id_of(int64_t clock_us, uint64_t seed, struct text version);

/* False for a text that decision_id_write would not have written. */
MUST_CHECK bool decision_id_read(struct text text, struct decision_id *id);

#endif
