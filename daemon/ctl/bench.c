/* sendactl bench: how many requests a second does the daemon answer, and how long does each take? */
#include "ctl/bench_driver.h"
#include "ctl/bench_report.h"
#include "ctl/command.h"
#include "ctl/options.h"
#include "ctl/say.h"

#include <stdio.h>
#include <unistd.h>

enum {
    KEY_RATE = 0x2000,
    KEY_DURATION,
    KEY_REQUESTS,
    KEY_WARMUP,
    KEY_FLOOR,
    KEY_COMPARE,
    KEY_ROUND,
    KEY_FILE,
    KEY_CUSTOMERS,
    KEY_TRACK,
};

struct bench {
    struct ctl_options options; /* common ones */
    const char *placement;      /* of the built-in requests; NULL: others are sent */
    const char *file;           /* requests of one's own; NULL: the built-in ones */
    long connections;           /* at the same time */
    long depth;                 /* requests on their way on each */
    long customers;             /* that are drawn from */
    double rate;                /* requests a second; 0: closed loop */
    double duration;            /* seconds; 0: `requests` ends it */
    double requests;            /* how many; 0: `duration` ends it */
    double warmup;              /* seconds */
    double round;               /* seconds of one round of a comparison */
    bool track;                 /* events instead of recommendations */
    bool floor;                 /* `ping` instead of `recommend` */
    bool compare;               /* both, in turns */
};

static const struct argp_option option_table[] = {
    {"placement", 'p', "NAME", 0, "Ask for this placement, with a built-in mix of requests", 1},
    {"track", KEY_TRACK, NULL, 0,
     "Send events instead: `track`, or what --requests-file has for it. An answer means that it is on disk",
     1},
    {"requests-file", KEY_FILE, "FILE", 0,
     "Send these requests instead, in turns: MessagePack maps of arguments", 1},
    {"customers", KEY_CUSTOMERS, "N", 0,
     "Customers, drawn at random for each request: bench-0000000 and so on. In a file the "
     "customer " BENCH_MIX_CUSTOMER " stands for all of them, the event id " BENCH_MIX_EVENT
     " for a new one each time (default: 1000)",
     1},
    {"connections", 'n', "N", 0, "Connections (default: 4)", 2},
    {"depth", 'd', "D", 0, "Requests on their way on each connection (default: 64)", 2},
    {"rate", 'r', "R", 0,
     "Open loop: R requests a second whether or not they are answered, latencies counted from when each was "
     "due "
     "(default: closed loop, a new request for every answer)",
     2},
    {"duration", KEY_DURATION, "SECONDS", 0, "How long (default: 10)", 3},
    {"requests", KEY_REQUESTS, "N", 0, "How many requests, instead of how long", 3},
    {"warmup", KEY_WARMUP, "SECONDS", 0, "Load that is not measured, at the beginning (default: 1)", 3},
    {"floor", KEY_FLOOR, NULL, 0, "Call `ping` with the very same arguments: what the transport alone can do",
     4},
    {"compare-floor", KEY_COMPARE, NULL, 0,
     "Alternate short rounds of `recommend` and `ping`, and print their ratio; what disturbs the machine "
     "disturbs "
     "both",
     4},
    {"round", KEY_ROUND, "SECONDS", 0, "Length of each round of --compare-floor (default: 0.5)", 4},
    {0},
};

