/* sendactl track: tells the daemon what a customer did. */
#include "base/text.h"
#include "ctl/options.h"
#include "ctl/pairs.h"
#include "ctl/print.h"
#include "ctl/say.h"
#include "ctl/session.h"
#include "ctl/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    KEY_CUSTOMER = 0x2000,
    KEY_ID,
    KEY_DECISION,
    KEY_OFFER,
    KEY_PLACEMENT,
    KEY_TOUCHPOINT,
    KEY_VALUE,
    KEY_AT,
    KEY_PROPERTY,
};

struct track {
    struct ctl_options options; /* common ones */
    senda_request *request;     /* owned; the event's arguments, but for its properties */
    const char *event;          /* NULL: not given yet */
    const char *customer;       /* NULL: nobody's */
    struct pairs properties;
};

static const struct argp_option option_table[] = {
    {"customer", KEY_CUSTOMER, "ID", 0, "Who did it (default: nobody that is known)", 1},
    {"offer", KEY_OFFER, "ID", 0, "The offer that it is about", 1},
    {"placement", KEY_PLACEMENT, "NAME", 0, "Where it happened", 1},
    {"decision", KEY_DECISION, "ID", 0, "The decision that it answers to", 1},
    {"touchpoint", KEY_TOUCHPOINT, "NAME", 0, "The medium, such as site or email", 1},
    {"value", KEY_VALUE, "NUMBER", 0, "What it is worth", 2},
    {"property", KEY_PROPERTY, "NAME=VALUE", 0,
     "Anything else that rules look at; may be repeated. true, false and numbers are taken as such; \"5\" in "
     "double quotes is the text 5",
     2},
    {"at", KEY_AT, "TIME", 0, "When it happened (default: now): " WHEN_FORMS, 2},
    {"id", KEY_ID, "KEY", 0, "The event's own id: told again, it counts once", 2},
    {0},
};

/* The argument that an option stands for; NULL: another kind of option. */
static const char *text_argument(int key)
{
    switch (key) {
    case KEY_CUSTOMER:
        return "customer";
    case KEY_ID:
        return "id";
    case KEY_DECISION:
        return "decision";
    case KEY_OFFER:
        return "offer";
    case KEY_PLACEMENT:
        return "placement";
    case KEY_TOUCHPOINT:
        return "touchpoint";
    default:
        return NULL;
    }
}

static void parse_at(struct track *track, const char *argument, const struct argp_state *state)
{
    int64_t at = 0;
    if (!when_parse(argument, time(NULL), &at))
        argp_error(state, "--at '%s': " WHEN_FORMS, argument);
    senda_request_integer(track->request, "at", at);
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct track *track = state->input;
    const char *name = text_argument(key), *problem = NULL;
    if (name != NULL)
        senda_request_string(track->request, name, argument);
    else if (key == KEY_VALUE)
        senda_request_number(track->request, "value",
                             ctl_option_number(state, "--value", argument, 0, 0x1p53));
    else if (key == KEY_AT)
        parse_at(track, argument, state);
    else if (key == KEY_PROPERTY)
        problem = pairs_add_value(&track->properties, argument);
    else
        return ARGP_ERR_UNKNOWN;
    if (key == KEY_CUSTOMER)
        track->customer = argument;
    if (problem != NULL)
        argp_error(state, "--property '%s': %s", argument, problem);
    return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct track *track = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &track->options;
        return 0;
    }
    if (key == ARGP_KEY_ARG && track->event == NULL) {
        track->event = argument;
        senda_request_string(track->request, "event", argument);
        return 0;
    }
    if (key == ARGP_KEY_END && track->event == NULL)
        argp_error(state, "which EVENT? For example: impression, click, purchase");
    return parse_option(key, argument, state);
}

