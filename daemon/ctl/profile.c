/* sendactl profile: finds the command below it and hands over. */
#include "ctl/profile.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct ctl_command commands[] = {
    {"get", "show what is known of a customer", profile_get},
    {"set", "correct what is known: traits, consents, persona, stage, language", profile_set},
    {"restrict", "stop, or resume, using and keeping anything of theirs", profile_restrict},
    {"erase", "forget them, with a receipt of what was removed", profile_erase},
    {"export", "everything held of them, as JSON", profile_export},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static enum ctl_exit list_commands(FILE *file)
{
    fputs("Usage: sendactl profile COMMAND CUSTOMER [OPTION...]\n"
          "What senda knows of a customer, and the customer's rights over it.\n\nCommands:\n",
          file);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(file, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\nExamples:\n"
          "  sendactl profile get ana\n"
          "  sendactl profile set ana --consent marketing=no --trait size=L\n"
          "  sendactl profile export ana > ana.json\n"
          "  sendactl profile erase ana --yes\n"
          "\nEach takes --json; `sendactl profile COMMAND --help` explains it.\n\n" CTL_EXIT_HELP "\n",
          file);
    return file == stdout ? CTL_EXIT_OK : CTL_EXIT_USAGE;
}

static const struct ctl_command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static enum ctl_exit unknown_command(const char *name)
{
    struct text names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = text_from(commands[i].name);
    struct text nearest = text_nearest_of(text_from(name), names, COMMANDS);
    fprintf(stderr, "sendactl profile: there is no command '%s'", name);
    if (nearest.length > 0)
        fprintf(stderr, "; did you mean '%s'?", nearest.bytes);
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
    const struct ctl_command *command = find(argv[1]);
    if (command == NULL)
        return unknown_command(argv[1]);
    snprintf(name, sizeof name, "sendactl profile %s", command->name);
    argv[1] = name;
    return command->run(argc - 1, argv + 1);
}
