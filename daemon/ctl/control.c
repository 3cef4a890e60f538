/* The control socket's option; see control.h. */
#include "ctl/control.h"

#include <stdlib.h>

#define DEFAULT_CONTROL "unix:/run/senda/control.sock"

enum { KEY_CONTROL = 0x3000 };

static const struct argp_option option_table[] = {
    {"control", KEY_CONTROL, "ADDRESS", 0,
     "The daemon's control socket (default: $SENDA_CONTROL, then " DEFAULT_CONTROL ")", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct ctl_options *options = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = options;
        return 0;
    }
    if (key != KEY_CONTROL)
        return ARGP_ERR_UNKNOWN;
    options->address = argument;
    return 0;
}

static const struct argp parser = {option_table, parse, NULL, NULL, ctl_options_children, NULL, NULL};
const struct argp_child control_children[] = {{&parser, 0, NULL, 0}, {0}};

void control_options_create(struct ctl_options *options)
{
    const char *control = getenv("SENDA_CONTROL");
    ctl_options_create(options);
    options->address = control != NULL && control[0] != '\0' ? control : DEFAULT_CONTROL;
}