static const struct argp parser = {
    option_table,
    parse,
    "EVENT",
    "Tells what happened: impression, click, dismiss, conversion, purchase, page_view, or a name of your "
    "own. "
    "Is answered when it is kept for good."
    "\v"
    "Examples:\n"
    "  sendactl track click --customer ana --decision ID --offer guide\n"
    "  sendactl track purchase --customer ana --value 24.90 --id order-1001\n"
    "  sendactl track page_view --customer ana --property section=pricing --at 2h\n\n" CTL_EXIT_HELP
    " Here 1 means that the event was not kept, as the customer is restricted.",
    ctl_options_children,
    NULL,
    NULL};

/* Where the customer stands now, if anywhere. */
static void print_place(const struct print *print, const struct track *track, const senda_value *result)
{
    char journey[256], stage[256];
    if (senda_value_type(senda_value_get(result, "stage")) == SENDA_TYPE_NIL)
        return;
    bool moved = senda_value_boolean(senda_value_get(result, "moved"), false);
    print_styled(print, PRINT_PLAIN, track->customer != NULL ? track->customer : "the customer");
    fputs(moved ? " moved on to " : " stands at ", print->file);
    print_styled(print, PRINT_BOLD, print_words(senda_value_get(result, "stage"), stage, sizeof stage));
    fprintf(print->file, " on the journey %s\n",
            print_words(senda_value_get(result, "journey"), journey, sizeof journey));
}

static void print_result(const struct track *track, const senda_value *result)
{
    struct print print = print_to(stdout);
    char because[256];
    const senda_value *reason = senda_value_get(result, "because");
    if (!senda_value_boolean(senda_value_get(result, "accepted"), false)) {
        print_styled(&print, PRINT_BAD, "not kept");
        printf(": %s\n",
               reason == NULL ? "it was not accepted" : print_words(reason, because, sizeof because));
        return;
    }
    if (senda_value_boolean(senda_value_get(result, "duplicate"), false))
        puts("known already: it was told before and counts once");
    else
        puts("kept");
    print_place(&print, track, result);
}

static enum ctl_exit show(const struct track *track, const senda_value *result)
{
    if (track->options.json)
        ctl_session_print_json(result);
    else
        print_result(track, result);
    return senda_value_boolean(senda_value_get(result, "accepted"), false) ? CTL_EXIT_OK : CTL_EXIT_NO;
}

/* Any name is an event; but one that is nearly a usual one is more likely a slip. */
static void hint_at_slip(const char *event)
{
    static const struct text usual[] = {
        {"impression", 10}, {"click", 5},    {"dismiss", 7}, {"conversion", 10}, {"purchase", 8},
        {"page_view", 9},   {"download", 8}, {"review", 6},  {"referral", 8},    {"survey", 6},
    };
    size_t count = sizeof usual / sizeof usual[0];
    for (size_t i = 0; i < count; i++)
        if (text_equal(text_from(event), usual[i]))
            return;
    struct text nearest = text_nearest_of(text_from(event), usual, count);
    if (nearest.length > 0)
        say_problem("'%s' is counted as an event of its own; did you mean '%.*s'?", event,
                    (int)nearest.length, nearest.bytes);
}

enum ctl_exit ctl_track(int argc, char **argv)
{
    struct track track = {.request = senda_request_new()};
    senda_reply *reply = NULL;
    if (track.request == NULL) {
        say_problem("%s", senda_status_text(SENDA_NO_MEMORY));
        return CTL_EXIT_UNREACHABLE;
    }
    ctl_options_create(&track.options);
    ctl_options_parse(&parser, argc, argv, 0, &track);
    pairs_put_map(track.request, "properties", &track.properties);
    enum ctl_exit code = ctl_session_ask(&track.options, "track", track.request, &reply);
    if (code == CTL_EXIT_OK)
        hint_at_slip(track.event);
    if (code == CTL_EXIT_OK)
        code = show(&track, senda_reply_result(reply));
    senda_reply_unref(reply);
    pairs_destroy(&track.properties);
    senda_request_free(track.request);
    ctl_options_destroy(&track.options);
    return code;
}
