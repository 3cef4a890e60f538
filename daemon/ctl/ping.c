/* sendactl ping: does the daemon answer, and how fast? */
#include "base/clock.h"
#include "client/json.h"
#include "ctl/options.h"
#include "ctl/session.h"

#include <stdio.h>
#include <string.h>

struct ping {
    struct ctl_options options; /* common ones */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct ping *ping = state->input;
    (void)argument;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = &ping->options;
    return 0;
}

static const struct argp parser = {
    NULL,
    parse,
    NULL,
    "Sees whether the daemon answers, and how long a round trip takes.\v" CTL_EXIT_HELP,
    ctl_options_children,
    NULL,
    NULL};

/* Microseconds of one ping on a connection that stands already; the first one makes it. */
static enum senda_status measure(senda_client *client, senda_reply **reply, double *microseconds)
{
    enum senda_status status = senda_client_call(client, "ping", NULL, reply);
    if (status != SENDA_OK)
        return status;
    senda_reply_unref(*reply);
    *reply = NULL;
    uint64_t start = clock_monotonic_ns();
    status = senda_client_call(client, "ping", NULL, reply);
    *microseconds = (double)(clock_monotonic_ns() - start) / 1000;
    return status;
}

static void print_result(const struct ctl_options *options, double microseconds)
{
    if (!options->json) {
        printf("%s answers in %.0f microseconds\n", options->address, microseconds);
        return;
    }
    fputs("{\"address\": ", stdout);
    client_json_write_string(stdout, options->address, strlen(options->address));
    printf(", \"microseconds\": %.1f}\n", microseconds);
}

enum ctl_exit ctl_ping(int argc, char **argv)
{
    struct ping ping;
    senda_reply *reply = NULL;
    double microseconds = 0;
    ctl_options_create(&ping.options);
    ctl_options_parse(&parser, argc, argv, 0, &ping);
    senda_client *client = ctl_session_open(&ping.options);
    enum senda_status status = client != NULL ? measure(client, &reply, &microseconds) : SENDA_MISUSE;
    if (status == SENDA_OK)
        print_result(&ping.options, microseconds);
    else if (client != NULL)
        ctl_session_say_problem(&ping.options, reply);
    senda_reply_unref(reply);
    senda_client_free(client);
    ctl_options_destroy(&ping.options);
    return ctl_session_exit(status);
}
