/* sendactl log: the decisions that were taken, from the state directory itself. */
#include "ctl/command.h"
#include "ctl/log_view.h"
#include "ctl/options.h"
#include "ctl/say.h"
#include "ctl/state_arguments.h"
#include "ctl/when.h"

#include "base/clock.h"
#include "decisionlog/log_reader.h"

#include <argp.h>
#include <inttypes.h>
#include <time.h>
#include <unistd.h>

enum {
    KEY_STATE = 0x2000,
    KEY_FROM,
    KEY_TO,
    KEY_CUSTOMER,
    KEY_OFFER,
    KEY_PLACEMENT,
    KEY_CSV,
    KEY_JSON,
    KEY_NO_PERSONAL,
    FOLLOW_MS = 200, /* between two looks at a log that is followed */
    ARENA_BLOCK = 16 * 1024,
};

struct log {
    const char *state;      /* the directory; borrowed */
    int format;             /* KEY_CSV or KEY_JSON; 0: not said */
    struct log_query query; /* time and customer */
    struct text customer;   /* whose decisions; no bytes: everybody's */
    struct text offer;      /* among the items; no bytes: any */
    struct text placement;  /* where; no bytes: anywhere */
    bool follow;            /* wait for more at the end */
    bool json;              /* said on the command line */
    struct log_view view;   /* how to write it */
    int64_t now_us;         /* when the command was given */
    uint64_t unknown;       /* decisions that this program cannot read */
    uint64_t shown;         /* decisions that were written */
};

static const struct argp_option option_table[] = {
    {"state", KEY_STATE, "DIR", 0, STATE_ARGUMENTS_HELP, 1},
    {"from", KEY_FROM, "TIME", 0, "Decisions of TIME and later: " WHEN_FORMS, 2},
    {"to", KEY_TO, "TIME", 0, "Decisions before TIME", 2},
    {"customer", KEY_CUSTOMER, "ID", 0, "Decisions about this customer", 2},
    {"offer", KEY_OFFER, "ID", 0, "Decisions with this offer among their items", 2},
    {"placement", KEY_PLACEMENT, "NAME", 0, "Decisions for this placement", 2},
    {"json", KEY_JSON, NULL, 0, "A JSON object a line (the default)", 3},
    {"csv", KEY_CSV, NULL, 0,
     "A CSV row an item, below a row of names; a decision without items has one row, too", 3},
    {"no-personal", KEY_NO_PERSONAL, NULL, 0,
     "Leave out what tells about the customer: id, request, and because, which strategies may put anything "
     "into",
     3},
    {"follow", 'f', NULL, 0, "Wait for further decisions at the end", 3},
    {0},
};

static int64_t parse_when(const struct argp_state *state, const char *option, const char *text)
{
    const struct log *log = state->input;
    int64_t seconds = 0;
    if (!when_parse(text, log->now_us / 1000000, &seconds))
        argp_error(state, "%s '%s': expected " WHEN_FORMS, option, text);
    return seconds * 1000000;
}

