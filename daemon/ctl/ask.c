/* sendactl ask: asks for a recommendation and shows the decision. */
#include "ctl/ask_request.h"
#include "ctl/ask_view.h"
#include "ctl/options.h"
#include "ctl/say.h"
#include "ctl/session.h"
#include "ctl/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    KEY_CUSTOMER = 0x2000,
    KEY_STAGE,
    KEY_PERSONA,
    KEY_JOURNEY,
    KEY_LOCALE,
    KEY_TOUCHPOINT,
    KEY_TRAIT,
    KEY_CONSENT,
    KEY_CONTEXT,
    KEY_COUNT,
    KEY_EXCLUDE,
    KEY_EXPLAIN,
    KEY_DRY_RUN,
    KEY_AT,
    KEY_SEED,
};

struct ask {
    struct ctl_options options; /* common ones */
    struct ask_request request; /* what to ask */
};

static const struct argp_option option_table[] = {
    {"placement", 'p', "NAME", 0, "Where on the page or in the mail (required)", 1},
    {"customer", KEY_CUSTOMER, "ID", 0, "Whom it is for (default: an anonymous visitor)", 1},
    {"count", 'n', "N", 0, "How many offers (default: the placement's)", 1},
    {"exclude", KEY_EXCLUDE, "OFFER", 0, "Leave out this offer; may be repeated", 1},
    {"stage", KEY_STAGE, "NAME", 0, "Assume this stage of the journey", 2},
    {"persona", KEY_PERSONA, "NAME", 0, "Assume this persona", 2},
    {"journey", KEY_JOURNEY, "NAME", 0, "Assume this journey", 2},
    {"locale", KEY_LOCALE, "NAME", 0, "Assume this language, such as es", 2},
    {"touchpoint", KEY_TOUCHPOINT, "NAME", 0, "Assume this touchpoint, such as web", 2},
    {"trait", KEY_TRAIT, "NAME=VALUE", 0,
     "Assume this trait; may be repeated. true, false and numbers are taken as such; \"5\" in double quotes "
     "is "
     "the text 5",
     2},
    {"consent", KEY_CONSENT, "NAME[=BOOL]", 0, "Assume this consent, given or (=false) not; may be repeated",
     2},
    {"context", KEY_CONTEXT, "NAME=VALUE", 0, "Tell strategies this; values as with --trait", 2},
    {"explain", 'e', NULL, 0, "Show every offer and what stopped it", 3},
    {"dry-run", 'd', NULL, 0, "The same answer, but nothing is counted, reserved or logged", 3},
    {"at", KEY_AT, "TIME", 0,
     "Decide as if it were TIME: " WHEN_FORMS "; local time, with a Z behind it UTC. Implies --dry-run", 3},
    {"seed", KEY_SEED, "N", 0, "Draw with this seed. Implies --dry-run", 3},
    {0},
};

static error_t parse_facts(int key, char *argument, struct ask_request *request)
{
    switch (key) {
    case 'p':
        request->placement = argument;
        return 0;
    case KEY_CUSTOMER:
        request->customer = argument;
        return 0;
    case KEY_STAGE:
        request->stage = argument;
        return 0;
    case KEY_PERSONA:
        request->persona = argument;
        return 0;
    case KEY_JOURNEY:
        request->journey = argument;
        return 0;
    case KEY_LOCALE:
        request->locale = argument;
        return 0;
    case KEY_TOUCHPOINT:
        request->touchpoint = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The options that may be repeated. */
static error_t parse_lists(int key, char *argument, struct argp_state *state, struct ask_request *request)
{
    const char *option, *problem = NULL;
    switch (key) {
    case KEY_TRAIT:
        option = "--trait", problem = pairs_add_value(&request->traits, argument);
        break;
    case KEY_CONTEXT:
        option = "--context", problem = pairs_add_value(&request->context, argument);
        break;
    case KEY_CONSENT:
        option = "--consent", problem = pairs_add_consent(&request->consents, argument);
        break;
    case KEY_EXCLUDE:
        option = "--exclude", problem = pairs_add(&request->exclude, argument);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    if (problem != NULL)
        argp_error(state, "%s '%s': %s", option, argument, problem);
    return 0;
}

static error_t parse_how(int key, char *argument, struct argp_state *state, struct ask_request *request)
{
    switch (key) {
    case 'n':
        request->count = ctl_option_integer(state, "--count", argument, 1, 50);
        return 0;
    case 'e':
        request->explain = true;
        return 0;
    case 'd':
        request->dry_run = true;
        return 0;
    case KEY_AT:
        request->at_given = request->dry_run = true;
        if (!when_parse(argument, time(NULL), &request->at))
            argp_error(state, "--at '%s': " WHEN_FORMS, argument);
        return 0;
    case KEY_SEED:
        request->seed_given = request->dry_run = true;
        request->seed = ctl_option_integer(state, "--seed", argument, 0, 1L << 53);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct ask *ask = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &ask->options;
        return 0;
    }
    if (key == ARGP_KEY_END && ask->request.placement == NULL)
        argp_error(state, "--placement is required: where is it to be shown?");
    error_t result = parse_facts(key, argument, &ask->request);
    if (result == ARGP_ERR_UNKNOWN)
        result = parse_lists(key, argument, state, &ask->request);
    if (result == ARGP_ERR_UNKNOWN)
        result = parse_how(key, argument, state, &ask->request);
    return result;
}

static const struct argp parser = {option_table,
                                   parse,
                                   NULL,
                                   "Asks what a customer should see at a placement, and why.\v" CTL_EXIT_HELP
                                   " Here 1 means that there is nothing to show.",
                                   ctl_options_children,
                                   NULL,
                                   NULL};

static enum ctl_exit show(const struct ask *ask, const senda_value *result)
{
    struct print print = print_to(stdout);
    if (ask->options.json)
        ctl_session_print_json(result);
    else
        ask_view_write(&print, &ask->request, result);
    return senda_value_count(senda_value_get(result, "items")) > 0 ? CTL_EXIT_OK : CTL_EXIT_NO;
}

enum ctl_exit ctl_ask(int argc, char **argv)
{
    struct ask ask = {0};
    senda_reply *reply = NULL;
    ctl_options_create(&ask.options);
    ctl_options_parse(&parser, argc, argv, 0, &ask);
    senda_request *request = ask_request_encode(&ask.request);
    enum ctl_exit code = CTL_EXIT_UNREACHABLE;
    if (request == NULL)
        say_problem("%s", senda_status_text(SENDA_NO_MEMORY));
    else
        code = ctl_session_ask(&ask.options, "recommend", request, &reply);
    if (code == CTL_EXIT_OK)
        code = show(&ask, senda_reply_result(reply));
    senda_reply_unref(reply);
    senda_request_free(request);
    ask_request_destroy(&ask.request);
    ctl_options_destroy(&ask.options);
    return code;
}
