/*
 * The corpus in hostile/: every script must end as its first line says, in time and within its memory, and
 * leave a state that answers. Processor time is measured, which other work on the machine does not lengthen.
 */
#include "fixture.h"

#include <dirent.h>
#include <stdlib.h>
#include <time.h>

enum {
    SOURCE_MAX = 70000,  /* bytes */
    PATIENCE_MS = 30000, /* the deadline of scripts that end by themselves, which sanitizers make slow */
    TOLERANCE_US = 50000 /* beyond the deadline; generous for sanitizers */
};

static const char *const directory = SENDA_TESTS_DIRECTORY "/unit/script/hostile";
static const char good[] =
    "function good(x) local t = { x, 'b' } table.sort(t, function(a, b)\n"
    "  return tostring(a) < tostring(b) end) return table.concat(t, ' '):gsub('b', 'c') end";

/* What the corpus cost at worst. */
static struct {
    int64_t us;        /* processor time of a script */
    char slowest[256]; /* its file */
    size_t bytes;      /* memory of a script beyond what was in use before */
    char largest[256]; /* its file */
} worst;

static int64_t processor_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct text read_source(const char *name, char *buffer)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(buffer, 1, SOURCE_MAX - 1, file);
    fclose(file);
    buffer[length] = '\0';
    return (struct text){buffer, length};
}

/* Whether the first line, "-- ends: failed|exhausted", names the ending. */
static bool ends_as_expected(struct text source, const char *ending)
{
    char line[128] = "", *mark = NULL;
    const char *behind = memchr(source.bytes, '\n', source.length);
    assert_non_null(behind);
    snprintf(line, sizeof line, "%.*s", (int)(behind - source.bytes), source.bytes);
    assert_memory_equal(line, "-- ends: ", 9);
    for (char *word = strtok_r(line + 9, "|", &mark); word != NULL; word = strtok_r(NULL, "|", &mark))
        if (strcmp(word, ending) == 0)
            return true;
    return false;
}

static const char *outcome_name(enum sandbox_outcome outcome)
{
    switch (outcome) {
    case SANDBOX_DONE:
        return "done";
    case SANDBOX_FAILED:
        return "failed";
    case SANDBOX_OVERRAN:
        return "overran";
    case SANDBOX_STARVED:
    case SANDBOX_EXHAUSTED:
        return "exhausted";
    }
    return "?";
}

static void note_cost(const struct fixture *fixture, const char *name, int64_t us, size_t bytes)
{
    if (us > worst.us) {
        worst.us = us;
        snprintf(worst.slowest, sizeof worst.slowest, "%s", name);
    }
    if (bytes > worst.bytes) {
        worst.bytes = bytes;
        snprintf(worst.largest, sizeof worst.largest, "%s", name);
    }
    if (us > (int64_t)fixture->limits.deadline_ms * 1000 + TOLERANCE_US)
        fail_msg("%s took %lld µs", name, (long long)us);
    if (bytes > sandbox_limits_decision.memory)
        fail_msg("%s took %zu bytes", name, bytes);
}

/* Calls what is at the top of the stack with the number 1 and drops its results. */
static enum sandbox_outcome run_measured(struct fixture *fixture, const char *name, bool decision)
{
    lua_State *L = fixture->L;
    struct memory *memory = &fixture->sandbox->memory;
    size_t before = memory->used;
    int top = lua_gettop(L);
    memory->peak = before;
    lua_pushnumber(L, 1);
    int64_t start = processor_us();
    if (decision)
        sandbox_begin(L, &fixture->limits, 1795000000, 42);
    else
        sandbox_enter(L, &fixture->limits);
    enum sandbox_outcome outcome = sandbox_call(L, 1, LUA_MULTRET, &fixture->error);
    sandbox_leave(L);
    note_cost(fixture, name, processor_us() - start, memory->peak - before);
    lua_settop(L, top - 1);
    return outcome;
}

/* stack: the good function (1) */
static void assert_good(struct fixture *fixture, const char *name)
{
    lua_State *L = fixture->L;
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 7);
    sandbox_begin(L, &fixture->limits, 1795000000, 42);
    enum sandbox_outcome outcome = sandbox_call(L, 1, 1, &fixture->error);
    sandbox_leave(L);
    if (outcome != SANDBOX_DONE)
        fail_msg("after %s: %s", name, fixture->error.message);
    assert_string_equal(lua_tostring(L, -1), "7 c");
    lua_pop(L, 1);
}

