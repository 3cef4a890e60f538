/* sendactl stats: what the daemon counts. */
#include "ctl/options.h"
#include "ctl/print.h"
#include "ctl/session.h"

struct stats {
    struct ctl_options options; /* common ones */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct stats *stats = state->input;
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = &stats->options;
    return 0;
}

static const struct argp parser = {
    NULL, parse, NULL, "Shows what the daemon counts.\v" CTL_EXIT_HELP, ctl_options_children, NULL, NULL};

enum ctl_exit ctl_stats(int argc, char **argv)
{
    struct stats stats;
    senda_reply *reply;
    struct print print = print_to(stdout);
    ctl_options_create(&stats.options);
    ctl_options_parse(&parser, argc, argv, 0, &stats);
    enum ctl_exit code = ctl_session_ask(&stats.options, "stats", NULL, &reply);
    if (code == CTL_EXIT_OK && stats.options.json)
        ctl_session_print_json(senda_reply_result(reply));
    else if (code == CTL_EXIT_OK)
        print_outline(&print, senda_reply_result(reply), 0);
    senda_reply_unref(reply);
    ctl_options_destroy(&stats.options);
    return code;
}
