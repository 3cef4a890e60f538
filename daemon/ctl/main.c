/* sendactl: finds the command and hands over. */
#include "ctl/command.h"

#include <argp.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/standard.h"

const char *argp_program_version = "sendactl " SENDA_VERSION;

static int list_commands(FILE *file)
{
    fputs("Usage: sendactl COMMAND [OPTION...]\n"
          "Talks to senda, the daemon that knows what a customer should see next.\n\nCommands:\n",
          file);
    for (const struct ctl_command *command = ctl_commands; command->name != NULL; command++)
        fprintf(file, "  %-10s %s\n", command->name, command->summary);
    fputs("\n`sendactl COMMAND --help` explains a command.\n\n" CTL_EXIT_HELP "\n", file);
    return file == stdout ? CTL_EXIT_OK : CTL_EXIT_USAGE;
}

static int unknown_command(const char *name)
{
    const struct ctl_command *nearest = ctl_command_nearest(ctl_commands, name);
    fprintf(stderr, "sendactl: there is no command '%s'", name);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean '%s'?", nearest->name);
    fputs("\n`sendactl --help` lists the commands.\n", stderr);
    return CTL_EXIT_USAGE;
}

static int run_command(const struct ctl_command *command, int argc, char **argv)
{
    char name[64];
    snprintf(name, sizeof name, "sendactl %s", command->name);
    argv[0] = name;
    return command->run(argc, argv);
}

int main(int argc, char **argv)
{
    if (!standard_begin("sendactl"))
        return CTL_EXIT_NO;
    argp_err_exit_status = CTL_EXIT_USAGE;
    setlocale(LC_CTYPE, "");
    if (argc < 2)
        return list_commands(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "-?") == 0)
        return list_commands(stdout);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        puts(argp_program_version);
        return CTL_EXIT_OK;
    }
    const struct ctl_command *command = ctl_command_find(ctl_commands, argv[1]);
    if (command == NULL)
        return unknown_command(argv[1]);
    return run_command(command, argc - 1, argv + 1);
}
