/* Calling strategies, and keeping count of those that fail. */
#include "script/strategies.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "script/failure.h"
#include "script/library.h"

enum { LIST_OFFERS, LIST_SCORES, LIST_REASONS };
enum {
    BUFFER_KEPT = 64 * 1024, /* bytes that a buffer keeps for the next call */
    MADE_MOST = 1024 * 1024, /* bytes that scripts make before the lists let go of what is in them */
};

/* Pushes driver.new(when, eligible, score) for the strategy on the top of the stack. */
static void push_driver(lua_State *L, int maker)
{
    static const char *const hooks[] = {"when", "eligible", "score"};
    lua_pushvalue(L, maker);
    for (int i = 0; i < 3; i++)
        lua_getfield(L, -2 - i, hooks[i]);
    lua_call(L, 3, 1);
}

static void collect_drivers(lua_State *L, struct strategies *strategies)
{
    lua_getglobal(L, "require");
    lua_pushliteral(L, "senda.driver");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "new");
    int maker = lua_gettop(L);
    lua_createtable(L, (int)strategies->snapshot->strategy_count, 0);
    lua_getfield(L, maker - 2, "strategies"); /* stack: result, driver, maker, drivers, list (top) */
    for (uint32_t i = 1; i <= strategies->snapshot->strategy_count; i++) {
        lua_rawgeti(L, -1, i);
        push_driver(L, maker);
        lua_rawseti(L, maker + 1, i);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    strategies->drivers = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pop(L, 2);
}

static void collect_matches(lua_State *L, struct strategies *strategies)
{
    lua_createtable(L, (int)strategies->snapshot->persona_count, 0);
    lua_getfield(L, -2, "personas"); /* stack: result, matches, list (top) */
    for (uint32_t i = 1; i <= strategies->snapshot->persona_count; i++) {
        lua_rawgeti(L, -1, i);
        lua_getfield(L, -1, "match");
        lua_rawseti(L, -4, i);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    strategies->matches = luaL_ref(L, LUA_REGISTRYINDEX);
}

void strategies_collect(lua_State *L, struct strategies *strategies, const struct snapshot *snapshot)
{
    strategies->snapshot = snapshot;
    collect_drivers(L, strategies);
    collect_matches(L, strategies);
    for (int i = 0; i < 3; i++) {
        lua_createtable(L, (int)snapshot->offer_count, 0); /* must not grow in a decision */
        strategies->arguments[i] = luaL_ref(L, LUA_REGISTRYINDEX);
    }
    offer_views_create(L, &strategies->offers, snapshot);
    customer_view_create(L, &strategies->customer, snapshot);
}

bool strategies_allocate(struct strategies *strategies, uint32_t functions)
{
    strategies->strikes = calloc(functions + 1, sizeof *strategies->strikes);
    strategies->reasons = calloc(functions + 1, sizeof *strategies->reasons);
    if (strategies->strikes == NULL || strategies->reasons == NULL || !failures_create(&strategies->failures))
        return false;
    strategies->functions = functions;
    return true;
}

void strategies_destroy(struct strategies *strategies)
{
    for (uint32_t i = 0; i < strategies->functions; i++)
        free(strategies->reasons[i]);
    free(strategies->reasons);
    free(strategies->strikes);
    failures_destroy(&strategies->failures);
    memo_destroy(&strategies->memo);
    buffer_destroy(&strategies->subject);
    buffer_destroy(&strategies->result);
}

/* stack: offers, scores, reasons; fills the first with the candidates' views */
static void push_candidates(lua_State *L, struct strategies *strategies, const struct hooks_call *call)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->offers.views);
    int views = lua_gettop(L);
    for (uint32_t i = 0; i < call->count; i++) {
        offer_views_push(L, &strategies->offers, views, call->offers[i]);
        lua_rawseti(L, views - 3, (lua_Integer)i + 1);
    }
    lua_pop(L, 1);
}

struct place {
    const char *file; /* of the site */
    int line;
};

