/* The table of commands; see command.h. */
#include "ctl/command.h"

#include "base/text.h"
#include "ctl/profile.h"

const struct ctl_command ctl_commands[] = {
    {"ask", "ask what a customer should see", ctl_ask, NULL},
    {"track", "tell what a customer did", ctl_track, NULL},
    {"identify", "join a visitor with the customer that it turned out to be", ctl_identify, NULL},
    {"profile", "see, correct, restrict, erase or export what is known of a customer", ctl_profile,
     profile_commands},
    {"explain", "show a decision as it was taken, and why", ctl_explain, NULL},
    {"map", "draw a journey: how customers went through its stages", ctl_map, NULL},
    {"ping", "see whether the daemon answers, and how fast", ctl_ping, NULL},
    {"stats", "show what the daemon counts", ctl_stats, NULL},
    {"log", "print the decisions that were taken", ctl_log, NULL},
    {"check", "find every problem of a site's folder", ctl_check, NULL},
    {"test", "run the tests of a site's folder", ctl_test, NULL},
    {"reload", "load the site's scripts again", ctl_reload, NULL},
    {"backup", "copy what the daemon remembers, while it is in use", ctl_backup, NULL},
    {"restore", "put such a copy back", ctl_restore, NULL},
    {"demo", "see it work: a daemon, a shop, and visitors who walk through it", ctl_demo, NULL},
    {"bench", "measure how many requests a second the daemon answers", ctl_bench, NULL},
    {NULL, NULL, NULL, NULL},
};

const struct ctl_command *ctl_command_find(const struct ctl_command *table, const char *name)
{
    for (const struct ctl_command *command = table; command->name != NULL; command++)
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

const struct ctl_command *ctl_command_nearest(const struct ctl_command *table, const char *name)
{
    const struct ctl_command *next = table;
    struct text nearest = text_nearest(text_from(name), (struct text_candidates){next_name, &next});
    return nearest.length > 0 ? ctl_command_find(table, nearest.bytes) : NULL;
}
