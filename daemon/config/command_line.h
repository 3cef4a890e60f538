/* sendad's command line: what to do, and the options laid over the configuration file. */
#ifndef SENDA_CONFIG_COMMAND_LINE_H
#define SENDA_CONFIG_COMMAND_LINE_H

#include "config/config.h"

enum command_line_task {
    TASK_SERVE,        /* the daemon itself */
    TASK_CHECK,        /* load the site, say what is wrong with it */
    TASK_PRINT_CONFIG, /* show the configuration */
};

struct command_line {
    enum command_line_task task;       /* what to do */
    const char *file;                  /* --config; borrowed from argv; NULL: none */
    const char **values[OPTION_COUNT]; /* what each flag gave, in order; owned array of borrowed texts */
    size_t counts[OPTION_COUNT];       /* how many of each */
};

/* Refuses what is not understood, wrong values too. Ends the process itself after --help and --version. */
bool command_line_parse(struct command_line *line, int argc, char **argv, struct error *error) MUST_CHECK;
void command_line_destroy(struct command_line *line);

/*
 * Lays over a configuration's defaults what is stronger: the file, the flags, secrets. The whole is checked,
 * and whatever is wrong added to the faults.
 */
bool command_line_configure(const struct command_line *line, struct config *config,
                            struct faults *faults) MUST_CHECK;

#endif