/* Where the strategy's function `score` begins, which may be in shared.lua; of one that is none of a file's,
 * where the strategy does. */
static struct place place_of_score(lua_State *L, const struct strategies *strategies, uint32_t number)
{
    const struct strategy *strategy = &strategies->snapshot->strategies[number];
    lua_Debug at = {.linedefined = 0};
    const char *name;
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->drivers);
    lua_rawgeti(L, -1, (lua_Integer)number + 1);
    for (int i = 1; at.linedefined == 0 && (name = lua_getupvalue(L, -1, i)) != NULL; i++)
        if (strcmp(name, "score") == 0 && lua_isfunction(L, -1))
            lua_getinfo(L, ">S", &at);
        else
            lua_pop(L, 1);
    lua_pop(L, 2);
    if (at.linedefined > 0 && at.source[0] == '@')
        return (struct place){at.source + 1, at.linedefined};
    return (struct place){strategy->file.bytes, (int)strategy->line};
}

static int bad_score(lua_State *L, const struct strategies *strategies, const struct hooks_call *call,
                     uint32_t i)
{
    struct text offer = strategies->snapshot->offers[call->offers[i]].id;
    struct place place = place_of_score(L, strategies, call->strategy);
    bool number = lua_type(L, -1) == LUA_TNUMBER;
    const char *got = number             ? lua_tostring(L, -1)
                      : lua_isnil(L, -1) ? "nothing: is a `return` missing?"
                                         : library_type_name(L, -1);
    failure_withhold(L, 0, "%s:%d: score of offer '%s': expected a number, 0 or more, got %s", place.file,
                     place.line, offer.bytes, number ? "another number" : got);
    return luaL_error(L, "%s:%d: score of offer '%s': expected a number, 0 or more, got %s", place.file,
                      place.line, offer.bytes, got);
}

/* Reads the scores at index `list`. */
static void take_scores(lua_State *L, struct strategies *strategies, int list)
{
    struct hooks_call *call = strategies->call;
    for (uint32_t i = 0; i < strategies->looked_at; i++) {
        int type = lua_rawgeti(L, list, (lua_Integer)i + 1);
        double score = type == LUA_TNUMBER ? lua_tonumber(L, -1) : -1.0;
        if ((type != LUA_TNUMBER && !(type == LUA_TBOOLEAN && !lua_toboolean(L, -1))) ||
            (type == LUA_TNUMBER && !(score >= 0.0 && score <= 1e300)))
            bad_score(L, strategies, call, i);
        call->scores[i] = score;
        lua_pop(L, 1);
    }
    for (uint32_t i = strategies->looked_at; i < call->count; i++)
        call->scores[i] = NAN;
}

/* Asks one strategy about all candidates. stack: struct strategies as light userdata */
static int l_strategies_evaluate(lua_State *L)
{
    struct strategies *strategies = lua_touserdata(L, 1);
    struct hooks_call *call = strategies->call;
    for (int i = 0; i < 3; i++)
        lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->arguments[i]);
    push_candidates(L, strategies, call);
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->drivers);
    lua_rawgeti(L, -1, (lua_Integer)call->strategy + 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->customer.view);
    lua_pushvalue(L, 2 + LIST_OFFERS);
    lua_pushinteger(L, call->count);
    lua_pushinteger(L, call->wanted);
    lua_pushvalue(L, 2 + LIST_SCORES);
    lua_pushvalue(L, 2 + LIST_REASONS);
    lua_call(L, 6, 2);
    call->applies = lua_toboolean(L, -2);
    strategies->looked_at = (uint32_t)lua_tointeger(L, -1);
    if (call->applies)
        take_scores(L, strategies, 2 + LIST_SCORES);
    return 0;
}

/*
 * What was given for a candidate in the list on the top of the stack, which keeps it. No bytes where it is
 * nothing that a person could read.
 */
