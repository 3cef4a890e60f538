/* sendad: reads the command line, then checks a site, shows the configuration, or serves. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/standard.h"
#include "config/command_line.h"
#include "flow/engine.h"
#include "script/deadline.h"
#include "supervise/supervisor.h"

enum { EXIT_USAGE = 2 }; /* the command line can't be understood; 1 is for everything that can't be done */

static void print_problems(const struct problems *problems)
{
    struct buffer text;
    buffer_create(&text);
    problems_print(problems, &text);
    if (text.length > 0)
        fwrite(text.bytes, 1, text.length, stdout);
    buffer_destroy(&text);
}

static void print_ignored(const struct bundle *bundle)
{
    for (size_t i = 0; i < bundle_ignored_count(bundle); i++)
        printf("%s: no part of a site, ignored\n", bundle_ignored(bundle, i).bytes);
}

static bool print_verdict(const char *site, const struct bundle *bundle, struct engine_loading *loading)
{
    enum engine_step step;
    do
        step = engine_loading_step(loading);
    while (step == ENGINE_MORE);
    const struct problems *problems = engine_loading_problems(loading);
    size_t warnings = problems->warnings;
    if (step == ENGINE_LOADED)
        printf("%s: good, version %s, %zu warning%s\n", site, bundle_version(bundle), warnings,
               warnings == 1 ? "" : "s");
    else
        printf("%s: refused, %zu error%s, %zu warning%s\n", site, problems->errors,
               problems->errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
    print_problems(problems);
    return step == ENGINE_LOADED;
}

static bool load_bundle(const struct config *config, const struct bundle *bundle, struct deadline *deadline,
                        struct error *error)
{
    struct metrics_slot slot = {{0}};
    char name[CONFIG_NAME_SIZE];
    struct engine_options options = {.deadline = deadline,
                                     .deadline_ms = (uint32_t)config->deadline_ms,
                                     .script_memory = (size_t)config->script_memory,
                                     .load_memory = (size_t)config->load_memory,
                                     .file_ms = (uint32_t)config->kill_after_ms / 4,
                                     .metrics = &slot};
    config_site_name(config, name);
    struct engine_loading *loading = engine_loading_new(bundle, name, &options, error);
    bool good = loading != NULL && print_verdict(config->site, bundle, loading);
    if (loading != NULL)
        engine_loading_free(loading);
    return good;
}

static bool check_bundle(const struct config *config, const struct bundle *bundle, struct error *error)
{
    struct deadline deadline;
    if (!deadline_create(&deadline, error))
        return false;
    bool good = load_bundle(config, bundle, &deadline, error);
    deadline_destroy(&deadline);
    return good;
}

static bool check_site(const struct config *config, struct error *error)
{
    int fd = bundle_read(config->site, error);
    if (fd < 0)
        return false;
    struct bundle *bundle = bundle_map(fd, error);
    close(fd);
    if (bundle == NULL)
        return false;
    bool good = check_bundle(config, bundle, error);
    print_ignored(bundle);
    bundle_unmap(bundle);
    return good;
}

static int check(const struct config *config)
{
    struct error error = {0};
    if (check_site(config, &error))
        return EXIT_SUCCESS;
    if (error.code != ERROR_NONE)
        printf("%s: refused: %s\n", config->site, error.message);
    return EXIT_FAILURE;
}

static int perform(enum command_line_task task, struct config *config)
{
    switch (task) {
    case TASK_CHECK:
        return check(config);
    case TASK_PRINT_CONFIG:
        config_print(config, stdout);
        return EXIT_SUCCESS;
    case TASK_SERVE:
        return supervisor_run(config);
    }
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct command_line line;
    struct config config;
    struct error error;
    if (!standard_begin("sendad"))
        return EXIT_FAILURE;
    if (!command_line_parse(&line, argc, argv, &error)) {
        fprintf(stderr, "sendad: %s\n", error.message);
        return EXIT_USAGE;
    }
    enum command_line_task task = line.task;
    bool configured = command_line_configure(&line, &config, &error);
    command_line_destroy(&line);
    if (!configured) {
        fprintf(stderr, "sendad: %s\n", error.message);
        return EXIT_FAILURE;
    }
    int exit_code = perform(task, &config);
    config_destroy(&config);
    return exit_code;
}
