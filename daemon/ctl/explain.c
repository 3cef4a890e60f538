/* sendactl explain: a decision as it was taken, with its trace. */
#include "ctl/ask_view.h"
#include "ctl/options.h"
#include "ctl/session.h"
#include "ctl/when.h"

#include <stdio.h>

struct explain {
    struct ctl_options options; /* common ones */
    const char *decision;       /* NULL: not given yet */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct explain *explain = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &explain->options;
        return 0;
    }
    if (key == ARGP_KEY_ARG && explain->decision == NULL) {
        explain->decision = argument;
        return 0;
    }
    if (key == ARGP_KEY_END && explain->decision == NULL)
        argp_error(state, "which DECISION? `recommend` gives an id to each");
    return ARGP_ERR_UNKNOWN;
}

static const struct argp parser = {
    NULL,
    parse,
    "DECISION",
    "Shows a decision as it was taken: for whom, at which stage, what was chosen, and for every other offer "
    "what "
    "stopped it. Decisions are kept for as long as the daemon's log keeps them."
    "\v"
    "Examples:\n"
    "  sendactl explain AAZfNcTN8AAAAAAAAAAAATUyZWU\n"
    "  sendactl explain AAZfNcTN8AAAAAAAAAAAATUyZWU --json\n"
    "An id that begins with a dash is written behind --: sendactl explain -- -ID\n\n" CTL_EXIT_HELP,
    ctl_options_children,
    NULL,
    NULL};

static void view(const struct print *print, const senda_value *result, const void *context)
{
    char when[32];
    const senda_value *at = senda_value_get(result, "at");
    struct ask_request request = {.customer = senda_value_string(senda_value_get(result, "customer"), NULL)};
    (void)context;
    if (at != NULL) {
        print_styled(print, PRINT_DIM, "When");
        fprintf(print->file, "     %s\n", when_words(senda_value_number(at, -1), when));
    }
    ask_view_write(print, &request, result);
}

enum ctl_exit ctl_explain(int argc, char **argv)
{
    struct explain explain = {0};
    ctl_options_create(&explain.options);
    ctl_options_parse(&parser, argc, argv, 0, &explain);
    enum ctl_exit code = ctl_session_show(&explain.options, "explain",
                                          ctl_session_texts("decision", explain.decision, NULL), view, NULL);
    ctl_options_destroy(&explain.options);
    return code;
}
