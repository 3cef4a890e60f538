/*
 * An engine whose site.lua is a list of orders, one a line:
 *   refuse             everybody refuses the site
 *   refuse-in N        worker N alone does
 *   warn               a warning comes with it
 *   crash-in N         worker N dies while it loads
 *   hang-in N          worker N never returns from loading
 *   wait PATH          workers go on loading until there is a file of that name
 *   wait-in-trial PATH the trial does
 * For N there may also be "trial".
 */
#include "double.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow/engine.h"

struct engine {
    char version[BUNDLE_VERSION_SIZE]; /* of the bundle it came from */
};

struct engine_loading {
    struct engine *engine;    /* what it will be */
    struct problems problems; /* found so far */
    char *orders;             /* site.lua */
};

static bool find_order(const struct engine_loading *loading, const char *name, char *argument, size_t size)
{
    size_t length = strlen(name);
    for (const char *line = loading->orders; line != NULL;) {
        if (strncmp(line, name, length) == 0 && strchr(" \n", line[length]) != NULL) {
            const char *rest = line + length + strspn(line + length, " ");
            snprintf(argument, size, "%.*s", (int)strcspn(rest, "\n"), rest);
            return true;
        }
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    return false;
}

static bool is_for_us(const struct engine_loading *loading, const char *name)
{
    char argument[64];
    if (!find_order(loading, name, argument, sizeof argument))
        return false;
    return strcmp(argument, "trial") == 0
               ? !double_is_worker()
               : double_is_worker() && strtoul(argument, NULL, 10) == double_worker;
}

struct engine_loading *engine_loading_new(const struct bundle *bundle, const char *directory,
                                          const struct engine_options *options, struct error *error)
{
    struct engine_loading *loading = calloc(1, sizeof *loading);
    struct bundle_file site = {.content = TEXT("")};
    (void)directory;
    double_slot = options->metrics;
    if (loading == NULL || !bundle_find(bundle, TEXT("site.lua"), &site)) {
        free(loading);
        error_set(error, ERROR_INVALID, "site.lua is missing");
        return NULL;
    }
    problems_create(&loading->problems);
    loading->orders = strndup(site.content.bytes, site.content.length);
    loading->engine = calloc(1, sizeof *loading->engine);
    snprintf(loading->engine->version, BUNDLE_VERSION_SIZE, "%s", bundle_version(bundle));
    return loading;
}

static void add_problem(struct engine_loading *loading, bool warning, struct text message)
{
    struct problem problem = {
        .warning = warning, .file = TEXT("site.lua"), .line = 1, .column = 1, .message = message};
    problems_add(&loading->problems, &problem);
}

enum engine_step engine_loading_step(struct engine_loading *loading)
{
    char argument[512];
    if (is_for_us(loading, "crash-in"))
        abort();
    if (is_for_us(loading, "hang-in"))
        double_hang();
    if (find_order(loading, double_is_worker() ? "wait" : "wait-in-trial", argument, sizeof argument) &&
        access(argument, F_OK) != 0)
        return ENGINE_MORE;
    if (find_order(loading, "warn", argument, sizeof argument))
        add_problem(loading, true, TEXT("a doubtful line"));
    if (!find_order(loading, "refuse", argument, sizeof argument) && !is_for_us(loading, "refuse-in"))
        return ENGINE_LOADED;
    add_problem(loading, false, TEXT("a wrong line"));
    return ENGINE_REFUSED;
}

const struct problems *engine_loading_problems(const struct engine_loading *loading)
{
    return &loading->problems;
}

struct engine *engine_loading_finish(struct engine_loading *loading)
{
    struct engine *engine = loading->engine;
    loading->engine = NULL;
    engine_loading_free(loading);
    return engine;
}

void engine_loading_free(struct engine_loading *loading)
{
    free(loading->engine);
    free(loading->orders);
    problems_destroy(&loading->problems);
    free(loading);
}

/* The ledger has no rules to go by here. */
const struct snapshot *engine_snapshot(const struct engine *engine)
{
    (void)engine;
    return NULL;
}

void engine_free(struct engine *engine)
{
    free(engine);
}

const char *engine_version(const struct engine *engine)
{
    return engine->version;
}
