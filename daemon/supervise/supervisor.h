/* The process that opens the doors, keeps the workers alive and brings new sites in. It runs no script. */
#ifndef SENDA_SUPERVISE_SUPERVISOR_H
#define SENDA_SUPERVISE_SUPERVISOR_H

#include "config/config.h"

/*
 * Serves until it is told to stop; returns the process's exit code. SIGHUP reloads, SIGTERM and SIGINT drain
 * and stop, a second one of these stops at once. In a forked worker this function doesn't return.
 */
int supervisor_run(struct config *config);

#endif
