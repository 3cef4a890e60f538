/* Loading a site's Lua in steps, and what stays of it for decisions. */
#include "script/site.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "script/collect.h"
#include "script/environment.h"
#include "script/freeze.h"
#include "script/host.h"
#include "script/strategies.h"

enum { OFFERS_A_STEP = 500, FUNCTIONS_A_STEP = 500 };

struct script_site {
    struct sandbox *sandbox; /* owned */
    struct strategies strategies;
    struct metrics_slot *metrics; /* borrowed */
    size_t memo_limit;            /* bytes of remembered results */
};

/* Where a loader stands; each is one kind of step. */
enum phase {
    PHASE_LIBRARY,
    PHASE_RUN,
    PHASE_COLLECT,
    PHASE_OFFERS,
    PHASE_STRATEGIES, /* these are frozen */
    PHASE_PERSONAS,   /* likewise */
    PHASE_CLOSE,
    PHASE_TAKE,
    PHASE_SEAL,
    PHASE_DONE,
};

struct script_loader {
    struct script_site *site; /* owned until finished */
    struct host host;
    struct snapshot *snapshot; /* borrowed */
    struct problems *problems; /* borrowed */
    enum phase phase;
    uint32_t offers; /* read so far */
    uint32_t frozen; /* strategies, or personas, whose functions were */
    bool refused;
};

/* Registry keys: addresses of these. */
static const char key_loader, key_step, key_result;

struct script_loader *script_loader_new(const struct bundle *bundle, const char *directory,
                                        const struct script_options *options, struct snapshot *snapshot,
                                        struct problems *problems, struct error *error)
{
    struct sandbox_options sandbox_options = {.deadline = options->deadline, .memory = options->load_memory};
    struct script_loader *loader = calloc(1, sizeof *loader);
    struct script_site *site = calloc(1, sizeof *site);
    if (loader == NULL || site == NULL) {
        free(loader);
        free(site);
        error_set(error, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    *loader = (struct script_loader){.site = site,
                                     .host = {bundle, directory, options->file_ms},
                                     .snapshot = snapshot,
                                     .problems = problems};
    site->strategies.limits = sandbox_limits_decision;
    site->strategies.limits.deadline_ms = options->deadline_ms;
    site->strategies.limits.memory = options->script_memory;
    site->memo_limit = options->memo_memory;
    site->metrics = options->metrics;
    snprintf(snapshot->version, sizeof snapshot->version, "%s", bundle_version(bundle));
    site->sandbox = sandbox_new(&sandbox_options, error);
    if (site->sandbox != NULL)
        return loader;
    script_loader_free(loader);
    return NULL;
}

/* Pushes the list of the site's paths. */
static void push_paths(lua_State *L, const struct bundle *bundle)
{
    lua_newtable(L);
    for (size_t i = 0; i < bundle_count(bundle) + bundle_ignored_count(bundle); i++) {
        struct text path = i < bundle_count(bundle) ? bundle_file(bundle, i).path
                                                    : bundle_ignored(bundle, i - bundle_count(bundle));
        lua_pushlstring(L, path.bytes, path.length);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/* stack: struct script_loader as light userdata. Makes the library's loader and its iterator of steps. */
static int l_site_open(lua_State *L)
{
    struct script_loader *loader = lua_touserdata(L, 1);
    host_open_modules(L);
    lua_getglobal(L, "require");
    lua_pushliteral(L, "senda.site");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "new");
    host_push(L, &loader->host);
    lua_call(L, 1, 1);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_loader);
    lua_getfield(L, -1, "steps");
    lua_insert(L, -2);
    push_paths(L, loader->host.bundle);
    lua_call(L, 2, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_step);
    loader->phase = PHASE_RUN;
    return 0;
}

/* Pushes the field of the table on the top as a text of the problem; what it borrows stays on the stack. */
static struct text problem_text(lua_State *L, const char *name)
{
    struct text text = {NULL, 0};
    lua_getfield(L, -1, name);
    if (lua_type(L, -1) == LUA_TSTRING)
        text.bytes = lua_tolstring(L, -1, &text.length);
    lua_pop(L, 1);
    return text;
}

/* One line of a file, without its end; no bytes where there is none. */
static struct text source_line(const struct bundle *bundle, struct text path, uint32_t line)
{
    struct bundle_file file;
    if (line == 0 || path.bytes == NULL || !bundle_find(bundle, path, &file))
        return (struct text){NULL, 0};
    file.content = text_skip_mark(file.content);
    const char *begin = file.content.bytes, *end = begin + file.content.length;
    for (; line > 1; line--) {
        const char *newline = memchr(begin, '\n', (size_t)(end - begin));
        if (newline == NULL)
            return (struct text){NULL, 0};
        begin = newline + 1;
    }
    const char *newline = memchr(begin, '\n', (size_t)(end - begin));
    size_t length = (size_t)((newline == NULL ? end : newline) - begin);
    return (struct text){begin, length > 0 && begin[length - 1] == '\r' ? length - 1 : length};
}

static void add_problem(lua_State *L, struct script_loader *loader)
{
    struct problem problem = {.file = problem_text(L, "file"),
                              .message = problem_text(L, "message"),
                              .expected = problem_text(L, "expected"),
                              .nearest = problem_text(L, "nearest"),
                              .hint = problem_text(L, "hint")};
    lua_getfield(L, -1, "line");
    problem.line = (uint32_t)lua_tointeger(L, -1);
    lua_getfield(L, -2, "column");
    problem.column = (uint32_t)lua_tointeger(L, -1);
    lua_getfield(L, -3, "severity");
    problem.warning = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "warning") == 0;
    lua_pop(L, 3);
    problem.source = source_line(loader->host.bundle, problem.file, problem.line);
    problems_add(loader->problems, &problem);
}

/* The library is done: takes its problems, and its result where there is no error. */
static void take_outcome(lua_State *L, struct script_loader *loader)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_loader);
    lua_getfield(L, -1, "problems");
    lua_Integer count = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, -1, i);
        add_problem(L, loader);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    lua_getfield(L, -1, "result");
    loader->refused = loader->problems->errors > 0 || !lua_istable(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_result);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_loader);
    loader->phase = PHASE_COLLECT;
}

