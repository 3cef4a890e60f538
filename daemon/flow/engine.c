/* Putting snapshot, scripts and decider together. */
#include "flow/engine.h"

#include <stdlib.h>

#include "catalogue/finishing.h"
#include "script/site.h"

/* Long enough to make turns of the loop cheap beside it, short enough for who waits. */
static const uint64_t FINISHING_NS = 2000000;

struct engine {
    struct snapshot *snapshot;   /* owned */
    struct script_site *scripts; /* owned */
    struct decider decider;
    struct repeats repeats;
    bool guesses_personas; /* some persona has a match function */
};

struct engine_loading {
    struct snapshot *snapshot; /* owned */
    struct problems problems;
    struct script_loader *loader; /* owned; NULL once finished */
    struct finishing *finishing;  /* owned; NULL before the script part is done */
    size_t answer_memory;         /* of the engine to come */
};

struct engine_loading *engine_loading_new(const struct bundle *bundle, const char *directory,
                                          const struct engine_options *options, struct error *error)
{
    struct script_options script_options = {
        options->deadline,    options->deadline_ms, options->script_memory, options->load_memory,
        options->memo_memory, options->file_ms,     options->metrics};
    struct engine_loading *loading = calloc(1, sizeof *loading);
    if (loading == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    loading->answer_memory = options->answer_memory;
    problems_create(&loading->problems);
    loading->snapshot = snapshot_new();
    if (loading->snapshot == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
    } else {
        snapshot_limit_memory(loading->snapshot, options->load_memory);
        loading->loader = script_loader_new(bundle, directory, &script_options, loading->snapshot,
                                            &loading->problems, error);
    }
    if (loading->loader == NULL) {
        engine_loading_free(loading);
        return NULL;
    }
    return loading;
}

static enum engine_step refuse(struct engine_loading *loading)
{
    snapshot_refuse(loading->snapshot, "out of memory", &loading->problems);
    return ENGINE_REFUSED;
}

static enum engine_step begin_finishing(struct engine_loading *loading)
{
    loading->finishing = finishing_new(loading->snapshot);
    return loading->finishing == NULL ? refuse(loading) : ENGINE_MORE;
}

static enum engine_step load_scripts(struct engine_loading *loading)
{
    switch (script_loader_step(loading->loader)) {
    case SCRIPT_MORE:
        return ENGINE_MORE;
    case SCRIPT_REFUSED:
        return ENGINE_REFUSED;
    case SCRIPT_LOADED:
        break;
    }
    return begin_finishing(loading);
}

static enum engine_step finish_snapshot(struct engine_loading *loading)
{
    switch (finishing_step(loading->finishing, FINISHING_NS)) {
    case FINISHING_MORE:
        return ENGINE_MORE;
    case FINISHING_FAILED:
        return refuse(loading);
    case FINISHING_DONE:
        break;
    }
    return ENGINE_LOADED;
}

enum engine_step engine_loading_step(struct engine_loading *loading)
{
    return loading->finishing == NULL ? load_scripts(loading) : finish_snapshot(loading);
}

const struct problems *engine_loading_problems(const struct engine_loading *loading)
{
    return &loading->problems;
}

static bool guesses_personas(const struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->persona_count; i++)
        if (snapshot->personas[i].matches)
            return true;
    return false;
}

struct engine *engine_loading_finish(struct engine_loading *loading)
{
    struct error error;
    size_t answer_memory = loading->answer_memory;
    struct engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) {
        engine_loading_free(loading);
        return NULL;
    }
    engine->scripts = script_loader_finish(loading->loader);
    engine->snapshot = loading->snapshot;
    loading->loader = NULL;
    loading->snapshot = NULL;
    engine_loading_free(loading);
    engine->guesses_personas = guesses_personas(engine->snapshot);
    if (repeats_create(&engine->repeats, answer_memory, &error)) {
        if (decider_create(&engine->decider, engine->snapshot, script_site_hooks(engine->scripts), &error))
            return engine;
        repeats_destroy(&engine->repeats);
    }
    script_site_free(engine->scripts);
    snapshot_free(engine->snapshot);
    free(engine);
    return NULL;
}

void engine_loading_free(struct engine_loading *loading)
{
    if (loading == NULL)
        return;
    script_loader_free(loading->loader);
    finishing_free(loading->finishing);
    snapshot_free(loading->snapshot);
    problems_destroy(&loading->problems);
    free(loading);
}

static void copy_problems(struct problems *to, const struct problems *from)
{
    for (size_t i = 0; i < from->count; i++)
        problems_add(to, &from->list[i]);
}

struct engine *engine_load(const struct bundle *bundle, const char *directory,
                           const struct engine_options *options, struct problems *problems,
                           struct error *error)
{
    struct engine_loading *loading = engine_loading_new(bundle, directory, options, error);
    enum engine_step step = ENGINE_MORE;
    if (loading == NULL)
        return NULL;
    while (step == ENGINE_MORE)
        step = engine_loading_step(loading);
    copy_problems(problems, &loading->problems);
    if (step == ENGINE_LOADED)
        return engine_loading_finish(loading);
    engine_loading_free(loading);
    error_set(error, ERROR_INVALID, "the site has problems");
    return NULL;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    decider_destroy(&engine->decider);
    repeats_destroy(&engine->repeats);
    script_site_free(engine->scripts);
    snapshot_free(engine->snapshot);
    free(engine);
}

const char *engine_version(const struct engine *engine)
{
    return engine->snapshot->version;
}

const struct snapshot *engine_snapshot(const struct engine *engine)
{
    return engine->snapshot;
}

struct script_site *engine_scripts(struct engine *engine)
{
    return engine->scripts;
}

void engine_decide(struct engine *engine, struct situation *situation, struct decision *out)
{
    uint32_t set_aside = script_site_set_aside_count(engine->scripts);
    script_site_begin(engine->scripts, situation);
    bool may_guess = !situation->restricted && !situation->store_unavailable;
    if (situation->persona == SNAPSHOT_NONE && engine->guesses_personas && may_guess)
        situation->persona = script_site_match_persona(engine->scripts);
    decider_decide(&engine->decider, situation, out);
    script_site_end(engine->scripts);
    if (script_site_set_aside_count(engine->scripts) != set_aside)
        repeats_forget(&engine->repeats);
}

struct repeats *engine_repeats(struct engine *engine)
{
    return &engine->repeats;
}

/* A fallback's dates are not looked at here: where one was shown, or looked for, it may come and go. */
static bool left_room(const struct snapshot *snapshot, const struct situation *situation,
                      const struct decision *decision)
{
    return decision->count < situation->count &&
           snapshot->placements[situation->placement].fallback.count > 0;
}

bool engine_is_steady(const struct engine *engine, const struct situation *situation,
                      const struct decision *decision, double *from, double *until)
{
    bool fell_back = decision->fallback != DECISION_FALLBACK_NONE;
    for (uint32_t i = 0; i < decision->count; i++)
        fell_back |= decision->items[i].fallback;
    if (fell_back || left_room(engine->snapshot, situation, decision) ||
        !script_site_trail(engine->scripts)->steady)
        return false;
    decider_running(&engine->decider, situation, from, until);
    return *from < *until;
}

bool engine_promises(struct engine *engine, const struct decision *decision, const struct promise **promises,
                     uint32_t *count, struct error *error)
{
    return promises_list(&engine->decider, decision, promises, count, error);
}

bool engine_collect(struct engine *engine)
{
    return script_site_collect(engine->scripts);
}
