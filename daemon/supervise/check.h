/* What `sendad --check` does: finds everything that would keep the daemon from starting, without starting. */
#ifndef SENDA_SUPERVISE_CHECK_H
#define SENDA_SUPERVISE_CHECK_H

#include "config/config.h"

/*
 * Looks at what the configuration names (addresses, tokens and certificate, the folder for the state) and
 * loads the site; prints one verdict line, then the faults, which the configuration may have brought already,
 * and the site's problems. Returns the process's exit code. Changes nothing.
 */
int check_run(const struct config *config, struct faults *faults);

#endif
