/* The command line of commands that work on a site's folder: DIR and --json. */
#ifndef SENDA_CTL_FOLDER_ARGUMENTS_H
#define SENDA_CTL_FOLDER_ARGUMENTS_H

#include <stdbool.h>

struct folder_arguments {
    const char *directory; /* borrowed from argv */
    bool json;
};

/* Ends the program with a usage error where it is not understood; `doc` is what --help says. */
void folder_arguments_parse(struct folder_arguments *arguments, int argc, char **argv, const char *doc);

#endif
