/* Options of the commands that speak to the daemon's control socket. */
#ifndef SENDA_CTL_CONTROL_H
#define SENDA_CTL_CONTROL_H

#include "ctl/options.h"

/* The common options and --control; the input is a struct ctl_options that control_options_create filled in.
 */
extern const struct argp_child control_children[];

/* As ctl_options_create, with the control socket's address. */
void control_options_create(struct ctl_options *options);

#endif
