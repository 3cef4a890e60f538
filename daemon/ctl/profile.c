/* sendactl profile: finds the command below it and hands over. */
#include "ctl/profile.h"

#include <stdio.h>
#include <string.h>

const struct ctl_command profile_commands[] = {
    {"get", "show what is known of a customer", profile_get, NULL},
    {"set", "correct what is known: traits, consents, persona, stage, language", profile_set, NULL},
    {"restrict", "stop, or resume, using and keeping anything of theirs", profile_restrict, NULL},
    {"erase", "forget them, with a receipt of what was removed", profile_erase, NULL},
    {"export", "everything held of them, as JSON", profile_export, NULL},
    {NULL, NULL, NULL, NULL},
};

static enum ctl_exit list_commands(FILE *file)
{
    fputs("Usage: sendactl profile COMMAND CUSTOMER [OPTION...]\n"
          "What senda knows of a customer, and the customer's rights over it.\n\nCommands:\n",
          file);
    for (const struct ctl_command *command = profile_commands; command->name != NULL; command++)
        fprintf(file, "  %-10s %s\n", command->name, command->summary);
    fputs("\nExamples:\n"
          "  sendactl profile get ana\n"
          "  sendactl profile set ana --consent marketing=no --trait size=L\n"
          "  sendactl profile export ana > ana.json\n"
          "  sendactl profile erase ana --yes\n"
          "\nEach takes --json; `sendactl profile COMMAND --help` explains it.\n\n" CTL_EXIT_HELP "\n",
          file);
    return file == stdout ? CTL_EXIT_OK : CTL_EXIT_USAGE;
}

static enum ctl_exit unknown_command(const char *name)
{
    const struct ctl_command *nearest = ctl_command_nearest(profile_commands, name);
    fprintf(stderr, "sendactl profile: there is no command '%s'", name);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean '%s'?", nearest->name);
    fputs("\n`sendactl profile --help` lists the commands.\n", stderr);
    return CTL_EXIT_USAGE;
}

enum ctl_exit ctl_profile(int argc, char **argv)
{
    char name[64];
    if (argc < 2)
        return list_commands(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0)
        return list_commands(stdout);
    const struct ctl_command *command = ctl_command_find(profile_commands, argv[1]);
    if (command == NULL)
        return unknown_command(argv[1]);
    snprintf(name, sizeof name, "sendactl profile %s", command->name);
    argv[1] = name;
    return command->run(argc - 1, argv + 1);
}
