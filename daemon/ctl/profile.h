/* The commands below `sendactl profile`; one file or function for each. */
#ifndef SENDA_CTL_PROFILE_H
#define SENDA_CTL_PROFILE_H

#include "ctl/command.h"

extern const struct ctl_command profile_commands[];

enum ctl_exit profile_get(int argc, char **argv);
enum ctl_exit profile_set(int argc, char **argv);
enum ctl_exit profile_restrict(int argc, char **argv);
enum ctl_exit profile_erase(int argc, char **argv);
enum ctl_exit profile_export(int argc, char **argv);

#endif
