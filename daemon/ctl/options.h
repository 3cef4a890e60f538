/* The options that every command which talks to a daemon takes. */
#ifndef SENDA_CTL_OPTIONS_H
#define SENDA_CTL_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

struct ctl_options {
    const char *address; /* the daemon's; borrowed */
    char *token;         /* owned; for `auth`; NULL: none */
    const char *ca;      /* file with the roots to believe; borrowed; NULL: the system's */
    unsigned timeout;    /* milliseconds for each request */
    bool json;           /* print JSON */
};

/* A child parser; its input is a struct ctl_options that ctl_options_create has filled in. Give its number in
 * the command's children to ARGP_KEY_INIT: state->child_inputs[0] = &options. */
extern const struct argp ctl_options_argp;
extern const struct argp_child ctl_options_children[]; /* that parser alone */

/* The environment's, then the built-in ones. */
void ctl_options_create(struct ctl_options *options);
void ctl_options_destroy(struct ctl_options *options);

/* Numbers on a command line; what is none ends the program with a usage error naming `option`. */
double ctl_option_number(const struct argp_state *state, const char *option, const char *text, double least,
                         double most);
long ctl_option_integer(const struct argp_state *state, const char *option, const char *text, long least,
                        long most);

#endif
