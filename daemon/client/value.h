/* What a senda_value is: one of msgpack-c's objects, under a name that tells nothing of it. */
#ifndef SENDA_CLIENT_VALUE_H
#define SENDA_CLIENT_VALUE_H

#include "senda/client.h"

#include <msgpack/object.h>

struct senda_value {
    msgpack_object object; /* the only member, so that pointers to either are pointers to both */
};

static inline const senda_value *client_value_of(const msgpack_object *object)
{
    return (const senda_value *)(const void *)object;
}

#endif