static struct text given_reason(lua_State *L, uint32_t candidate)
{
    struct text reason = {NULL, 0};
    if (lua_rawgeti(L, -1, (lua_Integer)candidate + 1) == LUA_TSTRING)
        reason.bytes = lua_tolstring(L, -1, &reason.length);
    lua_pop(L, 1);
    bool readable = reason.length > 0 && reason.length <= STRATEGIES_REASON && text_is_utf8(reason);
    return readable ? reason : (struct text){NULL, 0};
}

/* ---- What is remembered of a call: whether it applies, how many were looked at, scores, and of the reasons
 * where each one ends, then their bytes. ---- */

struct remembered {
    uint32_t applies, looked_at;
};

/* Memory may run out: what is not whole is not handed on. */
static struct text whole(const struct buffer *buffer)
{
    return buffer->failed ? (struct text){NULL, 0} : (struct text){buffer->bytes, buffer->length};
}

static struct text write_result(lua_State *L, struct strategies *strategies, const struct hooks_call *call)
{
    struct remembered head = {call->applies, strategies->looked_at};
    struct buffer *out = &strategies->result;
    buffer_clear(out, BUFFER_KEPT);
    buffer_append(out, &head, sizeof head);
    if (!call->applies)
        return whole(out);
    buffer_append(out, call->scores, call->count * sizeof *call->scores);
    size_t ends = out->length, texts = ends + strategies->looked_at * sizeof(uint32_t);
    buffer_extend(out, texts - ends);
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->arguments[LIST_REASONS]);
    for (uint32_t i = 0; i < strategies->looked_at && !out->failed; i++) {
        struct text reason = given_reason(L, i);
        buffer_append(out, reason.bytes, reason.length);
        uint32_t end = (uint32_t)(out->length - texts);
        memcpy(out->bytes + ends + i * sizeof end, &end, sizeof end);
    }
    lua_pop(L, 1);
    return whole(out);
}

static void read_result(struct strategies *strategies, struct hooks_call *call, struct text result)
{
    struct remembered head;
    memcpy(&head, result.bytes, sizeof head);
    size_t scores = (head.applies ? call->count : 0) * sizeof *call->scores;
    memcpy(call->scores, result.bytes + sizeof head, scores);
    call->applies = head.applies;
    strategies->looked_at = head.applies ? head.looked_at : 0;
    strategies->remembered =
        (struct text){result.bytes + sizeof head + scores, result.length - sizeof head - scores};
}

static struct text remembered_reason(const struct strategies *strategies, uint32_t candidate)
{
    const char *ends = strategies->remembered.bytes, *texts = ends + strategies->looked_at * sizeof(uint32_t);
    uint32_t begin = 0, end;
    if (candidate > 0)
        memcpy(&begin, ends + (candidate - 1) * sizeof begin, sizeof begin);
    memcpy(&end, ends + candidate * sizeof end, sizeof end);
    return (struct text){begin == end ? NULL : texts + begin, end - begin};
}

/* What the call is about: how many are wanted, and the candidates. No bytes where memory is out. */
static struct text subject_of(struct strategies *strategies, const struct hooks_call *call)
{
    struct buffer *subject = &strategies->subject;
    buffer_clear(subject, BUFFER_KEPT);
    buffer_append(subject, &call->wanted, sizeof call->wanted);
    buffer_append(subject, call->offers, call->count * sizeof *call->offers);
    return whole(subject);
}

/* ---- Calling ---- */

static void begin_request(struct strategies *strategies)
{
    strategies->request++;
    strategies->spent_ms = 0;
    strategies->outcome = SANDBOX_DONE;
}

void strategies_begin(struct strategies *strategies, const struct situation *situation)
{
    customer_view_turn_to(&strategies->customer, situation);
    if (!situation->retaken)
        begin_request(strategies);
    else if (strategies->outcome != SANDBOX_OVERRAN)
        strategies->outcome = SANDBOX_DONE;
    strategies->failures.count = 0;
    strategies->entered = false;
    strategies->trail = (struct script_trail){.steady = true};
}

