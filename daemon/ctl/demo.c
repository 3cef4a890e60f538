/* sendactl demo: a daemon of one's own that remembers, a site, and customers who walk through it. */
#include "ctl/demo.h"

#include "base/clock.h"
#include "ctl/demo_feed.h"
#include "ctl/demo_live.h"
#include "ctl/demo_pause.h"
#include "ctl/demo_summary.h"
#include "ctl/demo_view.h"
#include "ctl/demo_where.h"
#include "ctl/local_site.h"
#include "ctl/options.h"
#include "ctl/paragraph.h"
#include "ctl/say.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

enum {
    KEY_SITE = 0x2000,
    KEY_ONCE,
    KEY_SESSIONS,
    KEY_VISITORS,
    KEY_JSON,
    KEY_SEED,
    VISITORS = 2000,     /* with --once */
    VISITORS_LIVE = 600, /* before somebody watches: no long wait */
    OFFERS = 2,          /* best ones of each stage in the funnel */
    MOST_VISITORS = 10000000,
    MOST_SEED = INT_MAX,
    TIMEOUT_MS = 10000, /* for one request */
    SEED = 7,           /* any would do */
};

struct demo_arguments {
    const char *site;     /* folder; NULL: the sample shop */
    const char *sessions; /* file; NULL: visitors are made up */
    long visitors;        /* 0: not given */
    long seed;            /* of the customers */
    bool once;            /* all of them at once, then the end */
    bool json;            /* for machines */
};

