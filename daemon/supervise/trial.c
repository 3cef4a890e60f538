/*
 * The role of the trial: it loads a new site, says how that went, and is ended. What a site does while it
 * loads, be it to run on, to take memory or to find a hole in Lua, it does to a process that nobody waits
 * for.
 */
#include "supervise/trial.h"

#include <stdlib.h>

#include "base/log.h"

/* Nobody tells it to serve. */
static bool swap(void *context, struct engine *engine, struct access *access)
{
    (void)access;
    engine_free(engine);
    role_end(context, EXIT_FAILURE);
    return false;
}

static void drain(void *context)
{
    role_end(context, EXIT_SUCCESS);
}

int trial_run(const struct role_setup *setup)
{
    struct role *role = calloc(1, sizeof *role);
    struct role_hooks hooks = {role, swap, drain, NULL, false};
    struct error error = {0};
    int exit_code = EXIT_FAILURE;
    if (role == NULL)
        return EXIT_FAILURE;
    if (role_create(role, setup, hooks, &error))
        exit_code = role_run(role, CONFINE_ZONES);
    else
        log_error("can't start", LOG_TEXT("error", error.message));
    role_destroy(role);
    free(role);
    return exit_code;
}