/* Allocates nothing: the list has that many places. */
static void empty_list(struct strategies *strategies, int list)
{
    lua_State *L = strategies->sandbox->state;
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->arguments[list]);
    for (uint32_t i = 1; i <= strategies->filled; i++) {
        lua_pushnil(L);
        lua_rawseti(L, -2, i);
    }
    lua_pop(L, 1);
}

/*
 * Functions may hand over whatever they like in place of scores and reasons, and what later calls do not
 * overwrite would stay for ever. To empty the lists behind each decision would cost a tenth of it, so they
 * are emptied when the decisions since the last time made enough for it to matter.
 */
static void let_go(struct strategies *strategies)
{
    strategies->made += strategies->sandbox->spent_memory;
    if (strategies->made < MADE_MOST)
        return;
    empty_list(strategies, LIST_SCORES);
    empty_list(strategies, LIST_REASONS);
    strategies->filled = 0;
    strategies->made = 0;
}

void strategies_end(struct strategies *strategies)
{
    if (!strategies->entered)
        return;
    sandbox_leave(strategies->sandbox->state);
    if (strategies->customer.situation->retaken)
        strategies->spent_ms += strategies->sandbox->spent_ms;
    let_go(strategies);
}

/*
 * The seed of one function's chance: its own, so that what the functions before it drew, or whether they ran
 * at all, changes nothing.
 */
static uint64_t seed_of(const struct situation *situation, uint32_t function)
{
    struct random_state functions = {function};
    struct random_state seeds = {situation->seed ^ random_next(&functions)};
    return random_next(&seeds);
}

/* Runs a function of this file, with the situation's clock and chance, and notes what scripts read. */
static enum sandbox_outcome run(struct strategies *strategies, lua_CFunction function, uint32_t number,
                                struct error *error)
{
    lua_State *L = strategies->sandbox->state;
    const struct situation *situation = strategies->customer.situation;
    uint64_t seed = seed_of(situation, number);
    if (!strategies->entered) {
        sandbox_begin(L, &strategies->limits, situation_seconds(situation), seed);
        deadline_shorten(strategies->sandbox->deadline, strategies->spent_ms);
    }
    strategies->entered = true;
    strategies->sandbox->random.value = seed;
    strategies->sandbox->used_chance = false;
    customer_view_forget(L, &strategies->customer);
    enum sandbox_outcome outcome = sandbox_protect(L, function, strategies, error);
    strategies->trail.steady &= outcome == SANDBOX_DONE && !strategies->sandbox->used_chance;
    return outcome;
}

/* Every message has a place, and says what to do. */
static void finish_message(const struct snapshot *snapshot, uint32_t function, struct error *error)
{
    uint32_t persona = function - snapshot->strategy_count;
    if (function < snapshot->strategy_count)
        failure_place(error, snapshot->strategies[function].file.bytes, snapshot->strategies[function].line);
    else
        failure_place(error, snapshot->personas[persona].file.bytes, snapshot->personas[persona].line);
    failure_explain(error);
}

/* Whether the decision being taken counts for or against functions. */
static bool is_counted(const struct strategies *strategies)
{
    const struct situation *situation = strategies->customer.situation;
    return situation->purpose == SITUATION_SERVED && !situation->retaken;
}

/* Whether the function is set aside for it. Where the machine is out of memory it is not its fault. */
static bool add_strike(const struct strategies *strategies, struct strikes *strikes,
                       enum sandbox_outcome outcome)
{
    bool overran = outcome == SANDBOX_OVERRAN || outcome == SANDBOX_EXHAUSTED;
    if (is_counted(strategies))
        return outcome != SANDBOX_STARVED && strikes_add_failure(strikes, overran);
    switch (strategies->customer.situation->purpose) {
    case SITUATION_SERVED:
    case SITUATION_DRY_RUN:
        strikes->times++;
        return false;
    case SITUATION_AGAIN:
        return false;
    }
    return false;
}

/* Notes the failure of a strategy's function, or of a persona's, whose numbers come behind; of each function
 * once in a request. Whether the function is set aside now. */
