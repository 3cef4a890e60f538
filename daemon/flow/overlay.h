/* A request's maps laid over what is remembered, for one decision alone. */
#ifndef SENDA_FLOW_OVERLAY_H
#define SENDA_FLOW_OVERLAY_H

#include <msgpack/object.h>
#include <msgpack/zone.h>

#include "model/customer.h"

/*
 * The customer's traits with those of `given` (NULL: none) in place of theirs; a nil takes one away. NULL
 * where there is none. Where nothing is remembered it is `given` itself. Memory is the zone's; where that is
 * out, `failed` is set, and otherwise left alone.
 */
const msgpack_object *overlay_traits(msgpack_zone *zone, const struct customer *known,
                                     const msgpack_object *given, bool *failed);

/* Likewise of consents: names with true or false. */
const msgpack_object *overlay_consents(msgpack_zone *zone, const struct customer *known,
                                       const msgpack_object *given, bool *failed);

#endif
