/* Parsing DIR and --json. */
#include "ctl/folder_arguments.h"
#include "ctl/options.h"

#include <argp.h>

enum { KEY_JSON = 0x1000 };

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct folder_arguments *arguments = state->input;
    switch (key) {
    case KEY_JSON:
        arguments->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (arguments->directory != NULL)
            argp_error(state, "one folder at a time: '%s' is one too many", argument);
        arguments->directory = argument;
        return 0;
    case ARGP_KEY_END:
        if (arguments->directory == NULL)
            argp_error(state, "which folder? It holds the site's Lua files");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void folder_arguments_parse(struct folder_arguments *arguments, int argc, char **argv, const char *doc)
{
    static const struct argp_option options[] = {{"json", KEY_JSON, NULL, 0, "Print JSON", 0}, {0}};
    struct argp argp = {options, parse, "DIR", doc, NULL, NULL, NULL};
    *arguments = (struct folder_arguments){.directory = NULL};
    ctl_options_parse(&argp, argc, argv, 0, arguments);
}
