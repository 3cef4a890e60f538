/* The parts of confining a process. */
#ifndef SENDA_SUPERVISE_CONFINE_INTERNAL_H
#define SENDA_SUPERVISE_CONFINE_INTERNAL_H

#include "supervise/confine.h"

/* No file but those in `state` (Landlock). */
bool confine_paths(enum confine_files files, const char *state, struct error *error) MUST_CHECK;

/*
 * No system call but those on the list (seccomp). One that nobody here would make ends the process by SIGSYS,
 * with a line in the log; any other is answered with ENOSYS.
 */
bool confine_calls(enum confine_files files, struct error *error) MUST_CHECK;

#endif
