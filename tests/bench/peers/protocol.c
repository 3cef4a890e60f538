/* How each system is asked and how its replies are told apart; no sockets. */
#include "protocol.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct protocol *protocol_find(const char *name)
{
    static const struct protocol *const all[] = {
        &PROTOCOL_SENDA, &PROTOCOL_SENDA_PING,     &PROTOCOL_TARANTOOL, &PROTOCOL_TARANTOOL_PING,
        &PROTOCOL_REDIS, &PROTOCOL_REDIS_FUNCTION, &PROTOCOL_REDIS_PING};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    }
    return NULL;
}

_Noreturn void protocol_fail(const struct protocol *protocol, const struct reply *reply)
{
    fprintf(stderr, "%s: error reply: ", protocol->name);
    for (size_t i = 0; i < reply->body.length; i++) {
        if (isprint(reply->body.data[i]))
            fputc(reply->body.data[i], stderr);
    }
    fputc('\n', stderr);
    exit(1);
}

bool protocol_append(uint8_t *out, size_t size, size_t *length, const void *data, size_t count)
{
    if (size - *length < count)
        return false;
    memcpy(out + *length, data, count);
    *length += count;
    return true;
}
