/* customer_view: what scripts see of a customer, what they cannot do to it, and that nobody sees another's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmocka_all.h"
#include "../decide/site_builder.h"
#include "script/customer_view.h"
#include "script/memory.h"
#include "script/view.h"
#include "served_builder.h"

/* A site whose one strategy gives an expression of c and o as its reason. */
static void serve_expression(struct served *served, const char *expression)
{
    char source[2048];
    assert_true(snprintf(source, sizeof source,
                         "strategy 's' { score = function(c, o) return 1, tostring(%s) end }",
                         expression) < (int)sizeof source);
    served_begin_strategy(served, source);
}

/* Somebody about whom everything is known. */
static void fill_situation(struct served *served)
{
    struct situation *situation = &served->situation;
    situation->customer = TEXT("c-1");
    situation->touchpoint = TEXT("site");
    situation->persona = 1;
    situation->context =
        served_map(served, "{ visits = 3, device = 'mobile', cart = { 5, 'x', { deep = { 7 } } },"
                           " interests = { 'red', 'unheard of' }, no = false, shop = { id = 9 } }");
    situation->traits = served_map(served, "{ role = 'it', size = 2.5, interests = 'blue' }");
    situation->consents = served_map(served, "{ marketing = true, profiling = false }");
}

/* For the offer `a`, which ranks first. */
static void assert_sees(const char *expression, const char *expected)
{
    struct served served;
    serve_expression(&served, expression);
    fill_situation(&served);
    served_decide(&served);
    assert_string_equal(served_failure(&served), "");
    if (strcmp(served_reason(&served), expected) != 0)
        fail_msg("%s: %s", expression, served_reason(&served));
    served_end(&served);
}

/* As assert_sees, of somebody about whom nothing is known. */
static void assert_sees_of_nobody(const char *expression, const char *expected)
{
    struct served served;
    serve_expression(&served, expression);
    served_decide(&served);
    assert_string_equal(served_failure(&served), "");
    if (strcmp(served_reason(&served), expected) != 0)
        fail_msg("%s: %s", expression, served_reason(&served));
    served_end(&served);
}

static void assert_error(const char *expression, const char *expected)
{
    struct served served;
    char line[600];
    serve_expression(&served, expression);
    fill_situation(&served);
    assert_int_equal(served_decide(&served)->fallback, DECISION_FALLBACK_STRATEGY_ERROR);
    snprintf(line, sizeof line, "s: strategies/s.lua:1: %s", expected);
    assert_string_equal(served_failure(&served), line);
    served_end(&served);
}

static void test_customer_view_has_every_field(void **state)
{
    (void)state;
    assert_sees("c.id", "c-1");
    assert_sees("c.stage", "first");
    assert_sees("c.persona", "dreamer");
    assert_sees("c.locale", "en");
    assert_sees("c.journey", "road");
    assert_sees("c.touchpoint", "site");
    assert_sees("c.context.visits", "3");
    assert_sees("c.traits.size", "2.5");
    assert_sees("c.consents.marketing", "true");
    assert_sees("c.consents.profiling", "false");
    assert_sees("c.context.no", "false");
    assert_sees("type(c) .. type(c.context) .. type(c.traits) .. type(c.consents)", "tabletabletabletable");
}

static void test_customer_view_follows_the_situation(void **state)
{
    (void)state;
    struct served served;
    serve_expression(&served, "c.stage .. ' ' .. c.journey .. ' ' .. c.locale .. ' ' .. c.persona");
    const struct snapshot *snapshot = engine_snapshot(served.engine);
    served.situation.stage = snapshot->stage_count - 1;
    served.situation.journey = snapshot->stages[served.situation.stage].journey;
    served.situation.locale = 1;
    served.situation.persona = 0;
    char expected[200];
    snprintf(expected, sizeof expected, "%s %s es buyer", snapshot->stages[served.situation.stage].name.bytes,
             snapshot->journeys[served.situation.journey].name.bytes);
    served_decide(&served);
    assert_string_equal(served_reason(&served), expected);
    served_end(&served);
}

static void test_customer_view_knows_nothing_of_a_stranger(void **state)
{
    (void)state;
    assert_sees_of_nobody("c.id", "nil");
    assert_sees_of_nobody("c.persona", "nil");
    assert_sees_of_nobody("c.touchpoint", "nil");
    assert_sees_of_nobody("c.context.visits", "nil");
    assert_sees_of_nobody("c.traits.role", "nil");
    assert_sees_of_nobody("c.consents.marketing", "nil");
    assert_sees_of_nobody("c:consents_to('marketing')", "false");
    assert_sees_of_nobody("c:interested_in(o)", "false");
    assert_sees_of_nobody("#c.context", "0");
    assert_sees_of_nobody("(function() for k in pairs(c.traits) do return k end return 'none' end)()",
                          "none");
}

