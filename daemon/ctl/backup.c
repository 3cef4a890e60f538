/* sendactl backup: a copy of the store, made while it is in use. */
#include "ctl/control.h"
#include "ctl/session.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

enum { TIMEOUT = 600000 }; /* milliseconds; copying takes its time */

struct backup {
    struct ctl_options options; /* common ones; the address is the control socket's */
    const char *directory;      /* NULL: not given yet */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct backup *backup = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &backup->options;
        return 0;
    }
    if (key == ARGP_KEY_ARG && backup->directory == NULL) {
        backup->directory = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && backup->directory == NULL)
        argp_error(state, "which DIRECTORY is the copy to go to?");
    return ARGP_ERR_UNKNOWN;
}

static const struct argp parser = {
    NULL,
    parse,
    "DIRECTORY",
    "Copies everything that the daemon remembers into DIRECTORY, on the daemon's machine and written by the "
    "daemon, while it goes on serving. The copy is complete when this command ends; without "
    "--timeout it waits for ten minutes."
    "\v"
    "Examples:\n"
    "  sendactl backup /var/backups/senda/monday\n"
    "  sendactl backup ./copy --control unix:/run/senda/control.sock\n\n" CTL_EXIT_HELP,
    control_children,
    NULL,
    NULL};

/* A path that is seen from here as the daemon, which is elsewhere, has to see it. False: too long. */
static bool make_absolute(const char *directory, char out[PATH_MAX])
{
    char here[PATH_MAX];
    if (directory[0] == '/')
        return snprintf(out, PATH_MAX, "%s", directory) < PATH_MAX;
    return getcwd(here, sizeof here) != NULL && snprintf(out, PATH_MAX, "%s/%s", here, directory) < PATH_MAX;
}

static void view(const struct print *print, const senda_value *result, const void *context)
{
    char words[PATH_MAX];
    (void)context;
    fputs("copied to ", print->file);
    print_styled(print, PRINT_BOLD, print_words(senda_value_get(result, "directory"), words, sizeof words));
    putc('\n', print->file);
}

enum ctl_exit ctl_backup(int argc, char **argv)
{
    struct backup backup = {0};
    char directory[PATH_MAX];
    enum ctl_exit code = CTL_EXIT_USAGE;
    control_options_create(&backup.options);
    backup.options.timeout = TIMEOUT;
    argp_parse(&parser, argc, argv, 0, NULL, &backup);
    if (make_absolute(backup.directory, directory))
        code = ctl_session_show(&backup.options, "backup", ctl_session_texts("directory", directory, NULL),
                                view, NULL);
    else
        fprintf(stderr, "sendactl: %s: this path is too long\n", backup.directory);
    ctl_options_destroy(&backup.options);
    return code;
}