static bool fail(struct strategies *strategies, uint32_t function, struct text name,
                 enum sandbox_outcome outcome, const struct error *error)
{
    struct strikes *strikes = &strategies->strikes[function];
    strategies->outcome = outcome;
    if (strikes->failed == strategies->request)
        return false;
    strikes->failed = strategies->request;
    struct failures_entry *failure = failures_add(&strategies->failures);
    *failure = (struct failures_entry){
        .name = name, .error = *error, .in_public = failure_in_public(&strategies->sandbox->withheld, error)};
    finish_message(strategies->snapshot, function, &failure->error);
    finish_message(strategies->snapshot, function, &failure->in_public);
    failure->set_aside = add_strike(strategies, strikes, outcome);
    failure->times = strikes->times;
    if (failure->set_aside && strategies->reasons[function] == NULL)
        strategies->reasons[function] = strdup(failure->in_public.message); /* or not, where memory is out */
    return failure->set_aside;
}

/* Whether a search that comes to the persona asks it. */
static bool asks_persona(const struct strategies *strategies, uint32_t persona)
{
    const struct snapshot *snapshot = strategies->snapshot;
    return snapshot->personas[persona].matches &&
           !strategies->strikes[snapshot->strategy_count + persona].set_aside;
}

/* An answer in the decision being taken. */
static void add_credit(struct strategies *strategies, uint32_t function)
{
    if (is_counted(strategies))
        strikes_add_answer(&strategies->strikes[function]);
}

/* Of a search that has come to so many. */
static void add_persona_answers(struct strategies *strategies, uint32_t personas)
{
    for (uint32_t i = 0; i < personas; i++)
        if (asks_persona(strategies, i))
            strikes_add_answer(&strategies->strikes[strategies->snapshot->strategy_count + i]);
}

static void add_answer(struct strategies *strategies, uint32_t strategy)
{
    struct script_trail *trail = &strategies->trail;
    add_credit(strategies, strategy);
    if (trail->count < SCRIPT_TRAIL_MOST)
        trail->strategies[trail->count++] = strategy;
    else
        trail->steady = false;
}

void strategies_add_answers(struct strategies *strategies, const struct script_trail *trail)
{
    for (uint32_t i = 0; i < trail->count; i++)
        strikes_add_answer(&strategies->strikes[trail->strategies[i]]);
    add_persona_answers(strategies, trail->personas);
}

static enum hooks_result evaluate(struct strategies *strategies, struct hooks_call *call)
{
    strategies->call = call;
    strategies->remembered = (struct text){NULL, 0};
    if (strategies->filled < call->count)
        strategies->filled = call->count;
    struct error error;
    enum sandbox_outcome outcome = run(strategies, l_strategies_evaluate, call->strategy, &error);
    if (outcome == SANDBOX_DONE) {
        add_answer(strategies, call->strategy);
        return HOOKS_DONE;
    }
    strategies->set_aside += fail(strategies, call->strategy,
                                  strategies->snapshot->strategies[call->strategy].name, outcome, &error);
    return outcome == SANDBOX_OVERRAN ? HOOKS_DEADLINE : HOOKS_FAILED;
}

enum hooks_result strategies_evaluate(void *context, struct hooks_call *call)
{
    struct strategies *strategies = context;
    /* A persona's function has used up what the decision had, or what all decisions of this request had: that
     * is no fault of the strategy. */
    if (strategies->outcome == SANDBOX_OVERRAN)
        return HOOKS_DEADLINE;
    if (strategies->outcome == SANDBOX_EXHAUSTED || strategies->outcome == SANDBOX_STARVED ||
        strategies->strikes[call->strategy].set_aside)
        return HOOKS_FAILED;
    struct text subject = {NULL, 0};
    if (memo_is_kept(&strategies->memo))
        subject = subject_of(strategies, call);
    if (subject.bytes == NULL)
        return evaluate(strategies, call);
    struct text known = memo_find(&strategies->memo, call->strategy, subject, &strategies->customer);
    if (known.bytes != NULL) {
        read_result(strategies, call, known);
        add_answer(strategies, call->strategy);
        return HOOKS_DONE;
    }
    enum hooks_result result = evaluate(strategies, call);
    if (result == HOOKS_DONE && !strategies->sandbox->used_chance)
        memo_store(&strategies->memo, call->strategy, subject, &strategies->customer,
                   write_result(strategies->sandbox->state, strategies, call));
    return result;
}

