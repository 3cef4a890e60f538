/* How long the moments of customers' histories are kept. */
#ifndef SENDA_LEDGER_RETENTION_H
#define SENDA_LEDGER_RETENTION_H

#include "catalogue/snapshot.h"

/*
 * `wished_ms`, or as long as the site's limits (their window and the rest behind it) and its rules of
 * entering look back, if that is longer. `site` may be NULL.
 */
int64_t retention_of(const struct snapshot *site, int64_t wished_ms);

#endif
