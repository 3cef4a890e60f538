/* The process of the ledger: runs it, and loads the site's rules beside. */
#ifndef SENDA_SUPERVISE_LEDGER_H
#define SENDA_SUPERVISE_LEDGER_H

#include "supervise/role.h"

/* Runs until drained or until the supervisor is gone; returns the process's exit code. */
int ledger_run(const struct role_setup *setup);

#endif