/* The text stays where it is until the next call. */
struct text strategies_reason(void *context, uint32_t candidate)
{
    struct strategies *strategies = context;
    lua_State *L = strategies->sandbox->state;
    if (candidate >= strategies->looked_at)
        return (struct text){NULL, 0};
    if (strategies->remembered.bytes != NULL)
        return remembered_reason(strategies, candidate);
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->arguments[LIST_REASONS]);
    struct text reason = given_reason(L, candidate);
    lua_pop(L, 1);
    return reason;
}

/* stack: struct strategies as light userdata */
static int l_strategies_match(lua_State *L)
{
    struct strategies *strategies = lua_touserdata(L, 1);
    const struct snapshot *snapshot = strategies->snapshot;
    lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->matches);
    for (uint32_t i = strategies->matched; i < snapshot->persona_count; i++) {
        strategies->matched = i;
        if (!asks_persona(strategies, i))
            continue;
        strategies->sandbox->random.value =
            seed_of(strategies->customer.situation, snapshot->strategy_count + i);
        lua_rawgeti(L, 2, (lua_Integer)i + 1);
        lua_rawgeti(L, LUA_REGISTRYINDEX, strategies->customer.view);
        lua_call(L, 1, 1);
        add_credit(strategies, snapshot->strategy_count + i);
        if (lua_toboolean(L, -1))
            return 0;
        lua_pop(L, 1);
    }
    strategies->matched = SNAPSHOT_NONE;
    return 0;
}

/* A function that fails is passed over; after a deadline nobody is asked any more. */
static uint32_t search_persona(struct strategies *strategies)
{
    const struct snapshot *snapshot = strategies->snapshot;
    if (strategies->outcome == SANDBOX_OVERRAN)
        return SNAPSHOT_NONE;
    strategies->matched = 0;
    while (strategies->matched < snapshot->persona_count) {
        struct error error;
        enum sandbox_outcome outcome = run(strategies, l_strategies_match, snapshot->strategy_count, &error);
        if (outcome == SANDBOX_DONE)
            return strategies->matched;
        strategies->passed_over += fail(strategies, snapshot->strategy_count + strategies->matched,
                                        snapshot->personas[strategies->matched].name, outcome, &error);
        strategies->matched++;
        if (outcome != SANDBOX_FAILED)
            break;
    }
    return SNAPSHOT_NONE;
}

/* How many a search that found this persona, or none, has come to. */
static uint32_t searched_until(const struct strategies *strategies, uint32_t persona)
{
    return persona == SNAPSHOT_NONE ? strategies->snapshot->persona_count : persona + 1;
}

/* What is remembered holds for as long as the same functions are asked; it counts as their answers. */
uint32_t strategies_match(struct strategies *strategies)
{
    uint32_t function = strategies->snapshot->strategy_count, asked = strategies->passed_over, persona;
    struct text subject = {(const char *)&asked, sizeof asked};
    struct text known = memo_find(&strategies->memo, function, subject, &strategies->customer);
    if (known.bytes != NULL) {
        memcpy(&persona, known.bytes, sizeof persona);
        if (is_counted(strategies))
            add_persona_answers(strategies, searched_until(strategies, persona));
    } else {
        persona = search_persona(strategies);
        if (strategies->outcome == SANDBOX_DONE && !strategies->sandbox->used_chance)
            memo_store(&strategies->memo, function, subject, &strategies->customer,
                       (struct text){(const char *)&persona, sizeof persona});
    }
    strategies->trail.personas = searched_until(strategies, persona);
    return persona;
}
