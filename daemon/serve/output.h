/* Replies on their way out: written at once where the socket takes them, else kept until it does. */
#ifndef SENDA_SERVE_OUTPUT_H
#define SENDA_SERVE_OUTPUT_H

#include "serve/connection.h"

/* Writes replies behind those that wait. False: the connection is over. */
MUST_CHECK bool output_write(struct connection *connection, const struct buffer *replies);

/* Keeps a reply behind those that wait; output_flush is due then. */
void output_add(struct connection *connection, const struct buffer *reply);

/* Writes what waits, as far as the socket takes it. False: the connection is over. */
MUST_CHECK bool output_flush(struct connection *connection);

/* More waits to be read by the client than it may leave unread. */
bool output_is_high(const struct connection *connection);

#endif
