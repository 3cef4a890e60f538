/* A supervisor without processes behind it, for tests of what only looks at its state. */
#ifndef SENDA_UNIT_SUPERVISE_SUPERVISOR_BUILDER_H
#define SENDA_UNIT_SUPERVISE_SUPERVISOR_BUILDER_H

#include "supervise/supervisor_internal.h"

enum { BUILT_WORKERS = 2, BUILT_LIMIT_MS = 1000 /* a loop may stand still so long */ };

/* Two workers and a ledger that serve and turned at `now_ms`; without a state folder. */
struct supervisor *supervisor_build(uint64_t now_ms);
void supervisor_build_free(struct supervisor *supervisor);

#endif
