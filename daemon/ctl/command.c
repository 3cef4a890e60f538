/* The table of commands; see command.h. */
#include "ctl/command.h"

#include "base/text.h"

const struct ctl_command ctl_commands[] = {
    {"ask", "ask what a customer should see", ctl_ask},
    {"track", "tell what a customer did", ctl_track},
    {"identify", "join a visitor with the customer that it turned out to be", ctl_identify},
    {"profile", "see, correct, restrict, erase or export what is known of a customer", ctl_profile},
    {"explain", "show a decision as it was taken, and why", ctl_explain},
    {"map", "draw a journey: how customers went through its stages", ctl_map},
    {"ping", "see whether the daemon answers, and how fast", ctl_ping},
    {"stats", "show what the daemon counts", ctl_stats},
    {"log", "print the decisions that were taken", ctl_log},
    {"check", "find every problem of a site's folder", ctl_check},
    {"test", "run the tests of a site's folder", ctl_test},
    {"reload", "load the site's scripts again", ctl_reload},
    {"backup", "copy what the daemon remembers, while it is in use", ctl_backup},
    {"restore", "put such a copy back", ctl_restore},
    {"demo", "see it work: a daemon, a shop, and visitors who walk through it", ctl_demo},
    {"bench", "measure how many requests a second the daemon answers", ctl_bench},
    {NULL, NULL, NULL},
};

const struct ctl_command *ctl_command_find(const char *name)
{
    for (const struct ctl_command *command = ctl_commands; command->name != NULL; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static bool next_name(void *context, struct text *candidate)
{
    const struct ctl_command **next = context;
    if ((*next)->name == NULL)
        return false;
    *candidate = text_from((*next)++->name);
    return true;
}

const struct ctl_command *ctl_command_nearest(const char *name)
{
    const struct ctl_command *next = ctl_commands;
    struct text nearest = text_nearest(text_from(name), (struct text_candidates){next_name, &next});
    return nearest.length > 0 ? ctl_command_find(nearest.bytes) : NULL;
}
