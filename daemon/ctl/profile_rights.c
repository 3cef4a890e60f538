/* sendactl profile get, restrict, erase and export: those that take little more than the customer's id. */
#include "ctl/profile.h"
#include "ctl/profile_view.h"
#include "ctl/say.h"
#include "ctl/session.h"

#include <stdio.h>

enum { KEY_OFF = 0x2000, KEY_YES };

/* What any of these commands was told. */
struct rights {
    struct ctl_options options; /* common ones */
    const char *customer;       /* NULL: not given yet */
    bool off;                   /* restrict: resume */
    bool yes;                   /* erase: meant */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct rights *rights = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &rights->options;
        return 0;
    case ARGP_KEY_ARG:
        if (rights->customer != NULL)
            return ARGP_ERR_UNKNOWN;
        rights->customer = argument;
        return 0;
    case ARGP_KEY_END:
        if (rights->customer == NULL)
            argp_error(state, "which CUSTOMER?");
        return 0;
    case KEY_OFF:
        rights->off = true;
        return 0;
    case KEY_YES:
        rights->yes = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Reads the command line and asks; the options are given back in any case. */
static enum ctl_exit run(const struct argp *parser, int argc, char **argv, struct rights *rights,
                         enum ctl_exit (*ask)(const struct rights *rights))
{
    ctl_options_create(&rights->options);
    ctl_options_parse(parser, argc, argv, 0, rights);
    enum ctl_exit code = ask(rights);
    ctl_options_destroy(&rights->options);
    return code;
}

static void view_profile(const struct print *print, const senda_value *result, const void *context)
{
    (void)context;
    profile_view_write(print, result);
}

/* ---- get ---- */

static const struct argp get_parser = {NULL,
                                       parse,
                                       "CUSTOMER",
                                       "Shows what is known of a customer: where they stand on their "
                                       "journeys, traits, consents, what they did, and "
                                       "what became of every offer."
                                       "\v"
                                       "Examples:\n"
                                       "  sendactl profile get ana\n"
                                       "  sendactl profile get ana --json\n\n" CTL_EXIT_HELP
                                       " A customer never seen is a refusal, NOT_FOUND.",
                                       ctl_options_children,
                                       NULL,
                                       NULL};

static enum ctl_exit ask_get(const struct rights *rights)
{
    return ctl_session_show(&rights->options, "profile.get",
                            ctl_session_texts("customer", rights->customer, NULL), view_profile, NULL);
}

enum ctl_exit profile_get(int argc, char **argv)
{
    return run(&get_parser, argc, argv, &(struct rights){.customer = NULL}, ask_get);
}

/* ---- export ---- */

static const struct argp export_parser = {
    NULL,
    parse,
    "CUSTOMER",
    "Prints everything held of a customer as one JSON object, to be handed over to them: consents with their "
    "dates, every event and touch with its time, other ids, open reservations, and each decision in the log "
    "with its time, what was asked and what was recommended."
    "\v"
    "Example:\n"
    "  sendactl profile export ana > ana.json\n\n"
    "The whole log is read for it: where it is long and the disk is slow, give it a longer "
    "--timeout.\n\n" CTL_EXIT_HELP,
    ctl_options_children,
    NULL,
    NULL};

static void view_json(const struct print *print, const senda_value *result, const void *context)
{
    (void)print;
    (void)context;
    ctl_session_print_json(result);
}

static enum ctl_exit ask_export(const struct rights *rights)
{
    return ctl_session_show(&rights->options, "profile.export",
                            ctl_session_texts("customer", rights->customer, NULL), view_json, NULL);
}

enum ctl_exit profile_export(int argc, char **argv)
{
    return run(&export_parser, argc, argv, &(struct rights){.customer = NULL}, ask_export);
}

/* ---- restrict ---- */

static const struct argp_option restrict_options[] = {
    {"off", KEY_OFF, NULL, 0, "Lift the restriction", 1},
    {0},
};

static const struct argp restrict_parser = {
    restrict_options,
    parse,
    "CUSTOMER",
    "From now on uses nothing of the customer's: they see each placement's fallback, nothing is learned from "
    "them, and no new event is kept. What is held stays, and can be read, exported and erased."
    "\v"
    "Examples:\n"
    "  sendactl profile restrict ana\n"
    "  sendactl profile restrict ana --off\n\n" CTL_EXIT_HELP,
    ctl_options_children,
    NULL,
    NULL};

static enum ctl_exit ask_restrict(const struct rights *rights)
{
    senda_request *request = ctl_session_texts("customer", rights->customer, NULL);
    if (request != NULL)
        senda_request_boolean(request, "restricted", !rights->off);
    return ctl_session_show(&rights->options, "profile.restrict", request, view_profile, NULL);
}

enum ctl_exit profile_restrict(int argc, char **argv)
{
    return run(&restrict_parser, argc, argv, &(struct rights){.customer = NULL}, ask_restrict);
}

/* ---- erase ---- */

static const struct argp_option erase_options[] = {
    {"yes", KEY_YES, NULL, 0, "It is meant; without it nothing is done", 1},
    {0},
};

static const struct argp erase_parser = {erase_options,
                                         parse,
                                         "CUSTOMER",
                                         "Removes everything held of a customer, under all of their ids, and "
                                         "prints a receipt of what was removed. "
                                         "This cannot be taken back."
                                         "\v"
                                         "Example:\n"
                                         "  sendactl profile erase ana --yes\n\n" CTL_EXIT_HELP,
                                         ctl_options_children,
                                         NULL,
                                         NULL};

static void view_outline(const struct print *print, const senda_value *result, const void *context)
{
    (void)context;
    print_outline(print, result, 0);
}

static enum ctl_exit ask_erase(const struct rights *rights)
{
    if (!rights->yes) {
        say_failure(rights->options.json, error_code_name(ERROR_INVALID),
                    "erasing cannot be taken back; if '%s' is to be forgotten, say --yes", rights->customer);
        return CTL_EXIT_USAGE;
    }
    return ctl_session_show(&rights->options, "profile.erase",
                            ctl_session_texts("customer", rights->customer, NULL), view_outline, NULL);
}

enum ctl_exit profile_erase(int argc, char **argv)
{
    return run(&erase_parser, argc, argv, &(struct rights){.customer = NULL}, ask_erase);
}
