/* sendactl profile set: corrects what is known of a customer. */
#include "ctl/options.h"
#include "ctl/pairs.h"
#include "ctl/profile.h"
#include "ctl/profile_view.h"
#include "ctl/session.h"

#include <stdio.h>

enum {
    KEY_TRAIT = 0x2000,
    KEY_REMOVE,
    KEY_CONSENT,
    KEY_PERSONA,
    KEY_STAGE,
    KEY_JOURNEY,
    KEY_LOCALE,
};

struct set {
    struct ctl_options options;                     /* common ones */
    const char *customer;                           /* NULL: not given yet */
    const char *persona, *stage, *journey, *locale; /* NULL: as they are */
    struct pairs traits, removed, consents;
};

static const struct argp_option option_table[] = {
    {"trait", KEY_TRAIT, "NAME=VALUE", 0,
     "Set this trait; may be repeated. true, false and numbers are taken as such; \"5\" in double quotes is "
     "the "
     "text 5",
     1},
    {"remove", KEY_REMOVE, "NAME", 0, "Remove this trait; may be repeated", 1},
    {"consent", KEY_CONSENT, "NAME[=BOOL]", 0, "A consent, given or (=false) revoked; may be repeated", 1},
    {"persona", KEY_PERSONA, "NAME", 0, "From now on this persona", 1},
    {"stage", KEY_STAGE, "NAME", 0, "Put them at this stage", 1},
    {"journey", KEY_JOURNEY, "NAME", 0, "With --stage: of this journey (default: the site's)", 1},
    {"locale", KEY_LOCALE, "NAME", 0, "From now on this language, such as es", 1},
    {0},
};

static error_t parse_text(int key, const char *argument, struct set *set)
{
    switch (key) {
    case KEY_PERSONA:
        set->persona = argument;
        return 0;
    case KEY_STAGE:
        set->stage = argument;
        return 0;
    case KEY_JOURNEY:
        set->journey = argument;
        return 0;
    case KEY_LOCALE:
        set->locale = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_list(int key, const char *argument, const struct argp_state *state, struct set *set)
{
    const char *problem = NULL;
    if (key == KEY_TRAIT)
        problem = pairs_add_value(&set->traits, argument);
    else if (key == KEY_REMOVE)
        problem = pairs_add(&set->removed, argument);
    else if (key == KEY_CONSENT)
        problem = pairs_add_consent(&set->consents, argument);
    else
        return ARGP_ERR_UNKNOWN;
    if (problem != NULL)
        argp_error(state, "'%s': %s", argument, problem);
    return 0;
}

static bool says_something(const struct set *set)
{
    return set->persona != NULL || set->stage != NULL || set->locale != NULL || set->traits.count > 0 ||
           set->removed.count > 0 || set->consents.count > 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct set *set = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &set->options;
        return 0;
    }
    if (key == ARGP_KEY_ARG && set->customer == NULL) {
        set->customer = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && set->customer == NULL)
        argp_error(state, "which CUSTOMER?");
    if (key == ARGP_KEY_END && !says_something(set))
        argp_error(state, "what is to be set? For example: --trait size=L");
    error_t result = parse_text(key, argument, set);
    return result == ARGP_ERR_UNKNOWN ? parse_list(key, argument, state, set) : result;
}

static const struct argp parser = {
    option_table,
    parse,
    "CUSTOMER",
    "Corrects what is known of a customer, and shows what is known then. What is not named stays as it is."
    "\v"
    "Examples:\n"
    "  sendactl profile set ana --trait size=L --remove nickname\n"
    "  sendactl profile set ana --consent marketing --consent profiling=no\n"
    "  sendactl profile set ana --stage decision --locale es\n\n" CTL_EXIT_HELP,
    ctl_options_children,
    NULL,
    NULL};

static void put_traits(senda_request *request, const struct set *set)
{
    if (set->traits.count + set->removed.count == 0)
        return;
    senda_request_open_map(request, "traits");
    pairs_put_values(request, &set->traits);
    for (size_t i = 0; i < set->removed.count; i++)
        senda_request_nil(request, set->removed.items[i]);
    senda_request_close(request);
}

static senda_request *encode(const struct set *set)
{
    const struct {
        const char *name, *text;
    } texts[] = {
        {"customer", set->customer}, {"persona", set->persona}, {"stage", set->stage},
        {"journey", set->journey},   {"locale", set->locale},
    };
    senda_request *request = senda_request_new();
    if (request == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text != NULL)
            senda_request_string(request, texts[i].name, texts[i].text);
    put_traits(request, set);
    pairs_put_consents(request, "consents", &set->consents);
    return request;
}

static void view(const struct print *print, const senda_value *result, const void *context)
{
    (void)context;
    profile_view_write(print, result);
}

enum ctl_exit profile_set(int argc, char **argv)
{
    struct set set = {0};
    ctl_options_create(&set.options);
    ctl_options_parse(&parser, argc, argv, 0, &set);
    enum ctl_exit code = ctl_session_show(&set.options, "profile.set", encode(&set), view, NULL);
    pairs_destroy(&set.traits);
    pairs_destroy(&set.removed);
    pairs_destroy(&set.consents);
    ctl_options_destroy(&set.options);
    return code;
}