/* stack: struct script_loader as light userdata */
static int l_site_run(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_step);
    lua_call(L, 0, 1);
    if (!lua_toboolean(L, -1))
        take_outcome(L, lua_touserdata(L, 1));
    return 0;
}

static int l_site_collect(lua_State *L)
{
    struct script_loader *loader = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_result);
    collect_site(L, loader->snapshot);
    loader->phase = PHASE_OFFERS;
    return 0;
}

static int l_site_offers(lua_State *L)
{
    struct script_loader *loader = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_result);
    if (!collect_offers(L, loader->snapshot, loader->offers, OFFERS_A_STEP))
        loader->phase = PHASE_STRATEGIES;
    loader->offers += OFFERS_A_STEP;
    return 0;
}

static void refuse_function(struct script_loader *loader, const struct freeze_problem *found)
{
    struct problem problem = {
        .file = text_from(found->file), .line = (uint32_t)found->line, .message = text_from(found->message)};
    problem.source = source_line(loader->host.bundle, problem.file, problem.line);
    problems_add(loader->problems, &problem);
    loader->refused = true;
}

/* Freezes the functions called `names` of the table on the top. */
static void freeze_functions(lua_State *L, struct script_loader *loader, const char *const *names)
{
    struct freeze_problem problem;
    for (; *names != NULL; names++) {
        lua_getfield(L, -1, *names);
        if (lua_isfunction(L, -1) && !freeze_function(L, -1, &problem))
            refuse_function(loader, &problem);
        lua_pop(L, 1);
    }
}

/* The same for some more tables of the list `field` of the result; then comes the phase `next`. */
static int freeze_list(lua_State *L, const char *field, const char *const *names, enum phase next)
{
    struct script_loader *loader = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_result);
    lua_getfield(L, -1, field);
    uint32_t count = lua_istable(L, -1) ? (uint32_t)lua_rawlen(L, -1) : 0;
    for (uint32_t i = 0; i < FUNCTIONS_A_STEP && loader->frozen < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)++loader->frozen);
        freeze_functions(L, loader, names);
        lua_pop(L, 1);
    }
    if (loader->frozen == count) {
        loader->phase = next;
        loader->frozen = 0;
    }
    return 0;
}

static int l_site_freeze_strategies(lua_State *L)
{
    static const char *const names[] = {"when", "eligible", "score", NULL};
    return freeze_list(L, "strategies", names, PHASE_PERSONAS);
}

static int l_site_freeze_personas(lua_State *L)
{
    static const char *const names[] = {"match", NULL};
    return freeze_list(L, "personas", names, PHASE_CLOSE);
}

static int l_site_close(lua_State *L)
{
    struct script_loader *loader = lua_touserdata(L, 1);
    environment_close_all(L);
    loader->phase = PHASE_TAKE;
    return 0;
}

static int l_site_take(lua_State *L)
{
    struct script_loader *loader = lua_touserdata(L, 1);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_result);
    strategies_collect(L, &loader->site->strategies, loader->snapshot);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_result);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_step);
    lua_pushnil(L);
    lua_setglobal(L, "require");
    loader->phase = PHASE_SEAL;
    return 0;
}

static bool seal(struct script_loader *loader, struct error *error)
{
    struct script_site *site = loader->site;
    site->strategies.sandbox = site->sandbox;
    loader->phase = PHASE_DONE;
    if (!strategies_allocate(&site->strategies,
                             loader->snapshot->strategy_count + loader->snapshot->persona_count))
        return error_set(error, ERROR_INTERNAL, "out of memory");
    if (!memo_create(&site->strategies.memo, loader->snapshot->strategy_count + 1, site->memo_limit, error))
        return false;
    return sandbox_seal(site->sandbox->state, error);
}