static void open_with_good(struct fixture *fixture, struct text source)
{
    fixture_create(fixture);
    if (!ends_as_expected(source, "overran"))
        fixture->limits.deadline_ms = PATIENCE_MS;
    else
        fixture->limits = sandbox_limits_decision;
    assert_int_equal(fixture_run_file(fixture, "strategies/good.lua", good), SANDBOX_DONE);
    lua_getfield(fixture->L, -1, "good");
    lua_remove(fixture->L, -2);
    assert_true(freeze_function(fixture->L, -1, &fixture->problem));
}

/* Pushes the function that the file is; false where it can't be loaded. */
static bool load_hostile(struct fixture *fixture, struct text source, const char *name)
{
    lua_getglobal(fixture->L, "constructors");
    environment_push(fixture->L, -1);
    bool loaded = environment_load(fixture->L, source, name, -1, NULL, &fixture->error);
    if (loaded) /* stack: constructors, environment, function */
        lua_replace(fixture->L, -3);
    else
        lua_replace(fixture->L, -2);
    return loaded;
}

/* Runs the file and pushes its function f, frozen; false where it is refused. */
static bool prepare_hostile(struct fixture *fixture, struct text source, const char *name)
{
    lua_State *L = fixture->L;
    if (!load_hostile(fixture, source, name))
        return false;
    lua_insert(L, -2); /* stack: environment, function */
    if (run_measured(fixture, name, false) != SANDBOX_DONE)
        return false;
    lua_getfield(L, -1, "f");
    lua_remove(L, -2);
    return freeze_function(L, -1, &fixture->problem);
}

static void check_in_decision(struct text source, const char *name)
{
    struct fixture fixture;
    const char *ending = "refused";
    open_with_good(&fixture, source);
    bool prepared = prepare_hostile(&fixture, source, name);
    assert_true(sandbox_seal(fixture.L, &fixture.error));
    if (prepared)
        ending = outcome_name(run_measured(&fixture, name, true));
    if (!ends_as_expected(source, ending))
        fail_msg("%s: %s (%s %d %s)", name, ending, fixture.error.message, fixture.problem.line,
                 fixture.problem.message);
    assert_good(&fixture, name);
    fixture_destroy(&fixture);
}

/* The same while the site loads, where Lua collects garbage; any ending is fine. */
static void check_while_loading(struct text source, const char *name)
{
    static const char call[] = "\nf(1)";
    struct fixture fixture;
    char longer[SOURCE_MAX + sizeof call];
    memcpy(longer, source.bytes, source.length);
    memcpy(longer + source.length, call, sizeof call);
    open_with_good(&fixture, source);
    fixture.limits = sandbox_limits_decision;
    if (load_hostile(&fixture, (struct text){longer, source.length + sizeof call - 1}, name)) {
        lua_pop(fixture.L, 1); /* the environment */
        (void)run_measured(&fixture, name, false);
    }
    assert_true(sandbox_seal(fixture.L, &fixture.error));
    assert_good(&fixture, name);
    fixture_destroy(&fixture);
}

static int is_script(const struct dirent *entry)
{
    return strstr(entry->d_name, ".lua") != NULL;
}

static void check_corpus(void (*check)(struct text source, const char *name), const char *when)
{
    struct dirent **entries;
    static char buffer[SOURCE_MAX];
    int count = scandir(directory, &entries, is_script, alphasort);
    assert_true(count >= 60);
    memset(&worst, 0, sizeof worst);
    for (int i = 0; i < count; i++) {
        check(read_source(entries[i]->d_name, buffer), entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    print_message("%d scripts contained %s; worst: %lld us by %s, %zu bytes by %s\n", count, when,
                  (long long)worst.us, worst.slowest, worst.bytes, worst.largest);
}

static void test_hostile_scripts_end_in_decisions(void **state)
{
    (void)state;
    check_corpus(check_in_decision, "in decisions");
}

static void test_hostile_scripts_end_while_loading(void **state)
{
    (void)state;
    check_corpus(check_while_loading, "while loading");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_scripts_end_in_decisions),
        cmocka_unit_test(test_hostile_scripts_end_while_loading),
    };
    return cmocka_run_group_tests_name("script/hostile", tests, NULL, NULL);
}
