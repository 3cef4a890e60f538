/* sendactl map: draws a journey, and how customers went through it. */
#include "ctl/map_view.h"
#include "ctl/options.h"
#include "ctl/paragraph.h"
#include "ctl/session.h"
#include "ctl/when.h"

#include <stdlib.h>
#include <time.h>

enum { KEY_FROM = 0x2000, KEY_TO, KEY_LOCALE, KEY_OFFERS, OFFERS = 3, MOST_OFFERS = 1000 };

struct map {
    struct ctl_options options; /* common ones */
    struct map_view view;       /* how it is drawn */
    const char *journey;        /* NULL: the site's default one */
    const char *from, *to;      /* days as they were typed; NULL: open */
};

static const struct argp_option option_table[] = {
    {"from", KEY_FROM, "DAY", 0, "Only who entered a stage on this day or later: 2026-11-01, or 30d ago", 1},
    {"to", KEY_TO, "DAY", 0, "Only who entered a stage on this day or earlier (default: today)", 1},
    {"locale", KEY_LOCALE, "NAME", 0,
     "The language of the names of journey and stages, such as es (default: the environment's); offers have "
     "their titles in the journey's own",
     2},
    {"offers", KEY_OFFERS, "N", 0, "Show so many of each stage's best offers (default: 3)", 2},
    {0},
};

/* A day is sent as it is, so that the site's time zone says when it begins; a span as seconds. */
static void check_day(const struct argp_state *state, const char *option, const char *argument)
{
    int64_t seconds;
    if (!when_is_date(argument) && !when_parse(argument, time(NULL), &seconds))
        argp_error(state, "%s '%s': 2026-11-01, or 30d ago", option, argument);
}

static void put_day(senda_request *request, const char *name, const char *day)
{
    int64_t seconds = 0;
    if (day == NULL)
        return;
    if (when_is_date(day))
        senda_request_string(request, name, day);
    else if (when_parse(day, time(NULL), &seconds))
        senda_request_integer(request, name, seconds);
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
    struct map *map = state->input;
    switch (key) {
    case KEY_FROM:
        check_day(state, "--from", argument);
        map->from = argument;
        return 0;
    case KEY_TO:
        check_day(state, "--to", argument);
        map->to = argument;
        return 0;
    case KEY_LOCALE:
        map->view.locale = argument;
        return 0;
    case KEY_OFFERS:
        map->view.offers = (size_t)ctl_option_integer(state, "--offers", argument, 0, MOST_OFFERS);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct map *map = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &map->options;
        return 0;
    }
    if (key == ARGP_KEY_ARG && map->journey == NULL) {
        map->journey = argument;
        return 0;
    }
    return parse_option(key, argument, state);
}

static const struct argp parser = {
    option_table,
    parse,
    "[JOURNEY]",
    "Draws a journey stage by stage: how many customers entered, how many of these went on to another stage, "
    "left "
    "or are there still, and which offers did best. Who entered a stage within the days asked for is "
    "followed to "
    "this day."
    "\v"
    "Examples:\n"
    "  sendactl map\n"
    "  sendactl map --from 30d --locale es\n"
    "  sendactl map five-stages --from 2026-11-01 --to 2026-11-30 --json\n\n" CTL_EXIT_HELP,
    ctl_options_children,
    NULL,
    NULL};

static senda_request *encode(const struct map *map)
{
    senda_request *request = senda_request_new();
    if (request == NULL)
        return NULL;
    if (map->journey != NULL)
        senda_request_string(request, "journey", map->journey);
    put_day(request, "from", map->from);
    put_day(request, "to", map->to);
    return request;
}

static void view(const struct print *print, const senda_value *result, const void *context)
{
    const struct map *map = context;
    map_view_write(print, &map->view, result);
}

enum ctl_exit ctl_map(int argc, char **argv)
{
    struct map map = {.view = {map_view_own_locale(), OFFERS, paragraph_terminal_width(stdout)}};
    ctl_options_create(&map.options);
    ctl_options_parse(&parser, argc, argv, 0, &map);
    enum ctl_exit code = ctl_session_show(&map.options, "journey.map", encode(&map), view, &map);
    ctl_options_destroy(&map.options);
    return code;
}
