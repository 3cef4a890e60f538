/* The folder for what outlives the daemon: made if missing, held by one daemon at a time. */
#ifndef SENDA_BASE_STATE_H
#define SENDA_BASE_STATE_H

#include "base/error.h"

/* The descriptor that holds the folder until it is closed; -1 where that fails or another daemon has it. */
int state_lock(const char *directory, struct error *error) MUST_CHECK;

/* Whether the folder could be made and held by this process, as far as that shows without doing either.
 * Another daemon may hold it. */
bool state_check(const char *directory, struct error *error) MUST_CHECK;

#endif
