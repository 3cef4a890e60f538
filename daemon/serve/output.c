/* Writing, and keeping what the socket does not take. */
#include "serve/output.h"

#include "serve/server_internal.h"

/* Bytes that the socket took; negative where the connection is over. */
static ssize_t send_some(struct connection *connection, const char *bytes, size_t length)
{
    ssize_t sent = transport_send(&connection->transport, bytes, length);
    return sent == TRANSPORT_LATER ? 0 : sent;
}

/* The client has so long to read on, counted from when it last did. */
static void await_reader(struct connection *connection, bool moved)
{
    struct lateness *lateness = &connection->server->lateness;
    if (connection->output.length == 0)
        patience_end(&connection->unread);
    else if (moved || !patience_is_waiting(&connection->unread))
        lateness_begin(lateness, &lateness->readers, &connection->unread);
}

bool output_write(struct connection *connection, const struct buffer *replies)
{
    size_t sent = 0;
    if (replies->failed || connection->output.failed)
        return false;
    if (connection->output.length == 0 && replies->length > 0) {
        ssize_t taken = send_some(connection, replies->bytes, replies->length);
        if (taken < 0)
            return false;
        sent = (size_t)taken;
    }
    if (sent < replies->length)
        buffer_append(&connection->output, replies->bytes + sent, replies->length - sent);
    await_reader(connection, sent > 0);
    return !connection->output.failed;
}

void output_add(struct connection *connection, const struct buffer *reply)
{
    buffer_append(&connection->output, reply->bytes, reply->length);
    connection->output.failed |= reply->failed;
}

bool output_flush(struct connection *connection)
{
    struct buffer *output = &connection->output;
    if (output->failed)
        return false;
    if (output->length == 0)
        return true;
    ssize_t sent = send_some(connection, output->bytes, output->length);
    if (sent < 0)
        return false;
    buffer_consume(output, (size_t)sent);
    if (output->length == 0)
        buffer_destroy(output);
    await_reader(connection, sent > 0);
    return true;
}

bool output_is_high(const struct connection *connection)
{
    return connection->output.length > connection->server->options.output_high;
}
