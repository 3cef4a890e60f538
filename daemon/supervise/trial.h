/* A process that only loads: it tries a new site before those who serve know of it. */
#ifndef SENDA_SUPERVISE_TRIAL_H
#define SENDA_SUPERVISE_TRIAL_H

#include "supervise/role.h"

/* Runs until it is ended or until the supervisor is gone; returns the process's exit code. */
int trial_run(const struct role_setup *setup);

#endif
