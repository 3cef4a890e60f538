/* sendad: reads the command line, then checks what it would serve, shows the configuration, or serves. */
#include <stdio.h>
#include <stdlib.h>

#include "base/standard.h"
#include "config/command_line.h"
#include "supervise/check.h"
#include "supervise/supervisor.h"

enum { EXIT_USAGE = 2 }; /* the command line can't be understood; 1 is for everything that can't be done */

static int refuse(const struct faults *faults)
{
    faults_print(faults, "sendad: ", stderr);
    return EXIT_FAILURE;
}

static int perform(enum command_line_task task, struct config *config, struct faults *faults)
{
    switch (task) {
    case TASK_CHECK:
        return check_run(config, faults);
    case TASK_PRINT_CONFIG:
        config_print(config, stdout);
        return EXIT_SUCCESS;
    case TASK_SERVE:
        return supervisor_run(config);
    }
    return EXIT_FAILURE;
}

static int configure_and_perform(const struct command_line *line)
{
    struct config config;
    struct faults faults;
    struct error error;
    if (!config_create(&config, &error)) {
        fprintf(stderr, "sendad: %s\n", error.message);
        return EXIT_FAILURE;
    }
    faults_create(&faults);
    bool good = command_line_configure(line, &config, &faults);
    int exit_code =
        good || line->task == TASK_CHECK ? perform(line->task, &config, &faults) : refuse(&faults);
    config_destroy(&config);
    faults_destroy(&faults);
    return exit_code;
}

int main(int argc, char **argv)
{
    struct command_line line;
    struct error error;
    if (!standard_begin("sendad"))
        return EXIT_FAILURE;
    if (!command_line_parse(&line, argc, argv, &error)) {
        fprintf(stderr, "sendad: %s\n", error.message);
        return EXIT_USAGE;
    }
    int exit_code = configure_and_perform(&line);
    command_line_destroy(&line);
    return exit_code;
}