static void test_customer_view_tells_the_empty_text_from_none(void **state)
{
    (void)state;
    struct served served;
    serve_expression(&served, "'[' .. (c.id or 'nil') .. '|' .. (c.touchpoint or 'nil') .. ']'");
    served.situation.customer = TEXT("");
    served_decide(&served);
    assert_string_equal(served_reason(&served), "[|nil]");
    served_end(&served);
}

static void test_customer_view_answers_slips(void **state)
{
    (void)state;
    assert_error("c.contxt", "a customer has no 'contxt'; did you mean 'context'?");
    assert_error("c.stages", "a customer has no 'stages'; did you mean 'stage'?");
    assert_error("c:intrested_in(o)", "a customer has no 'intrested_in'; did you mean 'interested_in'?");
    assert_error(
        "c.colour",
        "a customer has no 'colour'; what the website tells is in c.context, what is known in c.traits");
    assert_error("c[1]", "a customer's fields have names, not a number");
    assert_error("c[c]", "a customer's fields have names, not a table");
    assert_error("c.context.visits.today", "attempt to index a number value (field 'visits')");
    assert_error("c.context.absent.field", "attempt to index a nil value (field 'absent'); what was not told "
                                           "is nil and has no fields: first see whether it is there");
}

static void test_customer_view_answers_misused_methods(void **state)
{
    (void)state;
    static const char offer[] = "expected an offer, as in c:interested_in(o)";
    static const char consent[] = "expected the name of a consent, as in c:consents_to(\"marketing\")";
    assert_error("c:interested_in()", offer);
    assert_error("c:interested_in('a')", offer);
    assert_error("c.interested_in(o)", offer);
    assert_error("c:interested_in(c)", offer);
    assert_error("c:interested_in(o.data)", offer);
    assert_error("c:interested_in({})", offer);
    assert_error("c:consents_to()", consent);
    assert_error("c:consents_to(nil)", consent);
    assert_error("c:consents_to(1)", consent);
    assert_error("c:consents_to(o)", consent);
    assert_error("c.consents_to('marketing')", consent);
}

static void test_customer_view_cannot_be_changed(void **state)
{
    (void)state;
    assert_error("(function() c.id = 'x' end)()", "can't change 'id': this table is read-only");
    assert_error("(function() c.context = {} end)()", "can't change 'context': this table is read-only");
    assert_error("(function() c.context.visits = 9 end)()", "can't change 'visits': this table is read-only");
    assert_error("(function() c.traits.new = 9 end)()", "can't change 'new': this table is read-only");
    assert_error("(function() c.consents.marketing = true end)()",
                 "can't change 'marketing': this table is read-only");
    assert_error("(function() c.context.cart[1] = 9 end)()", "can't change this table: it is read-only");
    assert_error("(function() c.context.cart[3].deep = 9 end)()",
                 "can't change 'deep': this table is read-only");
    assert_error("table.insert(c.context.cart, 1)", "bad argument #1 to 'insert' (this table is read-only)");
}

static void test_customer_view_reads_lists_and_maps_inside(void **state)
{
    (void)state;
    assert_sees("type(c.context.cart)", "table");
    assert_sees("#c.context.cart", "3");
    assert_sees("c.context.cart[2]", "x");
    assert_sees("c.context.cart[3].deep[1]", "7");
    assert_sees("c.context.shop.id", "9");
    assert_sees("c.context.shop.absent", "nil");
    assert_sees("table.concat(c.context.interests, '+')", "red+unheard of");
    assert_sees("c.context.cart == c.context.cart", "true");
    assert_sees("c.context[1]", "nil");
}

/* Entries in the order of their keys, whatever was read before. */
static const char walk[] =
    "(function() local first, out = c.context.visits, ''\n"
    " for k, v in pairs(c.context) do out = out .. k .. '=' .. tostring(v) .. ' ' end\n"
    " return out end)()";

static void test_customer_view_is_walked_over(void **state)
{
    (void)state;
    assert_sees(
        "(function() local out = '' for k in pairs(c.context) do out = out .. k .. ' ' end return out end)()",
        "cart device interests no shop visits ");
    assert_sees(
        "(function() local out = '' for i, v in ipairs(c.context.interests) do out = out .. i .. v end"
        " return out end)()",
        "1red2unheard of");
    assert_sees("(function() for i in ipairs(c.context) do return i end return 'none' end)()", "none");
    assert_sees("select('#', table.unpack(c.context))", "0");
    assert_sees("#c.context", "0"); /* entries with names do not count */
    assert_sees("(function() for k, v in pairs(c.context) do if k == 'cart' then v[1] = 2 end end end)",
                "function");
}

