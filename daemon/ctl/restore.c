/* sendactl restore: a backup becomes what the daemon remembers. */
#include "ctl/command.h"
#include "ctl/figures.h"
#include "ctl/options.h"
#include "ctl/say.h"
#include "ctl/state_arguments.h"

#include "backup/restore.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>

enum { KEY_FORCE = 0x2100 };

struct restore {
    struct state_arguments common; /* the directory is the backup */
    bool force;                    /* what is there is moved aside */
};

static const struct argp_option option_table[] = {
    {"force", KEY_FORCE, NULL, 0, "Move the memory that is there aside, into STATE/before-TIME", 2},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct restore *restore = state->input;
    (void)argument;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &restore->common;
        return 0;
    case KEY_FORCE:
        restore->force = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    option_table,
    parse,
    NULL,
    "Puts the backup in DIRECTORY into the daemon's state directory. The daemon has to be stopped. The copy "
    "is looked at before anything is changed; then it takes its place whole or not at all. Run it as the "
    "daemon's user."
    "\v"
    "Whom you have erased since the backup was made is in it: erase them again.\n\n"
    "Examples:\n"
    "  sendactl restore /var/backups/senda/monday\n"
    "  sendactl restore --force --state=/srv/senda ./copy\n\n"
    "Exit codes: 0 the backup is in place; 1 it is not: a daemon runs, the backup is damaged or of a newer "
    "senda, or the disk refuses; 2 the command line is not understood, or one of the directories is not what "
    "it should be: no finished backup, or a memory that only --force moves aside.",
    state_arguments_children,
    NULL,
    NULL};

static void print_json(const struct restore_result *result, const char *state)
{
    const struct backup_note *note = &result->note;
    const char *aside = result->aside[0] != '\0' ? result->aside : NULL;
    json_t *whole = json_pack("{s:s, s:s?, s:I, s:I, s:I, s:I, s:I}", "state", state, "aside", aside, "made",
                              (json_int_t)note->made, "customers", (json_int_t)note->customers, "keys",
                              (json_int_t)note->keys, "segments", (json_int_t)note->segments, "bytes",
                              (json_int_t)note->bytes);
    json_dumpf(whole, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(whole);
}

static void print_plain(const struct restore_result *result, const char *state)
{
    const struct backup_note *note = &result->note;
    printf("%s holds the backup now: %s, %s, ", state, figures_of(note->customers, "customer").text,
           figures_of(note->keys, "key").text);
    printf("%s of the decision log; %s\n", figures_of(note->segments, "segment").text,
           figures_of(note->bytes, "byte").text);
    if (result->aside[0] != '\0')
        printf("what was there is in %s\n", result->aside);
}

enum ctl_exit ctl_restore(int argc, char **argv)
{
    struct restore restore = {.common = {.state = state_arguments_default()}};
    struct restore_result result;
    struct error error;
    ctl_options_parse(&parser, argc, argv, 0, &restore);
    signal(SIGXFSZ, SIG_IGN);
    if (!restore_make(&result, restore.common.directory, restore.common.state, restore.force, &error)) {
        say_failure(restore.common.json, error_code_name(error.code), "not restored: %s", error.message);
        return error.code == ERROR_INVALID || error.code == ERROR_NOT_FOUND ? CTL_EXIT_USAGE : CTL_EXIT_NO;
    }
    if (restore.common.json)
        print_json(&result, restore.common.state);
    else
        print_plain(&result, restore.common.state);
    return CTL_EXIT_OK;
}
