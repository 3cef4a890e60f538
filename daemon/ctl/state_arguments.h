/* The command line of commands that work on the daemon's state directory themselves: DIRECTORY, --state,
 * --json. */
#ifndef SENDA_CTL_STATE_ARGUMENTS_H
#define SENDA_CTL_STATE_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>

#define STATE_ARGUMENTS_DEFAULT "/var/lib/senda"

/* What --help says of --state. */
#define STATE_ARGUMENTS_HELP                                                                                 \
    "The daemon's state directory (default: $SENDA_STATE, then " STATE_ARGUMENTS_DEFAULT ")"

struct state_arguments {
    const char *directory; /* borrowed from argv; NULL: not given yet */
    const char *state;     /* borrowed */
    bool json;
};

/* The environment's state directory, or the built-in one. */
const char *state_arguments_default(void);

/* A child parser; its input is a struct state_arguments whose `state` is the default. */
extern const struct argp_child state_arguments_children[];

#endif
