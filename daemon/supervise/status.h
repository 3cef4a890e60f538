/* The one line that says how the daemon is, for `systemctl status`. */
#ifndef SENDA_SUPERVISE_STATUS_H
#define SENDA_SUPERVISE_STATUS_H

#include "supervise/supervisor_internal.h"

enum { STATUS_SIZE = TOLD_SIZE /* bytes that hold any of them */ };

/* Whatever the supervisor is about: starting, serving, loading a site again, stopping. Returns out. */
const char *status_write(const struct supervisor *supervisor, char out[STATUS_SIZE]);

/* Remembers why a site was refused, by its first problem, until one is taken. */
void status_note_refusal(struct supervisor *supervisor, struct text problems);

/* Tells it, if it is another one than the last time. */
void status_tell(struct supervisor *supervisor);

#endif
