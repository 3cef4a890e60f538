/* sendactl identify: two ids turn out to be one person. */
#include "ctl/options.h"
#include "ctl/session.h"

#include <stdio.h>

struct identify {
    struct ctl_options options; /* common ones */
    const char *ids[2];         /* anonymous, customer; NULL: not given yet */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct identify *identify = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &identify->options;
        return 0;
    }
    if (key == ARGP_KEY_ARG && state->arg_num < 2) {
        identify->ids[state->arg_num] = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && state->arg_num < 2)
        argp_error(state, "two ids are needed: the ANONYMOUS one, and the CUSTOMER's");
    return ARGP_ERR_UNKNOWN;
}

static const struct argp parser = {NULL,
                                   parse,
                                   "ANONYMOUS CUSTOMER",
                                   "Joins what is known of a visitor with the customer that it turned out to "
                                   "be. From then on both ids are one "
                                   "person; told again, nothing changes."
                                   "\v"
                                   "Example:\n"
                                   "  sendactl identify visitor-7 ana\n\n" CTL_EXIT_HELP,
                                   ctl_options_children,
                                   NULL,
                                   NULL};

static void view(const struct print *print, const senda_value *result, const void *context)
{
    const struct identify *identify = context;
    char stage[256];
    bool merged = senda_value_boolean(senda_value_get(result, "merged"), false);
    print_styled(print, PRINT_PLAIN, identify->ids[0]);
    fputs(" and ", print->file);
    print_styled(print, PRINT_PLAIN, identify->ids[1]);
    fputs(merged ? " are one person from now on" : " were one person already", print->file);
    if (senda_value_type(senda_value_get(result, "stage")) != SENDA_TYPE_NIL) {
        fputs(", who stands at ", print->file);
        print_styled(print, PRINT_BOLD, print_words(senda_value_get(result, "stage"), stage, sizeof stage));
    }
    putc('\n', print->file);
}

enum ctl_exit ctl_identify(int argc, char **argv)
{
    struct identify identify = {0};
    ctl_options_create(&identify.options);
    ctl_options_parse(&parser, argc, argv, 0, &identify);
    senda_request *request =
        ctl_session_texts("anonymous", identify.ids[0], "customer", identify.ids[1], NULL);
    enum ctl_exit code = ctl_session_show(&identify.options, "identify", request, view, &identify);
    ctl_options_destroy(&identify.options);
    return code;
}
