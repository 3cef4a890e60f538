/*
 * Scripts that script_writer.c writes as the input says, in a sandbox with the site of engine_builder.c:
 * whatever they do, they end in time and within their memory, nothing of one decision is left for the next,
 * and a good strategy beside them answers as before. The first byte of an input says under which conditions,
 * the second which allocation of Lua's fails.
 */
#include <lauxlib.h>
#include <math.h>
#include <msgpack/unpack.h>
#include <string.h>
#include <time.h>

#include "flow/engine_builder.h"
#include "fuzz.h"
#include "script/environment.h"
#include "script/freeze.h"
#include "script/host.h"
#include "script/strategies.h"
#include "script/view.h"
#include "script_writer.h"

enum {
    REMEMBERING = 1,     /* results are remembered */
    FAILING_ONCE = 2,    /* an allocation of a decision fails */
    FAILING_LOADING = 4, /* one while loading instead */
    MIB = 1024 * 1024,
    DEADLINE_MS = 6,
    SLACK_MS = 60, /* of processor time beyond it: sanitizers, and what one instruction may take */
    CANDIDATES = 3,
    HOSTILE = 0, /* numbers of strategies */
    GOOD = 1,
};

static const struct sandbox_limits limits = {
    .deadline_ms = DEADLINE_MS, .memory = 2 * MIB, .block = 256 * 1024, .text = 64 * 1024};

static const char good_file[] =
    "good = function(c, o)\n"
    "  local t = { o.id, c.stage, ('b'):rep(3), #'abc', tostring({}) }\n"
    "  table.sort(t, function(a, b) return tostring(a) < tostring(b) end)\n"
    "  local text = table.concat(t, ' '):gsub('b+', string.upper)\n"
    "  local sum = utf8.len(text) + math.floor(2.5) + select('#', table.unpack(t))\n"
    "  for k, v in pairs({ x = 1, y = 2 }) do sum = sum + v + #k end\n"
    "  return sum + random()\n"
    "end\n";

/* One input at work. */
struct trial {
    const uint8_t *bytes;  /* what is left of the input; borrowed */
    size_t length;         /* of those */
    unsigned mode;         /* of the flags above */
    unsigned long fail_at; /* the allocation that fails */
    struct sandbox *sandbox;
    struct strategies strategies;
    struct freeze_problem problem;
    bool refused; /* while loading */
};

static struct deadline the_deadline;
static const struct snapshot *the_snapshot;
static msgpack_zone *the_zone;
static msgpack_object the_maps[2]; /* contexts of two visitors */

static void prepare(void)
{
    static const char first[] =
        "\x85\xa4list\x93\x01\xa1z\xc3\xa1n\xcb\x41\xcd\xcd\x65\x00\x00\x00\x00\xa4text\xa9"
        "a-b-c x y\xa9interests\x91\xa3"
        "crm\xa4"
        "deep\x81\xa1k\x91\x91\x05";
    static const char second[] = "\x81\xa1n\x03";
    static struct engine_built built;
    static struct metrics_slot slot;
    struct error error;
    size_t end = 0;
    REQUIRE(engine_build(&built, &slot) && deadline_create(&the_deadline, &error));
    the_snapshot = engine_snapshot(built.engine);
    REQUIRE(the_snapshot->strategy_count == 2 && the_snapshot->persona_count == 2 &&
            the_snapshot->offer_count >= CANDIDATES);
    the_zone = msgpack_zone_new(1024);
    REQUIRE(msgpack_unpack(first, sizeof first - 1, &end, the_zone, &the_maps[0]) == MSGPACK_UNPACK_SUCCESS);
    end = 0;
    REQUIRE(msgpack_unpack(second, sizeof second - 1, &end, the_zone, &the_maps[1]) ==
            MSGPACK_UNPACK_SUCCESS);
}

static int64_t processor_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- Loading ---- */

/* stack: …; pushes the file's environment, or nothing where it is refused. */
static bool run_file(struct trial *trial, const char *path, struct text source)
{
    lua_State *L = trial->sandbox->state;
    struct error error;
    lua_newtable(L);
    environment_push(L, -1);
    lua_remove(L, -2);
    if (!environment_load(L, source, path, -1, NULL, &error)) {
        REQUIRE(error.message[0] != '\0' && strstr(error.message, "0x5") == NULL);
        return false;
    }
    int64_t started = processor_ms();
    size_t before = trial->sandbox->memory.used;
    trial->sandbox->memory.peak = before;
    sandbox_enter(L, &limits);
    enum sandbox_outcome outcome = sandbox_call(L, 0, 0, &error);
    sandbox_leave(L);
    REQUIRE(processor_ms() - started <= DEADLINE_MS + SLACK_MS);
    REQUIRE(trial->sandbox->memory.peak <= before + limits.memory);
    return outcome == SANDBOX_DONE;
}