/* Those that are not known are not there; methods are. */
static void test_customer_view_is_walked_over_itself(void **state)
{
    (void)state;
    static const char names[] =
        "(function() local out = '' for k in pairs(c) do out = out .. k .. ' ' end return out end)()";
    assert_sees(
        names,
        "consents consents_to context days_in_stage did id interested_in journey locale persona seen since "
        "stage touchpoint traits ");
    assert_sees_of_nobody(names, "consents consents_to context days_in_stage did interested_in journey "
                                 "locale seen since stage traits ");
}

static void test_customer_view_takes_the_last_of_two_entries(void **state)
{
    (void)state;
    struct served served;
    msgpack_object_kv pairs[2];
    msgpack_object map = {.type = MSGPACK_OBJECT_MAP, .via.map = {2, pairs}};
    serve_expression(&served,
                     "(function() for k, v in pairs(c.traits) do return k .. v .. c.traits[k] end end)()");
    for (int i = 0; i < 2; i++) {
        pairs[i].key = served_map(&served, "{ k = 0 }")->via.map.ptr[0].key;
        pairs[i].val = (msgpack_object){.type = MSGPACK_OBJECT_POSITIVE_INTEGER, .via.u64 = (uint64_t)i + 1};
    }
    served.situation.traits = &map;
    served_decide(&served);
    assert_string_equal(served_reason(&served), "k22");
    served_end(&served);
}

static void test_customer_view_knows_interests(void **state)
{
    (void)state;
    struct served served;
    serve_expression(&served, "c:interested_in(o)");
    static const struct {
        const char *context, *traits, *expected;
    } cases[] = {
        {"{ interests = { 'round' } }", "{}", "true"},           /* a tag */
        {"{ interests = 'red' }", "{}", "true"},                 /* one text alone */
        {"{}", "{ interests = { 'hard to compare' } }", "true"}, /* a friction that it answers */
        {"{ interests = { 'blue' } }", "{ interests = 'red' }", "true"},
        {"{ interests = { 'blue', 5, false } }", "{}", "false"},
        {"{ interests = { 're', 'redd', '' } }", "{}", "false"},
        {"{ interests = { red = 'red' } }", "{}", "false"},
        {"{ interests = {} }", "{ interests = 5 }", "false"},
        {"{ interest = 'red' }", "{}", "false"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        served.situation.context = served_map(&served, cases[i].context);
        served.situation.traits = served_map(&served, cases[i].traits);
        served_decide(&served);
        if (strcmp(served_reason(&served), cases[i].expected) != 0)
            fail_msg("%s %s", cases[i].context, cases[i].traits);
    }
    served_end(&served);
}

static void test_customer_view_knows_consents(void **state)
{
    (void)state;
    assert_sees("c:consents_to('marketing')", "true");
    assert_sees("c:consents_to('profiling')", "false");
    assert_sees("c:consents_to('unheard of')", "false");
    assert_sees("c:consents_to('')", "false");
}

/* ---- One customer after the other ---- */

/* Everything that can be told of a customer, by whichever way there is. */
static const char all[] =
    "tostring(c.id) .. tostring(c.touchpoint) .. tostring(c.persona) .. tostring(c.context.visits)"
    " .. tostring(c.traits.role) .. tostring(c.consents.marketing)";

static void test_customer_view_forgets_the_last_customer(void **state)
{
    (void)state;
    static const char *const ways[] = {all, walk};
    static const char *const nobody[] = {"nilnilnilnilnilnil", "(none)"};
    for (int way = 0; way < 2; way++) {
        struct served served;
        serve_expression(&served, ways[way]);
        struct situation stranger = served.situation;
        fill_situation(&served);
        served_decide(&served);
        assert_non_null(strstr(served_reason(&served), way == 0 ? "c-1sitedreamer3ittrue" : "visits=3"));
        served.situation = stranger;
        served_decide(&served);
        assert_string_equal(served_failure(&served), "");
        assert_string_equal(served_reason(&served), nobody[way]);
        served_end(&served);
    }
}

/* Some entries of the next customer have the same names, others are missing. */
static void test_customer_view_mixes_no_two_customers(void **state)
{
    (void)state;
    struct served served;
    serve_expression(&served, walk);
    served.situation.context = served_map(&served, "{ visits = 1, secret = 'x', cart = { 1 } }");
    served_decide(&served);
    assert_string_equal(served_reason(&served), "cart=table secret=x visits=1 ");
    served.situation.context = served_map(&served, "{ visits = 2, device = 'tv' }");
    served_decide(&served);
    assert_string_equal(served_reason(&served), "device=tv visits=2 ");
    served_end(&served);
}

/* The one who failed read something first; so did the one whose time ran out. */
static void test_customer_view_forgets_after_failures(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(
        &served, "strategy 's' { score = function(c, o)\n"
                 " local id, visits = c.id, c.context.visits\n"
                 " for k in pairs(c.traits) do visits = k end\n"
                 " if c.context.fail then error('failed') end\n"
                 " return 1, tostring(c.id) .. tostring(c.context.visits) .. tostring(c.traits.role)\n"
                 "end }");
    struct situation stranger = served.situation;
    fill_situation(&served);
    served.situation.context = served_map(&served, "{ visits = 3, fail = true }");
    served_decide(&served);
    assert_string_equal(served_failure(&served), "s: strategies/s.lua:4: failed");
    served.situation = stranger;
    served_decide(&served);
    assert_string_equal(served_reason(&served), "nilnilnil");
    served_end(&served);
}

/* What was kept of one strategy's reading is the next one's too, in the same decision. */
static void test_customer_view_serves_two_strategies_in_a_decision(void **state)
{
    (void)state;
    struct served served;
    served_begin_strategy(&served,
                          "strategy 'one' { score = function(c, o) if o.id ~= 'b' then return false end\n"
                          "  return 1, c.id .. c.context.visits end,\n"
                          "  eligible = function(c, o) return o.id == 'b' end }\n"
                          "strategy 'two' { score = function(c, o) return 1, c.id .. c.context.visits end }");
    fill_situation(&served);
    const struct decision *decision = served_decide(&served);
    assert_string_equal(served_items(&served), "b a");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(decision->items[i].strategy, i);
        assert_int_equal(decision->items[i].because.length, 4);
        assert_memory_equal(decision->items[i].because.bytes, "c-13", 4);
    }
    served_end(&served);
}

