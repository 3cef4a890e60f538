/* sendactl test: runs the tests that a site's authors wrote. */
#include <jansson.h>
#include <stdio.h>

#include "base/log.h"
#include "ctl/command.h"
#include "ctl/folder_arguments.h"
#include "ctl/print.h"
#include "ctl/say.h"
#include "ctl/site_tests.h"

/* A run over all tests of a site. */
struct run {
    struct local_site *site;
    bool json;
    json_t *list; /* outcomes, with --json; owned */
    unsigned passed, failed;
};

/* `words` as they are, then a text of the site's, escaped. */
static void print_line(const char *words, const char *text)
{
    const struct print print = {stdout, false};
    fputs(words, stdout);
    print_styled(&print, PRINT_PLAIN, text);
    putchar('\n');
}

static void print_outcome(const struct site_test *test, const struct site_test_outcome *outcome)
{
    char title[1024];
    size_t used = (size_t)snprintf(title, sizeof title, "%.*s", (int)test->name.length, test->name.bytes);
    if (!outcome->passed && used < sizeof title)
        snprintf(title + used, sizeof title - used, "  (%.*s:%u)", (int)test->file.length, test->file.bytes,
                 test->line);
    print_line(outcome->passed ? "ok    " : "FAIL  ", title);
    if (outcome->passed)
        return;
    print_line("        expected: ", outcome->expected);
    print_line("        got:      ", outcome->got);
    if (outcome->why[0] != '\0')
        print_line("        why:      ", outcome->why);
}

static json_t *json_of_outcome(const struct site_test *test, const struct site_test_outcome *outcome)
{
    return json_pack("{s:s%, s:s%, s:i, s:b, s:s, s:s, s:s}", "test", test->name.bytes, test->name.length,
                     "file", test->file.bytes, test->file.length, "line", (int)test->line, "passed",
                     (int)outcome->passed, "expected", outcome->expected, "got", outcome->got, "why",
                     outcome->why);
}

static void run_all(struct run *run)
{
    const struct snapshot *snapshot = engine_snapshot(run->site->engine);
    for (uint32_t i = 0; i < snapshot->test_count; i++) {
        struct site_test_outcome outcome;
        site_test_run(run->site, &snapshot->tests[i], &outcome);
        run->passed += outcome.passed;
        run->failed += !outcome.passed;
        if (run->json)
            json_array_append_new(run->list, json_of_outcome(&snapshot->tests[i], &outcome));
        else
            print_outcome(&snapshot->tests[i], &outcome);
    }
}

static void print_json(struct run *run)
{
    json_t *whole = json_pack("{s:i, s:i, s:O}", "passed", (int)run->passed, "failed", (int)run->failed,
                              "tests", run->list);
    json_dumpf(whole, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(whole);
}

static enum ctl_exit run_site(struct local_site *site, const struct folder_arguments *arguments)
{
    struct run run = {.site = site, .json = arguments->json, .list = json_array()};
    run_all(&run);
    if (run.json)
        print_json(&run);
    else if (run.passed + run.failed == 0)
        printf("%s: no tests found; write some in %s/tests/*.lua\n", arguments->directory,
               arguments->directory);
    else
        printf("%u passed, %u failed\n", run.passed, run.failed);
    json_decref(run.list);
    return run.failed == 0 && run.passed > 0 ? CTL_EXIT_OK : CTL_EXIT_NO;
}

static enum ctl_exit refuse(struct local_site *site, const struct folder_arguments *arguments)
{
    static const char why[] = "the site has errors; its tests were not run";
    struct buffer out;
    buffer_create(&out);
    problems_print(&site->problems, &out);
    fwrite(out.bytes, 1, out.length, stderr);
    buffer_destroy(&out);
    fprintf(stderr, "%s: %s\n", arguments->directory, why);
    if (arguments->json)
        say_json(error_code_name(ERROR_INVALID), why);
    return CTL_EXIT_NO;
}

enum ctl_exit ctl_test(int argc, char **argv)
{
    struct folder_arguments arguments;
    struct local_site site;
    struct error error;
    folder_arguments_parse(
        &arguments, argc, argv,
        "Runs the tests of the site in DIR, each a dry run of the decision.\v" CTL_EXIT_HELP);
    log_configure("", LOG_LEVEL_ERROR); /* what fails is told with the test in which it does */
    if (!local_site_create(&site, arguments.directory, &error)) {
        say_failure(arguments.json, error_code_name(error.code), "%s", error.message);
        return CTL_EXIT_USAGE;
    }
    enum ctl_exit verdict = site.engine == NULL ? refuse(&site, &arguments) : run_site(&site, &arguments);
    local_site_destroy(&site);
    return verdict;
}
