/* Recorded visits, read from a file. */
#ifndef SENDA_CTL_DEMO_SESSIONS_H
#define SENDA_CTL_DEMO_SESSIONS_H

#include "base/error.h"
#include "base/text.h"
#include "ctl/demo_session.h"

#include <stdint.h>

struct demo_sessions {
    struct demo_session *list; /* owned */
    size_t count;              /* visits */
};

void demo_sessions_create(struct demo_sessions *sessions);
void demo_sessions_destroy(struct demo_sessions *sessions);

MUST_CHECK bool demo_sessions_add(struct demo_sessions *sessions, const struct demo_session *session,
                                  struct error *error);

/* Adds the visits of a table with the data set's columns, in whatever order; the first row names them. */
MUST_CHECK bool demo_sessions_parse(struct demo_sessions *sessions, struct text csv, struct error *error);

/* The same from a file, plain or compressed by gzip; at most `most` visits are kept. */
MUST_CHECK bool demo_sessions_read(struct demo_sessions *sessions, const char *path, size_t most,
                                   struct error *error);

#endif