/* Who serves many cannot wait for memory between two of them, outside of any script. */
static void test_customer_view_forgets_without_memory(void **state)
{
    (void)state;
    struct memory memory;
    struct customer_view customer;
    struct offer_views offers;
    struct snapshot *snapshot = site_new_small();
    struct situation situation = {.persona = SNAPSHOT_NONE, .customer = TEXT("c-1")};
    memory_create(&memory);
    lua_State *L = lua_newstate(memory_allocate, &memory);
    assert_non_null(L);
    offer_views_create(L, &offers, snapshot);
    customer_view_create(L, &customer, snapshot);
    customer_view_turn_to(&customer, &situation);
    lua_rawgeti(L, LUA_REGISTRYINDEX, customer.view);
    assert_int_equal(lua_getfield(L, -1, "id"), LUA_TSTRING);
    lua_settop(L, 0);
    lua_gc(L, LUA_GCCOLLECT);
    size_t before = memory.used;
    memory.peak = before;
    customer_view_forget(L, &customer);
    assert_int_equal(memory.peak, before);
    lua_close(L);
    snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_customer_view_has_every_field),
        cmocka_unit_test(test_customer_view_follows_the_situation),
        cmocka_unit_test(test_customer_view_knows_nothing_of_a_stranger),
        cmocka_unit_test(test_customer_view_tells_the_empty_text_from_none),
        cmocka_unit_test(test_customer_view_answers_slips),
        cmocka_unit_test(test_customer_view_answers_misused_methods),
        cmocka_unit_test(test_customer_view_cannot_be_changed),
        cmocka_unit_test(test_customer_view_reads_lists_and_maps_inside),
        cmocka_unit_test(test_customer_view_is_walked_over),
        cmocka_unit_test(test_customer_view_is_walked_over_itself),
        cmocka_unit_test(test_customer_view_takes_the_last_of_two_entries),
        cmocka_unit_test(test_customer_view_knows_interests),
        cmocka_unit_test(test_customer_view_knows_consents),
        cmocka_unit_test(test_customer_view_forgets_the_last_customer),
        cmocka_unit_test(test_customer_view_mixes_no_two_customers),
        cmocka_unit_test(test_customer_view_forgets_after_failures),
        cmocka_unit_test(test_customer_view_forgets_without_memory),
        cmocka_unit_test(test_customer_view_serves_two_strategies_in_a_decision),
    };
    return cmocka_run_group_tests_name("script/customer_view", tests, NULL, NULL);
}
