/* The verdict about a configuration and its site. */
#include "supervise/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/state.h"
#include "catalogue/bundle.h"
#include "config/address.h"
#include "config/secrets.h"
#include "flow/engine.h"
#include "script/deadline.h"
#include "supervise/access.h"
#include "supervise/places.h"

/* ---- What the configuration names ---- */

static bool speaks_tls(const struct config *config)
{
    struct address address;
    for (size_t i = 0; i < config->listen.count; i++)
        if (address_parse(config->listen.items[i], &address, NULL) && address.kind == ADDRESS_TLS)
            return true;
    return false;
}

/* As at the start, where the files are read only if somebody needs what is in them. */
static void check_access(const struct config *config, struct faults *faults)
{
    static const uint8_t any_key[TOKENS_KEY] = {0};
    struct error error;
    bool needs_token = secrets_need_token(config), needs_tls = speaks_tls(config);
    if (!needs_token && !needs_tls)
        return;
    int fd = access_read(config, any_key, needs_token, needs_tls, &error);
    if (fd >= 0)
        close(fd);
    else
        faults_add(faults, &error);
}

static void check_state(const struct config *config, struct faults *faults)
{
    struct error error;
    if (*config->state != '\0' && !state_check(config->state, &error))
        faults_add(faults, &error);
}

/* ---- The verdict ---- */

/* What it is about: the site, else the file that names none. */
static const char *subject(const struct config *config)
{
    if (*config->site != '\0')
        return config->site;
    return config->file != NULL ? config->file : "the configuration";
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void print_refusal(const struct config *config, const struct faults *faults, size_t errors,
                          size_t warnings)
{
    printf("%s: refused, %zu error%s, %zu warning%s\n", subject(config), errors, plural(errors), warnings,
           plural(warnings));
    faults_print(faults, "", stdout);
}

static void print_problems(const struct problems *problems)
{
    struct buffer text;
    buffer_create(&text);
    problems_print(problems, &text);
    if (text.length > 0)
        fwrite(text.bytes, 1, text.length, stdout);
    buffer_destroy(&text);
}

static bool print_verdict(const struct config *config, const struct faults *faults,
                          const struct bundle *bundle, struct engine_loading *loading)
{
    enum engine_step step;
    do
        step = engine_loading_step(loading);
    while (step == ENGINE_MORE);
    const struct problems *problems = engine_loading_problems(loading);
    bool good = step == ENGINE_LOADED && faults->count == 0;
    if (good)
        printf("%s: good, version %s, %zu warning%s\n", config->site, bundle_version(bundle),
               problems->warnings, plural(problems->warnings));
    else
        print_refusal(config, faults, faults->count + problems->errors, problems->warnings);
    print_problems(problems);
    return good;
}

/* There is no site to look into; where that is all, one line says it. */
static bool print_without_site(const struct config *config, const struct faults *faults)
{
    if (faults->count == 1)
        printf("%s: refused: %s", subject(config), faults_text(faults));
    else
        print_refusal(config, faults, faults->count, 0);
    return false;
}

static void print_ignored(const struct bundle *bundle)
{
    for (size_t i = 0; i < bundle_ignored_count(bundle); i++)
        printf("%s: no part of a site, ignored\n", bundle_ignored(bundle, i).bytes);
}

/* ---- The site ---- */

static struct engine_loading *begin_loading(const struct config *config, const struct bundle *bundle,
                                            struct deadline *deadline, struct metrics_slot *slot,
                                            struct error *error)
{
    char name[CONFIG_NAME_SIZE];
    struct engine_options options = {.deadline = deadline,
                                     .deadline_ms = (uint32_t)config->deadline_ms,
                                     .script_memory = (size_t)config->script_memory,
                                     .load_memory = (size_t)config->load_memory,
                                     .file_ms = (uint32_t)config->kill_after_ms / 4,
                                     .metrics = slot};
    config_site_name(config, name);
    return engine_loading_new(bundle, name, &options, error);
}

static bool refuse(const struct config *config, struct faults *faults, const struct error *error)
{
    faults_add(faults, error);
    return print_without_site(config, faults);
}

static bool check_bundle(const struct config *config, struct faults *faults, const struct bundle *bundle)
{
    struct metrics_slot slot = {{0}};
    struct deadline deadline;
    struct error error = {0};
    if (!deadline_create(&deadline, &error))
        return refuse(config, faults, &error);
    struct engine_loading *loading = begin_loading(config, bundle, &deadline, &slot, &error);
    bool good =
        loading != NULL ? print_verdict(config, faults, bundle, loading) : refuse(config, faults, &error);
    if (loading != NULL)
        engine_loading_free(loading);
    deadline_destroy(&deadline);
    return good;
}

static bool check_site(const struct config *config, struct faults *faults)
{
    struct error error = {0};
    if (*config->site == '\0') /* which is a fault already */
        return print_without_site(config, faults);
    int fd = bundle_read(config->site, &error);
    struct bundle *bundle = fd >= 0 ? bundle_map(fd, &error) : NULL;
    if (fd >= 0)
        close(fd);
    if (bundle == NULL)
        return refuse(config, faults, &error);
    bool good = check_bundle(config, faults, bundle);
    print_ignored(bundle);
    bundle_unmap(bundle);
    return good;
}

int check_run(const struct config *config, struct faults *faults)
{
    places_check(config, faults);
    check_access(config, faults);
    check_state(config, faults);
    return check_site(config, faults) ? EXIT_SUCCESS : EXIT_FAILURE;
}