static const struct argp_option option_table[] = {
    {"once", KEY_ONCE, NULL, 0, "Let everybody walk, print the funnel and a summary, and end", 1},
    {"json", KEY_JSON, NULL, 0, "Print that summary as JSON; implies --once", 1},
    {"visitors", KEY_VISITORS, "N", 0,
     "How many customers walk at once (default: 2000 with --once, else 600, and then one after the other to "
     "watch), and at most so many recorded sessions are asked for",
     2},
    {"seed", KEY_SEED, "N", 0, "The customers are the same for the same seed (default: 7)", 2},
    {"sessions", KEY_SESSIONS, "FILE", 0,
     "Recorded sessions with the columns of the Online Shoppers Purchasing Intention data set, as "
     "comma-separated values, plain or compressed by gzip (default: $SENDA_SESSIONS): customers' visits are "
     "drawn from them, and with --once each is asked for, too",
     2},
    {"site", KEY_SITE, "DIR", 0, "The site to serve (default: the sample shop)", 3},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct demo_arguments *arguments = state->input;
    switch (key) {
    case KEY_SITE:
        arguments->site = argument;
        return 0;
    case KEY_SESSIONS:
        arguments->sessions = argument;
        return 0;
    case KEY_VISITORS:
        arguments->visitors = ctl_option_integer(state, "--visitors", argument, 1, MOST_VISITORS);
        return 0;
    case KEY_SEED:
        arguments->seed = ctl_option_integer(state, "--seed", argument, 0, MOST_SEED);
        return 0;
    case KEY_JSON:
        arguments->json = arguments->once = true;
        return 0;
    case KEY_ONCE:
        arguments->once = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    option_table,
    parse,
    NULL,
    "Starts a daemon of its own with a site and an empty memory, lets customers walk through it by what they "
    "do, and draws what became of them. Then it is your turn: change the site, load it, see. Ctrl-C stops "
    "the "
    "daemon and removes its traces."
    "\v"
    "Examples:\n"
    "  sendactl demo\n"
    "  sendactl demo --once --visitors 500 --seed 3\n"
    "  sendactl demo --site mysite --once --json\n\n" CTL_EXIT_HELP
    " With --once, 0 means that everybody was answered, every event was acknowledged and somebody reached "
    "each "
    "stage.",
    NULL,
    NULL,
    NULL};

static enum ctl_exit say(const struct demo_arguments *arguments, const struct error *error,
                         enum ctl_exit code)
{
    say_failure(arguments->json, error_code_name(error->code), "%s", error->message);
    return code;
}

/* ---- With a daemon ---- */

/* All that happens with --once. False: it was broken off. */
static bool let_walk(const struct demo *demo, struct demo_outcome *outcome)
{
    bool whole = demo_crowd_walk(demo, &outcome->tally, &outcome->walked);
    demo_funnel_create(&outcome->funnel, demo, outcome->walked.inside);
    return whole && (demo->sessions->count == 0 || demo_feed(demo, &outcome->recorded));
}

static enum ctl_exit walk_once(const struct demo *demo, const struct demo_arguments *arguments)
{
    struct demo_outcome *outcome = malloc(sizeof *outcome); /* it holds histograms */
    if (outcome == NULL)
        return CTL_EXIT_NO;
    demo_outcome_create(outcome);
    if (!arguments->json)
        demo_view_write_intro(demo);
    fflush(stdout);
    bool whole = let_walk(demo, outcome);
    if (arguments->json)
        demo_summary_write_json(demo, outcome, stdout);
    else
        demo_summary_write(demo, outcome);
    bool good = whole && demo_summary_is_good(demo, outcome);
    demo_outcome_destroy(outcome);
    free(outcome);
    return good ? CTL_EXIT_OK : CTL_EXIT_NO;
}

static enum ctl_exit walk(struct demo *demo, const struct demo_arguments *arguments)
{
    if (senda_client_new(&demo->client, demo->daemon->address, NULL) != SENDA_OK)
        return CTL_EXIT_NO;
    senda_client_set_timeout(demo->client, TIMEOUT_MS);
    senda_client_set_connecting(demo->client, 1, 0, 0, TIMEOUT_MS);
    enum ctl_exit code = arguments->once ? walk_once(demo, arguments) : demo_live(demo);
    senda_client_free(demo->client);
    return code;
}

static enum ctl_exit serve(struct demo *demo, const struct demo_arguments *arguments, const char *folder)
{
    struct demo_daemon daemon;
    struct demo_path program = demo_where_sendad();
    struct error error;
    demo_pause_create();
    if (!demo_daemon_start(&daemon, program.text, folder, &error))
        return error.code == ERROR_NONE ? CTL_EXIT_OK : say(arguments, &error, CTL_EXIT_UNREACHABLE);
    demo->daemon = &daemon;
    demo->now_ms = clock_wall_us() / 1000;
    enum ctl_exit code = walk(demo, arguments);
    demo_daemon_stop(&daemon);
    return code;
}

/* ---- Before it ---- */

static bool find_sessions(const struct demo_arguments *arguments, struct demo *demo,
                          struct demo_sessions *sessions, struct error *error)
{
    const char *usual = getenv("SENDA_SESSIONS");
    size_t most = arguments->visitors > 0 ? (size_t)arguments->visitors : SIZE_MAX;
    demo->source = arguments->sessions;
    if (demo->source == NULL && usual != NULL && usual[0] != '\0')
        demo->source = usual;
    return demo->source == NULL || demo_sessions_read(sessions, demo->source, most, error);
}

static enum ctl_exit with_sessions(struct demo *demo, const struct demo_arguments *arguments,
                                   const char *folder)
{
    struct demo_sessions sessions;
    struct error error = {.code = ERROR_NONE};
    enum ctl_exit code = CTL_EXIT_USAGE;
    demo_sessions_create(&sessions);
    demo->sessions = &sessions;
    demo->seed = (uint64_t)arguments->seed;
    demo->customers = arguments->once ? VISITORS : VISITORS_LIVE;
    if (arguments->visitors > 0)
        demo->customers = (size_t)arguments->visitors;
    if (find_sessions(arguments, demo, &sessions, &error))
        code = serve(demo, arguments, folder);
    else
        say(arguments, &error, code);
    demo->sessions = NULL;
    demo_sessions_destroy(&sessions);
    return code;
}

static enum ctl_exit refuse_site(const struct demo_arguments *arguments, const struct local_site *site,
                                 const char *name)
{
    say_failure(arguments->json, error_code_name(ERROR_INVALID),
                "%s is refused: %zu error%s; `sendactl check %s` lists what is wrong", name,
                site->problems.errors, site->problems.errors == 1 ? "" : "s", name);
    return CTL_EXIT_NO;
}

static enum ctl_exit with_site(const struct demo_arguments *arguments, const char *folder)
{
    struct local_site site;
    struct demo_plan plan;
    struct demo_path name = demo_where_short(folder);
    struct demo demo = {.print = print_to(stdout), .width = paragraph_terminal_width(stdout), .plan = &plan};
    demo.map = (struct map_view){map_view_own_locale(), OFFERS, demo.width};
    struct error error;
    enum ctl_exit code;
    demo.site = name.text;
    if (!local_site_create(&site, folder, &error))
        return say(arguments, &error, CTL_EXIT_USAGE);
    if (site.engine == NULL) {
        code = refuse_site(arguments, &site, demo.site);
    } else {
        demo_plan_create(&plan, engine_snapshot(site.engine));
        demo.bundle = site.bundle;
        code = with_sessions(&demo, arguments, folder);
    }
    local_site_destroy(&site);
    return code;
}

enum ctl_exit ctl_demo(int argc, char **argv)
{
    struct demo_arguments arguments = {.seed = SEED};
    struct demo_path shop = {""};
    ctl_options_parse(&parser, argc, argv, 0, &arguments);
    if (arguments.site == NULL)
        shop = demo_where_shop();
    if (arguments.site == NULL && shop.text[0] == '\0') {
        say_failure(arguments.json, error_code_name(ERROR_NOT_FOUND),
                    "the sample shop is not beside this program; --site DIR says what to serve");
        return CTL_EXIT_USAGE;
    }
    return with_site(&arguments, arguments.site != NULL ? arguments.site : shop.text);
}