/* stack: table, environment (top). Sets the table's field to the global of that name, frozen if it is a
 * function. */
static void take_function(struct trial *trial, const char *field, const char *global)
{
    lua_State *L = trial->sandbox->state;
    view_push_target(L, -1);
    lua_pushstring(L, global);
    lua_rawget(L, -2);
    lua_remove(L, -2);
    if (lua_isfunction(L, -1) && !freeze_function(L, -1, &trial->problem)) {
        REQUIRE(trial->problem.message[0] != '\0');
        trial->refused = true;
    }
    if (!lua_isfunction(L, -1)) {
        lua_pop(L, 1);
        lua_pushnil(L);
    }
    lua_setfield(L, -3, field);
}

/* stack: result, list, hostile environment, good environment (top). What the library would hand over. */
static void fill_lists(struct trial *trial)
{
    static const char *const names[] = {"when", "eligible", "score"};
    lua_State *L = trial->sandbox->state;
    lua_newtable(L);
    lua_pushvalue(L, -3);
    for (size_t i = 0; i < 3; i++)
        take_function(trial, names[i], names[i]);
    lua_pop(L, 1);
    lua_rawseti(L, -4, HOSTILE + 1);
    lua_newtable(L);
    lua_pushvalue(L, -2);
    take_function(trial, "score", "good");
    lua_pop(L, 1);
    lua_rawseti(L, -4, GOOD + 1);
}

static void fill_personas(struct trial *trial)
{
    lua_State *L = trial->sandbox->state; /* stack: result, personas, hostile environment (top) */
    lua_newtable(L);
    lua_pushvalue(L, -2);
    take_function(trial, "match", "match");
    lua_pop(L, 1);
    lua_rawseti(L, -3, 1);
    lua_newtable(L);
    lua_rawseti(L, -3, 2);
}

/* stack: struct trial as light userdata, which is replaced */
static int l_load(lua_State *L)
{
    struct trial *trial = lua_touserdata(L, 1);
    struct buffer source;
    host_open_modules(L);
    lua_newtable(L);
    lua_newtable(L);
    buffer_create(&source);
    script_write(&source, trial->bytes, trial->length);
    bool fine = run_file(trial, "strategies/hostile.lua", (struct text){source.bytes, source.length});
    buffer_destroy(&source);
    trial->refused = !fine || !run_file(trial, "strategies/good.lua", text_from(good_file));
    if (trial->refused)
        return 0;
    fill_lists(trial);
    lua_pop(L, 1);
    lua_pushvalue(L, -2);
    lua_setfield(L, -4, "strategies"); /* stack: …, result, list, hostile environment */
    lua_replace(L, -2);
    lua_newtable(L);
    lua_insert(L, -2);
    fill_personas(trial);
    lua_pop(L, 1);
    lua_setfield(L, -2, "personas");
    strategies_collect(L, &trial->strategies, the_snapshot);
    return 0;
}

/* False where the script is refused, or an allocation failed. */
static bool load(struct trial *trial)
{
    struct sandbox_options options = {&the_deadline, 64 * MIB};
    struct error error = {0};
    trial->sandbox = sandbox_new(&options, &error);
    REQUIRE(trial->sandbox != NULL);
    if (trial->mode & FAILING_LOADING)
        trial->sandbox->memory.fail_at = trial->fail_at;
    bool fine =
        sandbox_protect(trial->sandbox->state, l_load, trial, &error) == SANDBOX_DONE && !trial->refused;
    fine = fine && sandbox_seal(trial->sandbox->state, &error);
    trial->sandbox->memory.fail_at = 0;
    if (!fine)
        return false;
    trial->strategies.sandbox = trial->sandbox;
    trial->strategies.limits = limits;
    REQUIRE(
        strategies_allocate(&trial->strategies, the_snapshot->strategy_count + the_snapshot->persona_count));
    REQUIRE(memo_create(&trial->strategies.memo, the_snapshot->strategy_count + 1,
                        trial->mode & REMEMBERING ? MIB : 0, &error));
    return true;
}

/* ---- Deciding ---- */

/* What a decision said. */
struct answer {
    bool stopped; /* for time or memory, which may differ */
    bool failed;
    bool applies;
    uint32_t persona;
    double scores[CANDIDATES];
};

