/* sendactl backup: a copy of the state directory, made while the daemon uses it. */
#include "ctl/command.h"
#include "ctl/figures.h"
#include "ctl/options.h"
#include "ctl/say.h"
#include "ctl/state_arguments.h"

#include "backup/backup.h"
#include "base/clock.h"

#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

static const struct argp parser = {
    NULL,
    parse,
    NULL,
    "Copies what the daemon remembers, customers and decision log, into DIRECTORY, which is new or empty. No "
    "daemon is asked; one may be running or not. What was erased is not in the copy. Run it as the "
    "daemon's user."
    "\v"
    "Examples:\n"
    "  sendactl backup /var/backups/senda/monday\n"
    "  sendactl backup --state=/srv/senda --json ./copy\n\n"
    "Exit codes: 0 everything was copied and is on the disk; 1 it could not be copied, nothing is left in "
    "DIRECTORY; 2 the command line is not understood, or one of the directories is not what it should be.",
    state_arguments_children,
    NULL,
    NULL};

static void print_json(const struct backup_result *result, const char *directory, uint64_t took_ns)
{
    const struct backup_note *note = &result->note;
    json_t *whole = json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:f}", "directory", directory, "made",
                              (json_int_t)note->made, "customers", (json_int_t)note->customers, "keys",
                              (json_int_t)note->keys, "segments", (json_int_t)note->segments, "bytes",
                              (json_int_t)note->bytes, "damaged", (json_int_t)result->damaged, "seconds",
                              (double)took_ns / 1e9);
    json_dumpf(whole, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(whole);
}

static void print_plain(const struct backup_result *result, const char *directory, uint64_t took_ns)
{
    const struct backup_note *note = &result->note;
    printf("copied to %s: %s, %s, ", directory, figures_of(note->customers, "customer").text,
           figures_of(note->keys, "key").text);
    printf("%s of the decision log; %s in %s\n", figures_of(note->segments, "segment").text,
           figures_of(note->bytes, "byte").text, figures_time(took_ns).text);
    if (result->damaged > 0)
        fprintf(stderr, "sendactl: %s of the decision log were damaged and left behind\n",
                figures_of(result->damaged, "byte").text);
}

enum ctl_exit ctl_backup(int argc, char **argv)
{
    struct state_arguments arguments = {.state = state_arguments_default()};
    struct backup_result result;
    struct error error;
    ctl_options_parse(&parser, argc, argv, 0, &arguments);
    signal(SIGXFSZ, SIG_IGN); /* a limit on files is an error like a full disk */
    uint64_t began_ns = clock_monotonic_ns();
    if (!backup_make(&result, arguments.state, arguments.directory, &error)) {
        say_failure(arguments.json, error_code_name(error.code), "no backup: %s", error.message);
        return error.code == ERROR_INVALID || error.code == ERROR_NOT_FOUND ? CTL_EXIT_USAGE : CTL_EXIT_NO;
    }
    uint64_t took_ns = clock_monotonic_ns() - began_ns;
    if (arguments.json)
        print_json(&result, arguments.directory, took_ns);
    else
        print_plain(&result, arguments.directory, took_ns);
    return CTL_EXIT_OK;
}
