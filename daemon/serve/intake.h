/* What a client sent becomes whole messages, and these become replies in the server's buffer. */
#ifndef SENDA_SERVE_INTAKE_H
#define SENDA_SERVE_INTAKE_H

#include "serve/connection.h"

/*
 * Answers the whole messages of what was just received, or, with no bytes, of what was kept, until it is
 * enough for now; what is left is kept. False: out of memory.
 */
MUST_CHECK bool intake_take(struct connection *connection, const uint8_t *bytes, size_t length);

/* The next messages have to wait: so many requests, or so large ones, wait for their answers, or a token is
 * not looked at yet. */
bool intake_is_held(const struct connection *connection);

/* A request has its answer that came later. */
void intake_answered(struct connection *connection, const struct waiting *asked);

/* Answers the message at hand, which did not become whole in time, where its id is known; no more is read. */
void intake_refuse_late(struct connection *connection);

#endif