static error_t parse_load(int key, char *argument, struct argp_state *state, struct bench *bench)
{
    switch (key) {
    case 'p':
        bench->placement = argument;
        return 0;
    case KEY_FILE:
        bench->file = argument;
        return 0;
    case KEY_CUSTOMERS:
        bench->customers = ctl_option_integer(state, "--customers", argument, 1, BENCH_MIX_CUSTOMERS_MOST);
        return 0;
    case 'n':
        bench->connections = ctl_option_integer(state, "--connections", argument, 1, 10000);
        return 0;
    case 'd':
        bench->depth = ctl_option_integer(state, "--depth", argument, 1, 65536);
        return 0;
    case 'r':
        bench->rate = ctl_option_number(state, "--rate", argument, 0.001, 1e9);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse_course(int key, char *argument, struct argp_state *state, struct bench *bench)
{
    switch (key) {
    case KEY_DURATION:
        bench->duration = ctl_option_number(state, "--duration", argument, 0.001, 1e6);
        return 0;
    case KEY_REQUESTS:
        bench->requests = (double)ctl_option_integer(state, "--requests", argument, 1, 1L << 53);
        return 0;
    case KEY_WARMUP:
        bench->warmup = ctl_option_number(state, "--warmup", argument, 0, 1e6);
        return 0;
    case KEY_ROUND:
        bench->round = ctl_option_number(state, "--round", argument, 0.001, 1e6);
        return 0;
    case KEY_FLOOR:
        bench->floor = true;
        return 0;
    case KEY_COMPARE:
        bench->compare = true;
        return 0;
    case KEY_TRACK:
        bench->track = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void check(const struct bench *bench, const struct argp_state *state)
{
    bool several = bench->placement != NULL && (bench->file != NULL || bench->track);
    if (several || (bench->placement == NULL && bench->file == NULL && !bench->track))
        argp_error(state, "what is to be asked? Give --placement, --requests-file or --track");
    if (bench->track && (bench->compare || bench->floor))
        argp_error(state, "--track goes with neither --floor nor --compare-floor");
    if (bench->compare && (bench->floor || bench->rate > 0 || bench->requests > 0))
        argp_error(state, "--compare-floor goes with none of --floor, --rate and --requests");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct bench *bench = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &bench->options;
        return 0;
    }
    if (key == ARGP_KEY_END)
        check(bench, state);
    error_t result = parse_load(key, argument, state, bench);
    return result == ARGP_ERR_UNKNOWN ? parse_course(key, argument, state, bench) : result;
}

static const struct argp parser = {
    option_table,
    parse,
    NULL,
    "Measures how many requests a second the daemon answers, and how long each takes.\v"
    "The requests are real: what they recommend and tell is counted, kept and logged.\n\n" CTL_EXIT_HELP
    " Here 1 means that the daemon answered requests with errors.",
    ctl_options_children,
    NULL,
    NULL};

static uint64_t nanoseconds(double seconds)
{
    return (uint64_t)(seconds * 1e9);
}

static void show_progress(void *context, uint64_t completed, uint64_t elapsed_ns)
{
    (void)context;
    fprintf(stderr, "\r%8.1f s %15.0f requests/s\033[K", (double)elapsed_ns / 1e9,
            (double)completed * 1e9 / (double)elapsed_ns);
}

static bool run_once(struct bench_driver *driver, const struct bench *bench,
                     const struct bench_messages *messages, double seconds, struct bench_result *result,
                     struct error *error)
{
    bool terminal = isatty(STDERR_FILENO) == 1;
    struct bench_run run = {
        .messages = messages,
        .customers = (uint32_t)bench->customers,
        .duration = nanoseconds(seconds),
        .requests = seconds > 0 ? 0 : (uint64_t)bench->requests,
        .rate = bench->rate,
        .progress = terminal ? show_progress : NULL,
    };
    bool done = bench_driver_run(driver, &run, result, error);
    if (terminal)
        fputs("\r\033[K", stderr);
    return done;
}

static bool warm_up(struct bench_driver *driver, const struct bench *bench,
                    const struct bench_messages *messages, struct error *error)
{
    struct bench_result ignored;
    if (bench->warmup <= 0)
        return true;
    bool done = run_once(driver, bench, messages, bench->warmup, &ignored, error);
    driver->first_error[0] = '\0';
    return done;
}

/* What was measured before it was broken off is for people; programs get an error, and nothing else. */
static bool is_shown(const struct bench *bench, bool done)
{
    return done || !bench->options.json;
}

static enum ctl_exit measure(struct bench_driver *driver, const struct bench *bench,
                             const struct bench_messages *messages, struct error *error)
{
    struct bench_report report = {
        .method = bench->floor   ? "ping"
                  : bench->track ? "track"
                                 : "recommend",
        .connections = (size_t)bench->connections,
        .depth = (size_t)bench->depth,
        .rate = bench->rate,
        .json = bench->options.json,
    };
    struct bench_result result;
    if (!warm_up(driver, bench, messages, error))
        return CTL_EXIT_UNREACHABLE;
    bool done = run_once(driver, bench, messages, bench->requests > 0 ? 0 : bench->duration, &result, error);
    report.first_error = driver->first_error;
    if (result.completed > 0 && is_shown(bench, done))
        bench_report_write(stdout, &report, &result);
    if (!done)
        return CTL_EXIT_UNREACHABLE;
    return result.errors > 0 ? CTL_EXIT_NO : CTL_EXIT_OK;
}

/* Rounds come as pairs; every other pair begins with the floor, so that a drift of the machine cancels out.
 */
static enum ctl_exit compare(struct bench_driver *driver, const struct bench *bench,
                             const struct bench_messages messages[2], struct error *error)
{
    size_t pairs = (size_t)(bench->duration / (2 * bench->round));
    struct bench_comparison comparison;
    enum ctl_exit code = CTL_EXIT_OK;
    if (!warm_up(driver, bench, &messages[0], error) || !warm_up(driver, bench, &messages[1], error))
        return CTL_EXIT_UNREACHABLE;
    bench_comparison_create(&comparison, bench->options.json ? NULL : stdout);
    for (size_t i = 0; i < (pairs > 0 ? pairs : 1) && code != CTL_EXIT_UNREACHABLE; i++) {
        struct bench_result results[2];
        for (size_t turn = 0; turn < 2 && code != CTL_EXIT_UNREACHABLE; turn++) {
            size_t which = (turn + i) % 2;
            if (!run_once(driver, bench, &messages[which], bench->round, &results[which], error))
                code = CTL_EXIT_UNREACHABLE;
            else if (results[which].errors > 0)
                code = CTL_EXIT_NO;
        }
        if (code != CTL_EXIT_UNREACHABLE)
            bench_comparison_add(&comparison, &results[0], &results[1]);
    }
    if (is_shown(bench, code != CTL_EXIT_UNREACHABLE))
        bench_comparison_write(stdout, &comparison, driver->first_error, bench->options.json);
    bench_comparison_destroy(&comparison);
    return code;
}

static bool create_messages(const struct bench *bench, const char *method, struct bench_messages *messages,
                            struct error *error)
{
    if (bench->file != NULL)
        return bench_messages_create_from_file(messages, method, bench->file, error);
    if (bench->placement == NULL)
        return bench_messages_create_track(messages, error);
    return bench_messages_create_built_in(messages, method, bench->placement, error);
}

/* What a failure to connect means to the caller. */
static enum ctl_exit exit_of(const struct error *error)
{
    switch (error->code) {
    case ERROR_UNAUTHORIZED:
        return CTL_EXIT_REFUSED;
    case ERROR_INVALID:
        return CTL_EXIT_USAGE;
    case ERROR_NONE:
    case ERROR_UNKNOWN_METHOD:
    case ERROR_NOT_FOUND:
    case ERROR_TOO_LARGE:
    case ERROR_OVERLOADED:
    case ERROR_UNAVAILABLE:
    case ERROR_INTERNAL:
        return CTL_EXIT_UNREACHABLE;
    }
    return CTL_EXIT_UNREACHABLE;
}

static enum ctl_exit drive(const struct bench *bench, const struct bench_messages messages[2],
                           struct error *error)
{
    struct bench_driver driver;
    size_t longest = messages[0].longest > messages[1].longest ? messages[0].longest : messages[1].longest;
    if (!bench_driver_create(&driver, bench->options.address, bench->options.token,
                             (size_t)bench->connections, (size_t)bench->depth, longest,
                             bench->options.timeout, error))
        return exit_of(error);
    enum ctl_exit code = bench->compare ? compare(&driver, bench, messages, error)
                                        : measure(&driver, bench, &messages[bench->floor], error);
    bench_driver_destroy(&driver);
    return code;
}

/* messages[0] are recommendations or events, messages[1] pings. */
static enum ctl_exit run_bench(const struct bench *bench, struct error *error)
{
    struct bench_messages messages[2] = {0};
    enum ctl_exit code = CTL_EXIT_USAGE;
    if (create_messages(bench, bench->track ? "track" : "recommend", &messages[0], error) &&
        create_messages(bench, "ping", &messages[1], error))
        code = drive(bench, messages, error);
    bench_messages_destroy(&messages[0]);
    bench_messages_destroy(&messages[1]);
    return code;
}

enum ctl_exit ctl_bench(int argc, char **argv)
{
    struct error error = {0};
    struct bench bench = {
        .connections = 4, .depth = 64, .customers = 1000, .duration = 10, .warmup = 1, .round = 0.5};
    ctl_options_create(&bench.options);
    ctl_options_parse(&parser, argc, argv, 0, &bench);
    enum ctl_exit code = run_bench(&bench, &error);
    if (error.message[0] != '\0')
        say_failure(bench.options.json,
                    code == CTL_EXIT_UNREACHABLE ? CTL_UNREACHABLE : error_code_name(error.code), "%s",
                    error.message);
    ctl_options_destroy(&bench.options);
    return code;
}