static error_t parse_filter(int key, char *argument, const struct argp_state *state, struct log *log)
{
    switch (key) {
    case KEY_FROM:
        log->query.from_us = parse_when(state, "--from", argument);
        return 0;
    case KEY_TO:
        log->query.to_us = parse_when(state, "--to", argument);
        return 0;
    case KEY_CUSTOMER:
        log->customer = text_from(argument);
        log->query.customers = &log->customer;
        log->query.customer_count = log->customer.length > 0;
        return 0;
    case KEY_OFFER:
        log->offer = text_from(argument);
        return 0;
    case KEY_PLACEMENT:
        log->placement = text_from(argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct log *log = state->input;
    switch (key) {
    case KEY_STATE:
        log->state = argument;
        return 0;
    case KEY_CSV:
    case KEY_JSON:
        if (log->format != 0 && log->format != key)
            argp_error(state, "--csv and --json do not go together");
        log->format = key;
        log->view.csv = key == KEY_CSV;
        log->json = key == KEY_JSON;
        return 0;
    case KEY_NO_PERSONAL:
        log->view.personal = false;
        return 0;
    case 'f':
        log->follow = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is one word too many", argument);
        return 0;
    default:
        return parse_filter(key, argument, state, log);
    }
}

static const struct argp parser = {
    option_table,
    parse,
    NULL,
    "Prints the decisions that were taken, as the decision log in the state directory keeps them: oldest "
    "first, with what was shown, how likely that was, and what stopped other offers. No daemon is asked; one "
    "may be running or not.\v"
    "What the log keeps is bounded by the daemon's options for its size and age. Of customers who were "
    "erased "
    "the decisions stay, without what was personal; \"erased\" is true then. Parts of the log that are "
    "damaged "
    "are named on standard error and passed over; that is no failure.\n\n" CTL_EXIT_HELP
    " Here 2 also means that there is no log in that directory.",
    NULL,
    NULL,
    NULL};

/* ---- Reading ---- */

static void on_damage(void *context, const struct log_damage *damage)
{
    (void)context;
    fflush(stdout);
    if (damage->problem != NULL)
        say_problem("not read: %s", damage->problem);
    else
        fprintf(stderr, "sendactl: %s: %" PRIu64 " bytes from %" PRIu64 " on are damaged\n", damage->file,
                damage->bytes, damage->offset);
}

static bool has_offer(const struct record *record, struct text offer)
{
    for (uint32_t i = 0; i < record->item_count; i++)
        if (text_equal(record->items[i].offer, offer))
            return true;
    return false;
}

static bool is_wanted(const struct log *log, const struct record *record)
{
    return (log->placement.length == 0 || text_equal(record->placement, log->placement)) &&
           (log->offer.length == 0 || has_offer(record, log->offer));
}

static void write_one(struct log *log, const struct record *record)
{
    log_view_write(&log->view, record);
    log->shown++;
}

static void drain(struct log *log, struct log_reader *reader, struct arena *arena)
{
    struct record record;
    struct text bytes;
    while (!ferror(stdout) && log_reader_next(reader, &bytes)) {
        arena_clear(arena);
        if (!record_decode(&record, arena, bytes, NULL))
            log->unknown++;
        else if (is_wanted(log, &record))
            write_one(log, &record);
    }
    fflush(stdout);
}

static void wait_a_moment(void)
{
    struct timespec pause = {0, FOLLOW_MS * 1000000L};
    nanosleep(&pause, NULL);
}

static void say_what_is_missing(const struct log *log, const struct log_reader *reader)
{
    if (reader->damages > 0)
        fprintf(stderr, "sendactl: %" PRIu64 " damaged %s passed over\n", reader->damages,
                reader->damages == 1 ? "place was" : "places were");
    if (log->unknown > 0)
        fprintf(stderr, "sendactl: %" PRIu64 " of the decisions cannot be read by this program\n",
                log->unknown);
    if (log->shown == 0 && isatty(STDERR_FILENO) == 1) /* programs see that nothing came */
        fputs("sendactl: no decision in the log is what was asked for\n", stderr);
}

static enum ctl_exit print_log(struct log *log)
{
    struct log_reader reader;
    struct arena arena;
    struct error error;
    if (!log_reader_create(&reader, log->state, &log->query, on_damage, NULL, &error)) {
        say_failure(log->json, error_code_name(error.code),
                    "no decision log: %s; --state says where the daemon keeps its state", error.message);
        return CTL_EXIT_USAGE;
    }
    arena_create(&arena, ARENA_BLOCK);
    log_view_begin(&log->view);
    drain(log, &reader, &arena);
    while (log->follow && !ferror(stdout)) {
        wait_a_moment();
        drain(log, &reader, &arena);
    }
    say_what_is_missing(log, &reader);
    arena_destroy(&arena);
    log_reader_destroy(&reader);
    return ferror(stdout) ? CTL_EXIT_NO : CTL_EXIT_OK;
}

enum ctl_exit ctl_log(int argc, char **argv)
{
    struct log log = {
        .state = state_arguments_default(),
        .query = LOG_QUERY_ALL,
        .view = {.file = stdout, .personal = true, .terminal = isatty(STDOUT_FILENO) == 1},
        .now_us = clock_wall_us(),
    };
    ctl_options_parse(&parser, argc, argv, 0, &log);
    return print_log(&log);
}
