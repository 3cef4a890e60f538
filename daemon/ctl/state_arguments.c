/* Parsing DIRECTORY, --state and --json. */
#include "ctl/state_arguments.h"

#include <stdlib.h>

enum { KEY_STATE = 0x2000, KEY_JSON };

static const struct argp_option option_table[] = {
    {"state", KEY_STATE, "STATE", 0, STATE_ARGUMENTS_HELP, 1},
    {"json", KEY_JSON, NULL, 0, "Print JSON", 1},
    {0},
};

const char *state_arguments_default(void)
{
    const char *state = getenv("SENDA_STATE");
    return state != NULL && state[0] != '\0' ? state : STATE_ARGUMENTS_DEFAULT;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct state_arguments *arguments = state->input;
    switch (key) {
    case KEY_STATE:
        arguments->state = argument;
        return 0;
    case KEY_JSON:
        arguments->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->directory != NULL)
            argp_error(state, "'%s' is one word too many", argument);
        arguments->directory = argument;
        return 0;
    case ARGP_KEY_END:
        if (arguments->directory == NULL)
            argp_error(state, "which directory?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {option_table, parse, "DIRECTORY", NULL, NULL, NULL, NULL};

const struct argp_child state_arguments_children[] = {{&parser, 0, NULL, 0}, {0}};
