/* A socket for the bench: connected, authenticated, and non-blocking from then on. */
#ifndef SENDA_CTL_BENCH_CONNECT_H
#define SENDA_CTL_BENCH_CONNECT_H

#include "base/error.h"

/* The descriptor, or -1. `token` NULL: none is sent. `timeout`: milliseconds. Errors as bench_driver_create.
 */
MUST_CHECK int bench_connect(const char *address, const char *token, unsigned timeout, struct error *error);

#endif
