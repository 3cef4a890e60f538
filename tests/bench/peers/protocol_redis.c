/* Redis' protocol: commands as lists of strings; replies are a line or a string with its length before it. */
#include <stdio.h>
#include <string.h>

#include "protocol.h"

/* Writes "COMMAND NAME 0 ARGUMENTS"; 0 is the number of keys. */
static size_t redis_encode_call(uint8_t *out, size_t size, const char *command, const char *name,
                                struct bytes arguments)
{
    int head = snprintf((char *)out, size, "*4\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n$1\r\n0\r\n$%zu\r\n",
                        strlen(command), command, strlen(name), name, arguments.length);
    if (head < 0 || (size_t)head >= size)
        return 0;
    size_t length = (size_t)head;
    if (!protocol_append(out, size, &length, arguments.data, arguments.length) ||
        !protocol_append(out, size, &length, "\r\n", 2))
        return 0;
    return length;
}

static size_t redis_encode(uint8_t *out, size_t size, struct bytes arguments, const char *script)
{
    return script ? redis_encode_call(out, size, "EVALSHA", script, arguments) : 0;
}

static size_t redis_encode_function(uint8_t *out, size_t size, struct bytes arguments, const char *script)
{
    (void)script;
    return redis_encode_call(out, size, "FCALL", "recommend", arguments);
}

static size_t redis_encode_ping(uint8_t *out, size_t size, struct bytes arguments, const char *script)
{
    static const char ping[] = "*1\r\n$4\r\nPING\r\n";
    size_t length = 0;
    (void)arguments;
    (void)script;
    return protocol_append(out, size, &length, ping, sizeof(ping) - 1) ? length : 0;
}

/* Reads the number that a line starts with. */
static size_t redis_read_count(const uint8_t *line, const uint8_t *end)
{
    size_t count = 0;
    while (line < end && *line >= '0' && *line <= '9')
        count = count * 10 + (size_t)(*line++ - '0');
    return count;
}

static enum reply_result redis_scan(struct reply *reply, const uint8_t *data, size_t length)
{
    const uint8_t *end = memchr(data, '\n', length);
    if (!end)
        return REPLY_MORE;
    size_t line = (size_t)(end - data) + 1;
    if (line < 4)
        return REPLY_BROKEN;
    reply->failed = data[0] == '-';
    if (data[0] == '-' || data[0] == '+') {
        reply->length = line;
        reply->body = (struct bytes){data + 1, line - 3};
        return REPLY_DONE;
    }
    if (data[0] != '$' || data[1] == '-')
        return REPLY_BROKEN;
    size_t count = redis_read_count(data + 1, end);
    reply->length = line + count + 2;
    reply->body = (struct bytes){data + line, count};
    return length < reply->length ? REPLY_MORE : REPLY_DONE;
}

const struct protocol PROTOCOL_REDIS = {.name = "redis", .encode = redis_encode, .scan = redis_scan};

const struct protocol PROTOCOL_REDIS_FUNCTION = {
    .name = "redis-function", .encode = redis_encode_function, .scan = redis_scan};

const struct protocol PROTOCOL_REDIS_PING = {
    .name = "redis-ping", .encode = redis_encode_ping, .scan = redis_scan};