/* What files have left behind may be as large as their time and memory let it become: this takes as long at
 * most. */
static bool take_bounded_step(struct script_loader *loader, lua_CFunction function, struct error *error)
{
    lua_State *L = loader->site->sandbox->state;
    struct sandbox_limits limits = host_limits(&loader->host);
    sandbox_enter(L, &limits);
    enum sandbox_outcome outcome = sandbox_protect(L, function, loader, error);
    sandbox_leave(L);
    if (outcome == SANDBOX_OVERRAN)
        error_set(error, ERROR_INVALID,
                  "the tables that functions of strategies and personas can reach are too large: making them "
                  "read-only took "
                  "longer than %d milliseconds",
                  (int)limits.deadline_ms);
    return outcome == SANDBOX_DONE;
}

static bool take_step(struct script_loader *loader, struct error *error)
{
    static const lua_CFunction functions[] = {[PHASE_LIBRARY] = l_site_open,
                                              [PHASE_RUN] = l_site_run,
                                              [PHASE_COLLECT] = l_site_collect,
                                              [PHASE_OFFERS] = l_site_offers,
                                              [PHASE_STRATEGIES] = l_site_freeze_strategies,
                                              [PHASE_PERSONAS] = l_site_freeze_personas,
                                              [PHASE_CLOSE] = l_site_close,
                                              [PHASE_TAKE] = l_site_take};
    if (loader->phase == PHASE_SEAL)
        return seal(loader, error);
    if (loader->phase >= PHASE_STRATEGIES && loader->phase <= PHASE_CLOSE)
        return take_bounded_step(loader, functions[loader->phase], error);
    return sandbox_protect(loader->site->sandbox->state, functions[loader->phase], loader, error) ==
           SANDBOX_DONE;
}

enum script_step script_loader_step(struct script_loader *loader)
{
    struct error error;
    if (!loader->refused && loader->phase != PHASE_DONE && !take_step(loader, &error)) {
        snapshot_refuse(loader->snapshot, error.message, loader->problems);
        loader->refused = true;
    }
    if (loader->refused)
        return SCRIPT_REFUSED;
    return loader->phase == PHASE_DONE ? SCRIPT_LOADED : SCRIPT_MORE;
}

struct script_site *script_loader_finish(struct script_loader *loader)
{
    struct script_site *site = loader->site;
    loader->site = NULL;
    script_loader_free(loader);
    return site;
}

void script_loader_free(struct script_loader *loader)
{
    if (loader == NULL)
        return;
    script_site_free(loader->site);
    free(loader);
}

void script_site_free(struct script_site *site)
{
    if (site == NULL)
        return;
    sandbox_free(site->sandbox);
    strategies_destroy(&site->strategies);
    free(site);
}

void script_site_begin(struct script_site *site, const struct situation *situation)
{
    strategies_begin(&site->strategies, situation);
}

void script_site_end(struct script_site *site)
{
    strategies_end(&site->strategies);
    if (site->strategies.entered) {
        metrics_raise(site->metrics, METRICS_script_longest_ms, site->sandbox->spent_ms);
        metrics_raise(site->metrics, METRICS_script_largest, site->sandbox->spent_memory);
    }
    sandbox_make_room(site->sandbox);
    metrics_set(site->metrics, METRICS_script_memory,
                site->sandbox->memory.used + site->strategies.memo.results.used);
}

bool script_site_collect(struct script_site *site)
{
    return sandbox_collect(site->sandbox);
}

uint32_t script_site_match_persona(struct script_site *site)
{
    return strategies_match(&site->strategies);
}

struct hooks script_site_hooks(struct script_site *site)
{
    return (struct hooks){&site->strategies, strategies_evaluate, strategies_reason};
}

uint32_t script_site_failure_count(const struct script_site *site)
{
    return site->strategies.failures.count;
}

struct script_failure script_site_failure(const struct script_site *site, uint32_t number)
{
    const struct failures_entry *failure = &site->strategies.failures.list[number];
    return (struct script_failure){.strategy = failure->name.bytes,
                                   .message = failure->error.message,
                                   .in_public = failure->in_public.message,
                                   .times = failure->times,
                                   .ms = site->sandbox->spent_ms,
                                   .bytes = site->sandbox->spent_memory,
                                   .set_aside = failure->set_aside};
}

const struct script_trail *script_site_trail(const struct script_site *site)
{
    return &site->strategies.trail;
}

void script_site_add_answers(struct script_site *site, const struct script_trail *trail)
{
    strategies_add_answers(&site->strategies, trail);
}

uint32_t script_site_set_aside_count(const struct script_site *site)
{
    return site->strategies.set_aside + site->strategies.passed_over;
}

const char *script_site_why_set_aside(const struct script_site *site, uint32_t function)
{
    const char *reason = site->strategies.reasons[function];
    return reason == NULL ? "" : reason;
}

bool script_site_is_set_aside(const struct script_site *site, uint32_t function)
{
    return site->strategies.strikes[function].set_aside;
}
