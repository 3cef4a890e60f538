/* Writing, and keeping what the socket does not take. */
#include "serve/output.h"

#include "serve/server_internal.h"

/* Bytes that the socket took; negative where the connection is over. */
static ssize_t send_some(struct connection *connection, const char *bytes, size_t length)
{
    ssize_t sent = transport_send(&connection->transport, bytes, length);
    return sent == TRANSPORT_LATER ? 0 : sent;
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
    return !connection->output.failed;
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
    return true;
}

bool output_is_high(const struct connection *connection)
{
    return connection->output.length > connection->server->options.output_high;
}