static bool is_same(const struct answer *a, const struct answer *b)
{
    if (a->stopped || b->stopped)
        return true;
    if (a->failed != b->failed || a->persona != b->persona || (!a->failed && a->applies != b->applies))
        return false;
    for (uint32_t i = 0; i < CANDIDATES && !a->failed && a->applies; i++)
        if (a->scores[i] != b->scores[i] && !(isnan(a->scores[i]) && isnan(b->scores[i])))
            return false;
    return true;
}

static void evaluate(struct trial *trial, uint32_t strategy, struct answer *answer)
{
    static const uint32_t offers[CANDIDATES] = {0, 1, 2};
    struct hooks_call call = {
        .strategy = strategy, .offers = offers, .count = CANDIDATES, .wanted = 2, .scores = answer->scores};
    answer->failed = strategies_evaluate(&trial->strategies, &call) != HOOKS_DONE;
    answer->applies = call.applies;
    for (uint32_t i = 0; i < CANDIDATES && !answer->failed && call.applies; i++) {
        struct text reason = strategies_reason(&trial->strategies, i);
        REQUIRE(reason.length <= STRATEGIES_REASON && (reason.length == 0 || text_is_utf8(reason)));
        REQUIRE(answer->scores[i] <= 1e300 || answer->scores[i] != answer->scores[i]);
    }
}

/* The message is one line of text that tells no address. */
static void check_failure(const struct failures_entry *failure)
{
    const char *message = failure->error.message;
    REQUIRE(message[0] != '\0' && strchr(message, '\n') == NULL);
    REQUIRE(text_is_utf8(text_from(message)));
    REQUIRE(strstr(message, "0x55") == NULL && strstr(message, "0x7f") == NULL &&
            strstr(message, "0x60") == NULL);
}

static void decide(struct trial *trial, uint32_t strategy, unsigned visitor, struct answer *answer)
{
    struct strategies *strategies = &trial->strategies;
    struct memory *memory = &trial->sandbox->memory;
    const struct situation situation = {.persona = SNAPSHOT_NONE,
                                        .count = 2,
                                        .customer = visitor == 0 ? TEXT("maria") : (struct text){NULL, 0},
                                        .context = &the_maps[visitor],
                                        .traits = &the_maps[1 - visitor],
                                        .now_us = 1790000000000000 + visitor,
                                        .seed = 77,
                                        .purpose = SITUATION_DRY_RUN}; /* nobody is set aside */
    size_t before = memory->used;
    int64_t started = processor_ms();
    *answer = (struct answer){.applies = false};
    memory->peak = before;
    strategies_begin(strategies, &situation);
    answer->persona = strategy == GOOD ? 0 : strategies_match(strategies);
    evaluate(trial, strategy, answer);
    answer->stopped = strategies->outcome == SANDBOX_OVERRAN || strategies->outcome == SANDBOX_EXHAUSTED;
    for (uint32_t i = 0; i < strategies->failures.count; i++)
        check_failure(&strategies->failures.list[i]);
    strategies_end(strategies);
    REQUIRE(processor_ms() - started <= DEADLINE_MS + SLACK_MS);
    REQUIRE(memory->peak <=
            before + limits.memory + 64 * 1024); /* views of offers stay, and are not counted */
    while (sandbox_collect(trial->sandbox))
        ;
}

static void try_decisions(struct trial *trial)
{
    struct answer good, first, other, again, after;
    decide(trial, GOOD, 0, &good);
    REQUIRE(!good.failed || good.stopped);
    decide(trial, HOSTILE, 0, &first);
    decide(trial, HOSTILE, 1, &other);
    if ((trial->mode & (FAILING_ONCE | FAILING_LOADING)) == FAILING_ONCE)
        trial->sandbox->memory.fail_at = trial->fail_at;
    decide(trial, HOSTILE, 0, &again);
    trial->sandbox->memory.fail_at = 0;
    REQUIRE(is_same(&first, &again));
    decide(trial, GOOD, 0, &after);
    REQUIRE(!after.failed || after.stopped);
    REQUIRE(is_same(&good, &after));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return 0;
    if (the_snapshot == NULL)
        prepare();
    struct trial trial = {
        .bytes = bytes + 2, .length = length - 2, .mode = bytes[0], .fail_at = 1UL + bytes[1]};
    if (load(&trial))
        try_decisions(&trial);
    strategies_destroy(&trial.strategies);
    sandbox_free(trial.sandbox);
    return 0;
}
