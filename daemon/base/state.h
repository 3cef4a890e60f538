/* The folder for what outlives the daemon: made if missing, held by one daemon at a time. */
#ifndef SENDA_BASE_STATE_H
#define SENDA_BASE_STATE_H

#include "base/error.h"

/* The descriptor that holds the folder until it is closed; -1 where that fails or another daemon has it. */
int state_lock(const char *directory, struct error *error) MUST_CHECK;

#endif
