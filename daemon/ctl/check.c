/* sendactl check: every problem of a site's folder at once, as a daemon would find them. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl/command.h"
#include "ctl/folder_arguments.h"
#include "ctl/local_site.h"
#include "ctl/say.h"

/* A source line need not be UTF-8, which JSON has to be. */
static json_t *json_of_broken_text(struct text text)
{
    size_t size = 4 * text.length + 1;
    char *escaped = malloc(size);
    json_t *value = escaped == NULL ? json_null() : json_string(text_escape(text, escaped, size));
    free(escaped);
    return value;
}

static json_t *json_of_text(struct text text)
{
    if (text.bytes == NULL)
        return json_null();
    return text_is_utf8(text) ? json_stringn(text.bytes, text.length) : json_of_broken_text(text);
}

static json_t *json_of_problem(const struct problem *problem)
{
    return json_pack("{s:s, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "severity",
                     problem->warning ? "warning" : "error", "file", json_of_text(problem->file), "line",
                     (int)problem->line, "column", (int)problem->column, "source",
                     json_of_text(problem->source), "message", json_of_text(problem->message), "expected",
                     json_of_text(problem->expected), "nearest", json_of_text(problem->nearest), "hint",
                     json_of_text(problem->hint));
}

static void print_json(const struct local_site *site)
{
    json_t *list = json_array();
    for (size_t i = 0; i < site->problems.count; i++)
        json_array_append_new(list, json_of_problem(&site->problems.list[i]));
    json_t *whole = json_pack("{s:b, s:s, s:o}", "good", site->engine != NULL, "version",
                              bundle_version(site->bundle), "problems", list);
    json_dumpf(whole, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(whole);
}

static void print_count(const char *before, size_t number, const char *one, const char *several)
{
    printf("%s%zu %s", before, number, number == 1 ? one : several);
}

static void print_contents(const struct snapshot *snapshot)
{
    print_count("", snapshot->journey_count, "journey", "journeys");
    print_count(", ", snapshot->stage_count, "stage", "stages");
    print_count(", ", snapshot->placement_count, "placement", "placements");
    print_count(", ", snapshot->offer_count, "offer", "offers");
    print_count(", ", snapshot->strategy_count, "strategy", "strategies");
}

static void print_verdict(const struct local_site *site, const char *directory)
{
    size_t warnings = site->problems.warnings;
    printf("%s: %s: ", directory, site->engine != NULL ? "good" : "refused");
    if (site->engine != NULL)
        print_contents(engine_snapshot(site->engine));
    else
        print_count("", site->problems.errors, "error", "errors");
    if (warnings > 0)
        print_count(", ", warnings, "warning", "warnings");
    putchar('\n');
}

static void print_plain(const struct local_site *site, const char *directory)
{
    struct buffer out;
    buffer_create(&out);
    problems_print(&site->problems, &out);
    if (out.length > 0)
        fwrite(out.bytes, 1, out.length, stdout);
    buffer_destroy(&out);
    print_verdict(site, directory);
}

enum ctl_exit ctl_check(int argc, char **argv)
{
    struct folder_arguments arguments;
    struct local_site site;
    struct error error;
    folder_arguments_parse(
        &arguments, argc, argv,
        "Loads the site in DIR as the daemon would, and lists every problem.\v" CTL_EXIT_HELP);
    if (!local_site_create(&site, arguments.directory, &error)) {
        say_failure(arguments.json, error_code_name(error.code), "%s", error.message);
        return CTL_EXIT_USAGE;
    }
    enum ctl_exit verdict = site.engine != NULL ? CTL_EXIT_OK : CTL_EXIT_NO;
    if (arguments.json)
        print_json(&site);
    else
        print_plain(&site, arguments.directory);
    local_site_destroy(&site);
    return verdict;
}
