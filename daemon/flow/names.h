/* Names in arguments, resolved to numbers of the site; what is unknown is answered with the nearest. */
#ifndef SENDA_FLOW_NAMES_H
#define SENDA_FLOW_NAMES_H

#include "catalogue/snapshot.h"

/* The number of a thing called so; `field` is the argument's name, and the kind of thing. */
MUST_CHECK bool names_find(const char *field, struct text name, const struct symbols *symbols,
                           uint32_t *number, struct error *error);

/* The number of a journey's stage, in any of its names. */
MUST_CHECK bool names_find_stage(const struct snapshot *snapshot, uint32_t journey, struct text name,
                                 uint32_t *stage, struct error *error);

#endif
